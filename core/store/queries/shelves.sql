-- Where files lie: storages, files by digest, and what is yet to be written or deleted.

-- name: get
SELECT * FROM stored_files WHERE sha256 = :sha256;

-- name: insert
INSERT INTO stored_files (sha256, storage, key, size_bytes, at)
VALUES (:sha256, :storage, :key, :size_bytes, :now);

-- name: remove
DELETE FROM stored_files WHERE sha256 = :sha256 RETURNING *;

-- name: switch
UPDATE stored_files SET storage = :storage, key = :key, at = :now
WHERE sha256 = :sha256 AND storage = :old_storage AND key = :old_key;

-- name: elsewhere
SELECT * FROM stored_files WHERE storage <> :storage AND sha256 > :after
ORDER BY sha256 LIMIT :limit;

-- name: sums
SELECT storage, count(*) AS files, coalesce(sum(size_bytes), 0) AS bytes
FROM stored_files GROUP BY storage ORDER BY storage;

-- name: claim
INSERT INTO stored_claims (storage, key, sha256, is_doomed, at)
VALUES (:storage, :key, :sha256, :is_doomed, :now)
ON CONFLICT (storage, key) DO UPDATE SET is_doomed = excluded.is_doomed, at = excluded.at;

-- name: drop_claim
DELETE FROM stored_claims WHERE storage = :storage AND key = :key;

-- name: doomed_claims
SELECT * FROM stored_claims
WHERE sha256 = :sha256 AND is_doomed = 1 AND NOT EXISTS (
    SELECT 1 FROM asset_holds h JOIN assets a ON a.id = h.asset_id
    WHERE a.sha256 = stored_claims.sha256
)
ORDER BY storage, key;

-- name: claims
SELECT * FROM stored_claims
WHERE is_doomed = 0 OR NOT EXISTS (
    SELECT 1 FROM asset_holds h JOIN assets a ON a.id = h.asset_id
    WHERE a.sha256 = stored_claims.sha256
)
ORDER BY at, storage, key;

-- name: claim_of
SELECT * FROM stored_claims WHERE storage = :storage AND key = :key;

-- name: count_claims
SELECT count(*) AS claims FROM stored_claims WHERE is_doomed = 1 AND storage <> :storage;

-- name: storage
SELECT * FROM storages WHERE name = :name;

-- name: storages
SELECT * FROM storages ORDER BY id;

-- name: remember
INSERT INTO storages (name, place, secret, at) VALUES (:name, :place, :secret, :now)
ON CONFLICT (name) DO UPDATE SET place = excluded.place, secret = excluded.secret;

-- name: forget_redirects
UPDATE storages SET moves_to = '' WHERE name <> :name AND moves_to <> '';

-- name: redirect
INSERT INTO storages (name, place, moves_to, at) VALUES (:name, :place, :moves_to, :now)
ON CONFLICT (name) DO UPDATE SET moves_to = excluded.moves_to;
