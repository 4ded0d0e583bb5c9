package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/askwell/askwell/collector/auth"
	"github.com/askwell/askwell/collector/survey"
)

const keyColumns = "site_id, key_id, name, scope, hash, created_at, last_used_at, revoked_at"

// CreateKey stores a key by its hash.
func (s *Store) CreateKey(ctx context.Context, k auth.Key) error {
	return s.transact(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO keys(site_id, key_id, name, scope, hash, created_at)
			VALUES($1, $2, $3, $4, $5, $6)`, k.Site, k.ID, k.Name, string(k.Scope), k.Hash, k.CreatedAt.UnixMilli()); err != nil {
			return err
		}
		return audit(ctx, tx, k.Site, "key.create", k.Name+" ("+string(k.Scope)+", "+k.ID+")")
	})
}

// environmentKey is the id of the key that the environment gives.
const environmentKey = "environment"

// SetEnvironmentKey stores the admin key that the environment gives, in place of the one it gave
// before: who replaces a leaked key must not leave it working.
func (s *Store) SetEnvironmentKey(ctx context.Context, secret string, now time.Time) error {
	return s.transact(ctx, func(tx *sql.Tx) error {
		k, err := scanKey(tx.QueryRowContext(ctx, "SELECT "+keyColumns+" FROM keys WHERE hash = $1", auth.Hash(secret)))
		switch {
		case err == nil && k.RevokedAt != nil:
			return errors.New("ASKWELL_ADMIN_KEY is a key that was revoked: choose another")
		case err == nil && k.ID == environmentKey, err != nil && !errors.Is(err, sql.ErrNoRows):
			return err
		}
		// Whoever gave it this secret before, under an older version or over the API.
		if _, err := tx.ExecContext(ctx, "DELETE FROM keys WHERE hash = $1 OR site_id = '' AND key_id = $2", auth.Hash(secret), environmentKey); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO keys(site_id, key_id, name, scope, hash, created_at)
			VALUES('', $1, $2, $3, $4, $5)`, environmentKey, "ASKWELL_ADMIN_KEY", string(auth.Admin), auth.Hash(secret), now.UnixMilli()); err != nil {
			return err
		}
		return audit(ctx, tx, "", "key.create", "ASKWELL_ADMIN_KEY (admin, environment)")
	})
}

// KeyOf finds the key of a secret, nil where there is none that works. It is looked up by its hash:
// the time that takes tells something of the hash, and nothing of the random bits behind it. A secret
// that a person chose for ASKWELL_ADMIN_KEY has fewer of them; it has at least 20 characters.
func (s *Store) KeyOf(ctx context.Context, secret string) (*auth.Key, error) {
	k, err := scanKey(s.quick.QueryRowContext(ctx, "SELECT "+keyColumns+" FROM keys WHERE hash = $1 AND revoked_at IS NULL", auth.Hash(secret)))
	if errors.Is(err, sql.ErrNoRows) || err == nil && !k.Is(secret) {
		return nil, nil
	}
	return k, err
}

// Keys returns the keys of a site, "" for all keys, revoked ones too, in the order they were made.
func (s *Store) Keys(ctx context.Context, site string) ([]auth.Key, error) {
	rows, err := s.read.QueryContext(ctx, "SELECT "+keyColumns+" FROM keys WHERE $1 = '' OR site_id = $1 ORDER BY created_at, key_id", site)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	keys := []auth.Key{}
	for rows.Next() {
		k, err := scanKey(rows)
		if err != nil {
			return nil, err
		}
		keys = append(keys, *k)
	}
	return keys, rows.Err()
}

// RevokeKey ends a key for good. The site is "" for a key of all sites. The last admin key of all
// sites stays: without it nobody could make another.
func (s *Store) RevokeKey(ctx context.Context, site, id string, now time.Time) error {
	return s.transact(ctx, func(tx *sql.Tx) error {
		k, err := scanKey(tx.QueryRowContext(ctx, "SELECT "+keyColumns+" FROM keys WHERE ($1 = '' OR site_id = $1) AND key_id = $2", site, id))
		if errors.Is(err, sql.ErrNoRows) {
			return survey.Errorf(survey.NotFound, "there is no key %q", id)
		}
		if err != nil || k.RevokedAt != nil {
			return err
		}
		var others int
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM keys
			WHERE site_id = '' AND scope = 'admin' AND revoked_at IS NULL AND key_id <> $1`, id).Scan(&others); err != nil {
			return err
		}
		if others == 0 && k.Site == "" && k.Scope == auth.Admin {
			return survey.Errorf(survey.Conflict, "this is the last admin key: make another first")
		}
		if _, err := tx.ExecContext(ctx, "UPDATE keys SET revoked_at = $3 WHERE site_id = $1 AND key_id = $2", k.Site, id, now.UnixMilli()); err != nil {
			return err
		}
		return audit(ctx, tx, k.Site, "key.revoke", k.Name+" ("+string(k.Scope)+", "+k.ID+")")
	})
}

// SaveKeyUses writes down when keys were last used.
func (s *Store) SaveKeyUses(ctx context.Context, uses map[string]time.Time) error {
	if len(uses) == 0 {
		return nil
	}
	return s.transact(ctx, func(tx *sql.Tx) error {
		for id, at := range uses {
			if _, err := tx.ExecContext(ctx, "UPDATE keys SET last_used_at = $2 WHERE key_id = $1", id, at.UnixMilli()); err != nil {
				return err
			}
		}
		return nil
	})
}

// HasKeys says whether any key was ever made.
func (s *Store) HasKeys(ctx context.Context) (bool, error) {
	var has bool
	err := s.read.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM keys)").Scan(&has)
	return has, err
}

func scanKey(row interface{ Scan(...any) error }) (*auth.Key, error) {
	var k auth.Key
	var created int64
	var used, revoked sql.NullInt64
	if err := row.Scan(&k.Site, &k.ID, &k.Name, &k.Scope, &k.Hash, &created, &used, &revoked); err != nil {
		return nil, err
	}
	k.CreatedAt, k.LastUsedAt, k.RevokedAt = time.UnixMilli(created), timeOf(used), timeOf(revoked)
	return &k, nil
}

func timeOf(ms sql.NullInt64) *time.Time {
	if !ms.Valid {
		return nil
	}
	t := time.UnixMilli(ms.Int64)
	return &t
}
