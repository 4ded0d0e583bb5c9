package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/google/uuid"
)

// Actor is who changes something: a key, or the program itself (the zero value).
type Actor struct{ KeyID, Name string }

type actorKey struct{}

// WithActor makes what is changed under ctx an actor's doing in the audit log.
func WithActor(ctx context.Context, a Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// Audit is one entry of the audit log: who did what, when, to what. It holds no personal data.
type Audit struct {
	Site   string // "" for what belongs to no site
	At     time.Time
	ID     string
	KeyID  string // "" for the program itself
	Actor  string
	Action string
	Target string
}

// audit writes an entry in the transaction of the change, so that neither is there without the other.
func audit(ctx context.Context, tx *sql.Tx, site, action, target string) error {
	who, ok := ctx.Value(actorKey{}).(Actor)
	if !ok {
		who.Name = "askwell"
	}
	_, err := tx.ExecContext(ctx, "INSERT INTO audit(site_id, at, id, key_id, actor, action, target) VALUES($1, $2, $3, $4, $5, $6, $7)",
		site, time.Now().UnixMilli(), uuid.Must(uuid.NewV7()).String(), who.KeyID, who.Name, action, target)
	return err
}

// AuditLog returns the entries of a site, or with site "" of everything, newest first, from a cursor
// on ("" for the start), with the cursor of the next page.
func (s *Store) AuditLog(ctx context.Context, site, cursor string, limit int) ([]Audit, string, error) {
	at, id, err := parseCursor(cursor)
	if err != nil {
		return nil, "", err
	}
	rows, err := s.read.QueryContext(ctx, `SELECT site_id, at, id, key_id, actor, action, target FROM audit
		WHERE ($1 = '' OR site_id = $1) AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT $4`, site, at, id, limit+1)
	if err != nil {
		return nil, "", err
	}
	defer rows.Close()
	entries := []Audit{}
	for rows.Next() {
		var a Audit
		var at int64
		if err := rows.Scan(&a.Site, &at, &a.ID, &a.KeyID, &a.Actor, &a.Action, &a.Target); err != nil {
			return nil, "", err
		}
		a.At = time.UnixMilli(at)
		entries = append(entries, a)
	}
	entries, next := page(entries, limit, func(a Audit) (time.Time, string) { return a.At, a.ID })
	return entries, next, rows.Err()
}
