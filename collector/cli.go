package main

import (
	"context"

	"github.com/alecthomas/kong"

	"github.com/askwell/askwell/collector/client"
	"github.com/askwell/askwell/collector/server"
)

// CLI is the command line: https://github.com/alecthomas/kong reads it, and runs the command's Run.
type CLI struct {
	Serve   ServeCmd   `cmd:"" default:"withargs" help:"Run the collector (the default)."`
	Init    InitCmd    `cmd:"" help:"Make a site with one NPS survey, live, and print its script tag."`
	Apply   ApplyCmd   `cmd:"" help:"Make a site and its surveys what their files say."`
	Convert ConvertCmd `cmd:"" help:"Make survey files of the surveys that another tool exported as JSON."`
	Types   TypesCmd   `cmd:"" help:"Write the surveys' ids, hidden fields and answers as TypeScript, for @askwell/sdk."`
	Preview PreviewCmd `cmd:"" help:"Print a link with which a survey's draft can be tried on the real page."`
	Key     KeyCmd     `cmd:"" help:"API keys."`
	Secret  SecretCmd  `cmd:"" help:"Make the secret that a site's server signs its users with, and print it, once."`
	Export  ExportCmd  `cmd:"" help:"Print all responses of a user or a visitor, one JSON object a line."`
	Erase   EraseCmd   `cmd:"" help:"Erase all responses of a user or a visitor."`
	Backup  BackupCmd  `cmd:"" help:"Copy the database into a file, while the collector runs or not, and check the copy."`
	Restore RestoreCmd `cmd:"" help:"Put a backup in the place of the database, which is kept; the collector must be stopped."`
	Verify  VerifyCmd  `cmd:"" help:"Read the whole database and say what is wrong with it."`
	Migrate MigrateCmd `cmd:"" help:"Bring the tables up to date, as the next start would; --dry-run tries it on a copy."`
	Health  HealthCmd  `cmd:"" help:"Ask the collector on this machine whether it can work; exit 1 where it cannot."`
	Version VersionCmd `cmd:"" help:"Print the version."`

	ShowVersion kong.VersionFlag `name:"version" env:"-" help:"Print the version."`
}

// Remote is what commands that work over the API can be told: the database has one owner, so what
// changes data goes through it.
type Remote struct {
	Server string `help:"URL of the collector." default:"http://localhost:8080" placeholder:"URL"`
	Key    string `help:"API key." required:"" placeholder:"KEY"`
}

func (r Remote) client() *client.Client { return client.New(r.Server, r.Key) }

// ServeCmd runs the collector.
type ServeCmd struct {
	server.Config `embed:""`
}

func (c *ServeCmd) Run(ctx context.Context, to output) error {
	c.Config.Version = versionString()
	return server.Serve(ctx, c.Config, to.out, to.errors)
}
