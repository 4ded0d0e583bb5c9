package convert

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/askwell/askwell/collector/survey"
)

func (b *builder) tooFew(at value, of string) survey.Question {
	b.say("", at, "has too few %s; it is left out", of)
	return nil
}

// lengths limits a text, within what can be asked for.
func (b *builder) lengths(place string, q *survey.TextQuestion, low, high value) {
	if n, is := low.number(); is && n >= 1 {
		q.MinLength = int(min(n, 1000))
		if n > 1000 {
			b.say(place, low, "at least 1000 characters can be asked for")
		}
	}
	if n, is := high.number(); is && n >= 1 {
		q.MaxLength = max(int(min(n, 4000)), q.MinLength)
		if n > 4000 {
			b.say(place, high, "at most 4000 characters can be answered")
		}
	}
}

// choice is one answer to pick, as exports have it.
type choice struct {
	id          string // of the export
	label       survey.Text
	other, none bool
}

// ids gives choices ids that tell what they are.
func choiceIDs(list []choice, kind string) []string {
	taken, ids := names{}, make([]string, len(list))
	for i, c := range list { // those two keep their names
		if c.other {
			ids[i] = taken.unique("other")
		} else if c.none {
			ids[i] = taken.unique("none")
		}
	}
	for i, c := range list {
		if ids[i] != "" {
			continue
		}
		name := ""
		for _, s := range []string{c.label[""], c.label["en"], anyText(c.label)} {
			name = cmp.Or(name, slug(s, "_"))
		}
		ids[i] = taken.unique(cmp.Or(name, fmt.Sprintf("%s_%d", kind, i+1)))
	}
	return ids
}

func anyText(text survey.Text) string {
	for _, lang := range slices.Sorted(maps.Keys(text)) {
		if slug(text[lang], "_") != "" {
			return text[lang]
		}
	}
	return ""
}

// remember keeps which choice of the export is which of ours; conditions name them by id, old ones by label.
func (b *builder) remember(place string, list []choice, ids []string) {
	for i, c := range list {
		b.choiceOf[place+"/"+c.id] = ids[i]
		for _, label := range c.label {
			if _, taken := b.choiceOf[place+"/"+label]; !taken {
				b.choiceOf[place+"/"+label] = ids[i]
			}
		}
	}
}

// pick makes a question of choices.
func (b *builder) pick(place string, base survey.QuestionBase, at value, list []choice, ids []string, several, dropdown, shuffle, lastStays bool) survey.Question {
	const most = 100
	other := slices.ContainsFunc(list, func(c choice) bool { return c.other })
	first := 0
	if shuffle || lastStays {
		first = len(list)
		for first > 0 && (list[first-1].other || list[first-1].none) {
			first--
		}
		if lastStays && first == len(list) {
			first--
		}
	}
	if !several && !other && (dropdown || len(list) > most) {
		if first > 0 {
			b.say(place, at, "has its choices in random order, which a dropdown does not")
		}
		base.Type = "dropdown"
		q := &survey.DropdownQuestion{QuestionBase: base}
		for i, c := range list {
			q.Choices = append(q.Choices, survey.Item{ID: ids[i], Label: c.label})
		}
		return q
	}
	if dropdown {
		b.say(place, at, "is a dropdown with a field for others; here it is a list")
	}
	if len(list) > most {
		b.say(place, at, "has %d choices, at most %d are allowed; the rest is left out", len(list), most)
		list, first = list[:most], min(first, most)
	}
	if several {
		base.Type = "multi_choice"
		q := &survey.MultiChoiceQuestion{QuestionBase: base, ShuffleFirst: first}
		for i, c := range list {
			q.Choices = append(q.Choices, survey.MultiChoice{Choice: survey.Choice{ID: ids[i], Label: c.label, Other: c.other}, None: c.none})
		}
		return q
	}
	base.Type = "single_choice"
	q := &survey.SingleChoiceQuestion{QuestionBase: base, ShuffleFirst: first}
	for i, c := range list {
		q.Choices = append(q.Choices, survey.Choice{ID: ids[i], Label: c.label, Other: c.other})
	}
	return q
}

func rating(base survey.QuestionBase, points int, numbers bool, low, high survey.Text) survey.Question {
	base.Type = "rating"
	q := &survey.RatingQuestion{QuestionBase: base, Low: low, High: high}
	if points != 5 {
		q.Points = points
	}
	if numbers {
		q.Look = "numbers"
	}
	return q
}
