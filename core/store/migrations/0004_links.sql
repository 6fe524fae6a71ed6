-- Pages of links: what was looked at, what was found, what was taken already.
-- Times are seconds since 1970 (UTC) as DOUBLE PRECISION; JSON is TEXT.

-- Video links that were taken once, by the digest of their address without its fragment.
CREATE TABLE seen_links (
    digest TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    version TEXT NOT NULL DEFAULT '',
    post_id INTEGER,
    at DOUBLE PRECISION NOT NULL
);
