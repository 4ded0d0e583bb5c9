// Package declare writes what a site's surveys are called, and what they take and answer, as
// TypeScript: with it a misspelt survey or hidden field is an error of the compiler.
package declare

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/askwell/askwell/collector/survey"
)

const head = `// Made by "askwell types" from the surveys%s. Do not change it here: change a survey, and make it anew.
// It fills in what @askwell/sdk declares empty, so that the compiler knows each survey by its id, the
// fields that it takes, what it answers, and the events that surveys wait for.
export {};

declare global {
`

// TypeScript declares surveys, in the order of their ids; a site, which may be "", is named in a comment.
func TypeScript(site string, surveys []*survey.Definition) string {
	var b strings.Builder
	if site != "" {
		site = " of site " + site
	}
	fmt.Fprintf(&b, head, site)
	surveys = slices.SortedFunc(slices.Values(surveys), func(a, b *survey.Definition) int { return cmp.Compare(a.ID, b.ID) })
	b.WriteString("  interface AskwellSurveys {\n")
	for _, d := range surveys {
		writeSurvey(&b, d)
	}
	b.WriteString("  }\n\n  /** Those of GA4 are known without. */\n  interface AskwellEvents {\n")
	for _, name := range Events(surveys) {
		fmt.Fprintf(&b, "    %s: true;\n", key(name))
	}
	b.WriteString("  }\n}\n")
	return tidy.Replace(b.String())
}

// tidy closes what is empty at once, and leaves no blank before a union that begins on a line of its own.
var tidy = strings.NewReplacer("{\n  }\n", "{}\n", ": \n", ":\n")

func writeSurvey(b *strings.Builder, d *survey.Definition) {
	fmt.Fprintf(b, "    %s\n    %s: {\n", comment(d.Name), key(d.ID))
	var hidden []member
	for _, name := range slices.Sorted(maps.Keys(d.Hidden)) {
		hidden = append(hidden, member{name: name, is: d.Hidden[name]}) // string, number, boolean: TypeScript's own words
	}
	writeMembers(b, "hidden", hidden)
	var answers []member
	for _, q := range d.Questions {
		answers = append(answers, answersTo(q)...)
	}
	writeMembers(b, "answers", answers)
	b.WriteString("    };\n")
}

// writeMembers writes an object type. One without members allows none: {} would allow any.
func writeMembers(b *strings.Builder, name string, members []member) {
	if len(members) == 0 {
		fmt.Fprintf(b, "      %s: Record<string, never>;\n", name)
		return
	}
	fmt.Fprintf(b, "      %s: {\n", name)
	for _, m := range members {
		if m.about != "" {
			fmt.Fprintf(b, "        %s\n", comment(m.about))
		}
		fmt.Fprintf(b, "        %s?: %s;\n", key(m.name), m.is)
	}
	b.WriteString("      };\n")
}

// member is one field of an object type.
type member struct{ name, is, about string }

// answersTo are the answers that a question may have: its own, and those that stand beside it.
func answersTo(q survey.Question) []member {
	id := q.Base().ID
	own := member{name: id}
	var beside []member
	choices, other := []string(nil), false
	consent := false
	switch q := q.(type) {
	case *survey.StatementQuestion:
		return nil
	case *survey.ThumbsQuestion:
		own.is = "boolean"
	case *survey.TextQuestion:
		own.is = "string"
	case *survey.DateQuestion:
		own.is, own.about = "string", "YYYY-MM-DD"
	case *survey.EmailQuestion:
		own.is, consent = "string", q.Consent != nil
	case *survey.ContactQuestion:
		consent = q.Consent != nil
		fields := make([]string, len(q.Fields))
		for i, field := range q.Fields {
			fields[i] = field + "?: string"
		}
		own.is = "{ " + strings.Join(fields, "; ") + " }"
	case *survey.SingleChoiceQuestion:
		for _, c := range q.Choices {
			choices, other = append(choices, c.ID), other || c.Other
		}
		own.is = oneOf(choices)
	case *survey.MultiChoiceQuestion:
		for _, c := range q.Choices {
			choices, other = append(choices, c.ID), other || c.Other
		}
		own.is = listOf(choices)
	case *survey.DropdownQuestion:
		own.is = oneOf(ids(q.Choices))
	case *survey.PictureChoiceQuestion:
		for _, c := range q.Choices {
			choices = append(choices, c.ID)
		}
		own.is = oneOf(choices)
	case *survey.RankingQuestion:
		own.is, own.about = listOf(ids(q.Choices)), "The best first"
	case *survey.MatrixQuestion:
		own.is = matrix(ids(q.Rows), ids(q.Columns))
	default:
		scale := q.Scale() // nps, csat, ces, rating
		own.is, own.about = "number", fmt.Sprintf("%d to %d", scale.Min, scale.Max)
	}
	if other {
		beside = append(beside, member{name: id + ".other", is: "string"})
	}
	if consent {
		beside = append(beside, member{name: id + ".consent", is: "true"})
	}
	return append([]member{own}, beside...)
}

func ids(items []survey.Item) []string {
	list := make([]string, len(items))
	for i, item := range items {
		list[i] = item.ID
	}
	return list
}

// widest is as much as stands on one line.
const widest = 100

func oneOf(ids []string) string {
	quoted := make([]string, len(ids))
	for i, id := range ids {
		quoted[i] = quote(id)
	}
	if line := strings.Join(quoted, " | "); len(line) <= widest {
		return line
	}
	return "\n          | " + strings.Join(quoted, "\n          | ")
}

func listOf(ids []string) string {
	union := oneOf(ids)
	if strings.HasPrefix(union, "\n") {
		return "(" + union + "\n        )[]"
	}
	return "(" + union + ")[]"
}

func matrix(rows, columns []string) string {
	var b strings.Builder
	b.WriteString("{\n")
	for _, row := range rows {
		fmt.Fprintf(&b, "          %s?: %s;\n", key(row), oneOf(columns))
	}
	b.WriteString("        }")
	return b.String()
}

// Events lists the events by name that the triggers of surveys listen to, each once, in order.
func Events(surveys []*survey.Definition) []string {
	names := map[string]bool{}
	for _, d := range surveys {
		d.Triggers.Any(func(t survey.Trigger) bool { // which visits those inside others too
			switch t := t.(type) {
			case *survey.EventTrigger:
				names[t.Name] = true
			case *survey.ConversionTrigger:
				names[cmp.Or(t.Event, "purchase")] = true
			}
			return false
		})
	}
	return slices.Sorted(maps.Keys(names))
}

var identifier = regexp.MustCompile(`^[A-Za-z_$][A-Za-z0-9_$]*$`)

// key is a property's name, in quotes where it has to be.
func key(name string) string {
	if identifier.MatchString(name) {
		return name
	}
	return quote(name)
}

// quote writes a string of TypeScript: JSON's, but for what may not stand in a line of a source.
func quote(s string) string {
	data, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string can be encoded
	}
	return string(data)
}

// comment is a doc comment on one line, which nothing in it ends.
func comment(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if !utf8.ValidString(text) {
		text = strings.ToValidUTF8(text, "\ufffd")
	}
	return "/** " + strings.ReplaceAll(text, "*/", "*\\/") + " */"
}
