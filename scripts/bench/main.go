// Command bench measures what accepting a response costs, that is, having it on disk, beside the same
// program that decodes and validates it but stores nothing; what a million of them take; and what
// serving a site's script costs beside a bare handler of the same bytes. The two of each pair run in
// turn, each in a process of its own, so that their difference and ratio mean something on a machine
// that others use too.
//
//	go run ./scripts/bench [-dir /on/the/disk/to/measure] [-profile cpu]
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"slices"
	"time"
)

var (
	dir     = flag.String("dir", os.TempDir(), "where databases lie while they are measured")
	profile = flag.String("profile", "", "write CPU profiles of the servers to files of this name")
)

func main() {
	log.SetFlags(0)
	serve := flag.String("serve", "", "run a server (bench starts itself so)")
	db := flag.String("db", "", "database of the server")
	runs := flag.Int("runs", 5, "runs of each")
	length := flag.Duration("length", 3*time.Second, "length of a run")
	fill := flag.Int("fill", 1_000_000, "responses to fill a database with; 0: none")
	flag.Parse()
	if *serve != "" {
		check(runServer(*serve, *db, *profile))
		return
	}
	fmt.Printf("databases on %s (%s); medians of %d runs of %s each, in turn\n\n", *dir, fileSystem(*dir), *runs, *length)
	for _, connections := range []int{64, 256} {
		compareStoring(connections, *runs, *length)
	}
	compareScript(*runs, *length)
	if *fill > 0 {
		measureFill(*fill)
	}
}

func compareStoring(connections, runs int, length time.Duration) {
	one := func(addr string) request { return post(addr, 1) }
	var stored, null []result
	var ratios []float64
	for range runs {
		null = append(null, measure(discarding, connections, length, one))
		stored = append(stored, measure(storing, connections, length, one))
		ratios = append(ratios, stored[len(stored)-1].rate/null[len(null)-1].rate)
	}
	fmt.Printf("%d connections, a response a request\n", connections)
	print("accepted and on disk", "a response", stored)
	print("decoded, validated, not stored", "a response", null)
	fmt.Printf("  ratio %.2f (runs: %.2f), goal ≥ 0.5; storing adds %.0f µs of CPU, goal ≤ 45; p99 %.1f ms", median(ratios), ratios,
		medianOf(stored, cpu)-medianOf(null, cpu), medianOf(stored, p99))
	if connections == 64 {
		fmt.Print(", goal ≤ 25")
	}
	fmt.Printf("; %.0f responses a commit\n\n", medianOf(stored, batch))
}

func compareScript(runs int, length time.Duration) {
	const connections = 64
	var collector, bare []result
	var ratios []float64
	for range runs {
		bare = append(bare, measure(static, connections, length, script))
		collector = append(collector, measure(storing, connections, length, script))
		ratios = append(ratios, collector[len(collector)-1].rate/bare[len(bare)-1].rate)
	}
	fmt.Printf("%d connections, a site's script\n", connections)
	print("the collector", "a script", collector)
	print("a bare handler, the same bytes", "a script", bare)
	fmt.Printf("  ratio %.2f (runs: %.2f), goal ≥ 0.8\n\n", median(ratios), ratios)
}

func print(what, unit string, results []result) {
	fmt.Printf("  %-31s %7.0f/s  p50 %5.1f ms  p99 %5.1f ms  server CPU %5.1f µs %s\n", what,
		medianOf(results, rate), medianOf(results, p50), medianOf(results, p99), medianOf(results, cpu), unit)
}

func rate(r result) float64  { return r.rate }
func p50(r result) float64   { return r.p50 }
func p99(r result) float64   { return r.p99 }
func cpu(r result) float64   { return r.cpu }
func batch(r result) float64 { return r.batch }

func medianOf(results []result, pick func(result) float64) float64 {
	values := make([]float64, len(results))
	for i, r := range results {
		values[i] = pick(r)
	}
	return median(values)
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
