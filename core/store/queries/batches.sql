-- Batches, their entries, their uploads and their cards.

-- name: insert
INSERT INTO batches (chat_id, user_id, message_id, kind, name, digest, state, plan, created_at)
VALUES (:chat_id, :user_id, :message_id, :kind, :name, :digest, :state, :plan, :now)
RETURNING id;

-- name: get
SELECT * FROM batches WHERE id = :id;

-- name: open
SELECT * FROM batches WHERE state NOT IN ('done', 'left') ORDER BY id;

-- name: of_digest
SELECT * FROM batches WHERE digest = :digest AND chat_id = 0 AND state = :state
ORDER BY id DESC LIMIT 1;

-- name: newest_open
SELECT * FROM batches
WHERE chat_id = :chat_id AND user_id = :user_id AND state IN ('checking', 'asked')
ORDER BY id DESC LIMIT 1;

-- name: by_message
SELECT * FROM batches WHERE chat_id = :chat_id AND message_id = :message_id
ORDER BY id DESC LIMIT 1;

-- name: by_card
SELECT b.* FROM batches b JOIN batch_cards c ON c.batch_id = b.id
WHERE c.chat_id = :chat_id AND c.message_id = :message_id;

-- name: set_state
UPDATE batches SET state = :state, finished_at = :finished_at
WHERE id = :id AND state = :before;

-- name: set_plan
UPDATE batches SET plan = :plan WHERE id = :id;

-- name: next_generation
UPDATE batches SET generation = generation + 1 WHERE id = :id RETURNING generation;

-- name: insert_entry
INSERT INTO batch_entries (batch_id, number, line, entry, identity, state, note, priority, score)
VALUES (:batch_id, :number, :line, :entry, :identity, :state, :note, :priority, :score)
ON CONFLICT (batch_id, number) DO UPDATE SET line = excluded.line, entry = excluded.entry,
    identity = excluded.identity, state = excluded.state, note = excluded.note,
    priority = excluded.priority, score = excluded.score;

-- name: drop_entries
DELETE FROM batch_entries WHERE batch_id = :batch_id AND post_id IS NULL;

-- name: planned
SELECT * FROM batch_entries WHERE batch_id = :batch_id AND state = 'planned'
ORDER BY priority DESC, score DESC, number LIMIT :limit;

-- name: set_entry
UPDATE batch_entries SET state = :state, note = :note, post_id = coalesce(:post_id, post_id)
WHERE batch_id = :batch_id AND number = :number;

-- name: drop_planned
UPDATE batch_entries SET state = 'left' WHERE batch_id = :batch_id AND state = 'planned';

-- name: leave_warned
UPDATE batch_entries SET state = 'left'
WHERE batch_id = :batch_id AND state = 'planned' AND note = 'warn';

-- name: entry_states
SELECT state, note, count(*) AS n FROM batch_entries WHERE batch_id = :batch_id
GROUP BY state, note;

-- name: earlier
SELECT DISTINCT u.upload_id FROM batch_entries e
JOIN batch_uploads u ON u.batch_id = e.batch_id AND u.number = e.number
WHERE e.identity = :identity AND e.identity <> '' ORDER BY u.upload_id;

-- name: owners
SELECT account_id, upload_id FROM ledger WHERE fingerprint = :fingerprint
ORDER BY account_id, copy DESC;

-- name: live_sizes
SELECT DISTINCT u.size_bytes FROM uploads u WHERE u.state = 'live' AND u.size_bytes IS NOT NULL;

-- name: link
INSERT INTO batch_uploads (batch_id, upload_id, number) VALUES (:batch_id, :upload_id, :number)
ON CONFLICT (batch_id, upload_id) DO NOTHING;

-- name: of_upload
SELECT b.* FROM batches b JOIN batch_uploads u ON u.batch_id = b.id
WHERE u.upload_id = :upload_id AND b.state = 'publishing';

-- name: unfinished
SELECT 1 AS n FROM batch_uploads b JOIN uploads u ON u.id = b.upload_id
WHERE b.batch_id = :batch_id AND u.state NOT IN ('live', 'failed', 'cancelled')
ORDER BY b.upload_id DESC LIMIT 1;

-- name: count_planned
SELECT count(*) AS n FROM batch_entries WHERE batch_id = :batch_id AND state = 'planned';

-- name: upload_states
SELECT u.state, u.reason, count(*) AS n FROM batch_uploads b JOIN uploads u ON u.id = b.upload_id
WHERE b.batch_id = :batch_id GROUP BY u.state, u.reason;

