package api

import (
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/askwell/askwell/collector/export"
	"github.com/askwell/askwell/collector/report"
	"github.com/askwell/askwell/collector/score"
)

// tableOfFigures tells the columns that figures have as a table.
const tableOfFigures = "A table has a row a figure: `level` says whether it is the `total`, a `bucket` of the series, a `group`, or a `group_bucket`; `from` and `to` are its time, in UTC, `date` is the day of `tz` on which that begins, and each dimension of `by` is a column, in whose name a comma is an underscore; `other` and `partial` are as of a group. "

// table is columns, with what each says of a row of T.
type table[T any] struct {
	columns []export.Column
	cells   []func(*T) any
}

func (t *table[T]) add(name string, kind export.Kind, cell func(*T) any) {
	t.columns, t.cells = append(t.columns, export.Column{Name: name, Kind: kind}), append(t.cells, cell)
}

func (t *table[T]) rows(list []T) iter.Seq2[export.Row, error] {
	return func(yield func(export.Row, error) bool) {
		for i := range list {
			row := make(export.Row, len(t.cells))
			for c, cell := range t.cells {
				row[c] = cell(&list[i])
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

// figure is a row of a table of scores or steps.
type figure[T any] struct {
	level    string
	from, to int64
	by       map[string]*string
	other    bool
	partial  bool
	of       T
	against  *report.Compared
}

// places adds the columns that say which figure a row is.
func places[T any](t *table[figure[T]], by []string, tz string) error {
	zone, err := time.LoadLocation(tz)
	if err != nil {
		return err
	}
	t.add("level", export.Text, func(f *figure[T]) any { return f.level })
	t.add("date", export.Date, func(f *figure[T]) any {
		year, month, day := time.UnixMilli(f.from).In(zone).Date()
		return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	})
	t.add("from", export.Timestamp, func(f *figure[T]) any { return time.UnixMilli(f.from) })
	t.add("to", export.Timestamp, func(f *figure[T]) any { return time.UnixMilli(f.to) })
	columns := columnsOf(by)
	for i, name := range by {
		t.add(columns[i], export.Text, func(f *figure[T]) any { return orNil(f.by[name]) })
	}
	if len(by) > 0 {
		t.add("other", export.Boolean, func(f *figure[T]) any { return f.other })
		t.add("partial", export.Boolean, func(f *figure[T]) any { return f.partial })
	}
	return nil
}

// columnsOf calls the dimensions as a table can: a comma, which no column may have, is an underscore
// there, and where that is the name of another one, there are more at the end.
func columnsOf(by []string) []string {
	columns := make([]string, len(by))
	for i, name := range by {
		column := strings.ReplaceAll(name, ",", "_")
		for column != name && slices.Contains(by, column) || slices.Contains(columns, column) {
			column += "_"
		}
		columns[i] = column
	}
	return columns
}

// ces is the metric that has a share beside its score.
const ces = "ces"

// scoresTable is scores as a table.
func scoresTable(s *report.Scores, by []string) ([]export.Column, iter.Seq2[export.Row, error], error) {
	t := &table[figure[report.Figure]]{}
	if err := places(t, by, s.TZ); err != nil {
		return nil, nil, err
	}
	t.add("metric", export.Text, func(*figure[report.Figure]) any { return s.Metric })
	scoreColumns(t, "", s.Metric == ces, func(f *figure[report.Figure]) *score.Score { return &f.of.Score })
	t.add("too_few", export.Boolean, func(f *figure[report.Figure]) any { return f.of.TooFew })
	t.add("more", export.Integer, func(f *figure[report.Figure]) any { return orNil(f.of.More) })
	for v := s.Scale.Min; v <= s.Scale.Max; v++ {
		name := strconv.Itoa(v)
		t.add("count."+name, export.Integer, func(f *figure[report.Figure]) any { return f.of.Distribution[name] })
	}
	if s.Compare != nil {
		comparedColumns(t, s.Metric == ces, func(f *figure[report.Figure]) *report.Compared { return f.against })
	}
	proof(t, s.Question, s.Formula, s.AsOf)
	rows := []figure[report.Figure]{{"total", s.From, s.To, nil, false, false, s.Total, s.Compare}}
	for _, p := range s.Series {
		rows = append(rows, figure[report.Figure]{"bucket", p.From, p.To, nil, false, false, p.Total, nil})
	}
	for _, g := range s.Groups {
		rows = append(rows, figure[report.Figure]{"group", s.From, s.To, g.By, g.Other, g.Partial, g.Total, g.Compare})
		for _, p := range g.Series {
			rows = append(rows, figure[report.Figure]{"group_bucket", p.From, p.To, g.By, g.Other, g.Partial, p.Total, nil})
		}
	}
	return t.columns, t.rows(rows), nil
}

// comparedColumns adds the score of another time, and the difference to it.
func comparedColumns[T any](t *table[T], shares bool, of func(*T) *report.Compared) {
	add := func(name string, kind export.Kind, cell func(*report.Compared) any) {
		t.add(name, kind, func(row *T) any {
			if c := of(row); c != nil {
				return cell(c)
			}
			return nil
		})
	}
	add("before.from", export.Timestamp, func(c *report.Compared) any { return time.UnixMilli(c.From) })
	add("before.to", export.Timestamp, func(c *report.Compared) any { return time.UnixMilli(c.To) })
	scoreColumns(t, "before.", shares, func(row *T) *score.Score {
		if c := of(row); c != nil {
			return &c.Total.Score
		}
		return nil
	})
	differenceColumns(t, func(row *T) *score.Comparison {
		if c := of(row); c != nil {
			return &c.Comparison
		}
		return nil
	})
}

// scoreColumns adds n, the score and its interval, and of those that have one its share.
func scoreColumns[T any](t *table[T], prefix string, shares bool, of func(*T) *score.Score) {
	add := func(name string, kind export.Kind, cell func(*score.Score) any) {
		t.add(prefix+name, kind, func(row *T) any {
			if s := of(row); s != nil {
				return cell(s)
			}
			return nil
		})
	}
	add("n", export.Integer, func(s *score.Score) any { return s.N })
	add("score", export.Number, func(s *score.Score) any { return orNil(s.Score) })
	add("low", export.Number, func(s *score.Score) any { return low(s.Interval) })
	add("high", export.Number, func(s *score.Score) any { return high(s.Interval) })
	if !shares {
		return
	}
	share := func(cell func(*score.Share) any) func(*score.Score) any {
		return func(s *score.Score) any {
			if s.Share == nil {
				return nil
			}
			return cell(s.Share)
		}
	}
	add("share", export.Number, share(func(s *score.Share) any { return orNil(s.Score) }))
	add("share.low", export.Number, share(func(s *score.Share) any { return low(s.Interval) }))
	add("share.high", export.Number, share(func(s *score.Share) any { return high(s.Interval) }))
}

// differenceColumns adds a comparison.
func differenceColumns[T any](t *table[T], of func(*T) *score.Comparison) {
	add := func(name string, kind export.Kind, cell func(*score.Comparison) any) {
		t.add(name, kind, func(row *T) any {
			if c := of(row); c != nil {
				return cell(c)
			}
			return nil
		})
	}
	add("difference", export.Number, func(c *score.Comparison) any { return orNil(c.Difference) })
	add("difference.low", export.Number, func(c *score.Comparison) any { return low(c.Interval) })
	add("difference.high", export.Number, func(c *score.Comparison) any { return high(c.Interval) })
	add("p", export.Number, func(c *score.Comparison) any { return orNil(c.P) })
	add("p_adjusted", export.Number, func(c *score.Comparison) any { return orNil(c.Adjusted) })
	add("significant", export.Boolean, func(c *score.Comparison) any { return c.Significant })
}

// funnelTable is a funnel as a table.
func funnelTable(f *report.Funnel, by []string) ([]export.Column, iter.Seq2[export.Row, error], error) {
	type row = figure[report.Steps]
	t := &table[row]{}
	if err := places(t, by, f.TZ); err != nil {
		return nil, nil, err
	}
	t.add("shown", export.Integer, func(r *row) any { return r.of.Shown })
	t.add("started", export.Integer, func(r *row) any { return r.of.Started })
	t.add("completed", export.Integer, func(r *row) any { return r.of.Completed })
	t.add("dismissed", export.Integer, func(r *row) any { return r.of.Dismissed })
	rateColumns(t, "response_rate", func(r *row) *score.Share { return &r.of.ResponseRate })
	rateColumns(t, "completion_rate", func(r *row) *score.Share { return &r.of.CompletionRate })
	t.add("median_ms", export.Integer, func(r *row) any { return orNil(r.of.MedianMS) })
	rows := []row{{"total", f.From, f.To, nil, false, false, f.Total, nil}}
	for _, p := range f.Series {
		rows = append(rows, row{"bucket", p.From, p.To, nil, false, false, p.Total, nil})
	}
	for _, g := range f.Groups {
		rows = append(rows, row{"group", f.From, f.To, g.By, g.Other, g.Partial, g.Total, nil})
		for _, p := range g.Series {
			rows = append(rows, row{"group_bucket", p.From, p.To, g.By, g.Other, g.Partial, p.Total, nil})
		}
	}
	return t.columns, t.rows(rows), nil
}

func rateColumns[T any](t *table[T], name string, of func(*T) *score.Share) {
	t.add(name, export.Number, func(row *T) any { return orNil(of(row).Score) })
	t.add(name+".low", export.Number, func(row *T) any { return low(of(row).Interval) })
	t.add(name+".high", export.Number, func(row *T) any { return high(of(row).Interval) })
}

// overviewTable is an overview as a table.
func overviewTable(o *report.Overview, _ []string) ([]export.Column, iter.Seq2[export.Row, error], error) {
	type row struct {
		of    *report.SurveyOverview
		score *report.ScoreOverview // nil of a survey without
	}
	var rows []row
	shares := false
	for i := range o.Surveys {
		of := &o.Surveys[i]
		for s := range of.Scores {
			rows = append(rows, row{of, &of.Scores[s]})
			shares = shares || of.Scores[s].Metric == ces
		}
		if len(of.Scores) == 0 {
			rows = append(rows, row{of, nil})
		}
	}
	t := &table[row]{}
	t.add("survey", export.Text, func(r *row) any { return r.of.Survey })
	t.add("name", export.Text, func(r *row) any { return r.of.Name })
	t.add("touchpoint", export.Text, func(r *row) any { return textOrNil(r.of.Touchpoint) })
	t.add("status", export.Text, func(r *row) any { return string(r.of.Status) })
	t.add("from", export.Timestamp, func(*row) any { return time.UnixMilli(o.From) })
	t.add("to", export.Timestamp, func(*row) any { return time.UnixMilli(o.To) })
	t.add("shown", export.Integer, func(r *row) any { return r.of.Shown })
	t.add("completed", export.Integer, func(r *row) any { return r.of.Completed })
	rateColumns(t, "response_rate", func(r *row) *score.Share { return &r.of.ResponseRate })
	ofScore := func(cell func(*report.ScoreOverview) any) func(*row) any {
		return func(r *row) any {
			if r.score == nil {
				return nil
			}
			return cell(r.score)
		}
	}
	t.add("question", export.Text, ofScore(func(s *report.ScoreOverview) any { return s.Question }))
	t.add("metric", export.Text, ofScore(func(s *report.ScoreOverview) any { return s.Metric }))
	scoreColumns(t, "", shares, func(r *row) *score.Score {
		if r.score == nil {
			return nil
		}
		return &r.score.Total.Score
	})
	t.add("more", export.Integer, ofScore(func(s *report.ScoreOverview) any { return orNil(s.Total.More) }))
	comparedColumns(t, shares, func(r *row) *report.Compared {
		if r.score == nil {
			return nil
		}
		return &r.score.Compare
	})
	return t.columns, t.rows(rows), nil
}

func textOrNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// driversTable is drivers as a table.
func driversTable(d *report.Drivers, _ []string) ([]export.Column, iter.Seq2[export.Row, error], error) {
	type row = report.Driver
	t := &table[row]{}
	t.add("dimension", export.Text, func(r *row) any { return r.Dimension })
	t.add("value", export.Text, func(r *row) any { return r.Value })
	t.add("partial", export.Boolean, func(r *row) any { return r.Partial })
	t.add("incomplete", export.Boolean, func(r *row) any { return slices.Contains(d.Incomplete, r.Dimension) })
	t.add("n", export.Integer, func(r *row) any { return r.N })
	t.add("rest", export.Integer, func(r *row) any { return r.Rest })
	t.add("impact", export.Number, func(r *row) any { return orNil(r.Impact) })
	t.add("impact.low", export.Number, func(r *row) any { return low(r.Interval) })
	t.add("impact.high", export.Number, func(r *row) any { return high(r.Interval) })
	differenceColumns(t, func(r *row) *score.Comparison { return &r.Against })
	proof(t, d.Question, d.Formula, d.AsOf)
	return t.columns, t.rows(slices.Clone(d.Drivers)), nil
}

// proof adds what a table that is kept needs to be read later: what was asked, how it was counted, and when.
func proof[T any](t *table[T], question, formula string, asOf int64) {
	t.add("question", export.Text, func(*T) any { return question })
	t.add("formula", export.Text, func(*T) any { return formula })
	t.add("as_of", export.Timestamp, func(*T) any { return time.UnixMilli(asOf) })
}

func orNil[T any](v *T) any {
	if v == nil {
		return nil
	}
	return *v
}

func low(i *score.Interval) any {
	if i == nil {
		return nil
	}
	return i.Low
}

func high(i *score.Interval) any {
	if i == nil {
		return nil
	}
	return i.High
}
