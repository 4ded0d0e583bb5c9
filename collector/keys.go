package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"text/tabwriter"
	"time"

	"github.com/askwell/askwell/collector/auth"
)

// KeyCmd works on API keys.
type KeyCmd struct {
	Create KeyCreateCmd `cmd:"" help:"Make an API key and print it, once."`
	List   KeyListCmd   `cmd:"" help:"List the API keys, revoked ones too, with their last use."`
	Revoke KeyRevokeCmd `cmd:"" help:"Revoke an API key, for good."`
}

type KeyCreateCmd struct {
	Remote `embed:""`
	Name   string     `help:"Who or what it is for." required:""`
	Scope  auth.Scope `help:"read, write or admin." enum:"read,write,admin" default:"read"`
	Site   string     `help:"The one site it opens; all, if left out."`
}

func (c *KeyCreateCmd) Run(ctx context.Context, to output) error {
	in := map[string]string{"name": c.Name, "scope": string(c.Scope), "site": c.Site}
	var made struct{ Key string }
	if _, err := c.client().Call(ctx, http.MethodPost, "/v1/keys", "", in, &made); err != nil {
		return err
	}
	_, err := fmt.Fprintln(to.out, made.Key)
	return err
}

type KeyListCmd struct {
	Remote `embed:""`
}

func (c *KeyListCmd) Run(ctx context.Context, to output) error {
	var list struct {
		Items []struct {
			ID, Site, Name, Scope string
			CreatedAt             int64 `json:"created_at"`
			LastUsedAt            int64 `json:"last_used_at"`
			RevokedAt             int64 `json:"revoked_at"`
		}
	}
	if _, err := c.client().Call(ctx, http.MethodGet, "/v1/keys", "", nil, &list); err != nil {
		return err
	}
	table := tabwriter.NewWriter(to.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tNAME\tSCOPE\tSITE\tCREATED\tLAST USED\tREVOKED")
	for _, k := range list.Items {
		site := k.Site
		if site == "" {
			site = "all"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", k.ID, k.Name, k.Scope, site, day(k.CreatedAt), day(k.LastUsedAt), day(k.RevokedAt))
	}
	return table.Flush()
}

type KeyRevokeCmd struct {
	Remote `embed:""`
	ID     string `arg:"" help:"Id of the key, from key list."`
}

func (c *KeyRevokeCmd) Run(ctx context.Context, to output) error {
	if _, err := c.client().Call(ctx, http.MethodDelete, "/v1/keys/"+url.PathEscape(c.ID), "", nil, nil); err != nil {
		return err
	}
	_, err := fmt.Fprintln(to.out, "revoked", c.ID)
	return err
}

// day is a time for people, "-" for none.
func day(ms int64) string {
	if ms == 0 {
		return "-"
	}
	return time.UnixMilli(ms).UTC().Format("2006-01-02 15:04")
}
