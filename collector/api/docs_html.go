package api

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"
)

// The docs are one page, made of the same document that programs read. It loads nothing: the style is
// in it, and its policy allows that style alone, by its hash.

var (
	//go:embed docs.css
	docsCSS string
	//go:embed docs.html
	docsHTML     string
	docsTemplate = template.Must(template.New("docs").Funcs(template.FuncMap{"prose": prose, "inline": inline}).Parse(docsHTML))
	docsStyle    = sha256.Sum256([]byte(docsCSS))
)

// docsPolicy widens the policy of everything served by the page's own style.
func docsPolicy(next echo.HandlerFunc) echo.HandlerFunc {
	policy := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(docsStyle[:]) +
		"'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
	return func(c echo.Context) error {
		c.Response().Header().Set("Content-Security-Policy", policy)
		return next(c)
	}
}

type docsData struct {
	Info                                 *huma.Info
	CSS                                  template.CSS
	Groups                               []docsGroup
	Errors                               []docsError
	Types                                []docsType
	MaxBody, MaxItems, MaxDepth, Shortly int
}

// docsGroup is the operations of a tag.
type docsGroup struct {
	Name, Description string
	Operations        []docsOperation
}

type docsOperation struct {
	ID, Method, Path, Summary, Description string
	Scope                                  string // "" where no key is needed
	Parameters                             []docsRow
	Bodies                                 []docsBody
	Answers                                []docsAnswer
	Errors                                 []docsError
	Examples                               []docsExample
}

// docsBody has a type, fields, or both.
type docsBody struct {
	MediaType string
	Type      template.HTML
	Rows      []docsRow
}

type docsAnswer struct {
	Status      string
	Description string
	Bodies      []docsBody
	Headers     []docsRow
}

type docsError struct {
	Code, URI, When string
	Status          int
	Title           string
}

func docsPage(doc *huma.OpenAPI) ([]byte, error) {
	d := docsData{Info: doc.Info, CSS: template.CSS(docsCSS), MaxBody: maxBody, MaxItems: maxItems, MaxDepth: maxDepth,
		Shortly: int(shortly.Seconds())}
	types := &docsTypes{schemas: doc.Components.Schemas, linked: map[string]bool{}}
	examples := docsExamples()
	for _, op := range operations(doc) {
		if n := len(d.Groups); n == 0 || d.Groups[n-1].Name != op.Tags[0] {
			tag := tags[slices.IndexFunc(tags, func(t *huma.Tag) bool { return t.Name == op.Tags[0] })]
			d.Groups = append(d.Groups, docsGroup{Name: tag.Name, Description: tag.Description})
		}
		group := &d.Groups[len(d.Groups)-1]
		group.Operations = append(group.Operations, newDocsOperation(types, op, examples[op.OperationID]))
	}
	for _, t := range errorTypes {
		d.Errors = append(d.Errors, newDocsError(t))
	}
	d.Types = types.all()
	var page bytes.Buffer
	err := docsTemplate.Execute(&page, d)
	return page.Bytes(), err
}

func newDocsOperation(types *docsTypes, op *huma.Operation, examples []Example) docsOperation {
	o := docsOperation{ID: op.OperationID, Method: op.Method, Path: op.Path, Summary: op.Summary, Description: op.Description}
	if len(op.Security) > 0 {
		o.Scope = op.Security[0]["key"][0]
	}
	for _, p := range op.Parameters {
		row := types.row(p.Name, p.Schema, p.Required)
		row.In, row.Description = p.In, p.Description
		o.Parameters = append(o.Parameters, row)
	}
	if op.RequestBody != nil {
		o.Bodies = types.bodies(op.RequestBody.Content, true)
	}
	for _, key := range slices.Sorted(maps.Keys(op.Responses)) {
		status, _ := strconv.Atoi(key)
		if i := slices.IndexFunc(errorTypes, func(t errorType) bool { return t.status == status }); i >= 0 {
			o.Errors = append(o.Errors, newDocsError(errorTypes[i]))
		} else {
			o.Answers = append(o.Answers, newDocsAnswer(types, key, op.Responses[key]))
		}
	}
	for _, e := range examples {
		o.Examples = append(o.Examples, newDocsExample(op, e))
	}
	return o
}

func newDocsAnswer(types *docsTypes, status string, r *huma.Response) docsAnswer {
	a := docsAnswer{Status: status, Description: r.Description, Bodies: types.bodies(r.Content, false)}
	for _, name := range slices.Sorted(maps.Keys(r.Headers)) {
		row := types.row(name, r.Headers[name].Schema, true)
		row.Description = r.Headers[name].Description
		a.Headers = append(a.Headers, row)
	}
	return a
}

func newDocsError(t errorType) docsError {
	return docsError{Code: string(t.code), URI: t.uri(), When: t.when, Status: t.status, Title: newProblem(t.code, "").Title}
}

// prose shows the little Markdown that descriptions have: paragraphs, lists, and code in backticks.
func prose(text string) template.HTML {
	var out strings.Builder
	for block := range strings.SplitSeq(text, "\n\n") {
		lines := strings.Split(strings.TrimPrefix(block, "- "), "\n- ")
		isList := strings.HasPrefix(block, "- ")
		tag := "p"
		if isList {
			tag = "li"
			out.WriteString("<ul>")
		}
		for _, line := range lines {
			out.WriteString("<" + tag + ">" + string(inline(line)) + "</" + tag + ">")
		}
		if isList {
			out.WriteString("</ul>")
		}
	}
	return template.HTML(out.String())
}

// inline escapes text, and shows what is in backticks as code.
func inline(text string) template.HTML {
	var out strings.Builder
	for i, part := range strings.Split(text, "`") {
		part = template.HTMLEscapeString(part)
		if i%2 == 1 {
			part = "<code>" + part + "</code>"
		}
		out.WriteString(part)
	}
	return template.HTML(out.String())
}
