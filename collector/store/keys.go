package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/askwell/askwell/collector/auth"
)

// CreateKey stores a key by its hash. Storing the same key twice changes nothing.
func (s *Store) CreateKey(ctx context.Context, k auth.Key, now time.Time) error {
	_, err := s.write.ExecContext(ctx, `INSERT INTO keys(site_id, key_id, name, scope, hash, created_at)
		VALUES('', $1, $2, $3, $4, $5) ON CONFLICT(hash) DO NOTHING`, k.ID, k.Name, string(k.Scope), k.Hash, now.UnixMilli())
	return err
}

// KeyByHash finds the key with a hash, nil where there is none.
func (s *Store) KeyByHash(ctx context.Context, hash []byte) (*auth.Key, error) {
	k := auth.Key{Hash: hash}
	err := s.read.QueryRowContext(ctx, "SELECT key_id, name, scope FROM keys WHERE hash = $1", hash).Scan(&k.ID, &k.Name, &k.Scope)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &k, err
}

// HasKeys says whether any key was ever made.
func (s *Store) HasKeys(ctx context.Context) (bool, error) {
	var has bool
	err := s.read.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM keys)").Scan(&has)
	return has, err
}
