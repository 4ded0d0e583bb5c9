package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
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
	Answers       json.RawMessage // an object by question id
	Context       json.RawMessage // a Context
}

// Context is what is known about a response beside its answers.
type Context struct {
	Language string         `json:"language,omitempty"`
	Trigger  *survey.Fired  `json:"trigger,omitempty"`
	Page     *survey.Page   `json:"page,omitempty"`
	Cart     *survey.Cart   `json:"cart,omitempty"`
	Traits   map[string]any `json:"traits,omitempty"`
	TookMS   int64          `json:"took_ms,omitempty"` // from shown to completed, by the page's clock
}

// saveStatements are prepared once: parsing the upsert anew costs more than running it.
type saveStatements struct{ upsert, find *sql.Stmt }

func prepareSave(ctx context.Context, db *sql.DB) (*saveStatements, error) {
	upsert, err := db.PrepareContext(ctx, `INSERT INTO responses(site_id, survey_id, at, id, version, seq, state, class, channel,
			dismissed_at, visitor, user_id, answers, context)
		VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
		ON CONFLICT(site_id, id) DO UPDATE SET seq = excluded.seq, state = excluded.state,
			class = CASE WHEN responses.class = 0 THEN excluded.class ELSE responses.class END,
			dismissed_at = excluded.dismissed_at, visitor = excluded.visitor, user_id = excluded.user_id,
			answers = excluded.answers, context = excluded.context
		WHERE excluded.seq > responses.seq AND excluded.survey_id = responses.survey_id AND excluded.version = responses.version`)
	if err != nil {
		return nil, err
	}
	find, err := db.PrepareContext(ctx, "SELECT survey_id, version FROM responses WHERE site_id = $1 AND id = $2")
	if err != nil {
		return nil, errors.Join(err, upsert.Close())
	}
	return &saveStatements{upsert, find}, nil
}

func (s *saveStatements) close() error { return errors.Join(s.upsert.Close(), s.find.Close()) }

// SaveResponses stores a batch in one transaction. Each response has an error of its own, nil where
// it is on disk; a higher seq replaces the answers, an equal or lower one changes nothing.
func (s *Store) SaveResponses(ctx context.Context, batch []Response) []error {
	errs := make([]error, len(batch))
	err := s.transact(ctx, func(tx *sql.Tx) error {
		upsert, find := tx.StmtContext(ctx, s.save.upsert), tx.StmtContext(ctx, s.save.find)
		for i, r := range batch {
			result, err := upsert.ExecContext(ctx, r.Site, r.Survey, r.At.UnixMilli(), r.ID, r.Version, r.Seq,
				slices.Index(survey.States, r.State), slices.Index(survey.Classes, r.Class), r.Channel,
				millis(r.DismissedAt), orNull(r.Visitor), orNull(r.User), string(r.Answers), string(r.Context))
			if err != nil {
				return err
			}
			if n, err := result.RowsAffected(); err != nil {
				return err
			} else if n == 0 {
				// A repeat, or an id that was used for something else.
				var id string
				var version int
				if err := find.QueryRowContext(ctx, r.Site, r.ID).Scan(&id, &version); err != nil {
					return err
				}
				if id != r.Survey || version != r.Version {
					errs[i] = survey.Errorf(survey.Conflict, "this id belongs to a response to version %d of survey %q", version, id)
				}
			}
		}
		return nil
	})
	if err != nil {
		for i := range errs {
			errs[i] = err
		}
	}
	return errs
}

// Responses returns a survey's responses, newest first, from a cursor on ("" for the start), with
// the cursor of the next page, "" where there is none.
func (s *Store) Responses(ctx context.Context, site, surveyID, cursor string, limit int) ([]Response, string, error) {
	at, id, err := parseCursor(cursor)
	if err != nil {
		return nil, "", err
	}
	rows, err := s.read.QueryContext(ctx, `SELECT at, id, version, seq, state, class, channel, dismissed_at, visitor, user_id, answers, context
		FROM responses WHERE site_id = $1 AND survey_id = $2 AND (at, id) < ($3, $4)
		ORDER BY at DESC, id DESC LIMIT $5`, site, surveyID, at, id, limit+1)
	if err != nil {
		return nil, "", err
	}
	defer rows.Close()
	responses := []Response{}
	for rows.Next() {
		r := Response{Site: site, Survey: surveyID}
		var at int64
		var state, class int
		var dismissed sql.NullInt64
		var visitor, user sql.NullString
		var answers, context string
		if err := rows.Scan(&at, &r.ID, &r.Version, &r.Seq, &state, &class, &r.Channel, &dismissed, &visitor, &user, &answers, &context); err != nil {
			return nil, "", err
		}
		r.At, r.State, r.Class = time.UnixMilli(at), survey.States[state], survey.Classes[class]
		if dismissed.Valid {
			t := time.UnixMilli(dismissed.Int64)
			r.DismissedAt = &t
		}
		r.Visitor, r.User = visitor.String, user.String
		r.Answers, r.Context = json.RawMessage(answers), json.RawMessage(context)
		responses = append(responses, r)
	}
	next := ""
	if len(responses) > limit {
		responses = responses[:limit]
		last := responses[limit-1]
		next = fmt.Sprintf("%d.%s", last.At.UnixMilli(), last.ID)
	}
	return responses, next, rows.Err()
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

// parseCursor reads "at.id"; the start of the list is after every response.
func parseCursor(cursor string) (at int64, id string, err error) {
	if cursor == "" {
		return 1<<63 - 1, "", nil
	}
	ms, id, ok := strings.Cut(cursor, ".")
	at, err = strconv.ParseInt(ms, 10, 64)
	if !ok || err != nil {
		return 0, "", &survey.Error{Code: survey.Invalid, Message: "the request is not valid",
			Problems: []survey.Problem{{Location: "query.cursor", Message: "is not a cursor that this list returned as next"}}}
	}
	return at, id, nil
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
