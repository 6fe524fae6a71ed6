-- What waits for a person, and how often that was said.

-- name: open
SELECT 'draft' AS kind, p.id AS ref, p.question AS detail, p.chat_id, p.user_id
FROM posts p WHERE p.state = 'draft' AND p.question <> '' AND p.chat_id <> 0
UNION ALL
SELECT 'unknown', u.id, coalesce(CAST(u.intent_at AS TEXT), ''), p.chat_id, p.user_id
FROM uploads u JOIN posts p ON p.id = u.post_id
WHERE u.reason = 'person' AND u.state NOT IN ('live', 'failed', 'cancelled')
    AND u.state = 'unknown'
UNION ALL
SELECT 'fit', u.id, '', p.chat_id, p.user_id
FROM uploads u JOIN posts p ON p.id = u.post_id
WHERE u.reason = 'person' AND u.state NOT IN ('live', 'failed', 'cancelled')
    AND u.state = 'waiting' AND u.error_code = 'fit'
UNION ALL
SELECT DISTINCT 'together', p.id, '', p.chat_id, p.user_id
FROM uploads u JOIN posts p ON p.id = u.post_id
WHERE u.reason = 'person' AND u.state NOT IN ('live', 'failed', 'cancelled')
    AND u.state <> 'unknown' AND u.staged_at IS NOT NULL
UNION ALL
SELECT 'account', a.id, coalesce(CAST(a.connected_at AS TEXT), ''), a.chat_id, a.owner_id
FROM accounts a WHERE a.state = 'reconnect'
UNION ALL
SELECT 'batch', b.id, CAST(b.generation AS TEXT), b.chat_id, b.user_id
FROM batches b WHERE b.state = 'asked' AND b.chat_id <> 0;

-- name: all
SELECT * FROM questions ORDER BY asked_at, kind, ref;

-- name: ask
INSERT INTO questions (kind, ref, detail, chat_id, user_id, asked_at)
VALUES (:kind, :ref, :detail, :chat_id, :user_id, :at)
ON CONFLICT (kind, ref) DO UPDATE SET detail = excluded.detail, chat_id = excluded.chat_id,
    user_id = excluded.user_id, asked_at = excluded.asked_at, reminded_at = NULL,
    expired_at = NULL;

-- name: forget
DELETE FROM questions WHERE kind = :kind AND ref = :ref;

-- name: set_back
UPDATE questions SET asked_at = min(asked_at, :now), reminded_at = min(reminded_at, :now)
WHERE asked_at > :now OR reminded_at > :now;

-- name: reminded
UPDATE questions SET reminded_at = :now WHERE kind = :kind AND ref = :ref AND reminded_at IS NULL;

-- name: expire
UPDATE questions SET expired_at = :now WHERE kind = :kind AND ref = :ref AND expired_at IS NULL;

-- name: account
SELECT * FROM accounts WHERE id = :id;

-- name: buttons
SELECT buttons FROM outbox
WHERE post_id = :post_id AND sentence IN ('ask_caption', 'ask_duplicate', 'together_failed')
ORDER BY id DESC LIMIT 1;

-- name: batch
SELECT * FROM batches WHERE id = :id;

-- name: batch_buttons
SELECT o.buttons FROM outbox o JOIN batches b ON b.chat_id = o.chat_id AND b.message_id = o.reply_to
WHERE b.id = :id AND o.sentence = 'batch_checked'
ORDER BY o.id DESC LIMIT 1;
