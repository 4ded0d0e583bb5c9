package survey

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAddresses(t *testing.T) {
	json := func(s string) string { data, _ := json.Marshal(s); return string(data) }
	survey := map[string]func(string) string{
		"endings[0].link.url": func(u string) string {
			return `, "endings": [{"title": "T", "link": {"label": "L", "url": ` + json(u) + `}}]`
		},
		"privacy_url": func(u string) string { return `, "privacy_url": ` + json(u) },
	}
	image := func(u string) []byte {
		return withQuestions(`{"id": "a", "type": "picture_choice", "title": "A", "choices": [{"id": "x", "label": "X", "image": ` + json(u) + `}, {"id": "y", "label": "Y", "image": "/y"}]}`)
	}
	tests := map[string]struct{ link, privacy, image bool }{
		"https://shop.example":                 {true, true, true},
		"https://shop.example/a?b=c#d":         {true, true, true},
		"HTTPS://żółw.example/ż":               {true, true, true},
		"http://shop.example/":                 {true, true, false},
		"mailto:hello@shop.example?subject=Hi": {true, false, false},
		"tel:+48123456789":                     {true, false, false},
		"/images/a.png":                        {false, false, true},
		"images/a.png":                         {false, false, false},
		"//evil.example/a.png":                 {false, false, false},
		`/\evil.example/a.png`:                 {false, false, false},
		`https:\\evil.example`:                 {false, false, false},
		"javascript:alert(1)":                  {false, false, false},
		"JavaScript:alert(1)":                  {false, false, false},
		" javascript:alert(1)":                 {false, false, false},
		"java\nscript:alert(1)":                {false, false, false},
		"data:image/png;base64,AAAA":           {false, false, false},
		"data:text/html,<script>1</script>":    {false, false, false},
		"ftp://shop.example":                   {false, false, false},
		"shop.example":                         {false, false, false},
		"https:shop.example":                   {false, false, false},
		"https:///path":                        {false, false, false},
		"mailto:":                              {false, false, false},
		"mailto://shop.example":                {false, false, false},
		"https://shop.example/a b":             {false, false, false},
		"https://shop.example/\u202ekcab":      {false, false, false},
		"https://shop.example/%zz":             {false, false, false},
		"":                                     {false, true, false}, // no privacy_url is none
	}
	for u, fits := range tests {
		t.Run(u, func(t *testing.T) {
			for at, want := range map[string]bool{"endings[0].link.url": fits.link, "privacy_url": fits.privacy} {
				_, err := ParseDefinition([]byte(`{"id": "s", "name": "S", "languages": ["en"], "questions": [{"id": "a", "type": "nps", "title": "A"}]` + survey[at](u) + `}`))
				if (err == nil) != want {
					t.Errorf("%s: %v", at, err)
				}
			}
			if _, err := ParseDefinition(image(u)); (err == nil) != fits.image {
				t.Errorf("image: %v", err)
			}
		})
	}
	_, err := ParseDefinition([]byte(`{"id": "s", "name": "S", "languages": ["en"], "privacy_url": "javascript:1", "questions": [{"id": "a", "type": "statement", "title": "A", "link": {"label": "", "url": "data:x"}}]}`))
	want := []string{
		`privacy_url: "javascript:1" is no URL that begins with https: or http:`,
		"questions[0].link.label: is empty",
		`questions[0].link.url: "data:x" is no URL that begins with https: or http: or mailto: or tel:`,
	}
	if diff := cmp.Diff(want, problems(t, err)); diff != "" {
		t.Error(diff)
	}
}
