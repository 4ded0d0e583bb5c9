package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/askwell/askwell/collector/survey"
)

// filled makes a database with a site, a live survey and n responses, and closes it.
func filled(t *testing.T, path string, n int) {
	t.Helper()
	s := must(Open(t.Context(), path))
	fill(t, s, n)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func fill(t *testing.T, s *Store, n int) {
	t.Helper()
	must(s.PutSite(t.Context(), survey.Site{ID: "shop", Name: "Shop", Origins: []string{"https://shop.example"}}, 0))
	must(s.SaveDraft(t.Context(), "shop", definition(t, "s", why), 0))
	must(s.Publish(t.Context(), "shop", "s", 0, now))
	var batch []Response
	for i := range n {
		batch = append(batch, response("shop", "s", i, said(fmt.Sprintf(`{"nps":%d,"why":%q}`, i%11, strings.Repeat("words ", 50)))))
	}
	save(t, s, batch...)
}

// responsesIn opens a database as a start would, and counts its responses.
func responsesIn(t *testing.T, path string) int {
	t.Helper()
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	return int(must(countTables(t.Context(), s.read))["responses"])
}

// namesIn are the files of a folder that are neither locks nor SQLite's own.
func namesIn(t *testing.T, dir string) (names []string) {
	t.Helper()
	for _, entry := range must(os.ReadDir(dir)) {
		if name := entry.Name(); !strings.HasSuffix(name, ".lock") && !strings.HasSuffix(name, "-shm") && !strings.HasSuffix(name, "-wal") {
			names = append(names, name)
		}
	}
	return names
}

func wantOneLine(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one with %q", parts)
	}
	for _, part := range append(parts, "cannot ") {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("the error is %q, want %q in it", err, part)
		}
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("the error has several lines: %q", err)
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	if err := os.WriteFile(to, must(os.ReadFile(from)), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestDamagedDatabaseIsRefusedInOneLineAndLeftAsItIs(t *testing.T) {
	const page = 4096
	whole := filepath.Join(t.TempDir(), "whole.db")
	filled(t, whole, 300)
	overwrite := func(from, to int) func([]byte) []byte {
		return func(data []byte) []byte {
			return append(append(data[:from:from], bytes.Repeat([]byte("x"), to-from)...), data[to:]...)
		}
	}
	tests := map[string]func([]byte) []byte{
		"a header that is text":      overwrite(0, 16),
		"a header of zeros":          func(data []byte) []byte { return append(make([]byte, 100), data[100:]...) },
		"a truncated file":           func(data []byte) []byte { return data[:len(data)/2] },
		"a file cut inside a page":   func(data []byte) []byte { return data[:len(data)/2+100] },
		"a file cut in its header":   func(data []byte) []byte { return data[:50] },
		"a damaged schema":           overwrite(100, page),
		"a damaged page in the data": func(data []byte) []byte { n := len(data) / page / 2 * page; return overwrite(n, n+page)(data) },
	}
	for name, damage := range tests {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "askwell.db")
			damaged := damage(must(os.ReadFile(whole)))
			if err := os.WriteFile(path, damaged, 0o644); err != nil {
				t.Fatal(err)
			}
			s, err := Open(t.Context(), path)
			if err == nil {
				s.Close()
				t.Fatal("it was opened")
			}
			wantOneLine(t, err, path+": it is damaged (", "askwell verify --db "+path, "askwell restore FILE --db "+path)
			if !bytes.Equal(must(os.ReadFile(path)), damaged) {
				t.Error("the file was changed")
			}
		})
	}
}

