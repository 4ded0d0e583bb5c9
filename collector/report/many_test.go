package report_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/askwell/askwell/collector/report"
	"github.com/askwell/askwell/collector/score"
)

func ofShop(from, to time.Time) report.Query {
	return report.Query{Sources: []report.Source{{Site: "shop", Survey: "a", Question: "nps"}}, From: from.Format(time.DateOnly), To: to.Format(time.DateOnly)}
}

// 250 a day for 70 days: of 52,000 groups, half of the largest come first, and half last. A response is in three.
func TestTheLargestGroupsAreFoundWheneverTheyCome(t *testing.T) {
	w := newWorld(t, 5, "UTC", false, false)
	defer func() { w.st.Close() }()
	const perDay, days = 250, 70
	day := w.now.UTC().Truncate(24*time.Hour).AddDate(0, 0, -days-1)
	w.saveEvery(24*time.Hour/perDay, day, perDay*days, func(i int) string { return fmt.Sprintf(`{"nps":%d,"likes":["a","b","c"]}`, i%11) }, func(i int) string {
		switch i / perDay {
		case 0:
			return fmt.Sprintf(`{"hidden":{"agent":"old-%d"},"traits":{"plan":"old-%d"}}`, i%50, i%8)
		case days - 1:
			return fmt.Sprintf(`{"hidden":{"agent":"new-%d"},"traits":{"plan":"new-%d"}}`, i%45, i%7)
		}
		return fmt.Sprintf(`{"hidden":{"agent":"once-%d"},"traits":{"plan":"once-%d"}}`, i, i)
	})
	c := recount{all: w.stored(w.surveys[0]), question: "nps", metric: "nps", max: 10, by: []string{"hidden.agent", "answer.likes"}}
	from, to := day, day.AddDate(0, 0, days)
	q := ofShop(from, to)
	q.By = c.by
	got, err := q.Scores(t.Context(), w.st, w.now)
	must(err)
	want := c.scores(from.UnixMilli(), to.UnixMilli(), "", "", time.UTC)
	want.Site, want.Survey, want.Question, want.AsOf = "shop", "a", "nps", w.now.UnixMilli()
	if !reflect.DeepEqual(want, got) || *got.Groups[0].By["hidden.agent"] != "new-15" {
		t.Error(cmp.Diff(want, got))
	}
	funnel, err := q.Funnel(t.Context(), w.st, w.now)
	must(err)
	steps := c.funnel(from.UnixMilli(), to.UnixMilli(), "", time.UTC)
	steps.Site, steps.Survey, steps.AsOf = "shop", "a", w.now.UnixMilli()
	if !reflect.DeepEqual(steps, funnel) {
		t.Error(cmp.Diff(steps, funnel))
	}
	// What comes last is compared with what came first, however many came between.
	q.From, q.Compare = to.AddDate(0, 0, -1).Format(time.DateOnly), "previous"
	got, err = q.Scores(t.Context(), w.st, w.now)
	must(err)
	want = c.scores(to.AddDate(0, 0, -1).UnixMilli(), to.UnixMilli(), "", "previous", time.UTC)
	want.Site, want.Survey, want.Question, want.AsOf = "shop", "a", "nps", w.now.UnixMilli()
	if !reflect.DeepEqual(want, got) {
		t.Error(cmp.Diff(want, got))
	}

	// Thirty dimensions share the memory for 50,000 groups: the plans of the first and the last day are found nevertheless.
	names := []string{"trait.plan"}
	for i := range 29 {
		names = append(names, fmt.Sprintf("trait.t%d", i))
	}
	q = ofShop(from, to)
	q.MinN = 30
	drivers, err := q.Drivers(t.Context(), w.st, w.now, names)
	must(err)
	c.minN = 30
	if want := c.drivers(from.UnixMilli(), to.UnixMilli(), names[:1]); !reflect.DeepEqual(want, drivers.Drivers) || len(want) != 15 {
		t.Errorf("%d drivers: %s", len(want), cmp.Diff(want, drivers.Drivers))
	}
	incomplete := func(minN int) []string {
		q.MinN = minN
		return check(q.Drivers(t.Context(), w.st, w.now, names)).Incomplete
	}
	if few, enough := incomplete(1), incomplete(50); !slices.Equal(few, names[:1]) || enough != nil {
		t.Errorf("incomplete are %v, and of 50 answers and more %v", few, enough)
	}
}

