-- How long things took, and what became of them in a time.

-- name: add
INSERT INTO measures (at, post_id, upload_id, account_id, chat_id, platform, stage, detail,
    seconds, bytes)
SELECT :at, p.id, u.id, coalesce(u.account_id, 0), p.chat_id, coalesce(u.platform, :platform),
    :stage, :detail, :seconds, :bytes
FROM posts p LEFT JOIN uploads u ON u.id = :upload_id WHERE p.id = :post_id;

-- name: end_spell
INSERT INTO measures (at, post_id, upload_id, account_id, chat_id, platform, stage, detail,
    seconds)
SELECT :at, u.post_id, u.id, :account_id, p.chat_id, u.platform, :stage, :detail,
    :at - u.since_at
FROM uploads u JOIN posts p ON p.id = u.post_id WHERE u.id = :id AND u.since_at < :at;

-- name: begin_spell
UPDATE uploads SET since_at = :at WHERE id = :id;

-- name: go_on
UPDATE uploads SET since_at = :at WHERE id = :id AND since_at IS NULL AND state = 'waiting';

-- name: accept_again
UPDATE uploads SET accepted_at = :at WHERE id = :id;

-- name: total
INSERT INTO measures (at, post_id, upload_id, account_id, chat_id, platform, stage, seconds, bytes)
SELECT :at, t.post_id, t.id, t.account_id, t.chat_id, t.platform, 'total',
    CASE WHEN t.seconds > 0 THEN t.seconds ELSE 0 END, t.bytes
FROM (
    SELECT u.id, u.post_id, u.account_id, p.chat_id, u.platform,
        coalesce(u.size_bytes, 0) AS bytes,
        :at - u.accepted_at - coalesce((
            SELECT sum(m.seconds) FROM measures m
            WHERE m.post_id = u.post_id AND m.upload_id = u.id AND m.at >= u.accepted_at
                AND m.stage = 'wait' AND m.detail IN ('time', 'person')
        ), 0) AS seconds
    FROM uploads u JOIN posts p ON p.id = u.post_id
    WHERE u.id = :id AND u.accepted_at IS NOT NULL
) t;

-- name: forget
DELETE FROM measures WHERE id IN (
    SELECT f.id FROM (SELECT id, at FROM measures ORDER BY id LIMIT :most) f
    WHERE f.at < :before
);
