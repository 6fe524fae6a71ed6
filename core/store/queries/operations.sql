-- What is done with live videos, and their newest figures.

-- name: insert
INSERT INTO operations (upload_id, post_id, kind, changes, file, batch, chat_id, due_at, created_at)
VALUES (:upload_id, :post_id, :kind, :changes, :file, :batch, :chat_id, :due_at, :now)
RETURNING *;

-- name: get
SELECT * FROM operations WHERE id = :id;

-- name: of_batch
SELECT * FROM operations WHERE batch = :batch AND batch <> '' ORDER BY id;

-- name: of_upload
SELECT * FROM operations WHERE upload_id = :upload_id ORDER BY id;

-- name: waiting
SELECT * FROM operations WHERE upload_id = :upload_id AND state = 'waiting' ORDER BY id;

-- name: overdue
SELECT * FROM operations WHERE state = 'waiting' AND due_at <= :now ORDER BY due_at, id LIMIT :limit;

-- name: reconnected
SELECT o.* FROM operations o
JOIN uploads u ON u.id = o.upload_id JOIN accounts a ON a.id = u.account_id
WHERE o.state = 'waiting' AND o.error_kind = 'auth_revoked' AND a.state = 'ok'
ORDER BY o.id LIMIT :limit;

-- name: next_generation
UPDATE operations SET generation = generation + 1, due_at = :due_at, error_kind = '',
    error_text = '', error_code = ''
WHERE id = :id AND generation = :generation AND state = 'waiting' RETURNING *;

-- name: save
UPDATE operations SET work = :work, attempts = :attempts, due_at = :due_at,
    error_kind = :error_kind, error_text = :error_text, error_code = :error_code
WHERE id = :id AND generation = :generation AND state = 'waiting' RETURNING *;

-- name: finish
UPDATE operations SET state = :state, work = :work, attempts = :attempts,
    error_kind = :error_kind, error_text = :error_text, error_code = :error_code,
    finished_at = :now
WHERE id = :id AND generation = :generation AND state = 'waiting' RETURNING *;

-- name: set_visibility
UPDATE uploads SET visibility = :visibility WHERE id = :id AND state = 'live';

-- name: set_address
UPDATE uploads SET url = :url WHERE id = :id AND state = 'live';

-- name: forget_content
DELETE FROM ledger WHERE upload_id = :upload_id;

-- name: set_wish
UPDATE posts SET wish = :wish WHERE id = :id;

-- name: is_running
SELECT 1 AS running FROM attempts WHERE upload_id = :upload_id AND outcome = 'running' LIMIT 1;

-- name: figures
SELECT * FROM figures WHERE upload_id = :upload_id;

-- name: set_figures
INSERT INTO figures (upload_id, at, value) VALUES (:upload_id, :at, :value)
ON CONFLICT (upload_id) DO UPDATE SET at = excluded.at, value = excluded.value;
