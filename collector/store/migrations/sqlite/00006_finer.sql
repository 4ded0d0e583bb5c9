-- +goose Up

-- Segments know how many were born in each quarter of an hour now, and which values have no code of their own. Those that are
-- there do without, more slowly, until they are made anew in the background: a mark of generation 0 says so. What they say is right.
INSERT INTO stale(site_id, survey_id, from_at, gen) SELECT site_id, survey_id, from_at, 0 FROM segments WHERE col = '_at'
  ON CONFLICT(site_id, survey_id, from_at) DO NOTHING;

-- +goose Down

DELETE FROM stale WHERE gen = 0;
