package convert

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/text/language"

	"github.com/askwell/askwell/collector/survey"
)

// longestText is what one text of a definition may have, in characters.
const longestText = 500

// languages takes the languages of an export, the default first, and says which are none.
func (b *builder) languages(codes []value) {
	for _, at := range codes {
		code := at.text()
		ours := canonical(code)
		if ours == "" {
			b.say("languages", at, "%q is no language that pages can ask for; its texts are left out", code)
			continue
		}
		b.codes[code] = ours
		if !slices.Contains(b.d.Languages, ours) && len(b.d.Languages) < 60 {
			b.d.Languages = append(b.d.Languages, ours)
		}
	}
	if len(b.d.Languages) == 0 {
		b.d.Languages = []string{b.fallback}
		b.say("languages", b.from, "does not say the language of its texts; they are taken as %q (--language)", b.fallback)
	}
}

// canonical writes a language as BCP 47 does, "" for none.
func canonical(code string) string {
	tag, err := language.Parse(strings.ReplaceAll(code, "_", "-"))
	if err != nil || tag == language.Und {
		return ""
	}
	return tag.String()
}

// texts makes a text of one string for each language; nil where there is none.
func (b *builder) texts(place string, by map[string]value) survey.Text {
	text := survey.Text{}
	for _, lang := range b.d.Languages {
		at, is := by[lang]
		if !is {
			continue
		}
		if s := b.clean(place, at); s != "" {
			text[lang] = s
		}
	}
	if len(text) == 0 {
		return nil
	}
	first := b.d.Languages[0]
	if _, is := text[first]; !is {
		for _, lang := range b.d.Languages {
			if s, is := text[lang]; is {
				b.say(place, by[lang], "has no text in %q, the survey's first language; that in %q stands in", first, lang)
				text[first] = s
				break
			}
		}
	}
	if len(b.d.Languages) == 1 {
		return survey.Text{"": text[first]}
	}
	return text
}

// clean makes of a text what a visitor may read: without markup, without what nobody sees, and with
// Askwell's way to put answers in.
func (b *builder) clean(place string, at value) string {
	s := at.text()
	if markup.MatchString(s) {
		s = b.stripMarkup(place, at, s)
	}
	s = strings.Join(strings.Fields(visible(s)), " ")
	s = b.pipes(place, at, s)
	if utf8.RuneCountInString(s) > longestText {
		b.say(place, at, "has %d characters, at most %d are allowed; the rest is left out", utf8.RuneCountInString(s), longestText)
		s = shorten(s)
	}
	return s
}

var markup = regexp.MustCompile(`</?[A-Za-z][^<>]*>|&(#?[A-Za-z0-9]+);`)

// shorten cuts a text, but not within what is put in.
func shorten(s string) string {
	s = string([]rune(s)[:longestText-1])
	if open := strings.LastIndex(s, "{{"); open >= 0 && !strings.Contains(s[open:], "}}") {
		s = s[:open]
	}
	return strings.TrimRight(strings.TrimRight(s, "{"), " ") + "…"
}

// Texts of Formbricks' own apps carry the key of their translation as a run of joiners that nobody sees.
var hiddenRun = regexp.MustCompile(`[\x{200b}-\x{200d}\x{2060}\x{feff}]{4,}`)

// visible drops characters that steer a terminal or turn the direction of a text.
func visible(s string) string {
	s = hiddenRun.ReplaceAllString(strings.ToValidUTF8(s, "\ufffd"), "")
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsGraphic(r), r == '\u200c', r == '\u200d':
			return r
		}
		return -1
	}, s)
}

// stripMarkup keeps the words of HTML, and says what else there was that a visitor would miss.
func (b *builder) stripMarkup(place string, at value, s string) string {
	var out strings.Builder
	z := html.NewTokenizer(strings.NewReader(s))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return out.String()
		case html.TextToken:
			out.Write(z.Text()) // without entities
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			token := z.Token()
			switch token.Data {
			case "p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "tr", "td", "hr":
				out.WriteByte(' ')
			case "a":
				if to := attribute(token, "href"); to != "" {
					b.say(place, at, "links to %.200q in its text; a text has no links, but a statement or an ending may have one", to)
				}
			case "img", "video", "iframe", "audio":
				if token.Type != html.EndTagToken {
					b.say(place, at, "shows <%s> in its text, which is left out", token.Data)
				}
			case "script", "style":
				if token.Type == html.StartTagToken {
					z.Next() // what is in it, which is no text
				}
			}
		}
	}
}

func attribute(token html.Token, name string) string {
	for _, a := range token.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

var recall = regexp.MustCompile(`#recall:([A-Za-z0-9_-]+)/fallback:([^#]*)#`)

// pipes writes what Formbricks recalls as {{source|fallback}}. Nothing else may begin with {{.
func (b *builder) pipes(place string, at value, s string) string {
	var piped []string // each a \x00 in the text, which visible leaves none of
	s = recall.ReplaceAllStringFunc(s, func(whole string) string {
		m := recall.FindStringSubmatch(whole)
		fallback := strings.TrimSpace(strings.NewReplacer("nbsp", " ", "{", "", "}", "", "|", "").Replace(m[2]))
		if from, known := b.sources[m[1]]; known {
			piped = append(piped, "{{"+from+"|"+fallback+"}}")
			return "\x00"
		}
		b.say(place, at, "recalls %q, which is no hidden field and no earlier question with words for an answer; its fallback stands there", m[1])
		return fallback
	})
	for strings.Contains(s, "{{") {
		s = strings.ReplaceAll(s, "{{", "{ {")
		b.say(place, at, "has {{, which means something in texts; it is written with a blank")
	}
	s = strings.ReplaceAll(s, "{\x00", "{ \x00")
	for _, one := range piped {
		s = strings.Replace(s, "\x00", one, 1)
	}
	return strings.TrimSpace(s)
}
