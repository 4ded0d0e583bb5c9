package convert

import (
	"strconv"
	"strings"

	"github.com/askwell/askwell/collector/survey"
)

// readMoments makes triggers of what PostHog has a survey wait for.
func (p *posthogSurvey) readMoments() {
	delay, _ := p.look.get("surveyPopupDelaySeconds").number()
	if delay > 3600 {
		p.say("triggers", p.look.get("surveyPopupDelaySeconds"), "waits for more than an hour; here it is one")
	}
	delay = max(0, min(delay, 3600))
	switch kind := p.at.get("type").text(); kind {
	case "widget":
		p.widget()
		return
	case "api":
		p.say("triggers", p.at.get("type"), "is drawn by the page itself: here only show() shows it, or the SDK's headless part")
		return
	case "popover":
	default:
		p.say("triggers", p.at.get("type"), "is of type %.40q; Askwell asks on pages: give it triggers, or show it with show()", kind)
		return
	}
	events := p.events(p.conditions.get("events"))
	events = append(events, p.actions()...)
	waits := len(p.conditions.get("events").get("values").items())+len(p.conditions.get("actions").get("values").items()) > 0
	if selector := p.conditions.get("selector"); selector.text() != "" {
		seen := p.element(selector)
		if !waits {
			events = survey.Triggers{seen}
		}
		for i, t := range events {
			if waits {
				events[i] = both(seen, t)
			}
		}
	} else if !waits {
		p.d.Triggers = survey.Triggers{&survey.TimeOnPageTrigger{TriggerBase: survey.TriggerBase{Type: "time_on_page"}, Seconds: delay}}
		return
	}
	cancel := p.events(p.conditions.get("cancelEvents"))
	for _, t := range events {
		t.Base().DelaySeconds = delay
		t.Base().CancelOn = cancel[:min(len(cancel), 10)]
	}
	p.d.Triggers = b20(events)
}

func (p *posthogSurvey) element(selector value) survey.Trigger {
	none := 0.0
	p.say("triggers", selector, "waits for an element to be on the page; here it has to come into view")
	return &survey.ElementVisibleTrigger{TriggerBase: survey.TriggerBase{Type: "element_visible"}, Selector: selector.text(), Seconds: &none, Percent: 1}
}

// both fires when two triggers have, one of which may be several already.
func both(t, with survey.Trigger) survey.Trigger {
	if of, is := with.(*survey.AllTrigger); is {
		of.Of = append(of.Of, t)
		return of
	}
	return &survey.AllTrigger{TriggerBase: survey.TriggerBase{Type: "all"}, Of: survey.Triggers{t, with}}
}

// widget is opened by the visitor: by a tab on the edge, or by something on the page.
func (p *posthogSurvey) widget() {
	if kind := p.look.get("widgetType").text(); kind == "selector" {
		if selector := p.look.get("widgetSelector"); selector.text() != "" {
			p.d.Triggers = survey.Triggers{&survey.ClickTrigger{TriggerBase: survey.TriggerBase{Type: "click"}, Selector: selector.text()}}
			p.say("triggers", selector, "opens at each click; here frequency and targeting are asked as well. To open it always, call show()")
			return
		}
	} else if kind == "button" {
		p.say("triggers", p.look.get("widgetType"), "is a button of PostHog's; here it is a tab on the edge")
	}
	button := &survey.FeedbackButtonTrigger{TriggerBase: survey.TriggerBase{Type: "feedback_button"}}
	if label := p.look.get("widgetLabel"); label.text() != "" {
		button.Label = p.texts("triggers", map[string]value{p.d.Languages[0]: label})
	}
	if c := p.colour(p.look.get("widgetColor")); c != "" {
		button.Accent = c
	}
	switch side := p.look.get("tabPosition"); side.text() {
	case "left":
		button.Position = "left"
	case "top", "bottom":
		p.say("triggers", side, "is a tab at the %s; here it is at the right", side.text())
	}
	p.d.Triggers = survey.Triggers{button}
}

