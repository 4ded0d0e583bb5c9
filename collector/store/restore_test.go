package store

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/askwell/askwell/collector/survey"
)

// backupOf makes a backup of a new database with n responses.
func backupOf(t *testing.T, n int) string {
	t.Helper()
	path, file := filepath.Join(t.TempDir(), "other.db"), filepath.Join(t.TempDir(), "backup.db")
	filled(t, path, n)
	must(Backup(t.Context(), path, file))
	return file
}

func TestRestorePutsTheBackupInPlaceAndKeepsWhatWasThere(t *testing.T) {
	path, backup := crashed(t, 3), backupOf(t, 5)
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	r, err := Restore(t.Context(), backup, path, now)
	if err != nil {
		t.Fatal(err)
	}
	if want := path + ".before-restore-20261121T222640.000Z"; r.Kept != want || r.Responses != 5 {
		t.Errorf("it says %+v, want 5 responses and the old database in %s", r, want)
	}
	want := []string{"askwell.db", filepath.Base(r.Kept)}
	if diff := cmp.Diff(want, namesIn(t, filepath.Dir(path))); diff != "" {
		t.Error(diff)
	}
	if mode := must(os.Stat(path)).Mode().Perm(); mode != 0o640 {
		t.Errorf("its mode is %o, before it was 640", mode)
	}
	if got := responsesIn(t, path); got != 5 {
		t.Errorf("there are %d responses, want the backup's 5", got)
	}
	// What was only in the log is kept too, and can be restored in its turn.
	must(Restore(t.Context(), r.Kept, path, now.Add(1e9)))
	if got := responsesIn(t, path); got != 3 {
		t.Errorf("there are %d responses, want the 3 from before", got)
	}
	if got := responsesIn(t, backup); got != 5 {
		t.Errorf("the backup has %d responses now", got)
	}
}

func TestRestoreWhereNothingWas(t *testing.T) {
	path := filepath.Join(t.TempDir(), "askwell.db")
	r, err := Restore(t.Context(), backupOf(t, 5), path, now)
	if err != nil || r.Kept != "" {
		t.Fatalf("got %+v, %v", r, err)
	}
	if mode := must(os.Stat(path)).Mode().Perm(); mode != 0o600 {
		t.Errorf("its mode is %o, want 600", mode)
	}
	if got := responsesIn(t, path); got != 5 {
		t.Errorf("there are %d responses, want 5", got)
	}
}

