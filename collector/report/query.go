// Package report is the reading side: it answers questions about stored responses with scores, funnels and drivers.
//
// A query says which questions, which time, which responses and what to break the figures down by. Reading hands over
// the responses as blocks of columns, sealed ones and those that are not sealed yet alike, and tally counts them.
// Everything that one query says is of one moment of the database.
package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/askwell/askwell/collector/score"
	"github.com/askwell/askwell/collector/survey"
)

// Source names what is counted: a survey, and of its questions one.
type Source struct{ Site, Survey, Question string }

// Query is what can be asked, as the API's parameters say it.
type Query struct {
	Sources []Source
	Metric  string // "": that of the question
	From    string // a time, or a day of the time zone; "": the first response
	To      string // what is not in it any more; "": now
	Every   string // one of Units; "": no series
	TZ      string // "": the site's
	By      []string
	Unique  string // visitor or user: one answer a person, the latest
	Filter  []string
	Compare string // previous or year_ago
	MinN    int    // a group with fewer has no score
}

// Bounds of what one query may make.
const (
	maxSources   = 50
	maxBy        = 2
	maxFilters   = 20
	maxBuckets   = 5_000
	maxGroups    = 255    // that are shown
	maxKnown     = 50_000 // that are counted at once, to find the largest
	maxFigures   = 20_000
	DefaultMinN  = 5
	maxMinN      = 1_000_000
	maxDimension = 30 // of drivers
)

// metrics holds the formula of each metric, in words and in code.
var metrics = map[string]struct {
	formula string
	score   func(score.Counts) score.Score
}{
	"nps":  {score.NPSFormula, score.NPS},
	"csat": {score.CSATFormula, score.CSAT},
	"ces":  {score.CESFormula, score.CES},
}

// problems collects what is wrong in a query.
type problems []survey.Problem

func (p *problems) add(parameter, format string, args ...any) {
	*p = append(*p, survey.Problem{Location: "query." + parameter, Message: fmt.Sprintf(format, args...)})
}

func (p problems) err() error {
	if len(p) == 0 {
		return nil
	}
	return &survey.Error{Code: survey.Invalid, Message: "the request is not valid", Problems: p}
}

// refuse is a query with one thing wrong.
func refuse(parameter, format string, args ...any) error {
	var p problems
	p.add(parameter, format, args...)
	return p.err()
}

// zone finds the time zone: the one asked for, or that of the sites, where they share one.
func (q *Query) zone(sources []*source, p *problems) *time.Location {
	if q.TZ != "" {
		zone, err := time.LoadLocation(q.TZ)
		if err != nil || q.TZ == "Local" {
			p.add("tz", "%q is not an IANA time zone, such as Europe/Warsaw", q.TZ)
			return time.UTC
		}
		return zone
	}
	for _, s := range sources[1:] {
		if s.zone.String() != sources[0].zone.String() {
			return time.UTC
		}
	}
	return sources[0].zone
}

// parseTime reads milliseconds, a day, or a time as RFC 3339 has it.
func parseTime(parameter, text string, zone *time.Location, p *problems) time.Time {
	if strings.Trim(text, "0123456789") == "" && len(text) < 15 {
		var ms int64
		fmt.Sscan(text, &ms)
		return time.UnixMilli(ms).In(zone)
	}
	if day, err := time.ParseInLocation(time.DateOnly, text, zone); err == nil {
		return startOfDay(day)
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil || at.Year() > 9999 {
		p.add(parameter, "%q is no time: expected milliseconds since the epoch, a day such as 2026-03-01, or a time such as 2026-03-01T08:00:00Z", text)
	}
	return at.In(zone)
}

// oneOf adds a problem where a parameter is none of its values.
func oneOf(parameter, value string, allowed []string, p *problems) {
	if value != "" && !slices.Contains(allowed, value) {
		p.add(parameter, "%q is not known; expected one of %s", value, strings.Join(allowed, ", "))
	}
}
