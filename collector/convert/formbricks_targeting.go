package convert

import (
	"regexp"

	"github.com/askwell/askwell/collector/survey"
)

// readTargeting says to whom.
func (f *formbricksSurvey) readTargeting() {
	t := f.d.Targeting
	if t == nil {
		t = &survey.Targeting{}
	}
	if n, is := f.delivery("displayPercentage").number(); is && n > 0 && n < 100 {
		share := n / 100
		t.Sample = &share
	}
	from, to := day(f.at.get("runOnDate")), day(f.at.get("closeOnDate"))
	if from != "" || to != "" {
		t.Schedule = &survey.Schedule{From: from, To: to}
	}
	filters := first(f.at.get("targeting").get("filters"), f.at.get("segment").get("filters"))
	if len(filters.items()) > 0 {
		if r, ok := f.segment(filters, 0); ok {
			if t.All == nil && r.All != nil {
				t.All = r.All
			} else {
				t.All = append(t.All, r)
			}
		} else {
			f.quiet(filters, "is for a segment that cannot be written as targeting")
		}
	}
	if len(t.Rules()) > 0 {
		f.d.Targeting = t
	}
	if status := f.at.get("status"); status.text() != "inProgress" && status.there() {
		f.quiet(status, "is %.40q there", status.text())
	}
}

// day is the day of a time in UTC.
func day(at value) string {
	s := at.text()
	if m := dayPattern.FindString(s); m != "" {
		return m
	}
	return ""
}

var dayPattern = regexp.MustCompile(`^\d{4}-(0[1-9]|1[0-2])-([0-2]\d|30)`)

// segment reads filters, each joined to those before it. Where one cannot be written, none is.
func (f *formbricksSurvey) segment(filters value, depth int) (survey.Rule, bool) {
	var parts []survey.Rule
	joined := ""
	for i, at := range filters.items() {
		if c := at.get("connector").text(); i > 0 {
			if joined != "" && c != joined {
				f.say("targeting", at, "joins filters by and as well as by or")
				return survey.Rule{}, false
			}
			joined = c
		}
		resource := at.get("resource")
		var r survey.Rule
		ok := false
		if resource.isList() && depth < 3 {
			r, ok = f.segment(resource, depth+1)
		} else if resource.isObject() {
			r, ok = f.filter(resource)
		}
		if !ok {
			f.say("targeting", resource, "is a filter that has no counterpart")
			return survey.Rule{}, false
		}
		parts = append(parts, r)
	}
	switch {
	case len(parts) == 1:
		return parts[0], true
	case len(parts) == 0 || len(parts) > 20:
		return survey.Rule{}, false
	case joined == "or":
		return survey.Rule{Any: parts}, true
	}
	return survey.Rule{All: parts}, true
}

// filter reads one filter: over an attribute of the contact, which is a trait here, or the device.
func (f *formbricksSurvey) filter(at value) (survey.Rule, bool) {
	root, op, with := at.get("root"), at.get("qualifier").get("operator").text(), at.get("value")
	switch root.get("type").text() {
	case "device":
		kinds := map[string][]string{"phone": {"mobile", "tablet"}, "desktop": {"desktop"}}[with.text()]
		r := survey.Rule{Device: kinds}
		if op == "notEquals" {
			r = survey.Rule{Not: &survey.Rule{Device: kinds}}
		}
		return r, kinds != nil && (op == "equals" || op == "notEquals")
	case "attribute":
		name := first(root.get("contactAttributeKey"), root.get("attributeClassName")).text()
		if name == "" || len([]rune(name)) > 60 {
			return survey.Rule{}, false
		}
		test, no, ok := traitTest(op, with)
		return traits(name, test, no), ok
	}
	return survey.Rule{}, false
}

func traits(name string, test survey.ValueTest, no bool) survey.Rule {
	r := survey.Rule{Traits: map[string]survey.ValueTest{name: test}}
	if no {
		return survey.Rule{Not: &r}
	}
	return r
}

// traitTest compares a trait; no means that the test is to fail.
func traitTest(op string, with value) (test survey.ValueTest, no, ok bool) {
	n, isNumber := with.number()
	s := with.text()
	yes, none := true, false
	switch op {
	case "equals", "notEquals":
		if isNumber {
			return survey.ValueTest{Eq: n}, op == "notEquals", true
		}
		return survey.ValueTest{Eq: s}, op == "notEquals", s != ""
	case "contains", "doesNotContain":
		return survey.ValueTest{Contains: s}, op == "doesNotContain", s != "" && len([]rune(s)) <= 200
	case "isSet":
		return survey.ValueTest{Exists: &yes}, false, true
	case "isNotSet":
		return survey.ValueTest{Exists: &none}, false, true
	case "lessThan":
		return survey.ValueTest{Lt: &n}, false, isNumber
	case "lessEqual":
		return survey.ValueTest{Lte: &n}, false, isNumber
	case "greaterThan":
		return survey.ValueTest{Gt: &n}, false, isNumber
	case "greaterEqual":
		return survey.ValueTest{Gte: &n}, false, isNumber
	case "isBefore":
		return survey.ValueTest{Before: day(with)}, false, day(with) != ""
	case "isAfter":
		return survey.ValueTest{After: day(with)}, false, day(with) != ""
	}
	return test, false, false
}
