package survey

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"golang.org/x/text/language"
)

// Targeting says to whom, where and when a survey may show.
type Targeting struct {
	Rule
	Sample *float64 `json:"sample,omitempty" exclusiveMinimum:"0" maximum:"1" doc:"The share of visitors who may be asked; who is one of them stays one"`
}

// Rule holds where everything that it says does; any, all and not combine rules.
type Rule struct {
	URL      []TextRule           `json:"url,omitempty" maxItems:"50" doc:"Any of these, over the whole URL"`
	Referrer []TextRule           `json:"referrer,omitempty" maxItems:"50" doc:"Any of these, over the URL that the session came from; empty where it is not known"`
	UTM      *UTM                 `json:"utm,omitempty"`
	Device   []string             `json:"device,omitempty" enum:"desktop,mobile,tablet" doc:"Any of these"`
	Language []string             `json:"language,omitempty" maxItems:"60" doc:"Any of these languages of the page, or of the browser where the page names none; pt holds for pt-BR too"`
	Visitor  string               `json:"visitor,omitempty" enum:"new,returning" doc:"new: in the first session"`
	Traits   map[string]ValueTest `json:"traits,omitempty" maxProperties:"50" doc:"Tests by the name of a trait that identify() gave, all of which must hold"`
	Schedule *Schedule            `json:"schedule,omitempty"`
	All      []Rule               `json:"all,omitempty" minItems:"1" maxItems:"20"`
	Any      []Rule               `json:"any,omitempty" minItems:"1" maxItems:"20"`
	Not      *Rule                `json:"not,omitempty"`
}

// TextRule holds for a text in one way.
type TextRule struct {
	Equals   *string `json:"equals,omitempty" maxLength:"2000"`
	Contains string  `json:"contains,omitempty" minLength:"1" maxLength:"500" doc:"In any case"`
	Glob     string  `json:"glob,omitempty" minLength:"1" maxLength:"500" doc:"The whole text in any case, where * stands for any run of characters"`
	Regex    string  `json:"regex,omitempty" minLength:"1" maxLength:"500" doc:"A regular expression that JavaScript and RE2 read alike; found anywhere in the first 2,000 characters, unless ^ and $ say otherwise. One that a crafted URL could keep a browser busy with is refused"`
}

// UTM holds for the campaign that the session came by.
type UTM struct {
	Source   []TextRule `json:"source,omitempty" maxItems:"50"`
	Medium   []TextRule `json:"medium,omitempty" maxItems:"50"`
	Campaign []TextRule `json:"campaign,omitempty" maxItems:"50"`
	Term     []TextRule `json:"term,omitempty" maxItems:"50"`
	Content  []TextRule `json:"content,omitempty" maxItems:"50"`
}

// Schedule holds at times by the clock of the site's time zone.
type Schedule struct {
	From string   `json:"from,omitempty" pattern:"^\\d{4}-\\d{2}-\\d{2}$" doc:"The first day"`
	To   string   `json:"to,omitempty" pattern:"^\\d{4}-\\d{2}-\\d{2}$" doc:"The last day"`
	Days []string `json:"days,omitempty" maxItems:"7" enum:"mon,tue,wed,thu,fri,sat,sun"`
	// Strings compare as times do; a range over midnight is two rules.
	Start string `json:"start,omitempty" pattern:"^([01]\\d|2[0-3]):[0-5]\\d$" doc:"Of each day, as 09:00"`
	End   string `json:"end,omitempty" pattern:"^(([01]\\d|2[0-3]):[0-5]\\d|24:00)$" doc:"Up to, not including"`
}

// Rules lists the names of the rules that a targeting uses, also inside others.
func (t *Targeting) Rules() []string {
	if t == nil {
		return nil
	}
	names := t.Rule.names()
	if t.Sample != nil {
		names = append(names, "sample")
	}
	return names
}

func (r *Rule) names() (names []string) {
	data, err := json.Marshal(r)
	if err != nil {
		panic(err) // every field of a decoded rule can be encoded
	}
	var said map[string]json.RawMessage
	if err := json.Unmarshal(data, &said); err != nil {
		panic(err)
	}
	names = slices.Sorted(maps.Keys(said))
	for _, inner := range slices.Concat(r.All, r.Any) {
		names = append(names, inner.names()...)
	}
	if r.Not != nil {
		names = append(names, r.Not.names()...)
	}
	return names
}

// maxRuleDepth is how deep any, all and not may stand in each other.
const maxRuleDepth = 5

func (c *checker) rule(at string, r *Rule, depth int) {
	if depth > maxRuleDepth {
		c.add(at, "nests deeper than %d", maxRuleDepth)
		return
	}
	c.texts(join(at, "url"), r.URL)
	c.texts(join(at, "referrer"), r.Referrer)
	if u := r.UTM; u != nil {
		for name, rules := range map[string][]TextRule{"source": u.Source, "medium": u.Medium, "campaign": u.Campaign, "term": u.Term, "content": u.Content} {
			c.texts(join(at, "utm."+name), rules) // problems are sorted
		}
	}
	for i, tag := range r.Language {
		if _, err := language.Parse(tag); err != nil {
			c.add(join(at, fmt.Sprintf("language[%d]", i)), "%q is not a BCP 47 language tag, such as en, pl or zh-Hant", tag)
		}
	}
	c.values(join(at, "traits"), r.Traits)
	if s := r.Schedule; s != nil {
		c.date(join(at, "schedule.from"), s.From)
		c.date(join(at, "schedule.to"), s.To)
		if s.From != "" && s.To != "" && s.To < s.From {
			c.add(join(at, "schedule.to"), "is before from")
		}
		if s.Start != "" && s.End != "" && s.End <= s.Start {
			c.add(join(at, "schedule.end"), "is not after start; a range over midnight is two rules in any")
		}
	}
	for i := range r.All {
		c.rule(join(at, fmt.Sprintf("all[%d]", i)), &r.All[i], depth+1)
	}
	for i := range r.Any {
		c.rule(join(at, fmt.Sprintf("any[%d]", i)), &r.Any[i], depth+1)
	}
	if r.Not != nil {
		c.rule(join(at, "not"), r.Not, depth+1)
	}
}

// date reports a day that is in no calendar: 2026-02-30.
func (c *checker) date(at, s string) {
	if len(s) < len(time.DateOnly) {
		return
	}
	if _, err := time.Parse(time.DateOnly, s[:len(time.DateOnly)]); err != nil {
		c.add(at, "%q is no day of the calendar", s)
	}
}

func (c *checker) texts(at string, rules []TextRule) {
	for i, r := range rules {
		here := fmt.Sprintf("%s[%d]", at, i)
		said := 0
		for _, is := range []bool{r.Equals != nil, r.Contains != "", r.Glob != "", r.Regex != ""} {
			if is {
				said++
			}
		}
		if said != 1 {
			c.add(here, "says %d things; write one of equals, contains, glob, regex", said)
		}
		if r.Regex != "" {
			if wrong := checkRegex(r.Regex); wrong != "" {
				c.add(here+".regex", "%s", wrong)
			}
		}
	}
}
