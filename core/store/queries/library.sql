-- Assets, their words, who uses and holds them, and files of watched folders.

-- name: insert
INSERT INTO assets (
    kind, sha256, suffix, size_bytes, media, facts, seconds, thumbnail, name, tags, platform,
    mood, category, licence, origin, attribution, rights, added_by, added_at
) VALUES (
    :kind, :sha256, :suffix, :size_bytes, :media, :facts, :seconds, :thumbnail, :name, :tags,
    :platform, :mood, :category, :licence, :origin, :attribution, :rights, :added_by, :now
)
RETURNING *;

-- name: get
SELECT * FROM assets WHERE id = :id;

-- name: of_bytes
SELECT * FROM assets WHERE sha256 = :sha256 ORDER BY id;

-- name: say
UPDATE assets SET name = :name, tags = :tags, platform = :platform, mood = :mood,
    category = :category, licence = :licence, origin = :origin, attribution = :attribution,
    rights = :rights
WHERE id = :id
RETURNING *;

-- name: revive
UPDATE assets SET deleted_at = NULL WHERE id = :id RETURNING *;

-- name: drop_words
DELETE FROM asset_words WHERE rowid = :id;

-- name: insert_words
INSERT INTO asset_words (rowid, name, tags, mood, category, origin, attribution)
VALUES (:id, :name, :tags, :mood, :category, :origin, :attribution);

-- name: find
SELECT * FROM assets a
WHERE a.deleted_at IS NULL
  AND (:kind = '' OR a.kind = :kind)
  AND (:platform = '' OR a.platform = :platform)
  AND (:mood = '' OR a.mood = :mood)
  AND (:category = '' OR a.category = :category)
  AND (:tag = '' OR a.id IN (SELECT t.asset_id FROM asset_tags t WHERE t.tag = :tag))
ORDER BY a.id DESC LIMIT :limit OFFSET :offset;

-- name: count_found
SELECT count(*) AS n FROM assets a
WHERE a.deleted_at IS NULL
  AND (:kind = '' OR a.kind = :kind)
  AND (:platform = '' OR a.platform = :platform)
  AND (:mood = '' OR a.mood = :mood)
  AND (:category = '' OR a.category = :category)
  AND (:tag = '' OR a.id IN (SELECT t.asset_id FROM asset_tags t WHERE t.tag = :tag));

-- name: search
SELECT a.* FROM asset_words w JOIN assets a ON a.id = w.rowid
WHERE asset_words MATCH :match
  AND a.deleted_at IS NULL
  AND (:kind = '' OR a.kind = :kind)
  AND (:platform = '' OR a.platform = :platform)
  AND (:mood = '' OR a.mood = :mood)
  AND (:category = '' OR a.category = :category)
  AND (:tag = '' OR a.id IN (SELECT t.asset_id FROM asset_tags t WHERE t.tag = :tag))
ORDER BY bm25(asset_words, 10.0, 5.0, 3.0, 3.0, 1.0, 1.0), a.id DESC LIMIT :limit OFFSET :offset;

-- name: count_searched
SELECT count(*) AS n FROM asset_words w JOIN assets a ON a.id = w.rowid
WHERE asset_words MATCH :match
  AND a.deleted_at IS NULL
  AND (:kind = '' OR a.kind = :kind)
  AND (:platform = '' OR a.platform = :platform)
  AND (:mood = '' OR a.mood = :mood)
  AND (:category = '' OR a.category = :category)
  AND (:tag = '' OR a.id IN (SELECT t.asset_id FROM asset_tags t WHERE t.tag = :tag));

-- name: candidates
SELECT id, sha256, uses, last_used_at, picked_at FROM assets
WHERE deleted_at IS NULL AND kind = :kind
  AND (:platform = '' OR platform IN (:platform, ''))
  AND (:mood = '' OR mood = :mood);

-- name: picked
UPDATE assets SET picked_at = :now WHERE id = :id;

-- name: moods
SELECT mood, count(*) AS n FROM assets
WHERE deleted_at IS NULL AND kind = :kind AND mood <> ''
GROUP BY mood ORDER BY n DESC, mood;

-- name: tags
SELECT t.tag, count(*) AS n FROM asset_tags t JOIN assets a ON a.id = t.asset_id
WHERE a.deleted_at IS NULL AND (:kind = '' OR a.kind = :kind)
GROUP BY t.tag ORDER BY n DESC, t.tag LIMIT :limit;

-- name: stats
SELECT kind, count(*) AS n, sum(size_bytes) AS size_bytes, sum(seconds) AS seconds,
    sum(uses) AS uses
FROM assets WHERE deleted_at IS NULL GROUP BY kind;

-- name: hold
INSERT INTO asset_holds (asset_id, holder, at)
SELECT id, :holder, :now FROM assets
WHERE id = :asset_id AND (
    deleted_at IS NULL OR id IN (SELECT asset_id FROM asset_holds WHERE holder = :holder)
)
ON CONFLICT (holder, asset_id) DO UPDATE SET at = asset_holds.at;

-- name: let_go
DELETE FROM asset_holds WHERE holder = :holder;

-- name: holders
SELECT holder FROM asset_holds WHERE asset_id = :id ORDER BY at, holder;

-- name: all_holders
SELECT DISTINCT holder FROM asset_holds ORDER BY holder;

-- name: is_counted
SELECT 1 AS n FROM asset_uses WHERE asset_id = :asset_id AND holder = :holder LIMIT 1;

-- name: insert_use
INSERT INTO asset_uses (asset_id, holder, account, at) VALUES (:asset_id, :holder, :account, :now)
ON CONFLICT (asset_id, holder, account) DO NOTHING;

-- name: count_use
UPDATE assets SET uses = uses + 1, last_used_at = :now WHERE id = :id;

-- name: used_by
SELECT DISTINCT asset_id FROM asset_uses WHERE holder = :holder ORDER BY asset_id;

-- name: drop_uses
DELETE FROM asset_uses WHERE holder = :holder;

-- name: uncount_use
UPDATE assets SET uses = max(0, uses - 1),
    last_used_at = (SELECT max(at) FROM asset_uses WHERE asset_id = :id)
WHERE id = :id;

-- name: doom
UPDATE assets SET deleted_at = coalesce(deleted_at, :now) WHERE id = :id;

-- name: drop_unheld
DELETE FROM assets
WHERE deleted_at IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM asset_holds h WHERE h.asset_id = assets.id)
RETURNING id, sha256;

-- name: digests
SELECT DISTINCT sha256 FROM assets;

-- name: orphans
SELECT f.sha256 FROM stored_files f
WHERE NOT EXISTS (SELECT 1 FROM assets a WHERE a.sha256 = f.sha256);

-- name: watched
SELECT path, size_bytes, modified_ns FROM watched_files WHERE path >= :first AND path < :last;

-- name: see_watched
INSERT INTO watched_files (path, size_bytes, modified_ns, asset_id, note, facts, at)
VALUES (:path, :size_bytes, :modified_ns, :asset_id, :note, :facts, :now)
ON CONFLICT (path) DO UPDATE SET size_bytes = excluded.size_bytes,
    modified_ns = excluded.modified_ns, asset_id = excluded.asset_id, note = excluded.note,
    facts = excluded.facts, at = excluded.at;

-- name: forget_watched
DELETE FROM watched_files WHERE path = :path;
