package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"github.com/askwell/askwell/collector/ingest"
	"github.com/askwell/askwell/collector/survey"
)

// statuses maps what went wrong to HTTP. It is the only place that does.
var statuses = map[survey.Code]int{
	survey.Malformed:   http.StatusBadRequest,
	survey.TooLarge:    http.StatusRequestEntityTooLarge,
	survey.Invalid:     http.StatusUnprocessableEntity,
	survey.NotFound:    http.StatusNotFound,
	survey.Stale:       http.StatusPreconditionFailed,
	survey.Conflict:    http.StatusConflict,
	survey.NoKey:       http.StatusUnauthorized,
	survey.Forbidden:   http.StatusForbidden,
	survey.Unavailable: http.StatusServiceUnavailable,
}

const (
	typePrefix       = "urn:askwell:"
	statusClientGone = 499 // nginx's word for it; there is no standard one
	// maxProblems keeps a hostile body of 64 kB from being answered with 400.
	maxProblems = 20
)

// retryAfter is what a 503 asks clients to wait, in seconds.
const retryAfter = "2"

// huma makes errors of its own (a body that breaks the schema, say) through this variable. An init,
// because it is read while requests are served.
func init() {
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		p := &huma.ErrorModel{Type: typeOf(status), Title: http.StatusText(status), Status: status, Detail: message}
		for _, err := range errs {
			p.Add(err)
		}
		return p
	}
}

// typeOf names an error that huma or Echo made, which have no code but their status.
func typeOf(status int) string {
	for code, s := range statuses {
		if s == status {
			return typePrefix + string(code)
		}
	}
	return "about:blank" // RFC 9457: the status says it all
}

// problem is the one place that turns an error into what a client may read of it. Errors that are
// not a survey.Error are ours: they are logged, and the client gets the id to ask us with.
func (a *api) problem(ctx context.Context, err error) *huma.ErrorModel {
	var (
		domain  *survey.Error
		routing *echo.HTTPError
		ready   *huma.ErrorModel
		large   *http.MaxBytesError
	)
	switch {
	case errors.As(err, &ready):
		return ready
	case errors.Is(err, ingest.ErrFull), errors.Is(err, ingest.ErrClosed):
		return a.problem(ctx, survey.Errorf(survey.Unavailable, "busy, try again"))
	case errors.As(err, &large):
		return a.problem(ctx, survey.Errorf(survey.TooLarge, "the body is larger than %d bytes", large.Limit))
	case errors.Is(err, context.Canceled):
		// The client has gone; nobody reads this. What it sent may well be stored.
		return &huma.ErrorModel{Type: typePrefix + "gone", Title: "Client Closed Request", Status: statusClientGone}
	case errors.As(err, &domain):
		status := statuses[domain.Code]
		p := &huma.ErrorModel{Type: typePrefix + string(domain.Code), Title: http.StatusText(status), Status: status, Detail: domain.Message}
		for _, problem := range domain.Problems[:min(len(domain.Problems), maxProblems)] {
			p.Errors = append(p.Errors, &huma.ErrorDetail{Location: problem.Location, Message: problem.Message})
		}
		return p
	case errors.As(err, &routing):
		return &huma.ErrorModel{Type: typeOf(routing.Code), Title: http.StatusText(routing.Code), Status: routing.Code}
	}
	a.Log.ErrorContext(ctx, "request failed", "id", requestID(ctx), "error", err)
	return &huma.ErrorModel{Type: typePrefix + "internal", Title: http.StatusText(http.StatusInternalServerError),
		Status: http.StatusInternalServerError, Instance: "urn:uuid:" + requestID(ctx)}
}

// writeError is Echo's error handler.
func (a *api) writeError(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	p := a.problem(c.Request().Context(), err)
	if p.Status == http.StatusServiceUnavailable {
		c.Response().Header().Set("Retry-After", retryAfter)
	}
	body, err := json.Marshal(p)
	if err != nil {
		a.Log.Error("cannot encode an error", "error", err)
	}
	if err := c.Blob(p.Status, "application/problem+json", body); err != nil {
		a.Log.Debug("cannot write an error", "error", err)
	}
}
