package export

import (
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"github.com/askwell/askwell/collector/survey"
)

// A table of any length takes the same memory: what is alive on the heap is looked at several times while it is written.
func TestMemoryDoesNotGrowWithTheTable(t *testing.T) {
	rows := 200_000
	if testing.Short() || raceDetector {
		rows = 40_000
	}
	table := tableOf(t, "en", parse(t, `{"id": "s", "name": "S", "languages": ["en"], "questions": [{"id": "nps", "type": "nps", "title": "N"}, {"id": "why", "type": "text", "title": "W"},
		{"id": "liked", "type": "multi_choice", "title": "L", "choices": [{"id": "price", "label": "Price"}, {"id": "service", "label": "Service"}]}]}`))
	for format, most := range map[Format]uint64{CSV: 2 << 20, NDJSON: 2 << 20, XLSX: 48 << 20, Parquet: 32 << 20} {
		t.Run(string(format), func(t *testing.T) {
			peak, written := peakOf(t, format, table.Columns(), rows, func(i int) Row {
				row, err := table.Row(synthetic(i))
				if err != nil {
					t.Fatal(err)
				}
				return row
			})
			t.Logf("%d rows, %d MB, %d KB alive at most", rows, written>>20, peak>>10)
			if peak > most {
				t.Errorf("%d MB are alive at once, at most %d MB may be", peak>>20, most>>20)
			}
		})
	}
}

// Ten questions of a hundred choices each. parquet-go has some 45 KB for every column, whatever its pages may have.
func TestMemoryDoesNotGrowWithManyColumns(t *testing.T) {
	row := make(Row, 1000)
	for i := range row {
		row[i] = i%3 == 0
	}
	for format, most := range map[Format]uint64{CSV: 8 << 20, NDJSON: 8 << 20, XLSX: 64 << 20, Parquet: 96 << 20} {
		peak, _ := peakOf(t, format, manyColumns(len(row)), 600, func(int) Row { return row })
		t.Logf("%s: %d MB alive at most", format, peak>>20)
		if peak > most {
			t.Errorf("%s: %d MB are alive at once, at most %d MB may be", format, peak>>20, most>>20)
		}
	}
}

// peakOf writes a table, and returns by how much what is alive on the heap was more than before.
func peakOf(t *testing.T, format Format, columns []Column, rows int, row func(int) Row) (peak uint64, written int64) {
	t.Helper()
	t.Setenv("TMPDIR", t.TempDir())
	defer debug.SetGCPercent(debug.SetGCPercent(50))
	runtime.GC() // twice, for what is in pools
	before := alive()
	every := max(1, rows/9) // not where a row group ends
	to := &counter{}
	err := Copy(format, to, columns, func(yield func(Row, error) bool) {
		for i := range rows {
			if !yield(row(i), nil) {
				return
			}
			if i%every == every-1 {
				peak = max(peak, alive())
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return max(peak, to.peak, before) - before, to.n
}

// counter looks at the heap now and then too: XLSX is sent after its last row.
type counter struct {
	n, looked int64
	peak      uint64
}

func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	if c.n-c.looked > 8<<20 {
		c.looked, c.peak = c.n, max(c.peak, alive())
	}
	return io.Discard.Write(p)
}

// alive is what the heap holds that is still in use.
func alive() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// synthetic is a response, none like another.
func synthetic(i int) *Response {
	return &Response{
		ID: fmt.Sprintf("0197c5c0-0000-7000-8000-%012d", i), Survey: "s", Version: 1, State: survey.Completed, Class: survey.ClassLive, Channel: "web",
		At: noon.Add(-time.Duration(i) * time.Second), TookMS: int64(i), Visitor: fmt.Sprint("v", i), Language: "en", Device: "mobile", Browser: "Chrome", System: "Android",
		Page: &survey.Page{URL: fmt.Sprintf("https://shop.example/checkout/%d", i)}, Cart: &survey.Cart{Value: float64(i) / 100, Currency: "EUR", Items: 1},
		Traits: map[string]any{"plan": "pro"},
		Answers: map[string]json.RawMessage{
			"nps": json.RawMessage(fmt.Sprint(i % 11)), "why": json.RawMessage(fmt.Sprintf(`"Because of %d, and more that one may write in a sentence or two."`, i)),
			"liked": json.RawMessage(`["price"]`),
		},
	}
}
