package store

import (
	"encoding/json"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/askwell/askwell/collector/survey"
)

// BenchmarkSaveResponses is a commit of as many responses as 64 connections gather, and of a full batch.
func BenchmarkSaveResponses(b *testing.B) {
	for _, size := range []int{32, 512} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			s, err := Open(b.Context(), b.TempDir()+"/askwell.db")
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			batch := make([]Response, size)
			before := cpuTime(b)
			for b.Loop() {
				for i := range batch {
					batch[i] = Response{Site: "shop", Survey: "checkout-exit", At: time.Now(), ID: uuid.Must(uuid.NewV7()).String(), Version: 1, Seq: 3,
						State: survey.Completed, Class: survey.ClassLive, Channel: "web", Visitor: "0197c5c0-7d9a-7000-8000-000000000001",
						Answers: json.RawMessage(`{"nps":9,"reason":"price","why":"` + strings.Repeat("It was quick. ", 7) + `OK"}`),
						Context: json.RawMessage(`{"language":"en","trigger":{"type":"cart_abandonment","reason":"pointer_top"},"page":{"url":"https://shop.example/checkout?step=payment","referrer":"https://shop.example/cart"},"cart":{"value":49.9,"currency":"EUR","items":2},"took_ms":9000,"browser":"Chrome","system":"Windows","device":"desktop"}`)}
				}
				for _, err := range s.SaveResponses(b.Context(), batch) {
					if err != nil {
						b.Fatal(err)
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
