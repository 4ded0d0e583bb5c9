package survey

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
)

// The same file is read by sdk/src/regex.test.ts: what is accepted means the same in JavaScript.
type regexVector struct {
	Pattern         string
	Refused         string // what the message holds; "" where it is accepted
	Matches, Misses []string
}

func regexVectors(t testing.TB) (vectors []regexVector) {
	t.Helper()
	data, err := os.ReadFile("testdata/regex.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &vectors); err != nil {
		t.Fatal(err)
	}
	return vectors
}

func TestRegexIsWhatJavaScriptAndRE2ReadAlike(t *testing.T) {
	for _, v := range regexVectors(t) {
		t.Run(v.Pattern, func(t *testing.T) {
			wrong := checkRegex(v.Pattern)
			if (wrong == "") != (v.Refused == "") || !strings.Contains(wrong, v.Refused) {
				t.Fatalf("%q is answered with %q, want %q", v.Pattern, wrong, v.Refused)
			}
			if v.Refused != "" {
				return
			}
			re := regexp.MustCompile(v.Pattern)
			for _, text := range v.Matches {
				if !re.MatchString(text) {
					t.Errorf("%q does not match %q", v.Pattern, text)
				}
			}
			for _, text := range v.Misses {
				if re.MatchString(text) {
					t.Errorf("%q matches %q", v.Pattern, text)
				}
			}
		})
	}
}

// Whatever is written, it is judged, in time, and Go can use what is accepted.
func FuzzCheckRegex(f *testing.F) {
	for _, v := range regexVectors(f) {
		f.Add(v.Pattern)
	}
	f.Add(strings.Repeat("(", 250) + strings.Repeat(")", 250))
	f.Add(strings.Repeat("a?", 250))
	f.Add(strings.Repeat("(?:", 100) + "a" + strings.Repeat("){9}", 100))
	f.Fuzz(func(t *testing.T, expression string) {
		if len([]rune(expression)) > 500 { // more is no TextRule
			return
		}
		start := time.Now()
		wrong := checkRegex(expression)
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%q took %v", expression, took)
		}
		if wrong == "" {
			regexp.MustCompile(expression)
		}
	})
}
