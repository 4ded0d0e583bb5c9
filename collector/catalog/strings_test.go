package catalog

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/askwell/askwell/collector/survey"
)

// source has the interface's words as they are written, so it needs no build.
var source = os.DirFS("../../widget/src")

// TestLanguagesFindTheirWords has, by the file that they find, tags as they may stand in a definition.
func TestLanguagesFindTheirWords(t *testing.T) {
	for want, tags := range map[string]string{
		"zh-Hans": "zh zh-CN zh-SG zh-MY zh-Hans zh-Hans-CN zh-Hans-HK cmn",
		"zh-Hant": "zh-Hant zh-TW zh-HK zh-MO zh-Hant-TW zh-Hant-HK zh-Hant-MO zh-Hant-CN cmn-TW",
		"pt-BR":   "pt pt-BR",
		"pt-PT":   "pt-PT pt-AO pt-MZ pt-CV pt-CH",
		"nb":      "no no-NO nn nn-NO nb nb-NO",
		"he":      "he he-IL iw iw-IL",
		"id":      "id id-ID in in-ID",
		"de":      "de de-AT de-CH de-AT-1996 de-x-formal de-u-co-phonebk",
		"es":      "es es-ES es-419 es-MX",
		"fr":      "fr fr-CA fr-CH",
		"ar":      "ar ar-EG ar-SA arb",
		"fa":      "fa fa-AF pes",
		"ms":      "ms ms-SG zsm",
		"ro":      "ro ro-MD mo",
		"ru":      "ru ru-UA",
		"uk":      "uk uk-UA",
		"hi":      "hi hi-IN",
		"bn":      "bn bn-IN",
		"pl":      "pl pl-PL",
		"ja":      "ja ja-JP",
		"ko":      "ko ko-KR",
		"tr":      "tr tr-CY",
		"vi":      "vi vi-VN",
		"th":      "th th-TH",
		// No words in the language, or in its script: never those of a neighbour.
		"en": "en en-GB en-AU cy ca gl be kk hy et sr sr-Latn hr ur nan sw zh-Latn ms-Arab und x-klingon",
	} {
		words, err := fs.ReadFile(source, "strings/"+want+".json")
		if err != nil {
			t.Fatal(err)
		}
		for tag := range strings.FieldsSeq(tags) {
			if got, err := NewScripts(source).strings(tag); err != nil || !bytes.Equal(got, words) {
				t.Errorf("%s: %.40q (%v), want those of %s", tag, got, err, want)
			}
		}
	}
}

func TestEveryFileOfWordsIsFound(t *testing.T) {
	files, err := fs.Glob(source, "strings/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no words", err)
	}
	for _, file := range files {
		tag := strings.TrimSuffix(strings.TrimPrefix(file, "strings/"), ".json")
		want, err := fs.ReadFile(source, file)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := NewScripts(source).strings(tag); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s does not find the words in %s (%v)", tag, file, err)
		}
	}
}

func TestWordsThatCountAreSentByTheirForms(t *testing.T) {
	got, err := NewScripts(source).lateStrings("pl-PL", []string{"left", "send"})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]survey.Text{"send": {"": "Wyślij"},
		"left": {"one": "Pozostał {n} znak", "few": "Pozostały {n} znaki", "many": "Pozostało {n} znaków", "other": "Pozostało {n} znaku"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestWordsThatAreNotThereAreAnError(t *testing.T) {
	s := NewScripts(fstest.MapFS{"strings/pl.json": {Data: []byte(`{`)}})
	if _, err := s.strings("cy"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without English: got %v, want an error that it is missing", err)
	}
	if _, err := s.lateStrings("pl", nil); err == nil {
		t.Error("half a file is taken for words")
	}
}

func TestAliasesOfASurveysLanguages(t *testing.T) {
	for _, test := range []struct {
		languages []string
		want      map[string]string
	}{
		{[]string{"en", "pl"}, map[string]string{}},
		{[]string{"en-GB", "pt-BR", "pt-PT"}, map[string]string{"en": "en-GB", "pt": "pt-BR"}},
		{[]string{"zh-Hant", "zh-Hans"}, map[string]string{"zh": "zh-Hans", "zh-TW": "zh-Hant", "zh-HK": "zh-Hant", "zh-MO": "zh-Hant"}},
		{[]string{"zh-TW", "zh-CN"}, map[string]string{"zh": "zh-CN", "zh-HK": "zh-TW", "zh-MO": "zh-TW"}},
		{[]string{"zh-Hant"}, map[string]string{"zh": "zh-Hant", "zh-TW": "zh-Hant", "zh-HK": "zh-Hant", "zh-MO": "zh-Hant"}},
		{[]string{"sr-Latn"}, map[string]string{"sr": "sr-Latn"}},
	} {
		if diff := cmp.Diff(test.want, aliases(test.languages)); diff != "" {
			t.Errorf("%v: %s", test.languages, diff)
		}
	}
}
