package survey

import (
	"fmt"
	"net/url"
	"strings"
	"time"
	_ "time/tzdata" // the binary runs where no zone files are installed
)

// Site is a web site that asks.
type Site struct {
	ID       string   `json:"site" pattern:"^[a-z0-9][a-z0-9_-]{0,62}$" doc:"The site's name in URLs; it never changes"`
	Name     string   `json:"name" minLength:"1" maxLength:"200"`
	Origins  []string `json:"origins" minItems:"1" maxItems:"100" doc:"Where its pages live: https://shop.example or https://*.shop.example"`
	Timezone string   `json:"timezone,omitempty" default:"UTC" doc:"IANA name; the days of the scores are the site's days"`
}

// SiteFile is a site as it is kept in a file, with the files of its surveys.
type SiteFile struct {
	Site
	Surveys []string `json:"surveys,omitempty" maxItems:"500" doc:"Files of its surveys, relative to this one"`
}

// Check reports what the schema cannot.
func (s *Site) Check() []Problem {
	var problems []Problem
	for i, origin := range s.Origins {
		if !validOrigin(origin) {
			problems = append(problems, Problem{fmt.Sprintf("origins[%d]", i),
				fmt.Sprintf("%q is not an origin; write https://shop.example, https://*.shop.example or http://localhost:3000, without a path", origin)})
		}
	}
	if _, err := time.LoadLocation(s.Timezone); err != nil || s.Timezone == "Local" {
		problems = append(problems, Problem{"timezone", fmt.Sprintf("%q is not an IANA time zone, such as Europe/Warsaw", s.Timezone)})
	}
	return problems
}

// Allows says whether a page at an origin may send responses to this site.
func (s *Site) Allows(origin string) bool {
	for _, allowed := range s.Origins {
		scheme, host, wildcard := strings.Cut(allowed, "://*.")
		if !wildcard {
			if origin == allowed {
				return true
			}
			continue
		}
		// The sub-domain part must not be empty, nor smuggle in a user name or a port.
		sub, ok := strings.CutSuffix(strings.TrimPrefix(origin, scheme+"://"), "."+host)
		if ok && strings.HasPrefix(origin, scheme+"://") && sub != "" && !strings.ContainsAny(sub, "/@:") {
			return true
		}
	}
	return false
}

// validOrigin accepts scheme://host[:port] in the form browsers send it: lower case, no default port.
func validOrigin(origin string) bool {
	u, err := url.Parse(strings.Replace(origin, "://*.", "://any.", 1))
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.Hostname() != "" &&
		u.Path == "" && u.RawQuery == "" && u.Fragment == "" && u.User == nil && !u.ForceQuery &&
		!strings.Contains(u.Host, "*") && origin == strings.ToLower(origin) &&
		!(u.Scheme == "https" && u.Port() == "443") && !(u.Scheme == "http" && u.Port() == "80")
}
