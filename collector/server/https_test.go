package server_test

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/askwell/askwell/collector/server"
	"github.com/askwell/askwell/collector/servertest"
)

const domain = "feedback.example.com"

func TestItServesHTTPSWithACertificateOfItsOwn(t *testing.T) {
	authority := startPebble(t)
	cfg := secured(t, authority)
	cfg.HTTPAddr = "" // so that only tls-alpn-01 can be what pebble checked
	s := startSecured(t, cfg, authority.Roots)
	authority.CheckAt(t, s.Addrs()[0], s.Addrs()[0])
	s.log.await(t, "certificate obtained")

	if s.URL != "https://"+domain {
		t.Errorf("its address is %s", s.URL)
	}
	res := s.must(t, 200, "GET", "https://"+domain+"/healthz", "")
	if res.ProtoMajor != 2 {
		t.Errorf("it speaks %s, not HTTP/2", res.Proto)
	}
	if issuer := res.TLS.VerifiedChains[0][0].Issuer.CommonName; !strings.HasPrefix(issuer, "Pebble Intermediate CA") {
		t.Errorf("the certificate is from %q", issuer)
	}
	if got := res.Header.Get("Strict-Transport-Security"); got != "max-age=2592000" {
		t.Errorf("Strict-Transport-Security: %q", got)
	}
	if res := s.must(t, 404, "GET", "https://"+domain+"/nothing", ""); res.Header.Get("Strict-Transport-Security") == "" {
		t.Error("errors have no Strict-Transport-Security")
	}
	s.publishShop(t)
	s.must(t, 200, "POST", "https://"+domain+"/w/shop", batch())

	for name, hello := range map[string]*tls.Config{
		"another name": {ServerName: "other.example.com", RootCAs: authority.Roots},
		"no name":      {InsecureSkipVerify: true},
		"TLS 1.1":      {ServerName: domain, RootCAs: authority.Roots, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11},
	} {
		if conn, err := tls.Dial("tcp", s.Addrs()[0].String(), hello); err == nil {
			conn.Close()
			t.Errorf("%s: it was served", name)
		}
	}
	if n := authority.Orders.Load(); n != 1 {
		t.Errorf("%d orders, want 1", n)
	}
	if info, err := os.Stat(cfg.DB + ".certs"); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder of certificates: %v %v", info, err)
	}
	if err := s.Stop(); err != nil {
		t.Error(err)
	}
	if text := s.log.text(); strings.Contains(text, "handshake") || strings.Count(text, "certificate obtained") != 1 {
		t.Errorf("the log says\n%s", text)
	}

	again := startSecured(t, cfg, authority.Roots)
	again.must(t, 200, "GET", "https://"+domain+"/healthz", "")
	if n := authority.Orders.Load(); n != 1 {
		t.Errorf("%d orders after a second start, want 1", n)
	}
}

func TestPlainHTTPAnswersChallengesAndLeadsToHTTPS(t *testing.T) {
	authority := startPebble(t)
	cfg := secured(t, authority)
	cfg.Domain = append(cfg.Domain, "second.example.com")
	s := startSecured(t, cfg, authority.Roots)
	// Port 443 is out of pebble's reach here: tls-alpn-01 fails, and http-01 is what is left.
	authority.CheckAt(t, s.Addrs()[1], s.Addrs()[1])
	s.log.await(t, `"no certificate: the authority could not check the domain" domain=feedback.example.com challenge=tls-alpn-01`)
	s.log.await(t, `"certificate obtained" domain=feedback.example.com`)
	s.log.await(t, `"certificate obtained" domain=second.example.com`)
	s.must(t, 200, "GET", "https://"+domain+"/healthz", "")
	s.must(t, 200, "GET", "https://second.example.com/healthz", "")

	for method, path := range map[string]string{"GET": "/w/shop.js?v=1&x=%2F", "POST": "/w/shop", "OPTIONS": "/w/shop"} {
		res := s.must(t, 308, method, "http://"+domain+path, "")
		if got := res.Header.Get("Location"); got != "https://"+domain+path {
			t.Errorf("%s %s leads to %s", method, path, got)
		}
		if res.Header.Get("Strict-Transport-Security") != "" {
			t.Error("Strict-Transport-Security over plain HTTP")
		}
	}
	s.must(t, 421, "GET", "http://other.example.com/", "")
	s.must(t, 404, "GET", "http://"+domain+"/.well-known/acme-challenge/unknown", "")
}

