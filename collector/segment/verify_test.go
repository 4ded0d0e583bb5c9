package segment_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/askwell/askwell/collector/segment"
	"github.com/askwell/askwell/collector/store"
	"github.com/askwell/askwell/collector/survey"
)

var now = time.Date(2026, 3, 10, 12, 30, 0, 0, time.UTC)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func openShop(t *testing.T) (*store.Store, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "askwell.db")
	st := must(store.Open(t.Context(), path))
	t.Cleanup(func() { st.Close() })
	must(st.PutSite(t.Context(), survey.Site{ID: "shop", Name: "Shop", Origins: []string{"https://shop.example"}, Timezone: "Europe/Warsaw"}, 0))
	d := must(survey.ParseDefinition([]byte(`{"id": "s", "name": "S", "languages": ["en"], "questions": [{"id": "nps", "type": "nps", "title": "N"}]}`)))
	must(st.SaveDraft(t.Context(), "shop", d, 0))
	must(st.Publish(t.Context(), "shop", "s", 0, now))
	return st, path
}

// answer is response i, of three days before now.
func answer(i, seq int) store.Response {
	return store.Response{Site: "shop", Survey: "s", At: now.Add(-time.Duration(i%72) * time.Hour), ID: fmt.Sprintf("0197c5c0-0000-7000-8000-%012d", i), Version: 1, Seq: seq,
		State: survey.Completed, Class: survey.ClassLive, Channel: "web", Visitor: fmt.Sprint("v", i%7), User: fmt.Sprint("u", i%5), Answers: fmt.Appendf(nil, `{"nps":%d}`, (i+seq)%11),
		Context: fmt.Appendf(nil, `{"device":"mobile","took_ms":%d,"traits":{"plan":"p%d"}}`, 1+i, i%3)}
}

func save(t *testing.T, st *store.Store, list ...store.Response) {
	t.Helper()
	for _, saved := range st.SaveResponses(t.Context(), list) {
		var refused *survey.Error
		if saved.Err != nil && (!errors.As(saved.Err, &refused) || refused.Code != survey.Erased) {
			t.Error(saved.Err)
		}
	}
}

func execute(t *testing.T, path, query string) {
	t.Helper()
	db := must(sql.Open("sqlite", path))
	defer db.Close()
	if must(must(db.ExecContext(t.Context(), query)).RowsAffected()) == 0 {
		t.Fatalf("%s changed nothing", query)
	}
}

func TestVerifyFindsSegmentsThatSayOtherThanTheirResponses(t *testing.T) {
	const first = "segment shop/s from 2026-03-07T00:00Z to 2026-03-08T00:00Z: "
	for name, test := range map[string]struct{ change, want string }{
		"a code":                     {"UPDATE segments SET data = zeroblob(n) WHERE col = 'answer.nps'", first + "answer.nps is not what"},
		"a value":                    {`UPDATE segments SET dict = '["","desktop"]' WHERE col = 'device'`, first + "device is not what"},
		"a count":                    {`UPDATE segments SET counts = zeroblob(length(counts)) WHERE col = 'trait.plan'`, first + "trait.plan is not what"},
		"a birth":                    {"UPDATE segments SET data = zeroblob(4 * n) WHERE col = '_at' AND span > 3600000", first + "_at is not what"},
		"a visitor":                  {"UPDATE segments SET data = zeroblob(8 * n) WHERE col = '_visitor'", first + "_visitor is not what"},
		"when they were born":        {"UPDATE segments SET counts = unhex(printf('%02x%0190d', n, 0)) WHERE col = '_at' AND span > 3600000", first + "_at is not what"},
		"a column too few":           {"DELETE FROM segments WHERE col = 'device'", first + "device is not what"},
		"a column that all have":     {"DELETE FROM segments WHERE col = '_took'", first + "cannot be recounted"},
		"a column too many":          {"UPDATE segments SET col = 'country' WHERE col = 'device'", first + "country is not what"},
		"a segment too few":          {"DELETE FROM segments WHERE from_at < 1772928000000", "segment shop/s from 2026-03-07T13:00Z to 2026-03-07T14:00Z: is missing, and 2 responses"},
		"a response too many":        {"UPDATE responses SET class = 1 WHERE id LIKE '%000071'", first + "_at is not what"},
		"a response of another time": {"UPDATE responses SET at = at + 1 WHERE id LIKE '%000071'", first + "_at is not what"},
	} {
		t.Run(name, func(t *testing.T) {
			st, path := openShop(t)
			var list []store.Response
			for i := range 144 {
				list = append(list, answer(i, 1))
			}
			save(t, st, list...)
			if err := segment.Seal(t.Context(), st, now.Add(time.Hour)); err != nil {
				t.Fatal(err)
			}
			var out strings.Builder
			if problems, err := store.Verify(t.Context(), path, &out, segment.Differ); problems != 0 || err != nil || !strings.Contains(out.String(), "segments    16, 0 of them stale") {
				t.Fatalf("%d problems, %v:\n%s", problems, err, out.String())
			}
			execute(t, path, test.change)
			out.Reset()
			if problems, err := store.Verify(t.Context(), path, &out, segment.Differ); problems == 0 || err != nil || !strings.Contains(out.String(), test.want) {
				t.Errorf("%d problems, %v, want %q in:\n%s", problems, err, test.want, out.String())
			}
		})
	}
}

