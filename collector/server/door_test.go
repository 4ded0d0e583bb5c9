package server_test

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/askwell/askwell/collector/server"
	"github.com/askwell/askwell/collector/servertest"
	"github.com/askwell/askwell/collector/store"
)

// Who may send, and what becomes of it.

func TestOnlyPeopleReachAScore(t *testing.T) {
	c := servertest.Start(t, server.Config{FastestAnswer: 300 * time.Millisecond})
	c.MakeShop()
	shown := time.Now().UnixMilli() - 60_000
	at := func(more string) string {
		return fmt.Sprintf(`{"id": %q, "survey": "exit", "version": 1, "seq": 1, "state": "completed", "shown_at": %d, "answers": {"nps": 9}, %s}`,
			servertest.NewID(), shown, more)
	}
	tests := []struct {
		name, item, agent, class string
	}{
		{"a person", at(fmt.Sprintf(`"completed_at": %d`, shown+5000)), servertest.Browser, "live"},
		{"a person who is quick", at(fmt.Sprintf(`"completed_at": %d`, shown+300)), servertest.Browser, "live"},
		{"quicker than a person", at(fmt.Sprintf(`"completed_at": %d`, shown+299)), servertest.Browser, "bot"},
		{"a crawler", at(`"language": "en"`), "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)", "bot"},
		{"a headless browser", at(`"language": "en"`), strings.Replace(servertest.Browser, "Chrome", "HeadlessChrome", 1), "bot"},
		{"who fills in what no person sees", at(`"trap": true`), servertest.Browser, "bot"},
		{"a test", at(`"test": true`), servertest.Browser, "test"},
		{"a test by a program", at(`"test": true`), "curl/8", "test"},
	}
	want := map[string]float64{}
	for _, test := range tests {
		r := c.Must(200, "POST", "/w/shop", fmt.Sprintf(`{"sent_at": %d, "responses": [%s]}`, time.Now().UnixMilli(), test.item), "User-Agent", test.agent)
		if len(r.Body["accepted"].([]any)) != 1 {
			t.Fatalf("%s: %s", test.name, r.Text)
		}
		want[test.class]++
		id := r.Body["accepted"].([]any)[0]
		for _, item := range c.Responses() {
			if item := item.(map[string]any); item["id"] == id && item["class"] != test.class {
				t.Errorf("%s is of class %v, want %s", test.name, item["class"], test.class)
			}
		}
	}
	total := c.Must(200, "GET", "/v1/sites/shop/surveys/exit/scores", "").Body["total"].(map[string]any)
	if total["n"] != want["live"] {
		t.Errorf("the score counts %v, want the %v live ones", total["n"], want["live"])
	}
	for class, n := range want {
		if got := c.Metric("askwell_responses_accepted_total{class=\"" + class + "\"}"); got != n {
			t.Errorf("%v of class %s are counted, want %v", got, class, n)
		}
	}
}

func TestUsersAreProvenWhereASiteAsks(t *testing.T) {
	c := servertest.StartShop(t)
	const shop = "/v1/sites/shop"
	secret := c.Must(200, "POST", shop+"/secret", "").Body["secret"].(string)
	mac := hmac.New(sha256.New, []byte(secret)) // as the site's server does it, in any language
	mac.Write([]byte("u-42"))
	signed := hex.EncodeToString(mac.Sum(nil))
	etag := c.Must(200, "GET", shop, "").Header.Get("ETag")
	send := func(user, signature string) map[string]any {
		t.Helper()
		c.Send(servertest.Response(servertest.NewID(), `{"nps": 9}`, fmt.Sprintf(`, "user": %q, "user_sig": %q, "traits": {"plan": "pro"}`, user, signature)))
		return c.Responses()[0].(map[string]any)
	}
	for _, required := range []bool{false, true} {
		if required {
			c.Must(200, "PUT", shop, strings.Replace(servertest.ShopSite, `"name"`, `"require_signed_users": true, "name"`, 1), "If-Match", etag)
		}
		for name, test := range map[string]struct {
			user, signature string
			proven          bool
		}{
			"signed":                {"u-42", signed, true},
			"signed for another":    {"u-43", signed, false},
			"a signature cut short": {"u-42", signed[:63], false},
			"unsigned":              {"u-42", "", !required},
		} {
			got := send(test.user, test.signature)
			if (got["user"] == test.user) != test.proven || (got["traits"] != nil) != test.proven {
				t.Errorf("required %v, %s: stored as %v with traits %v", required, name, got["user"], got["traits"])
			}
		}
	}
	if wrong, missing := c.Metric(`askwell_users_unproven_total{signature="wrong"}`), c.Metric(`askwell_users_unproven_total{signature="missing"}`); wrong != 4 || missing != 1 {
		t.Errorf("counted %v wrong and %v missing, want 4 and 1", wrong, missing)
	}
}

