package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/askwell/askwell/collector/survey"
)

// checks are what Verify looks at, in this order. Each says what it looked at, reports problems as
// it finds them, and fails where it could not look.
var checks = []struct {
	name string
	look func(context.Context, *verification) (string, error)
}{
	{"file", checkPages},
	{"references", checkReferences},
	{"sites", checkSites},
	{"surveys", checkSurveys},
	{"versions", checkVersions},
	{"responses", checkResponses},
	{"search", checkSearch},
	{"quotas", checkQuotas}, // after the responses that it was counted from
	{"segments", checkSegments},
}

const maxProblems = 20 // that are written; more are only counted

// A reading keeps the log of a running collector from beginning anew. So responses are read in
// pieces of some 100 ms, with a pause in which the collector commits at least once.
const (
	verifyPage  = 5000
	verifyPause = 10 * time.Millisecond
)

// verification is one run of the checks.
type verification struct {
	db     *sql.DB
	path   string
	page   int
	out    io.Writer
	differ Differ
	found  int
	// versions are the published definitions, nil for one that is not valid: that was reported.
	versions map[versionKey]*survey.Definition
	missing  map[versionKey]bool // that responses refer to
	takers   map[surveyKey]int64 // responses that take of a quota
	search   bool                // it has one
}

type versionKey struct {
	site, survey string
	version      int
}

// problem reports one thing that is wrong.
func (v *verification) problem(format string, args ...any) {
	if v.found++; v.found <= maxProblems {
		fmt.Fprintf(v.out, "problem     %s\n", oneLine(fmt.Sprintf(format, args...)))
	}
}

// Verify reads a whole database, in use or not, and writes what it looked at and every problem it
// found, a line each. 1,000,000 responses take 20 to 28 s of one core, and 33 MB.
func Verify(ctx context.Context, path string, out io.Writer, differ Differ) (problems int, err error) {
	problems, err = verify(ctx, path, out, differ, migrations)
	return problems, wrap("verify", path, err)
}

func verify(ctx context.Context, path string, out io.Writer, differ Differ, files fs.FS) (int, error) {
	db, err := openRead(path)
	if err != nil {
		return 0, err
	}
	defer db.Close()
	db.SetMaxOpenConns(2) // see version
	p, err := plan(ctx, db, files)
	if err != nil {
		return 0, err
	}
	if p.Schema == 0 {
		return 0, errors.New("it is empty: there is nothing of askwell in it")
	}
	note := ""
	if len(p.Pending) > 0 {
		note = fmt.Sprintf("; the next start migrates it to %d", p.Knows)
	}
	fmt.Fprintf(out, "%-10s  %d%s\n", "schema", p.Schema, note)
	v := &verification{db: db, path: path, page: verifyPage, out: out, differ: differ,
		versions: map[versionKey]*survey.Definition{}, missing: map[versionKey]bool{}, takers: map[surveyKey]int64{}}
	return v.run(ctx)
}

func (v *verification) run(ctx context.Context) (int, error) {
	for _, c := range checks {
		looked, err := c.look(ctx, v)
		if explained := explain(v.path, err); errors.Is(explained, errDamaged) {
			v.problem("%s: %v", c.name, explained) // and the others may still read something
			continue
		}
		if err != nil {
			return v.found, err
		}
		fmt.Fprintf(v.out, "%-10s  %s\n", c.name, looked)
	}
	if more := v.found - maxProblems; more > 0 {
		fmt.Fprintf(v.out, "problem     and %d more\n", more)
	}
	return v.found, nil
}

