package catalog

import (
	"bytes"
	"encoding/json"
	"fmt"
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

// A manifest says of each built part which helpers go before it, which of the interface's words it says, what
// the export of one of a late part is called there, and what stands for one that a survey has no use for.
type manifest map[string]struct {
	Helpers, Words []string
	Name           string
	StandIn        string `json:"stand_in"`
}

func (s *Scripts) manifest() (m manifest, err error) {
	data, err := fs.ReadFile(s.dist, "parts.json")
	if err == nil {
		err = json.Unmarshal(data, &m)
	}
	return m, err
}

// with returns parts with the helpers that they need, each after those that it needs itself. spared need none.
func (m manifest) with(parts []string, spared ...string) (all []string) {
	for _, part := range parts {
		if slices.Contains(all, part) {
			continue
		}
		if !slices.Contains(spared, part) {
			for _, one := range m.with(m[part].Helpers, spared...) {
				if !slices.Contains(all, one) {
					all = append(all, one)
				}
			}
		}
		all = append(all, part)
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

// lateCode joins the face of a survey with its types of question, its place where that is no corner, and what its
// texts and its site need; said are the interface's words that these say.
func (s *Scripts) lateCode(d *survey.Definition, cookie bool) (code []byte, said []string, err error) {
	m, err := s.manifest()
	if err != nil {
		return nil, nil, err
	}
	parts := []string{"face/ui/theme"} // beside the style sheets of the types, that is twenty bytes or more less
	named := func(part, name string) string {
		parts = append(parts, "face/"+part)
		return name + ":" + m["face/"+part].Name
	}
	var types []string
	for _, q := range d.Questions {
		types = append(types, q.Base().Type)
	}
	slices.Sort(types)
	types = slices.Compact(types)
	for i, name := range types {
		types[i] = named("questions/"+name, name)
	}
	// The object by which the face knows what it is joined with.
	members := []string{fmt.Sprintf("theme:%q", themeCSS(d.Theme)), "types:{" + strings.Join(types, ",") + "}"}
	if t := d.Theme; t != nil && t.Position != "" && !strings.Contains(t.Position, "-") {
		members = append(members, named("places/"+t.Position, "place"))
	}
	if d.Theme != nil && d.Theme.Density == "compact" {
		members = append(members, named("late/compact", "compact"))
	}
	if slices.ContainsFunc(d.Questions, hasFields) {
		members = append(members, named("late/fields", "fields"))
	}
	if d.Pipes() {
		members = append(members, named("late/pipe", "pipe"))
	}
	if cookie {
		members = append(members, named("late/keep", "keep"))
	}
	if d.DryRun {
		members = append(members, named("late/dry", "dry"))
	}
	var b bytes.Buffer
	spared := spare(d)
	for _, part := range m.with(append(parts, "face/late"), spared...) {
		if slices.Contains(spared, part) {
			b.WriteString(m[part].StandIn)
			continue
		}
		said = append(said, m[part].Words...)
		if err := s.part(&b, part+".js"); err != nil {
			return nil, nil, err
		}
	}
	if slices.Contains(spared, counting) {
		said = slices.DeleteFunc(said, func(word string) bool { return slices.Contains(countingWords, word) })
	}
	fmt.Fprintf(&b, "const askwellLate={%s};export{%s as present};", strings.Join(members, ","), m["face/late"].Name)
	return b.Bytes(), said, nil
}

// counting says how many of something there have to be, or may; these are its words.
const counting = "face/sdk/words"

var countingWords = []string{"at_least", "at_most", "left", "too_short"}

// spare lists the parts that the late part of a survey has no use for, although others name them.
func spare(d *survey.Definition) (parts []string) {
	used := map[string]bool{"face/sdk/condition": false, counting: false, "face/helpers/link": d.PrivacyURL != "", "face/helpers/other": false,
		"face/helpers/shuffle": false, "face/helpers/smile": false, "face/helpers/stars": false}
	uses := func(part string, is bool) { used[part] = used[part] || is }
	for _, q := range d.Questions {
		uses("face/sdk/condition", q.Base().ShowIf != nil || slices.ContainsFunc(q.Base().Jumps, func(j survey.Jump) bool { return j.If != nil }))
		switch q := q.(type) {
		case *survey.CSATQuestion:
			uses("face/helpers/smile", q.Look == "emoji")
			uses("face/helpers/stars", q.Look == "stars")
		case *survey.RatingQuestion:
			uses("face/helpers/stars", q.Look != "numbers")
		case *survey.SingleChoiceQuestion:
			uses("face/helpers/shuffle", q.ShuffleFirst > 0)
			uses("face/helpers/other", hasFields(q))
		case *survey.MultiChoiceQuestion:
			uses("face/helpers/shuffle", q.ShuffleFirst > 0)
			uses("face/helpers/other", hasFields(q))
			uses(counting, q.Min > 0 || q.Max > 0)
		case *survey.RankingQuestion:
			uses("face/helpers/shuffle", q.Shuffle)
		case *survey.TextQuestion:
			uses(counting, q.MinLength > 0 || q.MaxLength > 0)
		case *survey.StatementQuestion:
			uses("face/helpers/link", q.Link != nil)
		}
	}
	for _, ending := range d.Endings {
		uses("face/sdk/condition", ending.If != nil)
		uses("face/helpers/link", ending.Link != nil)
	}
	for part, is := range used {
		if !is {
			parts = append(parts, part)
		}
	}
	return parts
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
