package server

import (
	"net/http"
	"net/netip"
	"time"

	"github.com/askwell/askwell/collector/store"
)

// Config is what `serve` can be told, by flags or by ASKWELL_* in the environment.
type Config struct {
	Addr     string `help:"Address to listen on (:8080; with --domain :443)." placeholder:"ADDR"`
	DB       string `help:"SQLite file; made where there is none (askwell.db; a demo uses a temporary one)." placeholder:"FILE"`
	AdminKey string `help:"The first admin key. Without it one is made at the first start and printed once." env:"ASKWELL_ADMIN_KEY" placeholder:"KEY"`
	Demo     bool   `help:"Serve the demo shop under /shop/, and the gallery under /gallery/."`
	LogLevel string `help:"debug, info, warn or error; debug logs every request." enum:"debug,info,warn,error" default:"info"`

	LogFormat      string         `help:"text or json." enum:"text,json" default:"text"`
	RateAddress    float64        `help:"Batches a second that pages at one address may send, ten seconds' worth at once, and have 64 under way; 0: any number." default:"10"`
	RateSite       float64        `help:"Batches a second that all pages of one site may send; 0: any number." default:"5000"`
	TrustedProxies []netip.Prefix `help:"Networks of the proxies in front, such as 10.0.0.0/8: their X-Forwarded-For tells addresses apart." placeholder:"CIDR"`
	CountryHeader  string         `help:"Header in which a trusted proxy says the visitor's country, such as CF-IPCountry." placeholder:"HEADER"`
	FastestAnswer  time.Duration  `help:"A survey completed sooner than this after it was shown is a bot's; 0: never." default:"300ms"`

	Domain        []string `help:"Serve HTTPS under this name (several: with commas), with a certificate from the ACME authority, whose terms of service you accept by this." placeholder:"NAME"`
	HTTPAddr      string   `name:"http-addr" help:"With --domain: where http-01 challenges are answered and all else goes on to HTTPS; empty: nowhere." default:":80"`
	CertDir       string   `help:"With --domain: folder for certificates and their keys (beside the database, FILE.certs)." placeholder:"DIR"`
	ACMEDirectory string   `name:"acme-directory" help:"With --domain: directory of the ACME authority." default:"https://acme-v02.api.letsencrypt.org/directory"`
	ACMEEmail     string   `name:"acme-email" help:"With --domain: where the authority may write to." placeholder:"EMAIL"`

	Version string `kong:"-"` // of this program
	Hooks   Hooks  `kong:"-"`

	acmeTransport http.RoundTripper // of tests, whose authority has a root of its own
}

// Hooks are for tests and benchmarks.
type Hooks struct {
	Now  func() time.Time                     // in place of time.Now
	Save func([]store.Response) []store.Saved // in place of the store's: to measure what storing costs

	StreamBeat time.Duration // in place of streams' 15 seconds
}

// addr is where to listen. It depends on Domain, so it is no default of the flag.
func (c Config) addr() string {
	switch {
	case c.Addr != "":
		return c.Addr
	case len(c.Domain) > 0:
		return ":443"
	}
	return ":8080"
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

// maxHeader is what a connection may make the server remember before it is a request, and then some
// 4 KiB that net/http adds. Browsers send 1 to 2 KiB to an origin without cookies.
const maxHeader = 16 << 10
