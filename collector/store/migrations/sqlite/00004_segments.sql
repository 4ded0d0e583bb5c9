-- +goose Up

-- Live responses as columns, for scores: an hour or a day of them, a byte a response and column. A row has a number, as
-- PRIMARY KEY ... WITHOUT ROWID would keep the large data in the tree itself.
CREATE TABLE segments(
  site_id   TEXT NOT NULL,
  survey_id TEXT NOT NULL,
  from_at   INTEGER NOT NULL,
  col       TEXT NOT NULL, -- answer.nps, device, trait.plan; _at and the like are not of bytes
  span      INTEGER NOT NULL,
  n         INTEGER NOT NULL,
  dict      TEXT NOT NULL, -- JSON: the values, by byte
  counts    BLOB NOT NULL, -- how often each is there
  data      BLOB NOT NULL, -- empty where all are alike
  PRIMARY KEY(site_id, survey_id, from_at, col)
) STRICT;

-- A query reads a few columns of many segments.
CREATE INDEX segments_column ON segments(site_id, survey_id, col, from_at, span, n);

-- How far a survey is sealed: what was born before stands in segments, but for what is stale.
CREATE TABLE sealed(
  site_id   TEXT NOT NULL,
  survey_id TEXT NOT NULL,
  up_to     INTEGER NOT NULL,
  PRIMARY KEY(site_id, survey_id)
) STRICT, WITHOUT ROWID;

-- Hours that changed after they were sealed: the segment around them is not read until it is made anew.
CREATE TABLE stale(
  site_id   TEXT NOT NULL,
  survey_id TEXT NOT NULL,
  from_at   INTEGER NOT NULL,
  gen       INTEGER NOT NULL, -- grows with each change
  PRIMARY KEY(site_id, survey_id, from_at)
) STRICT, WITHOUT ROWID;

-- +goose Down

DROP TABLE stale;
DROP TABLE sealed;
DROP TABLE segments;
