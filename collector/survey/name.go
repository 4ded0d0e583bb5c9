package survey

import "unicode"

// CheckName says what is wrong with a name that people read in lists, logs and terminals, "" for
// nothing: characters that steer a terminal, or turn the direction of the text, could make it lie.
func CheckName(name string) string {
	for _, r := range name {
		if !unicode.IsGraphic(r) && r != '\u200c' && r != '\u200d' { // joiners: Persian and emoji are written with them
			return "holds a character that cannot be seen"
		}
	}
	return ""
}
