-- Boards: messages of the chat about many posts, kept up to date.

-- name: put
INSERT INTO boards (name, chat_id, reply_to, sentence, facts, final, due_at)
VALUES (:name, :chat_id, :reply_to, :sentence, :facts, :final, :due_at)
ON CONFLICT (name) DO UPDATE SET sentence = excluded.sentence, facts = excluded.facts,
    final = excluded.final, wanted = boards.wanted + 1;

-- name: due_cards
SELECT b.* FROM boards b LEFT JOIN chats h ON h.chat_id = b.chat_id
WHERE b.wanted > b.shown AND b.due_at <= :now
  AND coalesce(h.pause_until, 0) <= :now AND coalesce(h.gone, '') = ''
ORDER BY b.message_id IS NOT NULL, b.final DESC, b.due_at LIMIT :limit;

-- name: next_due
SELECT min(CASE WHEN b.due_at > coalesce(h.pause_until, 0) THEN b.due_at
           ELSE h.pause_until END) AS due
FROM boards b LEFT JOIN chats h ON h.chat_id = b.chat_id
WHERE b.wanted > b.shown AND coalesce(h.gone, '') = '';

-- name: get
SELECT * FROM boards WHERE name = :name;

-- name: card_sent
UPDATE boards SET message_id = :message_id, shown = :wanted, digest = :digest, due_at = :due_at
WHERE name = :name;

-- What a pressed button has changed already.
-- name: show
UPDATE boards SET sentence = :sentence, facts = :facts, digest = :digest, final = :final,
    shown = wanted
WHERE name = :name;

-- name: card_later
UPDATE boards SET due_at = :due_at WHERE name = :name;

-- name: card_lost
UPDATE boards SET message_id = NULL, digest = '', wanted = wanted + 1 WHERE name = :name;

-- name: move_chat
UPDATE boards SET chat_id = :to WHERE chat_id = :chat_id;

-- name: forget
DELETE FROM boards WHERE wanted <= shown AND due_at < :before
  AND NOT EXISTS (SELECT 1 FROM looks l WHERE boards.name = 'look:' || l.id);
