package convert

import (
	"cmp"
	"net/url"
	"strings"

	"github.com/askwell/askwell/collector/survey"
)

// formbricksFinder finds the surveys in an answer of Formbricks' management API (data, one or many), in
// its export file (formbricks, survey, references), in what its scripts load (data.data.surveys), or a
// survey by itself.
func formbricksFinder() *finder {
	return &finder{inside: []string{"data", "survey", "surveys"}, isSurvey: func(at value) bool {
		return at.get("questions").isList() || at.get("blocks").isList()
	}}
}

// formbricks converts a survey of Formbricks.
func formbricks(b *builder, from source) {
	s := from.survey
	f := &formbricksSurvey{builder: b, source: from, at: s, index: map[string]int{}, endings: map[string]int{}}
	b.name(s.get("name"))
	f.readLanguages()
	f.readHidden()
	f.readQuestions()
	f.readEndings()
	f.readLogic()
	f.readMoments()
	f.readFrequency()
	f.readTargeting()
	f.readTheme()
	f.sayRest()
}

// formbricksSurvey is what is known of one while it is converted.
type formbricksSurvey struct {
	*builder
	source
	at      value
	steps   []step
	index   map[string]int // of the step with a question, or that is a block, by its id
	endings map[string]int // by id
	ends    []survey.Ending
}

// step is what is asked at once: a block, or a question of surveys from before there were blocks.
type step struct {
	at          value
	elements    []value
	first, last int // of the questions made of it; last < first: none is left
}

// readLanguages reads the languages: those of the API have a code inside, those of an export file one beside.
func (f *formbricksSurvey) readLanguages() {
	first, rest := f.at.get("defaultLanguage"), []value(nil)
	for _, l := range f.at.get("languages").items() {
		code := l.get("code")
		if !code.there() {
			code = l.get("language").get("code")
		}
		switch {
		case l.get("default").yes():
			first = code
		case l.get("enabled").v == false:
			f.say("languages", l, "%q is switched off; its texts are left out", code.text())
		default:
			rest = append(rest, code)
		}
	}
	if first.text() != "" {
		rest = append([]value{first}, rest...)
	}
	f.languages(rest)
	f.codes["default"] = f.d.Languages[0]
}

// text reads a text by language; in texts of one language, and in old ones, a string is that.
func (f *formbricksSurvey) text(place string, at value) survey.Text {
	by := map[string]value{}
	if at.text() != "" {
		by[f.d.Languages[0]] = at
	}
	for _, code := range at.keys() {
		ours := cmp.Or(f.codes[code], canonical(code))
		if _, twice := by[ours]; !twice || code != "default" {
			by[ours] = at.get(code)
		}
	}
	return f.texts(place, by)
}

func (f *formbricksSurvey) readHidden() {
	hidden := f.at.get("hiddenFields")
	if hidden.get("enabled").v == false {
		return
	}
	for _, field := range hidden.get("fieldIds").items() {
		f.hiddenField(field)
	}
	for _, v := range f.at.get("variables").items() {
		f.say("", v, "is the variable %q, which a survey of Askwell has none of; compute it where the answers are read", v.get("name").text())
	}
}

// link reads a link that a visitor may follow; nil where there is none.
func (b *builder) link(place string, to value, label survey.Text) *survey.Link {
	s := strings.TrimSpace(to.text())
	if s == "" {
		return nil
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" && u.Scheme != "mailto" && u.Scheme != "tel" {
		b.say(place, to, "%.200q is no address that a link may have; it is left out", s)
		return nil
	}
	return &survey.Link{Label: label, URL: s}
}

func hostOf(link string) string {
	u, err := url.Parse(link)
	if err != nil || u.Hostname() == "" {
		return link
	}
	return u.Hostname()
}
