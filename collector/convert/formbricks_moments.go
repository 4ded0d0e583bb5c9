package convert

import (
	"regexp"
	"slices"
	"strings"

	"github.com/askwell/askwell/collector/survey"
)

// delivery is where a survey says when it shows: in surveys of the newest API apart from the rest.
func (f *formbricksSurvey) delivery(key string) value {
	if apart := f.at.get("distribution"); apart.isObject() {
		return apart.get(key)
	}
	return f.at.get(key)
}

// readMoments makes triggers of actions.
func (f *formbricksSurvey) readMoments() {
	list := f.delivery("triggers").items()
	if kind := f.at.get("type").text(); kind == "link" {
		f.say("triggers", f.at.get("type"), "is shown by a link of its own; Askwell asks on pages: give it triggers, or show it with show()")
		return
	}
	for _, at := range list {
		if t := f.trigger(at, len(list) == 1); t != nil {
			f.d.Triggers = append(f.d.Triggers, t)
		}
	}
	delay, _ := f.delivery("delay").number()
	if delay > 3600 {
		f.say("triggers", f.delivery("delay"), "waits for more than an hour; here it is one")
	}
	if delay >= 1 {
		for _, t := range f.d.Triggers {
			t.Base().DelaySeconds = min(delay, 3600)
		}
	}
	if len(list) == 0 {
		f.say("triggers", f.at, "has no triggers, so only show() shows it")
	}
	f.d.Triggers = b20(f.d.Triggers)
}

// b20 are as many triggers as a survey may have.
func b20(ts survey.Triggers) survey.Triggers { return ts[:min(len(ts), 20)] }

// action finds what a trigger refers to: it is inside, or beside the surveys.
func (f *formbricksSurvey) action(at value) value {
	inside := at.get("actionClass")
	if inside.get("type").there() {
		return inside
	}
	id, name := first(at.get("actionClassId"), inside.get("id")).text(), first(inside.get("name"), at).text()
	for _, known := range f.actions {
		if id != "" && known.get("id").text() == id || id == "" && name != "" && known.get("name").text() == name {
			return known
		}
	}
	return value{at.path, nil}
}

// trigger makes one of an action; alone says that no other trigger shows the survey.
func (f *formbricksSurvey) trigger(at value, alone bool) survey.Trigger {
	action := f.action(at)
	config := action.get("noCodeConfig")
	name := oneLine(first(action.get("name"), at.get("actionClass").get("name"), at).text())
	switch kind := action.get("type").text(); {
	case !action.there():
		f.say("triggers", at, "the export does not say what the action %q is; left out", name)
		return nil
	case kind == "code":
		key := first(action.get("key"), action.get("name")).text()
		if key == "" || len([]rune(key)) > 200 {
			f.say("triggers", at, "the action %q has no key that an event could have; left out", name)
			return nil
		}
		return &survey.EventTrigger{TriggerBase: survey.TriggerBase{Type: "event"}, Name: key}
	case kind == "automatic" && strings.HasPrefix(name, "Exit Intent"):
		return &survey.ExitIntentTrigger{TriggerBase: survey.TriggerBase{Type: "exit_intent"}}
	case kind == "automatic" && strings.HasPrefix(name, "50% Scroll"):
		return &survey.ScrollDepthTrigger{TriggerBase: survey.TriggerBase{Type: "scroll_depth"}, Percent: 50}
	case kind == "automatic":
		f.say("triggers", at, "the action %q is taken as any page view", name)
		return &survey.PageViewsTrigger{TriggerBase: survey.TriggerBase{Type: "page_views"}, Count: 1}
	}
	var t survey.Trigger
	switch kind := config.get("type").text(); kind {
	case "pageView":
		t = &survey.PageViewsTrigger{TriggerBase: survey.TriggerBase{Type: "page_views"}, Count: 1}
	case "exitIntent":
		t = &survey.ExitIntentTrigger{TriggerBase: survey.TriggerBase{Type: "exit_intent"}}
	case "fiftyPercentScroll":
		t = &survey.ScrollDepthTrigger{TriggerBase: survey.TriggerBase{Type: "scroll_depth"}, Percent: 50}
	case "pageDwell":
		seconds, _ := config.get("timeInSeconds").whole(0, 86400)
		t = &survey.TimeOnPageTrigger{TriggerBase: survey.TriggerBase{Type: "time_on_page"}, Seconds: float64(seconds)}
	case "click":
		selector, words := config.get("elementSelector").get("cssSelector").text(), config.get("elementSelector").get("innerHtml")
		if selector == "" || len([]rune(selector)) > 500 {
			f.say("triggers", at, "the action %q is a click on what has certain words; a click trigger needs a selector; left out", name)
			return nil
		}
		if words.text() != "" {
			f.say("triggers", words, "the action %q looks at words too; here the selector alone counts", name)
		}
		t = &survey.ClickTrigger{TriggerBase: survey.TriggerBase{Type: "click"}, Selector: selector}
	default:
		f.say("triggers", at, "the action %q is of a kind that no trigger is (%.40q); left out", name, kind)
		return nil
	}
	return f.on(t, config, alone)
}

