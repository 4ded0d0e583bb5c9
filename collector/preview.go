package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/askwell/askwell/collector/survey"
)

// PreviewCmd makes a link with which a draft can be tried on the real page.
type PreviewCmd struct {
	Remote `embed:""`
	Survey string `arg:"" help:"Id of the survey."`
	Site   string `help:"Id of the site." required:""`
	Page   string `help:"The page to try it on; the site's front page if left out." placeholder:"URL"`
	Hours  int    `help:"How long the link works." default:"24"`
}

func (c *PreviewCmd) Run(ctx context.Context, to output) error {
	path := "/v1/sites/" + url.PathEscape(c.Site)
	if c.Page == "" {
		var site survey.Site
		if _, err := c.client().Call(ctx, http.MethodGet, path, "", nil, &site); err != nil {
			return err
		}
		i := slices.IndexFunc(site.Origins, func(origin string) bool { return !strings.Contains(origin, "*") })
		if i < 0 {
			return fmt.Errorf("site %q names no single host: say --page", c.Site)
		}
		c.Page = site.Origins[i] + "/"
	}
	page, err := url.Parse(c.Page)
	if err != nil || page.Hostname() == "" {
		return fmt.Errorf("%q is not the address of a page, such as https://shop.example/cart", c.Page)
	}
	var made struct{ Query string }
	if _, err := c.client().Call(ctx, http.MethodPost, path+"/surveys/"+url.PathEscape(c.Survey)+"/preview", "",
		map[string]int{"hours": c.Hours}, &made); err != nil {
		return err
	}
	if page.RawQuery != "" {
		made.Query = page.RawQuery + "&" + made.Query
	}
	page.RawQuery = made.Query
	_, err = fmt.Fprintln(to.out, page)
	return err
}
