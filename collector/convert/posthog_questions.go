package convert

import (
	"cmp"
	"fmt"

	"github.com/askwell/askwell/collector/survey"
)

func (p *posthogSurvey) readQuestions() {
	if p.look.get("displayIntroScreen").yes() {
		p.intro()
	}
	labels := false
	list := p.at.get("questions").items()
	for i, at := range list {
		if p.full(i) {
			p.sayLeft(list[i:])
			break
		}
		before := len(p.d.Questions)
		p.question(at)
		if len(p.d.Questions) > before {
			p.made[i] = before
		}
		labels = labels || at.get("type").text() != "link" && at.get("buttonText").text() != ""
	}
	if labels {
		p.say("", p.at, "the words on buttons are left out: the interface has its own, in the visitor's language")
	}
	if p.look.get("shuffleQuestions").yes() {
		p.say("questions", p.look.get("shuffleQuestions"), "asks in random order, which Askwell does not")
	}
}

func (p *posthogSurvey) intro() {
	q := &survey.StatementQuestion{}
	q.ID, q.Type = p.taken.unique("welcome"), "statement"
	place, translations := atQuestion(q.ID), p.at.get("translations")
	q.Title, q.Text = p.text(place, p.look, "introScreenHeader", translations), p.text(place, p.look, "introScreenDescription", translations)
	q.Button = p.text(place, p.look, "introScreenButtonText", translations)
	if q.Title == nil {
		q.Title, q.Text = q.Text, nil
	}
	if q.Title != nil {
		p.ask(q, value{p.look.path + ".introScreenHeader", nil})
	}
}

// question makes a question of what is asked, or says why none is.
func (p *posthogSurvey) question(at value) {
	kind := at.get("type").text()
	name := map[string]string{"open": "text", "open_text": "text", "link": "statement", "single_choice": "choice", "multiple_choice": "choices"}[kind]
	scale, scaled := at.get("scale").whole(2, 10)
	if kind == "rating" && scale == 10 {
		name = "nps"
	}
	base := survey.QuestionBase{ID: p.questionID(at.get("id").text(), cmp.Or(name, kind)), Required: !at.get("optional").yes()}
	place, translations := atQuestion(base.ID), at.get("translations")
	base.Title, base.Help = p.text(place, at, "question", translations), p.text(place, at, "description", translations)
	if base.Title == nil {
		base.Title, base.Help = base.Help, nil
	}
	if base.Title == nil {
		base.Title = survey.Text{"": base.ID}
		p.say(place, at.get("question"), "has no words; its id stands in")
	}
	low, high := p.text(place, at, "lowerBoundLabel", translations), p.text(place, at, "upperBoundLabel", translations)
	var q survey.Question
	switch {
	case kind == "open" || kind == "open_text":
		q = p.open(place, base, at)
	case kind == "link":
		base.Type, base.Required = "statement", false
		told := &survey.StatementQuestion{QuestionBase: base, Text: base.Help}
		told.Help = nil
		if told.Link = p.link(place, at.get("link"), p.text(place, at, "buttonText", translations)); told.Link != nil && told.Link.Label == nil {
			told.Link.Label = survey.Text{"": hostOf(told.Link.URL)}
		}
		q = told
	case kind == "rating" && scale == 10:
		base.Type = "nps"
		q = &survey.NPSQuestion{QuestionBase: base, Low: low, High: high}
		if at.get("display").text() == "emoji" {
			p.say(place, at.get("display"), "draws emoji; an nps has numbers")
		}
	case kind == "rating" && scale == 2:
		base.Type = "thumbs"
		q = &survey.ThumbsQuestion{QuestionBase: base, Up: high, Down: low}
	case kind == "rating":
		q = p.rating(place, base, at, scale, scaled, low, high)
	case kind == "single_choice" || kind == "multiple_choice":
		q = p.choices(place, base, at, kind == "multiple_choice")
	default:
		p.say("", at, "is of type %.40q, which Askwell has no question of; it is left out", kind)
	}
	if q != nil {
		p.ask(q, at)
	}
}

func (p *posthogSurvey) open(place string, base survey.QuestionBase, at value) survey.Question {
	placeholder := p.texts(place, map[string]value{p.d.Languages[0]: p.look.get("placeholder")})
	q := &survey.TextQuestion{QuestionBase: base, Placeholder: placeholder}
	for _, rule := range at.get("validation").items() {
		switch rule.get("type").text() {
		case "email":
			base.Type = "email"
			return &survey.EmailQuestion{QuestionBase: base, Placeholder: placeholder}
		case "min_length":
			p.lengths(place, q, rule.get("value"), value{})
		case "max_length":
			p.lengths(place, q, value{}, rule.get("value"))
		default:
			p.say(place, rule, "is a rule that Askwell has none of")
		}
	}
	q.Type = "text"
	return q
}

func (p *posthogSurvey) rating(place string, base survey.QuestionBase, at value, scale int, known bool, low, high survey.Text) survey.Question {
	if !known {
		scale = 5
		p.say(place, at.get("scale"), "is no scale from 2 to 10; 5 points are taken")
	}
	numbers := at.get("display").text() == "number"
	if !numbers {
		p.say(place, at.get("display"), "draws emoji; a rating has stars")
	}
	if scale == 5 || scale == 7 {
		p.say(place, at, "is a rating, which is in no score. Where it asks how satisfied people are make it a csat%s", map[int]string{5: "", 7: ", where it asks how easy something was a ces"}[scale])
	}
	return rating(base, scale, numbers, low, high)
}

func (p *posthogSurvey) choices(place string, base survey.QuestionBase, at value, several bool) survey.Question {
	const most = 500
	items := at.get("choices").items()
	if len(items) > most {
		p.say(place, at.get("choices"), "has %d choices, at most %d are allowed; the rest is left out", len(items), most)
		items = items[:most]
	}
	var list []choice
	for i, c := range items {
		by := map[string]value{p.d.Languages[0]: c}
		translations := at.get("translations")
		for _, code := range translations.keys() {
			if ours, others := p.codes[code], translations.get(code).get("choices").items(); ours != "" && ours != p.d.Languages[0] && i < len(others) {
				by[ours] = others[i]
			}
		}
		one := choice{id: fmt.Sprint(i), label: p.texts(place, by), other: at.get("hasOpenChoice").yes() && i == len(items)-1}
		if one.label == nil {
			p.say(place, c, "has no words; it is left out")
			continue
		}
		list = append(list, one)
	}
	if len(list) < 2 {
		return p.tooFew(at, "choices")
	}
	ids := choiceIDs(list, "choice")
	for i, c := range list { // what follows an answer goes by its place
		p.choiceOf[place+"/"+c.id] = ids[i]
	}
	return p.pick(place, base, at, list, ids, several, false, at.get("shuffleOptions").yes(), false)
}
