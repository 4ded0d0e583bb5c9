package report_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/askwell/askwell/collector/report"
	"github.com/askwell/askwell/collector/score"
	"github.com/askwell/askwell/collector/store"
	"github.com/askwell/askwell/collector/survey"
)

// What follows counts as plainly as it can be said: every figure anew, over all rows.

// answered is a stored response, decoded.
type answered struct {
	store.Response
	about   map[string]any
	answers map[string]any
}

func decode(r store.Response) answered {
	a := answered{Response: r}
	if json.Unmarshal(r.Context, &a.about) != nil || json.Unmarshal(r.Answers, &a.answers) != nil {
		panic("a stored response is no JSON")
	}
	return a
}

func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return fmt.Sprint(v)
	}
	return ""
}

func member(of any, name string) any {
	m, _ := of.(map[string]any)
	return m[name]
}

// values are those of a dimension, at least one; "" is none.
func (a *answered) values(dimension string) []string {
	kind, name, _ := strings.Cut(dimension, ".")
	one := func(v any) []string { return []string{text(v)} }
	switch kind {
	case "page":
		return []string{paths[text(member(a.about["page"], "url"))]}
	case "trigger":
		return one(member(a.about["trigger"], "type"))
	case "device", "browser", "system", "country", "language":
		return one(a.about[kind])
	case "channel":
		return []string{a.Channel}
	case "version":
		return []string{strconv.Itoa(a.Version)}
	case "touchpoint":
		return []string{touchpoints[a.Version]}
	case "site":
		return []string{a.Site}
	case "survey":
		return []string{a.Survey}
	case "trait":
		return one(member(a.about["traits"], name))
	case "hidden":
		return one(member(a.about["hidden"], name))
	}
	question, row, _ := strings.Cut(name, ".")
	switch v := a.answers[question].(type) {
	case map[string]any:
		return one(v[row])
	case []any:
		if question == "rank" {
			return one(v[0])
		}
		var list []string
		for _, choice := range v {
			list = append(list, text(choice))
		}
		return list
	default:
		return one(v)
	}
}

// wanted is a filter: one of some values, or a number in one of some ranges.
type wanted struct {
	dimension string
	values    []string
	ranges    [][2]float64
}

