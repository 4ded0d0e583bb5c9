package export

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/askwell/askwell/collector/survey"
)

// question is a question over all versions that ask it: its type and scale never change, but choices come
// and go. The newest version's come first, and its labels count.
//
//	nps, csat, ces, rating   {question}            integer
//	thumbs                   {question}            boolean
//	text                     {question}            text
//	date                     {question}            date
//	single_choice, dropdown,
//	picture_choice           {question}            the choice's id
//	multi_choice             {question}.{choice}   boolean: chosen or not
//	ranking                  {question}.{choice}   integer: its rank, 1 is the best
//	matrix                   {question}.{row}      the column's id
//	email                    {question}            text
//	contact                  {question}.{field}    text
//	statement                none
//
// Beside them {question}.other is what was written beside a choice, and {question}.consent is true where it
// was given. With labels, {question}.label is the label of what was chosen, of several with "; " between
// them, and {question}.{row}.label that of a matrix. A choice of several whose id is other or label is
// {question}.other.choice or {question}.label.choice. All are null where the question was not answered, and
// a choice where the version that was answered did not offer it.
type question struct {
	id, kind       string
	prefix         string // the id, unless it is reserved
	first, beside  int    // places of its columns among the table's, and of those beside them
	besides        []Column
	choices        options
	rows           options
	fields         []string
	other, consent bool
	offered        map[int]map[string]bool // choices, by version
}

// options are choices, rows or columns, with their labels.
type options struct {
	ids    []string
	labels map[string]string
}

func (o *options) add(id, label string) {
	if _, ok := o.labels[id]; ok {
		return
	}
	if o.labels == nil {
		o.labels = map[string]string{}
	}
	o.ids, o.labels[id] = append(o.ids, id), label
}

func newQuestion(base *survey.QuestionBase) *question {
	q := &question{id: base.ID, kind: base.Type, prefix: base.ID, offered: map[int]map[string]bool{}}
	if reserved[base.ID] {
		q.prefix = "answer." + base.ID
	}
	return q
}

// merge adds what an older version has of the question.
func (q *question) merge(older survey.Question, version int, label func(survey.Text) string) {
	offered := map[string]bool{}
	q.offered[version] = offered
	item := func(i survey.Item) {
		q.choices.add(i.ID, label(i.Label))
		offered[i.ID] = true
	}
	choose := func(c survey.Choice) {
		item(survey.Item{ID: c.ID, Label: c.Label})
		q.other = q.other || c.Other
	}
	switch older := older.(type) {
	case *survey.SingleChoiceQuestion:
		for _, c := range older.Choices {
			choose(c)
		}
	case *survey.MultiChoiceQuestion:
		for _, c := range older.Choices {
			choose(c.Choice)
		}
	case *survey.DropdownQuestion:
		for _, c := range older.Choices {
			item(c)
		}
	case *survey.PictureChoiceQuestion:
		for _, c := range older.Choices {
			item(c.Item)
		}
	case *survey.RankingQuestion:
		for _, c := range older.Choices {
			item(c)
		}
	case *survey.MatrixQuestion:
		for _, r := range older.Rows {
			q.rows.add(r.ID, label(r.Label))
		}
		for _, c := range older.Columns {
			item(c)
		}
	case *survey.EmailQuestion:
		q.consent = q.consent || older.Consent != nil
	case *survey.ContactQuestion:
		q.consent = q.consent || older.Consent != nil
		for _, f := range older.Fields {
			if !slices.Contains(q.fields, f) {
				q.fields = append(q.fields, f)
			}
		}
	}
}

