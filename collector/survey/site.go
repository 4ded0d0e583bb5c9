package survey

import (
	"fmt"
	"regexp"
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

	RequireSignedUsers bool       `json:"require_signed_users,omitempty" doc:"A user whose signature is missing is stored as anonymous; a wrong one always is"`
	Retention          *Retention `json:"retention,omitempty"`
	Fatigue            *Fatigue   `json:"fatigue,omitempty"`
	Consent            string     `json:"consent,omitempty" enum:"implied,required" default:"implied" doc:"required: nothing is stored and nothing is sent before askwell(\"consent\", true)"`
	PrivacySignals     string     `json:"privacy_signals,omitempty" enum:"honour,ignore" default:"honour" doc:"honour: whoever sends Global Privacy Control or Do Not Track is not asked"`
	VisitorCookie      bool       `json:"visitor_cookie,omitempty" doc:"Keeps who was asked, and when, in a cookie too that the collector sets, where it shares the site's registrable domain: Safari forgets what scripts store after seven days"`
}

// Retention says how long responses are kept, in days since they were shown.
type Retention struct {
	AnonymiseAfterDays int `json:"anonymise_after_days,omitempty" minimum:"1" maximum:"36500" doc:"Then visitor, user, traits, hidden fields, answers to email and contact, referrer and the query of the URL are forgotten; other answers stay"`
	DeleteAfterDays    int `json:"delete_after_days,omitempty" minimum:"1" maximum:"36500" doc:"Then the response is deleted"`
}

// Fatigue is how much a site asks of one visitor, over all its surveys. One survey a page view is the most in any case.
type Fatigue struct {
	PerSession int `json:"per_session,omitempty" minimum:"1" maximum:"100" default:"1" doc:"Surveys that show by themselves in one session, over all tabs; a session ends after 30 minutes without a page view"`
	DaysApart  int `json:"days_apart,omitempty" minimum:"0" maximum:"3650" default:"0" doc:"Days from one survey to the next, whatever the surveys' own min_gap_days say"`
}

// SiteFile is a site as it is kept in a file, with the files of its surveys.
type SiteFile struct {
	Site
	Surveys []string `json:"surveys,omitempty" maxItems:"500" doc:"Files of its surveys, relative to this one"`
}

// Zone is where the site's days begin.
func (s *Site) Zone() *time.Location {
	zone, err := time.LoadLocation(s.Timezone)
	if err != nil {
		return time.UTC // it was checked by a program that knew more zones
	}
	return zone
}

func (s *Site) checkRest([]Problem) []Problem { return s.Check() }

// Check reports what the schema cannot.
func (s *Site) Check() []Problem {
	var problems []Problem
	if wrong := CheckName(s.Name); wrong != "" {
		problems = append(problems, Problem{"name", wrong})
	}
	if s.ID == "a" {
		problems = append(problems, Problem{"site", `"a" is taken: /w/a/ holds the files of all sites`})
	}
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

// A host as browsers write it: lower case, without a default port, other scripts as xn--.
const hostPattern = `[a-z0-9_-]+(\.[a-z0-9_-]+)*`

var (
	originPattern    = regexp.MustCompile(`^https?://((\*\.)?` + hostPattern + `|\[[0-9a-f:.]+\])(:[1-9][0-9]{0,4})?$`)
	subDomainPattern = regexp.MustCompile(`^` + hostPattern + `$`)
)

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
		rest, ok := strings.CutPrefix(origin, scheme+"://")
		sub, below := strings.CutSuffix(rest, "."+host)
		// The sub-domain part must not smuggle in another host, a user name or a port.
		if ok && below && subDomainPattern.MatchString(sub) {
			return true
		}
	}
	return false
}

// validOrigin accepts scheme://host[:port] in the form browsers send it.
func validOrigin(origin string) bool {
	return originPattern.MatchString(origin) &&
		!(strings.HasPrefix(origin, "https:") && strings.HasSuffix(origin, ":443")) &&
		!(strings.HasPrefix(origin, "http:") && strings.HasSuffix(origin, ":80"))
}
