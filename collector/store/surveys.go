package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/askwell/askwell/collector/survey"
)

// Survey is a stored survey: its draft, and what is published of it.
type Survey struct {
	Status      survey.Status
	LiveVersion int // 0: never published
	Draft       *survey.Definition
	ETag        int64
}

// Version is one published, never changing version of a survey.
type Version struct {
	Survey      string
	Version     int
	Definition  *survey.Definition
	PublishedAt time.Time
}

const surveyColumns = "status, live_version, draft, etag"

// Surveys returns the surveys of a site, by id.
func (s *Store) Surveys(ctx context.Context, site string) ([]Survey, error) {
	rows, err := s.read.QueryContext(ctx, "SELECT "+surveyColumns+" FROM surveys WHERE site_id = $1 ORDER BY survey_id", site)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	surveys := []Survey{}
	for rows.Next() {
		survey, err := scanSurvey(rows)
		if err != nil {
			return nil, err
		}
		surveys = append(surveys, *survey)
	}
	return surveys, rows.Err()
}

// Survey returns one survey.
func (s *Store) Survey(ctx context.Context, site, id string) (*Survey, error) {
	return findSurvey(ctx, s.read, site, id)
}

// SaveDraft stores a definition as the draft. match is the etag of the survey it changes, 0 for a
// new one.
func (s *Store) SaveDraft(ctx context.Context, site string, d *survey.Definition, match int64) (*Survey, error) {
	doc, err := json.Marshal(d)
	if err != nil {
		return nil, err
	}
	var saved *Survey
	err = s.transact(ctx, func(tx *sql.Tx) error {
		if match == 0 {
			result, err := tx.ExecContext(ctx, `INSERT INTO surveys(site_id, survey_id, status, live_version, draft, etag)
				VALUES($1, $2, $3, 0, $4, 1) ON CONFLICT(site_id, survey_id) DO NOTHING`, site, d.ID, string(survey.Draft), string(doc))
			if err := changedOne(result, err, stale("survey", d.ID, match)); err != nil {
				return err
			}
		} else {
			result, err := tx.ExecContext(ctx, `UPDATE surveys SET draft = $3, etag = etag + 1
				WHERE site_id = $1 AND survey_id = $2 AND etag = $4`, site, d.ID, string(doc), match)
			if err := changedOne(result, err, stale("survey", d.ID, match)); err != nil {
				return err
			}
			if err := checkSuccessor(ctx, tx, site, d); err != nil {
				return err
			}
		}
		if err := audit(ctx, tx, site, "survey.draft", d.ID); err != nil {
			return err
		}
		saved, err = findSurvey(ctx, tx, site, d.ID)
		return err
	})
	return saved, err
}

// Publish makes the draft the live version: version n+1 where it differs from version n, else n
// again. match is the etag of the survey, 0 for any.
func (s *Store) Publish(ctx context.Context, site, id string, match int64, now time.Time) (*Survey, error) {
	var published *Survey
	err := s.transact(ctx, func(tx *sql.Tx) error {
		sv, err := findSurvey(ctx, tx, site, id)
		if err != nil {
			return err
		}
		if match != 0 && sv.ETag != match {
			return stale("survey", id, match)
		}
		version, hash := sv.LiveVersion, ""
		err = tx.QueryRowContext(ctx, "SELECT hash FROM versions WHERE site_id = $1 AND survey_id = $2 AND version = $3",
			site, id, sv.LiveVersion).Scan(&hash)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if draft := sv.Draft.Hash(); draft != hash {
			doc, err := json.Marshal(sv.Draft)
			if err != nil {
				return err
			}
			version++
			if _, err := tx.ExecContext(ctx, `INSERT INTO versions(site_id, survey_id, version, doc, hash, published_at)
				VALUES($1, $2, $3, $4, $5, $6)`, site, id, version, string(doc), draft, now.UnixMilli()); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, `UPDATE surveys SET status = $3, live_version = $4, etag = etag + 1
			WHERE site_id = $1 AND survey_id = $2`, site, id, string(survey.Live), version); err != nil {
			return err
		}
		if err := s.setQuota(ctx, tx, site, sv.Draft); err != nil {
			return err
		}
		if err := audit(ctx, tx, site, "survey.publish", fmt.Sprintf("%s version %d", id, version)); err != nil {
			return err
		}
		published, err = findSurvey(ctx, tx, site, id)
		return err
	})
	return published, err
}

