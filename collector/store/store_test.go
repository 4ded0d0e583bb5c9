package store

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/askwell/askwell/collector/survey"
)

// now is when everything happens: no test reads the clock.
var now = time.UnixMilli(1_795_300_000_000)

// newStore opens a new database.
func newStore(t *testing.T) *Store {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "askwell.db"))
}

// openAt opens a database until the test ends.
func openAt(t *testing.T, path string) *Store {
	t.Helper()
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// reopen closes a database and opens it again, as a restart does.
func reopen(t *testing.T, s *Store) *Store {
	t.Helper()
	path := strings.TrimSuffix(s.lock.Path(), ".lock")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return openAt(t, path)
}

// must is for steps that only prepare: where they fail, nothing after them means anything.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// wantCode reports an error that is not of a code.
func wantCode(t *testing.T, name string, err error, code survey.Code) {
	t.Helper()
	var domain *survey.Error
	if !errors.As(err, &domain) || domain.Code != code {
		t.Errorf("%s: got the error %v, want one of code %s", name, err, code)
	}
}

func TestReopenedDatabaseHasItsData(t *testing.T) {
	path := filepath.Join(t.TempDir(), "askwell.db")
	s := openAt(t, path)
	shop := survey.Site{ID: "shop", Name: "Shop", Origins: []string{"https://shop.example"}}
	must(s.PutSite(t.Context(), shop, 0))
	must(s.SaveDraft(t.Context(), "shop", definition(t, "nps"), 0))
	must(s.Publish(t.Context(), "shop", "nps", 0, now))
	save(t, s, response("shop", "nps", 1, nil))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	// Closing writes the log back, so that the one file is the whole database.
	if _, err := os.Stat(path + "-wal"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("there is a log after Close: %v", err)
	}

	s = openAt(t, path)
	if diff := cmp.Diff(&Site{Site: shop, ETag: 1}, must(s.Site(t.Context(), "shop"))); diff != "" {
		t.Error(diff)
	}
	if got := must(s.Survey(t.Context(), "shop", "nps")); got.Status != survey.Live || got.LiveVersion != 1 {
		t.Errorf("the survey is %s, version %d, want live, version 1", got.Status, got.LiveVersion)
	}
	if got := list(t, s, "shop", "nps", 10); len(got) != 1 {
		t.Errorf("there are %d responses, want 1", len(got))
	}
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "notes.txt")
	if err := os.WriteFile(text, []byte(strings.Repeat("not a database, but text\n", 50)), 0o600); err != nil {
		t.Fatal(err)
	}
	taken := filepath.Join(dir, "taken.db")
	openAt(t, taken)
	tests := map[string]struct{ path, want string }{
		"a file that another process has": {taken, "another askwell is using it"},
		"a folder that does not exist":    {filepath.Join(dir, "no", "askwell.db"), "there is no folder " + filepath.Join(dir, "no")},
		"a file in the place of a folder": {filepath.Join(text, "askwell.db"), "there is no folder " + text},
		"a file that is not a database":   {text, "file is not a database"},
		"a folder in the place of a file": {dir, "it is a folder, not a file"},
	}
	for name, test := range tests {
		t.Run(name+" is refused", func(t *testing.T) {
			s, err := Open(t.Context(), test.path)
			if err == nil {
				s.Close()
				t.Fatal("it was opened")
			}
			for _, want := range []string{"cannot open the database " + test.path + ": ", test.want} {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("the error is %q, want %q in it", err, want)
				}
			}
		})
	}
	if data, err := os.ReadFile(text); err != nil || !strings.HasPrefix(string(data), "not a database") {
		t.Errorf("the file that is not a database was changed: %v", err)
	}
}

func TestRefusedOpenLeavesTheOwnerAtWork(t *testing.T) {
	path := filepath.Join(t.TempDir(), "askwell.db")
	owner := openAt(t, path)
	for range 2 { // a refusal must not free the lock for whoever comes next
		if s, err := Open(t.Context(), path); err == nil {
			s.Close()
			t.Fatal("a database in use was opened a second time")
		}
	}
	must(owner.PutSite(t.Context(), survey.Site{ID: "shop"}, 0))
	if err := owner.Close(); err != nil {
		t.Fatal(err)
	}
	openAt(t, path)
}

func TestFailedOpenFreesTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "askwell.db")
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if s, err := Open(ended, path); err == nil {
		s.Close()
		t.Fatal("it was opened, though its context had ended")
	}
	openAt(t, path)
}

// The path goes into a URI: what has a meaning there must reach the file system as it is.
func TestPathMayHaveAnyCharacters(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"a b.db", "50%.db", "%41.db", "what?.db", "a?mode=ro.db", "#1.db", "żółw.db", "a:b.db", "a&b;c.db", "./x+y.db"} {
		s, err := Open(t.Context(), name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		s.Close()
		if _, err := os.Stat(name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A pragma that is set once on a pool is missing on the connections it opens later.
func TestEveryConnectionHasThePragmas(t *testing.T) {
	s := newStore(t)
	want := map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000"}
	pools := map[string]struct {
		db        *sql.DB
		conns     int
		queryOnly string
	}{"writer": {s.write, 1, "0"}, "readers": {s.read, 4, "1"}}
	for name, pool := range pools {
		if got := pool.db.Stats().MaxOpenConnections; got != pool.conns {
			t.Errorf("the pool of the %s has %d connections, want %d", name, got, pool.conns)
		}
		// All at once, so that each is a connection of its own.
		var conns []*sql.Conn
		for range pool.conns {
			conns = append(conns, must(pool.db.Conn(t.Context())))
		}
		for _, conn := range conns {
			got := map[string]string{}
			want["query_only"] = pool.queryOnly
			for pragma := range want {
				var value string
				if err := conn.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&value); err != nil {
					t.Fatal(err)
				}
				got[pragma] = value
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
			conn.Close()
		}
	}
}

func TestReadersCannotWrite(t *testing.T) {
	s := newStore(t)
	if _, err := s.read.ExecContext(t.Context(), "INSERT INTO sites(site_id, doc, etag) VALUES('x', '{}', 1)"); err == nil {
		t.Error("a reader wrote")
	}
}

func TestReady(t *testing.T) {
	s := newStore(t)
	if err := s.Ready(t.Context()); err != nil {
		t.Error(err)
	}
	s.Close()
	if err := s.Ready(t.Context()); err == nil {
		t.Error("a closed store says that it is ready")
	}
}

func TestFailedTransactionLeavesNothing(t *testing.T) {
	s := newStore(t)
	failed := errors.New("no")
	err := s.transact(t.Context(), func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(t.Context(), "INSERT INTO sites(site_id, doc, etag) VALUES('x', '{}', 1)"); err != nil {
			t.Fatal(err)
		}
		return failed
	})
	if !errors.Is(err, failed) {
		t.Errorf("got %v, want the error of the function", err)
	}
	if sites := must(s.Sites(t.Context())); len(sites) != 0 {
		t.Errorf("the transaction failed, but left %v", sites)
	}
}
