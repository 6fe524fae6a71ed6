-- Looks at pages, their links, and links that were taken once.

-- name: insert
INSERT INTO looks (chat_id, user_id, message_id, url, caption, state, mode, smallest_first,
                   created_at)
VALUES (:chat_id, :user_id, :message_id, :url, :caption, :state, :mode, :smallest_first, :now)
RETURNING id;

-- name: get
SELECT * FROM looks WHERE id = :id;

-- name: unfinished
SELECT * FROM looks WHERE state IN ('reading', 'pulling', 'cancelling') ORDER BY id;

-- name: same_pull
SELECT * FROM looks
WHERE state = 'pulling' AND chat_id = 0 AND url = :url AND caption = :caption
ORDER BY id DESC LIMIT 1;

-- name: by_board
SELECT l.* FROM looks l JOIN boards b ON b.name = 'look:' || l.id
WHERE b.chat_id = :chat_id AND b.message_id = :message_id;

-- name: set_state
UPDATE looks SET state = :state, note = :note, note_facts = :note_facts, menu = '',
    started_at = CASE WHEN :state = 'pulling' THEN :now ELSE started_at END,
    finished_at = CASE WHEN :ended = 1 THEN :now ELSE NULL END
WHERE id = :id AND state = :before;

-- name: set_found
UPDATE looks SET title = :title, pages = :pages, findings = :findings WHERE id = :id;

-- name: set_view
UPDATE looks SET shown_page = :shown_page, menu = :menu, mode = :mode
WHERE id = :id AND state = 'open';

-- name: next_generation
UPDATE looks SET generation = generation + 1 WHERE id = :id RETURNING generation;

-- name: drop_links
DELETE FROM look_links WHERE look_id = :look_id;

-- name: insert_link
INSERT INTO look_links (look_id, number, url, digest, kind, title, size_bytes, duration_seconds,
                        version, trouble, page, identity, is_seen)
VALUES (:look_id, :number, :url, :digest, :kind, :title, :size_bytes, :duration_seconds,
        :version, :trouble, :page, :identity, :is_seen);

-- name: links
SELECT * FROM look_links WHERE look_id = :look_id ORDER BY number;

-- name: pick
UPDATE look_links SET is_picked = :is_picked WHERE look_id = :look_id AND number = :number;

-- name: unfed
SELECT * FROM look_links WHERE look_id = :look_id AND is_picked = 1 AND outcome = ''
ORDER BY CASE WHEN :smallest_first = 1 THEN coalesce(size_bytes, 9000000000000000000) ELSE 0 END,
    number
LIMIT :limit;

-- name: settle
UPDATE look_links SET outcome = :outcome, note = :note, post_id = :post_id
WHERE look_id = :look_id AND number = :number AND outcome = '';

-- name: leave
UPDATE look_links SET outcome = 'left'
WHERE look_id = :look_id AND is_picked = 1 AND outcome = '';

-- name: tally
SELECT l.outcome, coalesce(p.state, '') AS state, count(*) AS links,
    sum(coalesce(p.fetched_bytes, 0)) AS fetched, sum(coalesce(l.size_bytes, 0)) AS size
FROM look_links l LEFT JOIN posts p ON p.id = l.post_id
WHERE l.look_id = :look_id AND l.is_picked = 1
GROUP BY l.outcome, coalesce(p.state, '');

-- name: sent
SELECT coalesce(sum(u.size_bytes), 0) AS size,
    coalesce(sum(CASE WHEN u.state IN ('live', 'processing') THEN u.size_bytes
                 ELSE u.confirmed_bytes END), 0) AS sent,
    coalesce(sum(CASE WHEN u.state = 'unknown' OR u.reason = 'person' THEN 1 ELSE 0 END), 0)
        AS asking
FROM look_links l JOIN uploads u ON u.post_id = l.post_id
WHERE l.look_id = :look_id AND l.is_picked = 1 AND u.state NOT IN ('failed', 'cancelled');

-- Posts that failed only since their content is published already.
-- name: twins
SELECT count(*) AS links FROM look_links l JOIN posts p ON p.id = l.post_id
WHERE l.look_id = :look_id AND l.is_picked = 1 AND p.state = 'failed'
  AND NOT EXISTS (SELECT 1 FROM uploads u
                  WHERE u.post_id = p.id AND u.error_code <> 'duplicate');

-- Posts that have not ended, and those of them that have bytes to fetch or to send.
-- name: room
SELECT count(*) AS open,
    coalesce(sum(CASE WHEN p.state IN ('accepted', 'preparing') OR EXISTS (
        SELECT 1 FROM uploads u WHERE u.post_id = p.id AND (
            u.state IN ('uploading', 'committing')
            OR (u.state = 'waiting' AND u.reason IN ('media', 'turn', 'disk')))
    ) THEN 1 ELSE 0 END), 0) AS busy
FROM look_links l JOIN posts p ON p.id = l.post_id
WHERE l.look_id = :look_id AND l.outcome = 'accepted'
  AND p.state IN ('draft', 'accepted', 'preparing', 'publishing');

-- name: open_posts
SELECT p.id FROM look_links l JOIN posts p ON p.id = l.post_id
WHERE l.look_id = :look_id AND l.outcome = 'accepted'
  AND p.state IN ('draft', 'accepted', 'preparing', 'publishing') ORDER BY p.id;

-- name: seen
SELECT s.version, s.identity, coalesce(p.state, '') AS state, EXISTS (
    SELECT 1 FROM uploads u WHERE u.post_id = s.post_id AND u.error_code = 'duplicate'
) AS is_twin
FROM seen_links s LEFT JOIN posts p ON p.id = s.post_id WHERE s.digest = :digest;

-- name: published
SELECT upload_id FROM ledger WHERE fingerprint = :fingerprint LIMIT 1;

-- name: see
INSERT INTO seen_links (digest, url, version, identity, post_id, at)
VALUES (:digest, :url, :version, :identity, :post_id, :now)
ON CONFLICT (digest) DO UPDATE SET url = excluded.url, version = excluded.version,
    identity = excluded.identity, post_id = excluded.post_id, at = excluded.at;

-- name: forget_links
DELETE FROM look_links WHERE look_id IN (
    SELECT id FROM looks WHERE state NOT IN ('reading', 'pulling', 'cancelling')
      AND coalesce(finished_at, created_at) < :before);

-- name: forget_looks
DELETE FROM looks WHERE state NOT IN ('reading', 'pulling', 'cancelling')
  AND coalesce(finished_at, created_at) < :before;

-- Posts that have not ended, and those of them that go on without a person's decision.
-- name: moving
SELECT count(*) AS open,
    coalesce(sum(CASE WHEN p.state <> 'publishing' OR EXISTS (
        SELECT 1 FROM uploads u WHERE u.post_id = p.id
          AND u.state NOT IN ('live', 'failed', 'cancelled')
          AND coalesce(u.reason, '') <> 'person') THEN 1 ELSE 0 END), 0) AS moving
FROM look_links l JOIN posts p ON p.id = l.post_id
WHERE l.look_id = :look_id AND l.outcome = 'accepted'
  AND p.state IN ('draft', 'accepted', 'preparing', 'publishing');
