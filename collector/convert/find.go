package convert

import (
	"fmt"
	"strings"

	"github.com/dustin/go-humanize/english"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// finder looks for the surveys of an export.
type finder struct {
	isSurvey func(value) bool
	inside   []string // the keys that surveys are found behind
	surveys  []source
	warnings []Warning
	pages    pages
}

// pages are what the answers in an export say of themselves: of many surveys each has only some.
type pages struct {
	held, all int
	last      value // where the last answer is
	more      bool  // it names a next one
}

// look says whether there is a survey in a value, or a list of whatever; of what is in a list and is no survey it warns.
func (f *finder) look(at value, from source) bool {
	if at.isList() {
		for _, item := range at.items() {
			if !f.look(item, from) {
				f.warn(item, "is no survey: it has no list of questions; it is left out")
			}
		}
		return true
	}
	if !at.isObject() || len(f.surveys) > maxSurveys {
		return at.isObject()
	}
	from.readBeside(at)
	if f.isSurvey(at) {
		from.survey = at
		f.surveys = append(f.surveys, from)
		return true
	}
	f.pages.read(at)
	is := false
	for _, key := range f.inside {
		is = f.look(at.get(key), from) || is
	}
	return is
}

func (f *finder) warn(at value, format string, args ...any) {
	if len(f.warnings) < maxWarnings {
		f.warnings = append(f.warnings, Warning{at.path, oneLine(fmt.Sprintf(format, args...))})
	}
}

// read reads an answer of PostHog's API: 100 surveys, where the request does not say more.
func (p *pages) read(at value) {
	results := at.get("results")
	if !results.isList() {
		return
	}
	p.last, p.held, p.more = at, p.held+len(results.items()), at.get("next").text() != ""
	if all, is := at.get("count").whole(0, 1<<31-1); is {
		p.all = max(p.all, all)
	}
}

// warnOfPages says which surveys are on other pages.
func (f *finder) warnOfPages() {
	how := fmt.Sprintf("ask PostHog's API with ?limit=%d (where there are still more, with &offset=%[1]d for a second file)", maxSurveys)
	switch p := f.pages; {
	case p.held < p.all:
		f.warn(p.last, "holds %d of %s, and the other %d are not converted: %s", p.held, english.Plural(p.all, "survey", ""), p.all-p.held, how)
	case p.more && p.all == 0:
		f.warn(p.last.get("next"), "there are more surveys on other pages, which are not converted: %s", how)
	}
}

// looksLike is the tool that a survey is of by how its questions are written, "" where that says nothing.
func looksLike(s value) string {
	if s.get("blocks").isList() {
		return "formbricks"
	}
	for _, q := range s.get("questions").items() {
		switch {
		case q.get("headline").there():
			return "formbricks"
		case q.get("question").there():
			return "posthog"
		}
	}
	return ""
}

// apiError is what an API says where it does not answer with surveys.
func apiError(at value) string {
	for _, said := range []value{at.get("detail"), at.get("message"), at.get("error").get("message"), at.get("error")} {
		if text := strings.TrimSpace(oneLine(said.text())); text != "" {
			return text
		}
	}
	return ""
}

// asUTF8 drops the mark that editors and shells on Windows write first, and reads the encoding that it names.
func asUTF8(export []byte) ([]byte, error) {
	out, _, err := transform.Bytes(unicode.BOMOverride(transform.Nop), export)
	return out, err
}
