-- What the doctor counts.

-- name: late_messages
SELECT count(*) AS n, min(o.due_at) AS oldest
FROM outbox o LEFT JOIN chats h ON h.chat_id = o.chat_id
WHERE o.sent_at IS NULL AND o.due_at <= :before
  AND coalesce(h.pause_until, 0) <= :before AND coalesce(h.gone, '') = '';

-- name: for_people
SELECT count(*) AS n, min(post_id) AS post_id FROM uploads
WHERE reason = 'person' AND state NOT IN ('live', 'failed', 'cancelled');

-- name: failed
SELECT count(*) AS n FROM uploads WHERE state = 'failed' AND finished_at >= :since;

-- Mashups that wait for more than their turn, and those that failed and were not made again.
-- name: renders
SELECT coalesce(sum(CASE WHEN state = 'pending' AND reason <> '' THEN 1 ELSE 0 END), 0) AS waiting,
    coalesce(sum(CASE WHEN state = 'failed' AND finished_at >= :since THEN 1 ELSE 0 END), 0) AS failed
FROM renders WHERE state IN ('pending', 'failed') AND preview = 0;

-- name: held
SELECT count(*) AS n FROM uploads
WHERE reason = 'account' AND state NOT IN ('live', 'failed', 'cancelled');

-- name: posts_by_state
SELECT state, count(*) AS n FROM posts GROUP BY state ORDER BY state;

-- name: uploads_by_state
SELECT platform, state, coalesce(reason, '') AS reason, count(*) AS n FROM uploads
GROUP BY platform, state, coalesce(reason, '') ORDER BY platform, state, reason;

-- name: errors
SELECT platform, error_kind, error_code, count(*) AS n FROM uploads
WHERE state = 'failed' AND finished_at >= :since
GROUP BY platform, error_kind, error_code ORDER BY n DESC, platform LIMIT 20;
