package report_test

import (
	"context"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/askwell/askwell/collector/report"
	"github.com/askwell/askwell/collector/segment"
)

// Responses are saved, erased, deleted and sealed while many ask: every reply is of one moment, nobody
// waits for ever, and once all is quiet every figure is what a recount says.
func TestFiguresAreOfOneMomentUnderWrites(t *testing.T) {
	w := newWorld(t, 7, "America/Havana", false, false)
	defer func() { w.st.Close() }()
	w.save(200)
	from := w.change.Add(-8 * 24 * time.Hour).UnixMilli()
	for range 3 {
		ctx, stop := context.WithCancel(t.Context())
		var all sync.WaitGroup
		all.Go(func() {
			for ctx.Err() == nil {
				must(segment.Seal(t.Context(), w.st, w.now.Add(48*time.Hour)))
			}
		})
		for range 6 { // more than there are connections to read with
			all.Go(func() {
				for ctx.Err() == nil {
					if _, err := (report.Query{}).Overview(t.Context(), w.st, w.now, "shop"); err != nil {
						t.Error(err)
					}
					got, err := w.query(from).Scores(t.Context(), w.st, w.now)
					if err != nil {
						t.Error(err)
						continue
					}
					series, groups := 0, 0
					for _, p := range got.Series {
						series += p.Total.N
					}
					for _, g := range got.Groups {
						groups += g.Total.N
					}
					if n := got.Total.N; n != series || n != groups {
						t.Errorf("the total has %d answers, the series %d, the groups %d", n, series, groups)
					}
				}
			})
		}
		for until := time.Now().Add(500 * time.Millisecond); time.Now().Before(until); {
			w.alter(t)
		}
		stop()
		all.Wait()
		w.quiet(t, from)
		must(segment.Seal(t.Context(), w.st, w.now.Add(48*time.Hour)))
		w.quiet(t, from)
	}
}

func (w *world) query(from int64) report.Query {
	return report.Query{Sources: []report.Source{{Site: "shop", Survey: "a", Question: "nps"}}, From: time.UnixMilli(from).UTC().Format(time.RFC3339Nano), Every: "day", By: []string{"trait.plan"}}
}

// alter changes what is stored.
func (w *world) alter(t *testing.T) {
	switch ctx := t.Context(); w.random.IntN(12) {
	case 0:
		_, _ = w.st.Erase(ctx, "shop", pick(w, w.people()...), w.now) // its checkpoint may find readers
	case 1:
		check(w.st.AnonymiseBefore(ctx, "shop", w.change.Add(-time.Duration(w.random.IntN(96))*time.Hour), w.now))
	case 2:
		check(w.st.DeleteBefore(ctx, "shop", w.change.Add(-time.Duration(90+w.random.IntN(48))*time.Hour)))
	default:
		w.save(3)
	}
}

func (w *world) quiet(t *testing.T, from int64) {
	t.Helper()
	clear(w.decoded)
	c := recount{all: w.stored(w.surveys[0]), question: "nps", metric: "nps", max: 10, by: []string{"trait.plan"}}
	want := c.scores(from, w.now.UnixMilli()+1, "day", "", w.zone)
	want.Site, want.Survey, want.Question, want.AsOf = "shop", "a", "nps", w.now.UnixMilli()
	got, err := w.query(from).Scores(t.Context(), w.st, w.now)
	if err != nil || !reflect.DeepEqual(want, got) {
		t.Errorf("%v\n%s", err, cmp.Diff(want, got))
	}
	if want.Total.N == 0 {
		t.Error("nothing is left to count")
	}
}
