-- Measures: how long each stage took and how many bytes went through it, fed by events.
-- Times are seconds since 1970 (UTC) as DOUBLE PRECISION; JSON is TEXT.

CREATE TABLE measures (
    id INTEGER PRIMARY KEY,
    at DOUBLE PRECISION NOT NULL,
    post_id INTEGER NOT NULL,
    upload_id INTEGER,
    platform TEXT NOT NULL DEFAULT '',
    stage TEXT NOT NULL,
    seconds DOUBLE PRECISION NOT NULL,
    bytes BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX measures_at ON measures (at);
