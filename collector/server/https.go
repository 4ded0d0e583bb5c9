package server

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
	"golang.org/x/net/idna"
)

// hsts keeps browsers on HTTPS for 30 days after each answer: long enough to cover the time between
// two visits, short enough that an owner who gives up HTTPS is not locked out for a year.
// Subdomains are not ours to speak for: feedback.example.com may be the parent of other hosts.
const hsts = "max-age=2592000"

// https is what --domain adds: certificates for these names and no others.
type https struct {
	domains []string // as on the wire: lower case, Punycode
	manager *autocert.Manager
	stop    context.CancelFunc // ends the talk with the certificate authority
}

func newHTTPS(cfg Config, log *slog.Logger) (*https, error) {
	if cfg.Demo {
		// The demo prints an admin key and forgets its database, and its certificates with it: a few
		// starts would use up what an authority issues for one name in a week.
		return nil, errors.New("--demo is for a look on this machine and does not go with --domain")
	}
	h := &https{}
	for _, given := range cfg.Domain {
		name, err := domainName(given)
		if err != nil {
			return nil, err
		}
		h.domains = append(h.domains, name)
	}
	directory, err := url.Parse(cfg.ACMEDirectory)
	if err != nil || directory.Scheme != "https" || directory.Host == "" {
		return nil, fmt.Errorf("--acme-directory %q: an https:// address is needed", cfg.ACMEDirectory)
	}
	dir, err := certFolder(cfg, directory)
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	h.stop = stop
	h.manager = &autocert.Manager{
		Prompt:     autocert.AcceptTOS, // the help of --domain says so
		Cache:      &certCache{Cache: autocert.DirCache(dir), log: log},
		HostPolicy: h.answers(),
		Client:     &acme.Client{DirectoryURL: cfg.ACMEDirectory, HTTPClient: newACMEClient(ctx, cfg.acmeTransport, log), UserAgent: "askwell"},
		Email:      cfg.ACMEEmail,
	}
	return h, nil
}

// domainName checks a name as an owner writes it. HostWhitelist would leave out a bad one in silence.
func domainName(given string) (string, error) {
	name, err := idna.Lookup.ToASCII(strings.TrimSuffix(strings.TrimSpace(given), "."))
	if strings.Contains(given, "*") {
		return "", fmt.Errorf("--domain %s: name each domain; a certificate for all of them cannot be had over HTTP", given)
	}
	_, notIP := netip.ParseAddr(name)
	if err != nil || notIP == nil || !strings.Contains(name, ".") {
		return "", fmt.Errorf("--domain %q: a name like feedback.example.com is needed, without https://, port or path", given)
	}
	return name, nil
}

// certFolder makes the folder for certificates, one for each authority: a certificate for trying out
// (Let's Encrypt staging) must not be served on after the directory was changed to the real one.
// A folder that cannot be written is an error now: without it each start would ask for certificates
// anew, until the authority refuses for a week.
func certFolder(cfg Config, directory *url.URL) (string, error) {
	dir := cfg.CertDir
	if dir == "" {
		dir = cfg.DB + ".certs"
	}
	authority := strings.Map(func(r rune) rune {
		if r == '.' || r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' {
			return r
		}
		return '-'
	}, strings.ToLower(directory.Host+directory.Path))
	dir = filepath.Join(dir, authority)
	err := os.MkdirAll(dir, 0o700)
	if err == nil {
		var try *os.File
		if try, err = os.CreateTemp(dir, "writable"); err == nil {
			err = errors.Join(try.Close(), os.Remove(try.Name()))
		}
	}
	if err != nil {
		return "", fmt.Errorf("cannot keep certificates: %w", err)
	}
	return dir, nil
}

// answers is the policy: these names and no others. A Host may come with a port.
func (h *https) answers() autocert.HostPolicy {
	known := autocert.HostWhitelist(h.domains...)
	return func(ctx context.Context, host string) error { return known(ctx, hostname(host)) }
}

func hostname(hostport string) string {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

// secure makes a server one of HTTPS: HTTP/2, HTTP/1.1, tls-alpn-01 challenges, and
// Strict-Transport-Security on every answer, errors too.
func (h *https) secure(server *http.Server) {
	server.TLSConfig = h.manager.TLSConfig()
	server.TLSConfig.MinVersion = tls.VersionTLS12
	next := server.Handler
	server.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Strict-Transport-Security", hsts)
		next.ServeHTTP(w, r)
	})
}

// plain is the handler of port 80: http-01 challenges, and the way to HTTPS. The way is always to
// the default port, because that is where an authority and pages come from, whatever --addr is
// behind it. 308 keeps method and body, so that a POST is not lost.
func (h *https) plain() http.Handler {
	return h.manager.HTTPHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := hostname(r.Host)
		if h.manager.HostPolicy(r.Context(), host) != nil {
			http.Error(w, "This name is not served here.", http.StatusMisdirectedRequest)
			return
		}
		path := r.URL.RequestURI()
		if !strings.HasPrefix(path, "/") {
			path = "/" // OPTIONS *
		}
		http.Redirect(w, r, "https://"+host+path, http.StatusPermanentRedirect)
	}))
}

// obtain asks for the certificates that are missing, and keeps watch over the kept ones. Otherwise the
// first visitor would: whose handshake is cut after 5 seconds, where an authority takes 10.
func (h *https) obtain() {
	for _, name := range h.domains {
		// The error is for the client of a handshake; what went wrong is logged where it happens.
		_, _ = h.manager.GetCertificate(&tls.ClientHelloInfo{ServerName: name,
			CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256}}) // of the kind that browsers get
	}
}
