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
    generation INTEGER NOT NULL DEFAULT 1,
    plan TEXT NOT NULL DEFAULT '{}',
    created_at DOUBLE PRECISION NOT NULL,
    finished_at DOUBLE PRECISION
);
CREATE INDEX batches_open ON batches (state, id) WHERE state NOT IN ('done', 'left');
CREATE INDEX batches_digest ON batches (digest, id);

CREATE TABLE batch_entries (
    batch_id INTEGER NOT NULL REFERENCES batches (id),
    number INTEGER NOT NULL,
    line INTEGER NOT NULL DEFAULT 0,
    entry TEXT NOT NULL,
    identity TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'planned',
    note TEXT NOT NULL DEFAULT '',
    priority DOUBLE PRECISION NOT NULL DEFAULT 0,
    score DOUBLE PRECISION NOT NULL DEFAULT 0,
    post_id INTEGER REFERENCES posts (id),
    PRIMARY KEY (batch_id, number)
);
CREATE INDEX batch_entries_post ON batch_entries (post_id) WHERE post_id IS NOT NULL;
CREATE INDEX batch_entries_identity ON batch_entries (identity);
CREATE INDEX batch_entries_order ON batch_entries (batch_id, state, priority, score);

-- What a batch has to do with an upload; an earlier batch may have begun it.
CREATE TABLE batch_uploads (
    batch_id INTEGER NOT NULL REFERENCES batches (id),
    upload_id INTEGER NOT NULL REFERENCES uploads (id),
    number INTEGER NOT NULL,
    PRIMARY KEY (batch_id, upload_id)
);
CREATE INDEX batch_uploads_upload ON batch_uploads (upload_id);

-- One card per batch, like those of posts; wanted > shown means that it must be drawn again.
CREATE TABLE batch_cards (
    batch_id INTEGER PRIMARY KEY REFERENCES batches (id),
    chat_id BIGINT NOT NULL,
    reply_to BIGINT NOT NULL DEFAULT 0,
    message_id BIGINT,
    wanted INTEGER NOT NULL DEFAULT 1,
    shown INTEGER NOT NULL DEFAULT 0,
    digest TEXT NOT NULL DEFAULT '',
    final INTEGER NOT NULL DEFAULT 0,
    due_at DOUBLE PRECISION NOT NULL
);
CREATE INDEX batch_cards_due ON batch_cards (due_at) WHERE wanted > shown;
