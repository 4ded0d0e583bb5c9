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
	d        *Definition
	at       string    // prefix of the locations reported
	earlier  Questions // whose answers a text may name
	plain    bool      // nothing is put into texts here
	found    []Problem // by the schema: what these may be the cause of is not reported
	problems []Problem
}

// known says whether all is known of the answer to question i.
func (c *checker) known(i int) bool {
	at := fmt.Sprintf("questions[%d]", i)
	return !slices.ContainsFunc(c.found, func(p Problem) bool { return within(p.Location, at) })
}

// named says whether each question has the id that its author meant.
func (c *checker) named() bool {
	for i := range c.d.Questions {
		at := fmt.Sprintf("questions[%d].id", i)
		if slices.ContainsFunc(c.found, func(p Problem) bool { return p.Location == at }) {
			return false
		}
	}
	return true
}

func (c *checker) add(location, format string, args ...any) {
	c.problems = append(c.problems, Problem{Location: join(c.at, location), Message: fmt.Sprintf(format, args...)})
}

// text reports a text without its default language, in a language the survey does not have, too long,
// or with a {{source|fallback}} that nothing can be put in for.
func (c *checker) text(location string, t Text) {
	if t == nil {
		return
	}
	if _, ok := t[""]; !ok {
		if _, ok := t[c.d.Languages[0]]; !ok {
			c.add(location, "has no text in %q, the survey's first language", c.d.Languages[0])
		}
	}
	if _, ok := t[""]; ok && len(t) > 1 {
		c.add(location, "mixes one string for every language with strings by language")
	}
	for _, lang := range slices.Sorted(maps.Keys(t)) {
		s := t[lang]
		at := join(location, lang)
		if lang != "" && !slices.Contains(c.d.Languages, lang) {
			c.add(at, "is not one of the survey's languages: %s", strings.Join(c.d.Languages, ", "))
		}
		if n := utf8.RuneCountInString(s); n > maxTitle {
			c.add(at, "has %d characters, at most %d are allowed", n, maxTitle)
		} else if strings.TrimSpace(s) == "" {
			c.add(at, "is empty")
		}
		c.pipes(at, s)
	}
}

// Check reports what the schema cannot: languages, ids that repeat, conditions that refer to nothing.
func (d *Definition) Check() []Problem { return d.check(nil) }

// check is Check of a definition in which the schema found something.
func (d *Definition) check(found []Problem) []Problem {
	if len(d.Languages) == 0 { // they are misspelt, or forgotten
		return nil
	}
	c := &checker{d: d, found: found}
	if wrong := CheckName(d.Name); wrong != "" {
		c.add("name", "%s", wrong)
	}
	c.languages()
	c.text("purpose", d.Purpose)
	if d.PrivacyURL != "" {
		c.url("privacy_url", d.PrivacyURL, "https", "http")
	}
	c.hidden()
	for i, q := range d.Questions {
		c.question(i, q)
	}
	whole := found == nil // else a jump, or an ending, may not be what its author meant
	if whole {
		c.reach()
	}
	if n := d.longestAnswers(); n > maxAnswers {
		c.add("questions", "may be answered with %d characters in all, at most %d fit into one response; lower max_length", n, maxAnswers)
	}
	c.earlier = d.Questions
	for i, e := range d.Endings {
		c.at = fmt.Sprintf("endings[%d]", i)
		c.text("title", e.Title)
		c.text("text", e.Text)
		c.link("link", e.Link)
		c.condition("if", e.If, d.Questions)
		if e.If == nil && i < len(d.Endings)-1 {
			c.add("", "has no condition, so the endings after it are never shown; put it last")
		}
	}
	c.at = ""
	if whole {
		c.reviewSites()
	}
	c.plain = true // a feedback button is there before anything is known
	c.triggers("triggers", d.Triggers, 1)
	if d.Targeting != nil {
		c.rule("targeting", &d.Targeting.Rule, 1)
	}
	c.theme(d.Theme)
	slices.SortStableFunc(c.problems, func(a, b Problem) int { return cmp.Compare(a.Location, b.Location) })
	return c.problems
}

func (c *checker) languages() {
	for i, tag := range c.d.Languages {
		at := fmt.Sprintf("languages[%d]", i)
		if parsed, err := language.Parse(tag); err != nil {
			c.add(at, "%q is not a BCP 47 language tag, such as en, pl or zh-Hant", tag)
		} else if parsed.String() != tag { // en_US, PL: parsed, but nothing else would find them
			c.add(at, "%q is written %q", tag, parsed)
		}
		if slices.Contains(c.d.Languages[:i], tag) {
			c.add(at, "%q is listed twice", tag)
		}
	}
}

// question checks what questions of all types share, and the options of its type.
func (c *checker) question(i int, q Question) {
	c.at = fmt.Sprintf("questions[%d]", i)
	defer func() { c.at = "" }()
	base := q.Base()
	c.earlier = c.d.Questions[:i]
	if slices.Contains(reserved, base.ID) {
		c.add("id", "%q has a meaning in conditions; choose another id", base.ID)
	}
	if base.ID == theEnd {
		c.add("id", "%q is where jumps lead; choose another id", base.ID)
	}
	if slices.ContainsFunc(c.earlier, func(o Question) bool { return o.Base().ID == base.ID }) {
		c.add("id", "%q is taken by an earlier question", base.ID)
	}
	c.text("title", base.Title)
	c.text("help", base.Help)
	c.text("purpose", base.Purpose)
	c.prefill(q)
	c.condition("show_if", base.ShowIf, c.earlier)
	c.jumps(i)
	q.check(c)
}

// longestAnswers is how many characters of visitors' own words one response may have in all.
func (d *Definition) longestAnswers() (n int) {
	for _, q := range d.Questions {
		if q, ok := q.(interface{ open() int }); ok {
			n += q.open()
		}
	}
	return n
}

// CheckSuccessor reports questions that changed their type or scale, and hidden fields that changed
// their type: what was already given would change its meaning. Choices, rows and columns keep theirs,
// as each has its id; the direction of a ces is only the order in which it is drawn.
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
	for _, name := range slices.Sorted(maps.Keys(d.Hidden)) {
		if was, is := published.Hidden[name], d.Hidden[name]; was != "" && was != is {
			problems = append(problems, Problem{"hidden." + name,
				fmt.Sprintf("was published as %s and cannot become %s; give the new field another name", was, is)})
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
