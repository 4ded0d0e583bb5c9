package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"

	"github.com/askwell/askwell/collector/export"
	"github.com/askwell/askwell/collector/survey"
)

// Form is the part of an operation's input that says in which form the answer is wanted: JSON, or a table.
type Form struct {
	Format string `query:"format" enum:"json,csv,ndjson,xlsx,parquet" doc:"The form of the answer, whatever Accept says"`
	Accept string `header:"Accept" hidden:"true"` // OpenAPI tells it by the answer's media types
}

// asJSON is the form that is no table.
const asJSON export.Format = ""

// choose returns the form that is wanted; JSON where the client does not mind.
func (f Form) choose() (export.Format, error) {
	switch f.Format {
	case "":
		return accepted(f.Accept)
	case "json":
		return asJSON, nil
	}
	return export.Format(f.Format), nil
}

// accepted is the form that an Accept header likes best, the first of equals; ours is the order where it names a range.
func accepted(accept string) (export.Format, error) {
	if strings.TrimSpace(accept) == "" {
		return asJSON, nil
	}
	best, liked := asJSON, 0.0
	for part := range strings.SplitSeq(accept, ",") {
		mediaType, params, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		q := 1.0
		if given, ok := params["q"]; ok {
			q, _ = strconv.ParseFloat(given, 64) // what is no number is 0: not wanted
		}
		if f, ok := formOf(mediaType); ok && q > liked {
			best, liked = f, q
		}
	}
	if liked == 0 {
		return "", survey.Errorf(notAcceptable, "the answer can be %s; or say ?format=", strings.Join(mediaTypes(), ", "))
	}
	return best, nil
}

// formOf is the first form that a media type or range names.
func formOf(mediaType string) (export.Format, bool) {
	for _, f := range append([]export.Format{asJSON}, export.Formats...) {
		is := mediaTypeOf(f)
		if group, ok := strings.CutSuffix(mediaType, "/*"); mediaType == is || ok && (group == "*" || strings.HasPrefix(is, group+"/")) {
			return f, true
		}
	}
	return "", false
}

func mediaTypeOf(f export.Format) string {
	if f == asJSON {
		return "application/json"
	}
	return f.MediaType()
}

func mediaTypes() []string {
	types := []string{mediaTypeOf(asJSON)}
	for _, f := range export.Formats {
		types = append(types, f.MediaType())
	}
	return types
}

// formed is an answer in one of the forms. Its operation says so with formedAnswers.
type formed struct {
	Body func(huma.Context)
}

// formedAnswers are the answers of an operation that returns formed: JSON of a type, or a table.
func formedAnswers[T any](a *api, description string) map[string]*huma.Response {
	content := map[string]*huma.MediaType{mediaTypeOf(asJSON): {Schema: schemaOf[T](a.huma.OpenAPI())}}
	for _, f := range export.Formats {
		content[f.MediaType()] = &huma.MediaType{Schema: tableSchemas[f]}
	}
	return map[string]*huma.Response{statusKey(http.StatusOK): {Description: description, Content: content}}
}

// tableSchemas say what a table is in each format.
var tableSchemas = map[export.Format]*huma.Schema{
	export.CSV: text("RFC 4180, UTF-8 without a byte order mark: a first line of names, and a line a row. Nothing between two commas is null, and `\"\"` an empty text. " +
		"A text that begins with `=`, `+`, `-`, `@`, a tab or a line break, also behind `'`, has a `'` in front, so that no spreadsheet takes it for a formula"),
	export.NDJSON: text("An object a line, flat, with the same names in each"),
	export.XLSX: {Type: huma.TypeString, Format: "binary", Description: "Excel: dates, numbers and booleans as such, times in UTC. " +
		"What is more than 1,048,575 rows goes on in further sheets. It is sent once the last row is read"},
	export.Parquet: {Type: huma.TypeString, Format: "binary", Description: "Apache Parquet, compressed with Snappy; every column may be null"},
}

