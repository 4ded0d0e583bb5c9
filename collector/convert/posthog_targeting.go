package convert

import (
	"slices"
	"strconv"
	"strings"

	"github.com/askwell/askwell/collector/survey"
)

// propertyTest compares a property. PostHog writes all values as strings; a number is compared as both.
func propertyTest(at value) (survey.ValueTest, bool) {
	values := at.get("values").items()
	yes, none := true, false
	op := at.get("operator").text()
	switch op {
	case "is_set":
		return survey.ValueTest{Exists: &yes}, true
	case "is_not_set":
		return survey.ValueTest{Exists: &none}, true
	}
	if len(values) == 0 || len(values) > 50 {
		return survey.ValueTest{}, false
	}
	return compareValues(op, values)
}

// compareValues is a comparison with one or some values, all of which are alike.
func compareValues(op string, values []value) (survey.ValueTest, bool) {
	n, number := numeric(values[0])
	switch op {
	case "gt":
		return survey.ValueTest{Gt: &n}, number
	case "gte":
		return survey.ValueTest{Gte: &n}, number
	case "lt":
		return survey.ValueTest{Lt: &n}, number
	case "lte":
		return survey.ValueTest{Lte: &n}, number
	case "icontains":
		s := values[0].text()
		return survey.ValueTest{Contains: s}, len(values) == 1 && s != "" && len([]rune(s)) <= 200
	case "exact", "":
		in := []any{}
		for _, v := range values {
			if n, is := numeric(v); is {
				in = append(in, n)
			}
			switch s := v.v.(type) {
			case string:
				in = append(in, s)
				if s == "true" || s == "false" {
					in = append(in, s == "true")
				}
			case bool:
				in = append(in, s)
			}
		}
		if len(in) == 1 {
			return survey.ValueTest{Eq: in[0]}, true
		}
		return survey.ValueTest{In: in}, len(in) > 0 && len(in) <= 100
	}
	return survey.ValueTest{}, false
}

func numeric(at value) (float64, bool) {
	if n, is := at.number(); is {
		return n, true
	}
	n, err := strconv.ParseFloat(at.text(), 64)
	return n, err == nil && n-n == 0 // neither infinite nor no number
}

// readTargeting says to whom: the page, the device, who the person is.
func (p *posthogSurvey) readTargeting() {
	t := &survey.Targeting{}
	if page := p.conditions.get("url"); page.text() != "" {
		match := p.conditions.get("urlMatchType").text()
		switch r, no, ok := addressRule(page.text(), match); {
		case !ok:
			p.quiet(page, "is for addresses in a way that is not known (%.40q)", match)
		case no:
			t.All = append(t.All, survey.Rule{Not: &survey.Rule{URL: []survey.TextRule{r}}})
		default:
			t.URL = []survey.TextRule{r}
		}
	}
	p.devices(t)
	p.people(t)
	for _, key := range []string{"linked_flag_key", "linked_flag"} {
		if flag := p.at.get(key); flag.there() && flag.v != "" {
			p.quiet(flag, "is for those who have a feature flag; give identify() the flag as a trait, and target that trait")
			break
		}
	}
	if len(t.Rules()) > 0 {
		p.d.Targeting = t
	}
	switch start, end := p.at.get("start_date"), p.at.get("end_date"); {
	case p.at.get("archived").yes():
		p.quiet(p.at.get("archived"), "is archived there")
	case end.there():
		p.quiet(end, "has ended there")
	case !start.there():
		p.quiet(start, "was not launched there")
	}
}

func (p *posthogSurvey) devices(t *survey.Targeting) {
	list := p.conditions.get("deviceTypes")
	var devices []string
	for _, d := range list.items() {
		switch is := strings.ToLower(d.text()); is {
		case "desktop", "mobile", "tablet":
			devices = append(devices, is)
		default:
			p.say("targeting", d, "is a kind of device that Askwell does not tell apart")
		}
	}
	if len(list.items()) == 0 {
		return
	}
	slices.Sort(devices)
	devices = slices.Compact(devices)
	match := p.conditions.get("deviceTypesMatchType").text()
	switch {
	case len(devices) == 0 || strings.HasSuffix(match, "regex"):
		p.quiet(list, "is for devices in a way that targeting cannot say")
	case match == "is_not" || match == "not_icontains":
		t.All = append(t.All, survey.Rule{Not: &survey.Rule{Device: devices}})
	default:
		t.Device = devices
	}
}

// people makes rules over traits of the properties that a person is to have.
func (p *posthogSurvey) people(t *survey.Targeting) {
	filters := first(p.at.get("targeting_flag_filters"), p.at.get("targeting_flag").get("filters"))
	if !filters.isObject() {
		if key := p.at.get("targeting_flag_key"); key.text() != "" {
			p.quiet(key, "is for some people; the export does not say for whom")
		}
		return
	}
	var groups []survey.Rule
	for _, group := range filters.get("groups").items() {
		var rule survey.Rule
		for _, property := range group.get("properties").items() {
			r, ok := person(property)
			if !ok {
				p.quiet(property, "compares a property of a person in a way that targeting cannot")
				return
			}
			rule.All = append(rule.All, r)
		}
		if share, is := group.get("rollout_percentage").number(); is && share < 100 {
			if len(filters.get("groups").items()) > 1 || share <= 0 {
				p.quiet(group.get("rollout_percentage"), "is for a share of a group of people")
				return
			}
			share /= 100
			t.Sample = &share
		}
		if len(rule.All) > 20 {
			p.quiet(group, "has more than 20 conditions")
			return
		}
		groups = append(groups, rule)
	}
	if slices.ContainsFunc(groups, func(r survey.Rule) bool { return len(r.All) == 0 }) {
		return // one that holds for everybody
	}
	switch {
	case len(groups) > 20:
		p.quiet(filters, "has more than 20 groups of people")
	case len(groups) == 1:
		t.All = append(t.All, groups[0].All...)
	case len(groups) > 1:
		t.All = append(t.All, survey.Rule{Any: groups})
	}
}

// person reads a condition over a property, which identify() gives as a trait.
func person(at value) (survey.Rule, bool) {
	name, op, with := at.get("key").text(), at.get("operator").text(), at.get("value")
	if kind := at.get("type").text(); kind != "person" && kind != "" || name == "" || strings.HasPrefix(name, "$") || len([]rune(name)) > 60 {
		return survey.Rule{}, false
	}
	values := with.items()
	if !with.isList() {
		values = []value{with}
	}
	no := false
	switch op {
	case "is_set", "is_not_set":
		yes := op == "is_set"
		return traits(name, survey.ValueTest{Exists: &yes}, false), true
	case "is_not":
		op, no = "exact", true
	case "not_icontains":
		op, no = "icontains", true
	case "is_date_before":
		return traits(name, survey.ValueTest{Before: day(with)}, false), day(with) != ""
	case "is_date_after":
		return traits(name, survey.ValueTest{After: day(with)}, false), day(with) != ""
	}
	if len(values) == 0 || len(values) > 30 {
		return survey.Rule{}, false
	}
	test, ok := compareValues(op, values)
	return traits(name, test, no), ok
}
