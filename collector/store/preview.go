package store

import (
	"context"
	"database/sql"
	"time"
)

// The program's own secret stands beside those of the sites, under the site that none can be called.
const ownSecret = ""

// OwnSecret returns the secret that signs preview links, nil where none was ever made.
func (s *Store) OwnSecret(ctx context.Context) ([]byte, error) { return s.Secret(ctx, ownSecret) }

// NotePreview notes in the audit log that a survey's draft was opened to whoever has a link, and
// returns the secret that signs links: the stored one, or this one, which is new.
func (s *Store) NotePreview(ctx context.Context, site, survey string, fresh []byte, now time.Time) (secret []byte, err error) {
	err = s.transact(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "INSERT INTO secrets(site_id, secret, created_at) VALUES($1, $2, $3) ON CONFLICT(site_id) DO NOTHING",
			ownSecret, fresh, now.UnixMilli()); err != nil {
			return err
		}
		if err := tx.QueryRowContext(ctx, "SELECT secret FROM secrets WHERE site_id = $1", ownSecret).Scan(&secret); err != nil {
			return err
		}
		return audit(ctx, tx, site, "survey.preview", survey)
	})
	return secret, err
}
