package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

const (
	testKey  = "an-admin-key-for-tests"
	shopSite = `{"site": "shop", "name": "Shop", "origins": ["https://shop.example", "https://*.shop.example"]}`
	exitDoc  = `{"id": "exit", "name": "Exit", "languages": ["en"], "questions": [
		{"id": "nps", "type": "nps", "title": "How likely?"},
		{"id": "reason", "type": "single_choice", "title": "Why?", "choices": [{"id": "price", "label": "Price"}, {"id": "other", "label": "Other"}]},
		{"id": "why", "type": "text", "title": "Tell us", "max_length": 20}]}`
)

// collector is a whole program on a port of its own, with one site and one live survey.
type collector struct {
	*App
	t *testing.T
}

func start(t *testing.T, cfg Config) *collector {
	t.Helper()
	if cfg.DB == "" {
		cfg.DB = filepath.Join(t.TempDir(), "askwell.db")
	}
	cfg.Addr, cfg.AdminKey, cfg.LogLevel = "127.0.0.1:0", testKey, "error"
	app, err := Start(t.Context(), cfg, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := app.Stop(); err != nil {
			t.Error(err)
		}
	})
	return &collector{app, t}
}

func startShop(t *testing.T) *collector {
	t.Helper()
	c := start(t, Config{})
	c.must(200, "PUT", "/v1/sites/shop", shopSite)
	c.must(200, "PUT", "/v1/sites/shop/surveys/exit", exitDoc)
	c.must(200, "POST", "/v1/sites/shop/surveys/exit/publish", "")
	return c
}

// reply is an answer, its body decoded.
type reply struct {
	status int
	header http.Header
	body   map[string]any
	text   string
}

func (c *collector) do(method, path, body string, headers ...string) reply {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), method, c.URL+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	if strings.HasPrefix(path, "/v1") {
		req.Header.Set("Authorization", "Bearer "+testKey)
		req.Header.Set("Content-Type", "application/json")
	} else if method == http.MethodPost {
		req.Header.Set("Origin", "https://shop.example")
		req.Header.Set("Content-Type", "text/plain")
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Del(headers[i])
		if headers[i+1] != "" {
			req.Header.Set(headers[i], headers[i+1])
		}
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	r := reply{status: res.StatusCode, header: res.Header, text: string(text)}
	json.Unmarshal(text, &r.body)
	return r
}

func (c *collector) must(status int, method, path, body string, headers ...string) reply {
	c.t.Helper()
	r := c.do(method, path, body, headers...)
	if r.status != status {
		c.t.Fatalf("%s %s: got %d, want %d: %s", method, path, r.status, status, r.text)
	}
	return r
}

// send posts a batch, and response makes an item of one.
func (c *collector) send(items ...string) reply {
	c.t.Helper()
	return c.must(200, "POST", "/w/shop", fmt.Sprintf(`{"sent_at": %d, "responses": [%s]}`, time.Now().UnixMilli(), strings.Join(items, ",")))
}

func response(id, answers, more string) string {
	return fmt.Sprintf(`{"id": %q, "survey": "exit", "version": 1, "seq": 1, "state": "completed", "shown_at": %d, "answers": %s%s}`,
		id, time.Now().UnixMilli(), answers, more)
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }

func (c *collector) responses() []any {
	c.t.Helper()
	return c.must(200, "GET", "/v1/sites/shop/surveys/exit/responses", "").body["items"].([]any)
}

func TestAKeyThatWasNeverPrintedWasNeverMade(t *testing.T) {
	taken := startShop(t)
	db := filepath.Join(t.TempDir(), "askwell.db")
	cfg := Config{Addr: strings.Replace(taken.URL, "http://localhost", "127.0.0.1", 1), DB: db, LogLevel: "error"}
	if _, err := Start(t.Context(), cfg, io.Discard); err == nil {
		t.Fatal("it started on a port in use")
	}
	cfg.Addr = "127.0.0.1:0"
	app, err := Start(t.Context(), cfg, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	defer app.Stop()
	if app.AdminKey == "" {
		t.Error("the first key is lost")
	}
}

// isProblem checks that an error is one that clients can read.
func isProblem(t *testing.T, r reply) {
	t.Helper()
	if got := r.header.Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("Content-Type %q: %s", got, r.text)
	}
	if r.body["status"] != float64(r.status) || r.body["title"] == nil || r.body["type"] == nil {
		t.Errorf("not a problem: %s", r.text)
	}
}

