package segment

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/askwell/askwell/collector/store"
	"github.com/askwell/askwell/collector/survey"
)

// built makes a block of rows, a second apart.
func built(rows []map[string]string, always ...string) *Block {
	b := NewBuilder(0, Day, always...)
	for i, values := range rows {
		b.Add(&Row{At: int64(i) * 1000, TookMS: int64(i), Visitor: uint64(i), User: uint64(i) << 40, Values: values})
	}
	return b.Block()
}

// stored writes a block and reads it again.
func stored(t testing.TB, b *Block, data bool) *Block {
	t.Helper()
	list, err := b.Segments()
	if err != nil {
		t.Fatal(err)
	}
	again := &Block{}
	for i := range list {
		if err := again.Read(&list[i], data, nil); err != nil {
			t.Fatal(err)
		}
	}
	return again
}

func value(b *Block, name string, i int) string {
	c := b.Column(name)
	return c.Dict[c.Code(i)]
}

// What goes into a block comes out of it, stored or not, whichever responses have which columns.
func TestBlockGivesBackWhatItTook(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		rows := rapid.SliceOfN(rapid.MapOfN(rapid.SampledFrom([]string{"page", "device", "trait.plan", "answer.nps"}), rapid.StringN(1, 5, -1), 0, 4), 1, 40).Draw(rt, "rows")
		b := built(rows)
		for name, b := range map[string]*Block{"as it was made": b, "as it was stored": stored(t, b, true)} {
			if b.N != len(rows) || b.From != 0 || b.To != Day || b.Dropped || b.Holds(AtColumn, TookColumn, VisitorColumn, UserColumn) != nil {
				rt.Fatalf("%s: %+v", name, b)
			}
			for i, values := range rows {
				if b.At[i] != uint32(i*1000) || b.Took[i] != uint32(i) || b.Visitor[i] != uint64(i) || b.User[i] != uint64(i)<<40 {
					rt.Fatalf("%s: response %d is at %d, took %d, is of %d, %d", name, i, b.At[i], b.Took[i], b.Visitor[i], b.User[i])
				}
				for _, column := range []string{"page", "device", "trait.plan", "answer.nps", "country"} {
					if got := value(b, column, i); got != values[column] {
						rt.Fatalf("%s: %s of response %d is %q, want %q", name, column, i, got, values[column])
					}
				}
			}
			for column, c := range b.Columns {
				counts := make([]uint32, len(c.Counts))
				for _, code := range c.Bytes(b.N) {
					counts[code]++
				}
				if !slices.Equal(counts, c.Counts) {
					rt.Fatalf("%s: %s counts %v, and has %v", name, column, c.Counts, counts)
				}
			}
		}
	})
}

func TestTheMostFrequentValuesKeepTheirNames(t *testing.T) {
	for _, n := range []int{1, maxValues, maxValues + 1, 1000, maxSeenValues + 500} {
		var rows []map[string]string
		for i := range n {
			rows = append(rows, map[string]string{"page": fmt.Sprint("/", i)})
		}
		rows = append(rows, map[string]string{}, map[string]string{"page": fmt.Sprint("/", n/2)}) // the one that is there twice
		b := stored(t, built(rows), true)
		if rest := b.Rests["page"]; (rest != nil) != (n > maxValues && n <= maxSeenValues) || rest != nil && len(rest.Data) != n-maxValues {
			t.Errorf("of %d values, the rest is %v", n, rest)
		}
		c := b.Column("page")
		if c.Overflows() != (n > maxValues) || len(c.Dict) != min(n, maxValues+1)+1 || value(b, "page", n/2) != fmt.Sprint("/", n/2) || value(b, "page", n) != "" {
			t.Errorf("of %d values: %d names, overflows: %v, the most frequent is %q", n, len(c.Dict), c.Overflows(), value(b, "page", n/2))
		}
		if n > maxValues && (c.Counts[OtherCode] != uint32(n-maxValues) || c.Dict[OtherCode] != Other) {
			t.Errorf("of %d values, %d are %s", n, c.Counts[OtherCode], c.Dict[OtherCode])
		}
	}
}

