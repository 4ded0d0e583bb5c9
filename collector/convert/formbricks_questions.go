package convert

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/askwell/askwell/collector/survey"
)

// readQuestions makes questions of the welcome card and of what is asked.
func (f *formbricksSurvey) readQuestions() {
	if card := f.at.get("welcomeCard"); card.get("enabled").yes() {
		f.welcome(card)
	}
	list := f.at.get("blocks").items()
	for _, block := range list {
		f.steps = append(f.steps, step{at: block, elements: block.get("elements").items()})
	}
	if len(list) == 0 {
		for _, q := range f.at.get("questions").items() {
			f.steps = append(f.steps, step{at: q, elements: []value{q}})
		}
	}
	labels, asked := false, 0
	var left []value
	for i := range f.steps {
		s := &f.steps[i]
		s.first = len(f.d.Questions)
		for _, at := range s.elements {
			f.index[at.get("id").text()] = i
			if f.full(asked) {
				left = append(left, at)
				continue
			}
			asked++
			f.element(at)
			labels = labels || at.get("buttonLabel").there() || at.get("backButtonLabel").there()
		}
		f.index[s.at.get("id").text()] = i
		s.last = len(f.d.Questions) - 1
	}
	delete(f.index, "")
	f.sayLeft(left)
	if labels {
		f.say("", f.at, "the words on buttons are left out: the interface has its own, in the visitor's language")
	}
}

func (f *formbricksSurvey) welcome(card value) {
	q := &survey.StatementQuestion{}
	q.ID, q.Type = f.taken.unique("welcome"), "statement"
	place := atQuestion(q.ID)
	q.Title, q.Text = f.text(place, card.get("headline")), f.text(place, first(card.get("html"), card.get("subheader")))
	q.Button = f.text(place, card.get("buttonLabel"))
	if card.get("fileUrl").text() != "" || card.get("videoUrl").text() != "" {
		f.say(place, card, "shows a picture or a video, which is left out")
	}
	if q.Title == nil {
		q.Title, q.Text = q.Text, nil
	}
	if q.Title != nil {
		f.ask(q, card)
	}
}

// kinds are the ids of questions whose own is a random one.
var kinds = map[string]string{"openText": "text", "multipleChoiceSingle": "choice", "multipleChoiceMulti": "choices", "cta": "statement",
	"pictureSelection": "picture", "contactInfo": "contact"}

// element makes a question of what is asked, or says why none is.
func (f *formbricksSurvey) element(at value) {
	kind := at.get("type").text()
	base := survey.QuestionBase{ID: f.questionID(at.get("id").text(), cmp.Or(kinds[kind], kind)), Required: at.get("required").yes()}
	place := atQuestion(base.ID)
	base.Title, base.Help = f.text(place, at.get("headline")), f.text(place, at.get("subheader"))
	if base.Help == nil {
		base.Help = f.text(place, at.get("html"))
	}
	if base.Title == nil {
		base.Title, base.Help = base.Help, nil
	}
	if base.Title == nil {
		base.Title = survey.Text{"": base.ID}
		f.say(place, at.get("headline"), "has no words; its id stands in")
	}
	for _, media := range []string{"imageUrl", "videoUrl"} {
		if at.get(media).text() != "" {
			f.say(place, at.get(media), "a picture or a video beside a question is left out")
		}
	}
	if rules := at.get("validation").get("rules"); len(rules.items()) > 0 {
		f.say(place, rules, "rules for what may be answered are left out")
	}
	if q := f.question(kind, place, base, at); q != nil {
		f.ask(q, at)
	}
}

