// Package convert makes Askwell's survey files of the surveys that other tools export as JSON. What
// has no counterpart is said, with its place in the export and at its place in the file; what would
// show a survey to more people than before keeps it from showing at all, until somebody has looked.
package convert

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"github.com/askwell/askwell/collector/survey"
)

// Limits on what is read. Exports of surveys are some kilobytes each.
const (
	maxExport   = 4 << 20
	maxDepth    = 64
	maxItems    = 5000 // of a list
	maxSurveys  = 500
	maxAsked    = 500 // questions of a survey that are looked at, whether they become one or not
	maxWarnings = 500 // of a survey
)

// Warning says what was not carried over as it was.
type Warning struct {
	Path    string // in the export: $.data.questions[2].logic
	Message string
}

func (w Warning) String() string { return w.Path + ": " + w.Message }

// Survey is a survey that was converted.
type Survey struct {
	Definition *survey.Definition
	YAML       []byte // its file, with the warnings as comments
	Warnings   []Warning
}

// Result is what became of an export.
type Result struct {
	Surveys  []*Survey
	Warnings []Warning // of what no survey was made of
}

// Options of From.
type Options struct {
	Language string // of texts whose language the export does not say
}

// Tools are the tools whose exports can be read, by the name that From takes.
var Tools = map[string]string{"formbricks": "Formbricks", "posthog": "PostHog"}

// From reads the export of a tool. An error means that it is none.
func From(tool string, export []byte, opt Options) (*Result, error) {
	if len(export) > maxExport {
		return nil, fmt.Errorf("is larger than the %d MiB that are read: take fewer surveys at a time from the API, such as with ?limit=50&offset=0, and convert file after file", maxExport>>20)
	}
	if tag, err := language.Parse(opt.Language); err != nil || tag.String() != opt.Language {
		return nil, fmt.Errorf("%q is not a BCP 47 language tag, such as en, pl or zh-Hant", opt.Language)
	}
	plain, err := asUTF8(export)
	if err != nil {
		return nil, fmt.Errorf("is not text: %w", err)
	}
	var root any
	if err := json.Unmarshal(plain, &root); err != nil {
		return nil, fmt.Errorf("is not JSON: %w", err)
	}
	if wrong := tooMuch(root, maxDepth); wrong != "" {
		return nil, errors.New(wrong)
	}
	found, err := find(tool, value{"$", root})
	if err != nil {
		return nil, err
	}
	convert := map[string]func(*builder, source){"formbricks": formbricks, "posthog": posthog}[tool]
	result, taken := &Result{Warnings: found.warnings}, names{}
	for _, from := range found.surveys {
		b := newBuilder(Tools[tool], from, opt.Language)
		convert(b, from)
		if len(b.d.Questions) == 0 {
			b.say("", from.survey, "no question is left, so no file is made of it")
			result.Warnings = append(result.Warnings, b.warnings...)
			continue
		}
		b.d.ID = taken.unique(cmp.Or(slug(b.d.Name, "-"), "survey"))
		one, err := b.finish()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", from.survey.path, err)
		}
		result.Surveys = append(result.Surveys, one)
	}
	return result, nil
}

// find finds the surveys of an export, or says why there is none to convert.
func find(tool string, root value) (*finder, error) {
	finders := map[string]*finder{"formbricks": formbricksFinder(), "posthog": posthogFinder()}
	found := finders[tool]
	if found == nil {
		return nil, fmt.Errorf("%q is not one of %s", tool, strings.Join(slices.Sorted(maps.Keys(Tools)), ", "))
	}
	seen := map[string]bool{} // tools that a survey looks like
	for _, f := range finders {
		f.look(root, source{})
		f.warnOfPages()
		for _, s := range f.surveys {
			seen[looksLike(s.survey)] = true
		}
	}
	for other := range finders {
		if other != tool && seen[other] && !seen[tool] {
			return nil, fmt.Errorf("looks like an export of %s, not of %s: say --from %s", Tools[other], Tools[tool], other)
		}
	}
	if n := len(found.surveys); n > maxSurveys {
		return nil, fmt.Errorf("holds more than %d surveys, which are the most that are read: take fewer at a time", maxSurveys)
	} else if n > 0 {
		return found, nil
	}
	if said := apiError(root); said != "" {
		return nil, fmt.Errorf("holds no survey of %s, but what its API answers where something is wrong: %q", Tools[tool], said)
	}
	return nil, fmt.Errorf("holds no survey of %s: expected an object with questions (of Formbricks also blocks), a list of them, or the answer of its API", Tools[tool])
}

// source is a survey of an export, and what the export says beside it.
type source struct {
	survey  value
	actions []value // of Formbricks: what triggers refer to
	project value   // of Formbricks: defaults of all its surveys
}

// readBeside reads what Formbricks says beside its surveys.
func (s *source) readBeside(at value) {
	for _, list := range []value{at.get("actionClasses"), at.get("references").get("actionClasses")} {
		s.actions = append(slices.Clip(s.actions), list.items()...)
	}
	for _, key := range []string{"project", "settings", "workspace"} {
		if p := at.get(key); p.isObject() {
			s.project = p
		}
	}
}

// builder makes a definition, and gathers what has to be said.
type builder struct {
	tool     string
	from     value // the survey
	d        *survey.Definition
	fallback string // language

	codes    map[string]string // of the export's languages, ours
	taken    names             // ids of questions
	sources  map[string]string // what texts may refer to, by the export's name: an earlier question, or hidden.NAME
	places   map[string]value  // where a question stands in the export, by id
	choiceOf map[string]string // what conditions of the export call a choice, behind the place of its question
	comments map[string][]string
	warnings []Warning
}

func newBuilder(tool string, from source, language string) *builder {
	return &builder{tool: tool, from: from.survey, d: &survey.Definition{}, fallback: language,
		codes: map[string]string{}, taken: reservedNames(), sources: map[string]string{}, places: map[string]value{},
		choiceOf: map[string]string{}, comments: map[string][]string{}}
}

// say warns of something in the export; place is where the file has a comment of it: the id of a
// question, a field of the survey, or "" for the file's head.
func (b *builder) say(place string, at value, format string, args ...any) {
	w := Warning{at.path, oneLine(fmt.Sprintf(format, args...))}
	if len(b.warnings) == maxWarnings || slices.Contains(b.warnings, w) {
		return
	}
	if len(b.warnings) == maxWarnings-1 {
		w = Warning{b.from.path, "and more"}
	}
	b.warnings = append(b.warnings, w)
	b.comments[place] = append(b.comments[place], w.String())
}

// quiet keeps the survey from showing: what it may not ask about would reach more people than before.
func (b *builder) quiet(at value, format string, args ...any) {
	b.d.DryRun = true
	b.say("dry_run", at, format+"; so dry_run shows it to nobody yet", args...)
}

// longest is as much of a value as a message has.
const longest = 200

// oneLine makes of a text what can stand in a comment and in a terminal.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(visible(s)), " ")
	if runes := []rune(s); len(runes) > 2*longest {
		s = string(runes[:2*longest]) + "…"
	}
	return s
}

// Read reads an export, but no more than From takes.
func Read(from io.Reader) ([]byte, error) { return io.ReadAll(io.LimitReader(from, maxExport+1)) }