// on keeps a trigger to the pages that its action is limited to.
func (f *formbricksSurvey) on(t survey.Trigger, config value, alone bool) survey.Trigger {
	filters := config.get("urlFilters").items()
	if len(filters) == 0 {
		return t
	}
	every := config.get("urlFiltersConnector").text() == "and"
	var rules []survey.TextRule
	plain := true
	for _, at := range filters {
		r, no, ok := f.urlRule(at)
		if !ok {
			f.say("triggers", at, "is no rule over addresses that Askwell has; its trigger is left out")
			return nil
		}
		plain = plain && !no
		rules = append(rules, r)
	}
	if _, view := t.(*survey.PageViewsTrigger); view && plain && (!every || len(rules) == 1) {
		return &survey.URLTrigger{TriggerBase: survey.TriggerBase{Type: "url"}, URL: rules}
	}
	if alone { // then its pages are the survey's
		var parts []survey.Rule
		for i, at := range filters {
			part := survey.Rule{URL: rules[i : i+1]}
			if _, no, _ := f.urlRule(at); no {
				part = survey.Rule{Not: &survey.Rule{URL: rules[i : i+1]}}
			}
			parts = append(parts, part)
		}
		f.d.Targeting = &survey.Targeting{}
		switch {
		case plain && (!every || len(rules) == 1):
			f.d.Targeting.URL = rules
		case len(parts) == 1:
			f.d.Targeting.Rule = parts[0]
		case every:
			f.d.Targeting.All = parts
		default:
			f.d.Targeting.Any = parts
		}
		return t
	}
	if !plain {
		f.say("triggers", config.get("urlFilters"), "keeps one trigger of several away from some pages, which Askwell's cannot; left out")
		return nil
	}
	pages := survey.Triggers{&survey.URLTrigger{TriggerBase: survey.TriggerBase{Type: "url"}, URL: rules}}
	if every {
		pages = nil
		for _, r := range rules {
			pages = append(pages, &survey.URLTrigger{TriggerBase: survey.TriggerBase{Type: "url"}, URL: []survey.TextRule{r}})
		}
	}
	if len(pages) > 9 {
		f.say("triggers", config.get("urlFilters"), "has %d rules that must all hold; left out", len(pages))
		return nil
	}
	return &survey.AllTrigger{TriggerBase: survey.TriggerBase{Type: "all"}, Of: append(pages, t)}
}

// urlRule reads a rule over the whole address; no means that it is to fail.
func (f *formbricksSurvey) urlRule(at value) (r survey.TextRule, no, ok bool) {
	s := strings.TrimSpace(at.get("value").text())
	if s == "" || len([]rune(s)) > 400 {
		return r, false, false
	}
	path := strings.HasPrefix(s, "/") // without a host: any
	switch at.get("rule").text() {
	case "exactMatch":
		return exactly(s, path, "$"), false, true
	case "notMatch":
		return exactly(s, path, "$"), true, true
	case "startsWith":
		return exactly(s, path, ""), false, true
	case "endsWith":
		return survey.TextRule{Regex: regexp.QuoteMeta(s) + "$"}, false, true
	case "contains":
		return survey.TextRule{Contains: s}, false, true
	case "notContains":
		return survey.TextRule{Contains: s}, true, true
	case "matchesRegex":
		return survey.TextRule{Regex: s}, false, true
	}
	return r, false, false
}

// exactly holds for an address that begins with s, or with any host before it, and then ends as it should.
func exactly(s string, path bool, end string) survey.TextRule {
	if !path && end != "" {
		return survey.TextRule{Equals: &s}
	}
	before := "^"
	if path {
		before = "^https?://[^/]+"
	}
	return survey.TextRule{Regex: before + regexp.QuoteMeta(s) + end}
}

