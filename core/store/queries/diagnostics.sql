-- Figures of a time. ``:every`` is 1 for all chats, else only posts of ``:chat_id`` count.

-- name: posts
SELECT count(*) AS posts FROM posts
WHERE created_at >= :since AND created_at < :until AND state <> 'draft'
    AND (:every = 1 OR chat_id = :chat_id);

-- name: uploads
SELECT g.*, a.name AS account FROM (
    SELECT u.platform, u.account_id, count(*) AS uploads,
        sum(CASE WHEN u.state = 'live' THEN 1 ELSE 0 END) AS live,
        sum(CASE WHEN u.state = 'failed' THEN 1 ELSE 0 END) AS failed,
        sum(CASE WHEN u.state = 'cancelled' THEN 1 ELSE 0 END) AS cancelled,
        sum(u.bytes_sent) AS bytes_sent
    FROM uploads u
    WHERE u.finished_at >= :since AND u.finished_at < :until
        AND (:every = 1 OR EXISTS (
            SELECT 1 FROM posts p WHERE p.id = u.post_id AND p.chat_id = :chat_id))
    GROUP BY u.platform, u.account_id
) g JOIN accounts a ON a.id = g.account_id;

-- name: open
SELECT
    coalesce(sum(CASE WHEN u.state = 'unknown' THEN 1 ELSE 0 END), 0) AS unknown,
    coalesce(sum(CASE WHEN u.state <> 'unknown' THEN 1 ELSE 0 END), 0) AS uploads
FROM uploads u JOIN posts p ON p.id = u.post_id
WHERE u.state NOT IN ('live', 'failed', 'cancelled') AND (:every = 1 OR p.chat_id = :chat_id);

-- name: attempts
-- A try is what ended with an answer or an error; asking how a platform gets on is none.
SELECT g.*, a.name AS account FROM (
    SELECT u.platform, u.account_id, count(*) AS attempts,
        sum(CASE WHEN t.error_kind <> '' OR t.outcome IN ('failed', 'unknown', 'crashed')
            THEN 1 ELSE 0 END) AS failed_attempts,
        sum(CASE WHEN t.outcome = 'crashed' THEN 1 ELSE 0 END) AS crashed_attempts
    FROM attempts t JOIN uploads u ON u.id = t.upload_id
    WHERE t.started_at >= :since AND t.started_at < :until
        AND (t.error_kind <> '' OR t.outcome IN ('processing', 'failed', 'unknown', 'crashed')
            OR (t.outcome = 'live' AND NOT EXISTS (
                SELECT 1 FROM attempts o
                WHERE o.upload_id = t.upload_id AND o.outcome = 'processing')))
        AND (:every = 1 OR EXISTS (
            SELECT 1 FROM posts p WHERE p.id = u.post_id AND p.chat_id = :chat_id))
    GROUP BY u.platform, u.account_id
) g JOIN accounts a ON a.id = g.account_id;

-- name: errors
SELECT g.*, a.name AS account FROM (
    SELECT u.platform, u.account_id, t.error_kind AS kind, count(*) AS n,
        max(t.id) AS last_id, max(t.finished_at) AS last_at
    FROM attempts t JOIN uploads u ON u.id = t.upload_id
    WHERE t.error_kind <> '' AND t.finished_at >= :since AND t.finished_at < :until
        AND (:every = 1 OR EXISTS (
            SELECT 1 FROM posts p WHERE p.id = u.post_id AND p.chat_id = :chat_id))
    GROUP BY u.platform, u.account_id, t.error_kind
) g JOIN accounts a ON a.id = g.account_id;

-- name: error
SELECT t.error_kind AS kind, t.finished_at AS at, t.error_text AS message, u.post_id, u.platform, a.name AS account,
    CASE WHEN u.error_kind = t.error_kind AND u.error_text = t.error_text
        THEN u.error_code ELSE '' END AS code
FROM attempts t JOIN uploads u ON u.id = t.upload_id JOIN accounts a ON a.id = u.account_id
WHERE t.id = :id;

-- name: failures
-- What failed without an attempt that says so: its source, or a crash again and again.
SELECT g.*, a.name AS account FROM (
    SELECT u.platform, u.account_id, u.error_kind AS kind, count(*) AS n,
        max(u.id) AS last_id, max(u.finished_at) AS last_at
    FROM uploads u
    WHERE u.state = 'failed' AND u.error_kind <> ''
        AND u.finished_at >= :since AND u.finished_at < :until
        AND NOT EXISTS (
            SELECT 1 FROM attempts t WHERE t.upload_id = u.id AND t.error_kind = u.error_kind)
        AND (:every = 1 OR EXISTS (
            SELECT 1 FROM posts p WHERE p.id = u.post_id AND p.chat_id = :chat_id))
    GROUP BY u.platform, u.account_id, u.error_kind
) g JOIN accounts a ON a.id = g.account_id;

-- name: failure
SELECT u.error_kind AS kind, u.finished_at AS at, u.error_text AS message, u.post_id, u.platform,
    a.name AS account, u.error_code AS code
FROM uploads u JOIN accounts a ON a.id = u.account_id WHERE u.id = :id;

