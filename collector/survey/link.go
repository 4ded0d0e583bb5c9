package survey

import (
	"net/url"
	"slices"
	"strings"
)

// link reports what is wrong with a link that a visitor may follow.
func (c *checker) link(at string, l *Link) {
	if l == nil {
		return
	}
	c.text(at+".label", l.Label)
	c.url(at+".url", l.URL, "https", "http", "mailto", "tel")
}

// url reports what is no absolute URL of one of some schemes: javascript: would run on the page.
func (c *checker) url(at, s string, schemes ...string) {
	if strings.Contains(s, "{{") {
		c.add(at, "has {{, but nothing is put into addresses")
		return
	}
	u, err := url.Parse(s)
	if err != nil || !slices.Contains(schemes, u.Scheme) ||
		u.Opaque == "" && (u.Host == "" || !strings.HasPrefix(u.Scheme, "http")) ||
		u.Opaque != "" && strings.HasPrefix(u.Scheme, "http") || hasNoPlaceInURL(s) {
		c.add(at, "%q is no URL that begins with %s", s, schemeList(schemes))
	}
}

// image reports what is no https URL and no path on the page's own site.
func (c *checker) image(at, s string) {
	if strings.Contains(s, "{{") {
		c.add(at, "has {{, but nothing is put into addresses")
		return
	}
	u, err := url.Parse(s)
	external := err == nil && u.Scheme == "https" && u.Host != ""
	path := err == nil && u.Scheme == "" && u.Host == "" && strings.HasPrefix(s, "/") // //host is another site's
	if !external && !path || hasNoPlaceInURL(s) {
		c.add(at, "%q is no URL that begins with https://, and no path that begins with /", s)
	}
}

// hasNoPlaceInURL finds what browsers and Go read differently (\ is / to browsers), and texts that
// would be put into others: into URLs nothing is.
func hasNoPlaceInURL(s string) bool {
	return strings.ContainsAny(s, "\\ {}<>\"") || CheckName(s) != ""
}

// schemeList writes https, mailto as "https: or mailto:".
func schemeList(schemes []string) string { return strings.Join(schemes, ": or ") + ":" }
