-- Who may do a thing alone, over tasks and processes.

-- name: take
INSERT INTO leases (name, holder, until_at) VALUES (:name, :holder, :until_at)
ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until_at = excluded.until_at
    WHERE leases.until_at <= :now;

-- name: free
DELETE FROM leases WHERE name = :name AND holder = :holder;

-- name: free_all
DELETE FROM leases;
