package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"github.com/askwell/askwell/collector/survey"
)

// checkQuotas compares each quota with the live version that says it, and with the responses that
// were counted. What was erased stays taken: only too little is wrong. Each row is read in one
// statement, so that a collector that publishes and saves meanwhile changes nothing in between.
func checkQuotas(ctx context.Context, v *verification) (string, error) {
	var there bool
	if err := v.db.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'quotas')").Scan(&there); err != nil || !there {
		return "none: it is older than quotas", err
	}
	n := 0
	var doubtful []surveyKey
	err := each(ctx, v.db, func(scan func(...any) error) error {
		var k surveyKey
		var doc string
		var completed, taken sql.NullInt64
		if err := scan(&k.site, &k.survey, &doc, &completed, &taken); err != nil {
			return err
		}
		var d survey.Definition
		if json.Unmarshal([]byte(doc), &d) != nil {
			return nil // that was reported
		}
		want := sql.NullInt64{}
		if d.Quota != nil {
			want = sql.NullInt64{Int64: int64(d.Quota.Completed), Valid: true}
		}
		if completed != want {
			v.problem("survey %s/%s: its quota is kept as %d, and its live version says %d (0: none)", k.site, k.survey, completed.Int64, want.Int64)
		}
		if taken.Valid {
			if n++; taken.Int64 < v.takers[k] {
				doubtful = append(doubtful, k)
			}
		}
		return nil
	}, `SELECT s.site_id, s.survey_id, v.doc, q.completed, q.taken FROM surveys s
		JOIN versions v ON v.site_id = s.site_id AND v.survey_id = s.survey_id AND v.version = s.live_version
		LEFT JOIN quotas q ON q.site_id = s.site_id AND q.survey_id = s.survey_id ORDER BY s.site_id, s.survey_id`)
	// A response may have been taken back since it was counted: both at one moment, or not at all.
	for _, k := range doubtful {
		var taken, stored int64
		if err := v.db.QueryRowContext(ctx, "SELECT taken, ("+countTaken+") FROM quotas WHERE site_id = $1 AND survey_id = $2", k.site, k.survey).Scan(&taken, &stored); err != nil {
			return "", err
		}
		if taken < stored {
			v.problem("survey %s/%s: %d of its quota are taken, and %d responses that took of it are stored", k.site, k.survey, taken, stored)
		}
	}
	return fmt.Sprint(n), err
}
