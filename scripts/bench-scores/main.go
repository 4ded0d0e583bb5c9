// Command bench-scores measures scores over very many responses: it fills a database with synthetic ones over two years,
// seals them, and asks what the dashboard of a large site asks, each beside a plain GROUP BY over the same rows.
//
//	make bench-scores     (ten million, 8 GB of disk; RESPONSES=1000000 for a first look, DB=file to use one again)
package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"time"

	"github.com/askwell/askwell/collector/report"
	"github.com/askwell/askwell/collector/segment"
	"github.com/askwell/askwell/collector/store"
)

// now is when the two years end: a fixed time, so that every run makes the same responses.
var now = time.Date(2026, 3, 1, 12, 30, 0, 0, time.UTC)

var responses = flag.Int("responses", 10_000_000, "how many")

func main() {
	log.SetFlags(0)
	db := flag.String("db", "", "keep the database in this file, and use it again")
	flag.Parse()
	ctx := context.Background()
	path := *db
	if path == "" {
		dir, err := os.MkdirTemp("", "askwell-scores-")
		check(err)
		defer os.RemoveAll(dir)
		path = filepath.Join(dir, "scores.db")
	}
	st, err := store.Open(ctx, path)
	check(err)
	if sites, err := st.Sites(ctx); len(sites) == 0 {
		check(err)
		fill(ctx, st, *responses)
		check(st.Close()) // sealing has its memory to itself
		debug.FreeOSMemory()
		st, err = store.Open(ctx, path)
		check(err)
		seal(ctx, st, path, *responses)
	}
	check(segment.Seal(ctx, st, now)) // what an earlier run left, or another version sealed
	check(st.Close())
	if found := count(ctx, path); found != *responses {
		log.Fatalf("%s holds %d responses, and not %d: it was not filled to the end, or for another number", path, found, *responses)
	}

	fmt.Printf("%d responses over two years; milliseconds, in turn\n", *responses)
	for _, q := range queries {
		measure(ctx, path, q)
	}
}

// query is something that is measured.
type query struct {
	name string
	goal float64 // ms
	runs int
	ask  func(ctx context.Context, st *store.Store) (any, error)
	rows []string // what a plain reading of the rows would be
}

func year(q report.Query) report.Query {
	q.Sources = []report.Source{{Site: site, Survey: survey, Question: "nps"}}
	q.From, q.To, q.MinN = "2025-03-01", "2026-03-01", report.DefaultMinN
	return q
}

func scores(q report.Query) func(context.Context, *store.Store) (any, error) {
	return func(ctx context.Context, st *store.Store) (any, error) { return year(q).Scores(ctx, st, now) }
}

var queries = []query{
	{"total of a year", 10, 100, scores(report.Query{}), []string{"SELECT answers ->> 'nps', COUNT(*) FROM responses WHERE %s GROUP BY 1"}},
	{"total and weekly series of a year", 10, 100, scores(report.Query{Every: "week"}),
		[]string{"SELECT at / 604800000, answers ->> 'nps', COUNT(*) FROM responses WHERE %s GROUP BY 1, 2"}},
	{"by device, a year", 100, 50, scores(report.Query{By: []string{"device"}}),
		by("context ->> 'device'")},
	{"by page, a year", 100, 50, scores(report.Query{By: []string{"page"}}),
		by("context ->> '$.page.url'")},
	{"by page and country, two filters, a year", 250, 30,
		scores(report.Query{By: []string{"page", "country"}, Filter: []string{"device:mobile,tablet", "trait.plan:pro"}}),
		[]string{"SELECT context ->> '$.page.url', context ->> 'country', answers ->> 'nps', COUNT(*) FROM responses WHERE %s AND context ->> 'device' IN ('mobile', 'tablet') AND context ->> '$.traits.plan' = 'pro' GROUP BY 1, 2, 3"}},
	{"drivers over ten dimensions, a year", 1000, 20, func(ctx context.Context, st *store.Store) (any, error) {
		return year(report.Query{}).Drivers(ctx, st, now, []string{"page", "trigger", "device", "browser", "country", "language", "answer.reason", "answer.like", "trait.plan", "hidden.agent"})
	}, by("context ->> '$.page.url'", "context ->> '$.trigger.type'", "context ->> 'device'", "context ->> 'browser'", "context ->> 'country'", "context ->> 'language'",
		"answers ->> 'reason'", "answers ->> 'like'", "context ->> '$.traits.plan'", "context ->> '$.hidden.agent'")},
	// Values beyond the 254 of a day that have a code: most orders and carts, and of pages the rare.
	{"one page of the rare, a year", 0, 10, scores(report.Query{Filter: []string{"page:/product/350"}}),
		[]string{"SELECT answers ->> 'nps', COUNT(*) FROM responses WHERE %s AND instr(context ->> '$.page.url', '/product/350?') > 0 GROUP BY 1"}},
	{"one order of millions, a year", 0, 5, func(ctx context.Context, st *store.Store) (any, error) {
		return year(report.Query{Filter: []string{"hidden.order_id:" + order(*responses*3/4)}}).Scores(ctx, st, now)
	}, nil},
	{"carts of some worth, by device, a year", 0, 5, scores(report.Query{By: []string{"device"}, Filter: []string{"hidden.cart_value:50-120"}}),
		[]string{"SELECT context ->> 'device', answers ->> 'nps', COUNT(*) FROM responses WHERE %s AND context ->> '$.hidden.cart_value' BETWEEN 50 AND 120 GROUP BY 1, 2"}},
	{"one answer a visitor, a month", 0, 10, func(ctx context.Context, st *store.Store) (any, error) {
		q := year(report.Query{Unique: "visitor"})
		q.From = "2026-02-01"
		return q.Scores(ctx, st, now)
	}, nil},
	{"one answer a visitor, a year", 0, 3, scores(report.Query{Unique: "visitor"}), nil},
	{"funnel of a year, by trigger", 0, 10, func(ctx context.Context, st *store.Store) (any, error) {
		return year(report.Query{By: []string{"trigger"}}).Funnel(ctx, st, now)
	}, nil},
}