// Whatever step was the last before a power cut, the next start finds one of the two, whole.
func TestRestoreStoppedAfterAnyStepLeavesTheOldOrTheNew(t *testing.T) {
	const before, after = 3, 5
	backup := backupOf(t, after)
	for name, test := range map[string]struct {
		old  func(t *testing.T) string
		want int // -1: it is refused
	}{
		"a database whose last commits are in its log": {func(t *testing.T) string { return crashed(t, before) }, before},
		"no database": {func(t *testing.T) string { return filepath.Join(t.TempDir(), "askwell.db") }, 0},
		"a damaged database with its log": {func(t *testing.T) string {
			live, path := filepath.Join(t.TempDir(), "live.db"), filepath.Join(t.TempDir(), "askwell.db")
			filled(t, live, before)
			// The log has one page: with all of them, as in a crashed database, it would heal the file.
			must(openAt(t, live).PutSite(t.Context(), survey.Site{ID: "shop", Name: "Shop 2"}, 1))
			copyFile(t, live+"-wal", path+"-wal")
			if err := os.WriteFile(path, []byte("this is not a database"), 0o600); err != nil {
				t.Fatal(err)
			}
			return path
		}, -1},
		"a log that lost its database": {func(t *testing.T) string {
			path := crashed(t, before)
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			return path
		}, -1},
	} {
		t.Run(name, func(t *testing.T) {
			for stop := range len(replaceSteps("", "", "")) + 1 {
				path := test.old(t)
				kept := path + ".before"
				logBefore, _ := os.ReadFile(path + "-wal")
				temp := must(tempBeside(path, "restore"))
				must(checkedCopy(t.Context(), backup, temp, migrations))
				for _, step := range replaceSteps(path, temp, kept)[:stop] {
					if err := step(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
				s, err := Open(t.Context(), path)
				got := -1
				if err == nil {
					got = int(must(countTables(t.Context(), s.read))["responses"])
					var sound string
					if err := s.read.QueryRow("PRAGMA integrity_check").Scan(&sound); err != nil || sound != "ok" {
						t.Errorf("after %d steps it is damaged: %s, %v", stop, sound, err)
					}
					s.Close()
				}
				renamed := stop >= 5
				if renamed && got != after || !renamed && got != test.want && !(name == "a log that lost its database" && stop == 4) {
					t.Errorf("after %d steps there are %d responses (%v)", stop, got, err)
				}
				if test.want == -1 && stop >= 4 {
					if log, _ := os.ReadFile(kept + "-wal"); string(log) != string(logBefore) {
						t.Errorf("after %d steps the log of the old database is lost", stop)
					}
				}
			}
		})
	}
}

func TestRestoreRefusesAndLeavesTheDatabaseAsItIs(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "notes.txt")
	if err := os.WriteFile(text, []byte("not a database, but a file that somebody took for one"), 0o600); err != nil {
		t.Fatal(err)
	}
	torn := filepath.Join(dir, "torn.db")
	whole := must(os.ReadFile(backupOf(t, 300)))
	if err := os.WriteFile(torn, whole[:len(whole)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "askwell.db")
	filled(t, path, 3)
	link := filepath.Join(dir, "link.db")
	if err := os.Link(path, link); err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	good := backupOf(t, 5)
	before := must(os.ReadFile(path))
	names := namesIn(t, dir)
	for name, test := range map[string]struct {
		ctx        context.Context
		file, want string
	}{
		"a backup that is missing":      {t.Context(), filepath.Join(dir, "none"), "there is no file"},
		"a file that is not a database": {t.Context(), text, "it is damaged (file is not a database"},
		"a torn backup":                 {t.Context(), torn, "it is damaged ("},
		"a newer backup":                {t.Context(), newer(t), "newer askwell (schema 4711"},
		"another program's database":    {t.Context(), foreign(t), "another program"},
		"the database itself":           {t.Context(), path, "it is the database itself"},
		"the database by another name":  {t.Context(), link, "it is the database itself"},
		"an interrupt":                  {ended, good, "context canceled"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Restore(test.ctx, test.file, path, now)
			wantOneLine(t, err, "restore "+test.file, test.want)
			if string(must(os.ReadFile(path))) != string(before) {
				t.Error("the database was changed")
			}
			if diff := cmp.Diff(names, namesIn(t, dir)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRestoreRefusesWhileACollectorRuns(t *testing.T) {
	backup, path := backupOf(t, 5), filepath.Join(t.TempDir(), "askwell.db")
	s := openAt(t, path)
	fill(t, s, 3)
	_, err := Restore(t.Context(), backup, path, now)
	wantOneLine(t, err, "replace "+path, "another askwell is using it")
	save(t, s, response("shop", "s", 4, nil))
	s.Close()
	if got := responsesIn(t, path); got != 4 {
		t.Errorf("there are %d responses, want 4", got)
	}
}

// Another program that reads the database keeps its log from being written back whole.
func TestRestoreWaitsForNoReaderAndLosesNothing(t *testing.T) {
	path, backup := crashed(t, 3), backupOf(t, 5)
	reader := must(openRead(path))
	defer reader.Close()
	tx := must(reader.BeginTx(t.Context(), nil))
	must(countTables(t.Context(), tx))
	before := must(open(path, ""))
	if _, err := before.Exec("UPDATE sites SET etag = etag + 1"); err != nil {
		t.Fatal(err)
	}
	before.Close()
	_, err := Restore(t.Context(), backup, path, now)
	wantOneLine(t, err, "replace "+path, "another program is reading it")
	tx.Rollback()
	reader.Close()
	if got := responsesIn(t, path); got != 3 {
		t.Errorf("there are %d responses, want 3", got)
	}
}

// firstRelease are the migrations of the first version.
func firstRelease() fs.FS {
	return fstest.MapFS{"00001_start.sql": &fstest.MapFile{Data: must(fs.ReadFile(migrations, "00001_start.sql"))}}
}

func TestOlderBackupIsMigratedOnTheNextStart(t *testing.T) {
	old, path := filepath.Join(t.TempDir(), "old.db"), filepath.Join(t.TempDir(), "askwell.db")
	must(migrateFile(t.Context(), old, firstRelease()))
	change(t, old, `INSERT INTO sites(site_id, doc, etag) VALUES('shop', '{"site":"shop"}', 1)`)
	r, err := Restore(t.Context(), old, path, now)
	if err != nil || r.Schema != 1 || r.Knows < 2 || r.Sites != 1 {
		t.Fatalf("got %+v, %v", r, err)
	}
	openAt(t, path).Close()
	if p := must(Pending(t.Context(), path)); p.Schema != r.Knows || len(p.Pending) != 0 {
		t.Errorf("after a start: %s", fmt.Sprint(p))
	}
}

// Who was erased must not come back with a backup.
func TestRestoreErasesAgainWhatWasErasedSinceTheBackup(t *testing.T) {
	s := newStore(t)
	path := strings.TrimSuffix(s.lock.Path(), ".lock")
	must(s.PutSite(t.Context(), survey.Site{ID: "shop", Name: "Shop", Origins: []string{"https://shop.example"}}, 0))
	must(s.SaveDraft(t.Context(), "shop", definition(t, "s"), 0))
	must(s.Publish(t.Context(), "shop", "s", 0, now))
	erased, other := response("shop", "s", 1, by("u-42", "")), response("shop", "s", 2, by("u-43", ""))
	erased.Answers = []byte(`{"nps":3}`)
	save(t, s, erased, other)
	backup := filepath.Join(t.TempDir(), "backup.db")
	must(Backup(t.Context(), path, backup))
	must(s.Erase(t.Context(), "shop", Person{User: "u-42"}, time.Now()))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	r := must(Restore(t.Context(), backup, path, now))
	if !r.Asked || r.ErasedAgain != 1 {
		t.Errorf("erased again: %d, asked %v", r.ErasedAgain, r.Asked)
	}
	if data := must(os.ReadFile(path)); bytes.Contains(data, []byte("u-42")) {
		t.Error("the restored file still holds the erased user")
	}
	s = openAt(t, path)
	if got := ids(list(t, s, "shop", "s", 10)); len(got) != 1 || got[0] != other.ID {
		t.Errorf("the restored database has %v", got)
	}
	erased.Seq = 2
	wantCode(t, "a queue sends it again", s.SaveResponses(t.Context(), []Response{erased})[0].Err, survey.Erased)
}
