package survey

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// earlier is a question of each type; the last question of each test has the condition.
var earlier = []string{
	`{"id": "nps", "type": "nps", "title": "N"}`,
	`{"id": "csat", "type": "csat", "title": "C"}`,
	`{"id": "ces", "type": "ces", "title": "C"}`,
	`{"id": "why", "type": "text", "title": "W", "max_length": 5}`,
	`{"id": "pick", "type": "single_choice", "title": "P", "choices": [{"id": "x", "label": "X"}, {"id": "y", "label": "Y"}]}`,
}

func TestConditions(t *testing.T) {
	const empty = ": has no comparison; allowed: eq, ne, lt, lte, gt, gte, in, contains, answered"
	tests := map[string]struct {
		showIf string
		want   []string
	}{
		"comparisons that fit are fine": {`{"nps": {"gte": 0, "lte": 10}, "csat": {"gt": 1, "lt": 5}, "ces": {"eq": 7}, "why": {"contains": "slow"}, "pick": {"in": ["x", "y"]}}`, nil},
		"combinations are fine":         {`{"all": [{"nps": {"ne": 3}}], "any": [{"not": {"pick": {"eq": "x"}}}, {"why": {"eq": "slow"}}], "not": {"ces": {"answered": false}}}`, nil},
		"answered fits every type":      {`{"nps": {"answered": true}, "csat": {"answered": true}, "ces": {"answered": true}, "why": {"answered": true}, "pick": {"answered": true}}`, nil},
		"a bound may have a fraction":   {`{"nps": {"lt": 6.5}}`, nil},

		"an empty list, which nothing meets, is refused":     {`{"any": []}`, []string{"any: has 0 items, at least 1 are needed"}},
		"a question there is not is refused":                 {`{"nobody": {"eq": 1}}`, []string{"nobody: is not an earlier question; earlier ones are: nps, csat, ces, why, pick"}},
		"the question itself is refused":                     {`{"last": {"answered": true}}`, []string{"last: is not an earlier question; earlier ones are: nps, csat, ces, why, pick"}},
		"a question there is not, deep in not, is refused":   {`{"not": {"not": {"nobody": {"eq": 1}}}}`, []string{"not.not.nobody: is not an earlier question; earlier ones are: nps, csat, ces, why, pick"}},
		"a mistake in all is located":                        {`{"all": [{"nps": {"eq": 1}}, {"nps": {"eq": 11}}]}`, []string{"all[1].nps.eq: expected a whole number from 0 to 10"}},
		"a mistake in any is located":                        {`{"any": [{"csat": {"eq": 0}}]}`, []string{"any[0].csat.eq: expected a whole number from 1 to 5"}},
		"mistakes beside each other are all reported":        {`{"nps": {"eq": 11, "ne": -1}, "ces": {"eq": 8}}`, []string{"ces.eq: expected a whole number from 1 to 7", "nps.eq: expected a whole number from 0 to 10", "nps.ne: expected a whole number from 0 to 10"}},
		"a score outside its scale is refused":               {`{"csat": {"eq": 6}}`, []string{"csat.eq: expected a whole number from 1 to 5"}},
		"a score that is no whole number is refused":         {`{"nps": {"eq": 6.5}}`, []string{"nps.eq: expected a whole number from 0 to 10"}},
		"a score that is text is refused":                    {`{"nps": {"eq": "9"}}`, []string{"nps.eq: expected a whole number from 0 to 10"}},
		"a score that is a list is refused":                  {`{"nps": {"eq": [9]}}`, []string{"nps.eq: expected a whole number from 0 to 10"}},
		"a score of a list outside its scale is refused":     {`{"nps": {"in": [9, 10, 11]}}`, []string{"nps.in[2]: expected a whole number from 0 to 10"}},
		"null in a list is refused: no answer equals it":     {`{"nps": {"in": [9, null]}}`, []string{"nps.in[1]: expected a whole number from 0 to 10"}},
		"a bound below the scale is refused":                 {`{"csat": {"lt": 0}}`, []string{`csat.lt: is 0, outside the scale of "csat", 1 to 5`}},
		"a bound above the scale is refused":                 {`{"nps": {"gte": 10.5}}`, []string{`nps.gte: is 10.5, outside the scale of "nps", 0 to 10`}},
		"lte of a text is refused":                           {`{"why": {"lte": 3}}`, []string{`why.lte: compares numbers and days, but the answer to "why" (text) is neither`}},
		"lt of a choice is refused":                          {`{"pick": {"lt": 3}}`, []string{`pick.lt: compares numbers and days, but the answer to "pick" (single_choice) is neither`}},
		"gt of a text is refused":                            {`{"why": {"gt": 3}}`, []string{`why.gt: compares numbers and days, but the answer to "why" (text) is neither`}},
		"a choice there is not is refused":                   {`{"pick": {"eq": "z"}}`, []string{"pick.eq: expected one of x, y"}},
		"a choice there is not, in a list, is refused":       {`{"pick": {"in": ["x", "z"]}}`, []string{"pick.in[1]: expected one of x, y"}},
		"a choice by its number is refused":                  {`{"pick": {"ne": 0}}`, []string{"pick.ne: expected one of x, y"}},
		"a number for a text is refused":                     {`{"why": {"eq": 5}}`, []string{"why.eq: expected a string"}},
		"a text longer than any answer can be is refused":    {`{"why": {"eq": "slowly"}}`, []string{"why.eq: has 6 characters, at most 5 are allowed"}},
		"contains on a number is refused":                    {`{"nps": {"contains": "9"}}`, []string{`nps.contains: searches text and lists, but "nps" is of type nps`}},
		"contains on a choice is refused":                    {`{"pick": {"contains": "x"}}`, []string{`pick.contains: searches text and lists, but "pick" is of type single_choice`}},
		"a test without a comparison is refused":             {`{"nps": {}}`, []string{"nps" + empty}},
		"a comparison with null is none":                     {`{"nps": {"eq": null}}`, []string{"nps" + empty}},
		"a test without a comparison, in a list, is located": {`{"any": [{"nps": {}}]}`, []string{"any[0].nps" + empty}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			last := `{"id": "last", "type": "text", "title": "L", "show_if": ` + test.showIf + `}`
			_, err := ParseDefinition(withQuestions(append(earlier[:len(earlier):len(earlier)], last)...))
			var want []string
			for _, problem := range test.want {
				want = append(want, "questions[5].show_if."+problem)
			}
			if diff := cmp.Diff(want, problems(t, err)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestConditionOnALaterQuestionIsRefused(t *testing.T) {
	_, err := ParseDefinition(withQuestions(`{"id": "a", "type": "text", "title": "A", "show_if": {"b": {"answered": true}}}`, `{"id": "b", "type": "nps", "title": "B"}`))
	want := []string{"questions[0].show_if.b: is not an earlier question; earlier ones are: none"}
	if diff := cmp.Diff(want, problems(t, err)); diff != "" {
		t.Error(diff)
	}
}

func TestConditionIsWrittenAsItWasRead(t *testing.T) {
	for _, text := range []string{
		`{}`,
		`{"all":[]}`,
		`{"not":{}}`,
		`{"nps":{"lte":6}}`,
		`{"all":[{"a":{"eq":1}},{"b":{"ne":"x"}}],"any":[{"c":{"in":[1,2]}}],"d":{"contains":"y"},"e":{"answered":false},"not":{"f":{"lt":0,"gt":0,"gte":0,"lte":0}}}`,
	} {
		var c Condition
		if err := json.Unmarshal([]byte(text), &c); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		written, err := json.Marshal(c)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if diff := cmp.Diff(value(t, []byte(text)), value(t, written)); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
}

func TestEmptyConditionIsRefused(t *testing.T) {
	_, err := ParseDefinition(withQuestions(`{"id": "a", "type": "text", "title": "A", "show_if": {}}`))
	if diff := cmp.Diff([]string{"questions[0].show_if: is empty"}, problems(t, err)); diff != "" {
		t.Error(diff)
	}
}