func TestACertificateIsRenewedAndServedOnWhereThatFails(t *testing.T) {
	authority := startPebble(t)
	cfg := secured(t, authority)
	roots := keepCertificate(t, cfg, 80*24*time.Hour, 10*24*time.Hour) // due for renewal since 20 days
	s := startSecured(t, cfg, roots)
	s.must(t, 200, "GET", "https://"+domain+"/healthz", "")
	authority.CheckAt(t, s.Addrs()[0], s.Addrs()[1])
	s.log.await(t, "certificate obtained")
	s.roots.Store(authority.Roots)
	await(t, func() bool { _, _, err := s.do("GET", "https://"+domain+"/healthz", ""); return err == nil })

	cfg.DB = filepath.Join(t.TempDir(), "askwell.db")
	roots = keepCertificate(t, cfg, 80*24*time.Hour, 10*24*time.Hour)
	authority.Close()
	s = startSecured(t, cfg, roots)
	s.log.await(t, "the certificate authority cannot be reached")
	s.must(t, 200, "GET", "https://"+domain+"/healthz", "")
}

func TestStopDrainsHTTPS(t *testing.T) {
	authority := startPebble(t)
	cfg := secured(t, authority)
	s := startSecured(t, cfg, keepCertificate(t, cfg, 0, 90*24*time.Hour))
	s.publishShop(t)
	conn, err := tls.Dial("tcp", s.Addrs()[0].String(), &tls.Config{ServerName: domain, RootCAs: s.roots.Load()})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	body := batch()
	fmt.Fprintf(conn, "POST /w/shop HTTP/1.1\r\nHost: %s\r\nOrigin: https://shop.example\r\nContent-Type: text/plain\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n", domain, len(body))
	reader := bufio.NewReader(conn)
	if line, err := reader.ReadString('\n'); !strings.Contains(line, "100 Continue") {
		t.Fatal(line, err)
	}
	reader.ReadString('\n')
	stopped := make(chan error)
	go func() { stopped <- s.Stop() }()
	for _, addr := range s.Addrs() {
		await(t, func() bool {
			conn, err := net.Dial("tcp", addr.String())
			if err == nil {
				conn.Close()
			}
			return err != nil
		})
	}
	io.WriteString(conn, body)
	res, err := http.ReadResponse(reader, nil)
	if err != nil {
		t.Fatal(err)
	}
	if text, _ := io.ReadAll(res.Body); res.StatusCode != 200 || !strings.Contains(string(text), `"accepted":["`) {
		t.Errorf("%d %s", res.StatusCode, text)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

func TestWithoutADomainNothingIsStrict(t *testing.T) {
	c := servertest.Start(t, server.Config{HTTPAddr: ":80"})
	if r := c.Must(200, "GET", "/healthz", ""); r.Header.Get("Strict-Transport-Security") != "" || len(c.Addrs()) != 1 {
		t.Errorf("%v %v", r.Header, c.Addrs())
	}
}

func TestWhyItDoesNotStartWithHTTPS(t *testing.T) {
	taken := servertest.Start(t, server.Config{}).Addrs()[0].String()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		change func(*server.Config)
		want   string
	}{
		"the demo":               {func(c *server.Config) { c.Demo = true }, "does not go with --domain"},
		"a URL as domain":        {func(c *server.Config) { c.Domain = []string{"https://" + domain} }, "a name like"},
		"an address as domain":   {func(c *server.Config) { c.Domain = []string{"192.0.2.1"} }, "a name like"},
		"a name without a dot":   {func(c *server.Config) { c.Domain = []string{"localhost"} }, "a name like"},
		"a wildcard":             {func(c *server.Config) { c.Domain = []string{domain, "*.example.com"} }, "name each domain"},
		"a directory over HTTP":  {func(c *server.Config) { c.ACMEDirectory = "http://acme.example/dir" }, "an https:// address"},
		"port 443 in use":        {func(c *server.Config) { c.Addr = taken }, "cannot listen on " + taken + ": bind: address already in use"},
		"port 80 in use":         {func(c *server.Config) { c.HTTPAddr = taken }, "cannot listen on " + taken + ": bind: address already in use"},
		"a folder not for files": {func(c *server.Config) { c.CertDir = file }, "cannot keep certificates"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := server.Config{Addr: "127.0.0.1:0", HTTPAddr: "127.0.0.1:0", DB: filepath.Join(t.TempDir(), "a.db"), LogLevel: "error",
				Domain: []string{domain}, ACMEDirectory: "https://acme.invalid/dir"}
			test.change(&cfg)
			app, err := server.Start(t.Context(), cfg, io.Discard)
			if err == nil {
				app.Stop()
				t.Fatal("it started")
			}
			if !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %q, want one line with %q", err, test.want)
			}
		})
	}
	// Whoever tests as root is never refused a port.
	err := server.ListenError(":443", &net.OpError{Op: "listen", Net: "tcp", Err: &os.SyscallError{Syscall: "bind", Err: syscall.EACCES}})
	if !strings.HasPrefix(err.Error(), "cannot listen on :443: bind: permission denied") || !strings.Contains(err.Error(), "setcap") {
		t.Error(err)
	}
}

