-- Renders: mashups to make, their stages, and what came of them.
-- Times are seconds since 1970 (UTC) as DOUBLE PRECISION; JSON is TEXT.

CREATE TABLE renders (
    -- Never given twice: cards, holders and tasks are named after it, and previews are dropped.
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    state TEXT NOT NULL,
    mashup TEXT NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    user_id BIGINT NOT NULL DEFAULT 0,
    chat_id BIGINT NOT NULL DEFAULT 0,
    message_id BIGINT NOT NULL DEFAULT 0,
    caption TEXT NOT NULL DEFAULT '',
    targets TEXT NOT NULL DEFAULT '[]',
    preview INTEGER NOT NULL DEFAULT 0,
    -- Several accounts of a platform get the same file on purpose.
    twins_wanted INTEGER NOT NULL DEFAULT 0,
    priority INTEGER NOT NULL DEFAULT 0,
    batch_id INTEGER,
    warnings TEXT NOT NULL DEFAULT '[]',
    generation INTEGER NOT NULL DEFAULT 1,
    fence INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    stage TEXT NOT NULL DEFAULT '',
    stage_at DOUBLE PRECISION,
    reason TEXT NOT NULL DEFAULT '',
    until_at DOUBLE PRECISION,
    error_key TEXT NOT NULL DEFAULT '',
    error_facts TEXT NOT NULL DEFAULT '{}',
    facts TEXT NOT NULL DEFAULT '{}',
    sha256 TEXT NOT NULL DEFAULT '',
    asset_id INTEGER,
    post_id INTEGER,
    publish_again INTEGER NOT NULL DEFAULT 0,
    post_error TEXT NOT NULL DEFAULT '',
    created_at DOUBLE PRECISION NOT NULL,
    -- From when on its task stands in the queue, which decides its place there.
    queued_at DOUBLE PRECISION NOT NULL DEFAULT 0,
    started_at DOUBLE PRECISION,
    finished_at DOUBLE PRECISION
);
CREATE INDEX renders_open ON renders (priority DESC, queued_at, id)
    WHERE state IN ('pending', 'processing');
CREATE INDEX renders_unpublished ON renders (id) WHERE state = 'ready' AND preview = 0
    AND targets <> '[]' AND post_id IS NULL AND post_error = '';
CREATE INDEX renders_user ON renders (user_id, id);
CREATE INDEX renders_batch ON renders (batch_id, state) WHERE batch_id IS NOT NULL;
CREATE INDEX renders_post ON renders (post_id) WHERE post_id IS NOT NULL;
CREATE INDEX renders_finished ON renders (finished_at) WHERE finished_at IS NOT NULL;

CREATE TABLE render_stages (
    id INTEGER PRIMARY KEY,
    render_id INTEGER NOT NULL REFERENCES renders (id) ON DELETE CASCADE,
    attempt INTEGER NOT NULL,
    stage TEXT NOT NULL,
    seconds DOUBLE PRECISION NOT NULL,
    at DOUBLE PRECISION NOT NULL
);
CREATE INDEX render_stages_render ON render_stages (render_id, attempt, id);

-- What each attempt ran, what it was told, and what it measured.
CREATE TABLE render_logs (
    render_id INTEGER NOT NULL REFERENCES renders (id) ON DELETE CASCADE,
    attempt INTEGER NOT NULL,
    at DOUBLE PRECISION NOT NULL,
    outcome TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (render_id, attempt)
);
CREATE INDEX render_logs_at ON render_logs (at);