// On the second day there are more agents than codes, and the fewest answers are of Zed.
func TestAGroupOfWhichAPartIsLostSaysSo(t *testing.T) {
	for _, sealed := range []bool{true, false} {
		w := newWorld(t, 7, "UTC", false, false)
		defer func() { w.st.Close() }()
		day := w.now.UTC().Truncate(24*time.Hour).AddDate(0, 0, -3)
		if !sealed {
			w.now = day
		}
		w.saveEvery(24*time.Hour/600, day, 600+521, func(i int) string { return fmt.Sprintf(`{"nps":%d}`, 10*(i/600)) }, func(i int) string {
			switch {
			case i < 30 || i == 600:
				return `{"hidden":{"agent":"Zed"}}`
			case i < 60:
				return `{"hidden":{"agent":"Amy"}}`
			case i < 600:
				return `{}`
			}
			return fmt.Sprintf(`{"hidden":{"agent":"a%03d"}}`, i%260)
		})
		q := ofShop(day, day.AddDate(0, 0, 2))
		q.By, q.Compare, q.From = []string{"hidden.agent"}, "previous", day.AddDate(0, 0, 1).Format(time.DateOnly)
		got := check(q.Scores(t.Context(), w.st, w.now))
		for _, g := range got.Groups {
			if value := labelsOf(g)["hidden.agent"]; g.Partial || g.Compare.Partial || g.Total.N != 2 && !g.Other {
				t.Errorf("%s has %d answers of 2: %v", value, g.Total.N, g.Partial)
			}
		}
		q.From, q.Compare = day.Format(time.DateOnly), "previous"
		got = check(q.Scores(t.Context(), w.st, w.now))
		partial := map[string]bool{}
		for _, g := range got.Groups {
			if value := labelsOf(g)["hidden.agent"]; g.Total.N == 30 {
				partial[value] = g.Partial && g.Compare.Partial && g.Compare.P == nil
			} else if g.Partial {
				t.Errorf("%s is partial", value)
			}
		}
		if want := map[string]bool{"Zed": true, "Amy": true}; !reflect.DeepEqual(want, partial) {
			t.Error(cmp.Diff(want, partial))
		}
		for _, g := range check(q.Funnel(t.Context(), w.st, w.now)).Groups {
			if g.Partial != (g.Total.Shown == 30) {
				t.Errorf("%v has %d, partial: %v", *g.By["hidden.agent"], g.Total.Shown, g.Partial)
			}
		}
		drivers := check(q.Drivers(t.Context(), w.st, w.now, []string{"hidden.agent"}))
		if len(drivers.Drivers) != 2 || slices.ContainsFunc(drivers.Drivers, func(d report.Driver) bool {
			return !d.Partial || d.Interval != nil || !reflect.DeepEqual(d.Against, score.Comparison{Method: d.Against.Method})
		}) {
			t.Errorf("%+v", drivers.Drivers)
		}
		q.Filter = []string{"hidden.agent:Zed"}
		if one := check(q.Scores(t.Context(), w.st, w.now)).Groups; len(one) != 1 || one[0].Partial || one[0].Total.N != 31 {
			t.Errorf("%+v", one)
		}
	}
}

// A page that sends a thousand traits of one response each does not hide those that all responses have, sealed or not.
func TestDriversLookAtWhatMostResponsesHave(t *testing.T) {
	for _, sealed := range []bool{true, false} {
		w := newWorld(t, 3, "UTC", false, false)
		defer func() { w.st.Close() }()
		day := w.now.UTC().Truncate(24*time.Hour).AddDate(0, 0, -2)
		if !sealed {
			w.now = day
		}
		w.saveEvery(24*time.Hour/300, day, 400, func(i int) string { return fmt.Sprintf(`{"nps":%d}`, 10*(i%2)) }, func(i int) string {
			return fmt.Sprintf(`{"hidden":{"vip":true},"traits":{"t%d":1,"x%d":1,"zone":"z%d"}}`, i%300, i%60, i%2)
		})
		got := check(ofShop(day, day.AddDate(0, 0, 2)).Drivers(t.Context(), w.st, w.now, nil))
		if len(got.Drivers) != 2 || got.Drivers[0].Dimension != "trait.zone" || !slices.Contains(got.Dimensions, "hidden.vip") || got.Incomplete != nil {
			t.Errorf("drivers are %+v, of %v", got.Drivers, got.Dimensions)
		}
		if !slices.Contains(got.Skipped, "trait.x9") || slices.Contains(got.Skipped, "trait.zone") || slices.ContainsFunc(got.Skipped, func(name string) bool { return slices.Contains(got.Dimensions, name) }) {
			t.Errorf("skipped are %v", got.Skipped)
		}
	}
}
