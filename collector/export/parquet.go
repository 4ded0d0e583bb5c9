package export

import (
	"encoding/json"
	"io"
	"reflect"
	"time"

	"github.com/parquet-go/parquet-go"
)

// What a row group holds at most: it is in memory until it is whole. A reader wants them large, to skip
// much at once, and each leaves some hundred bytes a column for the end of the file.
const (
	maxGroupRows  = 50_000
	maxGroupBytes = 16 << 20
	// pageBytes is what the pages under way of all columns have together, and smallestPage what one has of
	// it: with thousands of columns, the default of 256 KiB for each took gigabytes.
	pageBytes    = 4 << 20
	smallestPage = 1 << 10
)

// parquetEncoder writes every column as one that may be null, compressed with Snappy, which each reader
// has built in.
type parquetEncoder struct {
	out         *parquet.GenericWriter[any]
	columns     []Column
	values      []parquet.Row // one, made anew for each row
	rows, bytes int           // in this row group
}

func newParquet(w io.Writer, columns []Column) (encoder, error) {
	fields := make([]parquet.Field, len(columns))
	for i, c := range columns {
		fields[i] = &parquetField{parquet.Compressed(parquet.Optional(c.Kind.node()), &parquet.Snappy), c.Name}
	}
	out := parquet.NewGenericWriter[any](w, parquet.NewSchema("table", &parquetTable{fields: fields}),
		parquet.PageBufferSize(max(smallestPage, pageBytes/max(1, len(columns)))))
	return &parquetEncoder{out: out, columns: columns, values: []parquet.Row{make(parquet.Row, len(columns))}}, nil
}

func (k Kind) node() parquet.Node {
	switch k {
	case Integer:
		return parquet.Int(64)
	case Number:
		return parquet.Leaf(parquet.DoubleType)
	case Boolean:
		return parquet.Leaf(parquet.BooleanType)
	case Date:
		return parquet.Date()
	case Timestamp:
		return parquet.Timestamp(parquet.Millisecond)
	case JSON:
		return parquet.JSON()
	}
	return parquet.String()
}

func (e *parquetEncoder) row(cells Row) error {
	for i, v := range cells {
		value, there, size := parquet.NullValue(), 1, 8
		switch v := v.(type) {
		case nil:
			there, size = 0, 1
		case int64:
			value = parquet.Int64Value(v)
		case float64:
			value = parquet.DoubleValue(v)
		case bool:
			value, size = parquet.BooleanValue(v), 1
		case string:
			value, size = parquet.ByteArrayValue([]byte(v)), 8+len(v)
		case json.RawMessage:
			value, size = parquet.ByteArrayValue(v), 8+len(v)
		case time.Time:
			value = parquet.Int64Value(v.UnixMilli())
			if e.columns[i].Kind == Date {
				value = parquet.Int32Value(daysOf(v))
			}
		}
		e.values[0][i] = value.Level(0, there, i)
		e.bytes += size
	}
	if _, err := e.out.WriteRows(e.values); err != nil {
		return err
	}
	e.rows++
	if e.rows < maxGroupRows && e.bytes < maxGroupBytes {
		return nil
	}
	e.rows, e.bytes = 0, 0
	return e.out.Flush()
}

// daysOf counts the days from 1970 to a day.
func daysOf(t time.Time) int32 {
	year, month, day := t.Date()
	return int32(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60)) // whole days: exact before 1970 too
}

func (e *parquetEncoder) close() error { return e.out.Close() }

func (e *parquetEncoder) discard() {}

// parquetTable is the columns in their order: a parquet.Group has them by name.
type parquetTable struct {
	parquet.Group
	fields []parquet.Field
}

func (t *parquetTable) Fields() []parquet.Field { return t.fields }

type parquetField struct {
	parquet.Node
	name string
}

func (f *parquetField) Name() string { return f.name }

// Value is for rows that are Go structs, of which there are none here.
func (f *parquetField) Value(reflect.Value) reflect.Value { panic("a table has no Go type") }
