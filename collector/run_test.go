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

func TestAnAnswerComesBackInTheScore(t *testing.T) {
	c := startShop(t)
	for _, score := range []int{10, 9, 9, 7, 3} {
		r := c.send(response(newID(), fmt.Sprintf(`{"nps": %d}`, score), ""))
		if len(r.body["accepted"].([]any)) != 1 {
			t.Fatal(r.text)
		}
	}
	c.send(response(newID(), `{"nps": 0}`, `, "test": true`)) // kept, never in a score
	got := c.must(200, "GET", "/v1/sites/shop/surveys/exit/scores", "").body
	total := got["total"].(map[string]any)
	if total["n"] != 5.0 || total["score"] != 40.0 || got["metric"] != "nps" || got["question"] != "nps" ||
		!strings.Contains(got["formula"].(string), "promoters") || total["interval"].(map[string]any)["method"] != "adjusted-wald" {
		t.Errorf("got %v", got)
	}
	if n := len(c.responses()); n != 6 {
		t.Errorf("got %d responses, want 6", n)
	}
}

func TestScoresTakeATimeRangeAndNoUnknownParameter(t *testing.T) {
	c := startShop(t)
	c.send(response(newID(), `{"nps": 9}`, ""))
	const path = "/v1/sites/shop/surveys/exit/scores"
	now := time.Now().UnixMilli()
	for query, want := range map[string]float64{
		fmt.Sprintf("?from=%d", now-60_000):                   1,
		fmt.Sprintf("?from=%d", now+60_000):                   0,
		fmt.Sprintf("?to=%d", now-60_000):                     0,
		fmt.Sprintf("?from=%d&to=%d", now-60_000, now+60_000): 1,
	} {
		if got := c.must(200, "GET", path+query, "").body["total"].(map[string]any)["n"]; got != want {
			t.Errorf("%s: n is %v, want %v", query, got, want)
		}
	}
	isProblem(t, c.must(422, "GET", path+"?frm=1", ""))
	isProblem(t, c.must(422, "GET", path+"?question=why", ""))
}

func TestAClientsWordsDoNotBecomeLabelsOrIDs(t *testing.T) {
	c := startShop(t)
	r := c.do("EVIL", "/v1/sites", "", "X-Request-Id", "theirs")
	if got := r.header.Get("X-Request-Id"); got == "" || got == "theirs" {
		t.Errorf("the request id is %q", got)
	}
	if got := c.must(200, "GET", "/metrics", "", "Authorization", "bearer "+testKey).text; strings.Contains(got, "EVIL") {
		t.Error("a made-up method is a label")
	}
	if r := c.do("HEAD", "/w/shop.js", ""); r.status != 200 {
		t.Errorf("HEAD: %d", r.status)
	}
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

func TestBadBodiesAreRefusedWhole(t *testing.T) {
	c := startShop(t)
	good := response(newID(), `{"nps": 9}`, "")
	tests := map[string]struct {
		body   string
		status int
	}{
		"not JSON":                {`{"sent_at": 1, "responses": [`, 400},
		"not an object":           {`[1, 2]`, 400},
		"responses are no list":   {`{"responses": 7}`, 400},
		"not UTF-8":               {"{\"responses\": [], \"x\": \"\xff\"}", 400},
		"too deep":                {`{"responses": [], "x": ` + strings.Repeat("[", 9) + strings.Repeat("]", 9) + `}`, 400},
		"too large":               {`{"responses": [` + good + `], "x": "` + strings.Repeat("x", 64<<10) + `"}`, 413},
		"more than 50 items":      {`{"responses": [` + good + strings.Repeat(","+good, 50) + `]}`, 413},
		"brackets in a string ok": {`{"responses": [], "x": "[[[[[[[[[[{{{{{{\"[[["}`, 200},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := c.do("POST", "/w/shop", test.body)
			if r.status != test.status {
				t.Fatalf("got %d, want %d: %s", r.status, test.status, r.text)
			}
			if r.header.Get("Access-Control-Allow-Origin") != "*" {
				t.Error("the page cannot read the answer")
			}
			if r.status >= 400 {
				isProblem(t, r)
			}
		})
	}
	if got := c.responses(); len(got) != 0 {
		t.Errorf("stored %v", got)
	}
}

