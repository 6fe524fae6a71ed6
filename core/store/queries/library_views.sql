-- Messages in which people look through the library.

-- name: insert
INSERT INTO library_views (chat_id, user_id, message_id, filters, menu, asset_id, created_at)
VALUES (:chat_id, :user_id, :message_id, :filters, :menu, :asset_id, :now)
RETURNING id;

-- name: get
SELECT * FROM library_views WHERE id = :id;

-- name: by_board
SELECT v.* FROM library_views v JOIN boards b ON b.name = 'library:' || v.id
WHERE b.chat_id = :chat_id AND b.message_id = :message_id;

-- name: save
UPDATE library_views SET filters = :filters, page = :page, menu = :menu, asset_id = :asset_id
WHERE id = :id;

-- name: forget
DELETE FROM library_views WHERE created_at < :before;

-- Words that assets are sorted by, the frequent ones first.
-- name: moods
SELECT mood AS word, count(*) AS assets FROM assets
WHERE deleted_at IS NULL AND mood <> '' AND (:kind = '' OR kind = :kind)
GROUP BY mood ORDER BY assets DESC, word LIMIT :limit;

-- name: platforms
SELECT platform AS word, count(*) AS assets FROM assets
WHERE deleted_at IS NULL AND platform <> '' AND (:kind = '' OR kind = :kind)
GROUP BY platform ORDER BY assets DESC, word LIMIT :limit;

-- What an asset was used for, the latest first.
-- name: uses
SELECT holder, min(at) AS at FROM asset_uses WHERE asset_id = :asset_id
GROUP BY holder ORDER BY at DESC LIMIT :limit;

-- name: holders
SELECT count(*) AS holders FROM asset_holds WHERE asset_id = :asset_id;
