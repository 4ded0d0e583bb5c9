package export

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"strconv"
)

// ndjsonEncoder writes an object a line, flat, with the names of the columns; each line has all of them,
// so that a reader that looks at the first lines alone knows every column.
type ndjsonEncoder struct {
	out     *bufio.Writer
	columns []Column
	names   [][]byte // as JSON, with what stands before and behind them
	value   bytes.Buffer
	encode  *json.Encoder
}

func newNDJSON(w io.Writer, columns []Column) (encoder, error) {
	e := &ndjsonEncoder{out: bufio.NewWriterSize(w, buffered), columns: columns}
	e.encode = json.NewEncoder(&e.value)
	e.encode.SetEscapeHTML(false)
	before := byte('{')
	for _, c := range columns {
		name, err := json.Marshal(c.Name)
		if err != nil {
			return nil, err
		}
		e.names = append(e.names, append(append([]byte{before}, name...), ':'))
		before = ','
	}
	return e, nil
}

func (e *ndjsonEncoder) row(cells Row) error {
	for i, v := range cells {
		_, _ = e.out.Write(e.names[i])
		switch v := v.(type) {
		case nil:
			_, _ = e.out.WriteString("null")
		case int64:
			_, _ = e.out.WriteString(strconv.FormatInt(v, 10))
		case bool:
			_, _ = e.out.WriteString(strconv.FormatBool(v))
		case float64, json.RawMessage:
			if err := e.json(v); err != nil {
				return err
			}
		default:
			if err := e.json(e.columns[i].Kind.asText(v)); err != nil {
				return err
			}
		}
	}
	_, err := e.out.WriteString("}\n")
	return err
}

// json writes a value in one line.
func (e *ndjsonEncoder) json(v any) error {
	e.value.Reset()
	if err := e.encode.Encode(v); err != nil {
		return err
	}
	_, err := e.out.Write(bytes.TrimSuffix(e.value.Bytes(), []byte("\n")))
	return err
}

func (e *ndjsonEncoder) close() error { return e.out.Flush() }

func (e *ndjsonEncoder) discard() {}
