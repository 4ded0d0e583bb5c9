package words

import (
	"unicode"
)

// unspaced are the scripts that write words without blanks between them, and Hangul, which writes
// the endings of a word onto it.
var unspaced = []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo, unicode.Hangul, unicode.Thai, unicode.Lao,
	unicode.Khmer, unicode.Myanmar, unicode.Yi, unicode.Tai_Le, unicode.New_Tai_Lue, unicode.Tai_Tham, unicode.Tai_Viet, unicode.Javanese, unicode.Balinese}

// maxWord is where longer words are cut, in characters: longer ones are links and keys held down.
const maxWord = 40

// Words cuts a text into what a search compares. A word of letters and digits is one, in lower case
// and without accents; so is a symbol, as 👍. A run of unspaced characters becomes its pairs, and then
// its last character: 手机壳 is 手机, 机壳, 壳. So each part of the run, of whatever length, is either a
// row of pairs, or, where it is a single character, what a pair or the last begins with.
//
// None has a blank or any character of ASCII but letters and digits.
func Words(text string) []string {
	pieces := cut(Fold(text))
	list := make([]string, 0, len(pieces))
	for _, p := range pieces {
		list = p.appendTo(list, false)
	}
	return list
}

// piece is a word, or a run of unspaced characters.
type piece struct {
	text []rune
	run  bool
}

// appendTo adds the words of a piece. Where a query ends with a run, its last character is left out:
// in a text another one may follow.
func (p piece) appendTo(list []string, open bool) []string {
	if !p.run {
		return append(list, string(p.text[:min(len(p.text), maxWord)]))
	}
	for i := range p.text {
		if i+1 == len(p.text) && open && i > 0 {
			break
		}
		list = append(list, string(p.text[i:min(i+2, len(p.text))]))
	}
	return list
}

// cut parts a folded text.
func cut(text string) (pieces []piece) {
	var last piece
	end := func() {
		if len(last.text) > 0 {
			pieces = append(pieces, last)
		}
		last = piece{}
	}
	for _, r := range text {
		switch kind := kindOf(r, last.run); kind {
		case gap:
			end()
		case symbol:
			end()
			last.text = []rune{r}
			end()
		default:
			if run := kind == runLetter; run != last.run {
				end()
				last.run = run
			}
			last.text = append(last.text, r)
		}
	}
	end()
	return pieces
}

type kind int

const (
	gap kind = iota
	letter
	runLetter
	symbol
)

// kindOf says what a character is. A mark, and the ー that makes a Japanese vowel long, belong to what
// stands before them.
func kindOf(r rune, inRun bool) kind {
	switch {
	case r < 0x80:
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' {
			return letter
		}
		return gap
	case 0x4e00 <= r && r <= 0x9fff, 0xac00 <= r && r <= 0xd7a3, 0x3041 <= r && r <= 0x3096, 0x30a1 <= r && r <= 0x30fa:
		return runLetter // nearly all of Chinese, Korean and Japanese, without a look at the tables
	case r >= 0x0e00 && unicode.In(r, unspaced...): // Thai is the first of them
		if unicode.In(r, unicode.P, unicode.Z) {
			return gap // ។
		}
		if unicode.Is(unicode.So, r) {
			return symbol
		}
		return runLetter
	case r == 'ー', r == '\u3099', r == '\u309a', unicode.Is(unicode.M, r) && inRun:
		return runLetter
	case unicode.In(r, unicode.L, unicode.N, unicode.M):
		return letter
	case unicode.Is(unicode.So, r) && r != '\ufffd':
		return symbol
	}
	return gap
}
