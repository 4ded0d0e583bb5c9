package survey

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// SchemaJSON is the JSON Schema of survey and site files, written by `go run ./scripts/generate`.
//
//go:embed schema.json
var SchemaJSON []byte

var schemas = sync.OnceValue(func() map[string]*jsonschema.Schema {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(SchemaJSON))
	if err != nil {
		panic(err) // schema.json is embedded, and a test compiles it
	}
	for _, def := range doc.(map[string]any)["$defs"].(map[string]any) {
		byType(def.(map[string]any))
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		panic(err)
	}
	return map[string]*jsonschema.Schema{
		"Definition": c.MustCompile("schema.json#/$defs/Definition"),
		"Site":       c.MustCompile("schema.json#/$defs/Site"),
		"SiteFile":   c.MustCompile("schema.json#/$defs/SiteFile"),
	}
})

// byType makes a union that is told apart by "type" one that is checked against the type that is
// meant alone. As oneOf, a trigger is checked against all twenty types, each with the triggers in it:
// 20 × 20 × 20 times at a depth of three.
func byType(def map[string]any) {
	discriminator, ok := def["discriminator"].(map[string]any)
	if !ok {
		return
	}
	types := discriminator["mapping"].(map[string]any)
	var all, each []any
	for _, name := range slices.Sorted(maps.Keys(types)) {
		all = append(all, name)
		each = append(each, map[string]any{
			"if":   map[string]any{"required": []any{"type"}, "properties": map[string]any{"type": map[string]any{"const": name}}},
			"then": map[string]any{"$ref": types[name]},
		})
	}
	delete(def, "oneOf")
	def["type"], def["required"], def["allOf"] = "object", []any{"type"}, each
	def["properties"] = map[string]any{"type": map[string]any{"type": "string", "enum": all}}
}

// ParseDefinition reads a survey definition and checks all of it. The error is an *Error of code
// Malformed or Invalid, with every problem found.
func ParseDefinition(data []byte) (*Definition, error) {
	var d Definition
	if err := parse(data, "Definition", &d, d.check); err != nil {
		return nil, err
	}
	return &d, nil
}

// ParseSite reads a site and checks all of it.
func ParseSite(data []byte) (*Site, error) {
	var s Site
	return &s, parse(data, "Site", &s, s.checkRest)
}

// ParseSiteFile reads a site with the list of its files and checks all of it. Where it is not valid, the list
// may be there all the same.
func ParseSiteFile(data []byte) (*SiteFile, error) {
	var s SiteFile
	return &s, parse(data, "SiteFile", &s, s.checkRest)
}

var nouns = map[string]string{"Definition": "survey", "Site": "site", "SiteFile": "site"}

// parse reads data into what its schema describes, and reports what the schema and check find wrong. Where
// the schema finds something, check, which is told that, reports the rest, as far as it can be read.
func parse(data []byte, schema string, into any, check func(found []Problem) []Problem) error {
	// Numbers become float64, as in JavaScript: the validator cannot compare 1e10000000.
	var doc any
	if err := json.Unmarshal(data, &doc); err != nil {
		return Errorf(Malformed, "the body is not JSON: %v", err)
	}
	if deeper(doc, maxDepth) {
		return Errorf(Malformed, "the body is nested deeper than %d", maxDepth)
	}
	var problems []Problem
	if err := schemas()[schema].Validate(doc); err != nil {
		invalid, ok := err.(*jsonschema.ValidationError)
		if !ok {
			return err
		}
		problems = explain(invalid)
	}
	// Written anew: 5.0 and 5e0 are whole numbers to JSON Schema, but only 5 is one to Go.
	data, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err == nil {
		problems = append(problems, apartFrom(problems, check(problems))...)
	} else if problems == nil {
		return Errorf(Invalid, "%v", err)
	}
	if len(problems) == 0 {
		return nil
	}
	slices.SortStableFunc(problems, func(a, b Problem) int { return strings.Compare(a.Location, b.Location) })
	return &Error{Code: Invalid, Message: "the " + nouns[schema] + " is not valid", Problems: problems}
}

// apartFrom returns those problems that do not come of one that the schema found: of the same thing, or of
// something beside it, as a misspelt position takes the sense from the selector.
func apartFrom(found, problems []Problem) (apart []Problem) {
	for _, p := range problems {
		if !slices.ContainsFunc(found, func(f Problem) bool { return comesOf(p.Location, f.Location) }) {
			apart = append(apart, p)
		}
	}
	return apart
}

func comesOf(p, found string) bool {
	around := found
	if i := strings.LastIndex(found, "."); i >= 0 {
		around = found[:i]
	}
	return within(p, around) || within(found, p)
}

