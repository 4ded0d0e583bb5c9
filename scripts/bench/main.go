// Command bench measures how many responses a second a collector accepts, that is, has on disk,
// beside the same server that decodes and validates them but stores nothing. Both run in one
// session, in turn, each in a process of its own, so that their ratio means something on a machine
// that others use too.
//
//	go run ./scripts/bench
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"slices"
	"time"
)

func main() {
	log.SetFlags(0)
	serve := flag.String("serve", "", "run a server, store or null (bench starts itself so)")
	connections := flag.Int("connections", 64, "connections at once")
	runs := flag.Int("runs", 5, "runs of each")
	length := flag.Duration("length", 3*time.Second, "length of a run")
	flag.Parse()
	if *serve != "" {
		check(runServer(*serve == "store"))
		return
	}
	var stored, null []result
	var ratios []float64
	for range *runs {
		null = append(null, measure("null", *connections, *length))
		stored = append(stored, measure("store", *connections, *length))
		ratios = append(ratios, stored[len(stored)-1].rate/null[len(null)-1].rate)
	}
	fmt.Printf("%d connections, %d runs of %s each, in turn; medians\n", *connections, *runs, *length)
	print("accepted and on disk", stored)
	print("decoded, validated, not stored", null)
	fmt.Printf("ratio  %.2f  (runs: %.2f)  goal ≥ 0.40\n", median(ratios), ratios)
}

func print(what string, results []result) {
	pick := func(f func(result) float64) float64 {
		values := make([]float64, len(results))
		for i, r := range results {
			values[i] = f(r)
		}
		return median(values)
	}
	fmt.Printf("%-32s %7.0f/s  p50 %5.1f ms  p99 %5.1f ms  server CPU %5.1f µs a response\n", what,
		pick(func(r result) float64 { return r.rate }), pick(func(r result) float64 { return r.p50 }),
		pick(func(r result) float64 { return r.p99 }), pick(func(r result) float64 { return r.cpu }))
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

func check(err error) {
	if err != nil {
		log.Print(err)
		os.Exit(1)
	}
}
