package server

import "time"

// Config is what `serve` can be told, by flags or by ASKWELL_* in the environment.
type Config struct {
	Addr     string `help:"Address to listen on." default:":8080"`
	DB       string `help:"SQLite file; made where there is none (askwell.db; a demo uses a temporary one)." placeholder:"FILE"`
	AdminKey string `help:"The first admin key. Without it one is made at the first start and printed once." env:"ASKWELL_ADMIN_KEY" placeholder:"KEY"`
	Demo     bool   `help:"Serve the demo shop under /shop/."`
	LogLevel string `help:"debug, info, warn or error; debug logs every request." enum:"debug,info,warn,error" default:"info"`
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
