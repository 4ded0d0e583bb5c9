package survey

import (
	"fmt"
	"slices"
)

// Trigger is a moment at which a survey may show. Each type is a struct of its options, in
// trigger_*.go; the page's side of it is widget/src/triggers, one file a type.
type Trigger interface {
	Base() *TriggerBase
	// check reports options that contradict each other, or that no schema can tell.
	check(c *checker)
}

// TriggerBase is what triggers of all types share.
type TriggerBase struct {
	Type         string   `json:"type"`
	DelaySeconds float64  `json:"delay_seconds,omitempty" minimum:"0" maximum:"3600" doc:"Shows so many seconds after the moment"`
	CancelOn     Triggers `json:"cancel_on,omitempty" maxItems:"10" doc:"One of these calls the trigger off until the next page view, also while its delay runs"`
}

// Base returns the shared part.
func (t *TriggerBase) Base() *TriggerBase { return t }

func (t *TriggerBase) check(*checker) {}

// Triggers are the triggers of a survey: any of them may show it.
type Triggers []Trigger

// TriggerTypes makes an empty trigger of each type, by its wire name.
var TriggerTypes = map[string]func() Trigger{}

// A map literal would refer to itself: a trigger's cancel_on holds triggers.
func init() {
	for name, create := range map[string]func() Trigger{
		"all":               func() Trigger { return &AllTrigger{} },
		"any":               func() Trigger { return &AnyTrigger{} },
		"cart_abandonment":  func() Trigger { return &CartAbandonmentTrigger{} },
		"click":             func() Trigger { return &ClickTrigger{} },
		"conversion":        func() Trigger { return &ConversionTrigger{} },
		"dead_click":        func() Trigger { return &DeadClickTrigger{} },
		"element_visible":   func() Trigger { return &ElementVisibleTrigger{} },
		"error":             func() Trigger { return &ErrorTrigger{} },
		"event":             func() Trigger { return &EventTrigger{} },
		"exit_intent":       func() Trigger { return &ExitIntentTrigger{} },
		"feedback_button":   func() Trigger { return &FeedbackButtonTrigger{} },
		"form_abandonment":  func() Trigger { return &FormAbandonmentTrigger{} },
		"inactivity":        func() Trigger { return &InactivityTrigger{} },
		"page_views":        func() Trigger { return &PageViewsTrigger{} },
		"product_list_exit": func() Trigger { return &ProductListExitTrigger{} },
		"rage_click":        func() Trigger { return &RageClickTrigger{} },
		"scroll_depth":      func() Trigger { return &ScrollDepthTrigger{} },
		"search_no_results": func() Trigger { return &SearchNoResultsTrigger{} },
		"time_on_page":      func() Trigger { return &TimeOnPageTrigger{} },
		"url":               func() Trigger { return &URLTrigger{} },
	} {
		TriggerTypes[name] = create
	}
}

// UnmarshalJSON reads each trigger as the struct of its type.
func (ts *Triggers) UnmarshalJSON(data []byte) (err error) {
	*ts, err = unmarshalUnion(data, TriggerTypes)
	return err
}

// Types lists the types in these triggers and in those inside them, each once, in order.
func (ts Triggers) Types() []string {
	var types []string
	for _, t := range ts {
		types = append(append(append(types, t.Base().Type), t.Base().CancelOn.Types()...), members(t).Types()...)
	}
	slices.Sort(types)
	return slices.Compact(types)
}

// Any says whether something is so of one of these triggers, or of those inside them.
func (ts Triggers) Any(is func(Trigger) bool) bool {
	return slices.ContainsFunc(ts, func(t Trigger) bool {
		return is(t) || t.Base().CancelOn.Any(is) || members(t).Any(is)
	})
}

// maxTriggerDepth is how deep triggers may stand in each other: who needs more has a survey too few.
const maxTriggerDepth = 3

// triggers checks a list of triggers and all that stand in them.
func (c *checker) triggers(at string, list Triggers, depth int) {
	before := c.at
	defer func() { c.at = before }()
	for i, t := range list {
		c.at = join(before, fmt.Sprintf("%s[%d]", at, i))
		if depth > maxTriggerDepth {
			c.add("", "stands in more than %d other triggers", maxTriggerDepth-1)
			continue
		}
		if _, button := t.(*FeedbackButtonTrigger); button && depth > 1 {
			c.add("type", "a feedback_button stands by itself: the visitor asks to be asked")
		}
		t.check(c)
		c.triggers("cancel_on", t.Base().CancelOn, depth+1)
		c.triggers("of", members(t), depth+1)
	}
}

// filled reports empty texts in a list: one that is looked for is found everywhere.
func (c *checker) filled(at string, list []string) {
	for i, s := range list {
		if s == "" {
			c.add(fmt.Sprintf("%s[%d]", at, i), "is empty")
		}
	}
}
