-- Mashups that people put together in chat, and what they chose last.

-- name: insert
INSERT INTO mashup_drafts (kind, chat_id, user_id, message_id, step, choices, look, created_at,
                           touched_at)
VALUES (:kind, :chat_id, :user_id, :message_id, :step, :choices, :look, :now, :now)
RETURNING id;

-- name: get
SELECT * FROM mashup_drafts WHERE id = :id;

-- name: open
SELECT * FROM mashup_drafts WHERE chat_id = :chat_id AND user_id = :user_id AND state = 'open';

-- name: by_message
SELECT d.* FROM mashup_drafts d JOIN boards b ON b.name = 'mashup:' || d.id
WHERE b.chat_id = :chat_id AND b.message_id = :message_id;

-- name: save
UPDATE mashup_drafts SET step = :step, choices = :choices, look = :look, addition_id = :addition_id,
    touched_at = :now,
    version = version + 1
WHERE id = :id AND state = 'open' AND version = :version;

-- name: end
UPDATE mashup_drafts SET state = :state, touched_at = :now, version = version + 1
WHERE id = :id AND state = 'open' AND version = :version;

-- name: expired
SELECT * FROM mashup_drafts WHERE state = 'open' AND touched_at <= :before ORDER BY id;

-- name: forget
DELETE FROM mashup_drafts WHERE state <> 'open' AND touched_at < :before;

-- name: move_chat
UPDATE mashup_drafts SET chat_id = :to WHERE chat_id = :chat_id;

-- Those that show a list of the library.
-- name: choosing
SELECT * FROM mashup_drafts WHERE state = 'open'
  AND step IN ('source', 'template', 'music') AND touched_at >= :since;

-- name: newest_asset
SELECT coalesce(max(id), 0) AS id FROM assets;

-- name: by_addition
SELECT * FROM mashup_drafts WHERE addition_id = :addition_id AND state = 'open';

-- name: followed
SELECT d.* FROM mashup_drafts d LEFT JOIN additions a ON a.id = d.addition_id
WHERE d.addition_id IS NOT NULL AND d.state = 'open'
  AND coalesce(a.state, '') NOT IN ('asking', 'fetching');

-- name: habits
SELECT choices FROM mashup_habits WHERE user_id = :user_id;

-- name: keep_habits
INSERT INTO mashup_habits (user_id, choices) VALUES (:user_id, :choices)
ON CONFLICT (user_id) DO UPDATE SET choices = excluded.choices;

-- The message with the button that was pressed shows the draft from now on.
-- name: take_message
UPDATE boards SET message_id = :message_id, digest = '', shown = wanted
WHERE name = :name AND chat_id = :chat_id AND coalesce(message_id, 0) <> :message_id;

-- name: board_of
SELECT name FROM boards WHERE chat_id = :chat_id AND message_id = :message_id
  AND name LIKE 'render:%';

-- name: told
SELECT facts FROM outbox WHERE chat_id = :chat_id AND message_id = :message_id
  AND sentence IN ('render_shown', 'render_publish_how')
ORDER BY id DESC LIMIT 1;

-- The card of a render that moves, or of the many that it belongs to.
-- name: touch_render
UPDATE boards SET wanted = wanted + 1
WHERE name = 'render:' || :render_id
   OR name = (SELECT 'renders:' || r.batch_id FROM renders r
              WHERE r.id = :render_id AND r.batch_id IS NOT NULL);
