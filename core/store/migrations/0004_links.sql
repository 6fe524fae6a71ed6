-- Pages of links: what was looked at, what was found, what was taken already.
-- Times are seconds since 1970 (UTC) as DOUBLE PRECISION; JSON is TEXT.

-- Video links that were taken once, by the digest of their address without its fragment.
CREATE TABLE seen_links (
    digest TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    version TEXT NOT NULL DEFAULT '',
    identity TEXT NOT NULL DEFAULT '',
    post_id INTEGER,
    at DOUBLE PRECISION NOT NULL
);

-- A look at a page, which becomes a pull when a person says go.
CREATE TABLE looks (
    id INTEGER PRIMARY KEY,
    chat_id BIGINT NOT NULL DEFAULT 0,
    user_id BIGINT NOT NULL DEFAULT 0,
    message_id BIGINT NOT NULL DEFAULT 0,
    url TEXT NOT NULL,
    caption TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL,
    mode TEXT NOT NULL,
    smallest_first INTEGER NOT NULL DEFAULT 1,
    title TEXT NOT NULL DEFAULT '',
    pages INTEGER NOT NULL DEFAULT 0,
    findings TEXT NOT NULL DEFAULT '[]',
    note TEXT NOT NULL DEFAULT '',
    note_facts TEXT NOT NULL DEFAULT '{}',
    shown_page INTEGER NOT NULL DEFAULT 0,
    menu TEXT NOT NULL DEFAULT '',
    generation INTEGER NOT NULL DEFAULT 1,
    created_at DOUBLE PRECISION NOT NULL,
    started_at DOUBLE PRECISION,
    finished_at DOUBLE PRECISION
);
CREATE INDEX looks_open ON looks (state, id)
    WHERE state IN ('reading', 'pulling', 'cancelling');

CREATE TABLE look_links (
    look_id INTEGER NOT NULL REFERENCES looks (id),
    number INTEGER NOT NULL,
    url TEXT NOT NULL,
    digest TEXT NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    size_bytes BIGINT,
    duration_seconds DOUBLE PRECISION,
    version TEXT NOT NULL DEFAULT '',
    trouble TEXT NOT NULL DEFAULT '',
    page TEXT NOT NULL DEFAULT '',
    identity TEXT NOT NULL,
    is_seen INTEGER NOT NULL DEFAULT 0,
    is_picked INTEGER NOT NULL DEFAULT 0,
    outcome TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    post_id INTEGER REFERENCES posts (id),
    PRIMARY KEY (look_id, number)
);
CREATE INDEX look_links_post ON look_links (post_id) WHERE post_id IS NOT NULL;

-- One message of the chat about many posts; wanted > shown means that it must be drawn again.
CREATE TABLE boards (
    name TEXT PRIMARY KEY,
    chat_id BIGINT NOT NULL,
    reply_to BIGINT NOT NULL DEFAULT 0,
    message_id BIGINT,
    sentence TEXT NOT NULL,
    facts TEXT NOT NULL DEFAULT '{}',
    wanted INTEGER NOT NULL DEFAULT 1,
    shown INTEGER NOT NULL DEFAULT 0,
    digest TEXT NOT NULL DEFAULT '',
    final INTEGER NOT NULL DEFAULT 0,
    due_at DOUBLE PRECISION NOT NULL
);
CREATE INDEX boards_due ON boards (due_at) WHERE wanted > shown;
