package survey

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTheme(t *testing.T) {
	noList := func(font string) []string {
		return []string{`theme.font: ` + font + ` is no list of fonts; write a name with digits or signs in quotes: 'Source Sans 3', sans-serif`}
	}
	const pattern = ` does not match ^[-A-Za-z0-9_ ,'"]+$`
	tests := map[string]struct {
		theme string
		want  []string
	}{
		"every option":                      {`{"accent": "#00ff00", "radius": 0, "font": "inherit", "density": "compact", "scheme": "dark", "position": "top-left"}`, nil},
		"an inline survey with a place":     {`{"position": "inline", "selector": "#survey"}`, nil},
		"an inline survey without a place":  {`{"position": "inline"}`, []string{"theme.selector: is required where position is inline: it finds the element that the survey is shown in"}},
		"a place for a corner":              {`{"selector": "#survey"}`, []string{"theme.selector: means nothing unless position is inline"}},
		"a place for a modal":               {`{"position": "modal", "selector": "#survey"}`, []string{"theme.selector: means nothing unless position is inline"}},
		"a selector over its limit":         {`{"position": "inline", "selector": "` + strings.Repeat("a", 501) + `"}`, []string{"theme.selector: has 501 characters, at most 500 are allowed"}},
		"a list of fonts":                   {`{"font": "system-ui, -apple-system , Segoe UI, 'Source Sans 3', \"O'Neill, 2\", sans-serif"}`, nil},
		"a quote that stays open":           {`{"font": "'Arial"}`, noList(`"'Arial"`)},
		"a quote that another closes":       {`{"font": "'Arial\""}`, noList(`"'Arial\""`)},
		"a name beside a quoted one":        {`{"font": "'Arial' Black"}`, noList(`"'Arial' Black"`)},
		"an empty name":                     {`{"font": "Arial,, serif"}`, noList(`"Arial,, serif"`)},
		"a list that goes on":               {`{"font": "Arial,"}`, noList(`"Arial,"`)},
		"a digit without quotes":            {`{"font": "Source Sans 3"}`, noList(`"Source Sans 3"`)},
		"blanks alone":                      {`{"font": "  "}`, noList(`"  "`)},
		"a second declaration":              {`{"font": "Arial;color:red"}`, []string{`theme.font: "Arial;color:red"` + pattern}},
		"the end of a rule":                 {`{"font": "Arial}"}`, []string{`theme.font: "Arial}"` + pattern}},
		"an escape":                         {`{"font": "'Arial\\"}`, []string{`theme.font: "'Arial\\"` + pattern}},
		"a line break, which ends a string": {`{"font": "'Arial\n"}`, []string{`theme.font: "'Arial\n"` + pattern}},
		"an address":                        {`{"font": "url(x)"}`, []string{`theme.font: "url(x)"` + pattern}},
		"a radius over its limit":           {`{"radius": 33}`, []string{"theme.radius: is 33, at most 32 is allowed"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := ParseDefinition([]byte(`{"id": "s", "name": "S", "languages": ["en"], "questions": [{"id": "a", "type": "nps", "title": "A"}], "theme": ` + test.theme + `}`))
			if diff := cmp.Diff(test.want, problems(t, err)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
