-- +goose Up

-- What a survey that has, or once had, a quota has taken. A row stays for good, so that a quota that
-- is lifted and set again goes on from the right number.
CREATE TABLE quotas(
  site_id   TEXT NOT NULL,
  survey_id TEXT NOT NULL,
  completed INTEGER,          -- the live version's quota, NULL where it has none
  taken     INTEGER NOT NULL, -- live completed responses, erased and deleted ones too
  PRIMARY KEY(site_id, survey_id)
) STRICT;

-- Who would have seen the surveys that only try out their triggers.
CREATE TABLE dry_runs(
  site_id    TEXT NOT NULL,
  survey_id  TEXT NOT NULL,
  day        TEXT NOT NULL, -- 2026-11-22, of the site's time zone then
  trigger_id TEXT NOT NULL, -- exit_intent
  n          INTEGER NOT NULL,
  PRIMARY KEY(site_id, survey_id, day, trigger_id)
) STRICT, WITHOUT ROWID;

-- In the order of time, so that a user's latest responses are found without reading all of them. It
-- is not larger for it: the key's columns stand in each index anyway.
DROP INDEX responses_user;
CREATE INDEX responses_user ON responses(site_id, user_id, at, id) WHERE user_id IS NOT NULL;

-- +goose Down

DROP INDEX responses_user;
CREATE INDEX responses_user ON responses(site_id, user_id) WHERE user_id IS NOT NULL;
DROP TABLE dry_runs;
DROP TABLE quotas;
