-- Renders, their stages and their logs.

-- name: insert
INSERT INTO renders (state, mashup, name, user_id, chat_id, message_id, caption, targets, preview,
    priority, batch_id, warnings, created_at)
VALUES (:state, :mashup, :name, :user_id, :chat_id, :message_id, :caption, :targets, :preview,
    :priority, :batch_id, :warnings, :now)
RETURNING id;

-- name: get
SELECT * FROM renders WHERE id = :id;

-- name: open
SELECT * FROM renders WHERE state IN ('pending', 'processing') ORDER BY priority DESC, id;

-- name: recent
SELECT * FROM renders WHERE (user_id = :user_id OR :user_id = 0) AND preview = 0
ORDER BY id DESC LIMIT :limit OFFSET :offset;

-- name: of_batch
SELECT * FROM renders WHERE batch_id = :batch_id ORDER BY id;

-- name: of_post
SELECT * FROM renders WHERE post_id = :post_id ORDER BY id DESC LIMIT 1;

-- name: next_batch
SELECT coalesce(max(batch_id), 0) + 1 AS id FROM renders;

-- name: batch_states
SELECT state, count(*) AS n FROM renders WHERE batch_id = :batch_id GROUP BY state;

-- name: place
SELECT count(*) + 1 AS place FROM renders
WHERE state = 'pending' AND preview = :preview
  AND (priority > :priority OR (priority = :priority AND id < :id));

-- name: next_pending
SELECT * FROM renders WHERE state = 'pending' AND preview = 0 AND chat_id <> 0
ORDER BY priority DESC, id LIMIT :limit;

-- The only statement that changes a state.
-- name: move
UPDATE renders SET state = :state, stage = :stage, stage_at = :stage_at, reason = :reason,
    until_at = :until_at, fence = :fence, attempts = :attempts, error_key = :error_key,
    error_facts = :error_facts, facts = :facts, sha256 = :sha256, asset_id = :asset_id,
    post_id = :post_id, publish_again = :publish_again, post_error = :post_error,
    started_at = :started_at, finished_at = :finished_at
WHERE id = :id AND state = :before AND fence = :before_fence;

-- name: set_post_error
UPDATE renders SET post_error = :post_error WHERE id = :id;

-- name: publish
UPDATE renders SET post_id = :post_id, post_error = '' WHERE id = :id;

-- name: set_priority
UPDATE renders SET priority = :priority WHERE id = :id AND state IN ('pending', 'processing');

-- name: highest_priority
SELECT coalesce(max(priority), 0) AS priority FROM renders WHERE state = 'pending';

-- name: next_generation
UPDATE renders SET generation = generation + 1 WHERE id = :id RETURNING generation;

-- Ready, and the post that was wished for is neither there nor refused.
-- name: unpublished
SELECT * FROM renders
WHERE state = 'ready' AND preview = 0 AND targets <> '[]' AND post_id IS NULL AND post_error = ''
ORDER BY id;

-- name: add_stage
INSERT INTO render_stages (render_id, attempt, stage, seconds, at)
VALUES (:render_id, :attempt, :stage, :seconds, :at);

-- name: stages
SELECT stage, seconds FROM render_stages WHERE render_id = :render_id AND attempt = :attempt
ORDER BY id;

-- name: put_log
INSERT INTO render_logs (render_id, attempt, at, outcome, text)
VALUES (:render_id, :attempt, :now, :outcome, :text)
ON CONFLICT (render_id, attempt) DO UPDATE SET at = excluded.at, outcome = excluded.outcome,
    text = excluded.text;

-- name: logs
SELECT * FROM render_logs WHERE render_id = :render_id ORDER BY attempt;

-- name: forget_logs
DELETE FROM render_logs WHERE at < :before;

-- name: forget_previews
DELETE FROM renders WHERE preview = 1 AND finished_at IS NOT NULL AND finished_at < :before
RETURNING id;

-- name: finished_ids
SELECT id FROM renders WHERE finished_at IS NOT NULL AND finished_at >= :after;

-- name: upload_states
SELECT state FROM uploads WHERE post_id = :post_id;
