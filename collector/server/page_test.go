package server_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/askwell/askwell/collector/servertest"
)

// What pages touch: /w/.

func TestBadBodiesAreRefusedWhole(t *testing.T) {
	c := servertest.StartShop(t)
	good := servertest.Response(servertest.NewID(), `{"nps": 9}`, "")
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
			r := c.Do("POST", "/w/shop", test.body)
			if r.Status != test.status {
				t.Fatalf("got %d, want %d: %s", r.Status, test.status, r.Text)
			}
			if r.Header.Get("Access-Control-Allow-Origin") != "*" {
				t.Error("the page cannot read the answer")
			}
			if r.Status >= 400 {
				servertest.IsProblem(t, r)
			}
		})
	}
	if got := c.Responses(); len(got) != 0 {
		t.Errorf("stored %v", got)
	}
}

func TestOneBadItemSpoilsNoOther(t *testing.T) {
	c := servertest.StartShop(t)
	tests := map[string]struct {
		item     string
		status   float64
		location string
	}{
		"unknown survey":               {strings.Replace(servertest.Response(servertest.NewID(), `{}`, ""), `"exit"`, `"nope"`, 1), 404, "survey"},
		"unknown version":              {strings.Replace(servertest.Response(servertest.NewID(), `{}`, ""), `"version": 1`, `"version": 2`, 1), 404, "version"},
		"unknown question":             {servertest.Response(servertest.NewID(), `{"nope": 1}`, ""), 422, "answers.nope"},
		"a score outside its scale":    {servertest.Response(servertest.NewID(), `{"nps": 11}`, ""), 422, "answers.nps"},
		"half a score":                 {servertest.Response(servertest.NewID(), `{"nps": 8.5}`, ""), 422, "answers.nps"},
		"a score as text":              {servertest.Response(servertest.NewID(), `{"nps": "9"}`, ""), 422, "answers.nps"},
		"a choice that does not exist": {servertest.Response(servertest.NewID(), `{"reason": "weather"}`, ""), 422, "answers.reason"},
		"a text over its limit":        {servertest.Response(servertest.NewID(), `{"why": "more than twenty characters"}`, ""), 422, "answers.why"},
		"an id that is no UUIDv7":      {servertest.Response("0197c5c0-7d9a-4000-8000-000000000001", `{}`, ""), 422, "id"},
		"a version as text":            {strings.Replace(servertest.Response(servertest.NewID(), `{}`, ""), `"version": 1`, `"version": "1"`, 1), 422, "version"},
		"no object at all":             {`7`, 422, ""},
		"null":                         {`null`, 404, "survey"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			before, after := servertest.NewID(), servertest.NewID()
			r := c.Send(servertest.Response(before, `{"nps": 9}`, ""), test.item, servertest.Response(after, `{"nps": 9}`, ""))
			if got := fmt.Sprint(r.Body["accepted"]); got != fmt.Sprintf("[%s %s]", before, after) {
				t.Errorf("accepted %s", got)
			}
			rejected := r.Body["rejected"].([]any)
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
	c := servertest.StartShop(t)
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
			r := c.Do("POST", "/w/"+test.site, `{"responses": []}`, "Origin", test.origin)
			if r.Status != test.status {
				t.Fatalf("got %d, want %d: %s", r.Status, test.status, r.Text)
			}
			if r.Header.Get("Access-Control-Allow-Origin") != "*" {
				t.Error("the page cannot read the answer")
			}
		})
	}
	r := c.Must(204, "OPTIONS", "/w/shop", "", "Origin", "https://shop.example", "Access-Control-Request-Headers", "content-type")
	if r.Header.Get("Access-Control-Allow-Headers") != "Content-Type" {
		t.Errorf("preflight: %v", r.Header)
	}
}

func TestFilesForPages(t *testing.T) {
	c := servertest.StartShop(t)
	script := c.Must(200, "GET", "/w/shop.js", "")
	if got := script.Header.Get("Content-Type"); !strings.HasPrefix(got, "text/javascript") {
		t.Errorf("Content-Type %q", got)
	}
	if strings.Contains(script.Text, "How likely") {
		t.Error("the script holds texts, though its URL does not know the page's language")
	}
	c.Must(304, "GET", "/w/shop.js", "", "If-None-Match", script.Header.Get("ETag"))
	for _, encoding := range []string{"br", "gzip"} {
		if got := c.Must(200, "GET", "/w/shop.js", "", "Accept-Encoding", encoding).Header.Get("Content-Encoding"); got != encoding {
			t.Errorf("asked for %s, got %q", encoding, got)
		}
	}
	var config struct {
		Surveys []struct{ Faces map[string]string }
	}
	if err := json.Unmarshal([]byte(c.Must(200, "GET", "/w/shop.json", "").Text), &config); err != nil {
		t.Fatal(err)
	}
	late := c.Must(200, "GET", "/w/a/"+config.Surveys[0].Faces["en"]+".js", "")
	if !strings.Contains(late.Text, "How likely?") || !strings.Contains(late.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("late part: %v", late.Header)
	}
	for _, encoding := range []string{"br", "gzip", ""} {
		texts := c.Must(200, "GET", "/w/a/"+config.Surveys[0].Faces["en"]+".json", "", "Accept-Encoding", encoding)
		if got := texts.Header; got.Get("Content-Encoding") != encoding || got.Get("Cache-Control") != late.Header.Get("Cache-Control") ||
			got.Get("Content-Type") != "application/json" || got.Get("ETag") == late.Header.Get("ETag") {
			t.Errorf("the texts, asked for as %q: %v", encoding, got)
		}
		if encoding == "" && !strings.Contains(texts.Text, `"How likely?"`) {
			t.Errorf("the texts are %s", texts.Text)
		}
		c.Must(304, "GET", "/w/a/"+config.Surveys[0].Faces["en"]+".json", "", "If-None-Match", texts.Header.Get("ETag"))
	}
	for _, path := range []string{"/w/nope.js", "/w/shop.css", "/w/shop", "/w/a/nope.js", "/w/a/nope.json", "/w/a/queue.json", "/w/a/shop", "/w/", "/w/a/b/c"} {
		r := c.Do("GET", path, "")
		if r.Status != 404 && r.Status != 405 {
			t.Errorf("GET %s: %d", path, r.Status)
		}
		servertest.IsProblem(t, r)
		if r.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("GET %s: no CORS", path)
		}
	}
}
