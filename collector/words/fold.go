// Package words turns a text in any language into what a search compares: folded words, so that
// "Żółć" is found as "zolc", and pairs of characters where a script writes no blanks between words.
//
// A text and a query are cut by the same rules, and the rules look at one character after another,
// never at what stands around: "great.Thanks" is two words. UAX #29, and clipperhouse/uax29 with it,
// makes that one (its rule for abbreviations), "l'amour" too, and neither would be found by its parts.
package words

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// folded are letters that Unicode does not take apart into a letter and a mark, and that people
// write without it; the forms of a letter that Arabic and Persian keyboards write for each other.
var folded = map[rune]string{
	'ł': "l", 'ø': "o", 'đ': "d", 'ð': "d", 'þ': "th", 'ı': "i", 'æ': "ae", 'œ': "oe", 'ß': "ss", 'ħ': "h", 'ŧ': "t", 'ŋ': "n", 'ĸ': "k",
	'ɓ': "b", 'ɗ': "d", 'ƙ': "k", 'ƴ': "y", 'ǝ': "e", 'ə': "e", 'ɛ': "e", 'ɔ': "o", 'ς': "σ",
	'ى': "ي", 'ی': "ي", 'ک': "ك", 'ة': "ه", 'ـ': "", // the last only makes a word longer
}

// marks are accents, and the vowels that Hebrew and Arabic may leave out. In other scripts, as in
// Devanagari and Thai, a mark is a vowel like any other, and one that makes か into が another sound.
var marks = &unicode.RangeTable{R16: []unicode.Range16{
	{Lo: 0x0300, Hi: 0x036f, Stride: 1}, {Lo: 0x0483, Hi: 0x0487, Stride: 1}, {Lo: 0x0591, Hi: 0x05bd, Stride: 1}, {Lo: 0x05bf, Hi: 0x05c7, Stride: 1},
	{Lo: 0x0610, Hi: 0x061a, Stride: 1}, {Lo: 0x064b, Hi: 0x065f, Stride: 1}, {Lo: 0x0670, Hi: 0x0670, Stride: 1}, {Lo: 0x06d6, Hi: 0x06ed, Stride: 1},
	{Lo: 0x1ab0, Hi: 0x1aff, Stride: 1}, {Lo: 0x1dc0, Hi: 0x1dff, Stride: 1}, {Lo: 0x20d0, Hi: 0x20ff, Stride: 1},
	{Lo: 0xfe00, Hi: 0xfe0f, Stride: 1}, {Lo: 0xfe20, Hi: 0xfe2f, Stride: 1},
}, R32: []unicode.Range32{{Lo: 0xe0100, Hi: 0xe01ef, Stride: 1}}} // and which of its forms a character has

// Fold makes texts equal that a reader takes for the same word: case, accents, full and half width,
// ligatures. What cannot be read as UTF-8 becomes U+FFFD.
func Fold(text string) string {
	if isASCII(text) {
		return strings.ToLower(text)
	}
	var b strings.Builder
	b.Grow(len(text))
	for _, r := range norm.NFKD.String(strings.ToValidUTF8(text, "\ufffd")) {
		if r < utf8.RuneSelf {
			b.WriteByte(byte(unicode.ToLower(r)))
			continue
		}
		if unicode.Is(marks, r) && !isLetter(r) || unicode.Is(unicode.Cf, r) {
			continue // Cf: a soft hyphen, a joiner, a direction
		}
		r = unicode.ToLower(r)
		if as, ok := folded[r]; ok {
			b.WriteString(as)
		} else {
			b.WriteRune(r)
		}
	}
	return norm.NFC.String(b.String()) // 한 and が were taken apart too
}

// isLetter tells apart what lies between the marks of a block.
func isLetter(r rune) bool { return unicode.In(r, unicode.L, unicode.N) }

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
