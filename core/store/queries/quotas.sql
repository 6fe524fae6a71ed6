-- Units of quotas, spent and reserved.

-- name: used
SELECT coalesce(sum(units), 0) AS used, min(CASE WHEN state = 'spent' THEN at END) AS oldest
FROM spending
WHERE scope = :scope AND name = :name AND (state = 'reserved' OR at >= :since)
    AND upload_id <> :upload_id;

-- name: reserve
INSERT INTO spending (scope, name, action, units, upload_id, state, at)
VALUES (:scope, :name, :action, :units, :upload_id, 'reserved', :at)
ON CONFLICT (scope, name, upload_id, action, units) WHERE state = 'reserved' DO NOTHING;

-- name: settle
UPDATE spending SET state = 'spent', at = :at WHERE upload_id = :upload_id AND state = 'reserved';

-- name: release
DELETE FROM spending WHERE upload_id = :upload_id AND state = 'reserved';
