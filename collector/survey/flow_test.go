package survey

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestJumps(t *testing.T) {
	// Four questions a, b, c and d; each with what a test adds to it.
	survey := func(a, b, c, d string) []byte {
		return withQuestions(`{"id": "a", "type": "nps", "title": "A"`+a+`}`, `{"id": "b", "type": "text", "title": "B"`+b+`}`,
			`{"id": "c", "type": "statement", "title": "C"`+c+`}`, `{"id": "d", "type": "text", "title": "D"`+d+`}`)
	}
	const (
		no    = ""
		if6   = `"if": {"a": {"lte": 6}}`
		over  = ` jumps over it in any case`
		never = "has no condition, so the jumps after it are never taken; put it last"
	)
	tests := map[string]struct {
		body []byte
		want []string
	}{
		"a jump on its own answer":                       {survey(`, "jumps": [{`+if6+`, "to": "c"}]`, no, no, no), nil},
		"a jump to the end":                              {survey(`, "jumps": [{`+if6+`, "to": "end"}]`, no, no, no), nil},
		"a jump in any case after others":                {survey(`, "jumps": [{`+if6+`, "to": "b"}, {"to": "c"}]`, no, no, no), nil},
		"a jump of a statement on what is known":         {survey(no, no, `, "jumps": [{"if": {"language": {"eq": "pl"}}, "to": "end"}]`, no), nil},
		"a jump to the next question changes nothing":    {survey(`, "jumps": [{"to": "b"}]`, no, no, no), nil},
		"a jump in any case from the last":               {survey(no, no, no, `, "jumps": [{"to": "end"}]`), nil},
		"a jump over what another jump reaches":          {survey(`, "jumps": [{`+if6+`, "to": "c"}]`, `, "jumps": [{"to": "d"}]`, no, no), nil},
		"a jump of a question that may be hidden":        {survey(no, `, "show_if": {"a": {"lte": 6}}, "jumps": [{"to": "d"}]`, no, no), nil},
		"a jump back is refused":                         {survey(no, `, "jumps": [{`+if6+`, "to": "a"}]`, no, no), []string{`questions[1].jumps[0].to: "a" is not a later question; expected end, or one of: c, d`}},
		"a jump to itself is refused":                    {survey(`, "jumps": [{`+if6+`, "to": "a"}]`, no, no, no), []string{`questions[0].jumps[0].to: "a" is not a later question; expected end, or one of: b, c, d`}},
		"a jump to nowhere is refused":                   {survey(no, no, no, `, "jumps": [{"to": "e"}]`), []string{`questions[3].jumps[0].to: "e" is not a later question; expected end, or one of: none`}},
		"a jump on a later answer is refused":            {survey(`, "jumps": [{"if": {"b": {"answered": true}}, "to": "c"}]`, no, no, no), []string{"questions[0].jumps[0].if.b: is not an earlier question; earlier ones are: a"}},
		"a jump behind one in any case is refused":       {survey(`, "jumps": [{"to": "b"}, {`+if6+`, "to": "c"}]`, no, no, no), []string{"questions[0].jumps[0]: " + never}},
		"a question that all jump over is refused":       {survey(`, "jumps": [{"to": "c"}]`, no, no, no), []string{`questions[1]: is never asked: "a"` + over}},
		"questions behind a jump to the end are refused": {survey(no, `, "jumps": [{"to": "end"}]`, no, no), []string{`questions[2]: is never asked: "b"` + over, `questions[3]: is never asked: "b"` + over}},
		"a jump of a question that is never asked":       {survey(`, "jumps": [{"to": "d"}]`, `, "jumps": [{`+if6+`, "to": "c"}]`, no, no), []string{`questions[1]: is never asked: "a"` + over, `questions[2]: is never asked: "a"` + over}},
		"a wrong jump alone says nothing of the rest":    {survey(`, "jumps": [{"to": "e"}]`, no, no, no), []string{`questions[0].jumps[0].to: "e" is not a later question; expected end, or one of: b, c, d`}},
		"a jump without a place is refused":              {survey(`, "jumps": [{`+if6+`}]`, no, no, no), []string{"questions[0].jumps[0].to: is required"}},
		"a question called end is refused":               {withQuestions(`{"id": "end", "type": "nps", "title": "A"}`), []string{`questions[0].id: "end" is where jumps lead; choose another id`}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := ParseDefinition(test.body)
			if diff := cmp.Diff(test.want, problems(t, err)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
