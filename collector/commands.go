package main

import (
	"context"
	"embed"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strings"

	"github.com/askwell/askwell/collector/apply"
	"github.com/askwell/askwell/collector/survey"
)

// ApplyCmd makes a site what its files say.
type ApplyCmd struct {
	Remote `embed:""`
	Path   string `arg:"" help:"A site file, a folder with one, or a survey file with --site." type:"existingpath"`
	Site   string `help:"Site of a single survey file."`
	Draft  bool   `help:"Save drafts, publish nothing."`
}

func (c *ApplyCmd) Run(ctx context.Context, to output) error {
	files, err := apply.ReadPath(c.Path)
	if err != nil {
		return fmt.Errorf("nothing was applied:\n%w", err)
	}
	return apply.Apply(ctx, c.client(), files, apply.Options{Site: c.Site, Draft: c.Draft}, to.out)
}

// InitCmd makes a site ask its first question.
type InitCmd struct {
	Remote `embed:""`
	Origin string `help:"Where the site's pages live, such as https://shop.example." required:""`
	Site   string `help:"Id of the site; made from the origin if left out."`
}

//go:embed first.yaml
var first embed.FS

func (c *InitCmd) Run(ctx context.Context, to output) error {
	origin, err := url.Parse(c.Origin)
	if err != nil || origin.Hostname() == "" {
		return fmt.Errorf("%q is not an origin, such as https://shop.example", c.Origin)
	}
	site := &survey.Site{ID: c.Site, Name: origin.Hostname(), Origins: []string{strings.TrimSuffix(c.Origin, "/")}, Timezone: "UTC"}
	if site.ID == "" {
		site.ID = slug(origin.Hostname())
	}
	if problems := site.Check(); len(problems) > 0 {
		return fmt.Errorf("%s", problems[0])
	}
	files, err := apply.Read(first, "", "first.yaml")
	if err != nil {
		return err
	}
	files.Site = site
	if err := apply.Apply(ctx, c.client(), files, apply.Options{New: true}, io.Discard); err != nil {
		return err
	}
	_, err = fmt.Fprintf(to.out, "<script async src=\"%s/w/%s.js\"></script>\n", strings.TrimSuffix(c.Server, "/"), site.ID)
	return err
}

var notSlug = regexp.MustCompile(`[^a-z0-9]+`)

func slug(host string) string {
	return strings.Trim(notSlug.ReplaceAllString(strings.ToLower(strings.TrimPrefix(host, "www.")), "-"), "-")
}
