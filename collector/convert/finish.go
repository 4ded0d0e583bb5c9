package convert

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/dustin/go-humanize/english"
	"github.com/goccy/go-yaml"

	"github.com/askwell/askwell/collector/survey"
)

// finish checks the definition as apply will, leaves out what is refused, and writes the file.
func (b *builder) finish() (*Survey, error) {
	b.fitAnswers()
	d, err := b.settle()
	if err != nil {
		return nil, err
	}
	file, err := b.file(d)
	if err != nil {
		return nil, err
	}
	return &Survey{Definition: d, YAML: file, Warnings: b.warnings}, nil
}

// A response carries so many characters of visitors' own words; what a text may have where it says nothing.
const (
	mostAnswered = 12000
	usualLength  = 2000
)

// fitAnswers shortens texts where all of them together would not fit into a response.
func (b *builder) fitAnswers() {
	var texts []*survey.TextQuestion
	other := 0
	for _, q := range b.d.Questions {
		switch q := q.(type) {
		case *survey.TextQuestion:
			texts = append(texts, q)
		case *survey.EmailQuestion:
			other += 254
		case *survey.ContactQuestion:
			other += 254 + 600
		case *survey.SingleChoiceQuestion, *survey.MultiChoiceQuestion:
			other += 500
		}
	}
	total := other
	for _, q := range texts {
		total += lengthOf(q)
	}
	if total <= mostAnswered || len(texts) == 0 {
		return
	}
	each := max((mostAnswered-other)/len(texts), 1)
	long := 0
	for _, q := range texts {
		if lengthOf(q) > each {
			q.MaxLength = each
			q.MinLength = min(q.MinLength, each)
			long++
		}
	}
	if long > 0 {
		b.say("questions", b.from, "%s at most %d characters long, for all of a survey's have to fit into one response", english.Plural(long, "answer may be", "answers may be"), each)
	}
}

func lengthOf(q *survey.TextQuestion) int {
	if q.MaxLength > 0 {
		return q.MaxLength
	}
	return usualLength
}

// settle leaves out what the checks of apply refuse, one thing after the other, until they refuse nothing.
func (b *builder) settle() (*survey.Definition, error) {
	data, err := json.Marshal(b.d)
	if err != nil {
		return nil, err
	}
	for range 500 { // each time something is left out
		d, err := survey.ParseDefinition(data)
		if err == nil {
			return d, nil
		}
		var invalid *survey.Error
		if !errors.As(err, &invalid) || len(invalid.Problems) == 0 {
			return nil, err
		}
		var doc map[string]any
		if err := json.Unmarshal(data, &doc); err != nil {
			return nil, err
		}
		// The last first: what an earlier one refers to may go with it.
		problem := invalid.Problems[len(invalid.Problems)-1]
		if !b.leaveOut(doc, problem) {
			return nil, fmt.Errorf("cannot be made valid: %w", err)
		}
		if data, err = json.Marshal(doc); err != nil {
			return nil, err
		}
	}
	return nil, errors.New("cannot be made valid")
}

// optional are the fields of a question that it can do without.
var optional = []string{"help", "purpose", "prefill", "show_if", "jumps", "placeholder", "low", "high", "labels", "consent", "min", "max",
	"min_length", "max_length", "shuffle_first", "link", "button", "text", "up", "down", "size", "look", "points"}

