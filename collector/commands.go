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

// Commands other than serve change data over the API: the database has one owner.

func runApply(ctx context.Context, cli *CLI, out io.Writer) error {
	cmd := cli.Apply
	files, err := apply.ReadPath(cmd.Path)
	if err != nil {
		return fmt.Errorf("nothing was applied:\n%w", err)
	}
	client := apply.NewClient(cmd.Server, cmd.Key)
	return apply.Apply(ctx, client, files, apply.Options{Site: cmd.Site, Draft: cmd.Draft}, out)
}

func runKeyCreate(ctx context.Context, cli *CLI, out io.Writer) error {
	cmd := cli.Key.Create
	secret, err := apply.NewClient(cmd.Server, cmd.Key).CreateKey(ctx, cmd.Name, cmd.Scope)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, secret)
	return err
}

//go:embed first.yaml
var first embed.FS

// runInit makes a site ask its first question.
func runInit(ctx context.Context, cli *CLI, out io.Writer) error {
	cmd := cli.Init
	origin, err := url.Parse(cmd.Origin)
	if err != nil || origin.Hostname() == "" {
		return fmt.Errorf("%q is not an origin, such as https://shop.example", cmd.Origin)
	}
	site := &survey.Site{ID: cmd.Site, Name: origin.Hostname(), Origins: []string{strings.TrimSuffix(cmd.Origin, "/")}, Timezone: "UTC"}
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
	if err := apply.Apply(ctx, apply.NewClient(cmd.Server, cmd.Key), files, apply.Options{New: true}, io.Discard); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "<script async src=\"%s/w/%s.js\"></script>\n", strings.TrimSuffix(cmd.Server, "/"), site.ID)
	return err
}

var notSlug = regexp.MustCompile(`[^a-z0-9]+`)

func slug(host string) string {
	return strings.Trim(notSlug.ReplaceAllString(strings.ToLower(strings.TrimPrefix(host, "www.")), "-"), "-")
}
