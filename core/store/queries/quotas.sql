-- Units of quotas, reserved and spent, and who waits for them.
-- `upload_id - :upload_id <> 0` is a plain `<>` that SQLite does not hold against the condition of
-- an index, for which it would plan the statement anew at each call.

-- Takes units where there is plenty, nobody's time has come and the action is the one that the
-- upload reserved for; no row says: look closely.
-- name: take
INSERT INTO spending (scope, name, action, units, moment, upload_id, state, at)
SELECT :scope, :name, :action, :units, :moment, :upload_id, 'reserved', :at
WHERE :enough >= :units
    + coalesce((SELECT sum(s.units) FROM spending s
        WHERE s.scope = :scope AND s.name = :name AND s.state = 'spent' AND s.at > :since), 0)
    + coalesce((SELECT sum(s.units) FROM spending s
        WHERE s.scope = :scope AND s.name = :name AND s.state = 'reserved'
            AND s.upload_id - :upload_id <> 0), 0)
    AND NOT EXISTS (SELECT 1 FROM live_limits l
        WHERE l.scope IN (:account, :project)
            AND (l.until_at > :at
                OR l.name = :name AND l.scope = :scope AND coalesce(l.allowed, l.used) IS NOT NULL))
    AND NOT EXISTS (SELECT 1 FROM uploads u
        WHERE u.state = 'waiting' AND u.reason = 'quota' AND u.until_at <= :at)
    AND NOT EXISTS (SELECT 1 FROM uploads u WHERE u.id = :upload_id AND u.action <> :action)
ON CONFLICT (scope, name, upload_id, action, units) WHERE state = 'reserved'
    DO UPDATE SET at = excluded.at
RETURNING units;

-- name: reserve
INSERT INTO spending (scope, name, action, units, moment, upload_id, state, at)
VALUES (:scope, :name, :action, :units, :moment, :upload_id, 'reserved', :at)
ON CONFLICT (scope, name, upload_id, action, units) WHERE state = 'reserved'
    DO UPDATE SET at = excluded.at;

-- What was reserved is spent; what was spent by the same intent is spent later.
-- name: spend
UPDATE spending SET state = 'spent', at = :at
WHERE id IN (
    SELECT s.id FROM spending s
    WHERE s.state = 'reserved' AND s.upload_id = :upload_id AND s.moment = :moment
    UNION ALL
    SELECT s.id FROM spending s
    WHERE s.state = 'spent' AND s.upload_id = :upload_id AND s.upload_id <> 0
        AND s.moment = :moment AND s.at >= :again
);

-- name: settle
UPDATE spending SET state = 'spent', at = :at
WHERE upload_id = :upload_id AND state = 'reserved';

-- name: withdraw
UPDATE spending SET state = 'reserved'
WHERE upload_id = :upload_id AND upload_id <> 0 AND moment = 'commit' AND state = 'spent'
    AND at >= :since;

-- name: release
DELETE FROM spending WHERE upload_id = :upload_id AND state = 'reserved';

-- name: add_to
UPDATE spending SET units = units + :units
WHERE id = (SELECT max(s.id) FROM spending s
    WHERE s.scope = :scope AND s.name = :name AND s.state = 'spent' AND s.at >= :since
        AND s.action = :action AND s.upload_id = 0);

-- name: add
INSERT INTO spending (scope, name, action, units, moment, upload_id, state, at)
VALUES (:scope, :name, :action, :units, 'begin', 0, 'spent', :at);

-- name: forget
DELETE FROM spending WHERE state = 'spent' AND at < :before;

-- name: events
SELECT s.scope, s.name, s.at, s.units, 0 AS held FROM spending s
WHERE s.state = 'spent' AND s.scope = :scope AND s.at > :since
UNION ALL
SELECT s.scope, s.name, s.at, s.units, 1 AS held FROM spending s
WHERE s.state = 'reserved' AND s.scope = :scope AND s.upload_id - :upload_id <> 0;

-- name: events_of_project
SELECT s.scope, s.name, s.at, s.units, 0 AS held
FROM accounts a JOIN spending s ON s.scope = 'account:' || a.id
WHERE a.platform = :platform AND a.project = :project AND s.state = 'spent' AND s.at > :since
UNION ALL
SELECT s.scope, s.name, s.at, s.units, 1 AS held
FROM accounts a JOIN spending s ON s.scope = 'account:' || a.id
WHERE a.platform = :platform AND a.project = :project AND s.state = 'reserved'
    AND s.upload_id - :upload_id <> 0;

-- name: live
SELECT * FROM live_limits WHERE scope = :scope;