// question makes a question of a type, or says why it cannot and returns nil.
func (f *formbricksSurvey) question(kind, place string, base survey.QuestionBase, at value) survey.Question {
	low, high := f.text(place, at.get("lowerLabel")), f.text(place, at.get("upperLabel"))
	switch kind {
	case "openText":
		return f.openText(place, base, at)
	case "multipleChoiceSingle", "multipleChoiceMulti":
		return f.choiceQuestion(kind, place, base, at)
	case "nps":
		base.Type = "nps"
		return &survey.NPSQuestion{QuestionBase: base, Low: low, High: high}
	case "rating", "csat", "ces":
		return f.scale(kind, place, base, at, low, high)
	case "cta":
		base.Type, base.Required = "statement", false
		q := &survey.StatementQuestion{QuestionBase: base, Text: base.Help}
		q.Help = nil
		label := f.text(place, first(at.get("ctaButtonLabel"), at.get("buttonLabel")))
		if !at.get("buttonExternal").yes() {
			q.Button = label
		} else if q.Link = f.link(place, at.get("buttonUrl"), label); q.Link != nil && q.Link.Label == nil {
			q.Link.Label = survey.Text{"": hostOf(q.Link.URL)}
		}
		return q
	case "cal":
		host := cmp.Or(strings.TrimPrefix(at.get("calHost").text(), "https://"), "cal.com")
		calendar := url.URL{Scheme: "https", Host: host, Path: "/" + at.get("calUserName").text()}
		base.Type, base.Required = "statement", false
		f.say(place, at, "books a meeting within the survey; here it is a link to the calendar")
		return &survey.StatementQuestion{QuestionBase: base,
			Link: &survey.Link{Label: survey.Text{"": host}, URL: calendar.String()}}
	case "consent":
		base.Type = "thumbs"
		if label := f.text(place, at.get("label")); label != nil {
			if base.Help == nil {
				base.Help = label
			} else {
				f.say(place, at.get("label"), "has words beside its tick and others below its title; those beside the tick are left out")
			}
		}
		f.say(place, at, "is a tick; here it is yes or no. Beside an address, contact and email have a consent of their own")
		return &survey.ThumbsQuestion{QuestionBase: base}
	case "pictureSelection":
		return f.pictures(place, base, at)
	case "date":
		base.Type = "date"
		return &survey.DateQuestion{QuestionBase: base}
	case "matrix":
		base.Type = "matrix"
		q := &survey.MatrixQuestion{QuestionBase: base}
		q.Rows, q.Columns = f.items(place, at.get("rows"), "row", 20), f.items(place, at.get("columns"), "column", 10)
		if len(q.Rows) < 1 || len(q.Columns) < 2 {
			return f.tooFew(at, "rows and columns")
		}
		return q
	case "ranking":
		base.Type = "ranking"
		q := &survey.RankingQuestion{QuestionBase: base, Choices: f.items(place, at.get("choices"), "choice", 10)}
		if q.Shuffle = shuffles(at); len(q.Choices) < 2 {
			return f.tooFew(at, "choices")
		}
		return q
	case "contactInfo":
		return f.contact(place, base, at)
	}
	f.say("", at, "is of type %.40q, which Askwell has no question of; it is left out", kind)
	return nil
}

func shuffles(at value) bool {
	option := at.get("shuffleOption").text()
	return option == "all" || option == "exceptLast"
}

func (f *formbricksSurvey) openText(place string, base survey.QuestionBase, at value) survey.Question {
	placeholder := f.text(place, at.get("placeholder"))
	switch kind := at.get("inputType").text(); kind {
	case "email":
		base.Type = "email"
		return &survey.EmailQuestion{QuestionBase: base, Placeholder: placeholder}
	case "phone":
		base.Type = "contact"
		f.say(place, at, "asks for a phone number; the answer is {phone: …}")
		return &survey.ContactQuestion{QuestionBase: base, Fields: []string{"phone"}}
	case "url", "number":
		f.say(place, at.get("inputType"), "is taken as text: what is no %s is not refused", kind)
	}
	base.Type = "text"
	q := &survey.TextQuestion{QuestionBase: base, Placeholder: placeholder}
	if !at.get("longAnswer").yes() {
		q.Size = "short"
	}
	if limit := at.get("charLimit"); limit.get("enabled").yes() {
		f.lengths(place, q, limit.get("min"), limit.get("max"))
	}
	return q
}

// choices reads choices, and remembers what conditions call them.
func (f *formbricksSurvey) choices(place string, at value, most int) (list []choice) {
	for i, c := range at.items() {
		label := c.get("label")
		if !label.there() {
			label = c // rows and columns of a matrix, before they had ids
		}
		id := c.get("id").text()
		one := choice{id: cmp.Or(id, fmt.Sprint(i)), label: f.text(place, label), other: id == "other", none: id == "none"}
		if one.label == nil {
			f.say(place, c, "has no words; it is left out")
			continue
		}
		if len(list) == most {
			f.say(place, c, "is choice %d or later, at most %d are allowed; it is left out", most+1, most)
			break
		}
		list = append(list, one)
	}
	return list
}

// items reads choices that are no more than an id and a label.
func (f *formbricksSurvey) items(place string, at value, kind string, most int) (items []survey.Item) {
	list := f.choices(place, at, most)
	for i, id := range choiceIDs(list, kind) {
		items = append(items, survey.Item{ID: id, Label: list[i].label})
	}
	f.remember(place, list, choiceIDs(list, kind))
	return items
}

