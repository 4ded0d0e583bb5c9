-- +goose Up

ALTER TABLE keys ADD COLUMN last_used_at INTEGER;
ALTER TABLE keys ADD COLUMN revoked_at INTEGER;

-- Every change made with a key, and what the program changed by itself. No personal data.
CREATE TABLE audit(
  site_id TEXT NOT NULL, -- '' for what belongs to no site
  at      INTEGER NOT NULL,
  id      TEXT NOT NULL, -- UUIDv7
  key_id  TEXT NOT NULL, -- '' for the program itself
  actor   TEXT NOT NULL, -- the key's name then
  action  TEXT NOT NULL, -- survey.publish
  target  TEXT NOT NULL, -- checkout-exit version 3
  PRIMARY KEY(site_id, at, id)
) STRICT, WITHOUT ROWID;

-- Signs the users that pages identify. In clear, because both sides of an HMAC need it.
CREATE TABLE secrets(
  site_id    TEXT NOT NULL,
  secret     BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY(site_id)
) STRICT;

-- Ids of erased responses, as hashes: a queue in some browser may still hold one.
CREATE TABLE erased(
  site_id TEXT NOT NULL,
  id_hash BLOB NOT NULL, -- SHA-256
  until   INTEGER NOT NULL,
  PRIMARY KEY(site_id, id_hash)
) STRICT, WITHOUT ROWID;

-- How far a site's old responses are anonymised: what was born before needs no second look.
CREATE TABLE anonymised(
  site_id TEXT NOT NULL,
  before  INTEGER NOT NULL,
  PRIMARY KEY(site_id)
) STRICT;

ALTER TABLE responses ADD COLUMN anonymised_at INTEGER; -- no later snapshot brings the person back

-- +goose Down

ALTER TABLE responses DROP COLUMN anonymised_at;
DROP TABLE anonymised;
DROP TABLE erased;
DROP TABLE secrets;
DROP TABLE audit;
ALTER TABLE keys DROP COLUMN revoked_at;
ALTER TABLE keys DROP COLUMN last_used_at;
