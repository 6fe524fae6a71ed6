-- Groups of accounts, and what the choice between accounts is made from.

-- name: all
SELECT * FROM account_groups ORDER BY id;

-- name: members
SELECT m.group_id, m.account_id FROM group_members m
JOIN accounts a ON a.id = m.account_id
WHERE a.state <> 'removed' ORDER BY m.group_id, m.account_id;

-- name: create
INSERT INTO account_groups (name, rule, created_at) VALUES (:name, :rule, :at)
ON CONFLICT (name) DO NOTHING RETURNING id;

-- name: set_rule
UPDATE account_groups SET rule = :rule WHERE id = :id;

-- name: set_gap
UPDATE account_groups SET gap_seconds = :gap_seconds WHERE id = :id;

-- name: take_turn
UPDATE account_groups SET turn = turn + 1 WHERE id = :id;

-- name: add_member
INSERT INTO group_members (group_id, account_id) VALUES (:group_id, :account_id)
ON CONFLICT (group_id, account_id) DO NOTHING;

-- name: remove_member
DELETE FROM group_members WHERE group_id = :group_id AND account_id = :account_id;

-- name: empty
DELETE FROM group_members WHERE group_id = :group_id;

-- name: delete
DELETE FROM account_groups WHERE id = :id;

-- The newest outcomes of an account that say something about it: not what people cancelled, and
-- not what was wrong with the video itself.
-- name: outcomes
SELECT state, error_kind, finished_at FROM uploads
WHERE account_id = :account_id AND finished_at IS NOT NULL
    AND state IN ('live', 'failed') AND error_kind NOT IN ('source', 'rejected')
ORDER BY finished_at DESC LIMIT :most;

-- name: last_live
SELECT max(finished_at) AS at FROM uploads
WHERE account_id = :account_id AND state = 'live';

-- How much an account has to do and did lately.
-- name: load
SELECT
    (SELECT count(*) FROM uploads WHERE account_id = :account_id
        AND state NOT IN ('live', 'failed', 'cancelled')) AS open,
    (SELECT count(*) FROM uploads WHERE account_id = :account_id
        AND state = 'live' AND finished_at >= :since) AS live;

-- name: cool
UPDATE accounts SET until_at = :until_at
WHERE id = :id AND coalesce(until_at, 0) < :until_at;

-- name: warm
UPDATE accounts SET until_at = NULL WHERE id = :id;
