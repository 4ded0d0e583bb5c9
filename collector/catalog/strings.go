package catalog

import (
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"github.com/askwell/askwell/collector/survey"
)

// usual are the words for a tag that has none itself: those that most who write the tag would read.
// Nynorsk is not Bokmål, but its readers read that too; CLDR has Malaysia write zh-Hant, its schools do not.
var usual = map[string]string{"zh": "zh-Hans", "zh-MY": "zh-Hans", "pt": "pt-BR", "no": "nb", "nn": "nb"}

// strings finds the interface's words in a language: those of the tag, else of what CLDR takes it to be
// a kind of, else English. zh-TW is a kind of zh-Hant, pt-AO of pt-PT, and zh-Latn of nothing that has
// words: a tag never gets those of another script. Nor does it get those of a related language, as
// language.NewMatcher would have it (Finnish for et, Russian for hy).
func (s *Scripts) strings(tag string) ([]byte, error) {
	// All: iw is he by now, and cmn is zh.
	for t := language.All.Make(tag); t != language.Und; t = t.Parent() {
		name := t.String()
		if other, ok := usual[name]; ok {
			name = other
		}
		data, err := fs.ReadFile(s.dist, "strings/"+name+".json")
		if err == nil || !errors.Is(err, fs.ErrNotExist) {
			return data, err
		}
	}
	return fs.ReadFile(s.dist, "strings/en.json")
}

// lateStrings are the interface's words that a survey's parts say. A word that counts is one by plural category.
func (s *Scripts) lateStrings(tag string, said []string) (words map[string]survey.Text, err error) {
	data, err := s.strings(tag)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(data, &words); err != nil {
		return nil, err
	}
	maps.DeleteFunc(words, func(word string, _ survey.Text) bool { return !slices.Contains(said, word) })
	return words, nil
}

// leftwards are the scripts that are read from right to left.
var leftwards = []string{"Adlm", "Arab", "Hebr", "Mand", "Nkoo", "Rohg", "Syrc", "Thaa"}

// digits are those of languages that write others than 0 to 9, as Intl does (CLDR 48). By a table, as
// the first Intl.NumberFormat of a page takes some 15 ms, four times that on a phone.
var digits = func() map[string]string {
	const arabic, persian, bengali, devanagari = "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "০১২৩৪৫৬৭৮৯", "०१२३४५६७८९"
	all := map[string]string{"ckb": arabic, "sd": arabic, "fa": persian, "ps": persian,
		"as": bengali, "bn": bengali, "mr": devanagari, "ne": devanagari, "my": "၀၁၂၃၄၅၆၇၈၉"}
	// Arabic has them east of Libya, but for the Emirates; ar alone has 0 to 9.
	for place := range strings.FieldsSeq("BH DJ EG ER IL IQ JO KM KW LB MR OM PS QA SA SD SO SS SY TD YE") {
		all["ar-"+place] = arabic
	}
	return all
}()

// writing says how a language is written, where that is not from left to right and with the digits 0 to 9.
// Where the texts told it, a brand's name at the beginning would turn all of it around.
func writing(tag string) (dir, own string) {
	t := language.Make(tag)
	if script, _ := t.Script(); slices.Contains(leftwards, script.String()) {
		dir = "rtl"
	}
	for ; t != language.Und; t = t.Parent() {
		if own, ok := digits[t.String()]; ok {
			return dir, own
		}
	}
	return dir, ""
}

// traditional are the tags of places, without a script, where Chinese is written in traditional characters.
var traditional = []string{"zh-TW", "zh-HK", "zh-MO"}

// aliases are the tags of pages that a survey's languages go for beside their own and what is below them:
// pt for a survey in pt-BR, zh-TW for one in zh-Hant. A page only cuts its tag.
func aliases(languages []string) map[string]string {
	found := map[string]string{}
	add := func(alias, tag string) {
		if _, ok := found[alias]; !ok && !slices.Contains(languages, alias) {
			found[alias] = tag
		}
	}
	for _, tag := range languages {
		t := language.Make(tag)
		script, _ := t.Script()
		if script.String() == "Hant" {
			for _, place := range traditional {
				add(place, tag)
			}
		}
		// The script that most who write the tag mean: zh is zh-Hans, where a survey has both.
		base, _ := t.Base()
		if usual, _ := language.Make(base.String()).Script(); usual == script {
			add(base.String(), tag)
		}
	}
	for _, tag := range languages {
		base, _ := language.Make(tag).Base()
		add(base.String(), tag) // better another script than another language
	}
	return found
}
