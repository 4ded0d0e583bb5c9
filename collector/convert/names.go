package convert

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"

	"github.com/askwell/askwell/collector/words"
)

// names are the ids that are taken.
type names map[string]bool

// reservedNames have a meaning in conditions and jumps.
func reservedNames() names {
	taken := names{}
	for _, name := range []string{"all", "any", "not", "channel", "hidden", "language", "trait", "trigger", "user", "visitor", "end"} {
		taken[name] = true
	}
	return taken
}

// unique takes an id, or the first of its kind that is free.
func (n names) unique(id string) string {
	between := "-"
	if strings.Contains(id, "_") || !strings.Contains(id, "-") {
		between = "_"
	}
	free := id
	for i := 2; n[free]; i++ {
		free = id + between + strconv.Itoa(i)
	}
	n[free] = true
	return free
}

// longestSlug is as much of a text as its id has.
const longestSlug = 40

var notSlug = regexp.MustCompile(`[^a-z0-9_-]+`)

// slug makes an id of words, with something between them; "" of words that have no Latin letters.
func slug(text, between string) string {
	plain := strings.NewReplacer("'", "", "’", "").Replace(words.Fold(text))
	id := strings.Trim(notSlug.ReplaceAllString(plain, between), "-_")
	if len(id) > longestSlug { // not within a word, where it is not one long word
		id = id[:longestSlug]
		if cut := strings.LastIndex(id, between); cut > longestSlug/2 {
			id = id[:cut]
		}
	}
	return strings.TrimRight(id, "-_")
}

// generated are ids that no person chose: numbers, and the random ones of 20 characters and more.
var generated = regexp.MustCompile(`^([0-9]+|[a-z0-9]{20,}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$`)

// questionID keeps an id that a person chose, as far as ours allow, and makes another of what is asked.
func (b *builder) questionID(was, kind string) string {
	if generated.MatchString(was) {
		was = ""
	}
	return b.taken.unique(cmp.Or(slug(was, "_"), slug(kind, "_"), "question"))
}
