-- Posts, uploads, attempts, the ledger and the timeline.

-- name: insert
INSERT INTO posts (state, chat_id, user_id, message_id, source, wish, facts, fingerprint,
                   priority, album, question, note, until_at, created_at)
VALUES (:state, :chat_id, :user_id, :message_id, :source, :wish, :facts, :fingerprint,
        :priority, :album, :question, :note, :until_at, :created_at)
RETURNING id;

-- name: get
SELECT * FROM posts WHERE id = :id;

-- name: by_message
SELECT * FROM posts WHERE chat_id = :chat_id AND message_id = :message_id ORDER BY id DESC LIMIT 1;

-- name: by_card
SELECT p.* FROM posts p JOIN cards c ON c.post_id = p.id
WHERE c.chat_id = :chat_id AND c.message_id = :message_id;

-- name: by_outbox
SELECT p.* FROM posts p JOIN outbox o ON o.post_id = p.id
WHERE o.chat_id = :chat_id AND o.message_id = :message_id
ORDER BY o.id DESC LIMIT 1;

-- name: album
SELECT * FROM posts WHERE album = :album AND chat_id = :chat_id ORDER BY message_id;

-- name: open
SELECT * FROM posts WHERE state IN ('draft', 'accepted', 'preparing', 'publishing')
ORDER BY priority DESC, id LIMIT :limit OFFSET :offset;

-- name: open_in_chat
SELECT * FROM posts WHERE state IN ('draft', 'accepted', 'preparing', 'publishing')
  AND chat_id = :chat_id
ORDER BY priority DESC, id LIMIT :limit OFFSET :offset;

-- name: count_open
SELECT count(*) AS n FROM posts
WHERE state IN ('draft', 'accepted', 'preparing', 'publishing');

-- name: count_open_in_chat
SELECT count(*) AS n FROM posts
WHERE state IN ('draft', 'accepted', 'preparing', 'publishing') AND chat_id = :chat_id;

-- name: recent
SELECT * FROM posts ORDER BY id DESC LIMIT :limit;

-- name: recent_in_chat
SELECT * FROM posts WHERE chat_id = :chat_id ORDER BY id DESC LIMIT :limit;

-- name: save_wish
UPDATE posts SET wish = :wish, question = :question WHERE id = :id AND state = 'draft';

-- name: change_wish
UPDATE posts SET wish = :wish WHERE id = :id;

-- name: set_state
UPDATE posts SET state = :state, note = :note, until_at = :until_at, question = '',
    finished_at = :finished_at
WHERE id = :id;

-- name: set_source
UPDATE posts SET source = :source WHERE id = :id;

-- name: set_media
UPDATE posts SET facts = :facts WHERE id = :id;

-- name: set_text
UPDATE posts SET text = :text WHERE id = :id;

-- name: set_fetched
UPDATE posts SET fetched_bytes = :fetched_bytes, source_version = :source_version,
    sha256 = :sha256
WHERE id = :id;

-- name: set_priority
UPDATE posts SET priority = :priority WHERE id = :id;

-- name: next_generation
UPDATE posts SET generation = generation + 1 WHERE id = :id RETURNING generation;

-- name: uploads
SELECT u.*, a.name AS account_name, a.project FROM uploads u JOIN accounts a ON a.id = u.account_id
WHERE u.post_id = :post_id ORDER BY u.id;

-- name: upload
SELECT u.*, a.name AS account_name, a.project FROM uploads u JOIN accounts a ON a.id = u.account_id
WHERE u.id = :id;

-- name: open_uploads
SELECT u.*, a.name AS account_name, a.project FROM uploads u JOIN accounts a ON a.id = u.account_id
WHERE u.state NOT IN ('live', 'failed', 'cancelled') ORDER BY u.id;

-- name: insert_upload
INSERT INTO uploads (post_id, account_id, platform, state, reason, until_at, size_bytes, copy,
    group_id, choice, not_before, accepted_at, since_at)
VALUES (:post_id, :account_id, :platform, :state, :reason, :until_at, :size_bytes, :copy,
    :group_id, :choice, :until_at, :now, :now)