// events makes triggers of events, by name and properties.
func (p *posthogSurvey) events(at value) (ts survey.Triggers) {
	for _, e := range at.get("values").items() {
		if t := p.event(e, e.get("name").text()); t != nil {
			ts = append(ts, t)
		}
	}
	return ts
}

func (p *posthogSurvey) event(at value, name string) survey.Trigger {
	base := survey.TriggerBase{}
	filters := at.get("propertyFilters")
	if strings.HasPrefix(name, "$") && len(filters.keys()) > 0 {
		p.say("triggers", filters, "looks at properties of %.60q, an event that PostHog itself sends; left out", name)
		return nil
	}
	switch name {
	case "$pageview":
		base.Type = "page_views"
		return &survey.PageViewsTrigger{TriggerBase: base, Count: 1}
	case "$pageleave":
		base.Type = "exit_intent"
		p.say("triggers", at, "is a page that was left, when it is too late to ask; here it is one that a visitor turns to leave")
		return &survey.ExitIntentTrigger{TriggerBase: base}
	case "$rageclick":
		base.Type = "rage_click"
		return &survey.RageClickTrigger{TriggerBase: base}
	case "$dead_click":
		base.Type = "dead_click"
		return &survey.DeadClickTrigger{TriggerBase: base}
	case "$exception":
		base.Type = "error"
		return &survey.ErrorTrigger{TriggerBase: base, On: []string{"uncaught"}}
	}
	if name == "" || strings.HasPrefix(name, "$") || len([]rune(name)) > 200 {
		p.say("triggers", at, "waits for %.60q, which no trigger does; left out", name)
		return nil
	}
	base.Type = "event"
	t := &survey.EventTrigger{TriggerBase: base, Name: name}
	for _, property := range filters.keys() {
		test, ok := propertyTest(filters.get(property))
		if !ok || len(t.Properties) == 20 {
			p.say("triggers", filters.get(property), "compares in a way that triggers cannot; the event %.60q is left out", name)
			return nil
		}
		if t.Properties == nil {
			t.Properties = map[string]survey.ValueTest{}
		}
		t.Properties[property] = test
	}
	return t
}

// actions makes triggers of PostHog's actions: any step of any of them.
func (p *posthogSurvey) actions() (ts survey.Triggers) {
	for _, action := range p.conditions.get("actions").get("values").items() {
		steps := action.get("steps").items()
		if len(steps) == 0 {
			p.say("triggers", action, "the export does not say what the action %.60q is; left out", action.get("name").text())
		}
		for _, at := range steps {
			if t := p.step(at); t != nil {
				ts = append(ts, t)
			}
		}
	}
	return ts
}

func (p *posthogSurvey) step(at value) survey.Trigger {
	for _, more := range []string{"text", "href", "tag_name"} {
		if at.get(more).text() != "" {
			p.say("triggers", at.get(more), "looks at the %s of what is clicked, which a trigger does not; left out", more)
			return nil
		}
	}
	if at.get("properties").isList() && len(at.get("properties").items()) > 0 {
		p.say("triggers", at.get("properties"), "looks at properties; left out")
		return nil
	}
	name, selector := at.get("event").text(), at.get("selector").text()
	var t survey.Trigger
	switch {
	case selector != "" && (name == "" || name == "$autocapture"):
		t = &survey.ClickTrigger{TriggerBase: survey.TriggerBase{Type: "click"}, Selector: selector}
	case selector != "":
		p.say("triggers", at, "looks at an element and at an event; left out")
		return nil
	default:
		t = p.event(at, name)
	}
	page := at.get("url")
	if t == nil || page.text() == "" {
		return t
	}
	r, no, ok := addressRule(page.text(), map[string]string{"exact": "exact", "regex": "regex", "contains": "icontains", "": "icontains"}[at.get("url_matching").text()])
	if !ok || no {
		p.say("triggers", page, "is no rule over addresses that Askwell has; its trigger is left out")
		return nil
	}
	on := &survey.URLTrigger{TriggerBase: survey.TriggerBase{Type: "url"}, URL: []survey.TextRule{r}}
	if _, view := t.(*survey.PageViewsTrigger); view {
		return on
	}
	return &survey.AllTrigger{TriggerBase: survey.TriggerBase{Type: "all"}, Of: survey.Triggers{on, t}}
}

