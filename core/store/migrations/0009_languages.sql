-- The language in which a person wants to be spoken to.

CREATE TABLE people (
    user_id BIGINT PRIMARY KEY,
    language TEXT NOT NULL,
    chosen INTEGER NOT NULL DEFAULT 0
);
ALTER TABLE chats ADD COLUMN language TEXT NOT NULL DEFAULT '';