func checkPages(ctx context.Context, v *verification) (string, error) {
	found, err := stringsOf(ctx, v.db, "PRAGMA integrity_check")
	if err != nil {
		return "", err
	}
	for _, line := range found {
		if line != "ok" {
			v.problem("file: %s", line)
		}
	}
	var bytes int64
	err = v.db.QueryRowContext(ctx, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").Scan(&bytes)
	return fmt.Sprintf("%d bytes, every page and index", bytes), err
}

func checkReferences(ctx context.Context, v *verification) (string, error) {
	found, err := stringsOf(ctx, v.db, `SELECT "table" || ' refers to nothing in ' || parent FROM pragma_foreign_key_check`)
	for _, line := range found {
		v.problem("references: a row of %s", line)
	}
	return "every foreign key", err
}

func checkSites(ctx context.Context, v *verification) (string, error) {
	n := 0
	err := each(ctx, v.db, func(scan func(...any) error) error {
		var id, doc string
		if err := scan(&id, &doc); err != nil {
			return err
		}
		n++
		if site, err := survey.ParseSite([]byte(doc)); err != nil {
			v.problem("site %s: %v", id, err)
		} else if site.ID != id {
			v.problem("site %s: its definition is of site %s", id, site.ID)
		}
		return nil
	}, "SELECT site_id, doc FROM sites ORDER BY site_id")
	return fmt.Sprint(n), err
}

func checkSurveys(ctx context.Context, v *verification) (string, error) {
	n := 0
	err := each(ctx, v.db, func(scan func(...any) error) error {
		var site, id, status, draft string
		var live int
		var hasSite, hasLive bool
		if err := scan(&site, &id, &status, &live, &draft, &hasSite, &hasLive); err != nil {
			return err
		}
		n++
		if !hasSite {
			v.problem("survey %s/%s: there is no site %s", site, id, site)
		}
		if !slices.Contains([]survey.Status{survey.Draft, survey.Live, survey.Paused, survey.Ended}, survey.Status(status)) {
			v.problem("survey %s/%s: %q is no status", site, id, status)
		}
		if never := survey.Status(status) == survey.Draft; never != (live == 0) {
			v.problem("survey %s/%s: it is %s, and its live version is %d", site, id, status, live)
		}
		if live != 0 && !hasLive {
			v.problem("survey %s/%s: its live version %d is missing", site, id, live)
		}
		v.definition(fmt.Sprintf("survey %s/%s: draft", site, id), id, draft)
		return nil
	}, `SELECT site_id, survey_id, status, live_version, draft,
			EXISTS (SELECT 1 FROM sites WHERE site_id = s.site_id),
			EXISTS (SELECT 1 FROM versions v WHERE v.site_id = s.site_id AND v.survey_id = s.survey_id AND v.version = s.live_version)
		FROM surveys s ORDER BY site_id, survey_id`)
	return fmt.Sprint(n), err
}

func checkVersions(ctx context.Context, v *verification) (string, error) {
	err := each(ctx, v.db, func(scan func(...any) error) error {
		var k versionKey
		var doc string
		var hasSurvey bool
		if err := scan(&k.site, &k.survey, &k.version, &doc, &hasSurvey); err != nil {
			return err
		}
		if !hasSurvey {
			v.problem("version %d of %s/%s: there is no such survey", k.version, k.site, k.survey)
		}
		if k.version < 1 {
			v.problem("version %d of %s/%s: versions count from 1", k.version, k.site, k.survey)
		}
		v.versions[k] = v.definition(fmt.Sprintf("version %d of %s/%s", k.version, k.site, k.survey), k.survey, doc)
		return nil
	}, `SELECT site_id, survey_id, version, doc,
			EXISTS (SELECT 1 FROM surveys s WHERE s.site_id = v.site_id AND s.survey_id = v.survey_id)
		FROM versions v ORDER BY site_id, survey_id, version`)
	return fmt.Sprint(len(v.versions)), err
}

// definition reads a stored definition, nil where it is not valid.
func (v *verification) definition(where, id, doc string) *survey.Definition {
	d, err := survey.ParseDefinition([]byte(doc))
	switch {
	case err != nil:
		v.problem("%s: %v", where, err)
		return nil
	case d.ID != id:
		v.problem("%s: its definition is of survey %s", where, d.ID)
	}
	return d
}

// checkResponses reads responses a page at a time in the order of their key, which never changes:
// memory stays small, and so does the log of a collector that writes meanwhile.
func checkResponses(ctx context.Context, v *verification) (string, error) {
	total := 0
	var last storedResponse
	var err error
	if v.search, err = hasTable(ctx, v.db, "search"); err != nil {
		return "", err
	}
	more := "0, true"
	if v.search {
		more = searchColumns
	}
	for {
		n := 0
		err := each(ctx, v.db, func(scan func(...any) error) error {
			n++
			if err := last.scan(scan); err != nil {
				return err
			}
			return v.response(ctx, &last)
		}, "SELECT site_id, survey_id, at, id, version, seq, state, class, COALESCE(visitor, ''), COALESCE(user_id, ''), answers, context, "+more+
			" FROM responses r WHERE (site_id, survey_id, at, id) > ($1, $2, $3, $4) ORDER BY site_id, survey_id, at, id LIMIT $5",
			last.site, last.Survey, last.ShownAt, last.ID, v.page)
		if err != nil {
			return "", err
		}
		if total += n; n < v.page {
			return fmt.Sprint(total), nil
		}
		time.Sleep(verifyPause)
	}
}

// storedResponse is a row as it was accepted: what the collector would say to it today is what
// Check says.
type storedResponse struct {
	survey.Response
	site             string
	state, class     int
	answers, context []byte
	indexed          int  // the seq whose words are
	toIndex          bool // it is still to be, or there is no index
}

func (r *storedResponse) scan(scan func(...any) error) error {
	*r = storedResponse{}
	return scan(&r.site, &r.Survey, &r.ShownAt, &r.ID, &r.Version, &r.Seq, &r.state, &r.class, &r.Visitor, &r.User, &r.answers, &r.context, &r.indexed, &r.toIndex)
}

func (v *verification) response(ctx context.Context, r *storedResponse) error {
	k := versionKey{r.site, r.Survey, r.Version}
	d, err := v.version(ctx, k)
	if err != nil {
		return err
	}
	if v.missing[k] {
		v.problem("response %s/%s/%s: there is no version %d of that survey", r.site, r.Survey, r.ID, r.Version)
	}
	if r.state == 2 && r.class == 0 {
		v.takers[surveyKey{r.site, r.Survey}]++
	}
	for _, problem := range r.problems(d) {
		v.problem("response %s/%s/%s: %s", r.site, r.Survey, r.ID, problem)
	}
	return nil
}

func (r *storedResponse) problems(d *survey.Definition) []string {
	var list []string
	add := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	if r.State = survey.Shown; r.state < 0 || r.state >= len(survey.States) {
		add("%d is no state", r.state)
	} else {
		r.State = survey.States[r.state]
	}
	if r.class < 0 || r.class >= len(survey.Classes) {
		add("%d is no class", r.class)
	}
	if err := object(r.answers, &r.Answers); err != nil {
		add("answers: %v", err)
	}
	var about Context
	if err := object(r.context, &about); err != nil {
		add("context: %v", err)
	}
	r.Language, r.Trigger, r.Page, r.Cart, r.Traits, r.Hidden = about.Language, about.Trigger, about.Page, about.Cart, about.Traits, about.Hidden
	if d == nil {
		return list
	}
	for _, p := range r.Check(d) {
		add("%s", strings.Replace(p.String(), "shown_at:", "at:", 1))
	}
	if wrong := r.searchProblem(d.Verbatims()); wrong != "" {
		add("%s", wrong)
	}
	return list
}

// version finds a published definition. One that was published since versions were read is read now,
// by a second connection, which sees it.
func (v *verification) version(ctx context.Context, k versionKey) (*survey.Definition, error) {
	if d, known := v.versions[k]; known || v.missing[k] {
		return d, nil
	}
	var doc string
	err := v.db.QueryRowContext(ctx, "SELECT doc FROM versions WHERE site_id = $1 AND survey_id = $2 AND version = $3", k.site, k.survey, k.version).Scan(&doc)
	if errors.Is(err, sql.ErrNoRows) {
		v.missing[k] = true
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	v.versions[k] = v.definition(fmt.Sprintf("version %d of %s/%s", k.version, k.site, k.survey), k.survey, doc)
	return v.versions[k], nil
}

// object decodes JSON that must be an object.
func object(data []byte, into any) error {
	if len(data) == 0 || data[0] != '{' {
		return errors.New("is not a JSON object")
	}
	return json.Unmarshal(data, into)
}

// each runs a query and hands over its rows one by one.
func each(ctx context.Context, db querier, row func(scan func(...any) error) error, query string, args ...any) error {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}
