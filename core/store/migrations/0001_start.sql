-- The domain: accounts, posts, uploads, attempts, ledger, quota, timeline, chat.
-- Times are seconds since 1970 (UTC) as DOUBLE PRECISION; JSON is TEXT.

CREATE TABLE accounts (
    id INTEGER PRIMARY KEY,
    platform TEXT NOT NULL,
    name TEXT NOT NULL,
    remote_id TEXT NOT NULL,
    origin TEXT NOT NULL DEFAULT 'settings',
    state TEXT NOT NULL DEFAULT 'ok',
    until_at DOUBLE PRECISION,
    tokens TEXT NOT NULL DEFAULT '',
    defaults TEXT NOT NULL DEFAULT '{}',
    created_at DOUBLE PRECISION NOT NULL,
    UNIQUE (platform, remote_id)
);

CREATE TABLE posts (
    id INTEGER PRIMARY KEY,
    state TEXT NOT NULL,
    chat_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    message_id BIGINT NOT NULL,
    source TEXT NOT NULL,
    wish TEXT NOT NULL,
    facts TEXT NOT NULL,
    text TEXT,
    fingerprint TEXT NOT NULL,
    sha256 TEXT NOT NULL DEFAULT '',
    source_version TEXT NOT NULL DEFAULT '',
    fetched_bytes BIGINT NOT NULL DEFAULT 0,
    priority INTEGER NOT NULL DEFAULT 0,
    generation INTEGER NOT NULL DEFAULT 1,
    album TEXT NOT NULL DEFAULT '',
    question TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    until_at DOUBLE PRECISION,
    created_at DOUBLE PRECISION NOT NULL,
    finished_at DOUBLE PRECISION
);
CREATE INDEX posts_open ON posts (state, id)
    WHERE state IN ('draft', 'accepted', 'preparing', 'publishing');
CREATE INDEX posts_album ON posts (album) WHERE album <> '';
CREATE INDEX posts_chat ON posts (chat_id, id);

CREATE TABLE uploads (
    id INTEGER PRIMARY KEY,
    post_id INTEGER NOT NULL REFERENCES posts (id),
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    platform TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    until_at DOUBLE PRECISION,
    fence INTEGER NOT NULL DEFAULT 0,
    generation INTEGER NOT NULL DEFAULT 1,
    copy INTEGER NOT NULL DEFAULT 0,
    session TEXT NOT NULL DEFAULT '{}',
    size_bytes BIGINT,
    confirmed_bytes BIGINT NOT NULL DEFAULT 0,
    resumed_from BIGINT NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    intent_at DOUBLE PRECISION,
    remote_id TEXT NOT NULL DEFAULT '',
    url TEXT NOT NULL DEFAULT '',
    visibility TEXT NOT NULL DEFAULT '',
    error_kind TEXT NOT NULL DEFAULT '',
    error_text TEXT NOT NULL DEFAULT '',
    error_code TEXT NOT NULL DEFAULT '',
    bytes_sent BIGINT NOT NULL DEFAULT 0,
    stop_wanted INTEGER NOT NULL DEFAULT 0,
    started_at DOUBLE PRECISION,
    finished_at DOUBLE PRECISION,
    UNIQUE (post_id, account_id)
);
CREATE INDEX uploads_open ON uploads (state, id)
    WHERE state NOT IN ('live', 'failed', 'cancelled');
CREATE INDEX uploads_finished ON uploads (finished_at) WHERE finished_at IS NOT NULL;

CREATE TABLE attempts (
    id INTEGER PRIMARY KEY,
    upload_id INTEGER NOT NULL REFERENCES uploads (id),
    number INTEGER NOT NULL,
    fence INTEGER NOT NULL,
    started_at DOUBLE PRECISION NOT NULL,
    finished_at DOUBLE PRECISION,
    outcome TEXT NOT NULL DEFAULT 'running',
    error_kind TEXT NOT NULL DEFAULT '',
    error_text TEXT NOT NULL DEFAULT '',
    bytes_sent BIGINT NOT NULL DEFAULT 0,
    start_offset BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX attempts_upload ON attempts (upload_id, number);

-- What was published where. A row is written before the first byte and names its upload.
CREATE TABLE ledger (
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    fingerprint TEXT NOT NULL,
    copy INTEGER NOT NULL,
    upload_id INTEGER NOT NULL REFERENCES uploads (id),
    state TEXT NOT NULL,
    at DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (account_id, fingerprint, copy)
);
CREATE INDEX ledger_upload ON ledger (upload_id);

CREATE TABLE quota (
    scope TEXT NOT NULL,
    name TEXT NOT NULL,
    upload_id INTEGER NOT NULL,
    at DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (scope, name, upload_id)
);
CREATE INDEX quota_window ON quota (scope, name, at);

CREATE TABLE timeline (
    id INTEGER PRIMARY KEY,
    post_id INTEGER NOT NULL REFERENCES posts (id),
    upload_id INTEGER,
    at DOUBLE PRECISION NOT NULL,
    event TEXT NOT NULL,
    facts TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX timeline_post ON timeline (post_id, id);

CREATE TABLE updates (
    update_id BIGINT PRIMARY KEY,
    at DOUBLE PRECISION NOT NULL
);

-- One card per post; wanted > shown means that it must be drawn again.
CREATE TABLE cards (
    post_id INTEGER PRIMARY KEY REFERENCES posts (id),
    chat_id BIGINT NOT NULL,
    reply_to BIGINT NOT NULL DEFAULT 0,
    message_id BIGINT,
    wanted INTEGER NOT NULL DEFAULT 1,
    shown INTEGER NOT NULL DEFAULT 0,
    digest TEXT NOT NULL DEFAULT '',
    final INTEGER NOT NULL DEFAULT 0,
    due_at DOUBLE PRECISION NOT NULL
);
CREATE INDEX cards_due ON cards (due_at) WHERE wanted > shown;

-- Messages that are said once.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    chat_id BIGINT NOT NULL,
    reply_to BIGINT NOT NULL DEFAULT 0,
    sentence TEXT NOT NULL,
    facts TEXT NOT NULL DEFAULT '{}',
    buttons TEXT NOT NULL DEFAULT '[]',
    post_id INTEGER,
    message_id BIGINT,
    due_at DOUBLE PRECISION NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    created_at DOUBLE PRECISION NOT NULL,
    sent_at DOUBLE PRECISION
);
CREATE INDEX outbox_due ON outbox (due_at, id) WHERE sent_at IS NULL;

-- Chats that ask for a pause (429) or are gone.
CREATE TABLE chats (
    chat_id BIGINT PRIMARY KEY,
    pause_until DOUBLE PRECISION NOT NULL DEFAULT 0,
    gone TEXT NOT NULL DEFAULT ''
);

CREATE TABLE facts (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