// by are plain readings by one dimension each.
func by(columns ...string) (queries []string) {
	for _, column := range columns {
		queries = append(queries, "SELECT "+column+", answers ->> 'nps', COUNT(*) FROM responses WHERE %s GROUP BY 1, 2")
	}
	return queries
}

// measure asks with the database out of the machine's memory, a few times, and then in it.
func measure(ctx context.Context, path string, q query) {
	var cold, warm []time.Duration
	for range min(5, q.runs) {
		forget(path)
		st, err := store.Open(ctx, path)
		check(err)
		cold = append(cold, once(ctx, st, q))
		check(st.Close())
	}
	st, err := store.Open(ctx, path)
	check(err)
	once(ctx, st, q)
	for range q.runs {
		warm = append(warm, once(ctx, st, q))
	}
	check(st.Close())
	goal := ""
	if q.goal > 0 {
		goal = fmt.Sprintf(", goal ≤ %.0f", q.goal)
		if at(warm, 50) > q.goal {
			goal += " MISSED"
		}
	}
	fmt.Printf("  %-42s warm p50 %6.1f%s, p99 %6.1f (%d runs); cold p50 %6.1f, p99 %6.1f (%d)\n",
		q.name, at(warm, 50), goal, at(warm, 99), len(warm), at(cold, 50), at(cold, 99), len(cold))
	if len(q.rows) > 0 {
		var took time.Duration
		for _, query := range q.rows {
			took += plain(ctx, path, query)
		}
		fmt.Printf("  %-42s %.0f once, warm, %.0f × as long\n", "  the same rows, GROUP BY", ms(took), ms(took)/at(warm, 50))
	}
}

// once asks, and writes the answer as the API does.
func once(ctx context.Context, st *store.Store, q query) time.Duration {
	runtime.GC() // of the run before
	began := time.Now()
	answer, err := q.ask(ctx, st)
	check(err)
	_, err = json.Marshal(answer)
	check(err)
	return time.Since(began)
}

func seal(ctx context.Context, st *store.Store, path string, responses int) {
	before := size(path)
	var memory runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&memory)
	began, allocated := time.Now(), memory.TotalAlloc
	check(segment.Seal(ctx, st, now))
	took := time.Since(began)
	check(st.Checkpoint(ctx))
	runtime.ReadMemStats(&memory)
	million := float64(responses) / 1e6
	fmt.Printf("sealing a million responses: %.1f s, %.1f MB in the file (%.0f bytes a response), memory %.0f MB in use, %.1f GB passed through\n",
		took.Seconds()/million, float64(size(path)-before)/1e6/million, float64(size(path)-before)/float64(responses),
		float64(memory.HeapSys)/1e6, float64(memory.TotalAlloc-allocated)/1e9/million)
}

// count is how many responses a database holds.
func count(ctx context.Context, path string) (n int) {
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	check(err)
	defer db.Close()
	check(db.QueryRowContext(ctx, "SELECT COUNT(*) FROM responses").Scan(&n))
	return n
}

func size(path string) int64 {
	info, err := os.Stat(path)
	check(err)
	return info.Size()
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// at is a percentile.
func at(took []time.Duration, percent int) float64 {
	sorted := slices.Sorted(slices.Values(took))
	return ms(sorted[min(len(sorted)-1, len(sorted)*percent/100)])
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