// columns are those of the answer, in the order in which fillAnswer fills them.
func (q *question) columns(labelled bool) (columns []Column) {
	add := func(behind string, kind Kind) { columns = append(columns, Column{q.prefix + behind, kind}) }
	label := func(behind string) {
		if labelled {
			add(behind+".label", Text)
		}
	}
	each := func(kind Kind) {
		for _, id := range q.choices.ids {
			behind := "." + id
			if id == "other" || id == "label" {
				behind += ".choice"
			}
			add(behind, kind)
		}
		label("")
	}
	switch q.kind {
	case "nps", "csat", "ces", "rating":
		add("", Integer)
	case "thumbs":
		add("", Boolean)
	case "text", "email":
		add("", Text)
	case "date":
		add("", Date)
	case "single_choice", "dropdown", "picture_choice":
		add("", Text)
		label("")
	case "multi_choice":
		each(Boolean)
	case "ranking":
		each(Integer)
	case "matrix":
		for _, id := range q.rows.ids {
			add("."+id, Text)
			label("." + id)
		}
	case "contact":
		for _, field := range q.fields {
			add("."+field, Text)
		}
	case "statement":
	default:
		add("", JSON) // a type that this package does not know yet
	}
	return columns
}

// columnsBeside are those of what stands beside the answer.
func (q *question) columnsBeside() (columns []Column) {
	if q.other {
		columns = append(columns, Column{q.prefix + ".other", Text})
	}
	if q.consent {
		columns = append(columns, Column{q.prefix + ".consent", Boolean})
	}
	return columns
}

// fill puts the answer, and what stands beside it, into the question's cells of a row.
func (q *question) fill(row Row, r *Response, labelled bool) error {
	if raw, ok := r.Answers[q.id]; ok {
		if err := q.fillAnswer(row[q.first:], raw, r.Version, labelled); err != nil {
			return fmt.Errorf("answer to %s: %w", q.id, err)
		}
	}
	for i, c := range q.besides {
		if raw, ok := r.Answers[q.id+strings.TrimPrefix(c.Name, q.prefix)]; ok {
			if err := json.Unmarshal(raw, &row[q.beside+i]); err != nil {
				return fmt.Errorf("answer beside %s: %w", q.id, err)
			}
		}
	}
	return nil
}

func (q *question) fillAnswer(cells Row, raw json.RawMessage, version int, labelled bool) error {
	put := func(v any) {
		cells[0] = v
		cells = cells[1:]
	}
	label := func(ids ...string) {
		if labelled {
			labels := make([]string, len(ids))
			for i, id := range ids {
				labels[i] = q.choices.labels[id]
			}
			put(strings.Join(labels, "; "))
		}
	}
	switch q.kind {
	case "nps", "csat", "ces", "rating":
		return decode(raw, func(n int64) { put(n) })
	case "thumbs":
		return decode(raw, func(up bool) { put(up) })
	case "text", "email":
		return decode(raw, func(s string) { put(s) })
	case "date":
		var day time.Time
		var err error
		if wrong := decode(raw, func(s string) { day, err = time.Parse(time.DateOnly, s) }); wrong != nil || err != nil {
			return fmt.Errorf("%s is no day", raw)
		}
		put(day)
	case "single_choice", "dropdown", "picture_choice":
		return decode(raw, func(id string) { put(id); label(id) })
	case "multi_choice":
		return decode(raw, func(ids []string) {
			for _, id := range q.choices.ids {
				if q.offered[version][id] {
					put(slices.Contains(ids, id))
				} else {
					put(nil)
				}
			}
			label(ids...)
		})
	case "ranking":
		return decode(raw, func(ids []string) {
			for _, id := range q.choices.ids {
				if rank := slices.Index(ids, id); rank >= 0 { // all that were offered are ranked
					put(rank + 1)
				} else {
					put(nil)
				}
			}
			label(ids...)
		})
	case "matrix":
		return decode(raw, func(chosen map[string]string) {
			for _, row := range q.rows.ids {
				column, ok := chosen[row]
				put(orNil(column))
				if ok {
					label(column)
				} else if labelled {
					put(nil)
				}
			}
		})
	case "contact":
		return decode(raw, func(fields map[string]string) {
			for _, field := range q.fields {
				put(orNil(fields[field]))
			}
		})
	case "statement":
	default:
		put(raw)
	}
	return nil
}

// decode reads an answer as the type that its question's answers have.
func decode[T any](raw json.RawMessage, use func(T)) error {
	var v T
	if err := json.Unmarshal(raw, &v); err != nil {
		return err
	}
	use(v)
	return nil
}
