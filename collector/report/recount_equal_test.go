package report_test

import (
	"errors"
	"flag"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/askwell/askwell/collector/report"
	"github.com/askwell/askwell/collector/score"
	"github.com/askwell/askwell/collector/survey"
)

var plainDimensions = []string{"page", "touchpoint", "device", "browser", "country", "language", "trigger", "channel", "version", "survey", "site", "trait.plan", "trait.none",
	"hidden.value", "hidden.agent", "hidden.vip", "answer.reason", "answer.likes", "answer.grid.r1", "answer.up", "answer.rank", "answer.sat"}

// Whatever was sent, sealed, erased, deleted and anonymised, in whatever order: every figure of every
// endpoint is what a recount of the rows says. As many checks as fit in some seconds; -rapid.checks=1000
// takes the minutes that those need.
func TestFiguresEqualARecount(t *testing.T) {
	until := time.Now().Add(6 * time.Second)
	if checks := flag.Lookup("rapid.checks"); checks.Value.String() != checks.DefValue {
		until = until.Add(time.Hour)
	}
	rapid.Check(t, func(rt *rapid.T) {
		if time.Now().After(until) {
			return
		}
		size := rapid.SampledFrom([]int{3, 20, 40, 60, 60, 80, 80, 100, 100, 150, 400}).Draw(rt, "responses")
		w := newWorld(t, rapid.Uint64().Draw(rt, "seed"), rapid.SampledFrom(zones).Draw(rt, "zone"), size == 400, rapid.IntRange(0, 3).Draw(rt, "one in four has more traits than columns") == 0)
		defer func() { w.st.Close() }()
		w.save(size)
		for range rapid.IntRange(1, 2).Draw(rt, "rounds") {
			for range rapid.IntRange(0, 4).Draw(rt, "changes") {
				rt.Log(w.happen())
			}
			for range 2 {
				w.compareScores(rt)
			}
			w.compareFunnel(rt)
			w.compareDrivers(rt)
			w.compareOverview(rt)
		}
	})
}

// asked is a query with what is needed to recount it.
type asked struct {
	report.Query
	recount
	from, to int64
	zone     *time.Location
	rare     bool // it is about values of which there are more than a byte can tell apart
}

// time says which, in one of the ways that there are.
func (w *world) ask(rt *rapid.T, surveys [][2]string, zone string) asked {
	q := asked{recount: recount{all: w.stored(surveys...), question: "nps", metric: "nps", max: 10}, to: w.now.UnixMilli() + 1}
	if q.TZ = rapid.SampledFrom(append([]string{"", ""}, zones...)).Draw(rt, "tz"); q.TZ != "" {
		zone = q.TZ
	}
	q.zone = check(time.LoadLocation(zone))
	some := func(name string) (string, int64) {
		at := w.change.Add(time.Duration(w.random.IntN(9*24*60)-5*24*60) * time.Minute)
		switch rapid.SampledFrom([]string{"day", "day", "ms", "hour"}).Draw(rt, name) {
		case "ms":
			return fmt.Sprint(at.UnixMilli()), at.UnixMilli()
		case "hour":
			at = at.Truncate(time.Hour)
			return at.Format(time.RFC3339), at.UnixMilli()
		}
		day, _ := dayOf(at.UnixMilli(), q.zone)
		return at.In(q.zone).Format(time.DateOnly), dayStart(day, q.zone)
	}
	if rapid.Bool().Draw(rt, "to is said") {
		q.To, q.to = some("to")
	}
	q.from = q.to
	if len(q.all) > 0 {
		q.from = min(q.from, q.all[0].At.UnixMilli())
	}
	if rapid.IntRange(0, 3).Draw(rt, "from is said") > 0 {
		if text, from := some("from"); from < q.to {
			q.From, q.from = text, from
		}
	}
	return q
}

func (w *world) filter(rt *rapid.T, q *asked) {
	for range rapid.SampledFrom([]int{0, 0, 1, 1, 2}).Draw(rt, "filters") {
		f := wanted{dimension: rapid.SampledFrom(w.dimensions()).Draw(rt, "filter")}
		if slices.ContainsFunc(q.filters, func(other wanted) bool { return other.dimension == f.dimension }) {
			continue
		}
		switch f.dimension {
		case "answer.sat", "hidden.value", "version":
			ranges := [][2]float64{{0, 2}, {2, 2}, {-10, 12}, {3, 50}}
			if f.dimension != "answer.sat" { // of which it is outside the scale
				ranges = append(ranges, [2]float64{-3.5, -3.5})
			}
			f.ranges = append(f.ranges, rapid.SampledFrom(ranges).Draw(rt, "range"))
		default:
			seen := map[string]bool{}
			for i := range q.all {
				for _, v := range q.all[i].values(f.dimension) {
					seen[v] = true
				}
			}
			list := []string{""}
			for v := range seen {
				list = append(list, v)
			}
			slices.Sort(list)
			f.values = slices.Compact(slices.Sorted(slices.Values(rapid.SliceOfN(rapid.SampledFrom(list), 1, 3).Draw(rt, "values"))))
		}
		q.filters, q.Filter = append(q.filters, f), append(q.Filter, f.String())
	}
}

