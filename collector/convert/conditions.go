package convert

import "github.com/askwell/askwell/collector/survey"

// Conditions of Askwell. A comparison with what was not answered never holds, so that "is not" of other
// tools, which then holds, is not of is.

func that(id string, test survey.Test) survey.Condition {
	return survey.Condition{Tests: map[string]survey.Test{id: test}}
}

func answered(id string, is bool) survey.Condition { return that(id, survey.Test{Answered: &is}) }

func not(c survey.Condition) survey.Condition { return survey.Condition{Not: &c} }

func all(cs ...survey.Condition) survey.Condition {
	if len(cs) == 1 {
		return cs[0]
	}
	return survey.Condition{All: cs}
}

func anyOf(cs ...survey.Condition) survey.Condition {
	if len(cs) == 1 {
		return cs[0]
	}
	return survey.Condition{Any: cs}
}