func TestOneBadItemSpoilsNoOther(t *testing.T) {
	c := startShop(t)
	tests := map[string]struct {
		item     string
		status   float64
		location string
	}{
		"unknown survey":               {strings.Replace(response(newID(), `{}`, ""), `"exit"`, `"nope"`, 1), 404, "survey"},
		"unknown version":              {strings.Replace(response(newID(), `{}`, ""), `"version": 1`, `"version": 2`, 1), 404, "version"},
		"unknown question":             {response(newID(), `{"nope": 1}`, ""), 422, "answers.nope"},
		"a score outside its scale":    {response(newID(), `{"nps": 11}`, ""), 422, "answers.nps"},
		"half a score":                 {response(newID(), `{"nps": 8.5}`, ""), 422, "answers.nps"},
		"a score as text":              {response(newID(), `{"nps": "9"}`, ""), 422, "answers.nps"},
		"a choice that does not exist": {response(newID(), `{"reason": "weather"}`, ""), 422, "answers.reason"},
		"a text over its limit":        {response(newID(), `{"why": "more than twenty characters"}`, ""), 422, "answers.why"},
		"an id that is no UUIDv7":      {response("0197c5c0-7d9a-4000-8000-000000000001", `{}`, ""), 422, "id"},
		"a version as text":            {strings.Replace(response(newID(), `{}`, ""), `"version": 1`, `"version": "1"`, 1), 422, "version"},
		"no object at all":             {`7`, 422, ""},
		"null":                         {`null`, 404, "survey"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			before, after := newID(), newID()
			r := c.send(response(before, `{"nps": 9}`, ""), test.item, response(after, `{"nps": 9}`, ""))
			if got := fmt.Sprint(r.body["accepted"]); got != fmt.Sprintf("[%s %s]", before, after) {
				t.Errorf("accepted %s", got)
			}
			rejected := r.body["rejected"].([]any)
			if len(rejected) != 1 {
				t.Fatalf("rejected %v", rejected)
			}
			problem := rejected[0].(map[string]any)["problem"].(map[string]any)
			location := ""
			if first, ok := problem["errors"].([]any)[0].(map[string]any)["location"].(string); ok {
				location = first
			}
			if problem["status"] != test.status || location != test.location {
				t.Errorf("got %v at %q, want %v at %q", problem["status"], location, test.status, test.location)
			}
		})
	}
}

func TestWhoMaySend(t *testing.T) {
	c := startShop(t)
	for name, test := range map[string]struct {
		site, origin string
		status       int
	}{
		"the site's origin":     {"shop", "https://shop.example", 200},
		"a sub-domain":          {"shop", "https://pl.shop.example", 200},
		"another origin":        {"shop", "https://evil.example", 403},
		"an opaque origin":      {"shop", "null", 403},
		"no origin":             {"shop", "", 403},
		"a site that is not":    {"nope", "https://shop.example", 404},
		"a path in a site's id": {"shop%2F..", "https://shop.example", 404},
	} {
		t.Run(name, func(t *testing.T) {
			r := c.do("POST", "/w/"+test.site, `{"responses": []}`, "Origin", test.origin)
			if r.status != test.status {
				t.Fatalf("got %d, want %d: %s", r.status, test.status, r.text)
			}
			if r.header.Get("Access-Control-Allow-Origin") != "*" {
				t.Error("the page cannot read the answer")
			}
		})
	}
	r := c.must(204, "OPTIONS", "/w/shop", "", "Origin", "https://shop.example", "Access-Control-Request-Headers", "content-type")
	if r.header.Get("Access-Control-Allow-Headers") != "Content-Type" {
		t.Errorf("preflight: %v", r.header)
	}
}

func TestKeys(t *testing.T) {
	c := startShop(t)
	reader := c.must(201, "POST", "/v1/keys", `{"name": "analyst", "scope": "read"}`).body["key"].(string)
	writer := c.must(201, "POST", "/v1/keys", `{"name": "ci", "scope": "write"}`).body["key"].(string)
	for name, test := range map[string]struct {
		key, method, path, body string
		status                  int
	}{
		"no key":                    {"", "GET", "/v1/sites", "", 401},
		"a wrong key":               {"Bearer ask_nope", "GET", "/v1/sites", "", 401},
		"a key in another scheme":   {"Basic " + reader, "GET", "/v1/sites", "", 401},
		"reading with read":         {"Bearer " + reader, "GET", "/v1/sites/shop/surveys/exit/scores", "", 200},
		"writing with read":         {"Bearer " + reader, "PUT", "/v1/sites/new", `{"site": "new", "name": "n", "origins": ["https://a.example"]}`, 403},
		"writing with write":        {"Bearer " + writer, "PUT", "/v1/sites/new", `{"site": "new", "name": "n", "origins": ["https://a.example"]}`, 200},
		"making a key with write":   {"Bearer " + writer, "POST", "/v1/keys", `{"name": "x", "scope": "admin"}`, 403},
		"metrics without a key":     {"", "GET", "/metrics", "", 401},
		"metrics with a read key":   {"Bearer " + reader, "GET", "/metrics", "", 200},
		"health needs no key":       {"", "GET", "/healthz", "", 200},
		"readiness needs no key":    {"", "GET", "/readyz", "", 200},
		"the document needs no key": {"", "GET", "/openapi.json", "", 200},
	} {
		t.Run(name, func(t *testing.T) {
			r := c.do(test.method, test.path, test.body, "Authorization", test.key)
			if r.status != test.status {
				t.Fatalf("got %d, want %d: %s", r.status, test.status, r.text)
			}
			if r.status >= 400 {
				isProblem(t, r)
			}
		})
	}
}

