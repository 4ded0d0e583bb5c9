package main

import (
	"context"

	"github.com/askwell/askwell/collector/apply"
	"github.com/askwell/askwell/collector/server"
)

// CLI is the command line: https://github.com/alecthomas/kong reads it, and runs the command's Run.
type CLI struct {
	Serve   ServeCmd   `cmd:"" default:"withargs" help:"Run the collector (the default)."`
	Init    InitCmd    `cmd:"" help:"Make a site with one NPS survey, live, and print its script tag."`
	Apply   ApplyCmd   `cmd:"" help:"Make a site and its surveys what their files say."`
	Key     KeyCmd     `cmd:"" help:"API keys."`
	Version VersionCmd `cmd:"" help:"Print the version."`
}

// Remote is what commands that work over the API can be told: the database has one owner, so what
// changes data goes through it.
type Remote struct {
	Server string `help:"URL of the collector." default:"http://localhost:8080" placeholder:"URL"`
	Key    string `help:"API key." required:"" placeholder:"KEY"`
}

func (r Remote) client() *apply.Client { return apply.NewClient(r.Server, r.Key) }

// ServeCmd runs the collector.
type ServeCmd struct {
	server.Config `embed:""`
}

func (c *ServeCmd) Run(ctx context.Context, to output) error {
	return server.Serve(ctx, c.Config, to.out, to.errors)
}
