-- Batches: many videos from one file, with one confirmation and one card.
-- Times are seconds since 1970 (UTC) as DOUBLE PRECISION; JSON is TEXT.

CREATE TABLE batches (
    id INTEGER PRIMARY KEY,
    chat_id BIGINT NOT NULL DEFAULT 0,
    user_id BIGINT NOT NULL DEFAULT 0,
    message_id BIGINT NOT NULL DEFAULT 0,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    state TEXT NOT NULL,
    plan TEXT NOT NULL DEFAULT '{}',
    created_at DOUBLE PRECISION NOT NULL,
    finished_at DOUBLE PRECISION
);
CREATE TABLE batch_entries (
    batch_id INTEGER NOT NULL REFERENCES batches (id),
    number INTEGER NOT NULL,
    entry TEXT NOT NULL,
    identity TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'planned',
    post_id INTEGER REFERENCES posts (id),
    PRIMARY KEY (batch_id, number)
);
CREATE INDEX batch_entries_post ON batch_entries (post_id) WHERE post_id IS NOT NULL;
CREATE INDEX batch_entries_identity ON batch_entries (identity);
