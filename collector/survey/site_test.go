package survey

import (
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestValidOrigin(t *testing.T) {
	for origin, want := range map[string]bool{
		"https://shop.example":           true,
		"https://*.shop.example":         true,
		"http://localhost:3000":          true,
		"http://127.0.0.1":               true,
		"http://[::1]:3000":              true,
		"https://shop.example:8443":      true,
		"https://*.shop.example:8443":    true,
		"https://xn--mller-kva.example":  true,
		"https://my_shop.example":        true,
		"http://shop.example:443":        true, // not the default port of http
		"http://shop.example:8080":       true,
		"":                               false,
		"*":                              false,
		"null":                           false,
		"shop.example":                   false,
		"//shop.example":                 false,
		"https:shop.example":             false,
		"https://":                       false,
		"https://:8080":                  false,
		"ftp://shop.example":             false,
		"file://shop.example":            false,
		"https://*":                      false, // any host at all
		"https://*.":                     false, // any host with a dot at its end
		"https://*.:8080":                false,
		"https://*.*.example":            false,
		"https://www.*.example":          false,
		"https://*shop.example":          false,
		"https://shop.*":                 false,
		"https://shop.example/":          false,
		"https://shop.example/cart":      false,
		"https://shop.example?":          false,
		"https://shop.example?a=b":       false,
		"https://shop.example#":          false,
		"https://shop.example#top":       false,
		"https://user@shop.example":      false,
		"https://user:pass@shop.example": false,
		"https://shop.example:":          false,
		"https://shop.example:443":       false, // browsers leave the default port out
		"http://shop.example:80":         false,
		"https://shop.example:0443":      false,
		"https://shop.example:https":     false,
		"HTTPS://shop.example":           false, // browsers send lower case
		"https://Shop.example":           false,
		"https://müller.example":         false, // browsers send xn--mller-kva
		"https://shop..example":          false,
		"https://.shop.example":          false,
		"https://shop.example ":          false,
		" https://shop.example":          false,
		"https://shop.example\n":         false,
		"https://shop.example\\evil":     false,
		"https://shop.example,https://b": false,
		"https://a%41.example":           false,
	} {
		if got := validOrigin(origin); got != want {
			t.Errorf("validOrigin(%q) = %v, want %v", origin, got, want)
		}
	}
}

func TestSiteAllows(t *testing.T) {
	site := &Site{Origins: []string{"https://shop.example", "https://*.wild.example", "https://*.port.example:8443", "http://localhost:3000"}}
	for origin, want := range map[string]bool{
		"https://shop.example":                        true,
		"http://localhost:3000":                       true,
		"https://a.wild.example":                      true,
		"https://a.b-c.wild.example":                  true,
		"https://a.port.example:8443":                 true,
		"":                                            false,
		"null":                                        false,
		"*":                                           false,
		"http://shop.example":                         false, // another scheme
		"https://shop.example:8443":                   false, // another port
		"https://shop.example/":                       false,
		"https://SHOP.example":                        false,
		"https://www.shop.example":                    false, // listed without a wildcard
		"https://evil-shop.example":                   false,
		"https://shop.example.evil":                   false,
		"https://shop.example.evil.example":           false,
		"https://shop.example@evil.example":           false,
		"http://localhost":                            false,
		"http://localhost:30000":                      false,
		"https://wild.example":                        false, // a wildcard does not stand for nothing
		"https://.wild.example":                       false,
		"https://evil-wild.example":                   false,
		"https://evilwild.example":                    false,
		"https://a.wild.example.evil":                 false,
		"https://a.wild.example:8443":                 false,
		"http://a.wild.example":                       false,
		"https://A.wild.example":                      false,
		"https://a.Wild.example":                      false,
		"https://evil.example/.wild.example":          false,
		"https://evil.example/?.wild.example":         false,
		"https://evil.example?.wild.example":          false,
		"https://evil.example#.wild.example":          false,
		"https://evil.example\\.wild.example":         false,
		"https://evil.example:1.wild.example":         false,
		"https://user@a.wild.example":                 false,
		"https://user:pass@a.wild.example":            false,
		"https://evil.example https://a.wild.example": false,
		"https://evil.example\n.wild.example":         false,
		"https://*.wild.example":                      false, // what is listed is a pattern, not an origin
		"https://a..wild.example":                     false,
		"https://a.port.example":                      false,
		"https://a.port.example:84430":                false,
		"ahttps://a.wild.example":                     false,
	} {
		if got := site.Allows(origin); got != want {
			t.Errorf("Allows(%q) = %v, want %v", origin, got, want)
		}
	}
}

// Whatever is put together from the pieces that hostile origins are made of, what a wildcard allows
// is a sub-domain by the standard library's reading of URLs too.
func TestWildcardAllowsSubDomainsOnly(t *testing.T) {
	site := &Site{Origins: []string{"https://*.shop.example"}}
	piece := rapid.SampledFrom([]string{"https://", "http://", "shop.example", ".shop.example", "evil.example", "a", "A", "-", ".", "..",
		"/", "@", ":", ":443", "?", "#", "\\", "*", " ", "%2e", "\x00", "ü", "[::1]"})
	rapid.Check(t, func(t *rapid.T) {
		origin := strings.Join(rapid.SliceOfN(piece, 0, 6).Draw(t, "pieces"), "")
		if rapid.Bool().Draw(t, "looks right") {
			origin = "https://" + origin + ".shop.example"
		}
		if !site.Allows(origin) {
			return
		}
		u, err := url.Parse(origin)
		if err != nil || u.Scheme != "https" || u.User != nil || u.Port() != "" || u.Path+u.RawQuery+u.Fragment != "" {
			t.Fatalf("allows %q", origin)
		}
		if sub, ok := strings.CutSuffix(u.Hostname(), ".shop.example"); !ok || sub == "" {
			t.Fatalf("allows %q", origin)
		}
	})
}
