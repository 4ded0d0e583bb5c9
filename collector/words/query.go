package words

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/askwell/askwell/collector/survey"
)

// How much one query may ask for. A word costs a reading of all places where it stands.
const (
	maxQuery   = 200 // characters
	maxPhrases = 20
	maxWords   = 200
)

// Phrase is words that stand one after another in one text.
type Phrase struct {
	Words  []string
	Prefix bool // the last one may go on
}

// Query is phrases that are all needed.
type Query []Phrase

// Parse reads what somebody types into a search: words that are all needed, "words in quotes" that
// stand together, a star behind the beginning of a word. Everything else means nothing but a gap.
func Parse(q string) (Query, error) {
	if n := utf8.RuneCountInString(q); n > maxQuery {
		return nil, invalid("has %d characters, at most %d are allowed", n, maxQuery)
	}
	if !utf8.ValidString(q) {
		return nil, invalid("is not UTF-8")
	}
	var query Query
	total := 0
	for _, text := range split(q) {
		p, ok := phrase(text)
		if !ok {
			continue
		}
		total += len(p.Words)
		if !slices.ContainsFunc(query, p.equal) {
			query = append(query, p)
		}
	}
	switch {
	case len(query) == 0:
		return nil, invalid("has no word to look for")
	case len(query) > maxPhrases:
		return nil, invalid("has %d words and phrases, at most %d are allowed", len(query), maxPhrases)
	case total > maxWords:
		return nil, invalid("has %d words, at most %d are allowed; in Chinese, Japanese, Korean and Thai each character counts as one", total, maxWords)
	}
	return query, nil
}

func invalid(format string, args ...any) error {
	return &survey.Error{Code: survey.Invalid, Message: "the request is not valid",
		Problems: []survey.Problem{{Location: "query.q", Message: fmt.Sprintf(format, args...)}}}
}

// quotes are what opens and closes a phrase: what keyboards have, and what phones and word processors
// make of it.
const quotes = "\"“”„«»「」『』＂"

// split parts a query at blanks, but not within quotes. A quote that nothing closes is a gap. A star
// behind the closing one belongs to the phrase.
func split(q string) (parts []string) {
	for q != "" {
		i := strings.IndexAny(q, quotes)
		if i < 0 {
			return append(parts, strings.Fields(q)...)
		}
		parts = append(parts, strings.Fields(q[:i])...)
		_, size := utf8.DecodeRuneInString(q[i:])
		q = q[i+size:]
		end := strings.IndexAny(q, quotes)
		if end < 0 {
			return append(parts, strings.Fields(q)...)
		}
		part := q[:end]
		_, size = utf8.DecodeRuneInString(q[end:])
		if q = q[end+size:]; strings.HasPrefix(q, "*") {
			part, q = part+"*", q[1:]
		}
		parts = append(parts, part)
	}
	return parts
}

// phrase reads one part; not ok where it has no word.
func phrase(text string) (p Phrase, ok bool) {
	pieces := cut(Fold(text))
	if len(pieces) == 0 {
		return Phrase{}, false
	}
	for i, one := range pieces {
		p.Words = one.appendTo(p.Words, i+1 == len(pieces))
	}
	last := pieces[len(pieces)-1]
	if last.run {
		p.Prefix = len(last.text) == 1 // with more, the last pair is whole
	} else {
		p.Prefix = strings.HasSuffix(strings.TrimRightFunc(text, unicode.IsSpace), "*")
	}
	return p, true
}

func (p Phrase) equal(other Phrase) bool {
	return p.Prefix == other.Prefix && slices.Equal(p.Words, other.Words)
}

// Match says whether texts, each as Words made it, have all that a query asks for, each phrase in
// whichever of them.
func (q Query) Match(texts ...[]string) bool {
	for _, p := range q {
		if !slices.ContainsFunc(texts, p.in) {
			return false
		}
	}
	return true
}

func (p Phrase) in(text []string) bool {
	last := len(p.Words) - 1
	for i := 0; i+last < len(text); i++ {
		if slices.Equal(text[i:i+last], p.Words[:last]) &&
			(text[i+last] == p.Words[last] || p.Prefix && strings.HasPrefix(text[i+last], p.Words[last])) {
			return true
		}
	}
	return false
}
