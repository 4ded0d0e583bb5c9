package main

import (
	"time"

	"github.com/askwell/askwell/collector/auth"
)

// Config is what `serve` can be told, by flags or by ASKWELL_* in the environment.
type Config struct {
	Addr     string `help:"Address to listen on." default:":8080"`
	DB       string `help:"SQLite file; made where there is none (askwell.db; a demo uses a temporary one)." placeholder:"FILE"`
	AdminKey string `help:"The first admin key. Without it one is made at the first start and printed once." env:"ASKWELL_ADMIN_KEY" placeholder:"KEY"`
	Demo     bool   `help:"Serve the demo shop under /shop/."`
	LogLevel string `help:"debug, info, warn or error; debug logs every request." enum:"debug,info,warn,error" default:"info"`
}

// Remote is what commands that work over the API can be told.
type Remote struct {
	Server string `help:"URL of the collector." default:"http://localhost:8080" placeholder:"URL"`
	Key    string `help:"API key." required:"" placeholder:"KEY"`
}

// CLI is the command line: https://github.com/alecthomas/kong reads it.
type CLI struct {
	Serve struct {
		Config `embed:""`
	} `cmd:"" default:"withargs" help:"Run the collector (the default)."`
	Init struct {
		Remote `embed:""`
		Origin string `help:"Where the site's pages live, such as https://shop.example." required:""`
		Site   string `help:"Id of the site; made from the origin if left out."`
	} `cmd:"" help:"Make a site with one NPS survey, live, and print its script tag."`
	Apply struct {
		Remote `embed:""`
		Path   string `arg:"" help:"A site file, a folder with one, or a survey file with --site." type:"existingpath"`
		Site   string `help:"Site of a single survey file."`
		Draft  bool   `help:"Save drafts, publish nothing."`
	} `cmd:"" help:"Make a site and its surveys what their files say."`
	Key struct {
		Create struct {
			Remote `embed:""`
			Name   string     `help:"Who or what it is for." required:""`
			Scope  auth.Scope `help:"read, write or admin." enum:"read,write,admin" default:"read"`
		} `cmd:"" help:"Make an API key and print it, once."`
	} `cmd:"" help:"API keys."`
	Version struct{} `cmd:"" help:"Print the version."`
}

const (
	defaultDB   = "askwell.db"
	minAdminKey = 20 // characters
)

// Time limits of the server. A page's batch is at most 64 KiB: who needs longer than that is cut off.
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 15 * time.Second
	writeTimeout      = 60 * time.Second
	idleTimeout       = 2 * time.Minute
	drainTimeout      = 20 * time.Second
)
