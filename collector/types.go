package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/aymanbagabas/go-udiff"
	"github.com/dustin/go-humanize/english"

	"github.com/askwell/askwell/collector/apply"
	"github.com/askwell/askwell/collector/client"
	"github.com/askwell/askwell/collector/declare"
	"github.com/askwell/askwell/collector/survey"
)

// TypesCmd writes what a site's surveys are called as TypeScript.
type TypesCmd struct {
	Path   string `arg:"" optional:"" help:"A site file, a folder with one, or a survey file. Left out, the collector is asked for --site." type:"existingpath"`
	Server string `help:"URL of the collector." default:"http://localhost:8080" placeholder:"URL"`
	Key    string `help:"API key, of scope read." placeholder:"KEY"`
	Site   string `help:"Id of the site, where the collector is asked."`
	Out    string `help:"The file to write; - prints it." default:"askwell.d.ts" placeholder:"FILE" env:"-"`
	Check  bool   `help:"Write nothing: fail where the file is not what the surveys say." env:"-"`
}

func (c *TypesCmd) Run(ctx context.Context, to output) error {
	site, surveys, err := c.read(ctx)
	if err != nil {
		return err
	}
	is := declare.TypeScript(site, surveys)
	if c.Out == "-" {
		_, err := fmt.Fprint(to.out, is)
		return err
	}
	data, err := os.ReadFile(c.Out)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	missing := err != nil
	was := strings.ReplaceAll(string(data), "\r\n", "\n") // git may have made them so
	switch {
	case was == is:
		_, err = fmt.Fprintf(to.out, "unchanged  %s\n", c.Out)
	case c.Check && missing:
		return fmt.Errorf("there is no %s; make it with askwell types", c.Out)
	case c.Check:
		fmt.Fprint(to.out, udiff.Unified(c.Out, c.Out+" (as the surveys are)", was, is))
		return fmt.Errorf("%s is not what the surveys say; make it anew with askwell types", c.Out)
	default:
		if err := os.WriteFile(c.Out, []byte(is), 0o644); err != nil {
			return err
		}
		_, err = fmt.Fprintf(to.out, "wrote      %s: %s, %s\n", c.Out,
			english.Plural(len(surveys), "survey", ""), english.Plural(len(declare.Events(surveys)), "event", ""))
	}
	return err
}

// read reads the surveys from their files, or else from the collector.
func (c *TypesCmd) read(ctx context.Context) (site string, surveys []*survey.Definition, err error) {
	if c.Path == "" {
		return c.Site, surveys, c.fetch(ctx, &surveys)
	}
	files, err := apply.ReadPath(c.Path)
	if err != nil {
		return "", nil, err
	}
	if files.Site != nil {
		site = files.Site.ID
	}
	return site, files.Surveys, nil
}

// fetch asks the collector for what pages can show: of each survey the live version, or the draft of
// one that was never published.
func (c *TypesCmd) fetch(ctx context.Context, surveys *[]*survey.Definition) error {
	if c.Site == "" || c.Key == "" {
		return errors.New("say where the surveys are: a folder with a site file, or --site (with --server and --key) to ask a collector")
	}
	from, path := client.New(c.Server, c.Key), "/v1/sites/"+url.PathEscape(c.Site)+"/surveys"
	var list struct {
		Items []struct {
			LiveVersion int                `json:"live_version"`
			Draft       *survey.Definition `json:"draft"`
		} `json:"items"`
	}
	if _, err := from.Call(ctx, http.MethodGet, path, "", nil, &list); err != nil {
		return err
	}
	for _, one := range list.Items {
		d := one.Draft
		if one.LiveVersion > 0 {
			d = &survey.Definition{}
			version := fmt.Sprintf("%s/%s/versions/%d", path, url.PathEscape(one.Draft.ID), one.LiveVersion)
			if _, err := from.Call(ctx, http.MethodGet, version, "", nil, d); err != nil {
				return err
			}
		}
		*surveys = append(*surveys, d)
	}
	return nil
}
