package convert

import (
	"github.com/askwell/askwell/collector/survey"
)

// endRule is a way to an ending.
type endRule struct {
	at     value
	when   *survey.Condition
	not    []survey.Condition // of the same step, which come before
	ending int
	after  int // the question
}

// orderEndings gives each ending the condition by which it is reached: Formbricks' logic leads to an
// ending, Askwell's ending says when it is shown. The first ending is that of who is led to none.
func (f *formbricksSurvey) orderEndings(rules []endRule) {
	fallback := 0
	when := map[int][]survey.Condition{}
	var order []int
	for _, r := range rules {
		q := f.d.Questions[r.after].Base()
		if r.when == nil && r.after == len(f.d.Questions)-1 {
			fallback = r.ending // who comes so far
			continue
		}
		parts := []survey.Condition{}
		if r.when != nil {
			parts = append(parts, *r.when)
		} else if q.Type != "statement" {
			parts = append(parts, answered(q.ID, true))
			f.say("endings", r.at, "leads on whatever is answered; here its ending is shown to those who answered %q", q.ID)
		} else {
			f.say("endings", r.at, "leads from a statement to an ending, which no condition can tell; left out")
			continue
		}
		for _, c := range r.not {
			parts = append(parts, not(c))
		}
		if len(when[r.ending]) == 0 {
			order = append(order, r.ending)
		}
		when[r.ending] = append(when[r.ending], all(parts...))
	}
	for _, n := range order {
		if n == fallback || len(f.d.Endings) == 19 {
			continue
		}
		end := f.ends[n]
		c := anyOf(when[n]...)
		end.If = &c
		f.d.Endings = append(f.d.Endings, end)
	}
	for i, end := range f.ends {
		if i == fallback {
			f.d.Endings = append(f.d.Endings, end)
		} else if len(when[i]) == 0 {
			f.say("endings", f.at.get("endings").items()[i], "is an ending that nothing leads to; it is left out")
		}
	}
}

func (f *formbricksSurvey) readEndings() {
	list := f.at.get("endings").items()
	if old := f.at.get("thankYouCard"); len(list) == 0 && old.get("enabled").yes() {
		list = []value{old}
	}
	for i, at := range list {
		if id := at.get("id").text(); id != "" {
			f.endings[id] = i
		}
		end := survey.Ending{Title: f.text("endings", at.get("headline")), Text: f.text("endings", at.get("subheader"))}
		to, label := at.get("buttonLink"), f.text("endings", at.get("buttonLabel"))
		if at.get("type").text() == "redirectToUrl" {
			to = at.get("url")
			label = f.text("endings", at.get("label"))
			f.say("endings", at, "leads to another page by itself; Askwell's ending has a link to it")
		}
		if end.Link = f.link("endings", to, label); end.Link != nil && end.Link.Label == nil {
			end.Link.Label = survey.Text{"": hostOf(end.Link.URL)}
		}
		if end.Title == nil {
			end.Title, end.Text = end.Text, nil
		}
		if end.Title == nil {
			end.Title = survey.Text{"": "Thank you!"}
			f.say("endings", at, "has no words; they are taken as %q", "Thank you!")
		}
		f.ends = append(f.ends, end)
	}
	if to := f.at.get("redirectUrl"); to.text() != "" {
		f.say("endings", to, "leads to another page by itself after the survey, which Askwell does not")
	}
}
