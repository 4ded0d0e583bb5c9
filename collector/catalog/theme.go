package catalog

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/askwell/askwell/collector/survey"
)

// Of the panel: b background, f foreground, m muted, l line, e edge of a field, w what is wrong.
const (
	light = "--b:#fff;--f:#18181b;--m:#62626d;--l:#dedee4;--e:#85858f;--w:#c4262e;color-scheme:light"
	dark  = "--b:#1c1c21;--f:#f4f4f6;--m:#a5a5b0;--l:#3d3d45;--w:#ff8a8a;color-scheme:dark"
)

// themeCSS is what a theme says to the face's style sheet: the values of the variables that the rules in
// widget/src/ui/theme.ts go by. Here, because they are the same for every visitor, and a page pays for what
// it has to compute.
//
// Beside the colours above: p the accent as paint, t text on it, a the accent as it can be seen on the
// panel; r radius; i where a corner is.
func themeCSS(theme *survey.Theme) string {
	t := survey.Theme{}
	if theme != nil {
		t = *theme
	}
	if t.Accent == "" {
		t.Accent = "#5b5bd6"
	}
	radius := 16
	if t.Radius != nil {
		radius = *t.Radius
	}
	all := []string{light, "--p:" + t.Accent, "--t:" + textOn(t.Accent), "--a:" + seen(t.Accent, false), fmt.Sprintf("--r:%dpx", radius)}
	if at := corner(t.Position); at != "" {
		all = append(all, "--i:"+at)
	}
	css := rule(all...)
	switch night := rule(dark, "--a:"+seen(t.Accent, true)); t.Scheme {
	case "light":
	case "dark":
		css += night
	default:
		css += "@media(prefers-color-scheme:dark){" + night + "}"
	}
	return css + "@media(forced-colors:active){" + rule("--p:Highlight", "--a:Highlight", "--t:HighlightText") + "}"
}

func rule(declarations ...string) string { return "dialog{" + strings.Join(declarations, ";") + "}" }

// corner is the inset of a panel in a corner, and nothing where it stands in none. On a phone k is what the
// keyboard covers.
func corner(position string) string {
	if position == "" {
		position = "bottom-right"
	}
	if !strings.Contains(position, "-") {
		return ""
	}
	var insets []string
	for _, side := range []string{"top", "right", "bottom", "left"} {
		switch inset := "max(20px,env(safe-area-inset-" + side + "))"; {
		case !strings.Contains(position, side):
			insets = append(insets, "auto")
		case side == "bottom":
			insets = append(insets, "calc("+inset+" + var(--k))")
		default:
			insets = append(insets, inset)
		}
	}
	return strings.Join(insets, " ")
}

// textOn is black or white, whichever reads at 4.5:1 (WCAG AA) or better on the colour: white does up to a
// luminance of .183, black from .175 on.
func textOn(accent string) string {
	if luminance(linear(accent)) > 0.179 {
		return "#000"
	}
	return "#fff"
}

// seen is the accent with as much black (on the light panel) or white as it takes to be seen: at 3:1, as WCAG
// asks of all that is no text. It has that up to a luminance of .3 on the light panel, and from .135 on the
// dark one; the farther it is from there the more is mixed in, or white and black would end as the grey of
// what is not chosen.
func seen(accent string, dark bool) string {
	colour := linear(accent)
	l := luminance(colour)
	share, other := math.Pow(0.29/l, 2), 0.0
	if dark {
		share, other = math.Pow(0.86/(1-l), 4), 1
	}
	if share >= 1 {
		return accent
	}
	css := "#"
	for _, c := range colour {
		css += fmt.Sprintf("%02x", int(math.Round(255*encoded(c*share+other*(1-share)))))
	}
	return css
}

// linear are the three parts of an sRGB colour #rrggbb as light, 0 to 1.
func linear(colour string) (parts [3]float64) {
	for i := range parts {
		n, _ := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8) // the definition's pattern has checked it
		c := float64(n) / 255
		if c <= 0.04045 {
			parts[i] = c / 12.92
		} else {
			parts[i] = math.Pow((c+0.055)/1.055, 2.4)
		}
	}
	return parts
}

// encoded is the other way round.
func encoded(light float64) float64 {
	if light <= 0.0031308 {
		return light * 12.92
	}
	return 1.055*math.Pow(light, 1/2.4) - 0.055
}

// luminance is as WCAG defines it.
func luminance(c [3]float64) float64 { return 0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2] }
