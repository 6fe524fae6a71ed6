-- Connected accounts.

-- name: upsert
INSERT INTO accounts (platform, name, remote_id, origin, tokens, defaults, created_at, owner_id,
    chat_id, scopes, expires_at, sign_in_expires_at, connected_at, project)
VALUES (:platform, :name, :remote_id, :origin, :tokens, :defaults, :now, :owner_id, :chat_id,
    :scopes, :expires_at, :sign_in_expires_at, :now, :project)
ON CONFLICT (platform, remote_id) DO UPDATE SET name = excluded.name, origin = excluded.origin,
    tokens = excluded.tokens, defaults = excluded.defaults, owner_id = excluded.owner_id,
    chat_id = excluded.chat_id, scopes = excluded.scopes, expires_at = excluded.expires_at,
    sign_in_expires_at = excluded.sign_in_expires_at, project = excluded.project,
    state = CASE WHEN :keep_state = 1 AND accounts.state <> 'removed' THEN accounts.state
        ELSE 'ok' END,
    trouble = CASE WHEN :keep_state = 1 AND accounts.state <> 'removed' THEN accounts.trouble
        ELSE '' END,
    connected_at = CASE WHEN :keep_state = 1 THEN accounts.connected_at
        ELSE excluded.connected_at END,
    renewing_at = CASE WHEN :keep_state = 1 THEN accounts.renewing_at END
RETURNING id;

-- name: all
SELECT * FROM accounts WHERE state <> 'removed' ORDER BY id;

-- name: get
SELECT * FROM accounts WHERE id = :id;

-- name: by_key
SELECT * FROM accounts WHERE platform = :platform AND remote_id = :remote_id;

-- name: everything
SELECT * FROM accounts ORDER BY id;

-- name: set_state
UPDATE accounts SET state = :state, until_at = :until_at WHERE id = :id;

-- name: move_state
UPDATE accounts SET state = :state WHERE id = :id AND state = :expected;

-- name: mark_removed
UPDATE accounts SET state = 'removed' WHERE id = :id;

-- name: forget
UPDATE accounts SET state = 'removed', tokens = '', scopes = '[]', expires_at = NULL,
    sign_in_expires_at = NULL, renewed_at = NULL, renewing_at = NULL, trouble = '', named = 0,
    until_at = NULL
WHERE id = :id AND state <> 'removed';

-- name: need_reconnect
UPDATE accounts SET state = 'reconnect', trouble = :trouble, refusals = :refusals,
    renewing_at = NULL
WHERE id = :id AND state NOT IN ('reconnect', 'removed');

-- name: set_renewing
UPDATE accounts SET renewing_at = :renewing_at WHERE id = :id;

-- name: set_renewed
UPDATE accounts SET tokens = :tokens, scopes = :scopes, expires_at = :expires_at,
    sign_in_expires_at = coalesce(:sign_in_expires_at, sign_in_expires_at),
    renewed_at = :now, renewing_at = NULL, trouble = '',
    state = CASE WHEN state = 'reconnect' THEN 'ok' ELSE state END
WHERE id = :id AND state <> 'removed';

-- name: due
SELECT id FROM accounts
WHERE platform = :platform AND expires_at IS NOT NULL AND expires_at <= :before
    AND state IN ('ok', 'paused')
ORDER BY expires_at LIMIT :limit;

-- name: ending
SELECT * FROM accounts
WHERE sign_in_expires_at IS NOT NULL AND sign_in_expires_at <= :before
    AND state IN ('ok', 'paused')
ORDER BY id;

-- name: warned
UPDATE accounts SET warned_at = :now WHERE id = :id;

-- name: rename
UPDATE accounts SET name = :name, named = 1 WHERE id = :id AND state <> 'removed';

-- name: set_defaults
UPDATE accounts SET defaults = :defaults WHERE id = :id AND state <> 'removed';

-- name: set_target
UPDATE accounts SET is_target = :is_target WHERE id = :id AND state <> 'removed';

-- name: waiting_uploads
SELECT id FROM uploads WHERE account_id = :id AND state = 'waiting' AND intent_at IS NULL;

-- name: last_outcome
SELECT post_id, state, finished_at, url, error_text, error_code FROM uploads
WHERE account_id = :id AND finished_at IS NOT NULL
ORDER BY finished_at DESC, id DESC LIMIT 1;