func (f *formbricksSurvey) choiceQuestion(kind, place string, base survey.QuestionBase, at value) survey.Question {
	list := f.choices(place, at.get("choices"), 500)
	ids := choiceIDs(list, "choice")
	f.remember(place, list, ids)
	if len(list) < 2 {
		return f.tooFew(at, "choices")
	}
	if at.get("otherOptionPlaceholder").there() {
		f.say(place, at.get("otherOptionPlaceholder"), "the words in the field beside “other” are left out")
	}
	option := at.get("shuffleOption").text()
	return f.pick(place, base, at, list, ids, kind == "multipleChoiceMulti", at.get("displayType").text() == "dropdown", option == "all", option == "exceptLast")
}

// scale makes a rating, or what counts in a score where the export says that it is one.
func (f *formbricksSurvey) scale(kind, place string, base survey.QuestionBase, at value, low, high survey.Text) survey.Question {
	look := at.get("scale").text()
	points, known := at.get("range").whole(2, 10)
	if !known {
		points = 5
		f.say(place, at.get("range"), "is no scale from 2 to 10; 5 points are taken")
	}
	switch {
	case kind == "ces" && points == 7:
		base.Type = "ces"
		return &survey.CESQuestion{QuestionBase: base, Low: low, High: high}
	case kind == "csat" && (points == 5 || points == 7):
		base.Type = "csat"
		q := &survey.CSATQuestion{QuestionBase: base, Look: map[string]string{"star": "stars", "smiley": "emoji"}[look]}
		if points == 7 {
			q.Points = 7
		}
		if low != nil || high != nil {
			f.say(place, at, "names the ends of its scale; a csat names every point (labels) or none, so these are left out")
		}
		return q
	case kind != "rating":
		f.say(place, at, "is a %s of %d points, which is no scale of that score; here it is a rating, and in no score", kind, points)
	case look == "smiley":
		f.say(place, at, "draws smileys; a rating has stars. Where it asks how satisfied people are, make it a csat with look: emoji: that is a score")
	}
	return rating(base, points, look == "number", low, high)
}

func (f *formbricksSurvey) pictures(place string, base survey.QuestionBase, at value) survey.Question {
	base.Type = "picture_choice"
	q := &survey.PictureChoiceQuestion{QuestionBase: base}
	var list []choice
	for i, c := range at.get("choices").items() {
		image := c.get("imageUrl")
		if u, err := url.Parse(image.text()); err != nil || u.Scheme != "https" || u.Host == "" || strings.ContainsAny(image.text(), "\\ {}<>\"") {
			f.say("", image, "%.200q is no picture that pages may show (https); it is left out", image.text())
			continue
		}
		if len(q.Choices) == 20 {
			f.say(place, c, "at most 20 pictures are allowed; the rest is left out")
			break
		}
		id := fmt.Sprintf("picture_%d", i+1)
		list = append(list, choice{id: c.get("id").text()})
		q.Choices = append(q.Choices, survey.Picture{Item: survey.Item{ID: id, Label: survey.Text{"": fmt.Sprintf("Picture %d", i+1)}}, Image: image.text()})
	}
	if len(q.Choices) < 2 {
		return f.tooFew(at, "pictures that pages may show")
	}
	f.say(place, at, "has pictures without words; write what each shows, for those who cannot see it")
	if at.get("allowMulti").yes() {
		f.say(place, at.get("allowMulti"), "lets visitors choose several pictures; here it is one")
	}
	ids := make([]string, len(list))
	for i := range list {
		ids[i] = q.Choices[i].ID
	}
	f.remember(place, list, ids)
	return q
}

func (f *formbricksSurvey) contact(place string, base survey.QuestionBase, at value) survey.Question {
	base.Type = "contact"
	q := &survey.ContactQuestion{QuestionBase: base}
	needed, asked := 0, 0
	for _, field := range []struct{ was, is string }{{"firstName", "name"}, {"lastName", "name"}, {"email", "email"}, {"phone", "phone"}, {"company", "company"}} {
		one := at.get(field.was)
		if !one.get("show").yes() {
			continue
		}
		asked++
		if one.get("required").yes() {
			needed++
		}
		if !slices.Contains(q.Fields, field.is) {
			q.Fields = append(q.Fields, field.is)
		} else {
			f.say(place, one, "first and last name are one field: name")
		}
	}
	if len(q.Fields) == 0 {
		return f.tooFew(at, "fields that are shown")
	}
	if q.Required && needed < asked {
		q.Required = false
		f.say(place, at, "needs some of its fields only; a required contact needs all, so it is not required")
	}
	return q
}
