//go:build unix

package store

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/askwell/askwell/collector/survey"
	"github.com/askwell/askwell/collector/words"
)

// BenchmarkSearch fills a database with responses of 5 to 25 words, indexes them in batches as upkeep
// does, and looks for a rare, a common, and a Chinese word, and what it costs to erase and to verify.
func BenchmarkSearch(b *testing.B) {
	const total = 100_000
	path := filepath.Join(b.TempDir(), "askwell.db")
	s, err := Open(b.Context(), path)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	d := must(survey.ParseDefinition([]byte(`{"id": "s", "name": "S", "languages": ["en"], "questions": [` + why + `]}`)))
	must(s.SaveDraft(b.Context(), "shop", d, 0))
	must(s.Publish(b.Context(), "shop", "s", 0, now))
	dice := rand.New(rand.NewPCG(1, 2))
	text := func() string {
		var list []string
		for range 5 + dice.IntN(20) {
			list = append(list, fmt.Sprint("w", int(1/(dice.Float64()+1e-5)))) // as in a language: few words make most of a text
		}
		if dice.IntN(10) == 0 {
			list = append(list, "手机壳的质量很好", string(rune(0x4e00+dice.IntN(5000))))
		}
		return strings.Join(list, " ")
	}
	for n := 0; n < total; {
		var batch []Response
		for range 500 {
			n++
			batch = append(batch, Response{Site: "shop", Survey: "s", At: now.Add(time.Duration(n) * time.Second), ID: fmt.Sprintf("0197c5c0-0000-7000-8000-%012d", n), Version: 1, Seq: 1,
				State: survey.Completed, Class: survey.ClassLive, Channel: "web", Verbatim: true, Visitor: fmt.Sprint("v", n/100),
				Answers: json.RawMessage(fmt.Sprintf(`{"why":%q}`, text())), Context: json.RawMessage(`{"language":"en","browser":"Chrome"}`)})
		}
		s.SaveResponses(b.Context(), batch)
	}
	must(0, s.Checkpoint(b.Context()))
	before, began, cpu := fileSize(path), time.Now(), cpuTime(b)
	var took []time.Duration
	for more := true; more; {
		start := time.Now()
		more = must(s.IndexSome(b.Context(), 100))
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	must(0, s.Checkpoint(b.Context()))
	b.Logf("indexed %d in %v, %v of CPU each, batches of 100 in %v, 1 in 10 over %v, 1 in 100 over %v, worst %v; %d bytes each, beside %d of the response",
		total, time.Since(began), (cpuTime(b)-cpu)/total, took[len(took)/2], took[len(took)*9/10], took[len(took)*99/100], took[len(took)-1], (fileSize(path)-before)/total, before/total)
	for _, q := range []string{"w99999", "w1", "w1 w2", `"w1 w2"`, "w7*", "质量", "的", "w1 质量很好"} {
		b.Run(q, func(b *testing.B) {
			query := must(words.Parse(q))
			for b.Loop() {
				if _, _, err := s.Search(b.Context(), "shop", "s", query, "", 50); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("erase 100", func(b *testing.B) {
		n := 0
		for b.Loop() {
			n++
			must(s.Erase(b.Context(), "shop", Person{Visitor: fmt.Sprint("v", n)}, now))
		}
	})
	for _, query := range []string{"PRAGMA integrity_check(responses)", "PRAGMA integrity_check(search)"} {
		began = time.Now()
		must(s.write.ExecContext(b.Context(), query))
		b.Logf("%s: %v", query, time.Since(began))
	}
	began = time.Now()
	must(s.DeleteBefore(b.Context(), "shop", now.Add(5000*time.Second)))
	b.Logf("deleted at most 5,000 in %v", time.Since(began))
}
