package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/askwell/askwell/collector/survey"
)

// Response is one row: a response as it was accepted.
type Response struct {
	Site, Survey  string
	At            time.Time // birth
	ID            string
	Version, Seq  int
	State         survey.State
	Class         survey.Class
	Channel       string // how it came: "web"
	DismissedAt   *time.Time
	Visitor, User string
	Answers       json.RawMessage // an object by question id, also {question}.other and {question}.consent
	Context       json.RawMessage // a Context
}

// Context is what is known about a response beside its answers.
type Context struct {
	Language string         `json:"language,omitempty"`
	Trigger  *survey.Fired  `json:"trigger,omitempty"`
	Page     *survey.Page   `json:"page,omitempty"`
	Cart     *survey.Cart   `json:"cart,omitempty"`
	Traits   map[string]any `json:"traits,omitempty"`
	Hidden   map[string]any `json:"hidden,omitempty" doc:"What the page passed with show(): the hidden fields that the survey declares"`
	Sample   float64        `json:"sample,omitempty" doc:"The share of visitors that the survey was offered to, where not all"`
	TookMS   int64          `json:"took_ms,omitempty"` // from shown to completed, by the page's clock
	Browser  string         `json:"browser,omitempty"`
	System   string         `json:"system,omitempty"`
	Device   string         `json:"device,omitempty" enum:"desktop,mobile,tablet,other"`
	Country  string         `json:"country,omitempty" doc:"ISO 3166, from the proxy's header"`
}

// Responses returns a survey's responses, newest first, from a cursor on ("" for the start), with
// the cursor of the next page, "" where there is none.
func (s *Store) Responses(ctx context.Context, site, surveyID, cursor string, limit int) ([]Response, string, error) {
	at, id, err := parseCursor(cursor)
	if err != nil {
		return nil, "", err
	}
	responses, err := s.queryResponses(ctx, `WHERE site_id = $1 AND survey_id = $2 AND (at, id) < ($3, $4)
		ORDER BY at DESC, id DESC LIMIT $5`, site, surveyID, at, id, limit+1)
	if err != nil {
		return nil, "", err
	}
	responses, next := page(responses, limit, func(r Response) (time.Time, string) { return r.At, r.ID })
	return responses, next, nil
}

// queryResponses reads the responses that the end of a query asks for.
func (s *Store) queryResponses(ctx context.Context, where string, args ...any) ([]Response, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT site_id, survey_id, at, id, version, seq, state, class, channel,
		dismissed_at, visitor, user_id, answers, context FROM responses `+where, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	responses := []Response{}
	for rows.Next() {
		var r Response
		var at int64
		var state, class int
		var dismissed sql.NullInt64
		var visitor, user sql.NullString
		var answers, context string
		if err := rows.Scan(&r.Site, &r.Survey, &at, &r.ID, &r.Version, &r.Seq, &state, &class, &r.Channel,
			&dismissed, &visitor, &user, &answers, &context); err != nil {
			return nil, err
		}
		r.At, r.State, r.Class = time.UnixMilli(at), survey.States[state], survey.Classes[class]
		r.DismissedAt, r.Visitor, r.User = timeOf(dismissed), visitor.String, user.String
		r.Answers, r.Context = json.RawMessage(answers), json.RawMessage(context)
		responses = append(responses, r)
	}
	return responses, rows.Err()
}

// Distribution counts the answers to a question on a numeric scale among live responses born in
// [from, to). Skipped questions are not in it.
func (s *Store) Distribution(ctx context.Context, site, surveyID, question string, from, to time.Time) (map[int]int, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT answers ->> $3 AS answer, COUNT(*) FROM responses
		WHERE site_id = $1 AND survey_id = $2 AND class = 0 AND at >= $4 AND at < $5 AND answers ->> $3 IS NOT NULL
		GROUP BY 1`, site, surveyID, question, from.UnixMilli(), to.UnixMilli())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	counts := map[int]int{}
	for rows.Next() {
		var answer, n int
		if err := rows.Scan(&answer, &n); err != nil {
			return nil, err
		}
		counts[answer] = n
	}
	return counts, rows.Err()
}

func millis(t *time.Time) any {
	if t == nil {
		return nil
	}
	return t.UnixMilli()
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}
