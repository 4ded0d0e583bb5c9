package api

import (
	"iter"
	"slices"
	"testing"

	"github.com/askwell/askwell/collector/export"
	"github.com/askwell/askwell/collector/report"
	"github.com/google/go-cmp/cmp"
)

func TestDimensionsHaveColumnsOfTheirOwn(t *testing.T) {
	for _, by := range [][2][]string{
		{{"device", "page"}, {"device", "page"}},
		{{"trait.a,b", "page"}, {"trait.a_b", "page"}},
		{{"trait.a,b", "trait.a_b"}, {"trait.a_b_", "trait.a_b"}},
		{{"trait.a_b", "trait.a,b"}, {"trait.a_b", "trait.a_b_"}},
		{{"trait.a,,b", "trait.a,_b"}, {"trait.a__b", "trait.a__b_"}},
	} {
		if diff := cmp.Diff(by[1], columnsOf(by[0])); diff != "" {
			t.Errorf("%v: %s", by[0], diff)
		}
	}
}

// A figure that is not whole says so in a table too: one who takes it home does not see the JSON.
func TestTablesSayWhatIsNotWhole(t *testing.T) {
	value := "a"
	group := report.Group{By: map[string]*string{"page": &value}, Partial: true}
	scores := &report.Scores{Metric: "nps", TZ: "UTC", Groups: []report.Group{group}}
	columns, rows, err := scoresTable(scores, []string{"page"})
	if err != nil {
		t.Fatal(err)
	}
	if got := column(columns, rows, "partial"); !slices.Equal(got, []any{false, true}) {
		t.Errorf("of the total and the group, partial is %v", got)
	}
	funnel := &report.Funnel{TZ: "UTC", Groups: []report.StepsGroup{{By: group.By, Partial: true}}}
	if columns, rows, err = funnelTable(funnel, []string{"page"}); err != nil {
		t.Fatal(err)
	}
	if got := column(columns, rows, "partial"); !slices.Equal(got, []any{false, true}) {
		t.Errorf("of the total and the group of a funnel, partial is %v", got)
	}
	drivers := &report.Drivers{Incomplete: []string{"page"}, Drivers: []report.Driver{
		{Dimension: "page", Partial: true}, {Dimension: "device"}, {Dimension: "page"},
	}}
	if columns, rows, err = driversTable(drivers, nil); err != nil {
		t.Fatal(err)
	}
	if got := column(columns, rows, "partial"); !slices.Equal(got, []any{true, false, false}) {
		t.Errorf("of the drivers, partial is %v", got)
	}
	if got := column(columns, rows, "incomplete"); !slices.Equal(got, []any{true, false, true}) {
		t.Errorf("of the drivers, incomplete is %v", got)
	}
}

// column is what a table has in the column of this name.
func column(columns []export.Column, rows iter.Seq2[export.Row, error], name string) []any {
	at := slices.IndexFunc(columns, func(c export.Column) bool { return c.Name == name })
	var values []any
	for row := range rows {
		values = append(values, row[at])
	}
	return values
}
