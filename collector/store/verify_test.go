package store

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/askwell/askwell/collector/survey"
)

func TestSoundDatabaseHasNoProblems(t *testing.T) {
	for name, running := range map[string]bool{"beside a running collector": true, "without one": false} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "askwell.db")
			s := openAt(t, path)
			fill(t, s, 300)
			if !running {
				s.Close()
			}
			var out strings.Builder
			if problems, err := Verify(t.Context(), path, &out, nil); problems != 0 || err != nil {
				t.Errorf("%d problems, %v", problems, err)
			}
			for _, want := range []string{"schema", "sites       1\n", "surveys     1\n", "versions    1\n", "responses   300\n"} {
				if !strings.Contains(out.String(), want) {
					t.Errorf("no %q in:\n%s", want, out.String())
				}
			}
		})
	}
}

func TestVerifyNamesWhatIsWrong(t *testing.T) {
	whole := filepath.Join(t.TempDir(), "whole.db")
	filled(t, whole, 3)
	indexSecond(t, whole)
	const two = "response shop/s/0197c5c0-0000-7000-8000-000000000002: "
	const one = "response shop/s/0197c5c0-0000-7000-8000-000000000001: "
	set := func(assignment string) string {
		return "UPDATE responses SET " + assignment + " WHERE id LIKE '%000001'"
	}
	for name, test := range map[string]struct{ change, want string }{
		"a site that does not parse":     {"UPDATE sites SET doc = '{\"site\": 7'", "site shop: the body is not JSON"},
		"a site that is not valid":       {"UPDATE sites SET doc = '{\"site\": \"shop\", \"name\": \"S\", \"origins\": [\"ftp://x\"]}'", "site shop: the site is not valid"},
		"a site under another's key":     {"UPDATE sites SET doc = replace(doc, '\"shop\"', '\"blog\"')", "site shop: its definition is of site blog"},
		"a survey of no site":            {"DELETE FROM sites", "survey shop/s: there is no site shop"},
		"a draft that is not valid":      {"UPDATE surveys SET draft = replace(draft, '\"nps\"', '\"stars\"')", "survey shop/s: draft: the survey is not valid; questions[0].type"},
		"a status that is none":          {"UPDATE surveys SET status = 'lively'", "survey shop/s: \"lively\" is no status"},
		"a draft that is live":           {"UPDATE surveys SET status = 'draft'", "survey shop/s: it is draft, and its live version is 1"},
		"a live version that is missing": {"UPDATE surveys SET live_version = 2", "survey shop/s: its live version 2 is missing"},
		"a version that does not parse":  {"UPDATE versions SET doc = 'null'", "version 1 of shop/s: "},
		"a version of another survey":    {"UPDATE versions SET doc = replace(doc, '\"id\":\"s\"', '\"id\":\"x\"')", "version 1 of shop/s: its definition is of survey x"},
		"a version of no survey":         {"INSERT INTO versions SELECT site_id, 'x', version, replace(doc, '\"id\":\"s\"', '\"id\":\"x\"'), hash, published_at FROM versions", "version 1 of shop/x: there is no such survey"},
		"a response to no version":       {set("version = 7"), one + "there is no version 7 of that survey"},
		"a response to no survey":        {set("survey_id = 'x'"), "response shop/x/0197c5c0-0000-7000-8000-000000000001: there is no version 1 of that survey"},
		"a state that is none":           {set("state = 3"), one + "3 is no state"},
		"a class that is none":           {set("class = -1"), one + "-1 is no class"},
		"a seq that is none":             {set("seq = 0"), one + "seq: "},
		"a birth that is none":           {set("at = 0"), one + "at: "},
		"an id that is no UUID of version 7": {set("id = '0197c5c0-0000-4000-8000-000000000001'"),
			"response shop/s/0197c5c0-0000-4000-8000-000000000001: id: "},
		"words that are not indexed":          {"DELETE FROM to_index WHERE id LIKE '%000001'", one + "its words are not indexed, and not on the list"},
		"words that are indexed as they were": {"UPDATE indexed SET seq = 7 WHERE id LIKE '%000002'", two + "its words are indexed as of seq 7"},
		"words that are not said any more":    {"UPDATE responses SET answers = '{}' WHERE id LIKE '%000002'", two + "it has no words, and is indexed"},
		"words of a response that is not there": {"INSERT INTO indexed SELECT doc + 1, site_id, survey_id, at, '0197c5c0-0000-7000-8000-000000000007', seq FROM indexed",
			"response shop/s/0197c5c0-0000-7000-8000-000000000007: a response that is not there is indexed"},
		"a place without words":                     {"DELETE FROM search", two + "it is indexed without words"},
		"words without a place":                     {"INSERT INTO search(rowid, words) VALUES(7, 'x')", "response (none, row 7): there are words of no response"},
		"an entry on the list of what is not there": {"INSERT INTO to_index VALUES('shop', 's', 1, 'x')", "response shop/s/x: it is on the list"},
		"an index that lacks words":                 {"DELETE FROM search_data WHERE id > 10", "file: fts5: corruption found"},
		"answers that are not JSON":                 {set("answers = '{\"nps\":'"), one + "answers: "},
		"answers that are no object":                {set("answers = 'null'"), one + "answers: is not a JSON object"},
		"an answer outside its scale":               {set("answers = '{\"nps\":11}'"), one + "answers.nps: "},
		"an answer to no question":                  {set("answers = '{\"what\":1}'"), one + "answers.what: is not a question of version 1"},
		"a context that is no object":               {set("context = '[]'"), one + "context: is not a JSON object"},
		"a context of the wrong type":               {set("context = '{\"language\": 7}'"), one + "context: "},
		"a visitor's id of any length":              {set("visitor = printf('%70d', 1)"), one + "visitor: has 70 characters"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "askwell.db")
			copyFile(t, whole, path)
			change(t, path, test.change)
			before := must(os.ReadFile(path))
			var out strings.Builder
			problems, err := Verify(t.Context(), path, &out, nil)
			if problems == 0 || err != nil || !strings.Contains(out.String(), "problem     "+test.want) {
				t.Errorf("%d problems, %v, want %q in:\n%s", problems, err, test.want, out.String())
			}
			if !strings.Contains(out.String(), "responses   3\n") {
				t.Errorf("it stopped half-way:\n%s", out.String())
			}
			if !bytes.Equal(before, must(os.ReadFile(path))) {
				t.Error("it changed the file")
			}
		})
	}
}

