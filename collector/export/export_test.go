package export

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

var oneOfEach = []Column{{"z.text", Text}, {"integer", Integer}, {"number", Number}, {"boolean", Boolean}, {"date", Date}, {"timestamp", Timestamp}, {"a json", JSON}}

func rowsOf(rows ...Row) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

func write(t testing.TB, format Format, columns []Column, rows ...Row) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Copy(format, &out, columns, rowsOf(rows...)); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

var (
	inWarsaw = time.FixedZone("CET", 3600)
	full     = Row{"a, \"b\"\r\nc\nd\re ż🙂", -3, 0.1, true, time.Date(1969, 2, 3, 0, 0, 0, 0, time.UTC), time.Date(2026, 1, 1, 0, 30, 0, 0, inWarsaw), json.RawMessage("{\"a\": [1,\n2]}")}
	nothing  = make(Row, len(oneOfEach))
	edges    = Row{"", int64(math.MaxInt32), math.NaN(), false, time.Date(1850, 1, 1, 0, 0, 0, 0, time.UTC), noon, json.RawMessage(`"=1"`)}
)

func TestCSV(t *testing.T) {
	want := "z.text,integer,number,boolean,date,timestamp,a json\r\n" +
		"\"a, \"\"b\"\"\r\nc\nd\re ż🙂\",-3,0.1,true,1969-02-03,2025-12-31T23:30:00.000Z,\"{\"\"a\"\": [1,\n2]}\"\r\n" +
		",,,,,,\r\n" +
		"\"\",2147483647,,false,1850-01-01,2026-11-21T12:00:00.005Z,\"\"\"=1\"\"\"\r\n"
	if diff := cmp.Diff(want, string(write(t, CSV, oneOfEach, full, nothing, edges))); diff != "" {
		t.Error(diff)
	}
}

func TestCSVHasNoFormulas(t *testing.T) {
	for text, want := range map[string]string{
		"=1+1": "'=1+1", "+420 1": "'+420 1", "-1": "'-1", "@x": "'@x", "\t=1": "'\t=1", "\r=1": "'\r=1", "\n=1": "'\n=1",
		"'=1": "''=1", "''@": "'''@", "'tis": "'tis", "'": "'", "": "", "a=1": "a=1", " =1": " =1",
	} {
		if got := harmless(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
	if got := string(write(t, CSV, []Column{{"=n", Text}, {"n", Number}}, Row{"-1", -1.5})); got != "'=n,n\r\n'-1,-1.5\r\n" {
		t.Errorf("%q", got)
	}
}

// What was written can be had back: quoting by the standard library's reader, formulas by one rule.
func TestCSVLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.StringOfN(rapid.RuneFrom([]rune("'=+-@\t ,\"\nab")), 0, 8, -1).Draw(t, "text")
		var out bytes.Buffer
		if err := Copy(CSV, &out, []Column{{"a", Text}, {"b", Text}}, rowsOf(Row{want, "x"})); err != nil {
			t.Fatal(err)
		}
		records, err := csv.NewReader(&out).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		got := records[1][0]
		if behind := strings.TrimLeft(got, "'"); behind != got && behind != "" && strings.ContainsAny(behind[:1], "=+-@\t\r\n") {
			got = got[1:]
		}
		if got != want {
			t.Fatalf("%q became %q", want, records[1][0])
		}
	})
}

func TestNDJSON(t *testing.T) {
	want := `{"z.text":"a, \"b\"\r\nc\nd\re ż🙂","integer":-3,"number":0.1,"boolean":true,"date":"1969-02-03","timestamp":"2025-12-31T23:30:00.000Z","a json":{"a":[1,2]}}
{"z.text":null,"integer":null,"number":null,"boolean":null,"date":null,"timestamp":null,"a json":null}
{"z.text":"","integer":2147483647,"number":null,"boolean":false,"date":"1850-01-01","timestamp":"2026-11-21T12:00:00.005Z","a json":"=1"}
`
	if diff := cmp.Diff(want, string(write(t, NDJSON, oneOfEach, full, nothing, edges))); diff != "" {
		t.Error(diff)
	}
}