func TestDamageMetLaterIsExplained(t *testing.T) {
	path := filepath.Join(t.TempDir(), "askwell.db")
	filled(t, path, 300)
	s := openAt(t, path)
	data := must(os.ReadFile(path))
	if err := os.WriteFile(path, append(data[:4096], bytes.Repeat([]byte("x"), len(data)-4096)...), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := s.Sites(t.Context())
	if err == nil {
		t.Fatal("the damage was not met")
	}
	if got := s.Explain(err).Error(); !strings.Contains(got, "the database "+path+": it is damaged (") || !strings.Contains(got, "askwell restore FILE --db "+path) {
		t.Errorf("got %q", got)
	}
	if other := errors.New("another"); s.Explain(other) != other || s.Explain(nil) != nil {
		t.Error("another error was changed")
	}
}

func TestLogWithoutItsFileIsRefused(t *testing.T) {
	for name, lose := range map[string]func(string) error{
		"the file is gone":  os.Remove,
		"the file is empty": func(path string) error { return os.Truncate(path, 0) },
	} {
		t.Run(name, func(t *testing.T) {
			path := crashed(t, 3)
			log := must(os.ReadFile(path + "-wal"))
			if err := lose(path); err != nil {
				t.Fatal(err)
			}
			_, err := Open(t.Context(), path)
			wantOneLine(t, err, "it is damaged", path+"-wal")
			if !bytes.Equal(must(os.ReadFile(path+"-wal")), log) {
				t.Error("the log, which holds the last commits, was changed")
			}
		})
	}
}

// crashed is a database as kill -9 leaves it: its responses are in the log only.
func crashed(t *testing.T, n int) string {
	t.Helper()
	live := filepath.Join(t.TempDir(), "live.db")
	s := openAt(t, live)
	fill(t, s, n)
	path := filepath.Join(t.TempDir(), "askwell.db")
	copyFile(t, live, path)
	copyFile(t, live+"-wal", path+"-wal")
	if fileSize(path+"-wal") == 0 {
		t.Fatal("nothing is in the log")
	}
	return path
}

func TestGarbageInTheLogLosesNothingOfTheFile(t *testing.T) {
	for name, garbage := range map[string][]byte{
		"text":          bytes.Repeat([]byte("garbage\n"), 2000),
		"zeros":         make([]byte, 20000),
		"a short stump": []byte("7"),
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "askwell.db")
			filled(t, path, 300)
			if err := os.WriteFile(path+"-wal", garbage, 0o644); err != nil {
				t.Fatal(err)
			}
			if got := responsesIn(t, path); got != 300 {
				t.Errorf("there are %d responses, want 300", got)
			}
		})
	}
}

func TestLogCutInItsLastCommitLosesOnlyThat(t *testing.T) {
	live := filepath.Join(t.TempDir(), "live.db")
	s := openAt(t, live)
	fill(t, s, 3)
	save(t, s, response("shop", "s", 4, nil))
	path := filepath.Join(t.TempDir(), "askwell.db")
	copyFile(t, live, path)
	log := must(os.ReadFile(live + "-wal"))
	if err := os.WriteFile(path+"-wal", log[:len(log)-100], 0o644); err != nil {
		t.Fatal(err)
	}
	if got := responsesIn(t, path); got != 3 {
		t.Errorf("there are %d responses, want the 3 of the commits before", got)
	}
}

func TestOtherPlacesAreRefusedInOneLine(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct{ path, want string }{
		"a folder":                            {dir, "it is a folder, not a file"},
		"a folder that is missing":            {filepath.Join(dir, "none", "a.db"), "there is no folder " + filepath.Join(dir, "none")},
		"a file where a folder ought to be":   {filepath.Join(file, "a.db"), "there is no folder " + file},
		"the database of some other program":  {foreign(t), "it is the database of another program"},
		"a database that a newer askwell has": {newer(t), "it was made by a newer askwell (schema 4711, this one knows "},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := Open(t.Context(), test.path)
			if err == nil {
				s.Close()
			}
			wantOneLine(t, err, test.path, test.want)
			if _, err := os.Stat(test.path + ".lock"); name == "a folder" && !errors.Is(err, os.ErrNotExist) {
				t.Error("a lock was left beside the folder")
			}
		})
	}
}

// foreign is the database of another program.
func foreign(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "theirs.db")
	change(t, path, "CREATE TABLE bookmarks(url TEXT)")
	return path
}

// newer is a database that a later version migrated.
func newer(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "newer.db")
	filled(t, path, 2)
	change(t, path, "INSERT INTO goose_db_version(version_id, is_applied) VALUES(4711, 1)")
	return path
}

// change runs SQL that the program would not.
func change(t *testing.T, path string, queries ...string) {
	t.Helper()
	db := must(open(path, ""))
	defer db.Close()
	for _, query := range queries {
		if _, err := db.ExecContext(t.Context(), query); err != nil {
			t.Fatal(err)
		}
	}
}