func TestDraftsPublishAndStatus(t *testing.T) {
	c := startShop(t)
	const path = "/v1/sites/shop/surveys/exit"
	first := c.must(200, "GET", path, "")
	if first.body["live_version"] != 1.0 || first.body["status"] != "live" {
		t.Fatal(first.text)
	}
	renamed := strings.Replace(exitDoc, `"How likely?"`, `"How likely is it?"`, 1)
	isProblem(t, c.must(412, "PUT", path, renamed)) // exists, and no If-Match
	isProblem(t, c.must(412, "PUT", path, renamed, "If-Match", `"99"`))
	isProblem(t, c.must(412, "PUT", path, renamed, "If-Match", `nonsense`))
	saved := c.must(200, "PUT", path, renamed, "If-Match", first.header.Get("ETag"))
	if saved.body["live_version"] != 1.0 {
		t.Error("saving a draft changed what visitors see")
	}
	isProblem(t, c.must(412, "POST", path+"/publish", "", "If-Match", first.header.Get("ETag")))
	if got := c.must(200, "POST", path+"/publish", "", "If-Match", saved.header.Get("ETag")); got.body["live_version"] != 2.0 {
		t.Error(got.text)
	}
	if got := c.must(200, "POST", path+"/publish", ""); got.body["live_version"] != 2.0 {
		t.Errorf("publishing the same again made a version: %s", got.text)
	}
	live := func() bool { return strings.Contains(c.must(200, "GET", "/w/shop.json", "").text, `"id":"exit"`) }
	c.must(200, "POST", path+"/status", `{"status": "paused"}`)
	if live() {
		t.Error("a paused survey is offered")
	}
	if r := c.send(response(newID(), `{"nps": 1}`, "")); len(r.body["accepted"].([]any)) != 1 {
		t.Errorf("an answer to an earlier version of a paused survey is refused: %s", r.text)
	}
	c.must(200, "POST", path+"/status", `{"status": "live"}`)
	if !live() {
		t.Error("a resumed survey is not offered")
	}
	rescaled := strings.Replace(exitDoc, `"type": "nps"`, `"type": "ces"`, 1)
	r := c.must(422, "PUT", path, rescaled, "If-Match", c.must(200, "GET", path, "").header.Get("ETag"))
	if !strings.Contains(r.text, "questions[0].type") {
		t.Errorf("a published question changed its type: %s", r.text)
	}
}

func TestFilesForPages(t *testing.T) {
	c := startShop(t)
	script := c.must(200, "GET", "/w/shop.js", "")
	if got := script.header.Get("Content-Type"); !strings.HasPrefix(got, "text/javascript") {
		t.Errorf("Content-Type %q", got)
	}
	if strings.Contains(script.text, "How likely") {
		t.Error("the script holds texts, though its URL does not know the page's language")
	}
	c.must(304, "GET", "/w/shop.js", "", "If-None-Match", script.header.Get("ETag"))
	for _, encoding := range []string{"br", "gzip"} {
		if got := c.must(200, "GET", "/w/shop.js", "", "Accept-Encoding", encoding).header.Get("Content-Encoding"); got != encoding {
			t.Errorf("asked for %s, got %q", encoding, got)
		}
	}
	var config struct {
		Surveys []struct{ Faces map[string]string }
	}
	if err := json.Unmarshal([]byte(c.must(200, "GET", "/w/shop.json", "").text), &config); err != nil {
		t.Fatal(err)
	}
	late := c.must(200, "GET", "/w/a/"+config.Surveys[0].Faces["en"]+".js", "")
	if !strings.Contains(late.text, "How likely?") || !strings.Contains(late.header.Get("Cache-Control"), "immutable") {
		t.Errorf("late part: %v", late.header)
	}
	for _, path := range []string{"/w/nope.js", "/w/shop.css", "/w/shop", "/w/a/nope.js", "/w/a/shop", "/w/", "/w/a/b/c"} {
		r := c.do("GET", path, "")
		if r.status != 404 && r.status != 405 {
			t.Errorf("GET %s: %d", path, r.status)
		}
		isProblem(t, r)
		if r.header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("GET %s: no CORS", path)
		}
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
