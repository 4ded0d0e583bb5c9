// Package api is the collector's HTTP side. What pages touch is under /w/, plain Echo handlers in
// page.go; what keys open is under /v1, one file a resource, registered with huma so that
// /openapi.json comes from the Go types. docs*.go completes that document, and makes /docs of it.
package api

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"net/netip"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"github.com/askwell/askwell/collector/auth"
	"github.com/askwell/askwell/collector/catalog"
	"github.com/askwell/askwell/collector/intake"
	"github.com/askwell/askwell/collector/limit"
	"github.com/askwell/askwell/collector/live"
	"github.com/askwell/askwell/collector/metrics"
	"github.com/askwell/askwell/collector/store"
)

// Deps is what the API stands on.
type Deps struct {
	Store   *store.Store
	Catalog *catalog.Catalog
	Door    *intake.Door
	DryRuns *intake.DryRuns
	Metrics *metrics.Metrics
	Live    *live.Feed
	Uses    *auth.Uses
	Log     *slog.Logger
	Now     func() time.Time
	Options
}

// Options is what an operator can choose.
type Options struct {
	// RatePerAddress and RatePerSite are batches a second that pages may send; 0: any number.
	RatePerAddress, RatePerSite float64
	// TrustedProxies are the networks whose X-Forwarded-For and country header count.
	TrustedProxies []netip.Prefix
	CountryHeader  string
	// StreamBeat is how often a stream shows that it is alive; 0: every 15 seconds.
	StreamBeat time.Duration
	// Version is the program's; /healthz says it.
	Version string
}

type api struct {
	Deps
	huma   huma.API
	limits struct{ address, site *limit.Limiter }
	posts  *limit.InFlight // bodies that are read or stored now

	streams, keyStreams, workbooks *limit.InFlight
}

// Bounds of the rate limits' memory, some 200 bytes a key: 20 MB at most.
const maxAddresses = 100_000

// burstSeconds is how much may come at once: a visitor's queue after an outage, an office behind one address.
const burstSeconds = 10

// New returns the collector's HTTP handler.
func New(deps Deps) *echo.Echo {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	a := &api{Deps: deps, posts: limit.NewInFlight(maxPostsPerAddress, maxPosts),
		streams: limit.NewInFlight(maxStreams, maxStreams), keyStreams: limit.NewInFlight(maxStreamsPerKey, maxStreams),
		workbooks: limit.NewInFlight(maxWorkbooks, maxWorkbooks)}
	if deps.RatePerAddress == 0 { // addresses do not tell clients apart, as behind a proxy that is not named
		a.posts = limit.NewInFlight(maxPosts, maxPosts)
	}
	a.limits.address = limit.New(deps.RatePerAddress, burst(deps.RatePerAddress), maxAddresses)
	a.limits.site = limit.New(deps.RatePerSite, burst(deps.RatePerSite), maxAddresses)
	e.IPExtractor = a.ipExtractor()
	e.HTTPErrorHandler = a.writeError
	e.Use(
		identifyRequest,
		a.log,
		middleware.RecoverWithConfig(middleware.RecoverConfig{LogErrorFunc: a.logPanic}),
		securityHeaders,
	)
	a.registerPage(e)
	a.registerOps(e)
	a.registerV1(e)
	a.registerDocs(e)
	return e
}

// burst is at least one: none at all would let nobody in.
func burst(rate float64) int { return max(1, int(min(rate, 1e6)*burstSeconds)) }

// registerV1 registers what keys open.
func (a *api) registerV1(e *echo.Echo) {
	a.huma = humaecho.New(e, humaConfig())
	a.registerSites()
	a.registerSurveys()
	a.registerPreviews()
	a.registerDryRuns()
	a.registerResponses()
	a.registerSend()
	a.registerStream()
	a.registerScores()
	a.registerKeys()
	a.registerPerson()
	a.registerAudit()
	document(a.huma.OpenAPI())
}

// handle registers a keyed operation: it checks the key's scope first, and sends the handler's
// errors through the one place that maps them.
func handle[In, Out any](a *api, scope auth.Scope, op huma.Operation, handler func(context.Context, *In) (*Out, error)) {
	op.Security = keyed(scope)
	op.Middlewares = huma.Middlewares{a.requireKey(scope, op.Path), a.refuseRepeated}
	// 422: a parameter that is not known, too. 503: a full disk, a locked database.
	op.Errors = append(op.Errors, http.StatusUnauthorized, http.StatusForbidden, http.StatusUnprocessableEntity, http.StatusServiceUnavailable)
	huma.Register(a.huma, op, func(ctx context.Context, in *In) (*Out, error) {
		out, err := handler(ctx, in)
		if err != nil {
			p, header := a.problem(ctx, err)
			return nil, huma.ErrorWithHeaders(p, header)
		}
		return out, nil
	})
}

// securityHeaders are on everything served; a page of ours (the docs, the shop) widens its own policy.
func securityHeaders(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		maps.Copy(c.Response().Header(), strict)
		return next(c)
	}
}

// strict is copied, not set value by value, and not made in the middleware, which Echo calls for each
// request: with that, serving a script went at 0.76 of the rate of a bare handler; so it does at 0.9.
var strict = http.Header{
	"Content-Security-Policy":      {"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"},
	"X-Content-Type-Options":       {"nosniff"},
	"X-Frame-Options":              {"DENY"},
	"Referrer-Policy":              {"no-referrer"},
	"Cross-Origin-Resource-Policy": {"same-origin"},
}

// log writes one line a request, and counts it: deferred, for a download that cannot be ended is broken off with a panic.
func (a *api) log(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		defer a.logRequest(c, time.Now())
		if err := next(c); err != nil {
			c.Error(err) // writes the response, so that its status is known here
		}
		return nil
	}
}

func (a *api) logRequest(c echo.Context, start time.Time) {
	took, status := time.Since(start), c.Response().Status
	if began, ok := c.Get(streamBegan).(time.Time); ok {
		took = began.Sub(start) // a stream is answered when it begins, and may last for days
	}
	a.Metrics.Request(c.Request().Method, c.Path(), status, took)
	level := slog.LevelDebug
	if status >= 500 && status != http.StatusServiceUnavailable { // of those there may be thousands a second; they are counted
		level = slog.LevelError
	}
	if ctx := c.Request().Context(); a.Log.Enabled(ctx, level) {
		a.Log.Log(ctx, level, "request", "method", c.Request().Method, "path", c.Request().URL.Path, "status", status, "took", took)
	}
}

// identifyRequest gives each request an id of ours, whatever id a client sent: it is in our logs, and
// in the errors that we answer for.
func identifyRequest(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		id := uuid.Must(uuid.NewV7()).String()
		c.Response().Header()[requestIDHeader] = []string{id}
		c.SetRequest(c.Request().WithContext(context.WithValue(c.Request().Context(), requestIDKey{}, id)))
		return next(c)
	}
}

const requestIDHeader = "X-Request-Id"

func (a *api) logPanic(c echo.Context, err error, stack []byte) error {
	a.Log.ErrorContext(c.Request().Context(), "panic", "error", err, "stack", string(stack))
	return err
}

type requestIDKey struct{}

// WithRequestID adds the id of the request to each line that is logged for one.
func WithRequestID(h slog.Handler) slog.Handler { return requestIDHandler{h} }

type requestIDHandler struct{ slog.Handler }

func (h requestIDHandler) Handle(ctx context.Context, record slog.Record) error {
	if id := requestID(ctx); id != "" {
		record.AddAttrs(slog.String("id", id))
	}
	return h.Handler.Handle(ctx, record)
}

func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}
