package api

import (
	"fmt"
	"html/template"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// docsTypes shows schemas as tables, and keeps which of them were linked to.
type docsTypes struct {
	schemas huma.Registry
	linked  map[string]bool
}

// docsType is one schema of the document.
type docsType struct {
	Name, Description string
	Type              template.HTML // "" for an object, whose fields are Rows
	Rows              []docsRow
	Variants          []docsVariant
}

// docsRow is a field, a parameter or a header.
type docsRow struct {
	Name, In, Description string
	Required              bool
	Type                  template.HTML
	Rules                 []string
}

// docsVariant is one of the types that a union holds.
type docsVariant struct {
	Wire string
	Type template.HTML
}

// all are the types linked to, and those that they link to.
func (d *docsTypes) all() []docsType {
	done := map[string]docsType{}
	for len(done) < len(d.linked) {
		for name := range maps.Clone(d.linked) {
			if _, ok := done[name]; !ok {
				done[name] = d.newType(name, d.schemas.Map()[name])
			}
		}
	}
	return slices.SortedFunc(maps.Values(done), func(a, b docsType) int { return strings.Compare(a.Name, b.Name) })
}

func (d *docsTypes) newType(name string, s *huma.Schema) docsType {
	t := docsType{Name: name, Description: s.Description, Rows: d.rows(s)}
	switch {
	case s.Discriminator != nil:
		for _, wire := range slices.Sorted(maps.Keys(s.Discriminator.Mapping)) {
			t.Variants = append(t.Variants, docsVariant{wire, d.kind(&huma.Schema{Ref: s.Discriminator.Mapping[wire]})})
		}
	case t.Rows == nil:
		t.Type = d.kind(s)
	}
	return t
}

// bodies are the forms of a body. What is one operation's alone has its fields in place, and is not
// among the types; inPlace shows the fields of others too.
func (d *docsTypes) bodies(content map[string]*huma.MediaType, inPlace bool) []docsBody {
	var out []docsBody
	for _, mediaType := range slices.Sorted(maps.Keys(content)) {
		schema := content[mediaType].Schema
		body := docsBody{MediaType: mediaType}
		own := strings.HasSuffix(schema.Ref, "Body") // what huma calls the struct of one operation
		if !own {
			body.Type = d.kind(schema)
		}
		if schema.Ref != "" && (own || inPlace) {
			body.Rows = d.rows(d.schemas.SchemaFromRef(schema.Ref))
		}
		if schema.Description != "" {
			body.Type += template.HTML(". ") + inline(schema.Description)
		}
		out = append(out, body)
	}
	return out
}

// rows are the fields of an object, the required ones first; nil for all else.
func (d *docsTypes) rows(s *huma.Schema) []docsRow {
	if s.Type != huma.TypeObject {
		return nil
	}
	var rows []docsRow
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		rows = append(rows, d.row(name, s.Properties[name], slices.Contains(s.Required, name)))
	}
	slices.SortStableFunc(rows, func(a, b docsRow) int {
		switch {
		case a.Required == b.Required:
			return 0
		case a.Required:
			return -1
		}
		return 1
	})
	if other, ok := s.AdditionalProperties.(*huma.Schema); ok && len(rows) > 0 {
		rows = append(rows, d.row("any other", other, false))
	}
	return rows
}

func (d *docsTypes) row(name string, s *huma.Schema, required bool) docsRow {
	return docsRow{Name: name, Description: s.Description, Required: required, Type: d.kind(s), Rules: rules(s)}
}

// link is a reference to a type further down the page.
func (d *docsTypes) link(name string) template.HTML {
	d.linked[name] = true
	name = template.HTMLEscapeString(name)
	return template.HTML(`<a href="#type-` + name + `">` + name + `</a>`)
}

// kind says in words what a value is.
func (d *docsTypes) kind(s *huma.Schema) template.HTML {
	var kind template.HTML
	switch {
	case s.Ref != "":
		kind = d.link(s.Ref[strings.LastIndex(s.Ref, "/")+1:])
	case len(s.Enum) > 0:
		kind = inline(list(s.Enum, "`%v`", " · "))
	case len(s.OneOf) > 0:
		for i, one := range s.OneOf {
			if i > 0 {
				kind += " or "
			}
			kind += d.kind(one)
		}
	case s.Type == huma.TypeArray:
		kind = "list of " + d.kind(s.Items)
	case s.Type == huma.TypeObject:
		kind = "object"
		if values, ok := s.AdditionalProperties.(*huma.Schema); ok {
			kind = "map to " + d.kind(values)
		}
	case s.Type == "":
		kind = "any value"
	default:
		kind = inline(s.Type)
	}
	if s.Nullable {
		kind += " or null"
	}
	return kind
}

// rules are what a value must keep to, in words.
func rules(s *huma.Schema) []string {
	var out []string
	add := func(has bool, format string, value any) {
		if has {
			out = append(out, fmt.Sprintf(format, value))
		}
	}
	if s.Minimum != nil {
		add(true, "from %v", *s.Minimum)
	}
	if s.Maximum != nil {
		add(true, "to %v", *s.Maximum)
	}
	if s.MinLength != nil {
		add(*s.MinLength > 1, "at least %d characters", *s.MinLength)
		add(*s.MinLength == 1, "%s", "not empty")
	}
	if s.MaxLength != nil {
		add(true, "at most %d characters", *s.MaxLength)
	}
	if s.MinItems != nil {
		add(true, "at least %d", *s.MinItems)
	}
	if s.MaxItems != nil {
		add(true, "at most %d", *s.MaxItems)
	}
	add(s.Pattern != "", "`%s`", s.Pattern)
	add(s.Default != nil, "default `%v`", reflect.Indirect(reflect.ValueOf(s.Default)))
	return out
}

func list(values []any, format, between string) string {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = fmt.Sprintf(format, v)
	}
	return strings.Join(words, between)
}
