package survey

import "regexp"

// fontList is a CSS font-family: names in quotes, or words of which none begins with a digit. The
// schema lets no character in that ends a declaration; a quote that stays open would swallow its end.
var fontList = regexp.MustCompile(`^ *` + fontName + `( *, *` + fontName + `)* *$`)

const fontName = `("[^"]*"|'[^']*'|-?[A-Za-z_][-A-Za-z0-9_]*( +-?[A-Za-z_][-A-Za-z0-9_]*)*)`

// theme reports what contradicts itself, or would break the page's style.
func (c *checker) theme(t *Theme) {
	if t == nil {
		return
	}
	if t.Font != "" && !fontList.MatchString(t.Font) {
		c.add("theme.font", "%q is no list of fonts; write a name with digits or signs in quotes: 'Source Sans 3', sans-serif", t.Font)
	}
	if inline := t.Position == "inline"; inline && t.Selector == "" {
		c.add("theme.selector", "is required where position is inline: it finds the element that the survey is shown in")
	} else if !inline && t.Selector != "" {
		c.add("theme.selector", "means nothing unless position is inline")
	}
}
