-- What mashups are compared with: earlier uses of assets, and what accounts got lately.

-- name: uses
SELECT at FROM asset_uses
WHERE asset_id = :asset_id AND account = :account AND at > :since ORDER BY at;

-- One that was made again in vain was published before all the same.
-- name: recent
SELECT id, mashup, sha256, post_id FROM renders
WHERE preview = 0 AND (state NOT IN ('failed', 'cancelled') OR post_id IS NOT NULL)
  AND (created_at > :since OR finished_at > :since)
ORDER BY id DESC;

-- Accounts that a render is made for, and those that its post went to.
-- name: got
SELECT account AS account_id FROM asset_uses WHERE holder = :holder AND account <> 0
UNION
SELECT account_id FROM uploads
WHERE post_id = :post_id AND state NOT IN ('failed', 'cancelled');
