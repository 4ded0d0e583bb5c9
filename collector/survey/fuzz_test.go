package survey

import (
	"encoding/json"
	"errors"
	"os"
	"testing"
)

// Whatever an author sends, it is read or refused with problems that can be shown; and what was read
// can be written and read again as the same.
func FuzzParseDefinition(f *testing.F) {
	example, err := os.ReadFile("testdata/checkout-exit.json")
	if err != nil {
		f.Fatal(err)
	}
	everyType, err := os.ReadFile("testdata/every-type.json")
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{string(example), string(everyType), `{}`, `[]`, `{"id": "a", "questions": [{"type": "nps"}]}`,
		`{"id":"s","name":"S","languages":["en"],"questions":[{"id":"a","type":"nps","title":"A"},{"id":"b","type":"text","title":"B","show_if":{"all":[{"not":{"a":{"lte":6,"in":[1,2]}}}]}}]}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := ParseDefinition(data)
		if err != nil {
			isReadable(t, err)
			return
		}
		written, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseDefinition(written)
		if err != nil {
			t.Fatalf("%s was read, but not as it was written, %s: %v", data, written, err)
		}
		if again.Hash() != d.Hash() {
			t.Errorf("%s reads as another", written)
		}
		for _, language := range d.Languages {
			d.In(language)
		}
	})
}

func FuzzParseSite(f *testing.F) {
	for _, seed := range []string{`{"site": "shop", "name": "Shop", "origins": ["https://*.shop.example:8443"], "timezone": "Europe/Warsaw", "retention": {"delete_after_days": 400}}`, `{}`, `{"origins": [7]}`} {
		f.Add([]byte(seed), "https://shop.example")
	}
	f.Fuzz(func(t *testing.T, data []byte, origin string) {
		s, err := ParseSite(data)
		if err != nil {
			isReadable(t, err)
			return
		}
		if s.Allows(origin) && !originPattern.MatchString(origin) {
			t.Errorf("%q is let in by %v", origin, s.Origins)
		}
	})
}

func isReadable(t *testing.T, err error) {
	t.Helper()
	var readable *Error
	if !errors.As(err, &readable) || readable.Code != Malformed && readable.Code != Invalid {
		t.Fatalf("refused with %v", err)
	}
}
