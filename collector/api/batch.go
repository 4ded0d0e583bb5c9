package api

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"github.com/askwell/askwell/collector/catalog"
	"github.com/askwell/askwell/collector/store"
	"github.com/askwell/askwell/collector/survey"
)

// Limits of what a page may send at once.
const (
	maxBody  = 64 << 10 // what browsers let a page send while it is left (keepalive)
	maxItems = 50
	maxDepth = 8
)

// batch is the body of POST /w/{site}.
type batch struct {
	SentAt    int64             `json:"sent_at" doc:"By the page's clock: times are corrected by how it differs from the collector's"`
	Responses []survey.Response `json:"responses" maxItems:"50"`
}

// receipt is the answer: what is on disk, and what never will be.
type receipt struct {
	Accepted []string    `json:"accepted" doc:"Ids that are stored; the page may forget them"`
	Rejected []rejection `json:"rejected" doc:"Sending these again would not help"`
}

type rejection struct {
	ID      string           `json:"id"`
	Problem *huma.ErrorModel `json:"problem"`
}

// postBatch takes what a page has to send. It answers only after what it accepted is on disk.
func (a *api) postBatch(c echo.Context) error {
	site, err := a.Catalog.Site(c.Param("site"))
	if err != nil {
		return err
	}
	r := c.Request()
	if origin := r.Header.Get("Origin"); !site.Allows(origin) {
		a.Metrics.refused("origin", 1)
		return survey.Errorf(survey.Forbidden, "the origin %q is not one of site %q", origin, site.ID)
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.Response(), r.Body, maxBody))
	if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
		return err
	}
	if err != nil { // a phone that lost its network, or a client that stalls
		return survey.Errorf(survey.Malformed, "the body ended early")
	}
	sent, err := decodeBatch(body)
	if err != nil {
		return err
	}
	reply, err := a.accept(c, site, sent)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, reply)
}

// accept checks each response by itself, so that a bad one spoils no other, and stores the good.
func (a *api) accept(c echo.Context, site *catalog.Site, sent *decoded) (*receipt, error) {
	ctx, received := c.Request().Context(), a.Now()
	reply := &receipt{Accepted: []string{}, Rejected: []rejection{}}
	reject := func(id string, err *survey.Error) {
		a.Metrics.refused(string(err.Code), 1)
		reply.Rejected = append(reply.Rejected, rejection{id, a.problem(ctx, err)})
	}
	rows := make([]store.Response, 0, len(sent.items))
	for _, item := range sent.items {
		if item.err != nil {
			reject(item.response.ID, item.err)
			continue
		}
		d, unknown := site.Version(item.response.Survey, item.response.Version)
		if unknown != nil {
			reject(item.response.ID, unknown)
			continue
		}
		if problems := item.response.Check(d); len(problems) > 0 {
			reject(item.response.ID, &survey.Error{Code: survey.Invalid, Message: "the response is not valid", Problems: problems})
			continue
		}
		rows = append(rows, newRow(site.ID, &item.response, sent.sentAt, received))
	}
	if len(rows) == 0 {
		return reply, nil
	}
	errs, err := a.Ingest.Write(ctx, rows)
	if err != nil {
		if !errors.Is(err, context.Canceled) { // the client left, and what it sent is stored all the same
			a.Metrics.refused("busy", len(rows))
		}
		return nil, err
	}
	for i, err := range errs {
		var domain *survey.Error
		switch {
		case err == nil:
			reply.Accepted = append(reply.Accepted, rows[i].ID)
		case errors.As(err, &domain):
			reject(rows[i].ID, domain)
		default:
			// Not on disk, and not the page's fault: it keeps them all and tries again. Those that
			// were stored are told apart by their ids.
			a.Log.ErrorContext(ctx, "cannot store responses", "id", requestID(ctx), "error", err)
			a.Metrics.refused("store", len(rows))
			return nil, survey.Errorf(survey.Unavailable, "cannot store now, try again")
		}
	}
	a.Metrics.accepted(len(reply.Accepted))
	return reply, nil
}

// decoded is a batch after reading: items that could not be read stand with their error.
type decoded struct {
	sentAt int64
	items  []item
}

type item struct {
	response survey.Response
	err      *survey.Error
}