func (w *world) dimensions() []string {
	list := slices.Clone(plainDimensions)
	if w.many {
		list = append(list, "trait.order", "trait.order", "trait.order")
	}
	if w.traits {
		list = append(list, "trait.t0", "trait.t1", "trait.t2", "trait.t3")
	}
	return list
}

func (w *world) breakDown(rt *rapid.T, q *asked) {
	for range rapid.IntRange(0, 2).Draw(rt, "dimensions") {
		if name := rapid.SampledFrom(w.dimensions()).Draw(rt, "by"); !slices.Contains(q.By, name) {
			q.By = append(q.By, name)
		}
	}
	q.by, q.rare = q.By, slices.Contains(q.By, "trait.order")
	q.Every = rapid.SampledFrom(append([]string{"", "", "hour", "hour", "hour", "day", "day"}, report.Units...)).Draw(rt, "every")
}

func (w *world) compareScores(rt *rapid.T) {
	surveys := rapid.SampledFrom([][][2]string{w.surveys[:1], w.surveys[:1], w.surveys[:2], w.surveys}).Draw(rt, "surveys")
	q := w.ask(rt, surveys, w.zoneOf(surveys))
	of := rapid.SampledFrom([]report.Scores{{Metric: "nps", Question: "nps", Scale: survey.Scale{Max: 10}}, {Metric: "csat", Question: "sat", Scale: survey.Scale{Min: 1, Max: 5}},
		{Metric: "ces", Question: "effort", Scale: survey.Scale{Min: 1, Max: 7}}}).Draw(rt, "question")
	q.question, q.metric, q.min, q.max = of.Question, of.Metric, of.Scale.Min, of.Scale.Max
	for _, s := range surveys {
		q.Sources = append(q.Sources, report.Source{Site: s[0], Survey: s[1], Question: of.Question})
	}
	w.filter(rt, &q)
	w.breakDown(rt, &q)
	if len(surveys) == 1 {
		q.Unique = rapid.SampledFrom([]string{"", "visitor", "user"}).Draw(rt, "unique")
	}
	if q.From != "" {
		q.Compare = rapid.SampledFrom(append([]string{""}, report.Comparisons...)).Draw(rt, "compare")
	}
	q.unique, q.minN = q.Unique, rapid.IntRange(0, 5).Draw(rt, "min_n")
	q.MinN = q.minN
	want := q.scores(q.from, q.to, q.Every, q.Compare, q.zone)
	if want.AsOf = w.now.UnixMilli(); len(surveys) == 1 {
		want.Site, want.Survey, want.Question = surveys[0][0], surveys[0][1], of.Question
	} else {
		want.Weighting = "by n"
		for _, s := range q.Sources {
			want.Sources = append(want.Sources, report.SourceView(s))
		}
	}
	got, err := q.Scores(w.t.Context(), w.st, w.now)
	if tooMuch(err, len(want.Groups), len(want.Series)) {
		return
	}
	if err == nil && q.rare {
		roughly(rt, got, want)
	}
	if err != nil || !reflect.DeepEqual(want, got) {
		rt.Fatalf("%+v: %v\n%s", q.Query, err, cmp.Diff(want, got))
	}
}

// roughly checks groups of which some are lost to (other): none has more than it should, or less and does not say so,
// and none is lost.
func roughly(rt *rapid.T, got, want *report.Scores) {
	all := 0
	most := map[string]int{}
	for _, g := range want.Groups {
		most[fmt.Sprint(labelsOf(g))] = g.Total.N
	}
	for _, g := range got.Groups {
		all += g.Total.N
		if n := most[fmt.Sprint(labelsOf(g))]; !g.Other && (g.Total.N > n || g.Total.N < n && !g.Partial) && len(want.Groups) < 256 {
			rt.Fatalf("%v has %d answers, and there are %d", labelsOf(g), g.Total.N, n)
		}
	}
	if total := want.Total.N; all < total {
		rt.Fatalf("the groups have %d answers, and there are %d", all, total)
	}
	got.Groups, want.Groups = nil, nil
}

func labelsOf(g report.Group) map[string]string {
	of := map[string]string{}
	for name, value := range g.By {
		if value != nil {
			of[name] = *value
		}
	}
	return of
}

// tooMuch says whether more figures were refused than there should be.
func tooMuch(err error, groups, buckets int) bool {
	var refused *survey.Error
	return errors.As(err, &refused) && groups*buckets > 20_000 && strings.Contains(refused.Error(), "figures")
}

func (w *world) zoneOf(surveys [][2]string) string {
	zone := ""
	for _, s := range surveys {
		site := check(w.st.Site(w.t.Context(), s[0]))
		if zone != "" && site.Timezone != zone {
			return "UTC"
		}
		zone = site.Timezone
	}
	return zone
}

