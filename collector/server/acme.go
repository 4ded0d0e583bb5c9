package server

import (
	"bytes"
	"cmp"
	"context"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/acme/autocert"
)

// autocert says nothing of what it does: renewals fail in silence, and why an authority refused is
// lost. So the log is kept at its two edges: what it stores, and what the authority answers.

// certCache logs each certificate that was obtained.
type certCache struct {
	autocert.Cache
	log *slog.Logger
	mu  sync.Mutex
}

func (c *certCache) Put(ctx context.Context, key string, data []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	// Every handshake that waited for a certificate stores it again.
	if old, err := c.Get(ctx, key); err == nil && bytes.Equal(old, data) {
		return nil
	}
	err := c.Cache.Put(ctx, key, data)
	if err != nil {
		c.log.Error("cannot keep what the next start needs for HTTPS", "what", key, "error", err)
	}
	if domain, kind, _ := strings.Cut(key, "+"); kind == "" || kind == "rsa" { // not a token, nor the account
		c.log.Info("certificate obtained", "domain", domain, "until", expiry(data))
	}
	return err
}

// expiry is the day on which the first certificate of a PEM file ends.
func expiry(data []byte) string {
	for {
		var block *pem.Block
		if block, data = pem.Decode(data); block == nil {
			return ""
		}
		if cert, err := x509.ParseCertificate(block.Bytes); err == nil {
			return cert.NotAfter.UTC().Format(time.DateOnly)
		}
	}
}

// acmeTransport carries what autocert says to the authority, and logs why it got no certificate.
type acmeTransport struct {
	ctx  context.Context // ends with the collector; autocert itself cannot be stopped
	next http.RoundTripper
	log  *slog.Logger
	mu   sync.Mutex
	said map[string]time.Time
}

const (
	acmeTimeout = 30 * time.Second
	acmeMaxBody = 1 << 20
	acmeQuiet   = 10 * time.Minute // the same failure is said once in that time: autocert asks again and again
)

func newACMEClient(ctx context.Context, next http.RoundTripper, log *slog.Logger) *http.Client {
	if next == nil {
		next = http.DefaultTransport
	}
	return &http.Client{Timeout: acmeTimeout,
		Transport: &acmeTransport{ctx: ctx, next: next, log: log, said: map[string]time.Time{}}}
}

func (t *acmeTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := t.ctx.Err(); err != nil {
		return nil, err
	}
	res, err := t.next.RoundTrip(r)
	if err != nil {
		t.warn(r.URL.Host, "the certificate authority cannot be reached", "authority", r.URL.Host, "error", err)
		return nil, err
	}
	if kind := res.Header.Get("Content-Type"); strings.HasPrefix(kind, "application/json") || strings.HasPrefix(kind, "application/problem+json") {
		body, err := io.ReadAll(io.LimitReader(res.Body, acmeMaxBody))
		res.Body.Close()
		if err != nil {
			return nil, err
		}
		res.Body = io.NopCloser(bytes.NewReader(body))
		t.explain(r.URL.Host, res.StatusCode, body)
	}
	return res, nil
}

type acmeProblem struct{ Type, Detail string }

// explain logs a refusal: a problem as the answer, or as the result of a challenge.
func (t *acmeTransport) explain(authority string, status int, body []byte) {
	var doc struct {
		acmeProblem
		Identifier struct{ Value string }
		Challenges []struct {
			Type  string
			Error *acmeProblem
		}
	}
	// Not an object, or one with other fields: nothing to explain.
	_ = json.Unmarshal(body, &doc)
	for _, challenge := range doc.Challenges {
		if p := challenge.Error; p != nil {
			t.warn(doc.Identifier.Value+challenge.Type+p.Type, "no certificate: the authority could not check the domain",
				"domain", doc.Identifier.Value, "challenge", challenge.Type, "reason", p.Detail)
		}
	}
	if status >= 400 && !strings.HasSuffix(doc.Type, ":badNonce") { // which is asked again at once
		t.warn(authority+doc.Type, "the certificate authority refused",
			"authority", authority, "reason", cmp.Or(doc.Detail, doc.Type, http.StatusText(status)))
	}
}

func (t *acmeTransport) warn(key, message string, about ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	if t.ctx.Err() != nil || now.Sub(t.said[key]) < acmeQuiet {
		return
	}
	t.said[key] = now // as many keys as domains and kinds of failure
	t.log.Warn(message, about...)
}
