package catalog

import (
	"fmt"
	"strings"
	"testing"

	"github.com/askwell/askwell/collector/survey"
)

// contrast is as WCAG 2.2 defines it.
func contrast(a, b string) float64 {
	x, y := luminance(linear(long(a))), luminance(linear(long(b)))
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// long is #rrggbb for #rgb.
func long(colour string) string {
	if len(colour) == 4 {
		return "#" + strings.Repeat(colour[1:2], 2) + strings.Repeat(colour[2:3], 2) + strings.Repeat(colour[3:], 2)
	}
	return colour
}

func TestEveryAccentIsReadAndSeen(t *testing.T) {
	for i := range 16 * 16 * 16 {
		accent := fmt.Sprintf("#%02x%02x%02x", 17*(i>>8), 17*(i>>4&15), 17*(i&15))
		if got := contrast(accent, textOn(accent)); got < 4.5 {
			t.Errorf("%s on %s has a contrast of %.2f, want 4.5", textOn(accent), accent, got)
		}
		for panel, dark := range map[string]bool{"#ffffff": false, "#1c1c21": true} {
			drawn := seen(accent, dark)
			if got := contrast(drawn, panel); got < 3 {
				t.Errorf("%s becomes %s on %s, a contrast of %.2f, want 3", accent, drawn, panel, got)
			}
			if contrast(accent, panel) > 3.2 && drawn != accent {
				t.Errorf("%s becomes %s on %s, where it is seen as it is", accent, drawn, panel)
			}
		}
	}
}

func TestWhiteAndBlackEndAsNoGreyOfWhatIsNotChosen(t *testing.T) {
	for accent, dark := range map[string]bool{"#ffffff": false, "#000000": true} {
		if drawn := seen(accent, dark); contrast(drawn, "#85858f") < 1.7 {
			t.Errorf("%s becomes %s, which is as the edge of what is not chosen", accent, drawn)
		}
	}
}

func TestThemeCSS(t *testing.T) {
	zero := 0
	tests := map[string]struct {
		theme *survey.Theme
		want  []string
		not   []string
	}{
		"none":           {nil, []string{"--p:#5b5bd6;--t:#fff;--a:#5b5bd6;--r:16px;--i:auto max(20px,env(safe-area-inset-right)) calc(max(20px,env(safe-area-inset-bottom)) + var(--k)) auto}", "@media(prefers-color-scheme:dark){dialog{--b:#1c1c21"}, nil},
		"radius 0":       {&survey.Theme{Radius: &zero}, []string{"--r:0px"}, nil},
		"light":          {&survey.Theme{Scheme: "light"}, []string{"color-scheme:light"}, []string{"#1c1c21"}},
		"dark":           {&survey.Theme{Scheme: "dark"}, []string{"dialog{--b:#1c1c21"}, []string{"prefers-color-scheme"}},
		"auto":           {&survey.Theme{Scheme: "auto"}, []string{"prefers-color-scheme"}, nil},
		"top left":       {&survey.Theme{Position: "top-left"}, []string{"--i:max(20px,env(safe-area-inset-top)) auto auto max(20px,env(safe-area-inset-left))}"}, nil},
		"no corner":      {&survey.Theme{Position: "modal"}, []string{"--r:16px}"}, []string{"--i"}},
		"a pale accent":  {&survey.Theme{Accent: "#ffee88", Scheme: "light"}, []string{"--p:#ffee88;--t:#000;"}, []string{"--a:#ffee88"}},
		"forced colours": {nil, []string{"@media(forced-colors:active){dialog{--p:Highlight;--a:Highlight;--t:HighlightText}}"}, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			css := themeCSS(test.theme)
			for _, want := range test.want {
				if !strings.Contains(css, want) {
					t.Errorf("%s does not have %s", css, want)
				}
			}
			for _, not := range test.not {
				if strings.Contains(css, not) {
					t.Errorf("%s has %s", css, not)
				}
			}
		})
	}
}
