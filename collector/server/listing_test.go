package server_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/askwell/askwell/collector/servertest"
	"github.com/askwell/askwell/collector/survey"
)

func responsesAreThoseThatWereAskedFor(t *testing.T, c *servertest.Collector, all []given) {
	t.Parallel()
	has := func(text string) func(*given) bool {
		return func(g *given) bool { return strings.Contains(g.why, text) }
	}
	autumn := time.Date(2026, 9, 1, 0, 0, 0, 0, warsaw)
	for query, keep := range map[string]func(*given) bool{
		"":                                       func(*given) bool { return true },
		"q=zolta":                                has("żółta"),
		"q=%C5%81%C3%93D%C5%B9":                  has("łódź"),
		"q=%E9%85%8D%E9%80%81":                   has("配送"), // Chinese and Japanese
		"q=%E9%81%85%E3%81%84":                   has("遅い"),
		"q=%E3%82%B5%E3%83%9D%E3%83%BC%E3%83%88": has("サポート"),
		"q=wys*":                                 has("Wysyłka"),
		"q=%22delivery+quick%22":                 func(*given) bool { return false },
		"q=delivery+quick&filter=device:mobile":  func(g *given) bool { return has("Quick")(g) && g.device == "mobile" },
		"q=slow&filter=answer.nps:0-6&filter=country:PL,(none)&from=2026-09-01": func(g *given) bool {
			return has("slow")(g) && g.nps <= 6 && g.country != "DE" && !g.at.Before(autumn)
		},
		"filter=device:tablet&to=2026-09-01": func(g *given) bool { return g.device == "tablet" && g.at.Before(autumn) },
		"filter=answer.reason:(none)":        func(g *given) bool { return g.reason == "" },
		"class=test":                         func(g *given) bool { return g.class == survey.ClassTest },
		"state=completed&class=live&q=slow": func(g *given) bool {
			return g.class == survey.ClassLive && g.state == survey.Completed && has("slow")(g)
		},
		"from=2026-08-31&to=2026-09-01": func(g *given) bool { return !g.at.Before(autumn.AddDate(0, 0, -1)) && g.at.Before(autumn) },
	} {
		want := []string{}
		for i := range all {
			if keep(&all[i]) {
				want = append(want, all[i].id)
			}
		}
		for _, limit := range []int{1000, len(want)/3 + 1} {
			got, cursor, pages := []string{}, "", 0
			for more := true; more; pages++ {
				page := c.Must(200, "GET", fmt.Sprintf("%s/responses?%s&limit=%d&cursor=%s", shopExit, query, limit, cursor), "")
				for _, one := range items(page.Body["items"]) {
					got = append(got, one["id"].(string))
				}
				cursor, more = page.Body["next"].(string)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s, in %d pages (-want +got): %s", query, pages, diff)
			}
		}
		table := func(more string) []string {
			ids := []string{}
			for line := range strings.Lines(c.Must(200, "GET", shopExit+"/responses?format=ndjson&"+query+more, "").Text) {
				var row struct{ ID string }
				if err := json.Unmarshal([]byte(line), &row); err != nil {
					t.Fatal(err)
				}
				ids = append(ids, row.ID)
			}
			return ids
		}
		if diff := cmp.Diff(want, table("")); diff != "" {
			t.Errorf("%s, as a table: %s", query, diff)
		}
		for _, have := range []int{1, len(want) / 2, len(want)} {
			if have > 0 && have <= len(want) && !slices.Equal(want[have:], table("&cursor="+want[have-1])) {
				t.Errorf("%s: behind row %d come others", query, have)
			}
		}
	}
	if got := c.Must(200, "GET", shopExit+"/responses?q=expensive&limit=1", "").Text; !strings.Contains(got, "& <slow>") {
		t.Errorf("a list writes texts in another way than a stream: %s", got)
	}
}
