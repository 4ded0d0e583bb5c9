package server_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/askwell/askwell/collector/server"
	"github.com/askwell/askwell/collector/servertest"
)

// ask asks for a survey of the shop as a page does, and returns the rule that says no.
func ask(c *servertest.Collector, survey, more string) string {
	c.T.Helper()
	r := c.Must(200, "POST", "/w/shop/ask", fmt.Sprintf(`{"survey": %q, %s}`, survey, more))
	if r.Header.Get("Access-Control-Allow-Origin") != "*" {
		c.T.Error("the page cannot read the answer")
	}
	reason, _ := r.Body["reason"].(string)
	if show := r.Body["show"].(bool); show != (reason == "") {
		c.T.Errorf("got %s", r.Text)
	}
	return reason
}

func TestAskKnowsWhatOtherBrowsersSent(t *testing.T) {
	const day = 24 * time.Hour
	clock := time.Now()
	c := servertest.Start(t, server.Config{Hooks: server.Hooks{Now: func() time.Time { return clock }}})
	c.MakeShop()
	publish(c, `, "frequency": {"min_gap_days": 5, "after_dismissal_days": 10, "max_shows": 2}`)
	c.Must(200, "PUT", "/v1/sites/shop/surveys/other", strings.Replace(servertest.ExitDoc, `"exit"`, `"other"`, 1))
	c.Must(200, "POST", "/v1/sites/shop/surveys/other/publish", "")
	// sent is a response by a user, so long ago by the clock of their page.
	sent := func(user, survey, state, answers string, ago time.Duration, more string) {
		t.Helper()
		at := clock.Add(-ago).UnixMilli()
		c.Must(200, "POST", "/w/shop", fmt.Sprintf(`{"sent_at": %d, "responses": [{"id": %q, "survey": %q, "version": 1, "seq": 1, "state": %q, "shown_at": %d, "answers": %s, "user": %q, "visitor": %q%s}]}`,
			clock.UnixMilli(), servertest.NewID(), survey, state, at, answers, user, servertest.NewID(), strings.ReplaceAll(more, "AT", fmt.Sprint(at))))
	}
	const dismissed = `, "dismissed_at": AT`
	sent("completed", "exit", "completed", `{"nps": 9}`, 20*day, "")
	sent("half-way", "exit", "partial", `{"nps": 9}`, 20*day, dismissed)
	sent("another", "other", "completed", `{"nps": 9}`, 20*day, "")
	sent("another just now", "other", "completed", `{"nps": 9}`, 4*day, "")
	sent("twice", "exit", "shown", `{}`, 29*day, "")
	sent("twice", "exit", "shown", `{}`, 20*day, "")
	sent("dismissed", "exit", "shown", `{}`, 9*day, dismissed)
	sent("dismissed long ago", "exit", "shown", `{}`, 11*day, dismissed)
	sent("a test", "exit", "completed", `{"nps": 9}`, 0, `, "test": true`)
	sent("a bot", "exit", "completed", `{"nps": 9}`, 0, `, "trap": true`)
	for user, want := range map[string]string{
		"nobody": "", "completed": "answered", "half-way": "answered", "another": "", "another just now": "min_gap_days", "twice": "max_shows",
		"dismissed": "after_dismissal_days", "dismissed long ago": "", "a test": "", "a bot": "",
	} {
		if got := ask(c, "exit", fmt.Sprintf(`"user": %q`, user)); got != want {
			t.Errorf("%s: got %q, want %q", user, got, want)
		}
	}
	if got := ask(c, "exit", `"user": ""`); got != "" {
		t.Errorf("nobody in particular: got %q", got)
	}

	site := c.Must(200, "GET", "/v1/sites/shop", "")
	c.Must(200, "PUT", "/v1/sites/shop", strings.Replace(servertest.ShopSite, `"name"`, `"fatigue": {"days_apart": 25}, "name"`, 1), "If-Match", site.Header.Get("ETag"))
	if got := ask(c, "exit", `"user": "another"`); got != "days_apart" {
		t.Errorf("where the site wants more days: got %q", got)
	}

	clock = clock.Add(30 * day)
	if got := ask(c, "exit", `"user": "another just now"`); got != "" {
		t.Errorf("a month later: got %q", got)
	}
	if got := ask(c, "exit", `"user": "completed"`); got != "answered" {
		t.Errorf("a month after an answer: got %q", got)
	}
	c.Must(200, "POST", "/v1/sites/shop/erase", `{"user": "completed"}`)
	if got := ask(c, "exit", `"user": "completed"`); got != "" {
		t.Errorf("after an erasure: got %q", got)
	}
}

