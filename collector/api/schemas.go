package api

import (
	"encoding/json"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/askwell/askwell/collector/catalog"
	"github.com/askwell/askwell/collector/survey"
)

func init() {
	huma.DefaultArrayNullable = false // huma's, for all of the process: not when a server starts, as another may be starting
}

// newRegistry holds the schemas of all wire types under a prefix. The domain's types know no huma,
// so those that the reflection cannot see through get their schema from an alias here.
func newRegistry(prefix string) huma.Registry {
	r := huma.NewMapRegistry(prefix, huma.DefaultSchemaNamer)
	r.RegisterTypeAlias(reflect.TypeFor[survey.Text](), reflect.TypeFor[textSchema]())
	r.RegisterTypeAlias(reflect.TypeFor[survey.Bound](), reflect.TypeFor[boundSchema]())
	r.RegisterTypeAlias(reflect.TypeFor[survey.Condition](), reflect.TypeFor[conditionSchema]())
	r.RegisterTypeAlias(reflect.TypeFor[survey.Questions](), reflect.TypeFor[questionsSchema]())
	r.RegisterTypeAlias(reflect.TypeFor[survey.Triggers](), reflect.TypeFor[triggersSchema]())
	r.RegisterTypeAlias(reflect.TypeFor[huma.ErrorModel](), reflect.TypeFor[problemSchema]())
	return r
}

// SurveySchema is the JSON Schema of survey and site files.
func SurveySchema() ([]byte, error) {
	r := newRegistry("#/$defs/")
	r.Schema(reflect.TypeFor[survey.Definition](), true, "")
	r.Schema(reflect.TypeFor[survey.Site](), true, "")
	// Only a site file lists the files of its surveys; in the API they are resources of their own.
	r.Schema(reflect.TypeFor[survey.SiteFile](), true, "")
	delete(r.Map()["Condition"].Extensions, patterns) // each mistake would be told twice
	return json.MarshalIndent(map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"title":   "Askwell survey and site files",
		"oneOf":   []any{map[string]any{"$ref": "#/$defs/Definition"}, map[string]any{"$ref": "#/$defs/SiteFile"}},
		"$defs":   r.Map(),
	}, "", "  ")
}

// textSchema describes survey.Text.
type textSchema struct{}

func (textSchema) Schema(r huma.Registry) *huma.Schema {
	return named(r, "Text", func() *huma.Schema {
		return &huma.Schema{
			Description: "One string for every language, or a string by language",
			OneOf: []*huma.Schema{
				{Type: huma.TypeString},
				{Type: huma.TypeObject, AdditionalProperties: &huma.Schema{Type: huma.TypeString}},
			},
		}
	})
}

// boundSchema describes survey.Bound.
type boundSchema struct{}

func (boundSchema) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{
		Description: "A number, or for dates a day: YYYY-MM-DD",
		OneOf:       []*huma.Schema{{Type: huma.TypeNumber}, {Type: huma.TypeString}},
	}
}

const patterns = "patternProperties" // huma has no field for it

// conditionSchema describes survey.Condition.
type conditionSchema struct{}

func (conditionSchema) Schema(r huma.Registry) *huma.Schema {
	const name = "Condition"
	one := 1 // an empty condition says nothing, an empty list never or always
	test := r.Schema(reflect.TypeFor[survey.Test](), true, "")
	byName := &huma.Schema{Type: huma.TypeObject, AdditionalProperties: test, MinProperties: &one}
	list := &huma.Schema{Type: huma.TypeArray, Items: refTo(r, name), MinItems: &one}
	described := func(s huma.Schema, as string) *huma.Schema {
		s.Description = as
		return &s
	}
	return named(r, name, func() *huma.Schema {
		return &huma.Schema{
			Type:        huma.TypeObject,
			Description: "Tests by question id, or by a part of its answer ({question}.{row} of a matrix, {question}.{field} of a contact, {question}.other), and of what is known of the moment: trait, hidden, trigger (its type), language. All must hold; all, any and not combine conditions",
			Properties: map[string]*huma.Schema{
				"all":      list,
				"any":      list,
				"not":      refTo(r, name),
				"trait":    described(*byName, "Tests by name, over what identify() was told of the user"),
				"hidden":   described(*byName, "Tests by name, over what the page passed with show()"),
				"trigger":  test,
				"language": test,
			},
			MinProperties:        &one,
			AdditionalProperties: test,
			// The same again: TypeScript wants each property to fit the type of all that have no name.
			Extensions: map[string]any{patterns: map[string]*huma.Schema{
				"^(all|any)$": list, "^not$": refTo(r, name), "^(trait|hidden)$": byName,
			}},
		}
	})
}

type questionsSchema struct{}

func (questionsSchema) Schema(r huma.Registry) *huma.Schema {
	return union(r, "Question", survey.QuestionTypes)
}

type triggersSchema struct{}

func (triggersSchema) Schema(r huma.Registry) *huma.Schema {
	return union(r, "Trigger", survey.TriggerTypes)
}

// union is a list whose items are told apart by their "type".
func union[T any](r huma.Registry, name string, types map[string]func() T) *huma.Schema {
	return &huma.Schema{Type: huma.TypeArray, Items: named(r, name, func() *huma.Schema {
		one := &huma.Schema{Discriminator: &huma.Discriminator{PropertyName: "type", Mapping: map[string]string{}}}
		for _, wire := range survey.TypeNames(types) {
			ref := r.Schema(reflect.TypeOf(types[wire]()), true, "")
			variant := r.SchemaFromRef(ref.Ref)
			variant.Properties["type"] = &huma.Schema{Type: huma.TypeString, Enum: []any{wire}}
			one.OneOf = append(one.OneOf, ref)
			one.Discriminator.Mapping[wire] = ref.Ref
		}
		return one
	})}
}

// named registers a schema by name, once, and returns a reference to it. The name is taken before
// the schema is made, so that it may refer to itself.
func named(r huma.Registry, name string, schema func() *huma.Schema) *huma.Schema {
	if _, ok := r.Map()[name]; !ok {
		r.Map()[name] = &huma.Schema{}
		r.Map()[name] = schema()
	}
	return refTo(r, name)
}

func refTo(r huma.Registry, name string) *huma.Schema {
	test := r.Schema(reflect.TypeFor[survey.Test](), true, "") // one that is in every document: its reference tells the prefix
	return &huma.Schema{Ref: strings.TrimSuffix(test.Ref, "Test") + name}
}

// pageTypes are what pages exchange with the collector. They belong to no operation of /v1, but the
// widget's TypeScript types are made from them too.
var pageTypes = []reflect.Type{
	reflect.TypeFor[catalog.Config](),
	reflect.TypeFor[catalog.Texts](),
	reflect.TypeFor[batch](),
	reflect.TypeFor[receipt](),
}
