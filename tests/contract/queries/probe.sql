-- Statements of the contract suite, on tables that every store has.

-- name: set
INSERT INTO facts (name, value) VALUES (:key, :value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: insert
INSERT INTO facts (name, value) VALUES (:key, :value);

-- name: insert_returning
INSERT INTO facts (name, value) VALUES (:key, :value) RETURNING name, value;

-- name: get
SELECT value FROM facts WHERE name = :key;

-- name: list
SELECT name, value FROM facts ORDER BY name;

-- name: delete_all
DELETE FROM facts;

-- name: orphan
INSERT INTO timeline (post_id, at, event) VALUES (:post_id, 0, 'accepted');
