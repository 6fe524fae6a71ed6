-- Fitted files of posts, and the uploads that wait for them or send them.

-- name: get
SELECT * FROM fits WHERE id = :id;

-- name: of_post
SELECT * FROM fits WHERE post_id = :post_id ORDER BY id;

-- name: open
SELECT * FROM fits WHERE state IN ('wanted', 'running') ORDER BY id;

-- name: of_task
SELECT * FROM fits
WHERE post_id = :post_id AND generation = :generation AND state IN ('wanted', 'running')
ORDER BY id;

-- name: want
INSERT INTO fits (post_id, recipe, created_at) VALUES (:post_id, :recipe, :now)
ON CONFLICT (post_id, recipe) DO UPDATE SET
    tries = CASE WHEN fits.state IN ('failed', 'cancelled') THEN 0 ELSE fits.tries END,
    error_key = CASE WHEN fits.state IN ('failed', 'cancelled') THEN '' ELSE fits.error_key END,
    error_text = CASE WHEN fits.state IN ('failed', 'cancelled') THEN '' ELSE fits.error_text END,
    state = CASE WHEN fits.state IN ('failed', 'cancelled') THEN 'wanted' ELSE fits.state END
RETURNING *;

-- name: next_generation
SELECT coalesce(max(generation), 0) + 1 AS generation FROM fits WHERE post_id = :post_id;

-- name: hand_over
UPDATE fits SET generation = :generation WHERE post_id = :post_id AND state = 'wanted';

-- name: take_back
UPDATE fits SET state = 'wanted'
WHERE post_id = :post_id AND generation = :generation AND state = 'running';

-- name: start
UPDATE fits SET state = 'running', started_at = :now, finished_at = NULL
WHERE id = :id AND generation = :generation AND state IN ('wanted', 'running');

-- name: ready
UPDATE fits SET state = 'ready', facts = :facts, size_bytes = :size_bytes, sha256 = :sha256,
    source = :source, finished_at = :now, error_key = '', error_text = ''
WHERE id = :id AND generation = :generation AND state = 'running';

-- name: hold
UPDATE fits SET state = 'wanted', tries = tries + :counted, error_key = :error_key,
    error_text = :error_text
WHERE id = :id AND generation = :generation AND state IN ('wanted', 'running');

-- name: fail
UPDATE fits SET state = 'failed', error_key = :error_key, error_text = :error_text,
    tries = tries + 1, finished_at = :now
WHERE id = :id AND generation = :generation AND state IN ('wanted', 'running');

-- name: lose
UPDATE fits SET state = 'wanted', sha256 = '', size_bytes = NULL WHERE id = :id AND state = 'ready';

-- name: void
UPDATE fits SET state = 'cancelled', finished_at = :now
WHERE post_id = :post_id AND state IN ('wanted', 'running', 'ready') AND NOT EXISTS (
    SELECT 1 FROM uploads WHERE fit_id = fits.id AND state NOT IN ('live', 'failed', 'cancelled'));

-- name: drop_unwanted
UPDATE fits SET state = 'cancelled', finished_at = :now
WHERE post_id = :post_id AND state IN ('wanted', 'running') AND NOT EXISTS (
    SELECT 1 FROM uploads WHERE fit_id = fits.id AND state NOT IN ('live', 'failed', 'cancelled'));

-- name: kept
SELECT DISTINCT fit_id FROM uploads
WHERE fit_id IS NOT NULL AND state NOT IN ('live', 'failed', 'cancelled');

-- name: take_upload
UPDATE uploads SET fence = fence + 1 WHERE id = :id RETURNING fence;
