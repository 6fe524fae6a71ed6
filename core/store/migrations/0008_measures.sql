-- Measures: how long each stage took and how many bytes went through it, fed by events.
-- Times are seconds since 1970 (UTC) as DOUBLE PRECISION; JSON is TEXT.

CREATE TABLE measures (
    id INTEGER PRIMARY KEY,
    at DOUBLE PRECISION NOT NULL,
    post_id INTEGER NOT NULL,
    upload_id INTEGER,
    account_id INTEGER NOT NULL DEFAULT 0,
    chat_id BIGINT NOT NULL DEFAULT 0,
    platform TEXT NOT NULL DEFAULT '',
    stage TEXT NOT NULL,
    detail TEXT NOT NULL DEFAULT '',
    seconds DOUBLE PRECISION NOT NULL,
    bytes BIGINT NOT NULL DEFAULT 0
);
-- Sums by group are read from this index alone, in its order: no sorting of what may be a million.
CREATE INDEX measures_sums ON measures (stage, detail, platform, account_id, at, chat_id, seconds,
    bytes);
CREATE INDEX measures_post ON measures (post_id);

-- When the upload was accepted (or wanted again), and since when it waits or is processed.
ALTER TABLE uploads ADD COLUMN accepted_at DOUBLE PRECISION;
ALTER TABLE uploads ADD COLUMN since_at DOUBLE PRECISION;

-- What ended is counted from this index alone: the rows themselves are wide.
DROP INDEX uploads_finished;
CREATE INDEX uploads_finished
    ON uploads (finished_at, account_id, platform, state, bytes_sent, post_id, error_kind)
    WHERE finished_at IS NOT NULL;
CREATE INDEX posts_created ON posts (created_at);
CREATE INDEX attempts_started ON attempts (started_at, upload_id, outcome, error_kind);
CREATE INDEX attempts_errors ON attempts (finished_at) WHERE error_kind <> '';