// securedApp is a collector with HTTPS, and a client that finds it under its domain.
type securedApp struct {
	*server.App
	Stop  func() error
	log   *logLines
	roots atomic.Pointer[x509.CertPool] // that the client trusts, and no others
}

func secured(t *testing.T, authority *pebble) server.Config {
	cfg := server.Config{Addr: "127.0.0.1:0", HTTPAddr: "127.0.0.1:0", DB: filepath.Join(t.TempDir(), "askwell.db"),
		AdminKey: servertest.Key, LogLevel: "info", Domain: []string{" Feedback.Example.com"}, ACMEDirectory: authority.URL + "/dir"}
	cfg.TrustACME(authority.Client().Transport)
	return cfg
}

func startSecured(t *testing.T, cfg server.Config, roots *x509.CertPool) *securedApp {
	t.Helper()
	s := &securedApp{log: &logLines{lines: make(chan string, 1000)}}
	s.roots.Store(roots)
	app, err := server.Start(t.Context(), cfg, s.log)
	if err != nil {
		t.Fatal(err)
	}
	s.App, s.Stop = app, sync.OnceValue(app.Stop)
	t.Cleanup(func() { s.Stop() })
	return s
}

func (s *securedApp) do(method, url, body string) (*http.Response, string, error) {
	transport := &http.Transport{ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{RootCAs: s.roots.Load()},
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			to := s.Addrs()[0]
			if strings.HasSuffix(addr, ":80") {
				to = s.Addrs()[1]
			}
			return new(net.Dialer).DialContext(ctx, network, to.String())
		}}
	defer transport.CloseIdleConnections()
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		return nil, "", err
	}
	if strings.Contains(url, "/v1/") {
		req.Header.Set("Authorization", "Bearer "+servertest.Key)
		req.Header.Set("Content-Type", "application/json")
	} else {
		req.Header.Set("Origin", "https://shop.example")
		req.Header.Set("Content-Type", "text/plain")
	}
	res, err := transport.RoundTrip(req) // follows no redirect
	if err != nil {
		return nil, "", err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	return res, string(text), err
}

func (s *securedApp) must(t *testing.T, status int, method, url, body string) *http.Response {
	t.Helper()
	res, text, err := s.do(method, url, body)
	if err != nil {
		t.Fatalf("%s %s: %v; the log says\n%s", method, url, err, s.log.text())
	}
	if res.StatusCode != status {
		t.Fatalf("%s %s: got %d, want %d: %s", method, url, res.StatusCode, status, text)
	}
	return res
}

func (s *securedApp) publishShop(t *testing.T) {
	t.Helper()
	s.must(t, 200, "PUT", "https://"+domain+"/v1/sites/shop", servertest.ShopSite)
	s.must(t, 200, "PUT", "https://"+domain+"/v1/sites/shop/surveys/exit", servertest.ExitDoc)
	s.must(t, 200, "POST", "https://"+domain+"/v1/sites/shop/surveys/exit/publish", "")
}

func batch() string {
	return fmt.Sprintf(`{"sent_at": %d, "responses": [%s]}`, time.Now().UnixMilli(), servertest.Response(servertest.NewID(), `{"nps": 9}`, ""))
}

// await asks until it is so.
func await(t *testing.T, so func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !so(); {
		if time.Now().After(end) {
			t.Fatal("that never came")
		}
	}
}

const patience = 30 * time.Second

// logLines is a log that tests can wait for.
type logLines struct {
	lines chan string
	mu    sync.Mutex
	all   strings.Builder
}

func (l *logLines) Write(line []byte) (int, error) {
	l.mu.Lock()
	l.all.Write(line)
	l.mu.Unlock()
	l.lines <- string(line)
	return len(line), nil
}

func (l *logLines) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}

func (l *logLines) await(t *testing.T, want string) {
	t.Helper()
	late := time.After(patience)
	for {
		select {
		case line := <-l.lines:
			if strings.Contains(line, want) {
				return
			}
		case <-late:
			t.Fatalf("the log never said %q, but\n%s", want, l.text())
		}
	}
}

// keepCertificate puts a certificate where an earlier start would have left it.
func keepCertificate(t *testing.T, cfg server.Config, age, left time.Duration) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{domain},
		NotBefore: time.Now().Add(-age - time.Minute), NotAfter: time.Now().Add(left)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	directory := strings.NewReplacer(":", "-", "/", "-").Replace(strings.TrimPrefix(cfg.ACMEDirectory, "https://"))
	folder := filepath.Join(cfg.DB+".certs", directory)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	text := append(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: private}),
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...)
	if err := os.WriteFile(filepath.Join(folder, domain), text, 0o600); err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(cert)
	return roots
}
