//go:build linux

package faults

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/pressly/goose/v3"
)

// TestMigrationCutShortIsCompletedByTheNextStart kills the program while it makes its tables, and
// while it brings an old database up to date.
func TestMigrationCutShortIsCompletedByTheNextStart(t *testing.T) {
	t.Parallel()
	const times = 6                            // and two kills each
	slowDisk := func(t *testing.T) []setting { // each sync takes as long as on a laptop's disk: a kill hits between two of them
		return []setting{inject(t, "fsync,fdatasync", "delay_enter=10000")}
	}
	fastDisk := func(*testing.T) []setting { return nil }
	for _, disk := range []struct {
		name     string
		settings func(*testing.T) []setting
		most     time.Duration // that a start takes, or a little more
	}{
		{"fast disk", fastDisk, 50 * time.Millisecond},
		{"slow disk", slowDisk, 200 * time.Millisecond},
	} {
		t.Run("a first start on a "+disk.name, func(t *testing.T) {
			t.Parallel()
			for range times {
				db := filepath.Join(t.TempDir(), "askwell.db")
				interrupted(t, db, disk.most, disk.settings(t)...)
				p := start(t, db)
				p.makeSite()
				l := newLedger()
				p.recovers(l, newClients(t, l, 1, 5), func() {})
				p.restartsWhole(l)
			}
		})
		t.Run("an upgrade on a "+disk.name, func(t *testing.T) {
			t.Parallel()
			for range times {
				db := filepath.Join(t.TempDir(), "askwell.db")
				l := oldDatabase(t, db)
				interrupted(t, db, disk.most, disk.settings(t)...)
				p := start(t, db)
				l.compare(t, p)
				p.recovers(l, newClients(t, l, 1, 5), func() {})
				p.restartsWhole(l)
			}
		})
	}
}

// interrupted is a start that is killed at a random moment, twice: the second finds what the first left.
func interrupted(t *testing.T, db string, most time.Duration, settings ...setting) {
	t.Helper()
	for range 2 {
		p := spawn(t, db, settings...)
		moment(most)
		p.kill()
	}
}

// oldDatabase is one as the first release left it, with a survey and its responses.
func oldDatabase(t *testing.T, path string) *ledger {
	t.Helper()
	db := openDatabase(t, path)
	defer db.Close()
	if _, err := db.Exec("PRAGMA journal_mode(WAL)"); err != nil {
		t.Fatal(err)
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, os.DirFS("../store/migrations/sqlite"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.UpTo(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	l := newLedger()
	fill(t, tx, l)
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	return l
}

func fill(t *testing.T, tx *sql.Tx, l *ledger) {
	t.Helper()
	now := time.Now().UnixMilli()
	exec := func(query string, args ...any) {
		t.Helper()
		if _, err := tx.Exec(query, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec("INSERT INTO sites(site_id, doc, etag) VALUES('shop', $1, 1)", siteDoc)
	exec("INSERT INTO surveys(site_id, survey_id, status, live_version, draft, etag) VALUES('shop', $1, 'live', 1, $2, 2)", surveyID, surveyDoc)
	exec("INSERT INTO versions(site_id, survey_id, version, doc, hash, published_at) VALUES('shop', $1, 1, $2, 'h', $3)", surveyID, surveyDoc, now)
	for range 300 {
		s := snapshot{uuid.Must(uuid.NewV7()).String(), 2}
		exec(`INSERT INTO responses(site_id, survey_id, at, id, version, seq, state, class, channel, answers, context)
			VALUES('shop', $1, $2, $3, 1, $4, 2, 0, 'web', $5, '{}')`, surveyID, now, s.id, s.seq, fmt.Sprintf(`{"nps":%d,"why":%q}`, s.nps(), s.why()))
		l.send([]snapshot{s})
		l.hear([]snapshot{s}, accepted)
		l.responses[s.id].at = now
	}
}
