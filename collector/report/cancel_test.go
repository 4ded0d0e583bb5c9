package report_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/askwell/askwell/collector/report"
	"github.com/askwell/askwell/collector/segment"
)

// Clients go away in the middle of a query. Each leaves its connection behind, or soon nobody reads any more.
func TestQueriesThatAreCancelledLeaveTheDatabaseReadable(t *testing.T) {
	w := newWorld(t, 5, "UTC", false, false)
	defer func() { w.st.Close() }()
	w.save(300)
	must(segment.Seal(t.Context(), w.st, w.change.Add(48*time.Hour)))
	w.save(100) // and some that are not sealed
	from := w.change.Add(-8 * 24 * time.Hour).UnixMilli()
	var all sync.WaitGroup
	for seed := range uint64(8) {
		all.Go(func() {
			random := rand.New(rand.NewPCG(seed, 1))
			for range 150 {
				ctx, cancel := context.WithTimeout(t.Context(), time.Duration(random.IntN(3000))*time.Microsecond)
				if _, err := w.query(from).Scores(ctx, w.st, w.now); err != nil && ctx.Err() == nil {
					t.Error(err)
				}
				cancel()
			}
		})
	}
	all.Wait()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for range 5 { // one more than there are connections
		if _, err := w.query(from).Scores(ctx, w.st, w.now); errors.Is(err, context.DeadlineExceeded) {
			t.Fatal("no connection is left to read with")
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

// Analysts say 2099 for "no end".
func TestAnEndInTheFarFutureCostsNothing(t *testing.T) {
	w := newWorld(t, 5, "UTC", false, false)
	defer func() { w.st.Close() }()
	w.save(50)
	q := report.Query{Sources: []report.Source{{Site: "shop", Survey: "a", Question: "nps"}}}
	want, err := q.Scores(t.Context(), w.st, w.now)
	must(err)
	q.To = "9999-12-31"
	allocated := testing.AllocsPerRun(1, func() {
		got, err := q.Scores(t.Context(), w.st, w.now)
		must(err)
		if got.Total.N != want.Total.N {
			t.Errorf("n is %d, want %d", got.Total.N, want.Total.N)
		}
	})
	if allocated > 500_000 { // a day for each until then would be millions
		t.Errorf("%.0f allocations", allocated)
	}
}