// within says whether a location is another, or lies in it.
func within(inner, outer string) bool {
	rest, ok := strings.CutPrefix(inner, outer)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// maxDepth is more than any rule allows; a union is read once more for each level above it.
const maxDepth = 64

func deeper(v any, than int) bool {
	again := func(v any) bool { return deeper(v, than-1) }
	switch v := v.(type) {
	case map[string]any:
		return than == 0 || slices.ContainsFunc(slices.Collect(maps.Values(v)), again)
	case []any:
		return than == 0 || slices.ContainsFunc(v, again)
	}
	return false
}

// explain turns the validator's tree of causes into problems that name what is wrong and what is allowed.
func explain(e *jsonschema.ValidationError) []Problem {
	at := location(e.InstanceLocation)
	problem := func(format string, args ...any) []Problem {
		return []Problem{{Location: at, Message: fmt.Sprintf(format, args...)}}
	}
	switch k := e.ErrorKind.(type) {
	case *kind.OneOf:
		return explainUnion(e)
	case *kind.AdditionalProperties:
		allowed := strings.Join(propertiesAt(e.SchemaURL), ", ")
		var problems []Problem
		for _, name := range k.Properties {
			problems = append(problems, Problem{Location: join(at, name), Message: "unknown field; allowed here: " + allowed})
		}
		return problems
	case *kind.Required:
		var problems []Problem
		for _, name := range k.Missing {
			problems = append(problems, Problem{Location: join(at, name), Message: "is required"})
		}
		return problems
	case *kind.Type:
		return problem("expected %s, not %s", strings.Join(k.Want, " or "), k.Got)
	case *kind.Enum:
		return problem("expected one of %s, not %s", quoteAll(k.Want), quoteAll([]any{k.Got}))
	case *kind.Pattern:
		if k.Want == slugPattern {
			return problem("%q is not an id: lower-case letters, digits, - and _, at most 63, the first a letter or digit", k.Got)
		}
		return problem("%q does not match %s", k.Got, k.Want)
	case *kind.Minimum:
		return problem("is %s, at least %s is allowed", decimal(k.Got), decimal(k.Want))
	case *kind.Maximum:
		return problem("is %s, at most %s is allowed", decimal(k.Got), decimal(k.Want))
	case *kind.MinLength:
		return problem("has %d characters, at least %d are needed", k.Got, k.Want)
	case *kind.MaxLength:
		return problem("has %d characters, at most %d are allowed", k.Got, k.Want)
	case *kind.ExclusiveMinimum:
		return problem("is %s, more than %s is allowed", decimal(k.Got), decimal(k.Want))
	case *kind.MaxProperties:
		return problem("has %d fields, at most %d are allowed", k.Got, k.Want)
	case *kind.MinProperties:
		return problem("is empty")
	case *kind.MinItems:
		return problem("has %d items, at least %d are needed", k.Got, k.Want)
	case *kind.UniqueItems:
		return problem("has the same at %d and %d", k.Duplicates[0], k.Duplicates[1])
	case *kind.MaxItems:
		return problem("has %d items, at most %d are allowed", k.Got, k.Want)
	}
	var problems []Problem
	for _, cause := range e.Causes {
		problems = append(problems, explain(cause)...)
	}
	if problems == nil {
		return problem("%s", strings.TrimSpace(e.Error()))
	}
	return problems
}

// explainUnion reports on a text, which is a string or a map: on what is wrong in the one that was
// meant, or what each expects.
func explainUnion(e *jsonschema.ValidationError) []Problem {
	var shapes []string
	var got any
	for _, branch := range e.Causes {
		fits := true
		walk(branch, func(leaf *jsonschema.ValidationError) {
			if k, ok := leaf.ErrorKind.(*kind.Type); ok && slices.Equal(leaf.InstanceLocation, e.InstanceLocation) {
				shapes, got, fits = append(shapes, strings.Join(k.Want, " or ")), k.Got, false
			}
		})
		if fits {
			return explain(branch)
		}
	}
	return []Problem{{location(e.InstanceLocation), fmt.Sprintf("expected %s, not %v", strings.Join(shapes, " or "), got)}}
}

func walk(e *jsonschema.ValidationError, visit func(*jsonschema.ValidationError)) {
	if len(e.Causes) == 0 {
		visit(e)
	}
	for _, cause := range e.Causes {
		walk(cause, visit)
	}
}

// propertiesAt lists the fields of the object schema at a URL such as schema.json#/$defs/Site.
func propertiesAt(url string) []string {
	_, pointer, _ := strings.Cut(url, "#/")
	var node any
	if json.Unmarshal(SchemaJSON, &node) != nil {
		return nil
	}
	for _, key := range strings.Split(pointer, "/") {
		object, _ := node.(map[string]any)
		node = object[key]
	}
	object, _ := node.(map[string]any)
	properties, _ := object["properties"].(map[string]any)
	return slices.Sorted(maps.Keys(properties))
}

// location writes a path as questions[1].show_if.nps.
func location(path []string) string {
	var b strings.Builder
	for _, key := range path {
		switch {
		case key != "" && strings.Trim(key, "0123456789") == "":
			b.WriteString("[" + key + "]")
		case b.Len() > 0:
			b.WriteString("." + key)
		default:
			b.WriteString(key)
		}
	}
	return b.String()
}

// decimal writes a number as its author does: 0.5, not 1/2.
func decimal(r *big.Rat) string {
	f, _ := r.Float64()
	return strconv.FormatFloat(f, 'g', -1, 64)
}

func quoteAll(values []any) string {
	quoted := make([]string, len(values))
	for i, v := range values {
		raw, _ := json.Marshal(v)
		quoted[i] = string(raw)
	}
	slices.Sort(quoted)
	return strings.Join(slices.Compact(quoted), ", ")
}
