package server_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/askwell/askwell/collector/servertest"
)

func figuresAreReadByOthersAsTables(t *testing.T, c *servertest.Collector, all []given) {
	t.Parallel()
	const scores = shopExit + "/scores?from=2026-09-01&to=2026-11-01&every=week&by=device&compare=previous&min_n=50"
	tables := map[string]string{}
	for _, format := range []string{"csv", "ndjson", "xlsx", "parquet"} {
		tables["scores."+format] = scores + "&format=" + format
	}
	const funnel, drivers, overview, several = shopExit + "/funnel?by=country", shopExit + "/drivers", "/v1/sites/shop/overview?from=2026-09-01", "/v1/scores?survey=shop/exit,cafe/exit&by=site"
	tables["funnel.csv"], tables["drivers.parquet"], tables["overview.xlsx"], tables["several.csv"] = funnel+"&format=csv", drivers+"?format=parquet", overview+"&format=xlsx", several+"&format=csv"
	tables["effort.parquet"] = shopOrder + "/scores?format=parquet"
	const comma = "?by=trait.plan%5C,+old"
	tables["comma.csv"], tables["comma.xlsx"], tables["comma-funnel.parquet"] = shopExit+"/scores"+comma+"&format=csv", shopExit+"/scores"+comma+"&format=xlsx", shopExit+"/funnel"+comma+"&format=parquet"
	read := readTables(t, tables, c)

	// Each row by its place, as JSON has it.
	type place struct{ level, date, device string }
	body := c.Must(200, "GET", scores, "").Body
	day := func(of any) string { return time.UnixMilli(int64(of.(float64))).In(warsaw).Format(time.DateOnly) }
	want := map[place]any{{"total", "2026-09-01", ""}: body["total"]}
	compared := map[place]any{{"total", "2026-09-01", ""}: body["compare"]}
	for _, p := range items(body["series"]) {
		want[place{"bucket", day(p["from"]), ""}] = p["total"]
	}
	for _, g := range items(body["groups"]) {
		device := at(g, "by", "device").(string)
		want[place{"group", "2026-09-01", device}], compared[place{"group", "2026-09-01", device}] = g["total"], g["compare"]
		for _, p := range items(g["series"]) {
			want[place{"group_bucket", day(p["from"]), device}] = p["total"]
		}
	}
	number := func(v any) any { // DuckDB writes a BIGINT as a text
		if s, ok := v.(string); ok {
			if n, err := strconv.ParseFloat(s, 64); err == nil {
				return n
			}
		}
		return v
	}
	for _, format := range []string{"csv", "ndjson", "xlsx", "parquet"} {
		table := read["scores."+format]
		if len(table.Rows) != len(want) {
			t.Errorf("%s: %d rows, want %d", format, len(table.Rows), len(want))
		}
		if types := table.types(); format != "xlsx" && (types["date"] != "DATE" || types["n"] != "BIGINT" || types["score"] != "DOUBLE" || types["too_few"] != "BOOLEAN" || !strings.HasPrefix(types["from"], "TIMESTAMP")) {
			t.Errorf("%s: the columns are %v", format, types)
		}
		few := 0
		for _, row := range table.Rows {
			device, _ := row["device"].(string)
			in := place{row["level"].(string), row["date"].(string)[:10], device}
			figure, known := want[in]
			if !known {
				t.Errorf("%s: nobody knows %v", format, in)
				continue
			}
			if row["too_few"] == true {
				few++
			}
			got := []any{number(row["n"]), row["score"], row["low"], row["high"], number(row["count.10"]), row["metric"], row["other"], row["too_few"] == true,
				number(row["before.n"]), row["difference"], row["p"], row["significant"] == true}
			before := compared[in]
			wanted := []any{at(figure, "n"), at(figure, "score"), at(figure, "interval", "low"), at(figure, "interval", "high"), at(figure, "distribution", "10"), "nps", false, at(figure, "too_few") == true,
				at(before, "total", "n"), at(before, "difference"), at(before, "p"), at(before, "significant") == true}
			if diff := cmp.Diff(wanted, got); diff != "" {
				t.Errorf("%s: %v: %s", format, in, diff)
			}
		}
		if few == 0 || few == len(table.Rows) {
			t.Errorf("%s: %d of %d rows have too few answers", format, few, len(table.Rows))
		}
		if slices.Contains(table.names(), "share") {
			t.Errorf("%s: an NPS has a share", format)
		}
	}

	if effort := read["effort.parquet"]; !near(effort.Rows[0]["share"], at(c.Must(200, "GET", shopOrder+"/scores", "").Body, "total", "share", "score").(float64)) {
		t.Errorf("the share of a CES: %v", effort.Rows[0])
	}
	check := func(name string, list []map[string]any, cells map[string][]string) {
		t.Helper()
		rows := read[name].Rows
		if len(rows) != len(list) {
			t.Fatalf("%s: %d rows, want %d", name, len(rows), len(list))
		}
		for i, row := range rows {
			for cell, path := range cells {
				if got, want := number(row[cell]), at(list[i], path...); got != want {
					t.Errorf("%s: %s of row %d is %v, want %v", name, cell, i, got, want)
				}
			}
		}
	}
	steps := c.Must(200, "GET", funnel, "").Body
	check("funnel.csv", append([]map[string]any{{"total": steps["total"]}}, items(steps["groups"])...), map[string][]string{"country": {"by", "country"}, "shown": {"total", "shown"},
		"completed": {"total", "completed"}, "response_rate": {"total", "response_rate", "score"}, "completion_rate.high": {"total", "completion_rate", "interval", "high"}, "median_ms": {"total", "median_ms"}})
	check("drivers.parquet", items(c.Must(200, "GET", drivers, "").Body["drivers"]), map[string][]string{"dimension": {"dimension"}, "value": {"value"}, "n": {"n"}, "rest": {"rest"}, "impact": {"impact"},
		"impact.low": {"interval", "low"}, "difference": {"against", "difference"}, "p_adjusted": {"against", "p_adjusted"}})
	plans := c.Must(200, "GET", shopExit+"/scores"+comma, "").Body
	for _, name := range []string{"comma.csv", "comma.xlsx"} {
		check(name, append([]map[string]any{{"total": plans["total"]}}, items(plans["groups"])...), map[string][]string{"trait.plan_ old": {"by", "trait.plan, old"}, "n": {"total", "n"}})
	}
	used := c.Must(200, "GET", shopExit+"/funnel"+comma, "").Body
	check("comma-funnel.parquet", append([]map[string]any{{"total": used["total"]}}, items(used["groups"])...), map[string][]string{"trait.plan_ old": {"by", "trait.plan, old"}, "shown": {"total", "shown"}})
	var scored []map[string]any
	for _, one := range items(c.Must(200, "GET", overview, "").Body["surveys"]) {
		for _, s := range append(items(one["scores"]), map[string]any{})[:max(1, len(items(one["scores"])))] {
			s = maps.Clone(s)
			s["survey"], s["shown"] = one["survey"], one["shown"]
			scored = append(scored, s)
		}
	}
	check("overview.xlsx", scored, map[string][]string{"survey": {"survey"}, "shown": {"shown"}, "question": {"question"}, "metric": {"metric"}, "n": {"total", "n"}, "score": {"total", "score"},
		"high": {"total", "interval", "high"}, "share": {"total", "share", "score"}, "before.score": {"compare", "total", "score"}, "difference": {"compare", "difference"}})
	both := c.Must(200, "GET", several, "").Body
	check("several.csv", append([]map[string]any{{"total": both["total"]}}, items(both["groups"])...), map[string][]string{"site": {"by", "site"}, "n": {"total", "n"}, "score": {"total", "score"}})
}

func readTables(t *testing.T, addresses map[string]string, c *servertest.Collector) map[string]*readBack {
	t.Helper()
	dir, names, files := t.TempDir(), slices.Sorted(maps.Keys(addresses)), []string{}
	for _, name := range names {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(c.Must(200, "GET", addresses[name], "").Text), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	tables := map[string]*readBack{}
	for line := range strings.Lines(analyst(t, dir, nil, "node", append([]string{"read.mjs"}, files...)...)) {
		table := &readBack{}
		if err := json.Unmarshal([]byte(line), table); err != nil {
			t.Fatal(err)
		}
		tables[names[len(tables)]] = table
	}
	return tables
}
