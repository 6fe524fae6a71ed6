-- Sealed values, and what follows when the key of one is lost.

-- name: account_values
SELECT id, platform, remote_id, name, state, trouble, tokens AS sealed
FROM accounts WHERE tokens <> '' ORDER BY id;

-- name: sign_in_values
SELECT id, state, sealed FROM sign_ins WHERE sealed <> '' ORDER BY id;

-- name: session_values
SELECT id, session AS text FROM uploads
WHERE state NOT IN ('live', 'failed', 'cancelled') AND session LIKE '%"upload_url":"v1.%';

-- name: storage_values
SELECT id, name, secret FROM storages WHERE secret <> '' ORDER BY id;

-- name: reseal_storage
UPDATE storages SET secret = :sealed WHERE id = :id AND secret = :was;

-- name: reseal_session
UPDATE uploads SET session = :sealed WHERE id = :id AND session = :was;

-- name: reseal_account
UPDATE accounts SET tokens = :sealed WHERE id = :id AND tokens = :was;

-- name: reseal_sign_in
UPDATE sign_ins SET sealed = :sealed WHERE id = :id AND sealed = :was;

-- name: lost
UPDATE accounts SET state = 'reconnect', trouble = :trouble WHERE id = :id AND state = 'ok';

-- name: found
UPDATE accounts SET state = 'ok', trouble = ''
WHERE id = :id AND state = 'reconnect' AND trouble = :trouble;
