package export

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/askwell/askwell/collector/survey"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 5e6, time.UTC)

// parse makes a definition of JSON.
func parse(t testing.TB, doc string) *survey.Definition {
	t.Helper()
	d, err := survey.ParseDefinition([]byte(doc))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func everyType(t testing.TB) *survey.Definition {
	t.Helper()
	doc, err := os.ReadFile(filepath.Join("..", "survey", "testdata", "every-type.json"))
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, string(doc))
}

func tableOf(t testing.TB, labels string, versions ...*survey.Definition) *Responses {
	t.Helper()
	table, err := NewResponses(versions, labels)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// cellsOf is a response's row by the names of the columns, without what is null.
func cellsOf(t testing.TB, table *Responses, r *Response) map[string]any {
	t.Helper()
	row, err := table.Row(r)
	if err != nil {
		t.Fatal(err)
	}
	cells := map[string]any{}
	for i, c := range table.Columns() {
		if row[i] != nil {
			cells[c.Name] = row[i]
		}
	}
	return cells
}

func answers(doc string) (out map[string]json.RawMessage) {
	if err := json.Unmarshal([]byte(doc), &out); err != nil {
		panic(err)
	}
	return out
}
