package server_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/askwell/askwell/collector/server"
	"github.com/askwell/askwell/collector/servertest"
	"github.com/askwell/askwell/collector/store"
	"github.com/askwell/askwell/collector/survey"
)

// What an analyst does, over HTTP: months of responses to the surveys of two sites, counted here by hand.

// given is a response as this test remembers it.
type given struct {
	id              string
	at              time.Time
	class           survey.Class
	state           survey.State
	nps             int // -1: not answered
	device, why     string
	reason, country string
}

const (
	shopExit  = "/v1/sites/shop/surveys/exit"
	shopOrder = "/v1/sites/shop/surveys/order"
)

// warsaw is the time zone of both sites.
var warsaw, _ = time.LoadLocation("Europe/Warsaw")

// startMonths has 800 responses of 200 days to shop's exit survey, the newest first, 300 to its order
// survey, and 300 to the exit survey of a second site.
func startMonths(t *testing.T) (*servertest.Collector, []given) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "askwell.db")
	st, err := store.Open(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(6, 6))
	publishIn(t, st, "shop", servertest.ExitDoc)
	publishIn(t, st, "shop", `{"id": "order", "name": "Order", "touchpoint": "order", "languages": ["en"], "questions": [{"id": "easy", "type": "ces", "title": "Easy?"}]}`)
	publishIn(t, st, "shop", `{"id": "words", "name": "Words", "languages": ["en"], "questions": [{"id": "why", "type": "text", "title": "Why?"}]}`)
	publishIn(t, st, "cafe", servertest.ExitDoc)
	kept := fill(t, st, r, "shop", "exit", 800, "nps")
	fill(t, st, r, "shop", "order", 300, "easy")
	fill(t, st, r, "cafe", "exit", 300, "nps")
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	slices.Reverse(kept)
	return servertest.Start(t, server.Config{DB: file, Hooks: server.Hooks{Now: func() time.Time { return now }}}), kept
}

func publishIn(t *testing.T, st *store.Store, site, doc string) {
	t.Helper()
	parsed, err := survey.ParseSite(fmt.Appendf(nil, `{"site": %q, "name": %q, "origins": ["https://%s.example"], "timezone": "Europe/Warsaw"}`, site, site, site))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.Site(t.Context(), site); err != nil {
		if _, err := st.PutSite(t.Context(), *parsed, 0); err != nil {
			t.Fatal(err)
		}
	}
	d, err := survey.ParseDefinition([]byte(doc))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.SaveDraft(t.Context(), site, d, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := st.Publish(t.Context(), site, d.ID, 1, now); err != nil {
		t.Fatal(err)
	}
}

// said is what visitors wrote, with letters that a search has to fold, and without blanks between words.
var said = []string{"Wysyłka za wolna, żółta łódź", "配送太慢了", "配送が遅い。サポートは良い", "Quick delivery", "=SUM(A1)", "Too expensive & <slow>"}

func fill(t *testing.T, st *store.Store, r *rand.Rand, site, surveyID string, n int, question string) (kept []given) {
	t.Helper()
	pick := func(from ...string) string { return from[r.IntN(len(from))] }
	var batch []store.Response
	for i := range n {
		at := now.Add(-200 * 24 * time.Hour / time.Duration(n) * time.Duration(n-i)).Truncate(time.Millisecond)
		id := uuid.Must(uuid.NewV7()).String()
		g := given{id: id, at: at, class: survey.ClassLive, state: survey.Completed, nps: -1, device: pick("desktop", "mobile", "tablet"), country: pick("PL", "DE", "")}
		answers := map[string]any{}
		switch r.IntN(10) {
		case 0, 1:
			g.state = survey.Shown
		case 2:
			g.state = survey.Partial
		}
		if r.IntN(30) == 0 {
			g.class = survey.ClassTest
		}
		if g.state != survey.Shown {
			g.nps, g.reason = r.IntN(11), pick("price", "other")
			if g.device == "mobile" {
				g.nps /= 2 // what pulls the score down
			}
			if answers[question] = g.nps; question == "easy" {
				answers[question] = 1 + g.nps*6/10
			} else if answers["reason"] = g.reason; r.IntN(3) == 0 {
				g.why = pick(said...)
				answers["why"] = g.why
			}
		}
		about := store.Context{Device: g.device, Country: g.country, Page: &survey.Page{URL: "https://shop.example/" + pick("cart", "checkout") + "?visitor=" + id},
			Traits: map[string]any{"plan, old": pick("free", "a,b")}, Trigger: &survey.Fired{Type: pick("exit_intent", "cart_abandonment")}}
		if g.state == survey.Completed {
			about.TookMS = 4000
		}
		texts := [2]json.RawMessage{}
		for i, v := range []any{answers, about} {
			var err error
			if texts[i], err = json.Marshal(v); err != nil {
				t.Fatal(err)
			}
		}
		batch = append(batch, store.Response{Site: site, Survey: surveyID, At: at, ID: id, Version: 1, Seq: 1, State: g.state, Class: g.class, Channel: "web",
			Visitor: "v-" + strconv.Itoa(r.IntN(n/2)), Answers: texts[0], Context: texts[1], Verbatim: g.why != ""})
		kept = append(kept, g)
	}
	for _, saved := range st.SaveResponses(t.Context(), batch) {
		if saved.Err != nil {
			t.Fatal(saved.Err)
		}
	}
	return kept
}

// recount is the n and the NPS of the live responses that keep says.
func recount(all []given, keep func(g *given) bool) (n int, nps float64) {
	sum := 0
	for i := range all {
		if g := &all[i]; g.class == survey.ClassLive && g.nps >= 0 && keep(g) {
			n++
			switch {
			case g.nps >= 9:
				sum += 100
			case g.nps <= 6:
				sum -= 100
			}
		}
	}
	return n, float64(sum) / float64(max(n, 1))
}

// near says whether a figure is what was counted, to its one decimal.
func near(got any, want float64) bool {
	v, ok := got.(float64)
	return ok && v-want < 0.051 && want-v < 0.051
}

func items(of any) (list []map[string]any) {
	for _, one := range of.([]any) {
		list = append(list, one.(map[string]any))
	}
	return list
}

// at finds a value by the names on the way to it, nil where there is none.
func at(v any, names ...string) any {
	for _, name := range names {
		m, _ := v.(map[string]any)
		v = m[name]
	}
	return v
}

// A search, filters and a time name the same responses in pages, in tables, and in tables that go on.
// readTables reads what several addresses answer, by name with its format as ending.
// analyst runs something of examples/analyst in a folder, and returns what it prints.
// What examples/analyst shows is so: curl takes it home, and DuckDB and a spreadsheet count what the API counts.
func TestMonths(t *testing.T) {
	c, all := startMonths(t)
	for name, test := range map[string]func(*testing.T, *servertest.Collector, []given){
		"figures are those of a recount":          figuresAreThoseOfARecount,
		"figures are read by others as tables":    figuresAreReadByOthersAsTables,
		"responses are those that were asked for": responsesAreThoseThatWereAskedFor,
		"examples say what the API says":          examplesSayWhatTheAPISays,
		"a key of one site reads that site alone": aKeyOfOneSiteReadsThatSiteAlone,
		"a wrong parameter is named":              aWrongParameterIsNamed,
	} {
		t.Run(name, func(t *testing.T) { test(t, &servertest.Collector{App: c.App, T: t}, all) })
	}
}