// writeJSON answers with JSON.
func (a *api) writeJSON(body any) *formed {
	return &formed{func(ctx huma.Context) {
		var data bytes.Buffer
		encode := json.NewEncoder(&data)
		encode.SetEscapeHTML(false) // as all other answers are
		if err := encode.Encode(body); err != nil {
			a.refuse(ctx, err)
			return
		}
		ctx.SetHeader("Content-Type", mediaTypeOf(asJSON))
		ctx.SetHeader("Vary", "Accept")
		ctx.SetStatus(http.StatusOK)
		if _, err := ctx.BodyWriter().Write(data.Bytes()); err != nil {
			a.Log.Debug("cannot write an answer", "error", err)
		}
	}}
}

// writeTable answers with a table, row after row as they come; name is what a browser calls the file, up to
// the dot. What fails before anything was sent is an error as all others. What fails later breaks the
// connection off, so that no client takes the part that it has for the whole.
func (a *api) writeTable(format export.Format, name string, columns []export.Column, rows iter.Seq2[export.Row, error]) *formed {
	return &formed{func(ctx huma.Context) {
		if format == export.XLSX {
			if !a.workbooks.Enter("") {
				a.refuse(ctx, &survey.Error{Code: survey.Unavailable, RetryAfter: workbookWait,
					Message: fmt.Sprintf("%d workbooks are being written, as many as may be at once: try again, or take another format, which needs no room", maxWorkbooks)})
				return
			}
			defer a.workbooks.Leave("")
		}
		to := &download{ctx: ctx, format: format, name: name, wait: http.NewResponseController(humaecho.Unwrap(ctx).Response())}
		err := export.Copy(format, to, columns, to.keepOpen(rows))
		switch {
		case err == nil:
		case !to.begun:
			a.refuse(ctx, err)
		default:
			if ctx.Context().Err() == nil && !errors.Is(err, to.failed) {
				a.Log.ErrorContext(ctx.Context(), "a download was broken off", "error", a.Store.Explain(err))
			}
			panic(http.ErrAbortHandler)
		}
	}}
}

// A workbook lies on the disk until its last row is known, and takes ten times the work of CSV: a few
// at once leave the collector room for what pages send.
const (
	maxWorkbooks = 4
	workbookWait = 15 * time.Second
)

// download sends a table to a client. The headers go with the first byte of it.
type download struct {
	ctx    huma.Context
	format export.Format
	name   string
	wait   *http.ResponseController
	begun  bool
	failed error // of the connection
}

// tableTimeout is how long a client may take to read what was sent last. The server's own time limit is
// for a whole answer, and a download is as long as its table.
const tableTimeout = time.Minute

func (d *download) Write(p []byte) (int, error) {
	if !d.begun {
		d.begun = true
		d.ctx.SetHeader("Content-Type", d.format.ContentType())
		d.ctx.SetHeader("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": d.name + "." + string(d.format)}))
		d.ctx.SetHeader("Vary", "Accept")
		d.ctx.SetStatus(http.StatusOK)
	}
	d.extend()
	n, err := d.ctx.BodyWriter().Write(p)
	if err != nil {
		d.failed = err
	}
	return n, err
}

// extend gives the client its time anew. An error would be of a connection that has no time limit.
func (d *download) extend() { _ = d.wait.SetWriteDeadline(time.Now().Add(tableTimeout)) }

// keepOpen extends the time while rows are read and nothing is sent yet, as with XLSX. A nil row is none: it
// says that some were read of which nothing is wanted.
func (d *download) keepOpen(rows iter.Seq2[export.Row, error]) iter.Seq2[export.Row, error] {
	return func(yield func(export.Row, error) bool) {
		const often = 1000
		n := 0
		for row, err := range rows {
			if n++; n%often == 0 || row == nil {
				d.extend()
			}
			if (row != nil || err != nil) && !yield(row, err) {
				return
			}
		}
	}
}
