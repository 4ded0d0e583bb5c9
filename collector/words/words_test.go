package words

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestWords(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		want []string
	}{
		"nothing":                    {"… – !?\x00\xff", nil},
		"Polish":                     {"Zażółć GĘŚLĄ jaźń, Łódź", []string{"zazolc", "gesla", "jazn", "lodz"}},
		"German":                     {"Straße, STRASSE, Ärger", []string{"strasse", "strasse", "arger"}},
		"a capital ß":                {"STRAẞE", []string{"strasse"}},
		"Turkish":                    {"İstanbul'da ISPARTA ısı", []string{"istanbul", "da", "isparta", "isi"}},
		"Danish, Icelandic":          {"Smørrebrød Æble Þór", []string{"smorrebrod", "aeble", "thor"}},
		"Vietnamese":                 {"Đường phố", []string{"duong", "pho"}},
		"Greek":                      {"Ο ΚΌΣΜΟΣ, ο κόσμος", []string{"ο", "κοσμοσ", "ο", "κοσμοσ"}},
		"Russian":                    {"Ещё Йод", []string{"еще", "иод"}},
		"Chinese":                    {"手机壳，很好", []string{"手机", "机壳", "壳", "很好", "好"}},
		"Chinese with Latin":         {"买了iPhone15手机", []string{"买了", "了", "iphone15", "手机", "机"}},
		"a rare character":           {"𠮷野家", []string{"𠮷野", "野家", "家"}},
		"Japanese":                   {"サーバーが遅い。", []string{"サー", "ーバ", "バー", "ーが", "が遅", "遅い", "い"}},
		"half width":                 {"ｻｰﾊﾞｰ ＡＢＣ１", []string{"サー", "ーバ", "バー", "ー", "abc1"}},
		"a mark of its own":          {"か\u3099", []string{"が"}},
		"Korean":                     {"학교에서 좋다", []string{"학교", "교에", "에서", "서", "좋다", "다"}},
		"Korean, taken apart":        {"\u1112\u1161\u11ab", []string{"한"}},
		"Thai":                       {"ดีมาก", []string{"ดี", "ีม", "มา", "าก", "ก"}},
		"Arabic":                     {"مُحَمَّد أَحْمَد إلى مكتبة", []string{"محمد", "احمد", "الي", "مكتبه"}},
		"Persian":                    {"می\u200cخواهم کتاب", []string{"ميخواهم", "كتاب"}},
		"Hebrew":                     {"שָׁלוֹם", []string{"שלום"}},
		"Hindi keeps its vowels":     {"हिन्दी की किताब।", []string{"हिन्दी", "की", "किताब"}},
		"symbols":                    {"Super👍🏽👍 :)", []string{"super", "👍", "👍"}},
		"a full stop without blank":  {"great.Thanks l'amour e-mail 3.5", []string{"great", "thanks", "l", "amour", "e", "mail", "3", "5"}},
		"a soft hyphen":              {"ver\u00adsand", []string{"versand"}},
		"ligatures":                  {"ﬁne ② x²", []string{"fine", "2", "x2"}},
		"a key that was held down":   {strings.Repeat("ł", 100), []string{strings.Repeat("l", maxWord)}},
		"FTS5's own words and signs": {`a AND "b" NOT c* NEAR(d, 2) words:e ^f -g`, []string{"a", "and", "b", "not", "c", "near", "d", "2", "words", "e", "f", "g"}},
	} {
		if diff := cmp.Diff(test.want, Words(test.text), cmp.Transformer("", func(l []string) string { return strings.Join(l, " ") })); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestMatch(t *testing.T) {
	for _, test := range []struct {
		q, text string
		want    bool
	}{
		{"zolc", "Żółć!", true}, {"ŻÓŁĆ", "zolc", true}, {"zol", "Żółć", false}, {"żół*", "zolc", true}, {"* zolc", "zolc", true},
		{"slow page", "the page is slow", true}, {"slow page", "slow", false}, {`"slow page"`, "the page is slow", false},
		{`"page is"`, "the page is slow", true}, {`"page is sl"*`, "the page is slow", true}, {`"page is sl*"`, "the page is slow", true}, {"“page is”", "the page is slow", true},
		{`"page is`, "is this a page", true}, // a quote that nothing closes
		{"don't", "I don't know", true}, {"don't", "t don", false}, {"3.5", "3,5 stars", true},
		{"手机", "我的手机坏了", true}, {"机", "手机", true}, {"手", "手机", true}, {"机手", "手机", false}, {"手机壳", "手机 壳", false}, {"手机壳", "壳手机", false},
		{"手机 坏了", "坏了！手机", true}, {"iphone手机", "iPhone 手机", true}, {"手机壳iphone", "手机壳iPhone", true}, {"\"壳 iphone\"", "手机壳iPhone", true},
		{"サーバ", "サーバーが遅い", true}, {"遅い", "サーバーが遅い", true}, {"遅", "サーバーが遅い", true}, {"학교", "학교에서", true}, {"มาก", "ดีมากครับ", true},
		{"👍", "Super👍🏽", true}, {"کتاب", "كتاب", true}, {"किताब", "मेरी किताब", true},
	} {
		q, err := Parse(test.q)
		if err != nil {
			t.Errorf("%s: %v", test.q, err)
		} else if got := q.Match(Words("x"), Words(test.text)); got != test.want {
			t.Errorf("%s in %s: %v", test.q, test.text, got)
		}
	}
	if q, _ := Parse(`"one two"`); q.Match(Words("one"), Words("two")) {
		t.Error("a phrase reaches from one text into the next")
	}
	if q, _ := Parse(`one two`); !q.Match(Words("one"), Words("two")) {
		t.Error("words may stand in several texts")
	}
}

func TestParseRefuses(t *testing.T) {
	for q, want := range map[string]string{
		"":                       "query.q: has no word to look for",
		` "" * -- !`:             "query.q: has no word to look for",
		strings.Repeat("a", 201): "query.q: has 201 characters, at most 200 are allowed",
		"a\xff":                  "query.q: is not UTF-8",
		"a b c d e f g h i j k l m n o p q r s t u": "query.q: has 21 words and phrases, at most 20 are allowed",
		strings.Repeat("ﷺ", 67):                     "query.q: has 202 words, at most 200 are allowed; in Chinese, Japanese, Korean and Thai each character counts as one",
	} {
		if _, err := Parse(q); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", q, err, want)
		}
	}
}

