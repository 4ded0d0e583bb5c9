package api

import (
	"maps"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/askwell/askwell/collector/catalog"
	"github.com/askwell/askwell/collector/survey"
)

// registerPage registers what pages touch; docs_page.go describes it.
func (a *api) registerPage(e *echo.Echo) {
	w := e.Group("/w", anyPage)
	// One route for both: Echo's /:site.js and /:site.json collide, and the last would win.
	files := []string{http.MethodGet, http.MethodHead}
	w.Match(files, "/:file", a.getSiteFile)
	w.Match(files, "/a/:file", a.getLateFile)
	w.POST("/:site", a.postBatch)
	w.POST("/:site/ask", a.postAsk)
	w.POST("/:site/dry", a.postDry)
	w.POST("/:site/keep", a.postKeep)
	w.Any("/*", func(echo.Context) error { return echo.ErrNotFound }) // in the group, so that 404s carry its headers
}

// anyPage lets every page read every answer, errors too: a queue that cannot read a 403 would retry
// it for ever. Nothing under /w/ depends on cookies; keep sets one.
func anyPage(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		maps.Copy(h, readable)
		if c.Request().Method != http.MethodOptions {
			return next(c)
		}
		h.Set("Access-Control-Allow-Methods", "GET, POST")
		h.Set("Access-Control-Allow-Headers", "Content-Type")
		h.Set("Access-Control-Max-Age", "86400")
		return c.NoContent(http.StatusNoContent)
	}
}

var readable = http.Header{
	"Access-Control-Allow-Origin":   {"*"},
	"Access-Control-Expose-Headers": {"Retry-After"},
	"Cross-Origin-Resource-Policy":  {"cross-origin"},
}

// getSiteFile serves {site}.js and {site}.json.
func (a *api) getSiteFile(c echo.Context) error {
	file := c.Param("file")
	id, kind, ok := cutLast(file, ".")
	if !ok || (kind != "js" && kind != "json") {
		return echo.ErrNotFound
	}
	if token := c.QueryParam("preview"); token != "" {
		return a.getPreview(c, id, kind, token)
	}
	site, err := a.Catalog.Site(id)
	if err != nil {
		return err
	}
	asset := site.Config
	if kind == "js" {
		asset = site.Script
	}
	if asset == nil {
		return survey.Errorf(survey.Unavailable, "%v", catalog.ErrNotBuilt)
	}
	if site.HasQuota {
		return serve(c, asset, forHalfAMinute)
	}
	return serve(c, asset, forAMinute)
}

// getLateFile serves a part whose name is the hash of its content: it never changes, nor does what it
// holds beside its code, as {hash}.json. The few that are the same for every site have names of their own.
func (a *api) getLateFile(c echo.Context) error {
	name, kind, ok := cutLast(c.Param("file"), ".")
	if !ok || (kind != "js" && kind != "json") {
		return echo.ErrNotFound
	}
	if asset, ok := a.Catalog.Fixed(name); ok && kind == "js" {
		return serve(c, asset, forAMinute)
	}
	asset, err := a.Catalog.Late(name)
	if err != nil {
		return err
	}
	if kind == "json" {
		asset = asset.JSON
	}
	if asset == nil { // a part of triggers says nothing
		return echo.ErrNotFound
	}
	return serve(c, asset, forGood)
}

// How long pages may keep a file: a minute, in which a survey that was paused may still show, and whose
// end no page waits for; less, where a quota may be used up meanwhile, so that a page that is opened a
// minute later knows of it; for good; or, what a preview link opens, not at all.
var (
	forAMinute     = []string{"public, max-age=60, stale-while-revalidate=600"}
	forHalfAMinute = []string{"public, max-age=30"}
	forGood        = []string{"public, max-age=31536000, immutable"}
	notAtAll       = []string{"no-store"}
)

func serve(c echo.Context, asset *catalog.Asset, cacheControl []string) error {
	h := c.Response().Header()
	h["Cache-Control"] = cacheControl
	if strings.Contains(c.Request().Header.Get("If-None-Match"), asset.ETag) {
		h.Set("ETag", asset.ETag)
		h.Set("Vary", "Accept-Encoding")
		return c.NoContent(http.StatusNotModified)
	}
	form := asset.Form(c.Request().Header.Get("Accept-Encoding"))
	maps.Copy(h, form.Header)
	c.Response().WriteHeader(http.StatusOK)
	_, err := c.Response().Write(form.Body)
	return err
}

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}