func TestRatesAreLimitedByAddressAndBySite(t *testing.T) {
	c := servertest.Start(t, server.Config{RateAddress: 1, TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	c.MakeShop()
	post := func(from string) servertest.Reply {
		return c.Do("POST", "/w/shop", `{"responses": []}`, "X-Forwarded-For", from)
	}
	limited := false
	for range 30 { // ten at once, and one a second: thirty take less than twenty seconds
		r := post("203.0.113.7")
		if r.Status == 429 {
			limited = true
			servertest.IsProblem(t, r)
			if wait, err := strconv.Atoi(r.Header.Get("Retry-After")); err != nil || wait < 1 || wait > 2 {
				t.Errorf("Retry-After %q", r.Header.Get("Retry-After"))
			}
			if r.Header.Get("Access-Control-Expose-Headers") != "Retry-After" {
				t.Error("the page cannot read Retry-After")
			}
			break
		}
	}
	if !limited {
		t.Error("thirty at once from one address were let in")
	}
	// What a client wrote before the proxy appended its address does not count.
	if r := post("198.51.100.1, 203.0.113.7"); r.Status != 429 {
		t.Errorf("a made-up address in front was believed: %d", r.Status)
	}
	if r := post("203.0.113.8"); r.Status != 200 {
		t.Errorf("another address: %d", r.Status)
	}
	if c.Metric(`askwell_batches_refused_total{reason="too_many"}`) != 2 {
		t.Error("the refusals are not counted")
	}

	site := servertest.Start(t, server.Config{RateSite: 1})
	site.MakeShop()
	limited = false
	for range 30 {
		limited = limited || site.Do("POST", "/w/shop", `{"responses": []}`).Status == 429
	}
	if !limited {
		t.Error("thirty at once to one site were let in")
	}
	site.Must(200, "PUT", "/v1/sites/blog", strings.Replace(servertest.ShopSite, `"shop"`, `"blog"`, 1))
	site.Must(200, "POST", "/w/blog", `{"responses": []}`)
}

func TestForwardedAddressOfAStrangerIsNotBelieved(t *testing.T) {
	c := servertest.Start(t, server.Config{RateAddress: 1}) // no proxy is trusted
	c.MakeShop()
	for i := range 30 {
		if c.Do("POST", "/w/shop", `{"responses": []}`, "X-Forwarded-For", fmt.Sprintf("203.0.113.%d", i)).Status == 429 {
			return
		}
	}
	t.Error("a client got around its limit with X-Forwarded-For")
}

func TestCountryComesFromATrustedProxyAlone(t *testing.T) {
	for name, test := range map[string]struct {
		trusted, header string
		want            any
	}{
		"from a trusted proxy": {"127.0.0.0/8", "PL", "PL"},
		"from anyone else":     {"10.0.0.0/8", "PL", nil},
		"unknown to the proxy": {"127.0.0.0/8", "XX", nil},
		"no country":           {"127.0.0.0/8", "<script>", nil},
	} {
		t.Run(name, func(t *testing.T) {
			c := servertest.Start(t, server.Config{TrustedProxies: []netip.Prefix{netip.MustParsePrefix(test.trusted)}, CountryHeader: "CF-IPCountry"})
			c.MakeShop()
			body := fmt.Sprintf(`{"sent_at": %d, "responses": [%s]}`, time.Now().UnixMilli(), servertest.Response(servertest.NewID(), `{"nps": 9}`, ""))
			c.Must(200, "POST", "/w/shop", body, "CF-IPCountry", test.header)
			got := c.Responses()[0].(map[string]any)
			if got["country"] != test.want {
				t.Errorf("country %v, want %v", got["country"], test.want)
			}
			if got["browser"] != "Chrome" || got["system"] != "Windows" || got["device"] != "desktop" {
				t.Errorf("browser %v, system %v, device %v", got["browser"], got["system"], got["device"])
			}
		})
	}
}

func TestEveryRefusedBatchIsCounted(t *testing.T) {
	c := servertest.StartShop(t)
	good := servertest.Response(servertest.NewID(), `{"nps": 9}`, "")
	for reason, test := range map[string]struct{ path, body, origin string }{
		"malformed": {"/w/shop", `{"sent_at": 1, "responses": [`, "https://shop.example"},
		"too_large": {"/w/shop", `{"x": "` + strings.Repeat("x", 64<<10) + `"}`, "https://shop.example"},
		"forbidden": {"/w/shop", `{"responses": []}`, "https://evil.example"},
		"not_found": {"/w/nope", `{"responses": []}`, "https://shop.example"},
	} {
		c.Do("POST", test.path, test.body, "Origin", test.origin)
		if got := c.Metric(`askwell_batches_refused_total{reason="` + reason + `"}`); got != 1 {
			t.Errorf("%s: counted %v, want 1", reason, got)
		}
	}
	c.Send(good, servertest.Response("no-id", `{}`, ""), strings.Replace(good, `"exit"`, `"nope"`, 1))
	for reason, want := range map[string]float64{"invalid": 1, "not_found": 1} {
		if got := c.Metric(`askwell_responses_refused_total{reason="` + reason + `"}`); got != want {
			t.Errorf("responses refused as %s: counted %v, want %v", reason, got, want)
		}
	}
	if got := c.Metric(`askwell_survey_responses_total{site="shop",survey="exit"}`); got != 1 {
		t.Errorf("the survey has %v responses, want 1", got)
	}
}

func TestStrictHeadersAreOnEverythingServed(t *testing.T) {
	c := servertest.Start(t, server.Config{Demo: true})
	c.MakeShop()
	for _, path := range []string{"/", "/healthz", "/readyz", "/openapi.json", "/metrics", "/nope", "/shop/", "/shop/shop.js",
		"/w/shop.js", "/w/shop.json", "/w/nope.js", "/w/a/nope.js", "/v1/sites", "/v1/sites/nope", "/v1/nope"} {
		h := c.Do("GET", path, "").Header
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer"} {
			if got := h.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
		policy := h.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: Content-Security-Policy %q", path, policy)
		}
		want := "same-origin"
		if strings.HasPrefix(path, "/w/") {
			want = "cross-origin"
		}
		if got := h.Get("Cross-Origin-Resource-Policy"); got != want {
			t.Errorf("%s: Cross-Origin-Resource-Policy %q, want %s", path, got, want)
		}
	}
}

func TestBodyThatStallsIsAskedForAgain(t *testing.T) {
	t.Parallel() // it waits for readTimeout
	c := servertest.StartShop(t)
	conn, err := net.Dial("tcp", strings.Replace(strings.TrimPrefix(c.URL, "http://"), "localhost", "127.0.0.1", 1))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST /w/shop HTTP/1.1\r\nHost: x\r\nOrigin: https://shop.example\r\nContent-Length: 100\r\n\r\n{")
	reply, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	if reply.StatusCode != 408 {
		t.Errorf("it got %d, want 408, which pages try again", reply.StatusCode)
	}
}

func TestOneAddressTakesNoMoreThanItsShareOfConnections(t *testing.T) {
	c := servertest.Start(t, server.Config{RateAddress: 1e6, TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	c.MakeShop()
	for range 100 { // more than 64, because some may come while a post of below is in
		conn, err := net.Dial("tcp", strings.Replace(strings.TrimPrefix(c.URL, "http://"), "localhost", "127.0.0.1", 1))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprintf(conn, "POST /w/shop HTTP/1.1\r\nHost: x\r\nOrigin: https://shop.example\r\nX-Forwarded-For: 203.0.113.7\r\nContent-Length: 100\r\n\r\n{")
	}
	post := func(from string) servertest.Reply {
		return c.Do("POST", "/w/shop", `{"responses": []}`, "X-Forwarded-For", from)
	}
	deadline := time.Now().Add(30 * time.Second)
	for post("203.0.113.7").Status != 503 {
		if time.Now().After(deadline) {
			t.Fatal("65 at once from one address were let in")
		}
	}
	if r := post("203.0.113.8"); r.Status != 200 {
		t.Errorf("another address is kept out by it: %d", r.Status)
	}
}

func TestHeadersAreLimited(t *testing.T) {
	c := servertest.StartShop(t)
	if r := c.Do("GET", "/healthz", "", "X-Padding", strings.Repeat("x", 32<<10)); r.Status != 431 {
		t.Errorf("a header of 32 KiB: %d, want 431", r.Status)
	}
}

func TestWhatCannotBeStoredNowIsRefusedAndCounted(t *testing.T) {
	c := servertest.Start(t, server.Config{Hooks: server.Hooks{Save: func(batch []store.Response) []store.Saved {
		saved := make([]store.Saved, len(batch))
		for i := range saved {
			saved[i].Err = store.ErrUnavailable
		}
		return saved
	}}})
	c.MakeShop()
	body := fmt.Sprintf(`{"sent_at": 1, "responses": [%s, %s]}`, servertest.Response(servertest.NewID(), `{}`, ""), servertest.Response(servertest.NewID(), `{}`, ""))
	r := c.Must(503, "POST", "/w/shop", body)
	if r.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	if got := c.Metric(`askwell_responses_refused_total{reason="unavailable"}`); got != 2 {
		t.Errorf("counted %v, want 2", got)
	}
}

func TestRatesBelowOneLetSomeoneIn(t *testing.T) {
	c := servertest.Start(t, server.Config{RateAddress: 0.01})
	c.MakeShop()
	c.Must(200, "POST", "/w/shop", `{"responses": []}`)
	for name, cfg := range map[string]server.Config{"less than nothing": {RateSite: -1}, "no number": {RateAddress: math.NaN()}} {
		cfg.DB, cfg.Addr, cfg.LogLevel = filepath.Join(t.TempDir(), "a.db"), "127.0.0.1:0", "error"
		if app, err := server.Start(t.Context(), cfg, io.Discard); err == nil {
			app.Stop()
			t.Errorf("%s: it started", name)
		}
	}
}
