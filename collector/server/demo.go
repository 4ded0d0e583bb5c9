package server

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/askwell/askwell/collector/apply"
	"github.com/askwell/askwell/collector/client"
	"github.com/askwell/askwell/examples"
)

// demos are the sites of the demo, each with its pages under its name.
var demos = []struct {
	name  string
	files fs.FS
}{{"shop", examples.Shop}, {"gallery", examples.Gallery}}

// serveDemo serves the pages of examples/shop and examples/gallery.
func serveDemo(e *echo.Echo) {
	for _, demo := range demos {
		at := "/" + demo.name
		e.Group(at, demoPolicy).StaticFS("/", echo.MustSubFS(demo.files, demo.name+"/public"))
		e.GET(at, func(c echo.Context) error { return c.Redirect(http.StatusFound, at+"/") })
	}
	e.GET("/", func(c echo.Context) error { return c.Redirect(http.StatusFound, "/shop/") })
}

// demoPolicy is what the demo's pages need, the widget's script among it: a site with as strict a
// policy as this needs no more for Askwell.
func demoPolicy(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set("Content-Security-Policy",
			"default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'")
		return next(c)
	}
}

// Demo applies the sites and surveys of the shop and of the gallery, as `askwell apply
// examples/shop/askwell` would, and says where to look.
func (a *App) Demo(ctx context.Context, stdout io.Writer) error {
	if a.AdminKey == "" { // a kept database, whose first key only its owner has
		var err error
		if a.AdminKey, err = newKey(ctx, a.store, "demo"); err != nil {
			return err
		}
	}
	for _, demo := range demos {
		surveys := demo.name + "/askwell"
		files, err := apply.Read(echo.MustSubFS(demo.files, surveys), "examples/"+surveys, ".")
		if err != nil {
			return err
		}
		// Its pages are wherever this collector listens.
		files.Site.Origins = []string{a.URL, strings.Replace(a.URL, "//localhost", "//127.0.0.1", 1)}
		if err := apply.Apply(ctx, client.New(a.URL, a.AdminKey), files, apply.Options{}, io.Discard); err != nil {
			return err
		}
	}
	fmt.Fprintf(stdout, "shop       %s/shop/\n", a.URL)
	fmt.Fprintf(stdout, "scores     %s/v1/sites/shop/surveys/checkout-exit/scores\n", a.URL)
	fmt.Fprintf(stdout, "admin key  %s\n", a.AdminKey)
	fmt.Fprintf(stdout, "gallery    %s/gallery/\n", a.URL)
	return nil
}
