package api

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/askwell/askwell/collector/store"
	"github.com/askwell/askwell/collector/survey"
)

// errorTypes maps what went wrong to HTTP. It is the only place that does, and what the docs list.
var errorTypes = []errorType{
	{survey.Malformed, http.StatusBadRequest, "The request could not be read: broken JSON, bytes that are not UTF-8, nested too deep."},
	{survey.NoKey, http.StatusUnauthorized, "No API key, or one that is not known or was revoked."},
	{survey.Forbidden, http.StatusForbidden, "The key's scope or site does not allow this; or a page's origin is not one of the site's, or a preview link is not good (any more)."},
	{survey.NotFound, http.StatusNotFound, "There is no such site, survey, version, key or file."},
	{"method_not_allowed", http.StatusMethodNotAllowed, "The path is there, but not for this method."},
	{notAcceptable, http.StatusNotAcceptable, "The answer cannot be written in a form that Accept allows."},
	{timeout, http.StatusRequestTimeout, "The request took too long to arrive."},
	{survey.Conflict, http.StatusConflict, "It contradicts what is stored: an id that belongs to another response, a survey never published; or the site is not made for it: a cookie that no browser would take."},
	{survey.Erased, http.StatusGone, "The response was erased; its id is refused for 31 days."},
	{survey.Stale, http.StatusPreconditionFailed, "Someone else changed it in between: read it again, and send the new ETag in If-Match."},
	{survey.TooLarge, http.StatusRequestEntityTooLarge, "Over a limit on size or number; the message says which."},
	{"unsupported_media_type", http.StatusUnsupportedMediaType, "The body has a Content-Type that is not read here."},
	{survey.Invalid, http.StatusUnprocessableEntity, "Read, but it breaks a rule; errors[] names each place and what is allowed there."},
	{survey.Unstorable, http.StatusUnprocessableEntity, "Valid, but the database refuses this one response, also by itself."},
	{survey.TooMany, http.StatusTooManyRequests, "Over a rate limit: try again after Retry-After seconds."},
	{gone, statusClientGone, "The client closed the connection; nobody reads this. What it sent may well be stored."},
	{internal, http.StatusInternalServerError, "Our fault: the log has the reason, under the request id in instance."},
	{survey.Unavailable, http.StatusServiceUnavailable, "Not now (busy, or the database cannot be written): try again after Retry-After seconds."},
}

type errorType struct {
	code   survey.Code
	status int
	when   string
}

// Codes that are not the domain's.
const (
	internal survey.Code = "internal"
	gone     survey.Code = "gone"
	timeout  survey.Code = "timeout"

	notAcceptable survey.Code = "not_acceptable"
)

const (
	typePrefix       = "urn:askwell:"
	statusClientGone = 499 // nginx's word for it; there is no standard one
	// maxProblems keeps a hostile body of 64 kB from being answered with 400.
	maxProblems = 20
	// shortly is what a 503 asks clients to wait.
	shortly = 2 * time.Second
)

func statusOf(code survey.Code) int {
	for _, t := range errorTypes {
		if t.code == code {
			return t.status
		}
	}
	return http.StatusInternalServerError
}

// typeOf names an error that huma or Echo made, which have no code but their status.
func typeOf(status int) string {
	for _, t := range errorTypes {
		if t.status == status {
			return typePrefix + string(t.code)
		}
	}
	if status < http.StatusInternalServerError {
		return typePrefix + string(survey.Malformed)
	}
	return typePrefix + string(internal)
}

// huma makes errors of its own (a body that breaks the schema, say) through this variable. An init,
// because it is read while requests are served.
func init() {
	uuid.EnableRandPool() // one system call for sixteen request ids; they are no secrets
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		p := &huma.ErrorModel{Type: typeOf(status), Title: http.StatusText(status), Status: status, Detail: message}
		for _, err := range errs {
			p.Add(err)
		}
		return p
	}
}

// problem is the one place that turns an error into what a client may read of it, and the headers
// that go with it. Errors that are not a survey.Error are ours: they are logged, and the client gets
// the id to ask us with.
func (a *api) problem(ctx context.Context, err error) (*huma.ErrorModel, http.Header) {
	var (
		domain  *survey.Error
		routing *echo.HTTPError
		ready   *huma.ErrorModel
		large   *http.MaxBytesError
		header  = http.Header{}
	)
	switch {
	case errors.As(err, &ready):
		return ready, header
	case errors.As(err, &large):
		return a.problem(ctx, survey.Errorf(survey.TooLarge, "the body is larger than %d bytes", large.Limit))
	case errors.Is(err, context.Canceled):
		return newProblem(gone, ""), header
	case errors.As(err, &domain):
		p := newProblem(domain.Code, domain.Message)
		for _, problem := range domain.Problems[:min(len(domain.Problems), maxProblems)] {
			p.Errors = append(p.Errors, &huma.ErrorDetail{Location: problem.Location, Message: problem.Message})
		}
		wait := domain.RetryAfter
		if wait == 0 && p.Status == http.StatusServiceUnavailable {
			wait = shortly
		}
		if wait > 0 {
			header.Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
		}
		if domain.Code == survey.NoKey {
			header.Set("WWW-Authenticate", "Bearer")
		}
		return p, header
	case errors.As(err, &routing):
		return &huma.ErrorModel{Type: typeOf(routing.Code), Title: http.StatusText(routing.Code), Status: routing.Code}, header
	}
	if err = a.Store.Explain(err); errors.Is(err, store.ErrUnavailable) {
		a.Log.WarnContext(ctx, "request refused", "error", err)
		return a.problem(ctx, survey.Errorf(survey.Unavailable, "the database cannot be used now, try again"))
	}
	a.Log.ErrorContext(ctx, "request failed", "error", err)
	p := newProblem(internal, "")
	p.Instance = "urn:uuid:" + requestID(ctx)
	return p, header
}

func newProblem(code survey.Code, detail string) *huma.ErrorModel {
	status := statusOf(code)
	title := http.StatusText(status)
	if status == statusClientGone {
		title = "Client Closed Request"
	}
	return &huma.ErrorModel{Type: typePrefix + string(code), Title: title, Status: status, Detail: detail}
}

// writeError is Echo's error handler.
func (a *api) writeError(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	p, header := a.problem(c.Request().Context(), err)
	maps.Copy(c.Response().Header(), header)
	body, err := json.Marshal(p)
	if err != nil {
		a.Log.Error("cannot encode an error", "error", err)
	}
	if err := c.Blob(p.Status, "application/problem+json", body); err != nil {
		a.Log.Debug("cannot write an error", "error", err)
	}
}