// decodeBatch reads a body in one pass, and item by item only where one of them does not fit.
func decodeBatch(body []byte) (*decoded, error) {
	if !utf8.Valid(body) {
		return nil, survey.Errorf(survey.Malformed, "the body is not UTF-8")
	}
	if d := depth(body); d > maxDepth {
		return nil, survey.Errorf(survey.Malformed, "the body nests %d deep, at most %d is allowed", d, maxDepth)
	}
	var b batch
	var wrong *json.UnmarshalTypeError
	err := json.Unmarshal(body, &b)
	switch {
	case err == nil:
		if err := checkCount(len(b.Responses)); err != nil {
			return nil, err
		}
		out := &decoded{sentAt: b.SentAt, items: make([]item, len(b.Responses))}
		for i, r := range b.Responses {
			out.items[i].response = r
		}
		return out, nil
	case !errors.As(err, &wrong):
		return nil, survey.Errorf(survey.Malformed, "the body is not JSON: %v", err)
	}
	return decodeItems(body)
}

func decodeItems(body []byte) (*decoded, error) {
	var b struct {
		SentAt    int64             `json:"sent_at"`
		Responses []json.RawMessage `json:"responses"`
	}
	if err := json.Unmarshal(body, &b); err != nil {
		return nil, survey.Errorf(survey.Malformed, "the body is not a batch: {\"sent_at\": milliseconds, \"responses\": […]}")
	}
	if err := checkCount(len(b.Responses)); err != nil {
		return nil, err
	}
	out := &decoded{sentAt: b.SentAt, items: make([]item, len(b.Responses))}
	for i, raw := range b.Responses {
		if err := json.Unmarshal(raw, &out.items[i].response); err != nil {
			out.items[i].err = &survey.Error{Code: survey.Invalid, Message: "the response is not valid", Problems: []survey.Problem{mismatch(err)}}
		}
	}
	return out, nil
}

// mismatch says where a value has the wrong type.
func mismatch(err error) survey.Problem {
	var wrong *json.UnmarshalTypeError
	if !errors.As(err, &wrong) {
		return survey.Problem{Message: err.Error()}
	}
	return survey.Problem{Location: wrong.Field, Message: "expected " + jsonType(wrong.Type) + ", not " + wrong.Value}
}

func checkCount(n int) error {
	if n > maxItems {
		return survey.Errorf(survey.TooLarge, "the batch has %d responses, at most %d are allowed", n, maxItems)
	}
	return nil
}

// depth is how deep objects and lists nest; brackets in strings do not count.
func depth(body []byte) (deepest int) {
	level, inString := 0, false
	for i := 0; i < len(body); i++ {
		switch b := body[i]; {
		case inString && b == '\\':
			i++
		case b == '"':
			inString = !inString
		case inString:
		case b == '{' || b == '[':
			level++
			deepest = max(deepest, level)
		case b == '}' || b == ']':
			level--
		}
	}
	return deepest
}

func newRow(site string, r *survey.Response, sentAt int64, received time.Time) store.Response {
	class := survey.ClassLive
	if r.Test {
		class = survey.ClassTest
	}
	born := survey.Born(received, sentAt, r.ShownAt)
	row := store.Response{
		Site: site, Survey: r.Survey, At: born, ID: r.ID, Version: r.Version, Seq: r.Seq,
		State: r.State, Class: class, Channel: "web", Visitor: r.Visitor, User: r.User, Answers: answersJSON(r.Answers),
	}
	if r.DismissedAt > 0 {
		at := survey.Born(received, sentAt, r.DismissedAt)
		row.DismissedAt = &at
	}
	about := store.Context{Language: r.Language, Trigger: r.Trigger, Page: r.Page, Cart: r.Cart, Traits: r.Traits}
	if r.CompletedAt > r.ShownAt {
		about.TookMS = r.CompletedAt - r.ShownAt
	}
	row.Context, _ = json.Marshal(about) // strings, numbers and booleans: they were checked
	return row
}

// answersJSON writes the answers by question id, in the order of the ids.
func answersJSON(answers map[string]json.RawMessage) json.RawMessage {
	out := []byte{'{'}
	for _, id := range slices.Sorted(maps.Keys(answers)) {
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(append(append(append(out, '"'), id...), '"', ':'), answers[id]...) // ids are slugs: nothing to escape
	}
	return append(out, '}')
}

// jsonType is what JSON calls a Go type.
func jsonType(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "boolean"
	case reflect.Int, reflect.Int64:
		return "a whole number"
	case reflect.Float64:
		return "number"
	case reflect.Slice:
		return "list"
	}
	return "object"
}
