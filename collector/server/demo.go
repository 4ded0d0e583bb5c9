package server

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/askwell/askwell/collector/apply"
	"github.com/askwell/askwell/collector/client"
	"github.com/askwell/askwell/examples"
)

// serveShop serves the pages of examples/shop.
func serveShop(e *echo.Echo) {
	shop := e.Group("/shop", shopPolicy)
	shop.StaticFS("/", echo.MustSubFS(examples.Shop, "shop/public"))
	e.GET("/shop", func(c echo.Context) error { return c.Redirect(http.StatusFound, "/shop/") })
	e.GET("/", func(c echo.Context) error { return c.Redirect(http.StatusFound, "/shop/") })
}

// shopPolicy is what the shop's pages need, the widget's script among it: a site with as strict a
// policy as this needs no more for Askwell.
func shopPolicy(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set("Content-Security-Policy",
			"default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'")
		return next(c)
	}
}

// Demo applies the shop's site and surveys, as `askwell apply examples/shop/askwell` would, and
// says where to look.
func (a *App) Demo(ctx context.Context, stdout io.Writer) error {
	if a.AdminKey == "" { // a kept database, whose first key only its owner has
		var err error
		if a.AdminKey, err = newKey(ctx, a.store, "demo"); err != nil {
			return err
		}
	}
	files, err := apply.Read(echo.MustSubFS(examples.Shop, "shop/askwell"), "examples/shop/askwell", ".")
	if err != nil {
		return err
	}
	// The shop is wherever this collector listens.
	files.Site.Origins = []string{a.URL, strings.Replace(a.URL, "//localhost", "//127.0.0.1", 1)}
	if err := apply.Apply(ctx, client.New(a.URL, a.AdminKey), files, apply.Options{}, io.Discard); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "shop       %s/shop/\n", a.URL)
	fmt.Fprintf(stdout, "scores     %s/v1/sites/shop/surveys/checkout-exit/scores\n", a.URL)
	fmt.Fprintf(stdout, "admin key  %s\n", a.AdminKey)
	return nil
}
