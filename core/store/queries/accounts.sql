-- Connected accounts.

-- name: upsert
INSERT INTO accounts (platform, name, remote_id, origin, tokens, defaults, created_at)
VALUES (:platform, :name, :remote_id, :origin, :tokens, :defaults, :created_at)
ON CONFLICT (platform, remote_id) DO UPDATE SET name = excluded.name, origin = excluded.origin,
    defaults = excluded.defaults,
    tokens = CASE WHEN :keep_tokens = 1 THEN accounts.tokens ELSE excluded.tokens END,
    state = CASE WHEN :keep_tokens = 1 AND accounts.state <> 'removed' THEN accounts.state
        ELSE 'ok' END
RETURNING id;

-- name: all
SELECT * FROM accounts WHERE state <> 'removed' ORDER BY id;

-- name: get
SELECT * FROM accounts WHERE id = :id;

-- name: set_state
UPDATE accounts SET state = :state, until_at = :until_at WHERE id = :id;

-- name: set_tokens
UPDATE accounts SET tokens = :tokens, state = 'ok' WHERE id = :id;

-- name: mark_removed
UPDATE accounts SET state = 'removed' WHERE id = :id;

-- name: everything
SELECT * FROM accounts ORDER BY id;
