package server_test

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/askwell/askwell/collector/server"
	"github.com/askwell/askwell/collector/servertest"
)

const cookieSite = `{"site": "shop", "name": "Shop", "visitor_cookie": true, "origins": ["https://www.shop.example", "https://shop.example",
	"https://shop.co.uk", "https://alice.github.io", "http://localhost:3000", "http://127.0.0.1:3000", "http://[::1]:3000", "https://github.io"]}`

func TestKeepSetsACookieWhereABrowserWouldTakeIt(t *testing.T) {
	c := servertest.Start(t, server.Config{})
	c.Must(200, "PUT", "/v1/sites/shop", cookieSite)
	const age = "; Max-Age=34560000; SameSite=Lax"
	for name, test := range map[string]struct {
		origin, host string
		status       int
		cookie       string // after askwell_shop=1
	}{
		"a sibling of the page":       {"https://www.shop.example", "feedback.shop.example", 204, "; Path=/; Domain=shop.example" + age},
		"below the page":              {"https://shop.example", "feedback.shop.example:8443", 204, "; Path=/; Domain=shop.example" + age},
		"the page's own host":         {"https://shop.example", "shop.example", 204, "; Path=/; Domain=shop.example" + age},
		"in capitals, with a dot":     {"https://shop.example", "Feedback.SHOP.example.", 204, "; Path=/; Domain=shop.example" + age},
		"a suffix of two parts":       {"https://shop.co.uk", "ask.shop.co.uk", 204, "; Path=/; Domain=shop.co.uk" + age},
		"another's of the suffix":     {"https://shop.co.uk", "other.co.uk", 409, ""},
		"a public suffix":             {"https://alice.github.io", "bob.github.io", 409, ""},
		"one host of a public suffix": {"https://alice.github.io", "alice.github.io", 204, "; Path=/; Domain=alice.github.io" + age},
		"a public suffix itself":      {"https://github.io", "github.io", 204, "; Path=/" + age}, // host-only, whatever a browser makes of it
		"below a public suffix":       {"https://github.io", "alice.github.io", 409, ""},
		"another domain":              {"https://shop.example", "askwell.example", 409, ""},
		"the end of a name":           {"https://shop.example", "myshop.example", 409, ""},
		"localhost":                   {"http://localhost:3000", "localhost:8080", 204, "; Path=/" + age},
		"localhost and its address":   {"http://localhost:3000", "127.0.0.1:8080", 409, ""},
		"an address":                  {"http://127.0.0.1:3000", "127.0.0.1:8080", 204, "; Path=/" + age},
		"another address":             {"http://127.0.0.1:3000", "127.0.0.2", 409, ""},
		"an address of version 6":     {"http://[::1]:3000", "[::1]:8080", 204, "; Path=/" + age},
		"the same without a port":     {"http://[::1]:3000", "[::1]", 204, "; Path=/" + age},
	} {
		t.Run(name, func(t *testing.T) {
			r := c.Must(test.status, "POST", "/w/shop/keep", `{"value": "1"}`, "Origin", test.origin, "Host", test.host)
			want := ""
			if test.status == 204 {
				want = "askwell_shop=1" + test.cookie
			} else {
				servertest.IsProblem(t, r)
			}
			if got := r.Header.Get("Set-Cookie"); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
			// With * a page that sends credentials could read neither the answer nor the reason.
			if h := r.Header; len(h["Access-Control-Allow-Origin"]) != 1 || h.Get("Access-Control-Allow-Origin") != test.origin ||
				h.Get("Access-Control-Allow-Credentials") != "true" || h.Get("Vary") != "Origin" {
				t.Errorf("the page cannot read the answer: %v", h)
			}
		})
	}
}