-- name: measures
SELECT m.stage, m.detail, m.platform, m.account_id, coalesce(a.name, '') AS account, m.n,
    m.seconds, m.bytes, m.with_bytes
FROM (
    SELECT stage, detail, platform, account_id, count(*) AS n, sum(seconds) AS seconds,
        sum(bytes) AS bytes, sum(CASE WHEN bytes > 0 THEN 1 ELSE 0 END) AS with_bytes
    FROM measures
    WHERE at >= :since AND at < :until AND (:every = 1 OR chat_id = :chat_id)
    GROUP BY stage, detail, platform, account_id
) m LEFT JOIN accounts a ON a.id = m.account_id;

-- name: stage_rank
SELECT seconds FROM measures
WHERE stage = :stage AND at >= :since AND at < :until AND (:every = 1 OR chat_id = :chat_id)
ORDER BY seconds DESC LIMIT 1 OFFSET :skip;

-- name: platform_rank
SELECT seconds FROM measures
WHERE stage = 'total' AND detail = '' AND platform = :platform
    AND at >= :since AND at < :until AND (:every = 1 OR chat_id = :chat_id)
ORDER BY seconds DESC LIMIT 1 OFFSET :skip;

-- name: account_ranks
-- The nearest rank: the least value that 95 of 100 do not exceed.
SELECT platform, account_id, min(seconds) AS p95 FROM (
    SELECT platform, account_id, seconds,
        row_number() OVER (PARTITION BY platform, account_id ORDER BY seconds) AS place,
        count(*) OVER (PARTITION BY platform, account_id) AS n
    FROM measures
    WHERE stage = 'total' AND detail = '' AND at >= :since AND at < :until
        AND (:every = 1 OR chat_id = :chat_id)
) ranked
WHERE place * 100 >= n * 95 GROUP BY platform, account_id;

-- name: course
SELECT (CAST(u.finished_at AS BIGINT) - :origin) / :step AS place,
    sum(CASE WHEN u.state = 'live' THEN 1 ELSE 0 END) AS live,
    sum(CASE WHEN u.state = 'failed' THEN 1 ELSE 0 END) AS failed
FROM uploads u
WHERE u.finished_at >= :since AND u.finished_at < :until AND u.state IN ('live', 'failed')
    AND (:every = 1 OR EXISTS (
        SELECT 1 FROM posts p WHERE p.id = u.post_id AND p.chat_id = :chat_id))
GROUP BY 1 ORDER BY 1;

-- name: course_seconds
SELECT (CAST(at AS BIGINT) - :origin) / :step AS place, avg(seconds) AS mean
FROM measures
WHERE stage = 'total' AND at >= :since AND at < :until
    AND (:every = 1 OR chat_id = :chat_id)
GROUP BY 1;

-- name: of_post
SELECT at, upload_id, stage, detail, seconds, bytes FROM measures
WHERE post_id = :post_id ORDER BY at, id;

-- name: attempts_of_post
SELECT t.id, t.upload_id, t.error_kind, t.outcome FROM attempts t
JOIN uploads u ON u.id = t.upload_id
WHERE u.post_id = :post_id AND t.outcome <> 'running' ORDER BY t.id;

-- name: totals
SELECT count(*) AS n, coalesce(sum(seconds), 0) AS seconds FROM measures
WHERE stage = 'total' AND at >= :since AND at < :until AND (:every = 1 OR chat_id = :chat_id);

-- name: renders
-- What is shown before it is made in full is no mashup of its own.
SELECT count(*) AS renders,
    coalesce(sum(CASE WHEN state = 'ready' THEN 1 ELSE 0 END), 0) AS made,
    coalesce(sum(CASE WHEN state = 'failed' THEN 1 ELSE 0 END), 0) AS failed,
    coalesce(sum(CASE WHEN state = 'cancelled' THEN 1 ELSE 0 END), 0) AS cancelled,
    coalesce(sum(CASE WHEN state = 'ready' THEN json_extract(facts, '$.duration_seconds') END),
        0.0) AS seconds
FROM renders
WHERE finished_at >= :since AND finished_at < :until AND preview = 0
    AND (:every = 1 OR chat_id = :chat_id);

-- name: render_cause
SELECT error_key AS key, count(*) AS n, max(id) AS last_id FROM renders
WHERE finished_at >= :since AND finished_at < :until AND preview = 0 AND state = 'failed'
    AND (:every = 1 OR chat_id = :chat_id)
GROUP BY error_key ORDER BY n DESC, last_id DESC LIMIT 1;

-- name: render_stages
-- Of all attempts; the nearest rank: the least value that 95 of 100 do not exceed.
SELECT stage, count(*) AS n, sum(seconds) AS seconds,
    min(CASE WHEN place * 100 >= of * 95 THEN seconds END) AS p95
FROM (
    SELECT s.stage, s.seconds,
        row_number() OVER (PARTITION BY s.stage ORDER BY s.seconds) AS place,
        count(*) OVER (PARTITION BY s.stage) AS of
    FROM renders r JOIN render_stages s ON s.render_id = r.id
    WHERE r.finished_at >= :since AND r.finished_at < :until AND r.preview = 0
        AND (:every = 1 OR r.chat_id = :chat_id)
) ranked
GROUP BY stage;
