// Package api is the collector's HTTP side. What pages touch is under /w/, plain Echo handlers in
// page.go; what keys open is under /v1, one file a resource, registered with huma so that
// /openapi.json comes from the Go types.
package api

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"github.com/askwell/askwell/collector/auth"
	"github.com/askwell/askwell/collector/catalog"
	"github.com/askwell/askwell/collector/ingest"
	"github.com/askwell/askwell/collector/store"
)

// Deps is what the API stands on.
type Deps struct {
	Store   *store.Store
	Catalog *catalog.Catalog
	Ingest  *ingest.Writer[store.Response]
	Metrics *Metrics
	Log     *slog.Logger
	Now     func() time.Time
}

type api struct {
	Deps
	huma huma.API
}

// New returns the collector's HTTP handler.
func New(deps Deps) *echo.Echo {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	// Echo's default trusts X-Forwarded-For from anyone.
	e.IPExtractor = echo.ExtractIPDirect()
	a := &api{Deps: deps}
	e.HTTPErrorHandler = a.writeError
	e.Use(
		ownRequestID,
		middleware.RequestIDWithConfig(middleware.RequestIDConfig{
			Generator:        func() string { return uuid.Must(uuid.NewV7()).String() },
			RequestIDHandler: setRequestID,
		}),
		a.log,
		middleware.RecoverWithConfig(middleware.RecoverConfig{LogErrorFunc: a.logPanic}),
		securityHeaders,
	)
	a.registerPage(e)
	a.registerOps(e)
	a.registerV1(e)
	return e
}

// registerV1 registers what keys open.
func (a *api) registerV1(e *echo.Echo) {
	a.huma = humaecho.New(e, humaConfig())
	a.registerSites()
	a.registerSurveys()
	a.registerResponses()
	a.registerScores()
	a.registerKeys()
}

// handle registers a keyed operation: it checks the key's scope first, and sends the handler's
// errors through the one place that maps them.
func handle[In, Out any](a *api, scope auth.Scope, op huma.Operation, handler func(context.Context, *In) (*Out, error)) {
	op.Security = []map[string][]string{{"key": {string(scope)}}}
	op.Middlewares = huma.Middlewares{a.requireKey(scope)}
	op.Errors = append(op.Errors, http.StatusUnauthorized, http.StatusForbidden)
	huma.Register(a.huma, op, func(ctx context.Context, in *In) (*Out, error) {
		out, err := handler(ctx, in)
		if err != nil {
			return nil, a.problem(ctx, err)
		}
		return out, nil
	})
}

func securityHeaders(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		return next(c)
	}
}

// log writes one line a request, and counts it.
func (a *api) log(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		if err := next(c); err != nil {
			c.Error(err) // writes the response, so that its status is known here
		}
		took, status := time.Since(start), c.Response().Status
		a.Metrics.request(c.Request().Method, c.Path(), status, took)
		level := slog.LevelDebug
		if status >= 500 {
			level = slog.LevelError
		}
		if ctx := c.Request().Context(); !a.Log.Enabled(ctx, level) {
			return nil
		}
		a.Log.Log(c.Request().Context(), level, "request", "method", c.Request().Method, "path", c.Request().URL.Path,
			"status", status, "took", took, "id", requestID(c.Request().Context()))
		return nil
	}
}

// ownRequestID drops an id that a client chose: ids are in our logs, and in the errors we answer for.
func ownRequestID(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Request().Header.Del(echo.HeaderXRequestID)
		return next(c)
	}
}

func (a *api) logPanic(c echo.Context, err error, stack []byte) error {
	a.Log.Error("panic", "id", requestID(c.Request().Context()), "error", err, "stack", string(stack))
	return err
}

type requestIDKey struct{}

func setRequestID(c echo.Context, id string) {
	c.SetRequest(c.Request().WithContext(context.WithValue(c.Request().Context(), requestIDKey{}, id)))
}

func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}
