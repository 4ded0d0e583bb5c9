package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

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
	Verbatim      bool            // some answer is in the visitor's own words; only said to SaveResponses
}

// Context is what is known about a response beside its answers.
type Context struct {
	Language string         `json:"language,omitempty" doc:"BCP 47: the language that the survey was shown in"`
	Trigger  *survey.Fired  `json:"trigger,omitempty" doc:"What showed it"`
	Page     *survey.Page   `json:"page,omitempty" doc:"Where it was shown"`
	Cart     *survey.Cart   `json:"cart,omitempty" doc:"What was in the visitor's cart then"`
	Traits   map[string]any `json:"traits,omitempty" doc:"What the page or the server said of the user"`
	Hidden   map[string]any `json:"hidden,omitempty" doc:"What the page passed with show(): the hidden fields that the survey declares"`
	Sample   float64        `json:"sample,omitempty" doc:"The share of visitors that the survey was offered to, where not all"`
	TookMS   int64          `json:"took_ms,omitempty" doc:"From shown to completed, by the page's clock"`
	Browser  string         `json:"browser,omitempty" doc:"By name, from the user agent"`
	System   string         `json:"system,omitempty" doc:"Operating system by name, from the user agent"`
	Device   string         `json:"device,omitempty" enum:"desktop,mobile,tablet,other" doc:"From the user agent"`
	Country  string         `json:"country,omitempty" doc:"ISO 3166, from the proxy's header"`
}

// Responses returns a survey's responses, newest first, from a cursor on ("" for the start; the id of a
// response goes on behind it), with the cursor of the next page, "" where there is none.
func (s *Store) Responses(ctx context.Context, site, surveyID, cursor string, limit int) ([]Response, string, error) {
	at, id, err := s.responseCursor(ctx, site, surveyID, cursor)
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

// responseCursor is parseCursor, which takes the id of a response of the survey too.
func (s *Store) responseCursor(ctx context.Context, site, surveyID, cursor string) (at int64, id string, err error) {
	if uuid.Validate(cursor) != nil {
		return parseCursor(cursor)
	}
	err = s.read.QueryRowContext(ctx, "SELECT at FROM responses WHERE site_id = $1 AND id = $2 AND survey_id = $3", site, cursor, surveyID).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, "", &survey.Error{Code: survey.Invalid, Message: "the request is not valid",
			Problems: []survey.Problem{{Location: "query.cursor", Message: "is the id of no response of this survey, or of one that was erased; go on behind the one before it"}}}
	}
	return at, cursor, err
}

// queryResponses reads the responses that the end of a query asks for.
func (s *Store) queryResponses(ctx context.Context, where string, args ...any) ([]Response, error) {
	responses := []Response{}
	err := eachResponse(ctx, s.read, func(r *Response) error {
		responses = append(responses, *r)
		return nil
	}, where, args...)
	if err != nil {
		return nil, err
	}
	return responses, nil
}

// eachResponse hands over the responses that the end of a query asks for, one by one.
func eachResponse(ctx context.Context, db querier, row func(*Response) error, where string, args ...any) error {
	return each(ctx, db, func(scan func(...any) error) error {
		var r Response
		var at int64
		var state, class int
		var dismissed sql.NullInt64
		var visitor, user sql.NullString
		if err := scan(&r.Site, &r.Survey, &at, &r.ID, &r.Version, &r.Seq, &state, &class, &r.Channel,
			&dismissed, &visitor, &user, (*[]byte)(&r.Answers), (*[]byte)(&r.Context)); err != nil {
			return err
		}
		if state < 0 || state >= len(survey.States) || class < 0 || class >= len(survey.Classes) {
			return fmt.Errorf("%w: response %s has the state %d and the class %d", errDamaged, r.ID, state, class)
		}
		r.At, r.State, r.Class = time.UnixMilli(at), survey.States[state], survey.Classes[class]
		r.DismissedAt, r.Visitor, r.User = timeOf(dismissed), visitor.String, user.String
		return row(&r)
	}, "SELECT site_id, survey_id, at, id, version, seq, state, class, channel, dismissed_at, visitor, user_id, answers, context FROM responses "+where, args...)
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