// readFrequency says how often one visitor is asked.
func (f *formbricksSurvey) readFrequency() {
	freq := &survey.Frequency{}
	rest := 0
	freq.AfterDismissalDays = &rest // Formbricks knows no rest after a dismissal alone
	switch option := f.delivery("displayOption"); option.text() {
	case "displayOnce":
		freq.MaxShows = 1
	case "displayMultiple":
		freq.MaxShows = 1000
	case "displaySome":
		n, ok := f.delivery("displayLimit").whole(1, 1000)
		if freq.MaxShows = n; !ok {
			freq.MaxShows = 1000
		}
	case "respondMultiple":
		freq.PerVisitor = "always"
	default:
		freq.AfterDismissalDays = nil
		f.say("frequency", option, "does not say how often it shows (displayOption); Askwell's own rest applies")
	}
	if n, ok := first(f.delivery("recontactDays"), f.project.get("recontactDays")).whole(0, 3650); ok {
		freq.MinGapDays = &n
	} else if f.at.get("type").text() != "link" {
		f.say("frequency", f.delivery("recontactDays"), "waits as long as the project says, which the export does not; Askwell's 30 days between any two surveys apply")
	}
	if *freq != (survey.Frequency{}) {
		f.d.Frequency = freq
	}
	if n, ok := f.delivery("autoComplete").whole(1, 100000000); ok {
		f.d.Quota = &survey.Quota{Completed: n}
	}
}

var colour = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// readTheme takes the colour, the place and the corners.
func (f *formbricksSurvey) readTheme() {
	over, styling := first(f.at.get("projectOverwrites"), f.at.get("productOverwrites")), f.at.get("styling")
	theme := &survey.Theme{}
	accent := first(over.get("brandColor"), styling.get("brandColor").get("light"), f.project.get("styling").get("brandColor").get("light"))
	if colour.MatchString(accent.text()) {
		theme.Accent = accent.text()
	} else if accent.there() {
		f.say("theme", accent, "is no colour written #rrggbb; Askwell's own is taken")
	}
	if n, ok := styling.get("roundness").whole(0, 32); ok {
		theme.Radius = &n
	}
	place := first(over.get("placement"), f.project.get("placement"))
	theme.Position = map[string]string{"bottomLeft": "bottom-left", "topRight": "top-right", "topLeft": "top-left", "center": "modal"}[place.text()]
	if styling.isObject() {
		f.say("theme", styling, "of the look the colour and the corners are taken, nothing else")
	}
	if *theme != (survey.Theme{}) {
		f.d.Theme = theme
	}
}

// sayRest names what else a survey may have there, and has not here.
func (f *formbricksSurvey) sayRest() {
	for _, one := range []struct {
		key string
		is  func(value) bool
		say string
	}{
		{"pin", func(v value) bool { return v.text() != "" }, "is asked for before the survey, which Askwell does not"},
		{"singleUse", func(v value) bool { return v.get("enabled").yes() }, "has links that work once, which Askwell has none of"},
		{"isVerifyEmailEnabled", value.yes, "has visitors prove their address first, which Askwell does not"},
		{"isSingleResponsePerEmailEnabled", value.yes, "takes one response an address; here it is one a visitor (frequency)"},
		{"recaptcha", func(v value) bool { return v.get("enabled").yes() }, "asks a service who is a person; Askwell tells bots by itself"},
		{"followUps", func(v value) bool { return len(v.items()) > 0 }, "sends mails after a response, which Askwell does not"},
		{"autoClose", func(v value) bool { n, is := v.number(); return is && n > 0 }, "closes an untouched survey after a while, which Askwell does not"},
		{"surveyClosedMessage", value.isObject, "is what a closed survey says; Askwell's then shows nothing"},
		{"customHeadScripts", func(v value) bool { return v.text() != "" }, "is code that runs in the survey, which Askwell lets none"},
	} {
		if at := first(f.at.get(one.key), f.delivery(one.key)); one.is(at) {
			f.say("", at, "%s", one.say)
		}
	}
	if slices.ContainsFunc(f.at.get("questions").items(), func(q value) bool { return q.get("isDraft").yes() }) {
		f.say("", f.at.get("questions"), "has questions that are drafts; they are taken as they are")
	}
}
