package api

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/labstack/echo/v4"

	"github.com/askwell/askwell/collector/export"
	"github.com/askwell/askwell/collector/limit"
)

// patient counts how often its client was given more time.
type patient struct {
	*httptest.ResponseRecorder
	extended int
}

func (p *patient) SetWriteDeadline(time.Time) error {
	p.extended++
	return nil
}

// Of millions of responses a filter may keep none for minutes: the connection must outlast that.
func TestADownloadStaysOpenWhileNothingIsFound(t *testing.T) {
	failed := errors.New("failed")
	var rows iter.Seq2[export.Row, error] = func(yield func(export.Row, error) bool) {
		for _, row := range []export.Row{nil, nil, {"a"}, nil} {
			if !yield(row, nil) {
				return
			}
		}
		yield(nil, failed)
	}
	client := &patient{ResponseRecorder: httptest.NewRecorder()}
	d := &download{wait: http.NewResponseController(client)}
	var got []export.Row
	var err error
	for row, problem := range d.keepOpen(rows) {
		if err = problem; err == nil {
			got = append(got, row)
		}
	}
	if !slices.EqualFunc(got, []export.Row{{"a"}}, slices.Equal) || !errors.Is(err, failed) {
		t.Errorf("rows %v, error %v", got, err)
	}
	if client.extended < 3 {
		t.Errorf("the client was given more time %d times", client.extended)
	}
}

// A workbook is on the disk until its last row is known: who asks for one more than there may be waits for none.
func TestWorkbooksAreWrittenAFewAtOnce(t *testing.T) {
	a := &api{workbooks: limit.NewInFlight(1, 1)}
	began, end := make(chan struct{}, 1), make(chan struct{})
	e := echo.New()
	huma.Register(humaecho.New(e, huma.DefaultConfig("test", "1")), huma.Operation{OperationID: "table", Method: http.MethodGet, Path: "/{format}"},
		func(_ context.Context, in *struct {
			Format string `path:"format"`
		}) (*formed, error) {
			return a.writeTable(export.Format(in.Format), "table", []export.Column{{Name: "a", Kind: export.Text}}, func(yield func(export.Row, error) bool) {
				if export.Format(in.Format) == export.XLSX {
					began <- struct{}{}
					<-end
				}
				yield(export.Row{"x"}, nil)
			}), nil
		})
	get := func(format string) *httptest.ResponseRecorder {
		answer := httptest.NewRecorder()
		e.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/"+format, nil))
		return answer
	}
	first := make(chan int)
	go func() { first <- get("xlsx").Code }()
	<-began
	if busy := get("xlsx"); busy.Code != http.StatusServiceUnavailable || busy.Header().Get("Retry-After") != "15" {
		t.Errorf("a second one: %d, %v, %s", busy.Code, busy.Header(), busy.Body)
	}
	if other := get("csv"); other.Code != http.StatusOK {
		t.Errorf("CSV, which needs no room: %d", other.Code)
	}
	close(end)
	if code := <-first; code != http.StatusOK {
		t.Errorf("the first one: %d", code)
	}
	if again := get("xlsx"); again.Code != http.StatusOK {
		t.Errorf("once there is room again: %d", again.Code)
	}
}
