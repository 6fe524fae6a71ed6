-- What people add to the library in chat.

-- name: insert
INSERT INTO additions (chat_id, user_id, message_id, source, filename, size_bytes, album, answers,
                       state, created_at)
VALUES (:chat_id, :user_id, :message_id, :source, :filename, :size_bytes, :album, :answers,
        :state, :now)
RETURNING id;

-- name: get
SELECT * FROM additions WHERE id = :id;

-- name: fetching
SELECT * FROM additions WHERE state = 'fetching' ORDER BY id;

-- name: busy
SELECT count(*) AS busy FROM additions
WHERE user_id = :user_id AND state IN ('asking', 'fetching');

-- name: by_board
SELECT a.* FROM additions a JOIN boards b ON b.name = 'addition:' || a.id
WHERE b.chat_id = :chat_id AND b.message_id = :message_id;

-- name: of_album
SELECT * FROM additions WHERE chat_id = :chat_id AND album = :album ORDER BY id LIMIT 1;

-- name: beside
SELECT * FROM additions
WHERE chat_id = :chat_id AND user_id = :user_id AND album = :album AND state = 'asking'
  AND id <> :id
ORDER BY id;

-- name: of_asset
SELECT id FROM additions WHERE asset_id = :asset_id LIMIT 1;

-- name: answer
UPDATE additions SET answers = :answers, state = :state
WHERE id = :id AND state = 'asking' AND answers = :before;

-- name: next_generation
UPDATE additions SET generation = generation + 1 WHERE id = :id RETURNING generation;

-- name: move
UPDATE additions SET state = :state, asset_id = :asset_id, is_new = :is_new, note = :note,
    note_facts = :note_facts, tries = :tries,
    finished_at = CASE WHEN :state = 'fetching' THEN NULL ELSE :now END
WHERE id = :id AND state = :before;

-- name: forget
DELETE FROM additions
WHERE state <> 'fetching' AND coalesce(finished_at, created_at) < :before;
