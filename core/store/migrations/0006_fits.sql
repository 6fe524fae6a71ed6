-- Fitted files: what is made of a video for targets that do not take it as it came.
-- Times are seconds since 1970 (UTC) as DOUBLE PRECISION; JSON is TEXT.

CREATE TABLE fits (
    id INTEGER PRIMARY KEY,
    post_id INTEGER NOT NULL REFERENCES posts (id),
    recipe TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'wanted',
    facts TEXT NOT NULL DEFAULT '{}',
    size_bytes BIGINT,
    sha256 TEXT NOT NULL DEFAULT '',
    source TEXT NOT NULL DEFAULT '',
    error_key TEXT NOT NULL DEFAULT '',
    error_text TEXT NOT NULL DEFAULT '',
    tries INTEGER NOT NULL DEFAULT 0,
    generation INTEGER NOT NULL DEFAULT 1,
    created_at DOUBLE PRECISION NOT NULL,
    started_at DOUBLE PRECISION,
    finished_at DOUBLE PRECISION,
    UNIQUE (post_id, recipe)
);
CREATE INDEX fits_open ON fits (id) WHERE state IN ('wanted', 'running');
ALTER TABLE uploads ADD COLUMN fit_id INTEGER;
ALTER TABLE uploads ADD COLUMN fit TEXT NOT NULL DEFAULT '';
CREATE INDEX uploads_fit ON uploads (fit_id) WHERE fit_id IS NOT NULL;