// addressRule is a rule over the whole address, or its contrary.
func addressRule(s, match string) (r survey.TextRule, no, ok bool) {
	if len([]rune(s)) > 500 {
		return r, false, false
	}
	switch strings.TrimPrefix(match, "not_") {
	case "", "icontains":
		return survey.TextRule{Contains: s}, match == "not_icontains", true
	case "regex":
		return survey.TextRule{Regex: s}, match == "not_regex", true
	case "exact", "is_not":
		return survey.TextRule{Equals: &s}, match == "is_not", true
	}
	return r, false, false
}

// readFrequency says how often one visitor is asked.
func (p *posthogSurvey) readFrequency() {
	freq := &survey.Frequency{}
	wait, _ := p.conditions.get("seenSurveyWaitPeriodInDays").whole(0, 3650)
	never, none := 3650, 0
	freq.MinGapDays = &wait
	repeated := p.conditions.get("events").get("repeatedActivation").yes()
	switch schedule := p.at.get("schedule"); {
	case schedule.text() == "recurring":
		days, _ := p.at.get("iteration_frequency_days").whole(0, 3650)
		freq.PerVisitor, freq.AfterDismissalDays = "always", &days
		if days > wait {
			freq.MinGapDays = &days
		}
		p.say("frequency", schedule, "asks again in each stretch of %d days since its start, for all visitors alike; here each visitor rests for so long after any survey, and no number of times ends it", days)
	case schedule.text() == "always" || repeated:
		freq.PerVisitor, freq.AfterDismissalDays = "always", &none
	default: // once: answered or closed, it is not shown again
		freq.MaxShows, freq.AfterDismissalDays = 1000, &never
	}
	p.d.Frequency = freq
	if n, ok := p.at.get("responses_limit").whole(1, 100000000); ok {
		p.d.Quota = &survey.Quota{Completed: n}
	}
	for _, key := range []string{"response_sampling_limit", "linkedFlagVariant"} {
		if at := first(p.at.get(key), p.conditions.get(key)); at.there() && at.v != "" {
			p.say("frequency", at, "has no counterpart")
		}
	}
}

// named are the colours that PostHog's own themes call by a name.
var named = map[string]string{"black": "#000000", "white": "#ffffff"}

// colour reads a colour, "" for none that can be taken.
func (p *posthogSurvey) colour(at value) string {
	s := at.text()
	if is := named[strings.ToLower(s)]; is != "" {
		return is
	}
	if colour.MatchString(s) {
		return s
	}
	if s != "" {
		p.say("theme", at, "is no colour written #rrggbb; Askwell's own is taken")
	}
	return ""
}

// readTheme takes the colour, the place and the corners.
func (p *posthogSurvey) readTheme() {
	theme := &survey.Theme{Accent: p.colour(p.look.get("submitButtonColor"))}
	switch place := p.look.get("position"); place.text() {
	case "", "right":
	case "left":
		theme.Position = "bottom-left"
	case "top_left":
		theme.Position = "top-left"
	case "top_right":
		theme.Position = "top-right"
	case "middle_center":
		theme.Position = "modal"
	default:
		p.say("theme", place, "stands where Askwell's does not (%.40q); here it is in the corner at the bottom right", place.text())
	}
	if n, err := strconv.Atoi(strings.TrimSuffix(p.look.get("borderRadius").text(), "px")); err == nil && n >= 0 && n <= 32 {
		theme.Radius = &n
	}
	if p.look.get("fontFamily").text() == "inherit" {
		theme.Font = "inherit"
	}
	if *theme != (survey.Theme{}) {
		p.d.Theme = theme
	}
}
