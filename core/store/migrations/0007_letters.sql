-- Dead letters: failed uploads that wait for a cure, and what waits for a person.
-- Times are seconds since 1970 (UTC) as DOUBLE PRECISION; JSON is TEXT.

ALTER TABLE uploads ADD COLUMN dropped_at DOUBLE PRECISION;
CREATE INDEX uploads_dead ON uploads (finished_at) WHERE state = 'failed' AND dropped_at IS NULL;