func TestVerifyNamesDamage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "askwell.db")
	filled(t, path, 300)
	data := must(os.ReadFile(path))
	copy(data[len(data)/2/4096*4096:], strings.Repeat("x", 4096))
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	problems, err := Verify(t.Context(), path, &out, nil)
	if problems == 0 || err != nil || !strings.Contains(out.String(), "problem     file: ") || !strings.Contains(out.String(), "versions    1\n") {
		t.Errorf("%d problems, %v:\n%s", problems, err, out.String())
	}
	if err := os.WriteFile(path, []byte("this is not a database at all"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = Verify(t.Context(), path, &out, nil)
	wantOneLine(t, err, "verify "+path, "it is damaged (file is not a database")
}

func TestVerifyWritesTwentyProblemsAndCountsTheRest(t *testing.T) {
	path := filepath.Join(t.TempDir(), "askwell.db")
	filled(t, path, 50)
	change(t, path, "UPDATE responses SET state = 9")
	var out strings.Builder
	problems, err := Verify(t.Context(), path, &out, nil)
	if problems != 50 || err != nil || strings.Count(out.String(), "problem     ") != maxProblems+1 || !strings.Contains(out.String(), "problem     and 30 more\n") {
		t.Errorf("%d problems, %v:\n%s", problems, err, out.String())
	}
}

// A running collector publishes while Verify reads: what is new is not wrong.
func TestVersionPublishedMeanwhileIsNoProblem(t *testing.T) {
	path := filepath.Join(t.TempDir(), "askwell.db")
	s := openAt(t, path)
	fill(t, s, 5)
	db := must(openRead(path))
	defer db.Close()
	db.SetMaxOpenConns(2)
	var out strings.Builder
	v := &verification{db: db, path: path, page: 2, out: &out, versions: map[versionKey]*survey.Definition{}, missing: map[versionKey]bool{}, takers: map[surveyKey]int64{}}
	must(checkVersions(t.Context(), v))
	must(s.SaveDraft(t.Context(), "shop", definition(t, "s"), 2))
	must(s.Publish(t.Context(), "shop", "s", 0, now))
	save(t, s, response("shop", "s", 100, func(r *Response) { r.Version = 2 }))
	if looked := must(checkResponses(t.Context(), v)); looked != "6" || v.found != 0 {
		t.Errorf("looked at %s of 6 responses: %s", looked, out.String())
	}
}

// indexSecond indexes the second of three responses, and leaves the others on the list.
func indexSecond(t *testing.T, path string) {
	t.Helper()
	s := must(Open(t.Context(), path))
	defer s.Close()
	change(t, path, "CREATE TABLE kept AS SELECT * FROM to_index WHERE id NOT LIKE '%000002'", "DELETE FROM to_index WHERE id NOT LIKE '%000002'")
	must(s.IndexSome(t.Context(), 10))
	change(t, path, "INSERT INTO to_index SELECT * FROM kept", "DROP TABLE kept")
}
