package convert

import (
	"slices"
	"strconv"

	"github.com/askwell/askwell/collector/survey"
)

// posthogFinder finds the surveys in an answer of PostHog's API (results, or one), in what its scripts
// load (surveys), or a list of them.
func posthogFinder() *finder {
	return &finder{inside: []string{"results", "surveys"}, isSurvey: func(at value) bool { return at.get("questions").isList() }}
}

// posthog converts a survey of PostHog.
func posthog(b *builder, from source) {
	p := &posthogSurvey{builder: b, at: from.survey, look: from.survey.get("appearance"), conditions: from.survey.get("conditions"), made: map[int]int{}}
	b.name(p.at.get("name"))
	p.readLanguages()
	p.readQuestions()
	p.readEnding()
	p.readBranching()
	p.readMoments()
	p.readTargeting()
	p.readFrequency()
	p.readTheme()
}

// posthogSurvey is what is known of one while it is converted.
type posthogSurvey struct {
	*builder
	at, look, conditions value
	made                 map[int]int // of the question with an index, which of ours it became
}

// readLanguages takes the language that texts are written in, and those that they are translated to.
func (p *posthogSurvey) readLanguages() {
	codes := []value{}
	if base := p.at.get("base_language"); base.text() != "" {
		codes = append(codes, base)
	} else {
		codes = append(codes, value{p.at.path + ".base_language", p.fallback})
	}
	translations := []value{p.at.get("translations")}
	for _, q := range p.at.get("questions").items() {
		translations = append(translations, q.get("translations"))
	}
	seen := map[string]bool{}
	for _, t := range translations {
		for _, code := range t.keys() {
			if !seen[code] {
				seen[code] = true
				codes = append(codes, value{t.path + "." + printable(code), code})
			}
		}
	}
	p.languages(codes)
	if !p.at.get("base_language").there() {
		p.say("languages", p.at, "does not say the language that it is written in; it is taken as %q (--language)", p.fallback)
	}
}

// text reads a text beside its translations; at is where it is, key its name in both.
func (p *posthogSurvey) text(place string, at value, key string, translations value) survey.Text {
	by := map[string]value{p.d.Languages[0]: at.get(key)}
	for _, code := range translations.keys() {
		if ours := p.codes[code]; ours != "" && ours != p.d.Languages[0] {
			by[ours] = translations.get(code).get(key)
		}
	}
	return p.texts(place, by)
}

func (p *posthogSurvey) readEnding() {
	translations := p.at.get("translations")
	if p.look.get("displayThankYouMessage").v == false {
		return
	}
	end := survey.Ending{Title: p.text("endings", p.look, "thankYouMessageHeader", translations), Text: p.text("endings", p.look, "thankYouMessageDescription", translations)}
	if end.Title == nil {
		end.Title, end.Text = end.Text, nil
	}
	if end.Title != nil {
		p.d.Endings = []survey.Ending{end}
	}
}

// readBranching makes jumps of what leads forwards.
func (p *posthogSurvey) readBranching() {
	questions := p.at.get("questions").items()
	for i, at := range questions {
		branching := at.get("branching")
		n, kept := p.made[i]
		if !kept {
			continue
		}
		base := p.d.Questions[n].Base()
		switch kind := branching.get("type").text(); kind {
		case "", "next_question":
		case "end":
			base.Jumps = p.jump(base.ID, i, branching, value{branching.path, "end"}, nil)
		case "specific_question":
			base.Jumps = p.jump(base.ID, i, branching, branching.get("index"), nil)
		case "response_based":
			values := branching.get("responseValues")
			keys := values.keys()
			slices.SortFunc(keys, func(a, b string) int { // as choices and scales are: 2 before 10
				x, errX := strconv.Atoi(a)
				y, errY := strconv.Atoi(b)
				if errX == nil && errY == nil {
					return x - y
				}
				return len(a) - len(b)
			})
			for _, key := range keys {
				when, ok := p.when(at, p.d.Questions[n], key)
				if !ok {
					p.say(atQuestion(base.ID), values.get(key), "is what follows the answer %.40q, which this question does not have; left out", key)
					continue
				}
				base.Jumps = append(base.Jumps, p.jump(base.ID, i, values.get(key), values.get(key), &when)...)
			}
		default:
			p.say(atQuestion(base.ID), branching, "branches in a way that is not known (%.40q); left out", kind)
		}
		base.Jumps = p.tidyJumps(base.Jumps, n)
	}
}

// jump leads from question i to the question with an index, or to the end.
func (p *posthogSurvey) jump(id string, i int, at, to value, when *survey.Condition) []survey.Jump {
	if to.text() == "end" {
		return []survey.Jump{{If: when, To: "end"}}
	}
	total := len(p.at.get("questions").items())
	n, ok := to.whole(0, total-1)
	switch {
	case !ok:
		p.say(atQuestion(id), at, "leads to a question that is not there; left out")
		return nil
	case n <= i:
		p.say(atQuestion(id), at, "leads back, to question %d; jumps lead forwards only; left out", n+1)
		return nil
	case n == i+1: // where it goes anyway
		return nil
	}
	for ; n < total; n++ {
		if made, kept := p.made[n]; kept {
			return []survey.Jump{{If: when, To: p.d.Questions[made].Base().ID}}
		}
	}
	return []survey.Jump{{If: when, To: "end"}}
}

// when is the condition that an answer is what PostHog calls by a key: a choice by its place, a rating by its part of the scale.
func (p *posthogSurvey) when(at value, q survey.Question, key string) (survey.Condition, bool) {
	id := q.Base().ID
	low, mid := 0, 0
	switch q := q.(type) {
	case *survey.SingleChoiceQuestion, *survey.DropdownQuestion:
		ours, is := p.choiceOf[atQuestion(id)+"/"+key]
		return that(id, survey.Test{Eq: ours}), is
	case *survey.ThumbsQuestion:
		return that(id, survey.Test{Eq: key == "positive"}), key == "positive" || key == "negative"
	case *survey.NPSQuestion:
		switch key {
		case "detractors":
			return that(id, survey.Test{Lte: 6.0}), true
		case "passives":
			return that(id, survey.Test{In: []any{7.0, 8.0}}), true
		case "promoters":
			return that(id, survey.Test{Gte: 9.0}), true
		}
	case *survey.RatingQuestion:
		switch q.Scale().Max {
		case 3:
			low, mid = 1, 2
		case 5:
			low, mid = 2, 3
		case 7:
			low, mid = 3, 4
		default:
			return survey.Condition{}, false
		}
		switch key {
		case "negative":
			return that(id, survey.Test{Lte: float64(low)}), true
		case "neutral":
			return that(id, survey.Test{Eq: float64(mid)}), true
		case "positive":
			return that(id, survey.Test{Gt: float64(mid)}), true
		}
	}
	return survey.Condition{}, false
}