func (w *world) compareFunnel(rt *rapid.T) {
	q := w.ask(rt, w.surveys[:1], w.zoneOf(w.surveys[:1]))
	q.Sources = []report.Source{{Site: "shop", Survey: "a"}}
	w.filter(rt, &q)
	w.breakDown(rt, &q)
	want := q.funnel(q.from, q.to, q.Every, q.zone)
	want.Site, want.Survey, want.AsOf = "shop", "a", w.now.UnixMilli()
	got, err := q.Funnel(w.t.Context(), w.st, w.now)
	if tooMuch(err, len(want.Groups), len(want.Series)) {
		return
	}
	if err == nil && q.rare {
		want.Groups, got.Groups = nil, nil
	}
	if err != nil || !reflect.DeepEqual(want, got) {
		rt.Fatalf("funnel %+v: %v\n%s", q.Query, err, cmp.Diff(want, got))
	}
}

func (w *world) compareDrivers(rt *rapid.T) {
	q := w.ask(rt, w.surveys[:1], w.zoneOf(w.surveys[:1]))
	q.Sources, q.minN = []report.Source{{Site: "shop", Survey: "a", Question: "nps"}}, rapid.IntRange(1, 6).Draw(rt, "min_n")
	q.MinN = q.minN
	w.filter(rt, &q)
	var dimensions []string
	if w.traits || w.many || rapid.Bool().Draw(rt, "dimensions are named") {
		dimensions = []string{"answer.likes", "touchpoint", "trait.plan", "hidden.vip", "answer.grid.r1"}
	}
	got, err := q.Drivers(w.t.Context(), w.st, w.now, dimensions)
	if dimensions == nil {
		rows := q.rows(q.from, q.to)
		for _, name := range []string{"page", "trigger", "device", "touchpoint", "language", "country", "browser", "system", "channel", "answer.effort", "answer.grid.r1", "answer.grid.r2",
			"answer.likes", "answer.rank", "answer.reason", "answer.sat", "answer.up", "hidden.agent", "hidden.value", "hidden.vip", "trait.plan"} {
			if slices.ContainsFunc(rows, func(a *answered) bool { return a.answers["nps"] != nil && a.values(name)[0] != "" }) {
				dimensions = append(dimensions, name)
			}
		}
	}
	want := &report.Drivers{Site: "shop", Survey: "a", Question: "nps", Metric: "nps", AsOf: w.now.UnixMilli(), From: q.from, To: q.to, TZ: q.zone.String(), Total: q.figure(q.rows(q.from, q.to), 0),
		Dimensions: append([]string{}, dimensions...), Drivers: q.drivers(q.from, q.to, dimensions)}
	if err == nil {
		want.Formula = got.Formula
	}
	if err != nil || !reflect.DeepEqual(want, got) {
		rt.Fatalf("drivers %+v: %v\n%s", q.Query, err, cmp.Diff(want, got))
	}
}

func (w *world) compareOverview(rt *rapid.T) {
	q := w.ask(rt, nil, w.zoneOf(w.surveys[:1]))
	if q.From == "" {
		q.from = time.UnixMilli(q.to).In(q.zone).AddDate(0, 0, -30).UnixMilli()
		if day, first := dayOf(q.to, q.zone); first {
			q.from = dayStart(day-30, q.zone)
		}
	}
	was, until := earlier(q.from, q.to, "previous", q.zone)
	want := &report.Overview{Site: "shop", AsOf: w.now.UnixMilli(), From: q.from, To: q.to, Before: was, TZ: q.zone.String()}
	var together []*score.Comparison
	for _, s := range w.surveys[:2] {
		c := recount{all: w.stored(s)}
		rows, before := c.rows(q.from, q.to), c.rows(was, until)
		total := steps(rows)
		view := report.SurveyOverview{Survey: s[1], Name: "S", Touchpoint: "basket", Status: survey.Live, Shown: total.Shown, Completed: total.Completed, ResponseRate: total.ResponseRate}
		for _, of := range []recount{{question: "nps", metric: "nps", max: 10}, {question: "sat", metric: "csat", min: 1, max: 5}, {question: "effort", metric: "ces", min: 1, max: 7}} {
			view.Scores = append(view.Scores, report.ScoreOverview{Question: of.question, Metric: of.metric, Total: of.figure(rows, 0),
				Formula: map[string]string{"nps": score.NPSFormula, "csat": score.CSATFormula, "ces": score.CESFormula}[of.metric],
				Compare: report.Compared{From: was, To: until, Total: of.figure(before, 0), Comparison: score.Compare(of.metric, of.counts(rows), of.counts(before))}})
			together = append(together, &view.Scores[len(view.Scores)-1].Compare.Comparison)
		}
		want.Surveys = append(want.Surveys, view)
	}
	// The list has grown meanwhile: what Together changes has to be where it stands now.
	together = together[:0]
	for i := range want.Surveys {
		for j := range want.Surveys[i].Scores {
			together = append(together, &want.Surveys[i].Scores[j].Compare.Comparison)
		}
	}
	score.Together(together)
	got, err := q.Overview(w.t.Context(), w.st, w.now, "shop")
	if err != nil || !reflect.DeepEqual(want, got) {
		rt.Fatalf("overview %+v: %v\n%s", q.Query, err, cmp.Diff(want, got))
	}
}
