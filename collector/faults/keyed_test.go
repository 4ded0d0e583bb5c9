//go:build linux

package faults

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

const (
	origin   = "https://shop.example"
	siteDoc  = `{"site": "shop", "name": "Shop", "origins": ["` + origin + `"]}`
	surveyID = "exit"
	surveyOf = "/v1/sites/shop/surveys/" + surveyID
	// The seq of a response is not in the API: its text answer says it.
	surveyDoc = `{"id": "exit", "name": "Exit", "languages": ["en"], "questions": [
		{"id": "nps", "type": "nps", "title": "How likely?"}, {"id": "why", "type": "text", "title": "Tell us"}]}`
)

// makeSite publishes the survey that tests answer.
func (p *program) makeSite() {
	p.t.Helper()
	p.keyed("PUT", "/v1/sites/shop", siteDoc)
	p.keyed("PUT", surveyOf, surveyDoc)
	p.keyed("POST", surveyOf+"/publish", "")
}

// newDatabase returns a database with the survey in it, which no program has open.
func newDatabase(t *testing.T) string {
	t.Helper()
	db := filepath.Join(t.TempDir(), "askwell.db")
	prepare(t, db)
	return db
}

func prepare(t *testing.T, db string) {
	t.Helper()
	p := start(t, db)
	p.makeSite()
	if code := p.stop(); code != 0 {
		t.Fatalf("exit code %d: %s", code, p.stderr)
	}
}

// keyed makes a request with the admin key that has to succeed.
func (p *program) keyed(method, path, body string) []byte {
	p.t.Helper()
	status, text, err := p.tryKeyed(method, path, body)
	if err != nil || status != http.StatusOK {
		p.t.Fatalf("%s %s: %d %v %s\n%s", method, path, status, err, text, p.stderr)
	}
	return text
}

func (p *program) tryKeyed(method, path, body string) (int, []byte, error) {
	req, err := http.NewRequest(method, p.url+path, strings.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Authorization", "Bearer "+adminKey)
	req.Header.Set("Content-Type", "application/json")
	req.Close = true // no connection outlives the program it was made to
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	return res.StatusCode, text, err
}

// stored is a response as the API lists it.
type stored struct {
	ID      string
	At      int64
	Class   string
	State   string
	Answers struct {
		NPS int
		Why string
	}
}

// responses reads all there are.
func (p *program) responses() []stored {
	p.t.Helper()
	var all []stored
	for cursor := ""; ; {
		var page struct {
			Items []stored
			Next  string
		}
		if err := json.Unmarshal(p.keyed("GET", surveyOf+"/responses?limit=1000&cursor="+cursor, ""), &page); err != nil {
			p.t.Fatal(err)
		}
		all = append(all, page.Items...)
		if cursor = page.Next; cursor == "" {
			return all
		}
	}
}

// answered is the n of the survey's score.
func (p *program) answered() int {
	p.t.Helper()
	var scores struct{ Total struct{ N int } }
	if err := json.Unmarshal(p.keyed("GET", surveyOf+"/scores?question=nps", ""), &scores); err != nil {
		p.t.Fatal(err)
	}
	return scores.Total.N
}

// metric adds up one metric of /metrics over its labels.
func (p *program) metric(name string) (sum float64) {
	p.t.Helper()
	lines := regexp.MustCompile(`(?m)^` + name + `(?:\{.*\})? (\S+)$`)
	for _, found := range lines.FindAllSubmatch(p.keyed("GET", "/metrics", ""), -1) {
		n, err := strconv.ParseFloat(string(found[1]), 64)
		if err != nil {
			p.t.Fatal(fmt.Errorf("%s: %w", name, err))
		}
		sum += n
	}
	return sum
}