// crowded has a day on which each response has a plan of its own, sealed.
func crowded(t *testing.T) (*store.Store, string) {
	t.Helper()
	st, path := openShop(t)
	var list []store.Response
	for i := range 400 {
		r := answer(i, 1)
		r.At, r.Context = now.Add(-48*time.Hour+time.Duration(i)*time.Second), fmt.Appendf(nil, `{"traits":{"plan":"p%d"}}`, i)
		list = append(list, r)
	}
	save(t, st, list...)
	if err := segment.Seal(t.Context(), st, now); err != nil {
		t.Fatal(err)
	}
	return st, path
}

func TestVerifyRecountsTheValuesThatHaveNoCode(t *testing.T) {
	for name, change := range map[string]string{
		"another value":     `dict = replace(dict, '"p9', '"q9')`,
		"the same of all":   "data = zeroblob(length(data))",
		"one twice":         `dict = json_set(dict, '$[1]', dict ->> 0)`,
		"one that has code": `dict = json_set(dict, '$[1]', 'p0')`,
		"too few":           "data = zeroblob(2)",
	} {
		t.Run(name, func(t *testing.T) {
			_, path := crowded(t)
			execute(t, path, "UPDATE segments SET "+change+" WHERE col = '_rest.trait.plan'")
			var out strings.Builder
			if problems, err := store.Verify(t.Context(), path, &out, segment.Differ); problems == 0 || err != nil || !strings.Contains(out.String(), "_rest.trait.plan is not what") {
				t.Errorf("%d problems, %v:\n%s", problems, err, out.String())
			}
		})
	}
}

// What an older collector sealed is right as it is, and made anew in the background.
func TestSegmentsOfAnOlderCollectorAreMadeAnew(t *testing.T) {
	st, path := crowded(t)
	columns := func() (stored string) {
		db := must(sql.Open("sqlite", path))
		defer db.Close()
		if err := db.QueryRowContext(t.Context(), "SELECT group_concat(col || ' ' || hex(counts) || ' ' || hex(data), ';' ORDER BY col) FROM segments").Scan(&stored); err != nil {
			t.Fatal(err)
		}
		return stored
	}
	want := columns()
	execute(t, path, "UPDATE segments SET counts = x'' WHERE col = '_at'")
	execute(t, path, "DELETE FROM segments WHERE col = '_rest.trait.plan'")
	migration := string(must(os.ReadFile("../store/migrations/sqlite/00006_finer.sql")))
	_, up, _ := strings.Cut(migration, "-- +goose Up")
	up, _, _ = strings.Cut(up, "-- +goose Down")
	execute(t, path, up)
	var out strings.Builder
	if problems, err := store.Verify(t.Context(), path, &out, segment.Differ); problems != 0 || err != nil || !strings.Contains(out.String(), ", 0 of them stale") {
		t.Errorf("%d problems, %v:\n%s", problems, err, out.String())
	}
	if columns() == want {
		t.Fatal("there is nothing to make anew")
	}
	if err := segment.Seal(t.Context(), st, now); err != nil {
		t.Fatal(err)
	}
	if got := columns(); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if list := must(st.Unsealed(t.Context())); len(list[0].Stale) > 0 {
		t.Errorf("marks are left: %v", list)
	}
}