-- name: bytes_done
SELECT coalesce(sum(u.confirmed_bytes), 0) AS done, coalesce(sum(u.size_bytes), 0) AS total
FROM batch_uploads b JOIN uploads u ON u.id = b.upload_id WHERE b.batch_id = :batch_id;

-- name: causes
SELECT u.platform, u.error_kind, u.error_code, count(*) AS n, min(u.id) AS upload_id
FROM batch_uploads b JOIN uploads u ON u.id = b.upload_id
WHERE b.batch_id = :batch_id AND u.state = 'failed'
GROUP BY u.platform, u.error_kind, u.error_code ORDER BY n DESC, upload_id LIMIT :limit;

-- name: asking
SELECT DISTINCT u.post_id FROM batch_uploads b JOIN uploads u ON u.id = b.upload_id
WHERE b.batch_id = :batch_id AND u.reason = 'person'
  AND u.state NOT IN ('live', 'failed', 'cancelled')
ORDER BY u.post_id LIMIT :limit;

-- name: failed_posts
SELECT DISTINCT u.post_id FROM batch_uploads b JOIN uploads u ON u.id = b.upload_id
WHERE b.batch_id = :batch_id AND u.state = 'failed' AND u.dropped_at IS NULL
ORDER BY u.post_id LIMIT :limit;

-- name: failed_uploads
SELECT u.id FROM batch_uploads b JOIN uploads u ON u.id = b.upload_id
WHERE b.batch_id = :batch_id AND u.state = 'failed' AND u.dropped_at IS NULL AND u.id > :after
ORDER BY u.id LIMIT :limit;

-- name: open_uploads
SELECT u.id FROM batch_uploads b JOIN uploads u ON u.id = b.upload_id
WHERE b.batch_id = :batch_id AND u.state IN ('waiting', 'uploading') AND u.id > :after
ORDER BY u.id LIMIT :limit;

-- name: results
SELECT u.*, b.number, e.entry, p.facts AS post_facts
FROM batch_uploads b
JOIN uploads u ON u.id = b.upload_id
JOIN posts p ON p.id = u.post_id
JOIN batch_entries e ON e.batch_id = b.batch_id AND e.number = b.number
WHERE b.batch_id = :batch_id AND (b.number > :number OR (b.number = :number AND u.id > :after))
ORDER BY b.number, u.id LIMIT :limit;

-- name: not_taken
SELECT * FROM batch_entries WHERE batch_id = :batch_id AND state = 'refused' AND number > :after
ORDER BY number LIMIT :limit;

-- name: insert_card
INSERT INTO batch_cards (batch_id, chat_id, reply_to, due_at)
VALUES (:batch_id, :chat_id, :reply_to, :due_at)
ON CONFLICT (batch_id) DO UPDATE SET wanted = batch_cards.wanted + 1;

-- name: touch_card
UPDATE batch_cards SET wanted = wanted + 1, final = :final WHERE batch_id = :batch_id;

-- name: touch_post
UPDATE batch_cards SET wanted = wanted + 1 WHERE batch_id IN (
    SELECT b.batch_id FROM batch_uploads b JOIN uploads u ON u.id = b.upload_id
    WHERE u.post_id = :post_id);

-- name: due_cards
SELECT c.* FROM batch_cards c LEFT JOIN chats h ON h.chat_id = c.chat_id
WHERE c.wanted > c.shown AND c.due_at <= :now
  AND coalesce(h.pause_until, 0) <= :now AND coalesce(h.gone, '') = ''
ORDER BY c.message_id IS NOT NULL, c.final DESC, c.due_at LIMIT :limit;

-- name: next_due
SELECT min(max(c.due_at, coalesce(h.pause_until, 0))) AS due
FROM batch_cards c LEFT JOIN chats h ON h.chat_id = c.chat_id
WHERE c.wanted > c.shown AND coalesce(h.gone, '') = '';

-- name: card_sent
UPDATE batch_cards SET message_id = :message_id, shown = :wanted, digest = :digest,
    due_at = :due_at
WHERE batch_id = :batch_id;

-- name: card_later
UPDATE batch_cards SET due_at = :due_at WHERE batch_id = :batch_id;

-- name: card_lost
UPDATE batch_cards SET message_id = NULL, digest = '', wanted = wanted + 1
WHERE batch_id = :batch_id;

-- name: move_cards
UPDATE batch_cards SET chat_id = :to WHERE chat_id = :chat_id;

-- name: move_batches
UPDATE batches SET chat_id = :to WHERE chat_id = :chat_id;
