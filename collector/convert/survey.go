package convert

import (
	"cmp"
	"regexp"
	"strings"

	"github.com/dustin/go-humanize/english"

	"github.com/askwell/askwell/collector/survey"
)

// name names the survey as in the export.
func (b *builder) name(at value) {
	name := strings.Join(strings.Fields(visible(at.text())), " ")
	if runes := []rune(name); len(runes) > 200 {
		name = strings.TrimSpace(string(runes[:200]))
	}
	if name == "" {
		b.say("name", at, "has no name")
	}
	b.d.Name = cmp.Or(name, "Survey")
}

var hiddenName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,60}$`)

// hiddenField declares a field that the page may pass: elsewhere all of them are strings.
func (b *builder) hiddenField(at value) {
	name := at.text()
	if !hiddenName.MatchString(name) || len(b.d.Hidden) == 50 {
		b.say("hidden", at, "%.60q cannot be a hidden field: a name has letters, digits, - and _, at most 60, and a survey 50 of them", name)
		return
	}
	if b.d.Hidden == nil {
		b.d.Hidden = map[string]string{}
	}
	b.d.Hidden[name] = "string"
	b.sources[name] = "hidden." + name
}

// mostQuestions a survey may have.
const mostQuestions = 50

// ask adds a question, which stands somewhere in the export and may have an id there.
func (b *builder) ask(q survey.Question, at value) {
	base := q.Base()
	if was := at.get("id").text(); was != "" && was != base.ID {
		place := atQuestion(base.ID)
		b.comments[place] = append([]string{"was " + oneLine(was)}, b.comments[place]...)
	}
	b.d.Questions = append(b.d.Questions, q)
	b.places[base.ID] = at
	if was := at.get("id").text(); was != "" {
		switch q.(type) {
		case *survey.StatementQuestion, *survey.MatrixQuestion, *survey.ContactQuestion: // their answers are no text
		default:
			b.sources[was] = base.ID
		}
	}
}

// full says whether no more of what is asked is looked at.
func (b *builder) full(asked int) bool {
	return asked >= maxAsked || len(b.d.Questions) == mostQuestions
}

// sayLeft says once of all questions that there is no room for that they are left out.
func (b *builder) sayLeft(left []value) {
	if len(left) > 0 {
		b.say("", left[0], "from this one on %s left out: at most %d are allowed", english.Plural(len(left), "question is", "questions are"), mostQuestions)
	}
}

// atQuestion is the place of a question's comments.
func atQuestion(id string) string { return "questions/" + id }
