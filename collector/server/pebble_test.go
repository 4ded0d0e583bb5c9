package server_test

import (
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/letsencrypt/pebble/v2/ca"
	"github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"
	"github.com/miekg/dns"
)

// pebble is Let's Encrypt's own small ACME server, in this process. It checks challenges for real:
// it asks the DNS server below where a name lives, and connects there.
type pebble struct {
	*httptest.Server
	Roots  *x509.CertPool // of the certificates that it issues
	Orders atomic.Int32   // that it was asked for
	log    *log.Logger
	db     *db.MemoryStore
	ca     *ca.CAImpl
	ready  chan http.Handler
}

func startPebble(t *testing.T) *pebble {
	// Pebble waits and refuses at random, to find impatient clients; x/crypto's tests are for that.
	t.Setenv("PEBBLE_VA_NOSLEEP", "1")
	t.Setenv("PEBBLE_WFE_NONCEREJECT", "0")
	t.Setenv("PEBBLE_AUTHZREUSE", "0")
	p := &pebble{log: log.New(io.Discard, "", 0), db: db.NewMemoryStore(), ready: make(chan http.Handler, 1)}
	p.ca = ca.New(p.log, p.db, "", "ecdsa", 0, 1, map[string]ca.Profile{"default": {}})
	p.Roots = x509.NewCertPool()
	p.Roots.AddCert(p.ca.GetRootCert(0).Cert)
	p.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/order-plz" {
			p.Orders.Add(1)
		}
		handler := <-p.ready // it does not answer before it knows where to check
		p.ready <- handler
		handler.ServeHTTP(w, r)
	}))
	t.Cleanup(p.Close)
	return p
}

// CheckAt tells pebble which ports stand for 443 and 80.
func (p *pebble) CheckAt(t *testing.T, https, http net.Addr) {
	checks := va.New(p.log, port(http), port(https), false, nameServer(t), p.db)
	front := wfe.New(p.log, p.db, checks, p.ca, []string{"pebble.letsencrypt.org"}, false, false, 0, 0)
	p.ready <- front.Handler()
}

func port(addr net.Addr) int { return addr.(*net.TCPAddr).Port }

// nameServer says of every name that it lives on this machine.
func nameServer(t *testing.T) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &dns.Server{Listener: listener, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, question *dns.Msg) {
		answer := new(dns.Msg).SetReply(question)
		if q := question.Question[0]; q.Qtype == dns.TypeA {
			answer.Answer = []dns.RR{&dns.A{Hdr: dns.RR_Header{Name: q.Name, Rrtype: q.Qtype, Class: q.Qclass}, A: net.IPv4(127, 0, 0, 1)}}
		}
		_ = w.WriteMsg(answer)
	})}
	go server.ActivateAndServe()
	t.Cleanup(func() { listener.Close() })
	return listener.Addr().String()
}
