// Package segment turns live responses into columns, so that scores over millions of them take
// milliseconds: a byte a response and column, with the values in a dictionary beside it. An hour of
// responses is sealed when it is over, a day replaces its hours; upkeep does that in the background.
// What is not sealed is turned into the same columns when it is asked for, so there is one way to count.
package segment

import (
	"encoding/json"
	"hash/fnv"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/askwell/askwell/collector/store"
	"github.com/askwell/askwell/collector/survey"
)

// Columns that every response has, or may have. Beside them: trait.{name}, hidden.{name},
// answer.{question}, and answer.{question}.{row} of a matrix.
const (
	Page     = "page"
	Device   = "device"
	Browser  = "browser"
	System   = "system"
	Country  = "country"
	Language = "language"
	Trigger  = "trigger"
	Channel  = "channel"
	Version  = "version"
	Outcome  = "outcome" // one of Outcomes
)

// Fixed are the columns above that scores can be broken down by.
var Fixed = []string{Page, Device, Browser, System, Country, Language, Trigger, Channel, Version}

// Beginnings of the other columns' names.
const (
	Trait  = "trait."
	Hidden = "hidden."
	Answer = "answer."
)

// Outcomes are how a showing ended, or where it stands.
var Outcomes = []string{"shown", "shown_dismissed", "partial", "partial_dismissed", "completed"}

// Separator stands between the values of an answer of several choices.
const Separator = "\x1f"

// Row is what is counted of one response. A column that is not in Values has no value.
type Row struct {
	At            int64
	TookMS        int64 // 0: not completed
	Visitor, User uint64
	Values        map[string]string
}

// Schema knows how a survey's answers become columns, over all its published versions.
type Schema map[string]survey.Question

// NewSchema reads the versions of a survey, the newest first.
func NewSchema(definitions []*survey.Definition) Schema {
	s := Schema{}
	for _, d := range definitions {
		for _, q := range d.Questions {
			if _, known := s[q.Base().ID]; !known {
				s[q.Base().ID] = q
			}
		}
	}
	return s
}

// Columns lists the columns that answers to a question make, none for verbatims, addresses and dates.
func Columns(q survey.Question) []string {
	name := Answer + q.Base().ID
	switch q := q.(type) {
	case *survey.TextQuestion, *survey.EmailQuestion, *survey.ContactQuestion, *survey.DateQuestion, *survey.StatementQuestion:
		return nil
	case *survey.MatrixQuestion:
		names := make([]string, len(q.Rows))
		for i, row := range q.Rows {
			names[i] = name + "." + row.ID
		}
		return names
	}
	return []string{name}
}

// IsSet says whether answers to a question are several values at once.
func IsSet(q survey.Question) bool {
	_, is := q.(*survey.MultiChoiceQuestion)
	return is
}

// Row reads a stored response.
func (s Schema) Row(r *store.Response) (*Row, error) {
	var about store.Context
	if err := json.Unmarshal(r.Context, &about); err != nil {
		return nil, err
	}
	var answers map[string]json.RawMessage
	if err := json.Unmarshal(r.Answers, &answers); err != nil {
		return nil, err
	}
	row := &Row{At: r.At.UnixMilli(), TookMS: about.TookMS, Visitor: person(r.Visitor), User: person(r.User), Values: make(map[string]string, 16)}
	row.Values[Version], row.Values[Channel], row.Values[Outcome] = strconv.Itoa(r.Version), r.Channel, outcome(r)
	row.set(Device, about.Device)
	row.set(Browser, about.Browser)
	row.set(System, about.System)
	row.set(Country, about.Country)
	row.set(Language, about.Language)
	if about.Trigger != nil {
		row.set(Trigger, about.Trigger.Type)
	}
	if about.Page != nil {
		row.set(Page, pathOf(about.Page.URL))
	}
	for name, v := range about.Traits {
		row.set(Trait+name, plain(v))
	}
	for name, v := range about.Hidden {
		row.set(Hidden+name, plain(v))
	}
	for id, raw := range answers {
		if q := s[id]; q != nil {
			row.answer(q, raw)
		}
	}
	return row, nil
}

func (row *Row) set(column, value string) {
	if value != "" {
		row.Values[column] = value
	}
}

// answer sets the columns of a question.
func (row *Row) answer(q survey.Question, raw json.RawMessage) {
	name := Answer + q.Base().ID
	switch q.(type) {
	case *survey.TextQuestion, *survey.EmailQuestion, *survey.ContactQuestion, *survey.DateQuestion, *survey.StatementQuestion:
	case *survey.MatrixQuestion:
		var of map[string]string
		if json.Unmarshal(raw, &of) == nil {
			for id, column := range of {
				row.set(name+"."+id, column)
			}
		}
	case *survey.MultiChoiceQuestion:
		if ids, err := readList(string(raw)); err == nil {
			slices.Sort(ids) // the same choices in another order are the same
			row.set(name, strings.Join(ids, Separator))
		}
	case *survey.RankingQuestion: // by what came first
		if ids, err := readList(string(raw)); err == nil && len(ids) > 0 {
			row.set(name, ids[0])
		}
	default: // a number, a boolean, or a choice
		value := string(raw)
		switch inner := strings.TrimPrefix(value, `"`); {
		case value == "null":
			return
		case inner != value && !strings.Contains(inner, `\`):
			value = strings.TrimSuffix(inner, `"`)
		case inner != value && json.Unmarshal(raw, &value) != nil: // "\u0061" is "a"
			return
		}
		row.set(name, value)
	}
}

func outcome(r *store.Response) string {
	if r.DismissedAt != nil && r.State != survey.Completed {
		return string(r.State) + "_dismissed"
	}
	return string(r.State)
}

// pathOf is the path of a page: its query may say who the visitor is, and differs from one to the next.
func pathOf(address string) string {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return ""
	case u.Path == "" && u.Host != "":
		return "/"
	}
	return strings.ToValidUTF8(u.Path, "\ufffd") // as a dictionary in JSON has it
}

// plain is a trait or a hidden field as a value.
func plain(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}

// person tells people apart, 0 where it is not known who it was. Of ten million, two are mixed up with
// a chance of three in a million.
func person(id string) uint64 {
	if id == "" {
		return 0
	}
	h := fnv.New64a()
	h.Write([]byte(id))
	return max(1, h.Sum64())
}
