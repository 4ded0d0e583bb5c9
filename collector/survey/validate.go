package survey

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/language"
)

// checker gathers the problems of one definition.
type checker struct {
	at        string // prefix of the locations reported
	languages []string
	problems  []Problem
}

func (c *checker) add(location, format string, args ...any) {
	c.problems = append(c.problems, Problem{Location: join(c.at, location), Message: fmt.Sprintf(format, args...)})
}

// text reports a text without its default language, in a language the survey does not have, or too long.
func (c *checker) text(location string, t Text) {
	if t == nil {
		return
	}
	if _, ok := t[""]; !ok {
		if _, ok := t[c.languages[0]]; !ok {
			c.add(location, "has no text in %q, the survey's first language", c.languages[0])
		}
	}
	if _, ok := t[""]; ok && len(t) > 1 {
		c.add(location, "mixes one string for every language with strings by language")
	}
	for _, lang := range slices.Sorted(maps.Keys(t)) {
		s := t[lang]
		at := join(location, lang)
		if lang != "" && !slices.Contains(c.languages, lang) {
			c.add(at, "is not one of the survey's languages: %s", strings.Join(c.languages, ", "))
		}
		if n := utf8.RuneCountInString(s); n > maxTitle {
			c.add(at, "has %d characters, at most %d are allowed", n, maxTitle)
		} else if strings.TrimSpace(s) == "" {
			c.add(at, "is empty")
		}
	}
}

// Check reports what the schema cannot: languages, ids that repeat, conditions that refer to nothing.
func (d *Definition) Check() []Problem {
	c := &checker{languages: d.Languages}
	if wrong := CheckName(d.Name); wrong != "" {
		c.add("name", "%s", wrong)
	}
	for i, tag := range d.Languages {
		at := fmt.Sprintf("languages[%d]", i)
		if parsed, err := language.Parse(tag); err != nil {
			c.add(at, "%q is not a BCP 47 language tag, such as en, pl or zh-Hant", tag)
		} else if parsed.String() != tag { // en_US, PL: parsed, but nothing else would find them
			c.add(at, "%q is written %q", tag, parsed)
		}
		if slices.Contains(d.Languages[:i], tag) {
			c.add(at, "%q is listed twice", tag)
		}
	}
	c.text("purpose", d.Purpose)
	for i, q := range d.Questions {
		c.at = fmt.Sprintf("questions[%d]", i)
		base := q.Base()
		if slices.Contains(reserved, base.ID) {
			c.add("id", "%q has a meaning in conditions; choose another id", base.ID)
		}
		if slices.ContainsFunc(d.Questions[:i], func(o Question) bool { return o.Base().ID == base.ID }) {
			c.add("id", "%q is taken by an earlier question", base.ID)
		}
		c.text("title", base.Title)
		c.text("help", base.Help)
		c.condition("show_if", base.ShowIf, d.Questions[:i])
		q.check(c)
	}
	if n := d.longestAnswers(); n > maxAnswers {
		c.at = ""
		c.add("questions", "may be answered with %d characters in all, at most %d fit into one response; lower max_length", n, maxAnswers)
	}
	for i, e := range d.Endings {
		c.at = fmt.Sprintf("endings[%d]", i)
		c.text("title", e.Title)
		c.text("text", e.Text)
		c.condition("if", e.If, d.Questions)
		if e.If == nil && i < len(d.Endings)-1 {
			c.add("", "has no condition, so the endings after it are never shown; put it last")
		}
	}
	c.at = ""
	c.triggers("triggers", d.Triggers, 1)
	if d.Targeting != nil {
		c.rule("targeting", &d.Targeting.Rule, 1)
	}
	slices.SortStableFunc(c.problems, func(a, b Problem) int { return cmp.Compare(a.Location, b.Location) })
	return c.problems
}

// longestAnswers is how many characters the open answers of one response may have in all.
func (d *Definition) longestAnswers() (n int) {
	for _, q := range d.Questions {
		if text, ok := q.(*TextQuestion); ok {
			n += text.limit()
		}
	}
	return n
}

// CheckSuccessor reports questions that changed their type or scale: answers already given would
// change their meaning.
func (d *Definition) CheckSuccessor(published *Definition) []Problem {
	var problems []Problem
	for i, q := range d.Questions {
		before := published.Question(q.Base().ID)
		if before == nil {
			continue
		}
		if was, is := before.Base().Type, q.Base().Type; was != is {
			problems = append(problems, Problem{fmt.Sprintf("questions[%d].type", i),
				fmt.Sprintf("was published as %s and cannot become %s; give the new question another id", was, is)})
		} else if was, is := before.Scale(), q.Scale(); was != nil && *was != *is {
			problems = append(problems, Problem{fmt.Sprintf("questions[%d].points", i),
				fmt.Sprintf("was published with a scale of %d–%d and cannot become %d–%d; give the new question another id", was.Min, was.Max, is.Min, is.Max)})
		}
	}
	return problems
}

func join(prefix, location string) string {
	switch {
	case prefix == "":
		return location
	case location == "":
		return prefix
	}
	return prefix + "." + location
}

func listIDs(qs Questions) string {
	if len(qs) == 0 {
		return "none"
	}
	ids := make([]string, len(qs))
	for i, q := range qs {
		ids[i] = q.Base().ID
	}
	return strings.Join(ids, ", ")
}
