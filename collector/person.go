package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
)

// Person is whose responses a command works on.
type Person struct {
	Remote  `embed:""`
	Site    string `help:"Id of the site." required:""`
	User    string `help:"Id that the pages identified." xor:"person" required:""`
	Visitor string `help:"Id that the widget made." xor:"person" required:""`
}

// path is the route of what is done, and body whom it is done to.
func (p Person) path(what string) string { return "/v1/sites/" + url.PathEscape(p.Site) + "/" + what }
func (p Person) body() map[string]string {
	if p.User != "" {
		return map[string]string{"user": p.User}
	}
	return map[string]string{"visitor": p.Visitor}
}

// EraseCmd erases a person's responses.
type EraseCmd struct {
	Person `embed:""`
}

func (c *EraseCmd) Run(ctx context.Context, to output) error {
	var done struct{ Erased int }
	if _, err := c.client().Call(ctx, http.MethodPost, c.path("erase"), "", c.body(), &done); err != nil {
		return err
	}
	_, err := fmt.Fprintf(to.out, "erased %d responses; backups made before still hold them\n", done.Erased)
	return err
}

// ExportCmd prints a person's responses, one JSON object a line.
type ExportCmd struct {
	Person `embed:""`
}

func (c *ExportCmd) Run(ctx context.Context, to output) error {
	for cursor, more := "", true; more; more = cursor != "" {
		var page struct {
			Items []json.RawMessage
			Next  string
		}
		if _, err := c.client().Call(ctx, http.MethodPost, c.path("export?limit=1000&cursor="+url.QueryEscape(cursor)), "", c.body(), &page); err != nil {
			return err
		}
		for _, item := range page.Items {
			if _, err := fmt.Fprintf(to.out, "%s\n", item); err != nil {
				return err
			}
		}
		cursor = page.Next
	}
	return nil
}

// SecretCmd makes the secret that a site's server signs its users with.
type SecretCmd struct {
	Remote `embed:""`
	Site   string `help:"Id of the site." required:""`
}

func (c *SecretCmd) Run(ctx context.Context, to output) error {
	var made struct{ Secret string }
	if _, err := c.client().Call(ctx, http.MethodPost, "/v1/sites/"+url.PathEscape(c.Site)+"/secret", "", nil, &made); err != nil {
		return err
	}
	_, err := fmt.Fprintln(to.out, made.Secret)
	return err
}
