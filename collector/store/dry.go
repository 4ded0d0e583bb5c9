package store

import (
	"context"
	"database/sql"
)

// DryRun is what would have shown a survey, on one day of the site.
type DryRun struct {
	Site, Survey string
	Day          string // 2026-11-22
	Trigger      string
}

// DayCount is how often a trigger would have shown a survey on a day.
type DayCount struct {
	Day     string
	Trigger string
	N       int
}

// AddDryRuns adds to what is counted.
func (s *Store) AddDryRuns(ctx context.Context, counts map[DryRun]int) error {
	return s.transact(ctx, func(tx *sql.Tx) error {
		for key, n := range counts {
			if _, err := tx.ExecContext(ctx, `INSERT INTO dry_runs(site_id, survey_id, day, trigger_id, n) VALUES($1, $2, $3, $4, $5)
				ON CONFLICT(site_id, survey_id, day, trigger_id) DO UPDATE SET n = dry_runs.n + excluded.n`,
				key.Site, key.Survey, key.Day, key.Trigger, n); err != nil {
				return err
			}
		}
		return nil
	})
}

// DryRuns returns what is counted of a survey on the days from one to another, by day and trigger.
func (s *Store) DryRuns(ctx context.Context, site, surveyID string, from, to string) ([]DayCount, error) {
	list := []DayCount{}
	err := each(ctx, s.read, func(scan func(...any) error) error {
		var c DayCount
		err := scan(&c.Day, &c.Trigger, &c.N)
		list = append(list, c)
		return err
	}, `SELECT day, trigger_id, n FROM dry_runs WHERE site_id = $1 AND survey_id = $2 AND day >= $3 AND day <= $4 ORDER BY day, trigger_id`,
		site, surveyID, from, to)
	return list, err
}
