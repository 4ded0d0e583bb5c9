// Package export writes tables as CSV, NDJSON, XLSX and Parquet, row after row in constant memory, and
// knows what the table of a survey's responses is. It knows no HTTP and no SQL.
//
// A table is a list of columns and rows of as many cells. Any cell may be nil, which is null in every
// format: nothing between two commas of CSV (an empty text is "" in quotes), null in NDJSON, an empty
// cell in XLSX, a null in Parquet.
package export

import (
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"math"
	"strings"
	"time"
)

// Kind is the type of a column, and what its cells hold.
type Kind string

const (
	Text      Kind = "text"      // string
	Integer   Kind = "integer"   // int, int64
	Number    Kind = "number"    // float64, int, int64; NaN and infinities are null, which JSON and Excel have no other word for
	Boolean   Kind = "boolean"   // bool
	Date      Kind = "date"      // time.Time, of which the day counts
	Timestamp Kind = "timestamp" // time.Time, to the millisecond, written in UTC
	JSON      Kind = "json"      // json.RawMessage
)

// Column is one column of a table.
type Column struct {
	Name string // unique in the table, without a comma
	Kind Kind
}

// Row holds the cells of a row, one a column.
type Row []any

// Writer writes a table. After Close the table is whole; Discard lets go of one that will not be, and
// does nothing after Close.
type Writer struct {
	columns []Column
	cells   Row
	to      encoder
	over    bool
}

// encoder is what a format does. The cells of a row are string, int64, float64, bool, time.Time and
// json.RawMessage, by the kind of their column, or nil; they are the writer's again after the call.
type encoder interface {
	row(cells Row) error
	close() error
	discard()
}

// NewWriter begins a table; every format writes its columns, also where no row follows.
func NewWriter(format Format, w io.Writer, columns []Column) (*Writer, error) {
	if err := checkColumns(columns); err != nil {
		return nil, err
	}
	begin, ok := encoders[format]
	if !ok {
		return nil, fmt.Errorf("there is no format %q", format)
	}
	to, err := begin(w, columns)
	if err != nil {
		return nil, err
	}
	return &Writer{columns: columns, cells: make(Row, len(columns)), to: to}, nil
}

var encoders = map[Format]func(io.Writer, []Column) (encoder, error){
	CSV: newCSV, NDJSON: newNDJSON, XLSX: newXLSX, Parquet: newParquet,
}

func checkColumns(columns []Column) error {
	names := map[string]bool{}
	for _, c := range columns {
		if c.Name == "" || strings.Contains(c.Name, ",") || names[c.Name] { // parquet-go cannot name a field with a comma
			return fmt.Errorf("a column cannot be called %q: a name is unique, not empty, and has no comma", c.Name)
		}
		names[c.Name] = true
	}
	return nil
}

// Write adds a row.
func (w *Writer) Write(row Row) error {
	if len(row) != len(w.columns) {
		return fmt.Errorf("a row of %d cells in a table of %d columns", len(row), len(w.columns))
	}
	for i, v := range row {
		cell, ok := w.columns[i].Kind.cell(v)
		if !ok {
			return fmt.Errorf("column %s: %T is no %s", w.columns[i].Name, v, w.columns[i].Kind)
		}
		w.cells[i] = cell
	}
	return w.to.row(w.cells)
}

// Close writes what is left, the end of the table among it.
func (w *Writer) Close() error {
	if w.over {
		return nil
	}
	w.over = true
	return w.to.close()
}

// Discard lets go of a table that is not to be ended: no reader may take it for whole.
func (w *Writer) Discard() {
	if !w.over {
		w.over = true
		w.to.discard()
	}
}

// Copy writes a whole table. Where it fails, the table has no end.
func Copy(format Format, w io.Writer, columns []Column, rows iter.Seq2[Row, error]) error {
	out, err := NewWriter(format, w, columns)
	if err != nil {
		return err
	}
	defer out.Discard()
	for row, err := range rows {
		if err != nil {
			return err
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	return out.Close()
}

// cell is a value as encoders know it, and whether it is one of the kind.
func (k Kind) cell(v any) (any, bool) {
	if v == nil {
		return nil, true
	}
	if n, ok := v.(int); ok {
		v = int64(n)
	}
	ok := false
	switch k {
	case Text:
		_, ok = v.(string)
	case Integer:
		_, ok = v.(int64)
	case Number:
		if n, isInteger := v.(int64); isInteger {
			v = float64(n)
		}
		var n float64
		if n, ok = v.(float64); math.IsNaN(n) || math.IsInf(n, 0) {
			return nil, true
		}
	case Boolean:
		_, ok = v.(bool)
	case Date, Timestamp:
		_, ok = v.(time.Time)
	case JSON:
		_, ok = v.(json.RawMessage)
	}
	return v, ok
}

// asText is a cell as CSV and NDJSON write what is no number, boolean or JSON.
func (k Kind) asText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case time.Time:
		if k == Date {
			return v.Format(time.DateOnly)
		}
		return v.UTC().Format(timestampLayout)
	}
	panic(fmt.Sprintf("%T has passed for %s", v, k)) // cell lets none through
}

// timestampLayout is RFC 3339 with milliseconds, always so many digits: texts of it sort as their times.
const timestampLayout = "2006-01-02T15:04:05.000Z07:00"
