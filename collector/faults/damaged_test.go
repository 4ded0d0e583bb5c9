//go:build linux

package faults

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDamagedDatabaseIsRefusedInOneLine: the line names the file, says that it is damaged, and what
// to do.
func TestDamagedDatabaseIsRefusedInOneLine(t *testing.T) {
	t.Parallel()
	whole, l := filledDatabase(t)
	middle := len(whole) / 2 / pageSize * pageSize
	for name, damaged := range map[string][]byte{
		"the header is overwritten":                  overwrite(whole, 0, 100),
		"the first page is overwritten":              overwrite(whole, 0, pageSize),
		"the first page but its header":              overwrite(whole, 100, pageSize-100),
		"the first page is zeroed but for its start": zero(whole, 512, pageSize-512),
		"pages in the middle are overwritten":        overwrite(whole, middle, 8*pageSize),
		"half of the file is gone":                   whole[:middle],
		"most of the file is gone":                   whole[:2*pageSize],
		"it is something else":                       []byte(strings.Repeat("id;nps\n1;9\n", 1000)),
		"it is a page of something else":             bytes.Repeat([]byte("x"), pageSize),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := filepath.Join(t.TempDir(), "askwell.db")
			write(t, db, damaged)
			p := spawn(t, db)
			eventually(t, "it ends or listens", func() bool { return p.hasEnded() || listening.MatchString(p.stdout.String()) })
			if !p.hasEnded() {
				t.Fatal("it started")
			}
			if code := p.exitCode(); code <= 0 || code == 2 { // 2 is a panic's
				t.Errorf("exit code %d", code)
			}
			isOneLineOfDamage(t, p.stderr.String(), db)
			// It may be all that is left of the answers: whoever repairs it finds it as it was.
			if now, err := os.ReadFile(db); err != nil || !bytes.Equal(now, damaged) {
				t.Errorf("a file that was refused is changed (%v)", err)
			}
		})
	}
	// A large file is not read through at the start, and disks rot while a program runs.
	t.Run("damage that comes later is named when it is met", func(t *testing.T) {
		t.Parallel()
		db := filepath.Join(t.TempDir(), "askwell.db")
		write(t, db, whole)
		p := start(t, db)
		write(t, db, overwrite(whole, middle, 8*pageSize))
		// Reading all of it meets the pages.
		status, text, err := p.tryKeyed("GET", surveyOf+"/responses?limit=1000", "")
		for cursor := next(text); err == nil && status == 200 && cursor != ""; cursor = next(text) {
			status, text, err = p.tryKeyed("GET", surveyOf+"/responses?limit=1000&cursor="+cursor, "")
		}
		if err != nil || status < 500 {
			t.Errorf("reading a damaged page gives %d %v: %.200s", status, err, text)
		}
		eventually(t, "it says which file is damaged", func() bool {
			said := p.stderr.String()
			return strings.Contains(said, db) && strings.Contains(said, "damaged")
		})
		if p.hasEnded() {
			t.Error("it ended")
		}
	})
	// What a power cut leaves at the end of the log is not damage: it was never promised to anyone.
	for name, log := range map[string][]byte{
		"an empty log":      {},
		"a log of garbage":  overwrite(make([]byte, 5*pageSize), 0, 5*pageSize),
		"a log that is cut": overwrite(make([]byte, 17), 0, 17),
	} {
		t.Run(name+" does no harm", func(t *testing.T) {
			t.Parallel()
			db := filepath.Join(t.TempDir(), "askwell.db")
			write(t, db, whole)
			write(t, db+"-wal", log)
			p := start(t, db)
			mine := newLedger()
			for id, promise := range l.responses {
				copied := *promise
				mine.responses[id] = &copied
			}
			mine.compare(t, p)
			p.recovers(mine, newClients(t, mine, 1, 5), func() {})
			p.restartsWhole(mine)
		})
	}
}

const pageSize = 4096

// filledDatabase is the content of a database with enough responses for some hundred pages.
func filledDatabase(t *testing.T) ([]byte, *ledger) {
	t.Helper()
	p := start(t, newDatabase(t))
	l := newLedger()
	clients := newClients(t, l, 4, 50)
	sending := startLoad(clients, p.url)
	eventually(t, "2,000 responses are accepted", func() bool { n, _, _ := l.count(); return n > 2000 })
	sending.stop()
	p.stop()
	content, err := os.ReadFile(p.db)
	if err != nil {
		t.Fatal(err)
	}
	if len(content) < 100*pageSize {
		t.Fatalf("the database has %d bytes only", len(content))
	}
	return content, l
}

// overwrite returns a copy with n random bytes from a place on.
func overwrite(content []byte, at, n int) []byte {
	out := bytes.Clone(content)
	random := rand.NewChaCha8([32]byte{1})
	random.Read(out[at : at+n])
	return out
}

func zero(content []byte, at, n int) []byte {
	out := bytes.Clone(content)
	clear(out[at : at+n])
	return out
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func isOneLineOfDamage(t *testing.T, said, db string) {
	t.Helper()
	said = strings.TrimSuffix(said, "\n")
	if strings.Contains(said, "\n") || !strings.HasPrefix(said, "askwell: ") {
		t.Errorf("not one line: %s", said)
	}
	for _, word := range []string{db, "damaged", "backup"} {
		if !strings.Contains(said, word) {
			t.Errorf("%q is not in: %s", word, said)
		}
	}
}

func next(page []byte) string {
	_, after, found := strings.Cut(string(page), `"next":"`)
	if !found {
		return ""
	}
	cursor, _, _ := strings.Cut(after, `"`)
	return cursor
}