// A collector saves, erases, deletes and seals while others query and verify: nobody is wrong at any moment.
func TestVerifyAccusesNoSoundDatabaseUnderWrites(t *testing.T) {
	st, path := openShop(t)
	var list []store.Response
	for i := range 600 {
		list = append(list, answer(i, 1))
	}
	save(t, st, list...)
	ctx, stop := context.WithCancel(t.Context())
	var all sync.WaitGroup
	loop := func(f func(i int) error) {
		all.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				if err := f(i); err != nil && ctx.Err() == nil {
					var busy *survey.Error
					if !errors.As(err, &busy) || busy.Code != survey.Unavailable { // a checkpoint beside readings
						t.Error(err)
					}
				}
			}
		})
	}
	loop(func(i int) error {
		batch := []store.Response{answer(600+i, 1), answer(i*7%600, 2+i/600), answer(i*13%600, 3+i/600)}
		save(t, st, batch...)
		time.Sleep(time.Millisecond)
		return nil
	})
	loop(func(i int) error { return segment.Seal(ctx, st, now.Add(24*time.Hour)) })
	loop(func(i int) error {
		time.Sleep(50 * time.Millisecond)
		_, err := st.Erase(ctx, "shop", store.Person{User: fmt.Sprint("u", i%5)}, now)
		return err
	})
	loop(func(i int) error {
		time.Sleep(70 * time.Millisecond)
		_, err := st.DeleteBefore(ctx, "shop", now.Add(time.Duration(i-72)*time.Hour))
		return err
	})
	loop(func(i int) error {
		time.Sleep(30 * time.Millisecond)
		_, err := st.AnonymiseBefore(ctx, "shop", now.Add(-time.Duration(i%72)*time.Hour), now)
		return err
	})
	for until := time.Now().Add(2 * time.Second); time.Now().Before(until); {
		var out strings.Builder
		if problems, err := store.Verify(t.Context(), path, &out, segment.Differ); problems != 0 || err != nil {
			t.Errorf("%d problems, %v:\n%s", problems, err, out.String())
			break
		}
	}
	stop()
	all.Wait()
	for _, when := range []string{"stale hours left", "all sealed"} {
		var out strings.Builder
		if problems, err := store.Verify(t.Context(), path, &out, segment.Differ); problems != 0 || err != nil {
			t.Errorf("%s: %d problems, %v:\n%s", when, problems, err, out.String())
		}
		if err := segment.Seal(t.Context(), st, now.Add(24*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
}

// What was erased while a segment was being made is not in it, nor what was deleted.
func TestErasedWhileItIsSealedIsNotInTheSegment(t *testing.T) {
	for name, gone := range map[string]func(*store.Store) (int, error){
		"erased": func(st *store.Store) (int, error) {
			return st.Erase(t.Context(), "shop", store.Person{User: "u0"}, now)
		},
		"deleted": func(st *store.Store) (int, error) { return st.DeleteBefore(t.Context(), "shop", now.Add(time.Hour)) },
		"anonymised": func(st *store.Store) (int, error) {
			return st.AnonymiseBefore(t.Context(), "shop", now.Add(time.Hour), now)
		},
	} {
		t.Run(name, func(t *testing.T) {
			st, path := openShop(t)
			save(t, st, answer(0, 1), answer(24, 1), answer(48, 1), answer(50, 1))
			from := now.Add(-50 * time.Hour).Truncate(24 * time.Hour).UnixMilli()
			err := st.Seal(t.Context(), "shop", "s", from, from+segment.Day, func(each func(func(*store.Response) error) error) ([]store.Segment, error) {
				block := must(segment.NewSchema(must(st.Definitions(t.Context(), "shop", "s"))).Build(from, from+segment.Day, each))
				must(gone(st))
				return block.Segments()
			})
			if err != nil {
				t.Fatal(err)
			}
			var n int
			if err := must(sql.Open("sqlite", path)).QueryRowContext(t.Context(), "SELECT COUNT(*) FROM segments").Scan(&n); err != nil || n != 0 {
				t.Errorf("%d columns were sealed (%v)", n, err)
			}
			if problems, err := store.Verify(t.Context(), path, io.Discard, segment.Differ); problems != 0 || err != nil {
				t.Errorf("%d problems, %v", problems, err)
			}
		})
	}
}

// A segment that could not be made, or a program that ended meanwhile, leaves nothing that is not read right.
func TestSealThatFailsHalfWayLeavesAllAsItIs(t *testing.T) {
	for name, restarts := range map[string]bool{"and goes on": false, "and starts again": true} {
		t.Run(name, func(t *testing.T) {
			st, path := openShop(t)
			save(t, st, answer(1, 1), answer(30, 1), answer(60, 1))
			if err := segment.Seal(t.Context(), st, now.Add(-40*time.Hour)); err != nil { // the first day alone
				t.Fatal(err)
			}
			broken := errors.New("broken")
			from := now.Add(-30 * time.Hour).Truncate(24 * time.Hour).UnixMilli()
			if err := st.Seal(t.Context(), "shop", "s", from, from+segment.Day, func(func(func(*store.Response) error) error) ([]store.Segment, error) {
				save(t, st, answer(30, 2), answer(60, 2)) // both hours are marked: one is sealed, one is not yet
				return nil, broken
			}); !errors.Is(err, broken) {
				t.Fatal(err)
			}
			if restarts {
				if err := st.Close(); err != nil {
					t.Fatal(err)
				}
				st = must(store.Open(t.Context(), path))
				defer st.Close()
			}
			save(t, st, answer(30, 3), answer(31, 1))
			wantCounts := func(when string) {
				var out strings.Builder
				if problems, err := store.Verify(t.Context(), path, &out, segment.Differ); problems != 0 || err != nil {
					t.Errorf("%s: %d problems, %v:\n%s", when, problems, err, out.String())
				}
			}
			wantCounts("before the next")
			if err := segment.Seal(t.Context(), st, now.Add(24*time.Hour)); err != nil {
				t.Fatal(err)
			}
			wantCounts("after it")
			list := must(st.Unsealed(t.Context()))
			if len(list) != 1 || len(list[0].Stale) != 0 {
				t.Errorf("stale hours are left: %+v", list)
			}
		})
	}
}
