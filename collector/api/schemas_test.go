package api

import (
	"bytes"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The Go types are the source of these files; what else reads them is made from them.
func TestGeneratedFilesAreUpToDate(t *testing.T) {
	tests := map[string]struct {
		file string
		make func() ([]byte, error)
	}{
		"the JSON Schema of survey files": {"../survey/schema.json", SurveySchema},
		"the OpenAPI document":            {"../../sdk/openapi.json", OpenAPI},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			want, err := test.make()
			if err != nil {
				t.Fatal(err)
			}
			got, err := os.ReadFile(test.file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want)+"\n", string(got)); diff != "" {
				t.Errorf("%s is not what the Go types say: run `go run ./scripts/generate`\n%s", test.file, diff)
			}
		})
	}
}

// Maps are in them: an order that changes would show as drift now and then.
func TestGeneratedFilesAreAlwaysTheSame(t *testing.T) {
	for name, generate := range map[string]func() ([]byte, error){"schema": SurveySchema, "openapi": OpenAPI} {
		first, err := generate()
		if err != nil {
			t.Fatal(err)
		}
		for range 5 {
			if again, err := generate(); err != nil || !bytes.Equal(first, again) {
				t.Fatalf("%s differs from one run to the next (%v)", name, err)
			}
		}
	}
}