func TestKeepTakesOnlyWhatACookieCanHold(t *testing.T) {
	c := servertest.Start(t, server.Config{})
	c.Must(200, "PUT", "/v1/sites/shop", cookieSite)
	keep := func(status int, body string) servertest.Reply {
		t.Helper()
		return c.Must(status, "POST", "/w/shop/keep", body, "Origin", "https://shop.example", "Host", "shop.example")
	}
	longest := strings.Repeat("aZ0_.~:%-x", 150)
	if got := keep(204, `{"value": "`+longest+`"}`).Header.Get("Set-Cookie"); !strings.HasPrefix(got, "askwell_shop="+longest+"; ") {
		t.Errorf("set %s", got)
	}
	if got := keep(204, `{"value": ""}`).Header.Get("Set-Cookie"); got != "askwell_shop=; Path=/; Domain=shop.example; Max-Age=0; SameSite=Lax" {
		t.Errorf("deleted by %s", got)
	}
	for name, test := range map[string]struct {
		status int
		body   string
	}{
		"too long":        {422, `{"value": "` + longest + `x"}`},
		"a semicolon":     {422, `{"value": "1; Domain=evil.example"}`},
		"a line break":    {422, `{"value": "1\r\nSet-Cookie: a=b"}`},
		"a trailing line": {422, `{"value": "1\n"}`},
		"a blank":         {422, `{"value": "a b"}`},
		"a number":        {422, `{"value": 1}`},
		"no JSON":         {400, `value=1`},
		"too large":       {413, `{"value": "` + strings.Repeat("a", 8<<10) + `"}`},
	} {
		r := keep(test.status, test.body)
		servertest.IsProblem(t, r)
		if got := r.Header.Get("Set-Cookie"); got != "" {
			t.Errorf("%s is set: %s", name, got)
		}
	}
}

func TestWhoMayKeep(t *testing.T) {
	c := servertest.Start(t, server.Config{})
	c.Must(200, "PUT", "/v1/sites/shop", cookieSite)
	c.Must(200, "PUT", "/v1/sites/plain", `{"site": "plain", "name": "Plain", "origins": ["https://shop.example"]}`)
	for name, test := range map[string]struct {
		site, origin, allowed string
		status                int
	}{
		"another's page":              {"shop", "https://evil.shop.example", "*", 403},
		"no origin":                   {"shop", "", "*", 403},
		"an opaque origin":            {"shop", "null", "*", 403},
		"a site that is not":          {"nope", "https://shop.example", "*", 404},
		"a site that asks for no one": {"plain", "https://shop.example", "https://shop.example", 409},
	} {
		t.Run(name, func(t *testing.T) {
			r := c.Must(test.status, "POST", "/w/"+test.site+"/keep", `{"value": "1"}`, "Origin", test.origin, "Host", "shop.example")
			if r.Header.Get("Set-Cookie") != "" || r.Header.Get("Access-Control-Allow-Origin") != test.allowed {
				t.Errorf("got %v", r.Header)
			}
		})
	}
}

// Only what a trusted proxy says of HTTPS and of the host counts.
func TestKeepBehindAProxy(t *testing.T) {
	for name, test := range map[string]struct {
		proxies []netip.Prefix
		status  int
		secure  bool
	}{
		"one that is trusted": {[]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}, 204, true},
		"anyone":              {nil, 409, false},
	} {
		t.Run(name, func(t *testing.T) {
			c := servertest.Start(t, server.Config{TrustedProxies: test.proxies})
			c.Must(200, "PUT", "/v1/sites/shop", cookieSite)
			r := c.Must(test.status, "POST", "/w/shop/keep", `{"value": "1"}`, "Origin", "https://shop.example", "Host", "backend:8080",
				"X-Forwarded-Host", "feedback.shop.example", "X-Forwarded-Proto", "https")
			if got := strings.Contains(r.Header.Get("Set-Cookie"), "; Secure"); got != test.secure {
				t.Errorf("set %s", r.Header.Get("Set-Cookie"))
			}
			r = c.Must(204, "POST", "/w/shop/keep", `{"value": "1"}`, "Origin", "https://shop.example", "Host", "shop.example", "X-Forwarded-Proto", "https")
			if got := strings.Contains(r.Header.Get("Set-Cookie"), "; Secure"); got != test.secure {
				t.Errorf("set %s", r.Header.Get("Set-Cookie"))
			}
		})
	}
}

func TestKeepIsWithinThePagesRate(t *testing.T) {
	c := servertest.Start(t, server.Config{RateAddress: 0.1, RateSite: 100})
	c.Must(200, "PUT", "/v1/sites/shop", cookieSite)
	send := func(status int) servertest.Reply {
		return c.Must(status, "POST", "/w/shop/keep", `{"value": "1"}`, "Origin", "https://shop.example", "Host", "shop.example")
	}
	send(204)
	if r := send(429); r.Header.Get("Retry-After") == "" || r.Header.Get("Access-Control-Allow-Credentials") != "true" {
		t.Errorf("the page cannot tell when to try again: %v", r.Header)
	}
}
