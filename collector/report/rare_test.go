package report_test

import (
	"database/sql"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/askwell/askwell/collector/report"
	"github.com/askwell/askwell/collector/segment"
	"github.com/askwell/askwell/collector/store"
	"github.com/askwell/askwell/collector/survey"
)

// saveAll stores responses to the survey a of the shop, a minute apart, from a day on.
func (w *world) saveAll(day time.Time, n int, about func(i int) string) {
	w.saveEvery(time.Minute, day, n, func(i int) string { return fmt.Sprintf(`{"nps":%d}`, i%11) }, about)
}

// saveEvery stores them so far apart.
func (w *world) saveEvery(apart time.Duration, day time.Time, n int, answers, about func(i int) string) {
	w.decoded = map[[2]string][]answered{}
	var batch []store.Response
	for i := range n {
		batch = append(batch, store.Response{Site: "shop", Survey: "a", Seq: 1, ID: fmt.Sprintf("0197c5c0-0000-7000-8000-%012d", i), Version: 1, Channel: "web", At: day.Add(time.Duration(i) * apart),
			State: survey.Completed, Class: survey.ClassLive, Answers: []byte(answers(i)), Context: []byte(about(i))})
	}
	for _, saved := range w.st.SaveResponses(w.t.Context(), batch) {
		must(saved.Err)
	}
	must(segment.Seal(w.t.Context(), w.st, w.now))
}

// Of 900 groups, 255 are shown; the others are one, counted at once or anew where the series want it.
func TestMoreGroupsThanAreShownBecomeOther(t *testing.T) {
	w := newWorld(t, 11, "UTC", false, false)
	defer func() { w.st.Close() }()
	day := w.change.UTC().Truncate(24*time.Hour).AddDate(0, 0, -2)
	w.saveAll(day, 2500, func(i int) string {
		return fmt.Sprintf(`{"took_ms":%d,"hidden":{"agent":"a%d"},"traits":{"plan":"p%d"}}`, 100+i*i%60_000, i%30, i*i%31)
	})
	c := recount{all: w.stored(w.surveys[0]), question: "nps", metric: "nps", max: 10, by: []string{"hidden.agent", "trait.plan"}}
	from, to := day.UnixMilli(), day.AddDate(0, 0, 2).UnixMilli()
	for _, every := range []string{"", "day"} {
		q := report.Query{Sources: []report.Source{{Site: "shop", Survey: "a", Question: "nps"}}, From: day.Format(time.DateOnly), To: day.AddDate(0, 0, 2).Format(time.DateOnly), By: c.by, Every: every, Compare: "previous"}
		scores, err := q.Scores(t.Context(), w.st, w.now)
		must(err)
		want := c.scores(from, to, every, "previous", time.UTC)
		want.Site, want.Survey, want.Question, want.AsOf = "shop", "a", "nps", w.now.UnixMilli()
		if !reflect.DeepEqual(want, scores) || len(scores.Groups) != 256 || !scores.Groups[255].Other {
			t.Error(cmp.Diff(want, scores))
		}
		q.Compare = ""
		funnel, err := q.Funnel(t.Context(), w.st, w.now)
		must(err)
		steps := c.funnel(from, to, every, time.UTC)
		steps.Site, steps.Survey, steps.AsOf = "shop", "a", w.now.UnixMilli()
		if !reflect.DeepEqual(steps, funnel) {
			t.Error(cmp.Diff(steps, funnel))
		}
	}
}

// Most orders and carts of a day are none of the values that have a code. Segments answer for them nevertheless: the
// rows that they were made of are gone here.
func TestFiltersOnRareValuesNeedNoRows(t *testing.T) {
	w := newWorld(t, 9, "UTC", false, false)
	day := w.change.UTC().Truncate(24*time.Hour).AddDate(0, 0, -2)
	w.saveAll(day, 900, func(i int) string {
		return fmt.Sprintf(`{"device":%q,"hidden":{"agent":"order-%d","value":%g}}`, []string{"desktop", "mobile"}[i%2], i, float64(i)/4)
	})
	must(w.st.Close())
	db := check(sql.Open("sqlite", w.path))
	check(db.ExecContext(t.Context(), "DELETE FROM responses"))
	must(db.Close())
	w.open()
	defer func() { w.st.Close() }()
	for _, test := range []struct {
		filter []string
		by     string
		n      int
		groups map[string]int
	}{
		{[]string{"hidden.agent:order-7,order-450,order-none"}, "hidden.agent", 2, map[string]int{"order-7": 1, "order-450": 1}},
		{[]string{"hidden.agent:order-450", "device:desktop"}, "device", 1, map[string]int{"desktop": 1}},
		{[]string{"hidden.agent:order-450", "device:mobile"}, "device", 0, map[string]int{}},
		{[]string{"hidden.value:100-149.9"}, "device", 200, map[string]int{"desktop": 100, "mobile": 100}},
		{[]string{"hidden.value:100-149.9", "hidden.value:149-300", "hidden.agent:order-597,order-599,order-600"}, "hidden.value", 2, map[string]int{"149.25": 1, "149.75": 1}},
		{[]string{"hidden.value:100-1000"}, "", 500, map[string]int{}},
		{[]string{"hidden.agent:(none)"}, "", 0, map[string]int{}},
	} {
		q := report.Query{Sources: []report.Source{{Site: "shop", Survey: "a", Question: "nps"}}, From: day.Format(time.DateOnly), To: day.AddDate(0, 0, 1).Format(time.DateOnly), Filter: test.filter}
		if test.by != "" {
			q.By = []string{test.by}
		}
		got, err := q.Scores(t.Context(), w.st, w.now)
		must(err)
		groups := map[string]int{}
		for _, g := range got.Groups {
			groups[labelsOf(g)[test.by]] = g.Total.N
		}
		if got.Total.N != test.n || fmt.Sprint(groups) != fmt.Sprint(test.groups) {
			t.Errorf("%v: n is %d, %v; want %d, %v", test.filter, got.Total.N, groups, test.n, test.groups)
		}
	}
}
