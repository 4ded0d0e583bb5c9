package catalog

import (
	"encoding/json"
	"io/fs"
	"slices"
	"strings"

	"github.com/askwell/askwell/collector/survey"
)

// A script larger than this, some 8 KiB of brotli, comes in two parts.
const maxScript = 20 << 10

// haveTime are the triggers that are of no use in a page's first moments: where a site uses so many
// that its script is large, these come in a part of their own, once the page has loaded.
var haveTime = []string{"dead_click", "element_visible", "error", "feedback_button", "form_abandonment", "inactivity", "rage_click", "search_no_results"}

// A manifest says of each built part which helpers go before it, and which of the interface's words it says.
type manifest map[string]struct{ Helpers, Words []string }

func (s *Scripts) manifest() (m manifest, err error) {
	data, err := fs.ReadFile(s.dist, "parts.json")
	if err == nil {
		err = json.Unmarshal(data, &m)
	}
	return m, err
}

// with returns parts with the helpers that they need, each after those that it needs itself.
func (m manifest) with(parts []string) (all []string) {
	for _, part := range parts {
		for _, one := range append(m.with(m[part].Helpers), part) {
			if !slices.Contains(all, one) {
				all = append(all, one)
			}
		}
	}
	return all
}

// parts lists the triggers and targeting rules that a site's surveys use, with the helpers that these
// share, so that a site pays for no other: those of its script, and those that come apart.
func (s *Scripts) parts(config Config, apart []string) (first, more []string, err error) {
	m, err := s.manifest()
	if err != nil {
		return nil, nil, err
	}
	var triggers survey.Triggers
	for _, offered := range config.Surveys {
		triggers = append(triggers, offered.Triggers...)
		for _, rule := range offered.Targeting.Rules() {
			first = append(first, "rules/"+rule)
		}
	}
	for _, t := range triggers.Types() {
		if slices.Contains(apart, t) {
			more = append(more, "triggers/"+t)
		} else {
			first = append(first, "triggers/"+t)
		}
	}
	if triggers.Any(isTimed) {
		first = append(first, "helpers/when")
	}
	if len(more) > 0 {
		first = append(first, "helpers/more")
	}
	if config.Cookie != "" {
		first = append(first, "helpers/cookie")
	}
	first, more = m.with(first), m.with(more)
	if !triggers.Any(waitsForIdle) {
		first = slices.DeleteFunc(first, func(part string) bool { return part == "helpers/idle" })
	}
	slices.Sort(first) // helpers come before what uses them
	slices.Sort(more)
	more = slices.DeleteFunc(more, func(part string) bool { return slices.Contains(first, part) })
	return slices.Compact(first), slices.Compact(more), nil
}

// lateParts lists the face of a survey and what it is joined with: its types of question, its place
// where that is no corner, what its texts and its site need.
func (s *Scripts) lateParts(d *survey.Definition, cookie bool) (parts, words []string, err error) {
	m, err := s.manifest()
	if err != nil {
		return nil, nil, err
	}
	for _, q := range d.Questions {
		parts = append(parts, "questions/"+q.Base().Type)
	}
	slices.Sort(parts)
	if t := d.Theme; t != nil && t.Position != "" && !strings.Contains(t.Position, "-") {
		parts = append(parts, "places/"+t.Position)
	}
	if d.Theme != nil && d.Theme.Density == "compact" {
		parts = append(parts, "late/compact")
	}
	if slices.ContainsFunc(d.Questions, hasFields) {
		parts = append(parts, "late/fields")
	}
	if d.Pipes() {
		parts = append(parts, "late/pipe")
	}
	if cookie {
		parts = append(parts, "late/keep")
	}
	if d.DryRun {
		parts = append(parts, "late/dry")
	}
	parts = m.with(append(parts, "face"))
	for _, part := range parts {
		words = append(words, m[part].Words...)
	}
	return parts, words, nil
}

// hasFields says whether something is written for a question, or picked from a list.
func hasFields(q survey.Question) bool {
	switch q := q.(type) {
	case *survey.TextQuestion, *survey.EmailQuestion, *survey.ContactQuestion, *survey.DateQuestion, *survey.DropdownQuestion:
		return true
	case *survey.SingleChoiceQuestion:
		return slices.ContainsFunc(q.Choices, func(c survey.Choice) bool { return c.Other })
	case *survey.MultiChoiceQuestion:
		return slices.ContainsFunc(q.Choices, func(c survey.MultiChoice) bool { return c.Other })
	}
	return false
}

// isTimed says whether a trigger does not count at once, or not always.
func isTimed(t survey.Trigger) bool { return t.Base().DelaySeconds > 0 || len(t.Base().CancelOn) > 0 }

// waitsForIdle says whether a trigger needs to know when nothing is done: most carts do not, and it is
// a fiftieth of their script.
func waitsForIdle(t survey.Trigger) bool {
	switch t := t.(type) {
	case *survey.InactivityTrigger:
		return true
	case *survey.CartAbandonmentTrigger:
		return slices.Contains(t.When, "idle")
	case *survey.FormAbandonmentTrigger:
		return t.When == nil || slices.Contains(t.When, "idle")
	}
	return false
}
