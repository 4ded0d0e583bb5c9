-- +goose Up

CREATE TABLE sites(
  site_id TEXT NOT NULL,
  doc     TEXT NOT NULL, -- JSON
  etag    INTEGER NOT NULL,
  PRIMARY KEY(site_id)
) STRICT;

CREATE TABLE surveys(
  site_id      TEXT NOT NULL,
  survey_id    TEXT NOT NULL,
  status       TEXT NOT NULL,
  live_version INTEGER NOT NULL, -- 0: never published
  draft        TEXT NOT NULL,    -- JSON
  etag         INTEGER NOT NULL,
  PRIMARY KEY(site_id, survey_id)
) STRICT;

CREATE TABLE versions(
  site_id      TEXT NOT NULL,
  survey_id    TEXT NOT NULL,
  version      INTEGER NOT NULL,
  doc          TEXT NOT NULL, -- JSON
  hash         TEXT NOT NULL,
  published_at INTEGER NOT NULL,
  PRIMARY KEY(site_id, survey_id, version)
) STRICT;

CREATE TABLE responses(
  site_id      TEXT NOT NULL,
  survey_id    TEXT NOT NULL,
  at           INTEGER NOT NULL, -- birth, fixed at first acceptance
  id           TEXT NOT NULL,
  version      INTEGER NOT NULL,
  seq          INTEGER NOT NULL,
  state        INTEGER NOT NULL, -- 0 shown, 1 partial, 2 completed
  class        INTEGER NOT NULL, -- 0 live, 1 test, 2 bot, 3 over_quota; once not live, for good
  channel      TEXT NOT NULL,    -- web, link, email, api, import; fixed at first acceptance
  dismissed_at INTEGER,
  visitor      TEXT,
  user_id      TEXT,
  answers      TEXT NOT NULL, -- JSON
  context      TEXT NOT NULL, -- JSON
  PRIMARY KEY(site_id, survey_id, at, id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX responses_id ON responses(site_id, id);
CREATE INDEX responses_user ON responses(site_id, user_id) WHERE user_id IS NOT NULL;

CREATE TABLE keys(
  site_id    TEXT NOT NULL, -- '' for every site
  key_id     TEXT NOT NULL,
  name       TEXT NOT NULL,
  scope      TEXT NOT NULL,
  hash       BLOB NOT NULL, -- SHA-256; the key itself is shown once and never stored
  created_at INTEGER NOT NULL,
  PRIMARY KEY(site_id, key_id)
) STRICT;

CREATE UNIQUE INDEX keys_hash ON keys(hash);

-- +goose Down

DROP TABLE keys;
DROP TABLE responses;
DROP TABLE versions;
DROP TABLE surveys;
DROP TABLE sites;
