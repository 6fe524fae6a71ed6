-- The tasks of the embedded engine. A finished task is deleted and its key remembered for a while.
-- States: ready, later (not due), blocked (ready, but its lock is taken), running.

CREATE TABLE tasks (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    queue TEXT NOT NULL,
    args TEXT NOT NULL,
    lock TEXT NOT NULL,
    priority INTEGER NOT NULL,
    state TEXT NOT NULL,
    run_at DOUBLE PRECISION NOT NULL,
    errors INTEGER NOT NULL DEFAULT 0,
    crashes INTEGER NOT NULL DEFAULT 0,
    cancel_asked INTEGER NOT NULL DEFAULT 0,
    lease_until DOUBLE PRECISION
);
CREATE INDEX tasks_ready ON tasks (queue, priority DESC, run_at, id) WHERE state = 'ready';
CREATE INDEX tasks_later ON tasks (run_at, id) WHERE state = 'later';
CREATE INDEX tasks_blocked ON tasks (lock, priority DESC, run_at, id) WHERE state = 'blocked';
CREATE INDEX tasks_running ON tasks (lease_until) WHERE state = 'running';
-- Of all tasks with one lock at most one is ready or running, so a claim never meets a taken lock.
CREATE UNIQUE INDEX tasks_head ON tasks (lock)
    WHERE lock <> '' AND state IN ('ready', 'running');

CREATE TABLE task_keys (
    key TEXT PRIMARY KEY,
    at DOUBLE PRECISION NOT NULL
);
CREATE INDEX task_keys_at ON task_keys (at);
