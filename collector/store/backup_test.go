package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestBackupHoldsWhatIsThere(t *testing.T) {
	for name, running := range map[string]bool{"beside a running collector": true, "without one": false} {
		t.Run(name, func(t *testing.T) {
			path, dir := filepath.Join(t.TempDir(), "askwell.db"), t.TempDir()
			s := openAt(t, path)
			fill(t, s, 300)
			if !running {
				s.Close()
			}
			file := filepath.Join(dir, "backup.db")
			made, err := Backup(t.Context(), path, file)
			if err != nil {
				t.Fatal(err)
			}
			if made.Responses != 300 || made.Sites != 1 || made.Bytes != fileSize(file) || made.Schema != made.Knows || made.Schema == 0 {
				t.Errorf("it says %+v", made)
			}
			if mode := must(os.Stat(file)).Mode(); mode.Perm() != 0o600 {
				t.Errorf("its mode is %s, though personal data is in it", mode)
			}
			// Reading it leaves nothing beside it either.
			if problems, err := Verify(t.Context(), file, io.Discard, nil); problems != 0 || err != nil {
				t.Errorf("%d problems, %v", problems, err)
			}
			if got := must(os.ReadDir(dir)); len(got) != 1 {
				t.Errorf("there is more than the backup: %v", got)
			}
			if got := responsesIn(t, file); got != 300 {
				t.Errorf("it has %d responses, want 300", got)
			}
		})
	}
}

// Every transaction stores two responses: a backup with an odd number, or with an index that does
// not fit, is of two moments.
func TestBackupsUnderLoadAreOfOneMomentAndHoldNobodyUp(t *testing.T) {
	path := filepath.Join(t.TempDir(), "askwell.db")
	s := openAt(t, path)
	fill(t, s, 2)
	for n := 10; n < 30; n++ { // 5 MB, so that it is copied in two steps
		var batch []Response
		for i := range 50 {
			batch = append(batch, response("shop", "s", 100*n+i, answers(fmt.Sprintf(`{"why":%q}`, strings.Repeat("words ", 800)))))
		}
		save(t, s, batch...)
	}
	if fileSize(path)+fileSize(path+"-wal") < 4096*stepPages {
		t.Fatal("the database is copied in one step")
	}
	ctx, stop := context.WithCancel(t.Context())
	var writing sync.WaitGroup
	var written atomic.Int64
	writing.Go(func() {
		for n := 10_000; ctx.Err() == nil; n += 2 {
			for _, saved := range s.SaveResponses(t.Context(), []Response{response("shop", "s", n, nil), response("shop", "s", n+1, nil)}) {
				if saved.Err != nil {
					t.Error(saved.Err)
				}
			}
			written.Add(2)
		}
	})
	defer writing.Wait()
	defer stop()
	meanwhile, last := int64(0), int64(0)
	for i := range 3 {
		before := written.Load()
		made, err := Backup(t.Context(), path, filepath.Join(t.TempDir(), fmt.Sprint(i)))
		if err != nil {
			t.Fatal(err)
		}
		meanwhile += written.Load() - before
		if made.Responses%2 != 0 || made.Responses < max(last, 1002+before) {
			t.Errorf("a backup has %d responses, after one with %d, when %d were there before it began", made.Responses, last, 1002+before)
		}
		last = made.Responses
	}
	if meanwhile == 0 {
		t.Error("nothing was stored while backups ran")
	}
}

func TestBackupReadsThroughWhatCannotWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "askwell.db")
	filled(t, path, 2)
	db := must(openRead(path))
	defer db.Close()
	// Even without query_only: the file itself is open for reading alone.
	if _, err := db.ExecContext(t.Context(), "PRAGMA query_only(0)"); err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), "DELETE FROM responses"); err == nil {
		t.Error("it wrote")
	}
}

func TestFailedBackupLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "askwell.db")
	filled(t, path, 300)
	damaged := filepath.Join(dir, "damaged.db")
	data := must(os.ReadFile(path))
	copy(data[len(data)/2/4096*4096:], strings.Repeat("x", 4096))
	if err := os.WriteFile(damaged, data, 0o600); err != nil {
		t.Fatal(err)
	}
	// One character of an id, which the table and the index then disagree about.
	mismatched := filepath.Join(dir, "mismatched.db")
	data = bytes.Replace(must(os.ReadFile(path)), []byte("000000000123"), []byte("00000000012x"), 1)
	if err := os.WriteFile(mismatched, data, 0o600); err != nil {
		t.Fatal(err)
	}
	orphan := filepath.Join(dir, "orphan.db")
	filled(t, orphan, 2)
	change(t, orphan, "CREATE TABLE child(id INTEGER REFERENCES parent(id))", "CREATE TABLE parent(id INTEGER PRIMARY KEY)",
		"PRAGMA foreign_keys(0)", "INSERT INTO child VALUES(7)")
	empty := filepath.Join(dir, "empty.db")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for name, test := range map[string]struct {
		ctx        context.Context
		from, want string
	}{
		"a damaged database":         {t.Context(), damaged, "it is damaged ("},
		"an index that does not fit": {t.Context(), mismatched, "it is damaged ("},
		"a reference to nothing":     {t.Context(), orphan, "it is damaged (a row of child refers to nothing)"},
		"a database that is missing": {t.Context(), filepath.Join(dir, "none.db"), "there is no file"},
		"a file that is empty":       {t.Context(), empty, "is empty"},
		"a folder":                   {t.Context(), dir, "is a folder"},
		"another program's":          {t.Context(), foreign(t), "another program"},
		"a newer one":                {t.Context(), newer(t), "newer askwell (schema 4711"},
		"an interrupt":               {ended, path, "context canceled"},
	} {
		t.Run(name, func(t *testing.T) {
			to := t.TempDir()
			_, err := Backup(test.ctx, test.from, filepath.Join(to, "backup.db"))
			wantOneLine(t, err, "back up "+test.from, test.want)
			if got := must(os.ReadDir(to)); len(got) != 0 {
				t.Errorf("it left %v", got)
			}
		})
	}
}

func TestBackupOverwritesNothing(t *testing.T) {
	dir := t.TempDir()
	path, file := filepath.Join(dir, "askwell.db"), filepath.Join(dir, "precious")
	filled(t, path, 2)
	if err := os.WriteFile(file, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Backup(t.Context(), path, file)
	wantOneLine(t, err, file+" is there already")
	_, err = Backup(t.Context(), path, path)
	wantOneLine(t, err, path+" is there already")
	if data := must(os.ReadFile(file)); string(data) != "precious" {
		t.Error("it was overwritten")
	}
	_, err = Backup(t.Context(), path, filepath.Join(dir, "none", "backup.db"))
	wantOneLine(t, err, "there is no folder "+filepath.Join(dir, "none"))
	if diff := cmp.Diff([]string{"askwell.db", "precious"}, namesIn(t, dir)); diff != "" {
		t.Error(diff)
	}
}

func TestCopyThatLostARowIsNotABackup(t *testing.T) {
	path := filepath.Join(t.TempDir(), "askwell.db")
	filled(t, path, 3)
	copied := filepath.Join(t.TempDir(), "copy.db")
	counted, err := snapshot(t.Context(), path, copied)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := checkCopy(t.Context(), copied, counted, migrations); err != nil {
		t.Error(err)
	}
	change(t, copied, "DELETE FROM responses WHERE id LIKE '%1'")
	if _, err := checkCopy(t.Context(), copied, counted, migrations); err == nil || errors.Is(err, errDamaged) {
		t.Errorf("got %v, want that the counts differ", err)
	}
}