func TestAskKnowsOfAFullQuota(t *testing.T) {
	c := servertest.StartShop(t)
	publish(c, `, "quota": {"completed": 1}`)
	if got := ask(c, "exit", `"user": "u"`); got != "" {
		t.Errorf("before: got %q", got)
	}
	c.Send(servertest.Response(servertest.NewID(), `{"nps": 9}`, ""))
	if got := ask(c, "exit", `"user": "u"`); got != "quota" {
		t.Errorf("after: got %q", got)
	}
}

func TestAskTellsNothingOfAUserThatIsNotProven(t *testing.T) {
	c := servertest.StartShop(t)
	const shop = "/v1/sites/shop"
	secret := c.Must(200, "POST", shop+"/secret", "").Body["secret"].(string)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("u-42"))
	signed := hex.EncodeToString(mac.Sum(nil))
	c.Send(servertest.Response(servertest.NewID(), `{"nps": 9}`, fmt.Sprintf(`, "user": "u-42", "user_sig": %q`, signed)))
	for _, required := range []bool{false, true} {
		if required {
			etag := c.Must(200, "GET", shop, "").Header.Get("ETag")
			c.Must(200, "PUT", shop, strings.Replace(servertest.ShopSite, `"name"`, `"require_signed_users": true, "name"`, 1), "If-Match", etag)
		}
		for signature, told := range map[string]bool{signed: true, signed[:63]: false, "x": false, "": false} {
			got := ask(c, "exit", fmt.Sprintf(`"user": "u-42", "user_sig": %q`, signature))
			if (got == "answered") != told {
				t.Errorf("required %v, signature %q: got %q", required, signature, got)
			}
		}
	}
	if n := c.Metric(`askwell_users_unproven_total{signature="wrong"}`); n != 0 {
		t.Errorf("%v responses are counted that nobody sent", n)
	}
}

// What a page posts beside its responses is let in by the same rules as those.
func TestSmallPostsAreRefusedLikeBatches(t *testing.T) {
	c := servertest.StartShop(t)
	c.Must(200, "PUT", "/v1/sites/shop/surveys/paused", strings.Replace(servertest.ExitDoc, `"exit"`, `"paused"`, 1))
	for _, path := range []string{"/w/shop/ask", "/w/shop/dry"} {
		const body = `{"survey": "exit", "user": "u", "trigger": "url"}`
		for name, test := range map[string]struct {
			path, body string
			headers    []string
			status     int
		}{
			"another origin":                {path, body, []string{"Origin", "https://evil.example"}, 403},
			"no origin":                     {path, body, []string{"Origin", ""}, 403},
			"an unknown site":               {strings.Replace(path, "shop", "nope", 1), body, nil, 404},
			"an unknown survey":             {path, `{"survey": "nope", "trigger": "url"}`, nil, 404},
			"a survey that is not live":     {path, `{"survey": "paused", "trigger": "url"}`, nil, 404},
			"no survey":                     {path, `{}`, nil, 404},
			"not JSON":                      {path, `{"survey": `, nil, 400},
			"not UTF-8":                     {path, "{\"survey\": \"\xff\"}", nil, 400},
			"a number in place of a survey": {path, `{"survey": 7}`, nil, 422},
			"a list":                        {path, `[]`, nil, 422},
			"more than 8 KiB":               {path, `{"survey": "` + strings.Repeat("x", 8<<10) + `"}`, nil, 413},
		} {
			r := c.Do("POST", test.path, test.body, test.headers...)
			if r.Status != test.status {
				t.Errorf("%s: %s: got %d, want %d: %s", path, name, r.Status, test.status, r.Text)
			}
			servertest.IsProblem(t, r)
			if r.Header.Get("Access-Control-Allow-Origin") != "*" {
				t.Errorf("%s: %s: the page cannot read the error", path, name)
			}
		}
		if r := c.Do("OPTIONS", path, ""); r.Status != http.StatusNoContent || r.Header.Get("Access-Control-Allow-Methods") != "GET, POST" {
			t.Errorf("%s: a preflight gives %d", path, r.Status)
		}
	}
	limited := servertest.Start(t, server.Config{RateAddress: 0.1})
	limited.MakeShop()
	limited.Must(200, "POST", "/w/shop/ask", `{"survey": "exit", "user": "u"}`)
	for _, path := range []string{"/w/shop/ask", "/w/shop/dry", "/w/shop"} {
		if r := limited.Do("POST", path, `{"survey": "exit"}`); r.Status != 429 {
			t.Errorf("%s: got %d, want 429: %s", path, r.Status, r.Text)
		}
	}
}
