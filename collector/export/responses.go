package export

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/askwell/askwell/collector/survey"
)

// Response is what the table of responses has a row of. What is not known is empty.
type Response struct {
	ID, Survey  string
	Version     int
	State       survey.State
	Class       survey.Class
	Channel     string
	At          time.Time
	DismissedAt *time.Time
	TookMS      int64

	Visitor, User                              string
	Language, Device, Browser, System, Country string

	Trigger *survey.Fired
	Page    *survey.Page
	Sample  float64
	Cart    *survey.Cart
	Hidden  map[string]any
	Traits  map[string]any
	Answers map[string]json.RawMessage
}

// Responses is the table of a survey's responses: a row a response, and the same columns for answers to
// any version.
//
// First come the columns of every survey, called as their fields in the API's JSON; then the hidden fields
// by name, hidden.{name}; the traits, which any page may name as it likes, as one column; then the
// questions, in the order of the newest version, and behind them those that only older versions ask. The
// answers are called {question}; question.go says what each type has.
//
// A question may have the id of another column ("language"), so those are reserved: its columns begin with
// "answer." in front of the id. No column may be added here whose first part (up to a dot) is not among the
// reserved ones: it would rename a question's. "response" is kept free for that.
type Responses struct {
	columns     []Column
	about       []aboutColumn
	hidden      []string
	touchpoints []string // by version, from 1
	questions   []*question
	labelled    bool
}

// aboutColumn is a column that every survey has.
type aboutColumn struct {
	Column
	value func(r *Response) any
}

var aboutColumns = []aboutColumn{
	{Column{"id", Text}, func(r *Response) any { return r.ID }},
	{Column{"at", Timestamp}, func(r *Response) any { return r.At }},
	{Column{"state", Text}, func(r *Response) any { return string(r.State) }},
	{Column{"class", Text}, func(r *Response) any { return string(r.Class) }},
	{Column{"channel", Text}, func(r *Response) any { return r.Channel }},
	{Column{"survey", Text}, func(r *Response) any { return r.Survey }},
	{Column{"version", Integer}, func(r *Response) any { return r.Version }},
	{Column{"touchpoint", Text}, nil}, // Row: it is the version's
	{Column{"dismissed_at", Timestamp}, func(r *Response) any { return deref(r.DismissedAt) }},
	{Column{"took_ms", Integer}, func(r *Response) any { return orNil(r.TookMS) }},
	{Column{"visitor", Text}, func(r *Response) any { return orNil(r.Visitor) }},
	{Column{"user", Text}, func(r *Response) any { return orNil(r.User) }},
	{Column{"language", Text}, func(r *Response) any { return orNil(r.Language) }},
	{Column{"device", Text}, func(r *Response) any { return orNil(r.Device) }},
	{Column{"browser", Text}, func(r *Response) any { return orNil(r.Browser) }},
	{Column{"system", Text}, func(r *Response) any { return orNil(r.System) }},
	{Column{"country", Text}, func(r *Response) any { return orNil(r.Country) }},
	{Column{"trigger.type", Text}, fired(func(f *survey.Fired) any { return orNil(f.Type) })},
	{Column{"trigger.reason", Text}, fired(func(f *survey.Fired) any { return orNil(f.Reason) })},
	{Column{"trigger.field", Text}, fired(func(f *survey.Fired) any { return orNil(f.Field) })},
	{Column{"page.url", Text}, page(func(p *survey.Page) any { return orNil(p.URL) })},
	{Column{"page.referrer", Text}, page(func(p *survey.Page) any { return orNil(p.Referrer) })},
	{Column{"sample", Number}, func(r *Response) any { return orNil(r.Sample) }},
	{Column{"cart.value", Number}, cart(func(c *survey.Cart) any { return c.Value })},
	{Column{"cart.currency", Text}, cart(func(c *survey.Cart) any { return orNil(c.Currency) })},
	{Column{"cart.items", Number}, cart(func(c *survey.Cart) any { return c.Items })},
}

// reserved are the ids that a question's columns cannot begin with.
var reserved = func() map[string]bool {
	names := map[string]bool{"answer": true, "response": true, "hidden": true, "traits": true}
	for _, c := range aboutColumns {
		first, _, _ := strings.Cut(c.Name, ".")
		names[first] = true
	}
	return names
}()

var hiddenKinds = map[string]Kind{"string": Text, "number": Number, "boolean": Boolean}

