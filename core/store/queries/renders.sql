-- Renders, their stages and their logs.

-- name: insert
INSERT INTO renders (state, mashup, name, user_id, chat_id, message_id, caption, targets, preview,
    twins_wanted, priority, batch_id, warnings, created_at, queued_at)
VALUES (:state, :mashup, :name, :user_id, :chat_id, :message_id, :caption, :targets, :preview,
    :twins_wanted, :priority, :batch_id, :warnings, :now, :now)
RETURNING id;

-- name: get
SELECT * FROM renders WHERE id = :id;

-- name: open
SELECT * FROM renders WHERE state IN ('pending', 'processing')
ORDER BY priority DESC, queued_at, id;

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

-- Both conditions on the state, here and below: the first one is that of the index.
-- name: place
SELECT count(*) + 1 AS place FROM renders r JOIN renders m ON m.id = :id
WHERE r.state IN ('pending', 'processing') AND r.state = 'pending' AND r.preview = m.preview
  AND (r.priority > m.priority OR (r.priority = m.priority
    AND (r.queued_at < m.queued_at OR (r.queued_at = m.queued_at AND r.id < m.id))));

-- name: next_pending
SELECT * FROM renders
WHERE state IN ('pending', 'processing') AND state = 'pending' AND preview = 0 AND chat_id <> 0
ORDER BY priority DESC, queued_at, id LIMIT :limit;

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

-- name: want_twins
UPDATE renders SET twins_wanted = 1 WHERE id = :id;

-- name: set_priority
UPDATE renders SET priority = :priority WHERE id = :id AND state IN ('pending', 'processing');

-- name: highest_priority
SELECT coalesce(max(priority), 0) AS priority FROM renders
WHERE state IN ('pending', 'processing') AND state = 'pending';

-- name: next_generation
UPDATE renders SET generation = generation + 1, queued_at = :queued_at
WHERE id = :id RETURNING generation;

-- name: queue_later
UPDATE renders SET queued_at = :queued_at WHERE id = :id;

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

-- What is shown of these stays; what is made again, or about to be ready, has no end yet.
-- name: shown_ids
SELECT id FROM renders WHERE finished_at IS NULL OR finished_at >= :after;

-- name: upload_states
SELECT state FROM uploads WHERE post_id = :post_id;

-- The accounts that a post goes to have used what is in it.
-- name: count_uses
INSERT INTO asset_uses (asset_id, holder, account, at)
SELECT a.id, :holder, u.account_id, :now FROM assets a, uploads u
WHERE a.id = :asset_id AND u.post_id = :post_id
ON CONFLICT (asset_id, holder, account) DO NOTHING;

-- Posts that go on and read an asset which they do not hold, such as those that are tried again.
-- name: holding_nothing
SELECT p.id, p.source FROM posts p
WHERE p.state IN ('draft', 'accepted', 'preparing', 'publishing')
  AND p.source LIKE '%"asset_id"%'
  AND NOT EXISTS (SELECT 1 FROM asset_holds h WHERE h.holder = 'post:' || p.id)
ORDER BY p.id;

-- A group takes turns: which of its accounts it is shows only when the post is made.
-- name: correct_uses
DELETE FROM asset_uses WHERE holder = :holder AND account <> 0
  AND EXISTS (SELECT 1 FROM uploads u WHERE u.post_id = :post_id)
  AND account NOT IN (SELECT u.account_id FROM uploads u WHERE u.post_id = :post_id);

-- Posts that hold an asset and have ended, also those that ended before they had an upload.
-- name: idle_holders
SELECT DISTINCT h.holder FROM asset_holds h
WHERE h.holder LIKE 'post:%' AND NOT EXISTS (
    SELECT 1 FROM posts p WHERE p.id = CAST(substr(h.holder, 6) AS BIGINT)
      AND p.state NOT IN ('done', 'partly_failed', 'failed', 'cancelled')
)
ORDER BY h.holder;
