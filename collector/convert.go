package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/dustin/go-humanize/english"
	"github.com/goccy/go-yaml"

	"github.com/askwell/askwell/collector/convert"
	"github.com/askwell/askwell/collector/survey"
)

// ConvertCmd makes survey files of what another tool exported.
type ConvertCmd struct {
	From     string   `help:"The tool: formbricks or posthog." required:"" enum:"formbricks,posthog" placeholder:"TOOL" env:"-"`
	File     string   `arg:"" help:"The exported JSON; - reads it from the standard input."`
	Out      string   `help:"The folder to write to." default:"askwell" placeholder:"FOLDER" env:"-"`
	Site     string   `help:"Write a site file too, of a site with this id; its pages are at --origin." placeholder:"ID" env:"-"`
	Origin   []string `help:"Where that site's pages live, such as https://shop.example." placeholder:"URL" env:"-"`
	Language string   `help:"The language of texts where the export does not say it." default:"en" placeholder:"TAG" env:"-"`
}

func (c *ConvertCmd) Run(to output) error {
	if (c.Site == "") != (len(c.Origin) == 0) {
		return errors.New("--site and --origin go together: a site file has both")
	}
	export, err := c.read()
	if err != nil {
		return err
	}
	result, err := convert.From(c.From, export, convert.Options{Language: c.Language})
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	for _, w := range result.Warnings {
		fmt.Fprintf(to.errors, "%s: %s\n", c.File, w)
	}
	if len(result.Surveys) == 0 {
		return fmt.Errorf("%s: no survey of it can be converted, so nothing was written", c.File)
	}
	files, err := c.files(result)
	if err != nil {
		return err
	}
	if err := c.write(files); err != nil {
		return err
	}
	for _, s := range result.Surveys {
		for _, w := range s.Warnings {
			fmt.Fprintf(to.errors, "%s: %s\n", c.File, w)
		}
		fmt.Fprintf(to.out, "wrote      %s: %s, %s\n", filepath.Join(c.Out, s.Definition.ID+".yaml"),
			english.Plural(len(s.Definition.Questions), "question", ""), english.Plural(len(s.Warnings), "warning", ""))
	}
	next := fmt.Sprintf("askwell apply %s --site SITE --draft", filepath.Join(c.Out, result.Surveys[0].Definition.ID+".yaml"))
	if c.Site != "" {
		next = fmt.Sprintf("askwell apply %s --draft", c.Out)
	}
	_, err = fmt.Fprintf(to.out, "Read the files, then: %s\n", next)
	return err
}

func (c *ConvertCmd) read() ([]byte, error) {
	if c.File == "-" {
		return convert.Read(os.Stdin)
	}
	file, err := os.Open(c.File)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return convert.Read(file)
}

// newFile is one that is to be written.
type newFile struct {
	name string
	text []byte
}

func (c *ConvertCmd) files(result *convert.Result) (files []newFile, err error) {
	site := survey.SiteFile{Site: survey.Site{ID: c.Site, Name: c.Site, Origins: c.Origin}}
	for _, s := range result.Surveys {
		name := s.Definition.ID + ".yaml"
		if name == siteFile { // of a survey that is called so
			name = "site-survey.yaml"
		}
		files = append(files, newFile{name, s.YAML})
		site.Surveys = append(site.Surveys, name)
	}
	if c.Site == "" {
		return files, nil
	}
	data, err := json.Marshal(site)
	if err != nil {
		return nil, err
	}
	if _, err := survey.ParseSiteFile(data); err != nil {
		return nil, fmt.Errorf("--site, --origin: %w", err)
	}
	text, err := yaml.JSONToYAML(data)
	return append(files, newFile{siteFile, text}), err
}

const siteFile = "site.yaml"

// write writes files that are not there yet, all of them or none.
func (c *ConvertCmd) write(files []newFile) error {
	var there []string
	for _, f := range files {
		if _, err := os.Lstat(filepath.Join(c.Out, f.name)); !errors.Is(err, fs.ErrNotExist) {
			there = append(there, filepath.Join(c.Out, f.name))
		}
	}
	if there != nil {
		return fmt.Errorf("nothing was written: there is %s already; choose another --out", strings.Join(there, ", "))
	}
	if err := os.MkdirAll(c.Out, 0o755); err != nil {
		return err
	}
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(c.Out, f.name), f.text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
