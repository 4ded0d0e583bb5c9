package catalog

import (
	"encoding/json"
	"io/fs"
	"slices"

	"github.com/askwell/askwell/collector/survey"
)

// A script larger than this, some 8 KiB of brotli, comes in two parts.
const maxScript = 20 << 10

// haveTime are the triggers that are of no use in a page's first moments: where a site uses so many
// that its script is large, these come in a part of their own, once the page has loaded.
var haveTime = []string{"dead_click", "element_visible", "error", "feedback_button", "form_abandonment", "inactivity", "rage_click", "search_no_results"}

// parts lists the triggers and targeting rules that a site's surveys use, with the helpers that these
// share, so that a site pays for no other: those of its script, and those that come apart.
func (s *Scripts) parts(config Config, apart []string) (first, more []string, err error) {
	manifest, err := fs.ReadFile(s.dist, "parts.json")
	if err != nil {
		return nil, nil, err
	}
	var needs map[string]map[string][]string // by kind and wire name, the helpers
	if err := json.Unmarshal(manifest, &needs); err != nil {
		return nil, nil, err
	}
	var triggers survey.Triggers
	add := func(list *[]string, kind, name string) {
		for _, helper := range needs[kind][name] {
			*list = append(*list, "helpers/"+helper) // sorts before what uses it
		}
		*list = append(*list, kind+"/"+name)
	}
	for _, offered := range config.Surveys {
		triggers = append(triggers, offered.Triggers...)
		for _, rule := range offered.Targeting.Rules() {
			add(&first, "rules", rule)
		}
	}
	for _, t := range triggers.Types() {
		if slices.Contains(apart, t) {
			add(&more, "triggers", t)
		} else {
			add(&first, "triggers", t)
		}
	}
	if triggers.Any(isTimed) {
		first = append(first, "helpers/when")
	}
	if len(more) > 0 {
		first = append(first, "helpers/more")
	}
	if !triggers.Any(waitsForIdle) {
		first = slices.DeleteFunc(first, func(part string) bool { return part == "helpers/idle" })
	}
	slices.Sort(first)
	slices.Sort(more)
	more = slices.DeleteFunc(more, func(part string) bool { return slices.Contains(first, part) })
	return slices.Compact(first), slices.Compact(more), nil
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
