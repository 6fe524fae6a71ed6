-- Failed uploads by cause, and what people do with them.
-- A scope is (user_id, platform, account_id, cause_id, batch_id, blamed); 0 and '' leave a part of
-- it open. ``blamed`` is an account whose sign-in was the cause.

-- name: unsorted
SELECT u.*, '' AS account_name FROM uploads u
WHERE u.state = 'failed' AND u.dropped_at IS NULL AND u.cause_id IS NULL
ORDER BY u.finished_at LIMIT :limit;

-- name: cause
INSERT INTO causes (platform, account_id, kind, code, text)
VALUES (:platform, :account_id, :kind, :code, :text)
ON CONFLICT (platform, account_id, kind, code, text) DO UPDATE SET code = excluded.code
RETURNING id;

-- name: sort_in
UPDATE uploads SET cause_id = :cause_id WHERE id = :id;

-- name: groups
SELECT c.*, g.failed, g.posts, g.since, coalesce(a.name, '') AS account_name,
    coalesce(a.state, '') AS account_state, a.connected_at, g.newest_at
FROM (
    SELECT u.cause_id, count(*) AS failed, count(DISTINCT u.post_id) AS posts,
        min(u.finished_at) AS since, max(u.finished_at) AS newest_at
    FROM uploads u
    WHERE u.state = 'failed' AND u.dropped_at IS NULL AND u.cause_id IS NOT NULL
        AND (:cause_id = 0 OR u.cause_id = :cause_id)
        AND (:platform = '' OR u.platform = :platform)
        AND (:account_id = 0 OR u.account_id = :account_id)
        AND (:batch_id = 0 OR u.post_id IN
            (SELECT b.post_id FROM batch_entries b
            WHERE b.batch_id = :batch_id AND b.post_id IS NOT NULL))
        AND (:blamed = 0 OR u.cause_id IN
            (SELECT x.id FROM causes x
            WHERE x.account_id = :blamed AND x.kind IN ('auth_expired', 'auth_revoked')))
        AND (:user_id = 0 OR EXISTS
            (SELECT 1 FROM posts p WHERE p.id = u.post_id AND p.user_id = :user_id))
    GROUP BY u.cause_id
) g
JOIN causes c ON c.id = g.cause_id LEFT JOIN accounts a ON a.id = c.account_id
ORDER BY g.failed DESC, c.id;

-- name: members
SELECT u.*, a.name AS account_name, a.project FROM uploads u JOIN accounts a ON a.id = u.account_id
WHERE u.state = 'failed' AND u.dropped_at IS NULL AND u.cause_id = :cause_id
    AND (:user_id = 0 OR EXISTS
        (SELECT 1 FROM posts p WHERE p.id = u.post_id AND p.user_id = :user_id))
ORDER BY u.finished_at DESC LIMIT :limit OFFSET :offset;

-- name: begin
INSERT INTO letter_acts (kind, chat_id, user_id, at) VALUES (:kind, :chat_id, :user_id, :at)
RETURNING id;

-- name: take
INSERT INTO letter_items (act_id, upload_id)
SELECT :act_id, u.id FROM uploads u
WHERE u.state = 'failed' AND u.dropped_at IS NULL
    AND (:cause_id = 0 OR u.cause_id = :cause_id)
    AND (:platform = '' OR u.platform = :platform)
    AND (:account_id = 0 OR u.account_id = :account_id)
    AND (:batch_id = 0 OR u.post_id IN
        (SELECT b.post_id FROM batch_entries b
        WHERE b.batch_id = :batch_id AND b.post_id IS NOT NULL))
    AND (:blamed = 0 OR u.cause_id IN
        (SELECT x.id FROM causes x
        WHERE x.account_id = :blamed AND x.kind IN ('auth_expired', 'auth_revoked')))
    AND (:user_id = 0 OR EXISTS
        (SELECT 1 FROM posts p WHERE p.id = u.post_id AND p.user_id = :user_id));

-- name: act
SELECT * FROM letter_acts WHERE id = :id;

-- name: running
SELECT * FROM letter_acts WHERE state = 'running' ORDER BY id;

-- name: set_total
UPDATE letter_acts SET total = :total WHERE id = :id;

-- name: save_act
UPDATE letter_acts SET state = :state, counts = :counts WHERE id = :id;

-- name: next_generation
UPDATE letter_acts SET generation = generation + 1 WHERE id = :id RETURNING generation;

-- name: left
SELECT upload_id FROM letter_items WHERE act_id = :act_id AND done = 0
ORDER BY upload_id LIMIT :limit;

-- name: item_done
UPDATE letter_items SET done = 1 WHERE act_id = :act_id AND upload_id = :upload_id;

-- name: drop
UPDATE uploads SET dropped_at = :at
WHERE id = :id AND state = 'failed' AND dropped_at IS NULL;

-- name: undo
UPDATE uploads SET dropped_at = NULL
WHERE dropped_at = :at AND state = 'failed'
    AND id IN (SELECT i.upload_id FROM letter_items i WHERE i.act_id = :act_id);

-- name: undone
UPDATE letter_acts SET state = 'undone'
WHERE id = :id AND kind = 'drop' AND state <> 'undone';

-- name: forget_items
DELETE FROM letter_items WHERE act_id IN
    (SELECT a.id FROM letter_acts a WHERE a.at < :before AND a.state <> 'running');

-- name: forget_acts
DELETE FROM letter_acts WHERE at < :before AND state <> 'running';

-- name: accounts_back
SELECT a.id, a.platform, a.name, a.chat_id, a.owner_id FROM accounts a
WHERE a.state = 'ok' AND a.connected_at IS NOT NULL
    AND (a.offered_at IS NULL OR a.offered_at < a.connected_at)
    AND EXISTS (
        SELECT 1 FROM causes c JOIN uploads u ON u.cause_id = c.id
        WHERE c.account_id = a.id AND c.kind IN ('auth_expired', 'auth_revoked')
            AND u.state = 'failed' AND u.dropped_at IS NULL AND u.finished_at < a.connected_at
    )
ORDER BY a.id;

-- name: offered
UPDATE accounts SET offered_at = :at WHERE id = :id;