func (w wanted) String() string {
	var list []string
	for _, v := range w.values {
		if v == "" {
			v = "(none)"
		}
		list = append(list, strings.NewReplacer(`\`, `\\`, ",", `\,`).Replace(v))
	}
	for _, r := range w.ranges {
		list = append(list, fmt.Sprintf("%v-%v", r[0], r[1]))
	}
	return w.dimension + ":" + strings.Join(list, ",")
}

func (w wanted) keeps(a *answered) bool {
	for _, value := range a.values(w.dimension) {
		if slices.Contains(w.values, value) {
			return true
		}
		n, err := strconv.ParseFloat(value, 64)
		for _, r := range w.ranges {
			if err == nil && r[0] <= n && n <= r[1] {
				return true
			}
		}
	}
	return false
}

const quarterHour = int64(15 * 60 * 1000) // all zones of today begin and change at one

// label tells the buckets of a unit apart, and grows with time.
func label(at int64, unit string, zone *time.Location) int {
	local := time.UnixMilli(at).In(zone)
	year, month, day := local.Date()
	switch unit {
	case "week":
		y, w := local.ISOWeek()
		return y*100 + w
	case "month":
		return year*100 + int(month)
	case "quarter":
		return year*10 + (int(month)+2)/3
	case "year":
		return year
	}
	return (year*100+int(month))*100 + day
}

var walked = map[string][]int64{}

// ends walks through a period and notes where its buckets end.
func ends(from, to int64, unit string, zone *time.Location) (list []int64) {
	if unit == "" {
		return []int64{to}
	}
	name := fmt.Sprint(from, to, unit, zone)
	if list := walked[name]; list != nil {
		return list
	}
	defer func() { walked[name] = list }()
	seen := label(from, unit, zone)
	for at := from - from%quarterHour + quarterHour; at < to; at += quarterHour {
		if unit == "hour" {
			now, before := time.UnixMilli(at).In(zone), time.UnixMilli(at-quarterHour).In(zone)
			if now.Minute() == 0 || before.Minute() == 45 {
				list = append(list, at)
			}
		} else if is := label(at, unit, zone); is > seen {
			list, seen = append(list, at), is
		}
	}
	return append(list, to)
}

// dayStart is the first moment of a day, counted as UTC has its days.
func dayStart(day int64, zone *time.Location) int64 {
	want := label(day*86_400_000, "day", time.UTC)
	for at := day*86_400_000 - 15*4*quarterHour; ; at += quarterHour {
		if label(at, "day", zone) >= want {
			return at
		}
	}
}

// dayOf is the day in which a time lies, and whether it is its first moment.
func dayOf(at int64, zone *time.Location) (day int64, first bool) {
	year, month, d := time.UnixMilli(at).In(zone).Date()
	day = time.Date(year, month, d, 0, 0, 0, 0, time.UTC).Unix() / 86_400
	return day, dayStart(day, zone) == at
}

func earlier(from, to int64, compare string, zone *time.Location) (int64, int64) {
	a, whole := dayOf(from, zone)
	b, whole2 := dayOf(to, zone)
	if compare == "previous" {
		if whole && whole2 {
			return dayStart(a-(b-a), zone), from
		}
		return from - (to - from), from
	}
	ago := func(at, day int64, whole bool) int64 {
		if whole {
			return dayStart(time.UnixMilli(day*86_400_000).UTC().AddDate(-1, 0, 0).Unix()/86_400, zone)
		}
		return time.UnixMilli(at).In(zone).AddDate(-1, 0, 0).UnixMilli()
	}
	return ago(from, a, whole), ago(to, b, whole2)
}

// recount is all that a query is about.
type recount struct {
	all      []answered // of all its surveys, in the order of births and ids
	question string
	metric   string
	min, max int
	unique   string
	by       []string
	filters  []wanted
	minN     int
}

// rows are the live ones of a period that the filters keep.
func (c *recount) rows(from, to int64) (list []*answered) {
	for i := range c.all {
		a := &c.all[i]
		at := a.At.UnixMilli()
		if a.Class == survey.ClassLive && from <= at && at < to && !slices.ContainsFunc(c.filters, func(w wanted) bool { return !w.keeps(a) }) {
			list = append(list, a)
		}
	}
	return list
}

func person(a *answered, unique string) string {
	if unique == "user" {
		return a.User
	}
	return a.Visitor
}

// counts are of the answers in some rows, one a person where that is wanted.
func (c *recount) counts(rows []*answered) score.Counts {
	counts := score.Counts{Min: c.min, Of: make([]int, c.max-c.min+1)}
	latest := map[string]float64{}
	for _, a := range rows {
		v, ok := a.answers[c.question].(float64)
		if !ok {
			continue
		}
		if c.unique == "" {
			counts.Of[int(v)-c.min]++
		} else if who := person(a, c.unique); who != "" {
			latest[who] = v
		}
	}
	for _, v := range latest {
		counts.Of[int(v)-c.min]++
	}
	return counts
}

func (c *recount) figure(rows []*answered, minN int) report.Figure {
	f := report.Figure{Score: map[string]func(score.Counts) score.Score{"nps": score.NPS, "csat": score.CSAT, "ces": score.CES}[c.metric](c.counts(rows))}
	if f.N < minN {
		f = report.Figure{Score: score.Score{N: f.N, Distribution: f.Distribution}, TooFew: true}
	}
	return f
}

// between are those of some rows that were born in a bucket.
func between(rows []*answered, from, to int64) (list []*answered) {
	for _, a := range rows {
		if at := a.At.UnixMilli(); from <= at && at < to {
			list = append(list, a)
		}
	}
	return list
}

// part is the rows of one group.
type part struct {
	values []string
	rows   []*answered
	size   int
}

func (c *recount) groupsOf(a *answered) (list [][]string) {
	for _, first := range a.values(c.by[0]) {
		if len(c.by) == 1 {
			list = append(list, []string{first})
			continue
		}
		for _, second := range a.values(c.by[1]) {
			list = append(list, []string{first, second})
		}
	}
	return list
}

// parts are the groups, the largest first, 255 and the rest; size says how much of a row counts.
func (c *recount) parts(rows []*answered, size func([]*answered) int) []part {
	if len(c.by) == 0 {
		return nil
	}
	collect := func(key func([]string) []string) (list []part) {
		at := map[string]int{}
		for _, a := range rows {
			added := map[string]bool{}
			for _, values := range c.groupsOf(a) {
				values = key(values)
				name := fmt.Sprintf("%q", values)
				if _, known := at[name]; !known {
					at[name] = len(list)
					list = append(list, part{values: values})
				}
				if !added[name] {
					added[name] = true
					list[at[name]].rows = append(list[at[name]].rows, a)
				}
			}
		}
		for i := range list {
			list[i].size = size(list[i].rows)
		}
		return slices.DeleteFunc(list, func(p part) bool { return p.size == 0 })
	}
	list := collect(func(values []string) []string { return values })
	order := func(a, b part) int {
		return cmp.Or(cmp.Compare(b.size, a.size), slices.Compare(a.values, b.values))
	}
	slices.SortFunc(list, order)
	if len(list) <= 255 {
		return list
	}
	kept := map[string]bool{}
	for _, p := range list[:255] {
		kept[fmt.Sprintf("%q", p.values)] = true
	}
	rest := slices.Repeat([]string{"(other)"}, len(c.by))
	list = collect(func(values []string) []string {
		if kept[fmt.Sprintf("%q", values)] {
			return values
		}
		return rest
	})
	slices.SortFunc(list, func(a, b part) int {
		return cmp.Or(boolean(slices.Equal(a.values, rest))-boolean(slices.Equal(b.values, rest)), order(a, b))
	})
	return list
}

func boolean(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (c *recount) labels(values []string) map[string]*string {
	by := map[string]*string{}
	for i, v := range values {
		if by[c.by[i]] = nil; v != "" {
			by[c.by[i]] = &v
		}
	}
	return by
}

// scores is what the query should say of [from, to).
func (c *recount) scores(from, to int64, every, compare string, zone *time.Location) *report.Scores {
	rows := c.rows(from, to)
	size := func(rows []*answered) int { counts := c.counts(rows); return sum(counts.Of) }
	out := &report.Scores{Metric: c.metric, Scale: survey.Scale{Min: c.min, Max: c.max}, From: from, To: to, TZ: zone.String(), Unique: c.unique, Total: c.figure(rows, 0),
		Formula: map[string]string{"nps": score.NPSFormula, "csat": score.CSATFormula, "ces": score.CESFormula}[c.metric]}
	for _, a := range rows {
		if _, ok := a.answers[c.question].(float64); ok && c.unique != "" && person(a, c.unique) == "" {
			out.Unknown++
		}
	}
	points := func(rows []*answered, minN int) (list []report.Point) {
		begin := from
		for _, end := range ends(from, to, every, zone) {
			list = append(list, report.Point{From: begin, To: end, Total: c.figure(between(rows, begin, end), minN)})
			begin = end
		}
		return list
	}
	if every != "" {
		out.Series = points(rows, 0)
	}
	parts := c.parts(rows, size)
	for _, p := range parts {
		g := report.Group{By: c.labels(p.values), Other: slices.Contains(p.values, "(other)"), Total: c.figure(p.rows, c.minN)}
		if every != "" {
			g.Series = points(p.rows, c.minN)
		}
		out.Groups = append(out.Groups, g)
	}
	if compare == "" {
		return out
	}
	was, until := earlier(from, to, compare, zone)
	before := c.rows(was, until)
	set := func(now, then []*answered, minN int) *report.Compared {
		return &report.Compared{From: was, To: until, Total: c.figure(then, minN), Comparison: score.Compare(c.metric, c.counts(now), c.counts(then))}
	}
	out.Compare = set(rows, before, 0)
	var together []*score.Comparison
	shown := map[string]bool{}
	for _, p := range parts {
		shown[fmt.Sprintf("%q", p.values)] = true
	}
	for i, p := range parts {
		var then []*answered
		for _, a := range before {
			for _, values := range c.groupsOf(a) {
				if slices.Equal(values, p.values) || out.Groups[i].Other && !shown[fmt.Sprintf("%q", values)] {
					then = append(then, a)
					break
				}
			}
		}
		g := &out.Groups[i]
		if g.Compare = set(p.rows, then, c.minN); g.Total.TooFew || g.Compare.Total.TooFew {
			g.Compare.Comparison = score.Comparison{Method: g.Compare.Method}
		} else {
			together = append(together, &g.Compare.Comparison)
		}
	}
	score.Together(together)
	return out
}

func sum(counts []int) (n int) {
	for _, c := range counts {
		n += c
	}
	return n
}

func steps(rows []*answered) report.Steps {
	var s report.Steps
	var took []int64
	for _, a := range rows {
		s.Shown++
		if a.State != survey.Shown {
			s.Started++
		}
		if a.State == survey.Completed {
			s.Completed++
		} else if a.DismissedAt != nil {
			s.Dismissed++
		}
		if ms, ok := a.about["took_ms"].(float64); ok {
			took = append(took, int64(ms)/100*100)
		}
	}
	s.ResponseRate, s.CompletionRate = score.Rate(s.Started, s.Shown), score.Rate(s.Completed, s.Started)
	if slices.Sort(took); len(took) > 0 {
		s.MedianMS = &took[(len(took)-1)/2]
	}
	return s
}

func (c *recount) funnel(from, to int64, every string, zone *time.Location) *report.Funnel {
	rows := c.rows(from, to)
	out := &report.Funnel{From: from, To: to, TZ: zone.String(), Total: steps(rows)}
	points := func(rows []*answered) (list []report.StepsPoint) {
		if every == "" {
			return nil
		}
		begin := from
		for _, end := range ends(from, to, every, zone) {
			list = append(list, report.StepsPoint{From: begin, To: end, Total: steps(between(rows, begin, end))})
			begin = end
		}
		return list
	}
	out.Series = points(rows)
	for _, p := range c.parts(rows, func(rows []*answered) int { return len(rows) }) {
		out.Groups = append(out.Groups, report.StepsGroup{By: c.labels(p.values), Other: slices.Contains(p.values, "(other)"), Total: steps(p.rows), Series: points(p.rows)})
	}
	return out
}

// drivers are those of some dimensions.
func (c *recount) drivers(from, to int64, dimensions []string) []report.Driver {
	rows := c.rows(from, to)
	whole := c.counts(rows)
	list := []report.Driver{}
	for _, name := range dimensions {
		one := *c
		one.by = []string{name}
		for _, p := range one.parts(rows, func(rows []*answered) int { return len(rows) }) {
			d := report.Driver{Dimension: name, Value: p.values[0], Driver: score.Impact(c.metric, whole, c.counts(p.rows))}
			if d.Value != "" && d.Value != "(other)" && d.N >= c.minN && d.Rest >= c.minN {
				list = append(list, d)
			}
		}
	}
	slices.SortFunc(list, func(a, b report.Driver) int {
		return cmp.Or(cmp.Compare(*a.Impact, *b.Impact), cmp.Compare(b.N, a.N), strings.Compare(a.Dimension+a.Value, b.Dimension+b.Value))
	})
	var together []*score.Comparison
	for i := range list {
		together = append(together, &list[i].Against)
	}
	score.Together(together)
	return list
}
