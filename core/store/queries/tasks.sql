-- The embedded engine's tasks. Times are seconds since 1970.

-- name: add
INSERT INTO tasks (key, kind, queue, args, lock, priority, run_at, state)
SELECT
    :key, :kind, :queue, :args, :lock, :priority, :run_at,
    CASE
        WHEN :run_at > :now THEN 'later'
        WHEN EXISTS (
            SELECT 1 FROM tasks
            WHERE lock = :lock AND lock <> '' AND state IN ('ready', 'running')
        ) THEN 'blocked'
        ELSE 'ready'
    END
WHERE NOT EXISTS (SELECT 1 FROM task_keys WHERE key = :key)
ON CONFLICT (key) DO NOTHING
RETURNING state;

-- name: claim
UPDATE tasks SET state = 'running', lease_until = :lease_until
WHERE id IN (
    SELECT id FROM tasks
    WHERE queue = :queue AND state = 'ready'
    ORDER BY priority DESC, run_at, id
    LIMIT :slots
)
RETURNING id, key, kind, queue, args, lock, priority, run_at, errors, crashes, cancel_asked;

-- name: remember
INSERT INTO task_keys (key, at) VALUES (:key, :now) ON CONFLICT (key) DO NOTHING;

-- name: finish
DELETE FROM tasks WHERE id = :id AND key = :key;

-- Gives a running task back; not when a person cancelled it.
-- name: release
UPDATE tasks SET
    state = CASE
        WHEN :run_at > :now THEN 'later'
        WHEN lock <> '' THEN 'blocked'
        ELSE 'ready'
    END,
    run_at = :run_at,
    errors = :errors,
    crashes = :crashes,
    lease_until = NULL
WHERE id = :id AND key = :key AND state = 'running' AND cancel_asked = 0
RETURNING state;

-- Makes the first blocked task of a lock ready when nothing else holds its place.
-- name: unblock
UPDATE tasks SET state = 'ready'
WHERE id = (
    SELECT id FROM tasks
    WHERE state = 'blocked' AND lock = :lock
    ORDER BY priority DESC, run_at, id
    LIMIT 1
) AND NOT EXISTS (
    SELECT 1 FROM tasks WHERE lock = :lock AND lock <> '' AND state IN ('ready', 'running')
)
RETURNING queue;

-- Takes the place of a lock from a ready task that is less urgent.
-- name: block
UPDATE tasks SET state = 'blocked'
WHERE lock = :lock AND lock <> '' AND state IN ('ready', 'running')
    AND state = 'ready' AND priority < :priority;

-- name: next_due
SELECT min(run_at) AS run_at FROM tasks WHERE state = 'later';

-- name: promote_due
UPDATE tasks SET state = CASE WHEN lock = '' THEN 'ready' ELSE 'blocked' END
WHERE id IN (
    SELECT id FROM tasks WHERE state = 'later' AND run_at <= :now ORDER BY run_at, id LIMIT :most
)
RETURNING queue, lock, priority;

-- name: renew
UPDATE tasks SET lease_until = :lease_until
WHERE id = :id AND key = :key AND state = 'running';

-- name: expired
SELECT id, key, kind, queue, args, lock, priority, run_at, errors, crashes, cancel_asked
FROM tasks WHERE state = 'running' AND lease_until <= :now;

-- name: running
SELECT id, key, kind, queue, args, lock, priority, run_at, errors, crashes, cancel_asked
FROM tasks WHERE state = 'running';

-- name: next_queue
SELECT queue FROM tasks WHERE state = 'ready' AND queue > :after ORDER BY queue LIMIT 1;

-- name: cancel_waiting
DELETE FROM tasks WHERE key = :key AND state <> 'running' RETURNING lock;

-- name: cancel_running
UPDATE tasks SET cancel_asked = 1 WHERE key = :key AND state = 'running';

-- name: state
SELECT state FROM tasks WHERE key = :key;

-- name: counts
SELECT queue, state, count(*) AS tasks FROM tasks GROUP BY queue, state ORDER BY queue, state;

-- name: forget
DELETE FROM task_keys WHERE key IN (
    SELECT key FROM task_keys WHERE at < :before ORDER BY at LIMIT :most
);
