-- Mashups that people put together in chat, step by step.
-- Times are seconds since 1970 (UTC) as DOUBLE PRECISION; JSON is TEXT.

-- One draft is one mashup (or many of a kind) that somebody puts together.
CREATE TABLE mashup_drafts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL DEFAULT 'one',
    state TEXT NOT NULL DEFAULT 'open',
    chat_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    message_id BIGINT NOT NULL DEFAULT 0,
    step TEXT NOT NULL,
    choices TEXT NOT NULL,
    look TEXT NOT NULL DEFAULT '{}',
    addition_id INTEGER,
    version INTEGER NOT NULL DEFAULT 1,
    created_at DOUBLE PRECISION NOT NULL,
    touched_at DOUBLE PRECISION NOT NULL
);
CREATE UNIQUE INDEX mashup_drafts_open ON mashup_drafts (chat_id, user_id) WHERE state = 'open';
CREATE INDEX mashup_drafts_addition ON mashup_drafts (addition_id) WHERE addition_id IS NOT NULL;
CREATE INDEX mashup_drafts_old ON mashup_drafts (touched_at);

-- What a person chose last, which the next draft begins with.
CREATE TABLE mashup_habits (
    user_id BIGINT PRIMARY KEY,
    choices TEXT NOT NULL
);