// Where a bucket may end, in any zone of today, the few bytes that a block has for it say what all births would.
func TestQuartersOfAnHourSayHowManyWereBornBefore(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		span := rapid.SampledFrom([]int64{store.Hour, Day}).Draw(rt, "span")
		from := rapid.Int64Range(-3, 400_000).Draw(rt, "hour") * store.Hour
		b := NewBuilder(from, from+span)
		births := rapid.SliceOfN(rapid.Int64Range(0, span-1), 1, 60).Draw(rt, "births")
		for _, at := range slices.Sorted(slices.Values(births)) {
			b.Add(&Row{At: from + at/quarter*quarter + at%3}) // many right at the start of one
		}
		made := b.Block()
		again := stored(t, made, false)
		again.At = nil
		for at := from - quarter; at <= from+span+quarter; at += quarter {
			want, _ := made.Before(at)
			if got, known := again.Before(at); got != want || !known {
				rt.Fatalf("%d were born before %d (%v), want %d", got, at-from, known, want)
			}
		}
		if _, known := again.Before(from + 1); known {
			rt.Fatal("within a quarter of an hour it cannot know")
		}
	})
}

// Filters leave the same responses, whether their values have a code or not, and those that stay have one.
func TestNarrowKeepsWhatItsFilterKeeps(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var rows []map[string]string
		for i := range rapid.IntRange(maxValues+1, 900).Draw(rt, "values") {
			rows = append(rows, map[string]string{"page": fmt.Sprint("/", i)})
			if i%5 == 0 {
				rows = append(rows, map[string]string{"page": fmt.Sprint("/", i%7)}, map[string]string{})
			}
		}
		part := rapid.IntRange(1, 400).Draw(rt, "one in")
		none := rapid.Bool().Draw(rt, "those without")
		keeps := func(value string) bool { return value == "" && none || len(value)*7%part == 0 && value != "" }
		b := stored(t, built(rows), true)
		if !b.Narrow("page", keeps) || !b.Narrowed("page") || b.Narrowed("device") {
			rt.Fatal("it was not narrowed")
		}
		kept, c := map[string]bool{}, b.Column("page")
		for i, values := range rows {
			value, got := values["page"], value(b, "page", i)
			if b.Left()[i] == keeps(value) {
				rt.Fatalf("%q is left out: %v", value, b.Left()[i])
			}
			if kept[value] = keeps(value); kept[value] && got != value && (got != Other || !c.Overflows()) {
				rt.Fatalf("%q became %q", value, got)
			}
		}
	})
}

