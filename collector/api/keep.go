package api

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"strings"

	"github.com/labstack/echo/v4"
	"golang.org/x/net/publicsuffix"

	"github.com/askwell/askwell/collector/catalog"
	"github.com/askwell/askwell/collector/survey"
)

// keepBody is the body of POST /w/{site}/keep.
type keepBody struct {
	Value string `json:"value" maxLength:"1500" pattern:"^[A-Za-z0-9_.~:%-]*$" doc:"Empty: the cookie is deleted"`
}

// keptValue is what a cookie holds without being quoted.
var keptValue = regexp.MustCompile(`^[A-Za-z0-9_.~:%-]*$`)

const (
	maxKeptValue = 1500               // browsers take 4096 bytes with the rest, and send all cookies with each request to the site
	maxCookieAge = 400 * 24 * 60 * 60 // seconds, the most that browsers allow
)

// postKeep keeps what a page remembers of its visitor in a cookie, which Safari does not forget after
// seven days as what scripts store. Only what the page sends here is in it: no request reads it.
func (a *api) postKeep(c echo.Context) error {
	h, origin := c.Response().Header(), c.Request().Header.Get("Origin")
	if site, err := a.Catalog.Site(c.Param("site")); err == nil && site.Allows(origin) {
		// A page that takes cookies may not read an answer that is for everyone.
		h.Set("Access-Control-Allow-Origin", origin)
		h.Set("Access-Control-Allow-Credentials", "true")
		h.Set("Vary", "Origin")
	}
	err := a.receive(c, maxSmall, func(site *catalog.Site, body []byte) error {
		var keep keepBody
		if err := decodeSmall(body, &keep); err != nil {
			return err
		}
		if len(keep.Value) > maxKeptValue || !keptValue.MatchString(keep.Value) {
			return &survey.Error{Code: survey.Invalid, Message: "the body is not valid", Problems: []survey.Problem{{Location: "value",
				Message: "expected at most 1500 of the characters A-Z a-z 0-9 _ . ~ : % -"}}}
		}
		cookie, err := a.keeper(c.Request(), site)
		if err != nil {
			return err
		}
		cookie.Value = keep.Value
		if keep.Value == "" {
			cookie.MaxAge = -1
		}
		h.Add("Set-Cookie", cookie.String())
		return nil
	})
	if err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// keeper makes the cookie of a site for a page's request, or says why there can be none.
func (a *api) keeper(r *http.Request, site *catalog.Site) (*http.Cookie, error) {
	if !site.VisitorCookie {
		return nil, survey.Errorf(survey.Conflict, "site %q keeps no visitor in a cookie: visitor_cookie is not set", site.ID)
	}
	origin, err := url.Parse(r.Header.Get("Origin"))
	if err != nil {
		return nil, survey.Errorf(survey.Forbidden, "the origin %q is not one of site %q", r.Header.Get("Origin"), site.ID)
	}
	host, secure := a.reachedAt(r)
	domain, ok := sharedDomain(origin.Hostname(), host)
	if !ok {
		return nil, survey.Errorf(survey.Conflict, "no cookie can serve both the page's host %q and the collector's, %q: they share no domain that was registered", origin.Hostname(), host)
	}
	return &http.Cookie{Name: catalog.CookieName(site.ID), Domain: domain, Path: "/", MaxAge: maxCookieAge, SameSite: http.SameSiteLaxMode, Secure: secure}, nil
}

// reachedAt is the host that the browser asked, without the port, and whether by HTTPS: what a
// trusted proxy says of it, where there is one.
func (a *api) reachedAt(r *http.Request) (host string, secure bool) {
	host, secure = r.Host, r.TLS != nil
	if a.trusts(r.RemoteAddr) {
		if forwarded := r.Header.Get("X-Forwarded-Host"); forwarded != "" {
			host = forwarded
		}
		secure = secure || strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https")
	}
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	return strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), ".")), secure
}

// sharedDomain is the registrable domain that two hosts share, or "" where they are one host that has
// none: localhost, an address, a suffix under which others register too.
func sharedDomain(page, collector string) (domain string, ok bool) {
	if _, err := netip.ParseAddr(page); err == nil {
		return "", page == collector
	}
	domain, err := publicsuffix.EffectiveTLDPlusOne(page)
	if err != nil {
		return "", page == collector
	}
	other, err := publicsuffix.EffectiveTLDPlusOne(collector)
	return domain, err == nil && other == domain
}
