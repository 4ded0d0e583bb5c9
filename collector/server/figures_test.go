package server_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/askwell/askwell/collector/servertest"
	"github.com/askwell/askwell/collector/survey"
)

func figuresAreThoseOfARecount(t *testing.T, c *servertest.Collector, all []given) {
	t.Parallel()
	everyone := func(*given) bool { return true }
	mobile := func(g *given) bool { return g.device == "mobile" }
	check := func(what string, figure any, keep func(*given) bool) {
		t.Helper()
		n, nps := recount(all, keep)
		if at(figure, "n") != float64(n) || n > 0 && !near(at(figure, "score"), nps) || n == 0 && at(figure, "score") != nil {
			t.Errorf("%s: %v of %v, counted %v of %d", what, at(figure, "score"), at(figure, "n"), nps, n)
		}
	}

	year := c.Must(200, "GET", shopExit+"/scores?every=month&by=device,country&min_n=0", "").Body
	check("all", year["total"], everyone)
	if n := len(items(year["series"])); n != 7 {
		t.Errorf("%d months", n)
	}
	within := func(p map[string]any) func(*given) bool {
		from, to := int64(p["from"].(float64)), int64(p["to"].(float64))
		return func(g *given) bool { return g.at.UnixMilli() >= from && g.at.UnixMilli() < to }
	}
	for _, p := range items(year["series"]) {
		check("a month", p["total"], within(p))
	}
	for _, group := range items(year["groups"]) {
		of := func(g *given) bool {
			country, _ := at(group, "by", "country").(string)
			return g.device == at(group, "by", "device") && g.country == country
		}
		check("a group", group["total"], of)
		for _, p := range items(group["series"]) {
			in := within(p)
			check("a group's month", p["total"], func(g *given) bool { return of(g) && in(g) })
		}
	}

	// A day of another zone, with two filters.
	from := time.Date(2026, 9, 1, 0, 0, 0, 0, time.FixedZone("Tokyo", 9*3600))
	query := "?tz=Asia/Tokyo&from=2026-09-01&to=2026-10-01&filter=device:mobile,tablet&filter=answer.nps:0-6,9&every=day"
	month := c.Must(200, "GET", shopExit+"/scores"+query, "").Body
	kept := func(g *given) bool {
		return !g.at.Before(from) && g.at.Before(from.AddDate(0, 0, 30)) && g.device != "desktop" && (g.nps <= 6 || g.nps == 9)
	}
	check("September in Tokyo", month["total"], kept)
	for i, p := range items(month["series"]) {
		if p["from"] != float64(from.AddDate(0, 0, i).UnixMilli()) {
			t.Errorf("day %d begins at %v", i, p["from"])
		}
		in := within(p)
		check("a day in Tokyo", p["total"], func(g *given) bool { return kept(g) && in(g) })
	}

	// Against the time before.
	compared := c.Must(200, "GET", shopExit+"/scores?from=2026-10-01&to=2026-11-01&compare=previous&by=device", "").Body
	before := time.Date(2026, 8, 31, 0, 0, 0, 0, warsaw) // as many days before, over the change of clocks
	if got := at(compared, "compare", "from"); got != float64(before.UnixMilli()) {
		t.Errorf("the time before begins at %v, want %v", got, before.UnixMilli())
	}
	check("the time before", at(compared, "compare", "total"), within(compared["compare"].(map[string]any)))
	for _, group := range items(compared["groups"]) {
		if at(group, "compare", "p") != nil && at(group, "compare", "p_adjusted") == nil {
			t.Errorf("of several groups each is as significant as if it were alone: %v", group["compare"])
		}
	}

	// A name with a comma, and a value with one.
	n, _ := recount(all, everyone)
	sum := 0.0
	for _, group := range items(c.Must(200, "GET", shopExit+`/scores?by=trait.plan%5C,+old,page&min_n=0`, "").Body["groups"]) {
		sum += at(group, "total", "n").(float64)
	}
	if sum != float64(n) {
		t.Errorf("the groups of a trait with a comma hold %v of %d", sum, n)
	}
	free := c.Must(200, "GET", shopExit+"/scores?filter=trait.plan,+old:free", "").Body
	other := c.Must(200, "GET", shopExit+"/scores?filter=trait.plan,+old:a%5C,b", "").Body
	if a, b := at(free, "total", "n").(float64), at(other, "total", "n").(float64); a == 0 || b == 0 || a+b != float64(n) {
		t.Errorf("%v and %v of %d", a, b, n)
	}

	// Few answers are no score, and say so.
	few := c.Must(200, "GET", shopExit+"/scores?by=device&min_n=100000", "").Body
	for _, group := range items(few["groups"]) {
		if at(group, "total", "too_few") != true || at(group, "total", "score") != nil || at(group, "total", "interval") != nil || at(group, "total", "n") == 0.0 {
			t.Errorf("too few: %v", group["total"])
		}
	}

	t.Run("funnel", func(t *testing.T) {
		funnel := c.Must(200, "GET", shopExit+"/funnel?by=device&every=month", "").Body
		count := func(keep func(*given) bool) (shown, started, completed float64) {
			for i := range all {
				if g := &all[i]; g.class == survey.ClassLive && keep(g) {
					shown++
					if g.state != survey.Shown {
						started++
					}
					if g.state == survey.Completed {
						completed++
					}
				}
			}
			return shown, started, completed
		}
		is := func(steps any, keep func(*given) bool) {
			t.Helper()
			shown, started, completed := count(keep)
			if at(steps, "shown") != shown || at(steps, "started") != started || at(steps, "completed") != completed ||
				!near(at(steps, "response_rate", "score"), 100*started/shown) || at(steps, "median_ms") != 4000.0 {
				t.Errorf("%v, counted %v shown, %v started, %v completed", steps, shown, started, completed)
			}
		}
		is(funnel["total"], everyone)
		for _, p := range items(funnel["series"]) {
			is(p["total"], within(p))
		}
		for _, group := range items(funnel["groups"]) {
			is(group["total"], func(g *given) bool { return g.device == at(group, "by", "device") })
		}
	})

	t.Run("drivers", func(t *testing.T) {
		drivers := c.Must(200, "GET", shopExit+"/drivers", "").Body
		list := items(drivers["drivers"])
		first := list[0]
		with, score := recount(all, mobile)
		total, of := recount(all, everyone)
		rest, without := recount(all, func(g *given) bool { return !mobile(g) })
		if first["dimension"] != "device" || first["value"] != "mobile" || first["n"] != float64(with) || first["rest"] != float64(rest) || with+rest != total ||
			!near(first["impact"], of-without) || !near(at(first, "against", "difference"), score-without) || at(first, "against", "significant") != true {
			t.Errorf("what pulls the score down most is %v", first)
		}
		for i, d := range list {
			if d["n"].(float64) < 20 || d["rest"].(float64) < 20 || i > 0 && d["impact"].(float64) < list[i-1]["impact"].(float64) {
				t.Errorf("driver %d: %v", i, d)
			}
		}
		two := c.Must(200, "GET", shopExit+"/drivers?dimension=device,answer.reason&min_n=1", "").Body
		if got := fmt.Sprint(two["dimensions"]); got != "[device answer.reason]" || len(items(two["drivers"])) != 5 {
			t.Errorf("of %s there are %d", got, len(items(two["drivers"])))
		}
	})

	t.Run("metrics", func(t *testing.T) {
		for began := time.Now(); c.Metric("askwell_scores_counted_timestamp_seconds") == 0; { // a scrape waits for two seconds alone
			if time.Since(began) > time.Minute {
				t.Fatal("the scores are not counted")
			}
		}
		for window, days := range map[string]int{"7d": 7, "30d": 30} {
			week := c.Must(200, "GET", fmt.Sprintf("%s/scores?from=%d", shopExit, now.AddDate(0, 0, -days).UnixMilli()), "").Body
			for name, want := range map[string]any{"score": at(week, "total", "score"), "score_answers": at(week, "total", "n"), "score_low": at(week, "total", "interval", "low"), "score_high": at(week, "total", "interval", "high")} {
				if got := c.Metric(`askwell_` + name + `{metric="nps",question="nps",site="shop",survey="exit",window="` + window + `"}`); got != want {
					t.Errorf("askwell_%s of %s is %v, the API says %v", name, window, got, want)
				}
			}
		}
	})

	t.Run("overview", func(t *testing.T) {
		overview := c.Must(200, "GET", "/v1/sites/shop/overview?from=2026-10-01", "").Body
		in := within(overview)
		names := []string{}
		for _, one := range items(overview["surveys"]) {
			names = append(names, one["survey"].(string))
			if one["survey"] == "exit" {
				check("the overview", items(one["scores"])[0]["total"], in)
			}
		}
		if slices.Sort(names); !slices.Equal(names, []string{"exit", "order", "words"}) {
			t.Errorf("it has %v", names)
		}
	})

	t.Run("several", func(t *testing.T) {
		both := c.Must(200, "GET", "/v1/scores?survey=shop/exit,cafe/exit&by=site", "").Body
		sum, score := 0.0, 0.0
		for _, group := range items(both["groups"]) {
			n := at(group, "total", "n").(float64)
			sum, score = sum+n, score+n*at(group, "total", "score").(float64)
		}
		if at(both, "total", "n") != sum || len(items(both["groups"])) != 2 || !near(at(both, "total", "score"), score/sum) || len(items(both["sources"])) != 2 {
			t.Errorf("both together %v, each by itself %v of %v", both["total"], score/sum, sum)
		}
		if both["weighting"] != "by n" {
			t.Errorf("it says nothing of what each weighs: %v", both["weighting"])
		}
		shown := func(path string) float64 { return at(c.Must(200, "GET", path, "").Body, "total", "shown").(float64) }
		if got, want := shown("/v1/funnel?survey=shop/exit,cafe/exit"), shown(shopExit+"/funnel")+shown("/v1/sites/cafe/surveys/exit/funnel"); got != want {
			t.Errorf("%v were shown, each by itself %v", got, want)
		}
		if n := at(c.Must(200, "GET", "/v1/drivers?survey=shop/exit,cafe/exit", "").Body, "total", "n"); n != sum {
			t.Errorf("drivers are of %v answers, want %v", n, sum)
		}
	})
}