func TestListsAreReadAsTheyWereWritten(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		want := rapid.SliceOfN(rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "a", `"`, `","`, "a,b", `\`, " "})), 1, 5).Draw(rt, "list")
		text, err := json.Marshal(want)
		if err != nil {
			rt.Fatal(err)
		}
		for _, text := range []string{string(text), strings.ReplaceAll(string(text), `","`, "\" , \"")} {
			want = nil
			if err := json.Unmarshal([]byte(text), &want); err != nil { // a blank within a value, perhaps
				continue
			}
			if got, err := readList(text); err != nil || !slices.Equal(got, want) {
				rt.Fatalf("%s became %q (%v)", text, got, err)
			}
		}
	})
	for _, text := range []string{``, `[`, `["a"`, `["a" "b"]`, `["a",]`, `"a"`, `[1]`} {
		if got, err := readList(text); err == nil {
			t.Errorf("%s became %q", text, got)
		}
	}
}

// A page that makes up the names of traits makes neither a block large nor others' traits wrong.
func TestTraitsBeyondTheMostFrequentAreDroppedAndThatIsKnown(t *testing.T) {
	var rows []map[string]string
	for i := range 2000 {
		rows = append(rows, map[string]string{"trait.plan": "pro", fmt.Sprint("trait.junk", i): "x", "device": "mobile"})
	}
	rows[1999]["trait.rare"] = "yes"
	for _, b := range []*Block{built(rows), stored(t, built(rows), true), stored(t, built(rows), false)} {
		if len(b.Columns) != maxTraits+1 || !b.Dropped || b.Lacks("trait.plan") || !b.Lacks("trait.rare") || !b.Lacks("trait.none") || b.Lacks("country") {
			t.Errorf("%d columns, dropped: %v, lacks plan: %v", len(b.Columns), b.Dropped, b.Lacks("trait.plan"))
		}
	}
	b := built(rows, "trait.rare", "trait.none")
	if b.Lacks("trait.rare") || b.Lacks("trait.none") || value(b, "trait.rare", 1999) != "yes" || value(b, "trait.none", 1999) != "" {
		t.Error("what is wanted is not there")
	}
}

func TestAnswersBecomeColumns(t *testing.T) {
	d, err := survey.ParseDefinition([]byte(`{"id": "s", "name": "S", "languages": ["en"], "questions": [{"id": "0", "type": "nps", "title": "N"},
		{"id": "why", "type": "single_choice", "title": "W", "choices": [{"id": "null", "label": "N"}, {"id": "a-b", "label": "A"}]},
		{"id": "likes", "type": "multi_choice", "title": "L", "choices": [{"id": "a", "label": "A"}, {"id": "b", "label": "B"}]},
		{"id": "grid", "type": "matrix", "title": "G", "rows": [{"id": "r", "label": "R"}], "columns": [{"id": "good", "label": "G"}, {"id": "bad", "label": "B"}]},
		{"id": "up", "type": "thumbs", "title": "U"}, {"id": "rank", "type": "ranking", "title": "K", "choices": [{"id": "x", "label": "X"}, {"id": "y", "label": "Y"}]},
		{"id": "text", "type": "text", "title": "T"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	s := NewSchema([]*survey.Definition{d})
	for answers, want := range map[string]map[string]string{
		`{}`:                               {},
		`{"0": 10}`:                        {"answer.0": "10"},
		`{"0": 0, "text": "hello"}`:        {"answer.0": "0"},
		`{"why": "null"}`:                  {"answer.why": "null"},
		`{"why": null, "0": null}`:         {},
		`{"why": "\u0061-b"}`:              {"answer.why": "a-b"},
		`{"likes": ["b", "a"]}`:            {"answer.likes": "a\x1fb"},
		`{"grid": {"r": "good"}}`:          {"answer.grid.r": "good"},
		`{"up": false}`:                    {"answer.up": "false"},
		`{"rank": ["y", "x"]}`:             {"answer.rank": "y"},
		`{"why.other": "x", "nothing": 1}`: {},
	} {
		row, err := s.Row(&store.Response{Answers: []byte(answers), Context: []byte(`{}`), State: survey.Partial, Version: 2, Channel: "web"})
		if err != nil {
			t.Fatal(err)
		}
		maps.Copy(want, map[string]string{"version": "2", "channel": "web", "outcome": "partial"})
		if diff := cmp.Diff(want, row.Values); diff != "" {
			t.Errorf("%s: %s", answers, diff)
		}
	}
}

// A damaged database is an error, never a panic, and never memory without end.
func FuzzRead(f *testing.F) {
	list, err := built([]map[string]string{{"page": "/a"}, {"page": "/b"}, {}}).Segments()
	if err != nil {
		f.Fatal(err)
	}
	for _, g := range list {
		f.Add(g.Column, g.N, g.Dict, g.Counts, g.Data, true)
		f.Add(g.Column, g.N, g.Dict, g.Counts, []byte{}, false)
	}
	f.Fuzz(func(t *testing.T, column string, n int, dict string, counts, data []byte, whole bool) {
		b := &Block{}
		if b.Read(&list[0], true, nil) != nil {
			t.Fatal("a sound segment was refused")
		}
		g := store.Segment{Column: column, Span: Day, N: n, Dict: dict, Counts: counts, Data: data}
		if b.Read(&g, whole, nil) != nil {
			return
		}
		for at := b.From; at < b.To; at += quarter {
			if n, known := b.Before(at); n < 0 || n > b.N || !known && whole {
				t.Errorf("%d of %d were born before %d", n, b.N, at)
			}
		}
		for name := range b.Rests {
			b.Narrow(name, func(string) bool { return true })
		}
		c := b.Column(column)
		for i := range b.N {
			_ = c.Code(i)
		}
		if len(c.Bytes(b.N)) != b.N || len(c.Dict) != len(c.Counts) {
			t.Errorf("%d bytes, %d values, %d counts", len(c.Bytes(b.N)), len(c.Dict), len(c.Counts))
		}
	})
}
