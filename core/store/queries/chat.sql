-- Cards, messages that are said once, and chats that need a pause.

-- name: insert_card
INSERT INTO cards (post_id, chat_id, reply_to, due_at) VALUES (:post_id, :chat_id, :reply_to, :due_at)
ON CONFLICT (post_id) DO UPDATE SET wanted = cards.wanted + 1;

-- name: touch_card
UPDATE cards SET wanted = wanted + 1, final = :final WHERE post_id = :post_id;

-- name: due_cards
SELECT c.* FROM cards c LEFT JOIN chats h ON h.chat_id = c.chat_id
WHERE c.wanted > c.shown AND c.due_at <= :now
  AND coalesce(h.pause_until, 0) <= :now AND coalesce(h.gone, '') = ''
ORDER BY c.message_id IS NOT NULL, c.final DESC, c.due_at LIMIT :limit;

-- name: card
SELECT * FROM cards WHERE post_id = :post_id;

-- name: card_sent
UPDATE cards SET message_id = :message_id, shown = :wanted, digest = :digest, due_at = :due_at
WHERE post_id = :post_id;

-- name: card_later
UPDATE cards SET due_at = :due_at WHERE post_id = :post_id;

-- name: card_lost
UPDATE cards SET message_id = NULL, digest = '', wanted = wanted + 1 WHERE post_id = :post_id;

-- name: next_due
SELECT min(due) AS due FROM (
    SELECT max(c.due_at, coalesce(h.pause_until, 0)) AS due
    FROM cards c LEFT JOIN chats h ON h.chat_id = c.chat_id
    WHERE c.wanted > c.shown AND coalesce(h.gone, '') = ''
    UNION ALL
    SELECT max(o.due_at, coalesce(h.pause_until, 0)) AS due
    FROM outbox o LEFT JOIN chats h ON h.chat_id = o.chat_id
    WHERE o.sent_at IS NULL AND coalesce(h.gone, '') = ''
) AS waiting;

-- name: say
INSERT INTO outbox (chat_id, reply_to, sentence, facts, buttons, post_id, due_at, created_at)
VALUES (:chat_id, :reply_to, :sentence, :facts, :buttons, :post_id, :due_at, :due_at)
RETURNING id;

-- name: due_messages
SELECT o.* FROM outbox o LEFT JOIN chats h ON h.chat_id = o.chat_id
WHERE o.sent_at IS NULL AND o.due_at <= :now
  AND coalesce(h.pause_until, 0) <= :now AND coalesce(h.gone, '') = ''
ORDER BY o.id LIMIT :limit;

-- name: message_sent
UPDATE outbox SET sent_at = :now, message_id = :message_id WHERE id = :id;

-- name: message_later
UPDATE outbox SET due_at = :due_at, tries = tries + 1 WHERE id = :id;

-- name: pause
INSERT INTO chats (chat_id, pause_until) VALUES (:chat_id, :until)
ON CONFLICT (chat_id) DO UPDATE SET pause_until = excluded.pause_until;

-- name: gone
INSERT INTO chats (chat_id, gone) VALUES (:chat_id, :why)
ON CONFLICT (chat_id) DO UPDATE SET gone = excluded.gone;

-- name: back
UPDATE chats SET gone = '' WHERE chat_id = :chat_id AND gone <> '';

-- name: fact
SELECT value FROM facts WHERE name = :name;

-- name: set_fact
INSERT INTO facts (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: touch_upload
UPDATE cards SET wanted = wanted + 1
WHERE wanted = shown AND post_id = (SELECT post_id FROM uploads WHERE id = :upload_id);

-- name: touch_post
UPDATE cards SET wanted = wanted + 1 WHERE wanted = shown AND post_id = :post_id;

-- name: move_cards
UPDATE cards SET chat_id = :to WHERE chat_id = :chat_id;

-- name: move_outbox
UPDATE outbox SET chat_id = :to WHERE chat_id = :chat_id;

-- name: move_posts
UPDATE posts SET chat_id = :to WHERE chat_id = :chat_id;