RETURNING id;

-- name: start_now
UPDATE uploads SET not_before = NULL WHERE post_id = :post_id;

-- name: start_upload
UPDATE uploads SET fence = fence + 1, started_at = coalesce(started_at, :now)
WHERE id = :id RETURNING fence;

-- name: save_upload
UPDATE uploads SET state = :state, reason = :reason, until_at = :until_at, session = :session,
    size_bytes = :size_bytes, confirmed_bytes = :confirmed_bytes, resumed_from = :resumed_from,
    attempts = :attempts, intent_at = :intent_at, remote_id = :remote_id, url = :url,
    visibility = :visibility, error_kind = :error_kind, error_text = :error_text,
    error_code = :error_code, bytes_sent = :bytes_sent, copy = :copy,
    finished_at = :finished_at, account_id = :account_id, choice = :choice,
    not_before = :not_before, staged_at = :staged_at, fit_id = :fit_id, fit = :fit,
    dropped_at = :dropped_at, cause_id = NULL
WHERE id = :id AND fence = :fence;

-- name: want_stop
UPDATE uploads SET stop_wanted = :wanted WHERE id = :id;

-- name: next_upload_generation
UPDATE uploads SET generation = generation + 1 WHERE id = :id RETURNING generation;

-- name: claim_ledger
INSERT INTO ledger (account_id, fingerprint, copy, upload_id, state, at)
VALUES (:account_id, :fingerprint, :copy, :upload_id, 'claimed', :at)
ON CONFLICT (account_id, fingerprint, copy) DO NOTHING;

-- name: ledger_owner
SELECT l.upload_id, l.state, u.url, u.post_id, u.state AS upload_state
FROM ledger l JOIN uploads u ON u.id = l.upload_id
WHERE l.account_id = :account_id AND l.fingerprint = :fingerprint
ORDER BY l.copy DESC LIMIT 1;

-- name: ledger_mine
SELECT copy FROM ledger
WHERE account_id = :account_id AND fingerprint = :fingerprint AND upload_id = :upload_id;

-- name: ledger_next_copy
SELECT coalesce(max(copy), -1) + 1 AS copy FROM ledger
WHERE account_id = :account_id AND fingerprint = :fingerprint;

-- name: ledger_live
UPDATE ledger SET state = 'live', at = :at WHERE upload_id = :upload_id;

-- name: ledger_release
DELETE FROM ledger WHERE upload_id = :upload_id AND state = 'claimed';

-- name: start_attempt
INSERT INTO attempts (upload_id, number, fence, started_at, start_offset)
SELECT :upload_id, coalesce(max(number), 0) + 1, :fence, :started_at, :start_offset
FROM attempts WHERE upload_id = :upload_id
RETURNING id;

-- name: crash_attempts
UPDATE attempts SET outcome = 'crashed', finished_at = :now
WHERE upload_id = :upload_id AND outcome = 'running';

-- name: end_attempt
UPDATE attempts SET outcome = :outcome, finished_at = :now, error_kind = :error_kind,
    error_text = :error_text, bytes_sent = :bytes_sent
WHERE upload_id = :upload_id AND fence = :fence AND outcome = 'running';

-- name: attempts
SELECT * FROM attempts WHERE upload_id = :upload_id ORDER BY number;

-- name: add_event
INSERT INTO timeline (post_id, upload_id, at, event, facts)
VALUES (:post_id, :upload_id, :at, :event, :facts);

-- name: timeline
SELECT * FROM timeline WHERE post_id = :post_id ORDER BY id;

-- name: see_update
INSERT INTO updates (update_id, at) VALUES (:update_id, :at)
ON CONFLICT (update_id) DO NOTHING;

-- name: update_seen
SELECT 1 AS seen FROM updates WHERE update_id = :update_id;

-- name: forget_updates
DELETE FROM updates WHERE at < :before;

-- name: stale_drafts
SELECT * FROM posts WHERE state = 'draft' AND album <> '' AND question = '' ORDER BY id;
