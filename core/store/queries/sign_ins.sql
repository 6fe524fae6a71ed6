-- Sign-ins that were begun. Stages: new, exchange, choose, done, failed.

-- name: add
INSERT INTO sign_ins (state, ticket, login, user_id, chat_id, account_id, sealed, created_at,
    expires_at)
VALUES (:state, :ticket, :login, :user_id, :chat_id, :account_id, :sealed, :now, :expires_at)
RETURNING *;

-- name: get
SELECT * FROM sign_ins WHERE id = :id;

-- name: by_state
SELECT * FROM sign_ins WHERE state = :state;

-- name: by_ticket
SELECT * FROM sign_ins WHERE ticket = :ticket;

-- name: open
UPDATE sign_ins SET browser = :browser
WHERE id = :id AND stage = 'new' AND browser = :known AND expires_at > :now;

-- name: claim
UPDATE sign_ins SET stage = 'exchange', used_at = :now
WHERE id = :id AND stage = 'new' AND expires_at > :now;

-- name: release
UPDATE sign_ins SET stage = 'new', used_at = NULL WHERE id = :id AND stage = 'exchange';

-- name: offer
UPDATE sign_ins SET stage = 'choose', sealed = :sealed, expires_at = :expires_at
WHERE id = :id AND stage = 'exchange';

-- name: keep
UPDATE sign_ins SET sealed = :sealed WHERE id = :id AND stage = 'choose';

-- name: finish
UPDATE sign_ins SET stage = :stage, sealed = '' WHERE id = :id AND stage IN ('exchange', 'choose');

-- name: interrupted
SELECT * FROM sign_ins WHERE stage = 'exchange' ORDER BY id;

-- name: wipe
UPDATE sign_ins SET sealed = '' WHERE expires_at <= :now AND sealed <> '' AND stage <> 'exchange';

-- name: forget
DELETE FROM sign_ins WHERE expires_at <= :before AND stage <> 'exchange';
