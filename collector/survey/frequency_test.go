package survey

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"
)

// The cases hold for sdk/src/frequency.ts too: its test reads the same file.
func TestFrequency(t *testing.T) {
	data, err := os.ReadFile("testdata/frequency.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Name      string
		Frequency *Frequency
		Fatigue   *Fatigue
		Asked     Asked
		Rest      string
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			if got := c.Frequency.Rests(c.Fatigue, c.Asked); got != c.Rest {
				t.Errorf("got %q, want %q", got, c.Rest)
			}
		})
	}
}