-- name: live_of_project
SELECT l.* FROM accounts a JOIN live_limits l ON l.scope = 'account:' || a.id
WHERE a.platform = :platform AND a.project = :project;

-- name: set_live
INSERT INTO live_limits (scope, name, allowed, used, others, until_at, at)
VALUES (:scope, :name, :allowed, :used, :others, :until_at, :at)
ON CONFLICT (scope, name) DO UPDATE SET allowed = excluded.allowed, used = excluded.used,
    others = excluded.others, until_at = excluded.until_at, at = excluded.at;

-- name: hold
INSERT INTO live_limits (scope, name, until_at, at) VALUES (:scope, :name, :until_at, :at)
ON CONFLICT (scope, name) DO UPDATE SET until_at = excluded.until_at, at = excluded.at;

-- name: upload
SELECT u.id, u.post_id, u.account_id, u.action, p.priority
FROM uploads u JOIN posts p ON p.id = u.post_id WHERE u.id = :id;

-- name: set_action
UPDATE uploads SET action = :action WHERE id = :id AND action <> :action;

-- Those whose time has come: a unit is theirs until they are taken up.
-- name: due
SELECT u.id, u.post_id, u.account_id, u.action, p.priority
FROM uploads u JOIN posts p ON p.id = u.post_id JOIN accounts a ON a.id = u.account_id
WHERE u.state = 'waiting' AND u.reason = 'quota' AND u.until_at <= :now AND u.until_at > :since
    AND a.platform = :platform AND a.project = :project AND a.state = 'ok'
    AND coalesce(a.until_at, 0) <= :now AND u.id <> :upload_id
    AND u.id NOT IN (SELECT s.upload_id FROM spending s WHERE s.state = 'reserved');

-- Those that wake at a time.
-- name: waking
SELECT u.id, u.post_id, u.account_id, u.action, p.priority
FROM uploads u JOIN posts p ON p.id = u.post_id JOIN accounts a ON a.id = u.account_id
WHERE u.state = 'waiting' AND u.reason = 'quota' AND u.until_at = :at
    AND a.platform = :platform AND a.project = :project AND a.state = 'ok';

-- Those that wait and go first when they can.
-- name: ahead_of_account
SELECT u.id, u.post_id, u.account_id, u.action, p.priority
FROM uploads u JOIN posts p ON p.id = u.post_id
WHERE u.account_id = :account_id AND u.state = 'waiting' AND u.reason = 'quota'
    AND u.until_at > :since AND u.id <> :id
    AND (p.priority > :priority OR p.priority = :priority
        AND (u.post_id < :post_id OR u.post_id = :post_id AND u.id < :id))
    AND u.id NOT IN (SELECT s.upload_id FROM spending s WHERE s.state = 'reserved');

-- name: ahead_of_project
SELECT u.id, u.post_id, u.account_id, u.action, p.priority
FROM accounts a JOIN uploads u ON u.account_id = a.id JOIN posts p ON p.id = u.post_id
WHERE a.platform = :platform AND a.project = :project AND a.state = 'ok'
    AND u.state = 'waiting' AND u.reason = 'quota' AND u.until_at > :since AND u.id <> :id
    AND (p.priority > :priority OR p.priority = :priority
        AND (u.post_id < :post_id OR u.post_id = :post_id AND u.id < :id))
    AND u.id NOT IN (SELECT s.upload_id FROM spending s WHERE s.state = 'reserved');

-- name: waiting_of_account
SELECT u.id, u.post_id, u.account_id, u.action, u.until_at, p.priority
FROM uploads u JOIN posts p ON p.id = u.post_id
WHERE u.account_id = :account_id AND u.state = 'waiting' AND u.reason = 'quota'
    AND u.id NOT IN (SELECT s.upload_id FROM spending s WHERE s.state = 'reserved')
ORDER BY p.priority DESC, u.post_id, u.id;

-- name: waiting_of_project
SELECT u.id, u.post_id, u.account_id, u.action, u.until_at, p.priority
FROM accounts a JOIN uploads u ON u.account_id = a.id JOIN posts p ON p.id = u.post_id
WHERE a.platform = :platform AND a.project = :project AND a.state = 'ok'
    AND u.state = 'waiting' AND u.reason = 'quota'
    AND u.id NOT IN (SELECT s.upload_id FROM spending s WHERE s.state = 'reserved')
ORDER BY p.priority DESC, u.post_id, u.id;

-- The earliest alarm of an account or of all accounts of a project, later than a time.
-- What those of an account that wait for a quota count as.
-- name: waiting_actions
SELECT DISTINCT action FROM uploads
WHERE account_id = :account_id AND state = 'waiting' AND reason = 'quota';