func TestParquetKeepsTheOrderOfColumnsAndBoundsItsGroups(t *testing.T) {
	var rows []Row
	for i := range maxGroupRows + 1 {
		rows = append(rows, append(Row{fmt.Sprint(i)}, full[1:]...))
	}
	data := write(t, Parquet, oneOfEach, rows...)
	file, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, c := range file.Root().Columns() {
		names = append(names, c.Name())
	}
	if diff := cmp.Diff([]string{"z.text", "integer", "number", "boolean", "date", "timestamp", "a json"}, names); diff != "" {
		t.Error(diff)
	}
	if n := len(file.RowGroups()); n != 2 || file.NumRows() != maxGroupRows+1 {
		t.Errorf("%d rows in %d groups", file.NumRows(), n)
	}
	// Rows that are large end a group too.
	large := strings.Repeat("x", maxGroupBytes/4)
	data = write(t, Parquet, oneOfEach[:1], Row{large}, Row{large}, Row{large}, Row{large}, Row{large})
	if file, err = parquet.OpenFile(bytes.NewReader(data), int64(len(data))); err != nil || len(file.RowGroups()) != 2 {
		t.Error(err, "groups of large rows")
	}
}

func TestXLSXGoesOnInFurtherSheets(t *testing.T) {
	var out bytes.Buffer
	w, err := NewWriter(XLSX, &out, []Column{{"n", Integer}, {"t", Text}})
	if err != nil {
		t.Fatal(err)
	}
	w.to.(*xlsxEncoder).most.rows = 3 // the header and two
	for i := range 5 {
		if err := w.Write(Row{i, "=1+1"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	file, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][][]string{}
	for _, sheet := range file.GetSheetList() {
		if got[sheet], err = file.GetRows(sheet); err != nil {
			t.Fatal(err)
		}
	}
	want := map[string][][]string{
		"data":   {{"n", "t"}, {"0", "=1+1"}, {"1", "=1+1"}},
		"data 2": {{"n", "t"}, {"2", "=1+1"}, {"3", "=1+1"}},
		"data 3": {{"n", "t"}, {"4", "=1+1"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if formula, _ := file.GetCellFormula("data", "B2"); formula != "" {
		t.Errorf("a text became the formula %s", formula)
	}
}

func TestATableWithoutRowsHasItsColumns(t *testing.T) {
	for _, format := range []Format{CSV, XLSX, Parquet} {
		if data := write(t, format, oneOfEach); len(data) == 0 {
			t.Errorf("%s is empty", format)
		}
	}
	for _, format := range Formats {
		write(t, format, nil)
	}
}

func TestWhatIsNoTableIsRefused(t *testing.T) {
	for _, format := range Formats {
		for name, columns := range map[string][]Column{"twice": {{"a", Text}, {"a", Text}}, "comma": {{"a,b", Text}}, "empty": {{"", Text}}} {
			if _, err := NewWriter(format, io.Discard, columns); err == nil {
				t.Errorf("%s takes a name: %s", format, name)
			}
		}
		for _, row := range []Row{{"1"}, {}, {1, 2}, {1.5}, {noon}, {json.RawMessage("1")}} {
			if err := Copy(format, io.Discard, []Column{{"a", Integer}}, rowsOf(row)); err == nil {
				t.Errorf("%s takes %v for an integer", format, row)
			}
		}
	}
	if _, err := NewWriter("pdf", io.Discard, nil); err == nil {
		t.Error("takes any format")
	}
	if _, err := NewWriter(XLSX, io.Discard, manyColumns(maxSheetColumns+1)); err == nil {
		t.Error("a sheet of any width")
	}
}

// A table that fails has no end, and leaves nothing on the disk.
func TestFailuresLeaveNothingBehind(t *testing.T) {
	failed := errors.New("failed")
	for _, format := range Formats {
		t.Run(string(format), func(t *testing.T) {
			t.Setenv("TMPDIR", t.TempDir())
			var out bytes.Buffer
			err := Copy(format, &out, oneOfEach, func(yield func(Row, error) bool) {
				if yield(full, nil) {
					yield(nil, failed)
				}
			})
			if !errors.Is(err, failed) {
				t.Error(err)
			}
			whole := write(t, format, oneOfEach, full)
			if out.Len() >= len(whole) {
				t.Error("it looks whole")
			}
			if err := Copy(format, failing{failed}, oneOfEach, rowsOf(full)); !errors.Is(err, failed) {
				t.Error("writing:", err)
			}
			left, err := os.ReadDir(os.TempDir())
			if err != nil || len(left) > 0 {
				t.Errorf("left %v, %v", left, err)
			}
		})
	}
}

func TestXLSXWithoutAPlaceForItsFilesFailsAtOnce(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir()+"/none")
	if _, err := NewWriter(XLSX, io.Discard, oneOfEach); err == nil {
		t.Error("it would keep everything in memory")
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func manyColumns(n int) []Column {
	columns := make([]Column, n)
	for i := range columns {
		columns[i] = Column{fmt.Sprintf("c%d", i), Boolean}
	}
	return columns
}
