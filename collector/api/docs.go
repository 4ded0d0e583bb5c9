package api

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
)

// registerDocs serves the document, for programs and for people. Both are made when first asked for:
// most collectors never are.
func (a *api) registerDocs(e *echo.Echo) {
	document := func() ([]byte, error) { return json.Marshal(a.huma.OpenAPI()) }
	page := func() ([]byte, error) { return docsPage(a.huma.OpenAPI()) }
	e.GET("/openapi.json", serveOnce("application/json", document), middleware.Gzip())
	e.GET("/docs", serveOnce("text/html; charset=utf-8", page), middleware.Gzip(), docsPolicy)
}

// serveOnce serves what is made at the first request, and is the same until the program ends.
func serveOnce(mediaType string, make func() ([]byte, error)) echo.HandlerFunc {
	file := sync.OnceValues(make)
	etag := sync.OnceValue(func() string {
		body, _ := file()
		sum := sha256.Sum256(body)
		return `W/"` + base64.RawURLEncoding.EncodeToString(sum[:]) + `"` // weak: also of the compressed form
	})
	return func(c echo.Context) error {
		body, err := file()
		if err != nil {
			return err
		}
		h := c.Response().Header()
		h.Set("ETag", etag())
		h.Set("Cache-Control", "no-cache") // keep it, but ask whether it is still the newest
		if strings.Contains(c.Request().Header.Get("If-None-Match"), etag()) {
			return c.NoContent(http.StatusNotModified)
		}
		return c.Blob(http.StatusOK, mediaType, body)
	}
}
