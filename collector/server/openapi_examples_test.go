package server_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/askwell/askwell/collector/api"
	"github.com/askwell/askwell/collector/servertest"
)

// pairs are the values that no two runs have in common: as documented, and as they were this time.
type pairs map[string]string

// changing is what such values look like: ids, keys, secrets and signatures, names of files, cursors, tokens.
var changing = []*regexp.Regexp{
	regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$`),
	regexp.MustCompile(`^ask_[\w-]{43}$`),
	regexp.MustCompile(`^[\w-]{43}$`),
	regexp.MustCompile(`^[0-9a-f]{64}$`),
	regexp.MustCompile(`^[0-9a-f]{16}$`),
	regexp.MustCompile(`^W/"[\w-]{43}"$`),
	regexp.MustCompile(`^\d{13}\.[0-9a-f-]{36}$`),
	regexp.MustCompile(`^(askwell_preview=)?[\w-]+\.\d{13}\.[\w-]{43}$`),
	regexp.MustCompile(`^\d{13}$`), // a time that is not by the collector's clock: the audit log's
}

func changes(documented, actual string) bool {
	return slices.ContainsFunc(changing, func(p *regexp.Regexp) bool { return p.MatchString(documented) && p.MatchString(actual) })
}

// compare fails where a value is not the documented one, nor one of its kind that changes.
func (p pairs) compare(t *testing.T, at string, documented, actual any) {
	t.Helper()
	p.learn(documented, actual)
	if diff := cmp.Diff(documented, p.documented(actual)); diff != "" {
		t.Errorf("%s is not as documented: `go test ./collector/server -run Example -update` records it (-documented +actual):\n%s", at, diff)
	}
}

// learn notes the values that differ and may.
func (p pairs) learn(documented, actual any) {
	switch d := documented.(type) {
	case map[string]any:
		a, _ := actual.(map[string]any)
		for name := range d {
			p.learn(d[name], a[name])
		}
	case []any:
		a, _ := actual.([]any)
		for i := range min(len(d), len(a)) {
			p.learn(d[i], a[i])
		}
	case json.Number:
		p.note(d.String(), fmt.Sprint(actual))
	case string:
		a, _ := actual.(string)
		p.note(d, a)
	}
}

// eventID is the id of an event: what is the survey's and the start's own, and a number.
var eventID = regexp.MustCompile(`(?m)^id: ([0-9a-f]{16})\.`)

// learnStamps notes the first parts of a stream's ids.
func (p pairs) learnStamps(documented, actual string) {
	d, a := eventID.FindAllStringSubmatch(documented, -1), eventID.FindAllStringSubmatch(actual, -1)
	for i := range min(len(d), len(a)) {
		p.note(d[i][1], a[i][1])
	}
}

func (p pairs) note(documented, actual string) {
	if documented != actual && changes(documented, actual) {
		p[documented] = actual
		if len(documented) == 64 { // a site's secret: what is signed with it changes too
			p[signed(documented)] = signed(actual)
		}
	}
}

// signed is the signature of the user that the examples speak of.
func signed(secret string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("u-42"))
	return hex.EncodeToString(mac.Sum(nil))
}

// documented puts the documented values back into an answer.
func (p pairs) documented(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name := range v {
			v[name] = p.documented(v[name])
		}
	case []any:
		for i := range v {
			v[i] = p.documented(v[i])
		}
	case json.Number:
		return json.Number(p.inDocs(v.String()))
	case string:
		return p.inDocs(v)
	}
	return v
}

func (p pairs) inDocs(text string) string { return p.replace(text, false) }
func (p pairs) actual(text string) string { return p.replace(text, true) }

func (p pairs) replace(text string, toActual bool) string {
	for documented, actual := range p {
		if !toActual {
			documented, actual = actual, documented
		}
		text = strings.ReplaceAll(text, documented, actual)
	}
	return text
}

func decode(t *testing.T, body []byte) any {
	t.Helper()
	var v any
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	return v
}

// record takes an answer over into an example. Values that change stay as they are documented.
func record(e *api.Example, r servertest.Reply, seen pairs) {
	headers := map[string]string{}
	for _, name := range []string{"Content-Type", "ETag", "Cache-Control", "Retry-After", "WWW-Authenticate", "Content-Disposition"} {
		if value := r.Header.Get(name); value != "" && r.Status != http.StatusNoContent {
			seen.learn(e.Answer.Headers[name], value)
			headers[name] = seen.inDocs(value)
		}
	}
	documented := e.Answer
	e.Answer = api.ExampleAnswer{Status: r.Status, Headers: headers}
	const longest = 20_000
	switch mediaType := r.Header.Get("Content-Type"); {
	case strings.HasSuffix(mediaType, "json") && mediaType != "application/x-ndjson" && len(r.Text) < longest:
		var was, is any
		json.Unmarshal(documented.Body, &was)
		json.Unmarshal([]byte(r.Text), &is)
		seen.learn(numbers(was), numbers(is))
		e.Answer.Body = json.RawMessage(seen.inDocs(r.Text))
	case mediaType == "text/plain; charset=UTF-8", strings.HasPrefix(mediaType, "text/csv"), mediaType == "application/x-ndjson":
		e.Answer.Text = r.Text
	case mediaType == "text/event-stream":
		seen.learnStamps(documented.Text, r.Text)
		e.Answer.Text = seen.inDocs(r.Text)
	}
}

// numbers writes whole numbers as they are on the wire.
func numbers(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name := range v {
			v[name] = numbers(v[name])
		}
	case []any:
		for i := range v {
			v[i] = numbers(v[i])
		}
	case float64:
		return json.Number(strconv.FormatFloat(v, 'f', -1, 64))
	}
	return v
}

func write(t *testing.T, file string, examples []api.Example) {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(examples); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
