// Package servertest starts whole collectors for tests, and speaks to them as pages and keys do.
package servertest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/askwell/askwell/collector/server"
)

const (
	// Browser is the User-Agent of a visitor.
	Browser = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"

	Key      = "an-admin-key-for-tests"
	ShopSite = `{"site": "shop", "name": "Shop", "origins": ["https://shop.example", "https://*.shop.example"]}`
	ExitDoc  = `{"id": "exit", "name": "Exit", "languages": ["en"], "questions": [
		{"id": "nps", "type": "nps", "title": "How likely?"},
		{"id": "reason", "type": "single_choice", "title": "Why?", "choices": [{"id": "price", "label": "Price"}, {"id": "other", "label": "Other"}]},
		{"id": "why", "type": "text", "title": "Tell us", "max_length": 20}]}`
)

// Collector is a whole program on a port of its own, with one site and one live survey.
type Collector struct {
	*server.App
	T *testing.T
}

func Start(t *testing.T, cfg server.Config) *Collector {
	t.Helper()
	if cfg.DB == "" {
		cfg.DB = filepath.Join(t.TempDir(), "askwell.db")
	}
	cfg.Addr, cfg.AdminKey, cfg.LogLevel = "127.0.0.1:0", Key, "error"
	app, err := server.Start(t.Context(), cfg, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := app.Stop(); err != nil {
			t.Error(err)
		}
	})
	return &Collector{app, t}
}

// StartShop starts a collector with one site and one live survey.
func StartShop(t *testing.T) *Collector {
	t.Helper()
	c := Start(t, server.Config{})
	c.MakeShop()
	return c
}

// MakeShop makes the site and its survey.
func (c *Collector) MakeShop() {
	c.T.Helper()
	c.Must(200, "PUT", "/v1/sites/shop", ShopSite)
	c.Must(200, "PUT", "/v1/sites/shop/surveys/exit", ExitDoc)
	c.Must(200, "POST", "/v1/sites/shop/surveys/exit/publish", "")
}

// Metric is the value of a metric, with its labels as /metrics writes them; 0 where it is not there.
func (c *Collector) Metric(name string) float64 {
	c.T.Helper()
	text := c.Must(200, "GET", "/metrics", "", "Authorization", "Bearer "+Key).Text
	for line := range strings.Lines(text) {
		if value, ok := strings.CutPrefix(line, name+" "); ok {
			n, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			if err != nil {
				c.T.Fatal(err)
			}
			return n
		}
	}
	return 0
}

// Reply is an answer, its body decoded.
type Reply struct {
	Status int
	Header http.Header
	Body   map[string]any
	Text   string
}

func (c *Collector) Do(method, path, body string, headers ...string) Reply {
	c.T.Helper()
	req, err := http.NewRequestWithContext(c.T.Context(), method, c.URL+path, strings.NewReader(body))
	if err != nil {
		c.T.Fatal(err)
	}
	if strings.HasPrefix(path, "/v1") {
		req.Header.Set("Authorization", "Bearer "+Key)
		req.Header.Set("Content-Type", "application/json")
	} else if method == http.MethodPost {
		req.Header.Set("Origin", "https://shop.example")
		req.Header.Set("Content-Type", "text/plain")
	}
	req.Header.Set("User-Agent", Browser)
	for i := 0; i < len(headers); i += 2 {
		req.Header.Del(headers[i])
		if headers[i] == "Host" {
			req.Host = headers[i+1]
		} else if headers[i+1] != "" {
			req.Header.Set(headers[i], headers[i+1])
		}
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		c.T.Fatal(err)
	}
	defer res.Body.Close()
	streams := res.Header.Get("Content-Type") == "text/event-stream"
	if streams { // which has no end: what comes at once is taken
		time.AfterFunc(300*time.Millisecond, func() { res.Body.Close() })
	}
	text, err := io.ReadAll(res.Body)
	if err != nil && !streams {
		c.T.Fatal(err)
	}
	r := Reply{Status: res.StatusCode, Header: res.Header, Text: string(text)}
	json.Unmarshal(text, &r.Body)
	return r
}

func (c *Collector) Must(status int, method, path, body string, headers ...string) Reply {
	c.T.Helper()
	r := c.Do(method, path, body, headers...)
	if r.Status != status {
		c.T.Fatalf("%s %s: got %d, want %d: %s", method, path, r.Status, status, r.Text)
	}
	return r
}

// send posts a batch, and response makes an item of one.
func (c *Collector) Send(items ...string) Reply {
	c.T.Helper()
	return c.Must(200, "POST", "/w/shop", fmt.Sprintf(`{"sent_at": %d, "responses": [%s]}`, time.Now().UnixMilli(), strings.Join(items, ",")))
}

// Response makes an item of a batch.
func Response(id, answers, more string) string {
	return fmt.Sprintf(`{"id": %q, "survey": "exit", "version": 1, "seq": 1, "state": "completed", "shown_at": %d, "answers": %s%s}`,
		id, time.Now().UnixMilli(), answers, more)
}

// NewID is the id of a new response.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }

func (c *Collector) Responses() []any {
	c.T.Helper()
	return c.Must(200, "GET", "/v1/sites/shop/surveys/exit/responses", "").Body["items"].([]any)
}

// IsProblem checks that an error is one that clients can read.
func IsProblem(t *testing.T, r Reply) {
	t.Helper()
	if got := r.Header.Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("Content-Type %q: %s", got, r.Text)
	}
	if r.Body["status"] != float64(r.Status) || r.Body["title"] == nil || r.Body["type"] == nil {
		t.Errorf("not a problem: %s", r.Text)
	}
}