func TestWhatWasAcceptedSurvivesAStop(t *testing.T) {
	db := filepath.Join(t.TempDir(), "askwell.db")
	app, err := Start(t.Context(), Config{Addr: "127.0.0.1:0", DB: db, AdminKey: testKey, LogLevel: "error"}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	c := &collector{app, t}
	c.must(200, "PUT", "/v1/sites/shop", shopSite)
	c.must(200, "PUT", "/v1/sites/shop/surveys/exit", exitDoc)
	c.must(200, "POST", "/v1/sites/shop/surveys/exit/publish", "")

	// Clients keep sending while the collector is told to stop: whoever heard "accepted" must be there.
	accepted := make(chan string, 10_000)
	done := make(chan struct{})
	for range 8 {
		go func() {
			defer func() { done <- struct{}{} }()
			for {
				id := newID()
				body := fmt.Sprintf(`{"sent_at": 1, "responses": [%s]}`, response(id, `{"nps": 9}`, ""))
				req, _ := http.NewRequest("POST", app.URL+"/w/shop", strings.NewReader(body))
				req.Header.Set("Origin", "https://shop.example")
				res, err := http.DefaultClient.Do(req)
				if err != nil {
					return // stopped
				}
				text, err := io.ReadAll(res.Body)
				res.Body.Close()
				if err != nil || res.StatusCode != 200 {
					return
				}
				if bytes.Contains(text, []byte(`"accepted":["`+id)) {
					accepted <- id
				}
			}
		}()
	}
	first := <-accepted // the load is running
	if err := app.Stop(); err != nil {
		t.Error(err)
	}
	for range 8 {
		<-done
	}
	close(accepted)

	again := start(t, Config{DB: db})
	stored := map[string]bool{}
	for cursor := ""; ; {
		page := again.must(200, "GET", "/v1/sites/shop/surveys/exit/responses?limit=1000&cursor="+cursor, "")
		for _, item := range page.body["items"].([]any) {
			stored[item.(map[string]any)["id"].(string)] = true
		}
		next, more := page.body["next"].(string)
		if !more {
			break
		}
		cursor = next
	}
	n := 1
	if !stored[first] {
		t.Errorf("lost %s", first)
	}
	for id := range accepted {
		n++
		if !stored[id] {
			t.Errorf("lost %s", id)
		}
	}
	t.Logf("%d accepted, %d stored", n, len(stored))
}

func TestWhyItDoesNotStart(t *testing.T) {
	c := startShop(t)
	port := strings.TrimPrefix(c.URL, "http://localhost:")
	dir := t.TempDir()
	for name, test := range map[string]struct {
		cfg  Config
		want string
	}{
		"a port in use":        {Config{Addr: "127.0.0.1:" + port, DB: filepath.Join(dir, "a.db")}, "cannot listen on 127.0.0.1:" + port},
		"a folder missing":     {Config{Addr: "127.0.0.1:0", DB: filepath.Join(dir, "none", "a.db")}, "there is no folder"},
		"a folder as file":     {Config{Addr: "127.0.0.1:0", DB: dir}, "cannot open the database " + dir},
		"a short admin key":    {Config{Addr: "127.0.0.1:0", DB: filepath.Join(dir, "b.db"), AdminKey: "short"}, "at least 20"},
		"an unknown log level": {Config{Addr: "127.0.0.1:0", DB: filepath.Join(dir, "c.db"), LogLevel: "loud"}, "loud"},
	} {
		t.Run(name, func(t *testing.T) {
			if test.cfg.LogLevel == "" {
				test.cfg.LogLevel = "error"
			}
			app, err := Start(t.Context(), test.cfg, io.Discard)
			if err == nil {
				app.Stop()
				t.Fatal("it started")
			}
			if !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %q, want one line with %q", err, test.want)
			}
		})
	}
}
