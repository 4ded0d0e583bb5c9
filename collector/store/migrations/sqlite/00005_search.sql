-- +goose Up

-- The words of verbatims, as collector/words cuts and folds them, each behind its survey's mark. All
-- of it but `indexed` can be made anew from the responses. The text is kept here too: to take words
-- out again FTS5 must know them, and the answers may have changed by then. Without columnsize, which
-- only ranking wants.
CREATE VIRTUAL TABLE search USING fts5(words, tokenize = 'ascii', columnsize = 0);
-- Without it, words stay in the file until their part of the index happens to be written anew.
INSERT INTO search(search, rank) VALUES('secure-delete', 1);

-- Which response a row of the search is of. doc grows with at: the newest are found first.
CREATE TABLE indexed(
  doc       INTEGER NOT NULL PRIMARY KEY, -- FTS5 wants a number
  site_id   TEXT NOT NULL,
  survey_id TEXT NOT NULL,
  at        INTEGER NOT NULL,
  id        TEXT NOT NULL,
  seq       INTEGER NOT NULL -- of the snapshot whose words these are
) STRICT;

CREATE UNIQUE INDEX indexed_id ON indexed(site_id, id);

-- Responses whose words changed since they were indexed.
CREATE TABLE to_index(
  site_id   TEXT NOT NULL,
  survey_id TEXT NOT NULL,
  at        INTEGER NOT NULL,
  id        TEXT NOT NULL,
  PRIMARY KEY(site_id, survey_id, at, id)
) STRICT, WITHOUT ROWID;

-- Surveys that had responses before there was a search: those older than this are still to be indexed.
CREATE TABLE to_index_before(
  site_id   TEXT NOT NULL,
  survey_id TEXT NOT NULL,
  at        INTEGER NOT NULL,
  id        TEXT NOT NULL,
  PRIMARY KEY(site_id, survey_id)
) STRICT;

INSERT INTO to_index_before(site_id, survey_id, at, id) SELECT site_id, survey_id, 9223372036854775807, '' FROM surveys;

-- +goose Down

DROP TABLE to_index_before;
DROP TABLE to_index;
DROP TABLE indexed;
DROP TABLE search;