// leaveOut drops from a definition the least that a problem is about, and says so.
func (b *builder) leaveOut(doc map[string]any, p survey.Problem) bool {
	keys := strings.FieldsFunc(p.Location, func(r rune) bool { return r == '.' || r == '[' || r == ']' })
	if len(keys) == 0 {
		return false
	}
	say := func(place string, at value, what string) { b.say(place, at, "%s: %s; left out", what, p.Message) }
	field := keys[0]
	switch list, _ := doc[field].([]any); field {
	case "questions":
		i := len(list) - 1 // there are too many, or they ask for too much
		if len(keys) > 1 {
			i = number(keys[1])
		}
		if i < 0 || i >= len(list) {
			return false
		}
		q, _ := list[i].(map[string]any)
		id, _ := q["id"].(string)
		if len(keys) > 2 && slices.Contains(optional, keys[2]) {
			say(atQuestion(id), b.places[id], keys[2])
			if inner, is := q[keys[2]].([]any); is && len(keys) > 3 && keys[2] == "jumps" && number(keys[3]) < len(inner) && len(inner) > 1 {
				q[keys[2]] = slices.Delete(inner, number(keys[3]), number(keys[3])+1)
			} else {
				delete(q, keys[2])
			}
			return true
		}
		say("", b.places[id], "question "+strconv.Quote(id))
		doc[field] = slices.Delete(list, i, i+1)
		return len(list) > 1
	case "endings", "triggers":
		i := len(list) - 1
		if len(keys) > 1 {
			i = number(keys[1])
		}
		if i < 0 || i >= len(list) {
			return false
		}
		say(field, b.from, p.Location)
		one, _ := list[i].(map[string]any)
		switch {
		case strings.HasPrefix(p.Message, "review sites"): // a link that some endings have: none has it
			for _, end := range list {
				end, _ := end.(map[string]any)
				delete(end, "link")
			}
		case len(keys) > 2 && (keys[2] == "link" || keys[2] == "text") && one[keys[2]] != nil:
			delete(one, keys[2])
		default:
			doc[field] = slices.Delete(list, i, i+1)
		}
		return true
	case "targeting": // the survey would reach others than it should
		doc["dry_run"] = true
		fallthrough
	case "theme", "frequency", "hidden", "quota", "purpose":
		say(field, b.from, p.Location)
		if inner, is := doc[field].(map[string]any); is && len(keys) > 1 && len(inner) > 1 {
			delete(inner, keys[1])
		} else {
			delete(doc, field)
		}
		return true
	}
	return false
}

// number reads an index of a location, a large one where it is none.
func number(key string) int {
	n, err := strconv.Atoi(key)
	if err != nil || n < 0 {
		return 1 << 30
	}
	return n
}

// file writes a definition as YAML, with what was said at its place.
func (b *builder) file(d *survey.Definition) ([]byte, error) {
	data, err := json.Marshal(d)
	if err != nil {
		return nil, err
	}
	var ordered yaml.MapSlice
	if err := yaml.UnmarshalWithOptions(data, &ordered, yaml.UseOrderedMap()); err != nil {
		return nil, err
	}
	comments := yaml.CommentMap{}
	places := map[string]string{}
	for _, pair := range ordered {
		key := fmt.Sprint(pair.Key)
		places[key] = "$." + key
	}
	for i, q := range d.Questions {
		places[atQuestion(q.Base().ID)] = fmt.Sprintf("$.questions[%d]", i)
	}
	head := []string{" Made by askwell convert of a survey of " + b.tool + "; what could not be carried over is said where it was."}
	for _, place := range slices.Sorted(maps.Keys(b.comments)) {
		var lines []string
		for _, line := range b.comments[place] {
			lines = append(lines, " "+line)
		}
		if at, is := places[place]; is && place != "id" {
			comments[at] = []*yaml.Comment{yaml.HeadComment(lines...)}
		} else {
			head = append(head, lines...)
		}
	}
	comments["$.id"] = []*yaml.Comment{yaml.HeadComment(head...)}
	file, err := yaml.MarshalWithOptions(ordered, yaml.IndentSequence(true), yaml.WithComment(comments))
	if err != nil {
		return nil, err
	}
	return file, sameAs(d, file)
}

// sameAs reads a file as apply does, and says where it does not say what it should.
func sameAs(d *survey.Definition, file []byte) error {
	data, err := yaml.YAMLToJSON(file)
	if err != nil {
		return fmt.Errorf("cannot be written as YAML: %w", err)
	}
	again, err := survey.ParseDefinition(data)
	if err != nil {
		return fmt.Errorf("cannot be written as YAML: %w", err)
	}
	if again.Hash() != d.Hash() {
		return errors.New("cannot be written as YAML: it reads as another")
	}
	return nil
}
