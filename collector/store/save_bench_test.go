//go:build unix

package store

import (
	"encoding/json"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/askwell/askwell/collector/survey"
)

// BenchmarkSaveResponses is a commit of as many responses as 64 connections gather, of a full batch, and
// of one to a survey with a quota.
func BenchmarkSaveResponses(b *testing.B) {
	for name, size := range map[string]int{"32": 32, "512": 512, "512 with a quota": 512} {
		b.Run(name, func(b *testing.B) {
			s, err := Open(b.Context(), b.TempDir()+"/askwell.db")
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			if strings.Contains(name, "quota") {
				d := &survey.Definition{ID: "checkout-exit", Quota: &survey.Quota{Completed: 1e8}}
				must(s.SaveDraft(b.Context(), "shop", d, 0))
				must(s.Publish(b.Context(), "shop", d.ID, 0, now))
			}
			batch := make([]Response, size)
			before := cpuTime(b)
			for b.Loop() {
				for i := range batch {
					batch[i] = Response{Site: "shop", Survey: "checkout-exit", At: time.Now(), ID: uuid.Must(uuid.NewV7()).String(), Version: 1, Seq: 3,
						State: survey.Completed, Class: survey.ClassLive, Channel: "web", Verbatim: true, Visitor: "0197c5c0-7d9a-7000-8000-000000000001",
						Answers: json.RawMessage(`{"nps":9,"reason":"price","why":"` + strings.Repeat("It was quick. ", 7) + `OK"}`),
						Context: json.RawMessage(`{"language":"en","trigger":{"type":"cart_abandonment","reason":"pointer_top"},"page":{"url":"https://shop.example/checkout?step=payment","referrer":"https://shop.example/cart"},"cart":{"value":49.9,"currency":"EUR","items":2},"took_ms":9000,"browser":"Chrome","system":"Windows","device":"desktop"}`)}
				}
				for _, saved := range s.SaveResponses(b.Context(), batch) {
					if saved.Err != nil {
						b.Fatal(saved.Err)
					}
				}
			}
			b.ReportMetric(float64((cpuTime(b)-before).Microseconds())/float64(b.N*size), "cpu-µs/response")
		})
	}
}

// cpuTime is what this process has spent on its processors.
func cpuTime(b *testing.B) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