// NewResponses is the table of the responses to a survey, by its published versions, the newest first.
// labels is a language, in which what was chosen stands beside its ids, or "" for ids alone.
func NewResponses(versions []*survey.Definition, labels string) (*Responses, error) {
	labels, err := language(versions, labels)
	if err != nil {
		return nil, err
	}
	t := &Responses{about: aboutColumns, labelled: labels != ""}
	for _, c := range t.about {
		t.columns = append(t.columns, c.Column)
	}
	hidden := map[string]string{} // a field never changes its type
	t.touchpoints = make([]string, len(versions))
	for i, d := range versions {
		version := len(versions) - i // they are counted from 1, without gaps
		t.touchpoints[version-1] = d.Touchpoint
		maps.Copy(hidden, d.Hidden)
		t.merge(d, version, labels)
	}
	t.hidden = slices.Sorted(maps.Keys(hidden))
	for _, name := range t.hidden {
		t.columns = append(t.columns, Column{"hidden." + name, hiddenKinds[hidden[name]]})
	}
	t.columns = append(t.columns, Column{"traits", JSON})
	for _, q := range t.questions {
		q.first = len(t.columns)
		t.columns = append(t.columns, q.columns(t.labelled)...)
		q.beside, q.besides = len(t.columns), q.columnsBeside()
		t.columns = append(t.columns, q.besides...)
	}
	return t, nil
}

// language is the survey's own way to write a language that any of its versions has.
func language(versions []*survey.Definition, wanted string) (string, error) {
	var languages []string
	for _, d := range versions {
		languages = append(languages, d.Languages...)
	}
	i := slices.IndexFunc(languages, func(l string) bool { return strings.EqualFold(l, wanted) })
	switch {
	case wanted == "" || len(versions) == 0: // never published: there is nothing to label
		return "", nil
	case i >= 0:
		return languages[i], nil
	}
	slices.Sort(languages)
	return "", &survey.Error{Code: survey.Invalid, Message: "the request is not valid", Problems: []survey.Problem{{Location: "query.labels",
		Message: "is no language of the survey; expected one of " + strings.Join(slices.Compact(languages), ", ")}}}
}

// merge adds the questions of a version to those of newer ones.
func (t *Responses) merge(d *survey.Definition, version int, labels string) {
	for _, q := range d.Questions {
		i := slices.IndexFunc(t.questions, func(have *question) bool { return have.id == q.Base().ID })
		if i < 0 {
			i = len(t.questions)
			t.questions = append(t.questions, newQuestion(q.Base()))
		}
		t.questions[i].merge(q, version, func(text survey.Text) string { return text.In(labels, d.Languages[0]) })
	}
}

// Columns are the columns of the table.
func (t *Responses) Columns() []Column { return t.columns }

// Row is a response as a row of the table.
func (t *Responses) Row(r *Response) (Row, error) {
	row := make(Row, len(t.columns))
	for i, c := range t.about {
		if c.value != nil {
			row[i] = c.value(r)
		} else if r.Version >= 1 && r.Version <= len(t.touchpoints) {
			row[i] = orNil(t.touchpoints[r.Version-1])
		}
	}
	at := len(t.about)
	for _, name := range t.hidden {
		row[at] = r.Hidden[name]
		at++
	}
	if len(r.Traits) > 0 {
		traits, err := json.Marshal(r.Traits)
		if err != nil {
			return nil, err
		}
		row[at] = json.RawMessage(traits)
	}
	for _, q := range t.questions {
		if err := q.fill(row, r, t.labelled); err != nil {
			return nil, fmt.Errorf("response %s: %w", r.ID, err)
		}
	}
	return row, nil
}

// orNil is nil where nothing is known.
func orNil[T comparable](v T) any {
	var none T
	if v == none {
		return nil
	}
	return v
}

func deref(t *time.Time) any {
	if t == nil {
		return nil
	}
	return *t
}

func fired(value func(*survey.Fired) any) func(*Response) any {
	return func(r *Response) any { return of(r.Trigger, value) }
}

func page(value func(*survey.Page) any) func(*Response) any {
	return func(r *Response) any { return of(r.Page, value) }
}

func cart(value func(*survey.Cart) any) func(*Response) any {
	return func(r *Response) any { return of(r.Cart, value) }
}

func of[T any](part *T, value func(*T) any) any {
	if part == nil {
		return nil
	}
	return value(part)
}
