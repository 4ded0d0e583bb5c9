package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/askwell/askwell/collector/auth"
	"github.com/askwell/askwell/collector/survey"
)

// registerOps serves what keeps the collector running: is it alive, can it work, what does it do.
// docs_ops.go describes it.
func (a *api) registerOps(e *echo.Echo) {
	alive := strings.TrimSpace("ok "+a.Version) + "\n"
	e.GET("/healthz", func(c echo.Context) error { return c.String(http.StatusOK, alive) })
	e.GET("/readyz", func(c echo.Context) error {
		ctx, cancel := context.WithTimeout(c.Request().Context(), 2*time.Second)
		defer cancel()
		if err := a.Store.Ready(ctx); err != nil {
			a.Log.ErrorContext(ctx, "the database does not answer", "error", err)
			return survey.Errorf(survey.Unavailable, "the database does not answer")
		}
		return c.String(http.StatusOK, "ok\n")
	})
	metrics := a.Metrics.Handler()
	e.GET("/metrics", func(c echo.Context) error {
		if _, err := a.authorizeSite(c.Request().Context(), c.Request().Header.Get("Authorization"), auth.Read, ""); err != nil {
			return err
		}
		metrics.ServeHTTP(c.Response(), c.Request())
		return nil
	})
}