// SetStatus pauses, ends or resumes a published survey.
func (s *Store) SetStatus(ctx context.Context, site, id string, status survey.Status) (*Survey, error) {
	var changed *Survey
	err := s.transact(ctx, func(tx *sql.Tx) error {
		sv, err := findSurvey(ctx, tx, site, id)
		if err != nil {
			return err
		}
		if sv.LiveVersion == 0 {
			return survey.Errorf(survey.Conflict, "the survey %q was never published; publish it first", id)
		}
		if _, err := tx.ExecContext(ctx, "UPDATE surveys SET status = $3, etag = etag + 1 WHERE site_id = $1 AND survey_id = $2",
			site, id, string(status)); err != nil {
			return err
		}
		if err := audit(ctx, tx, site, "survey.status", id+" "+string(status)); err != nil {
			return err
		}
		changed, err = findSurvey(ctx, tx, site, id)
		return err
	})
	return changed, err
}

// Versions returns every published version of every survey of a site: answers to any are accepted.
func (s *Store) Versions(ctx context.Context, site string) ([]Version, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT survey_id, version, doc, published_at FROM versions
		WHERE site_id = $1 ORDER BY survey_id, version`, site)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var versions []Version
	for rows.Next() {
		var v Version
		var doc string
		var at int64
		if err := rows.Scan(&v.Survey, &v.Version, &doc, &at); err != nil {
			return nil, err
		}
		v.PublishedAt = time.UnixMilli(at)
		if err := json.Unmarshal([]byte(doc), &v.Definition); err != nil {
			return nil, err
		}
		versions = append(versions, v)
	}
	return versions, rows.Err()
}

// Definitions returns the published versions of one survey, the newest first.
func (s *Store) Definitions(ctx context.Context, site, id string) ([]*survey.Definition, error) {
	return definitions(ctx, s.read, site, id)
}

// checkSuccessor refuses a draft that would change what published answers mean. Every version
// counts, not only the last: answers to each are in the scores.
func checkSuccessor(ctx context.Context, tx *sql.Tx, site string, d *survey.Definition) error {
	published, err := definitions(ctx, tx, site, d.ID)
	if err != nil {
		return err
	}
	for _, before := range published {
		if problems := d.CheckSuccessor(before); len(problems) > 0 {
			return &survey.Error{Code: survey.Invalid, Message: "the survey is not valid", Problems: problems}
		}
	}
	return nil
}

func definitions(ctx context.Context, db querier, site, id string) ([]*survey.Definition, error) {
	rows, err := db.QueryContext(ctx, "SELECT doc FROM versions WHERE site_id = $1 AND survey_id = $2 ORDER BY version DESC", site, id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []*survey.Definition
	for rows.Next() {
		var doc string
		d := &survey.Definition{}
		if err := rows.Scan(&doc); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(doc), d); err != nil {
			return nil, err
		}
		list = append(list, d)
	}
	return list, rows.Err()
}

// querier is a pool or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func findSurvey(ctx context.Context, db querier, site, id string) (*Survey, error) {
	sv, err := scanSurvey(db.QueryRowContext(ctx, "SELECT "+surveyColumns+" FROM surveys WHERE site_id = $1 AND survey_id = $2", site, id))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, survey.Errorf(survey.NotFound, "there is no survey %q on site %q", id, site)
	}
	return sv, err
}

func scanSurvey(row interface{ Scan(...any) error }) (*Survey, error) {
	var sv Survey
	var draft string
	if err := row.Scan(&sv.Status, &sv.LiveVersion, &draft, &sv.ETag); err != nil {
		return nil, err
	}
	return &sv, json.Unmarshal([]byte(draft), &sv.Draft)
}

// changedOne turns "no row matched" into the given error.
func changedOne(result sql.Result, err, none error) error {
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil {
		return err
	} else if n == 0 {
		return none
	}
	return nil
}
