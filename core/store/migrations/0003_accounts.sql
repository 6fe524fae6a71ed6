-- Accounts of several people: sign-ins, leases, quotas, groups, and what is done with live videos.
-- Times are seconds since 1970 (UTC) as DOUBLE PRECISION; JSON is TEXT.

ALTER TABLE accounts ADD COLUMN owner_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN chat_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN named INTEGER NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN is_target INTEGER NOT NULL DEFAULT 1;
ALTER TABLE accounts ADD COLUMN scopes TEXT NOT NULL DEFAULT '[]';
ALTER TABLE accounts ADD COLUMN expires_at DOUBLE PRECISION;
ALTER TABLE accounts ADD COLUMN sign_in_expires_at DOUBLE PRECISION;
ALTER TABLE accounts ADD COLUMN renewed_at DOUBLE PRECISION;
ALTER TABLE accounts ADD COLUMN renewing_at DOUBLE PRECISION;
ALTER TABLE accounts ADD COLUMN trouble TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN connected_at DOUBLE PRECISION;
ALTER TABLE accounts ADD COLUMN project TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN refusals TEXT NOT NULL DEFAULT '[]';
ALTER TABLE accounts ADD COLUMN warned_at DOUBLE PRECISION;
CREATE INDEX accounts_renewal ON accounts (platform, expires_at) WHERE expires_at IS NOT NULL;

-- A sign-in that was begun; state, ticket and browser are kept as digests only.
CREATE TABLE sign_ins (
    id INTEGER PRIMARY KEY,
    state TEXT NOT NULL UNIQUE,
    ticket TEXT NOT NULL UNIQUE,
    browser TEXT NOT NULL DEFAULT '',
    login TEXT NOT NULL,
    user_id BIGINT NOT NULL,
    chat_id BIGINT NOT NULL,
    account_id INTEGER,
    stage TEXT NOT NULL DEFAULT 'new',
    sealed TEXT NOT NULL DEFAULT '',
    created_at DOUBLE PRECISION NOT NULL,
    expires_at DOUBLE PRECISION NOT NULL,
    used_at DOUBLE PRECISION
);
CREATE INDEX sign_ins_end ON sign_ins (expires_at);

-- Who may do a thing alone, over tasks and processes.
CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    until_at DOUBLE PRECISION NOT NULL
);

-- Units of quotas. Reserved ones count in every window until their outcome is known.
CREATE TABLE spending (
    id INTEGER PRIMARY KEY,
    scope TEXT NOT NULL,
    name TEXT NOT NULL,
    action TEXT NOT NULL,
    units INTEGER NOT NULL,
    moment TEXT NOT NULL DEFAULT 'commit',
    upload_id INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL,
    at DOUBLE PRECISION NOT NULL
);
CREATE INDEX spending_spent ON spending (scope, name, at, units) WHERE state = 'spent';
CREATE UNIQUE INDEX spending_reserved ON spending (scope, name, upload_id, action, units)
    WHERE state = 'reserved';
CREATE INDEX spending_upload ON spending (upload_id) WHERE state = 'spent' AND upload_id <> 0;
INSERT INTO spending (scope, name, action, units, upload_id, state, at)
SELECT q.scope, q.name, 'publish', 1, q.upload_id,
    CASE WHEN u.state IN ('live', 'processing') THEN 'spent' ELSE 'reserved' END, q.at
FROM quota q JOIN uploads u ON u.id = q.upload_id;
DROP TABLE quota;

-- What a platform itself says about a quota.
CREATE TABLE live_limits (
    scope TEXT NOT NULL,
    name TEXT NOT NULL,
    allowed INTEGER,
    used INTEGER,
    others INTEGER NOT NULL DEFAULT 0,
    until_at DOUBLE PRECISION,
    at DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (scope, name)
);

CREATE TABLE account_groups (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    rule TEXT NOT NULL DEFAULT 'all',
    gap_seconds DOUBLE PRECISION NOT NULL DEFAULT 0,
    turn INTEGER NOT NULL DEFAULT 0,
    created_at DOUBLE PRECISION NOT NULL
);
CREATE TABLE group_members (
    group_id INTEGER NOT NULL REFERENCES account_groups (id),
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    PRIMARY KEY (group_id, account_id)
);

ALTER TABLE uploads ADD COLUMN group_id INTEGER;
ALTER TABLE uploads ADD COLUMN choice TEXT NOT NULL DEFAULT '';
ALTER TABLE uploads ADD COLUMN not_before DOUBLE PRECISION;
ALTER TABLE uploads ADD COLUMN action TEXT NOT NULL DEFAULT 'publish';
ALTER TABLE uploads ADD COLUMN staged_at DOUBLE PRECISION;
CREATE INDEX uploads_account ON uploads (account_id, finished_at);
CREATE INDEX uploads_quota ON uploads (account_id, until_at)
    WHERE state = 'waiting' AND reason = 'quota';
CREATE INDEX uploads_due ON uploads (until_at) WHERE state = 'waiting' AND reason = 'quota';

-- What is done with a video that is live: edited, removed, looked at, ...
CREATE TABLE operations (
    id INTEGER PRIMARY KEY,
    upload_id INTEGER NOT NULL REFERENCES uploads (id),
    post_id INTEGER NOT NULL REFERENCES posts (id),
    kind TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting',
    changes TEXT NOT NULL DEFAULT '{}',
    work TEXT NOT NULL DEFAULT '{}',
    file TEXT NOT NULL DEFAULT '',
    batch TEXT NOT NULL DEFAULT '',
    chat_id BIGINT NOT NULL DEFAULT 0,
    generation INTEGER NOT NULL DEFAULT 1,
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at DOUBLE PRECISION NOT NULL,
    error_kind TEXT NOT NULL DEFAULT '',
    error_text TEXT NOT NULL DEFAULT '',
    error_code TEXT NOT NULL DEFAULT '',
    created_at DOUBLE PRECISION NOT NULL,
    finished_at DOUBLE PRECISION
);
CREATE INDEX operations_open ON operations (due_at) WHERE state = 'waiting';
CREATE INDEX operations_upload ON operations (upload_id, kind);
CREATE INDEX operations_batch ON operations (batch) WHERE batch <> '';

-- The newest figures of a live video.
CREATE TABLE figures (
    upload_id INTEGER PRIMARY KEY REFERENCES uploads (id),
    at DOUBLE PRECISION NOT NULL,
    value TEXT NOT NULL
);
