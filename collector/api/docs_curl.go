package api

import (
	"bytes"
	"encoding/json"
	"html/template"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// docsExample is an example as one can try it, and its answer.
type docsExample struct {
	Name, Summary string
	Curl          template.HTML
	Status        int
	Title         string
	Headers       []string
	Body          template.HTML
}

func docsExamples() map[string][]Example {
	out := map[string][]Example{}
	for _, e := range Examples() {
		out[e.Operation] = append(out[e.Operation], e)
	}
	return out
}

func newDocsExample(op *huma.Operation, e Example) docsExample {
	d := docsExample{Name: e.Name, Summary: e.Summary, Curl: colour(curl(op, e)), Status: e.Answer.Status, Title: http.StatusText(e.Answer.Status)}
	for _, name := range slices.Sorted(maps.Keys(e.Answer.Headers)) {
		d.Headers = append(d.Headers, name+": "+e.Answer.Headers[name])
	}
	d.Body = template.HTML(template.HTMLEscapeString(strings.TrimSpace(e.Answer.Text)))
	if e.Answer.Body != nil {
		d.Body = colour(indent(e.Answer.Body))
	}
	return d
}

// curl is an example as a line for a shell, which has the collector's address and a key in variables.
func curl(op *huma.Operation, e Example) string {
	line := "curl"
	if op.Method != http.MethodGet {
		line += " -X " + op.Method
	}
	parts := []string{line + ` "$ASKWELL` + e.Fill(op.Path) + `"`}
	if e.Key != "" {
		parts = append(parts, `-H "Authorization: Bearer $ASKWELL_KEY"`)
	}
	headers := maps.Clone(e.Headers)
	if e.Body != nil && headers["Content-Type"] == "" {
		parts = append(parts, "-H "+quote("Content-Type: application/json"))
	}
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		parts = append(parts, "-H "+quote(name+": "+headers[name]))
	}
	if e.Body != nil {
		parts = append(parts, "--data "+quote(indent(e.Body)))
	} else if e.Text != "" {
		parts = append(parts, "--data "+quote(e.Text))
	}
	return strings.Join(parts, " \\\n  ")
}

// quote is a word for a shell.
func quote(word string) string { return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'" }

func indent(body json.RawMessage) string {
	var b bytes.Buffer
	if err := json.Indent(&b, body, "", "  "); err != nil {
		panic(err) // it was decoded before
	}
	return b.String()
}

// jsonToken finds what JSON colours: a name, a string, or another value.
var jsonToken = regexp.MustCompile(`"(?:[^"\\\n]|\\.)*"(\s*:)?|\b(?:true|false|null)\b|-?\b\d+(?:\.\d+)?\b`)

// colour marks up names, strings and values in text that is mostly JSON.
func colour(text string) template.HTML {
	var out strings.Builder
	at := 0
	for _, m := range jsonToken.FindAllStringSubmatchIndex(text, -1) {
		class, end := "s", m[1]
		switch {
		case m[2] >= 0:
			class, end = "k", m[2]
		case text[m[0]] != '"':
			class = "n"
		}
		out.WriteString(template.HTMLEscapeString(text[at:m[0]]) + `<span class="` + class + `">` + template.HTMLEscapeString(text[m[0]:end]) + `</span>`)
		at = end
	}
	out.WriteString(template.HTMLEscapeString(text[at:]))
	return template.HTML(out.String())
}
