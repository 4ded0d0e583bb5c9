package survey

import (
	"fmt"
	"maps"
	"slices"
)

// EventTrigger fires when the page says that something happened.
type EventTrigger struct {
	TriggerBase
	Name       string               `json:"name" minLength:"1" maxLength:"200" doc:"As in askwell(\"track\", name, properties)"`
	Properties map[string]ValueTest `json:"properties,omitempty" maxProperties:"20" doc:"Tests by property name, all of which must hold"`
}

func (t *EventTrigger) check(c *checker) { c.values("properties", t.Properties) }

// ConversionTrigger fires after a purchase, or another event that means success.
type ConversionTrigger struct {
	TriggerBase
	Event string     `json:"event,omitempty" minLength:"1" maxLength:"200" default:"purchase" doc:"By track(), or in the page's dataLayer"`
	URL   []TextRule `json:"url,omitempty" maxItems:"50" doc:"Pages that are reached only after it, for sites that tell it in no other way"`
}

func (t *ConversionTrigger) check(c *checker) { c.texts("url", t.URL) }

// ErrorTrigger fires when something on the page fails, once a page view.
type ErrorTrigger struct {
	TriggerBase
	On     []string   `json:"on,omitempty" enum:"uncaught,request" doc:"uncaught: an error or a rejected promise that no code caught; request: a fetch or XMLHttpRequest that failed. Default: both"`
	Status int        `json:"status,omitempty" minimum:"400" maximum:"599" default:"500" doc:"A reply of this status or above is a failed request"`
	Ignore []TextRule `json:"ignore,omitempty" maxItems:"20" doc:"Over the error's message, or the request's URL"`
}

func (t *ErrorTrigger) check(c *checker) { c.texts("ignore", t.Ignore) }

// SearchNoResultsTrigger fires on a search page that shows nothing found.
type SearchNoResultsTrigger struct {
	TriggerBase
	Parameters []string `json:"parameters,omitempty" maxItems:"10" doc:"URL parameters that hold what was searched for; default: q, query, s, search, keyword"`
	Selector   string   `json:"selector,omitempty" minLength:"1" maxLength:"500" doc:"CSS selector of an element that is there when nothing was found, or that holds the text"`
	Text       []string `json:"text,omitempty" maxItems:"20" doc:"One of these, in any case, is in the selected element, or in the page's main part"`
}

func (t *SearchNoResultsTrigger) check(c *checker) {
	c.filled("parameters", t.Parameters)
	c.filled("text", t.Text)
	if t.Selector == "" && len(t.Text) == 0 {
		c.add("selector", "is required, or text: without one of them nobody knows that nothing was found")
	}
}

// ValueTest compares a trait or a property. Every comparison given must hold. A number and a string
// are never equal: traits keep the type that they were given.
type ValueTest struct {
	Eq       any      `json:"eq,omitempty"`
	Ne       any      `json:"ne,omitempty"`
	Lt       *float64 `json:"lt,omitempty"`
	Lte      *float64 `json:"lte,omitempty"`
	Gt       *float64 `json:"gt,omitempty"`
	Gte      *float64 `json:"gte,omitempty"`
	In       []any    `json:"in,omitempty" minItems:"1" maxItems:"100"`
	Contains string   `json:"contains,omitempty" minLength:"1" maxLength:"200" doc:"A text that holds this, in any case"`
	Before   string   `json:"before,omitempty" pattern:"^\\d{4}-\\d{2}-\\d{2}(T([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d)?Z)?$" doc:"A date, or a time in UTC: 2026-01-31 or 2026-01-31T12:00Z"`
	After    string   `json:"after,omitempty" pattern:"^\\d{4}-\\d{2}-\\d{2}(T([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d)?Z)?$" doc:"The same or later"`
	Exists   *bool    `json:"exists,omitempty"`
}

// values reports tests that say nothing, or that could never hold.
func (c *checker) values(at string, tests map[string]ValueTest) {
	for _, name := range slices.Sorted(maps.Keys(tests)) {
		t := tests[name]
		here := join(at, name)
		scalar := func(op string, v any) {
			switch v.(type) {
			case string, float64, bool:
			default:
				c.add(join(here, op), "expected a string, a number or a boolean")
			}
		}
		if t.Eq != nil {
			scalar("eq", t.Eq)
		}
		if t.Ne != nil {
			scalar("ne", t.Ne)
		}
		for i, v := range t.In {
			scalar(fmt.Sprintf("in[%d]", i), v)
		}
		c.date(join(here, "before"), t.Before)
		c.date(join(here, "after"), t.After)
		if t.Eq == nil && t.Ne == nil && t.Lt == nil && t.Lte == nil && t.Gt == nil && t.Gte == nil && t.In == nil &&
			t.Contains == "" && t.Before == "" && t.After == "" && t.Exists == nil {
			c.add(here, "has no comparison; allowed: eq, ne, lt, lte, gt, gte, in, contains, before, after, exists")
		}
	}
}
