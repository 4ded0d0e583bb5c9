package store

import (
	"errors"
	"testing"

	"github.com/askwell/askwell/collector/survey"
)

func FuzzCursor(f *testing.F) {
	for _, seed := range []string{"", "1795300000000.0197c5c0-0000-7000-8000-000000000001", ".", "x", "-1.a", "9223372036854775808.a"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, cursor string) {
		_, _, err := parseCursor(cursor)
		if readable := (*survey.Error)(nil); err != nil && (!errors.As(err, &readable) || readable.Code != survey.Invalid) {
			t.Fatal(err)
		}
	})
}
