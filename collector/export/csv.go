package export

import (
	"bufio"
	"encoding/json"
	"io"
	"strconv"
	"strings"
)

// buffered is how much text is kept before it is sent on. What fails before is answered as an error.
const buffered = 64 << 10

// csvEncoder writes RFC 4180: commas, CR LF, quotes where they are needed, a first line of names. UTF-8
// without a byte order mark: Excel would want one to read its letters, but programs take it for a part of
// the first name; Excel has XLSX. encoding/csv is not used, for it cannot tell null from an empty text, and
// with CR LF rewrites the line breaks inside of texts.
type csvEncoder struct {
	out     *bufio.Writer
	columns []Column
}

func newCSV(w io.Writer, columns []Column) (encoder, error) {
	e := &csvEncoder{bufio.NewWriterSize(w, buffered), columns}
	for i, c := range columns {
		e.separate(i)
		e.text(c.Name)
	}
	return e, e.endLine()
}

func (e *csvEncoder) row(cells Row) error {
	for i, v := range cells {
		e.separate(i)
		switch v := v.(type) {
		case nil:
		case int64:
			e.write(strconv.FormatInt(v, 10))
		case float64:
			e.write(strconv.FormatFloat(v, 'f', -1, 64))
		case bool:
			e.write(strconv.FormatBool(v))
		case json.RawMessage:
			e.text(string(v))
		default:
			e.text(e.columns[i].Kind.asText(v))
		}
	}
	return e.endLine()
}

func (e *csvEncoder) separate(i int) {
	if i > 0 {
		e.write(",")
	}
}

// write leaves errors to endLine: a bufio.Writer keeps its first.
func (e *csvEncoder) write(s string) { _, _ = e.out.WriteString(s) }

func (e *csvEncoder) text(s string) {
	s = harmless(s)
	if s == "" || strings.ContainsAny(s, ",\"\r\n") || s[0] == ' ' || s[len(s)-1] == ' ' {
		s = `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
	}
	e.write(s)
}

func (e *csvEncoder) endLine() error {
	_, err := e.out.WriteString("\r\n")
	return err
}

func (e *csvEncoder) close() error { return e.out.Flush() }

func (e *csvEncoder) discard() {}

// harmless puts a ' before a text that a spreadsheet would take for a formula, for anyone may write one
// into an answer: those that begin with = + - @ tab, CR or LF. One that begins so behind its own ' gets
// another, so that whoever takes one off again has what was written.
func harmless(s string) string {
	if behind := strings.TrimLeft(s, "'"); behind != "" && strings.IndexByte("=+-@\t\r\n", behind[0]) >= 0 {
		return "'" + s
	}
	return s
}