// Each part of a run is found in it, and nothing else: pairs find what a look at each place would.
func TestRunsAreFoundByTheirParts(t *testing.T) {
	characters := rapid.SampledFrom([]rune("手机壳ーバ遅い학교ดี"))
	rapid.Check(t, func(t *rapid.T) {
		text := string(rapid.SliceOfN(characters, 1, 30).Draw(t, "text"))
		part := string(rapid.SliceOfN(characters, 1, 4).Draw(t, "part"))
		q, err := Parse(part)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := q.Match(Words(text)), strings.Contains(text, part); got != want {
			t.Fatalf("%s in %s: %v", part, text, got)
		}
	})
}

// What is typed as it stands in a text is found there.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"", "a", `"a b" c*`, "手机壳 x", "İ ß ﷺ", `"`, "\x00", "ก็ 👨‍👩‍👧", "a*b*", "«x»"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		list := Words(text)
		for _, word := range list {
			if word == "" || !utf8.ValidString(word) || strings.ContainsFunc(word, func(r rune) bool { return r < 0x80 && !('a' <= r && r <= 'z' || '0' <= r && r <= '9') }) {
				t.Fatalf("%q gives the word %q", text, word)
			}
		}
		if again := Words(strings.ToValidUTF8(text, "\ufffd")); !slices.Equal(list, again) {
			t.Fatalf("%q: %q, then %q", text, list, again)
		}
		q, err := Parse(text)
		if err != nil {
			return
		}
		if !q.Match(list) {
			t.Fatalf("%q does not find itself: %v in %q", text, q, list)
		}
	})
}

func BenchmarkWords(b *testing.B) {
	for name, text := range map[string]string{"English": strings.Repeat("It was quick. ", 10), "Polish": strings.Repeat("Było szybko. ", 10),
		"Chinese": strings.Repeat("手机壳很好，", 20), "Russian": strings.Repeat("Было быстро. ", 10)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Words(text)
			}
		})
	}
}
