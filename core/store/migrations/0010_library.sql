-- The library: assets, what is said of them, who uses them, where they lie.
-- Times are seconds since 1970 (UTC) as DOUBLE PRECISION; JSON is TEXT.

CREATE TABLE assets (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    suffix TEXT NOT NULL DEFAULT '',
    size_bytes BIGINT NOT NULL,
    media TEXT NOT NULL,
    facts TEXT NOT NULL DEFAULT '{}',
    seconds DOUBLE PRECISION NOT NULL DEFAULT 0,
    thumbnail INTEGER NOT NULL DEFAULT 0,
    name TEXT NOT NULL,
    tags TEXT NOT NULL DEFAULT '[]',
    platform TEXT NOT NULL DEFAULT '',
    mood TEXT NOT NULL DEFAULT '',
    category TEXT NOT NULL DEFAULT '',
    licence TEXT NOT NULL DEFAULT '',
    origin TEXT NOT NULL DEFAULT '',
    attribution TEXT NOT NULL DEFAULT '',
    rights TEXT NOT NULL DEFAULT '',
    uses BIGINT NOT NULL DEFAULT 0,
    last_used_at DOUBLE PRECISION,
    picked_at DOUBLE PRECISION,
    added_by BIGINT NOT NULL DEFAULT 0,
    added_at DOUBLE PRECISION NOT NULL,
    deleted_at DOUBLE PRECISION,
    UNIQUE (sha256, kind)
);
CREATE INDEX assets_kind ON assets (kind, id) WHERE deleted_at IS NULL;
CREATE INDEX assets_going ON assets (id) WHERE deleted_at IS NOT NULL;

-- One row for each tag, so that a tag finds its assets; they follow the JSON list of the asset.
CREATE TABLE asset_tags (
    tag TEXT NOT NULL,
    asset_id BIGINT NOT NULL REFERENCES assets (id) ON DELETE CASCADE,
    PRIMARY KEY (tag, asset_id)
);
CREATE INDEX asset_tags_asset ON asset_tags (asset_id);
CREATE TRIGGER assets_tagged AFTER INSERT ON assets BEGIN
    INSERT INTO asset_tags (tag, asset_id) SELECT DISTINCT value, NEW.id FROM json_each(NEW.tags);
END;
CREATE TRIGGER assets_retagged AFTER UPDATE OF tags ON assets BEGIN
    DELETE FROM asset_tags WHERE asset_id = NEW.id;
    INSERT INTO asset_tags (tag, asset_id) SELECT DISTINCT value, NEW.id FROM json_each(NEW.tags);
END;

-- The words of assets; the row of an asset has its id. Written beside the asset, because words of
-- scripts without spaces are taken apart first.
CREATE VIRTUAL TABLE asset_words USING fts5(
    name, tags, mood, category, origin, attribution,
    tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'"
);
CREATE TRIGGER assets_gone AFTER DELETE ON assets BEGIN
    DELETE FROM asset_words WHERE rowid = OLD.id;
END;

-- What was made with an asset; one use for each holder and account it was made for.
CREATE TABLE asset_uses (
    asset_id BIGINT NOT NULL REFERENCES assets (id) ON DELETE CASCADE,
    holder TEXT NOT NULL,
    account BIGINT NOT NULL DEFAULT 0,
    at DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (asset_id, holder, account)
);
CREATE INDEX asset_uses_account ON asset_uses (account, at);

-- Who needs the file of an asset now: it stays until they all let go.
CREATE TABLE asset_holds (
    asset_id BIGINT NOT NULL REFERENCES assets (id) ON DELETE CASCADE,
    holder TEXT NOT NULL,
    at DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (holder, asset_id)
);
CREATE INDEX asset_holds_asset ON asset_holds (asset_id);

-- Files of watched folders that were looked at; a file that changed is looked at again.
CREATE TABLE watched_files (
    path TEXT PRIMARY KEY,
    size_bytes BIGINT NOT NULL,
    modified_ns BIGINT NOT NULL,
    asset_id BIGINT,
    note TEXT NOT NULL DEFAULT '',
    facts TEXT NOT NULL DEFAULT '{}',
    at DOUBLE PRECISION NOT NULL
);

-- What people add in chat: asked for until all is said, fetched, then an asset or a reason why not.
CREATE TABLE additions (
    id INTEGER PRIMARY KEY,
    chat_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    message_id BIGINT NOT NULL,
    source TEXT NOT NULL,
    filename TEXT NOT NULL,
    size_bytes BIGINT,
    album TEXT NOT NULL DEFAULT '',
    answers TEXT NOT NULL,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    asset_id BIGINT,
    is_new INTEGER NOT NULL DEFAULT 0,
    note TEXT NOT NULL DEFAULT '',
    note_facts TEXT NOT NULL DEFAULT '{}',
    generation INTEGER NOT NULL DEFAULT 0,
    created_at DOUBLE PRECISION NOT NULL,
    finished_at DOUBLE PRECISION
);
CREATE INDEX additions_open ON additions (state, id) WHERE state IN ('asking', 'fetching');

-- Messages in which people look through the library: what is wanted and what is shown.
CREATE TABLE library_views (
    id INTEGER PRIMARY KEY,
    chat_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    message_id BIGINT NOT NULL,
    filters TEXT NOT NULL DEFAULT '{}',
    page INTEGER NOT NULL DEFAULT 1,
    menu TEXT NOT NULL DEFAULT '',
    asset_id BIGINT,
    created_at DOUBLE PRECISION NOT NULL
);

-- Where the files lie. ------------------------------------------------------------------------

-- Storages that files lie in or lay in; their secrets are sealed.
CREATE TABLE storages (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    place TEXT NOT NULL,
    secret TEXT NOT NULL DEFAULT '',
    -- Where new files go although the settings name this one.
    moves_to TEXT NOT NULL DEFAULT '',
    at DOUBLE PRECISION NOT NULL
);

-- The file of each digest.
CREATE TABLE stored_files (
    sha256 TEXT PRIMARY KEY,
    storage TEXT NOT NULL,
    key TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    at DOUBLE PRECISION NOT NULL,
    UNIQUE (storage, key)
);

-- Keys that are being written or are to be deleted: what a crash leaves behind is found here.
CREATE TABLE stored_claims (
    storage TEXT NOT NULL,
    key TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    is_doomed INTEGER NOT NULL DEFAULT 0,
    at DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (storage, key)
);
CREATE INDEX stored_claims_digest ON stored_claims (sha256);
