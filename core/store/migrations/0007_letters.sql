-- Dead letters: failed uploads that wait for a cure, and what waits for a person.
-- Times are seconds since 1970 (UTC) as DOUBLE PRECISION; JSON is TEXT.

ALTER TABLE uploads ADD COLUMN dropped_at DOUBLE PRECISION;

-- Why uploads failed; each change of an upload voids its cause until it is sorted in anew.
CREATE TABLE causes (
    id INTEGER PRIMARY KEY,
    platform TEXT NOT NULL,
    account_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    text TEXT NOT NULL,
    UNIQUE (platform, account_id, kind, code, text)
);
CREATE INDEX causes_account ON causes (account_id) WHERE account_id <> 0;
ALTER TABLE uploads ADD COLUMN cause_id INTEGER;
CREATE INDEX uploads_dead ON uploads (cause_id, finished_at, post_id, account_id, platform)
    WHERE state = 'failed' AND dropped_at IS NULL;

-- What a person did with a group of failed uploads: tried them again, or put them aside.
CREATE TABLE letter_acts (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'running',
    chat_id BIGINT NOT NULL DEFAULT 0,
    user_id BIGINT NOT NULL DEFAULT 0,
    total INTEGER NOT NULL DEFAULT 0,
    counts TEXT NOT NULL DEFAULT '{}',
    generation INTEGER NOT NULL DEFAULT 1,
    at DOUBLE PRECISION NOT NULL
);
CREATE INDEX letter_acts_running ON letter_acts (id) WHERE state = 'running';
CREATE TABLE letter_items (
    act_id INTEGER NOT NULL REFERENCES letter_acts (id),
    upload_id INTEGER NOT NULL REFERENCES uploads (id),
    done INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (act_id, upload_id)
);
CREATE INDEX letter_items_left ON letter_items (act_id, upload_id) WHERE done = 0;

-- When it was last told that uploads could be tried again since their account came back.
ALTER TABLE accounts ADD COLUMN offered_at DOUBLE PRECISION;

-- What waits for a person, since when, and whether that was said again.
CREATE TABLE questions (
    kind TEXT NOT NULL,
    ref INTEGER NOT NULL,
    detail TEXT NOT NULL DEFAULT '',
    chat_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    asked_at DOUBLE PRECISION NOT NULL,
    reminded_at DOUBLE PRECISION,
    expired_at DOUBLE PRECISION,
    PRIMARY KEY (kind, ref)
);
CREATE INDEX outbox_post ON outbox (post_id, id) WHERE post_id IS NOT NULL;
CREATE INDEX uploads_person ON uploads (post_id)
    WHERE reason = 'person' AND state NOT IN ('live', 'failed', 'cancelled');
