package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/askwell/askwell/collector/survey"
)

// maxAsked bounds what one question reads: a thousand showings, newest first, are many years of them.
const maxAsked = 1000

const askedQuery = `SELECT survey_id, at, state, class, dismissed_at, answers <> '{}' FROM responses
	WHERE site_id = $1 AND user_id = $2 ORDER BY at DESC, id DESC LIMIT $3`

// Asked gathers how a user was asked before on a site, in any browser. What a person answered past a
// quota is in no score, but they were asked; tests and bots are nobody.
func (s *Store) Asked(ctx context.Context, site, user, surveyID string, now time.Time) (survey.Asked, error) {
	asked := survey.Asked{Survey: surveyID, Now: now.UnixMilli(), Answered: map[string]int64{}, Dismissed: map[string]int64{}, Shows: map[string]int{}}
	err := each(ctx, s.quick, func(scan func(...any) error) error {
		var id string
		var at int64
		var state, class int
		var dismissed sql.NullInt64
		var hasAnswers bool
		if err := scan(&id, &at, &state, &class, &dismissed, &hasAnswers); err != nil {
			return err
		}
		if class := survey.Classes[class]; class != survey.ClassLive && class != survey.ClassOverQuota {
			return nil
		}
		asked.Last = max(asked.Last, at)
		switch {
		case hasAnswers && survey.States[state] != survey.Shown:
			asked.Answered[id] = max(asked.Answered[id], at)
		case !hasAnswers:
			if asked.Answered[id] == 0 { // newest first: what was shown before an answer is over, as in the browser
				asked.Shows[id]++
			}
			if dismissed.Valid {
				asked.Dismissed[id] = max(asked.Dismissed[id], dismissed.Int64)
			}
		}
		return nil
	}, askedQuery, site, user, maxAsked)
	return asked, err
}