-- name: next_of_account
SELECT min(u.until_at) AS at FROM uploads u
WHERE u.account_id = :account_id AND u.state = 'waiting' AND u.reason = 'quota'
    AND u.until_at > :now;

-- name: next_of_project
SELECT min((SELECT min(u.until_at) FROM uploads u
    WHERE u.account_id = a.id AND u.state = 'waiting' AND u.reason = 'quota'
        AND u.until_at > :now)) AS at
FROM accounts a WHERE a.platform = :platform AND a.project = :project AND a.state = 'ok';

-- name: places
SELECT DISTINCT a.platform, a.project, a.id AS account_id
FROM uploads u JOIN accounts a ON a.id = u.account_id
WHERE u.state = 'waiting' AND u.reason = 'quota' AND a.state = 'ok';

-- name: rests
SELECT a.id, a.until_at,
    (SELECT max(u.finished_at) FROM uploads u
        WHERE u.account_id = a.id AND u.state = 'live' AND u.finished_at IS NOT NULL) AS live_at
FROM accounts a WHERE a.id = :account_id;

-- name: rests_of_project
SELECT a.id, a.until_at,
    (SELECT max(u.finished_at) FROM uploads u
        WHERE u.account_id = a.id AND u.state = 'live' AND u.finished_at IS NOT NULL) AS live_at
FROM accounts a WHERE a.platform = :platform AND a.project = :project;

-- name: account
SELECT id, platform, project, name, state, chat_id, until_at FROM accounts WHERE id = :id;

-- name: set_project
UPDATE accounts SET project = :project WHERE id = :id AND project <> :project;

-- Units of a time in which all applications counted as one go to that of their account.
-- name: tell_projects
UPDATE spending SET scope = scope || ':' || (
    SELECT a.project FROM uploads u JOIN accounts a ON a.id = u.account_id
    WHERE u.id = spending.upload_id)
WHERE upload_id <> 0 AND scope = 'project:' || (
    SELECT a.platform FROM uploads u JOIN accounts a ON a.id = u.account_id
    WHERE u.id = spending.upload_id AND a.project <> '');

-- name: count_accounts
SELECT count(*) AS n FROM accounts WHERE state <> 'removed';

-- name: page
SELECT id, platform, project, name, state, chat_id, until_at FROM accounts
WHERE state <> 'removed' ORDER BY platform, name, id LIMIT :limit OFFSET :offset;

-- Everything that has not begun, whatever it waits for.
-- name: queued_of_account
SELECT u.id, u.post_id, u.account_id, u.action, p.priority,
    CASE WHEN u.reason IN ('time', 'cooldown', 'disk') THEN u.until_at ELSE u.not_before END
        AS ready_at
FROM uploads u JOIN posts p ON p.id = u.post_id
WHERE u.account_id = :account_id AND u.finished_at IS NULL AND u.state = 'waiting'
    AND u.reason NOT IN ('platform', 'person') AND u.staged_at IS NULL
    AND u.id NOT IN (SELECT s.upload_id FROM spending s WHERE s.state = 'reserved')
ORDER BY p.priority DESC, u.post_id, u.id;

-- name: queued_of_project
SELECT u.id, u.post_id, u.account_id, u.action, p.priority,
    CASE WHEN u.reason IN ('time', 'cooldown', 'disk') THEN u.until_at ELSE u.not_before END
        AS ready_at
FROM accounts a JOIN uploads u ON u.account_id = a.id JOIN posts p ON p.id = u.post_id
WHERE a.platform = :platform AND a.project = :project AND a.state = 'ok'
    AND u.finished_at IS NULL AND u.state = 'waiting' AND u.reason NOT IN ('platform', 'person')
    AND u.staged_at IS NULL
    AND u.id NOT IN (SELECT s.upload_id FROM spending s WHERE s.state = 'reserved')
ORDER BY p.priority DESC, u.post_id, u.id;

-- At their last step: they wait for the others of their post or for its time.
-- name: staged_of_account
SELECT count(*) AS n, min(u.until_at) AS at FROM uploads u
WHERE u.account_id = :account_id AND u.finished_at IS NULL AND u.staged_at IS NOT NULL
    AND u.state IN ('waiting', 'processing') AND u.reason IN ('time', 'person');

-- Accounts of the same platform in a group with one.
-- name: rivals
SELECT DISTINCT a.id, a.platform, a.project, a.name, a.state, a.chat_id, a.until_at
FROM group_members m JOIN group_members o ON o.group_id = m.group_id
    JOIN accounts a ON a.id = o.account_id
    JOIN accounts me ON me.id = m.account_id
WHERE m.account_id = :account_id AND a.id <> :account_id AND a.platform = me.platform
    AND a.state = 'ok'
ORDER BY a.id;
