package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/askwell/askwell/collector/store"
	of "github.com/askwell/askwell/collector/survey"
)

const (
	site   = "shop"
	survey = "checkout-exit"
)

const definition = `{"id": "checkout-exit", "name": "Checkout", "languages": ["en"], "touchpoint": "checkout", "hidden": {"agent": "string", "order_id": "string", "cart_value": "number"}, "questions": [
	{"id": "nps", "type": "nps", "title": "How likely are you to recommend us?"},
	{"id": "reason", "type": "single_choice", "title": "What mattered most?", "choices": [{"id": "price", "label": "Price"}, {"id": "delivery", "label": "Delivery"}, {"id": "range", "label": "Range"}, {"id": "service", "label": "Service"}]},
	{"id": "like", "type": "multi_choice", "title": "What do you like?", "choices": [{"id": "speed", "label": "Speed"}, {"id": "look", "label": "Look"}, {"id": "help", "label": "Help"}]},
	{"id": "why", "type": "text", "title": "Why?"}]}`

// fill stores synthetic responses, the way that the intake does: 1,000 a transaction.
func fill(ctx context.Context, st *store.Store, responses int) {
	began := time.Now()
	parsed, err := of.ParseSite([]byte(`{"site": "shop", "name": "Shop", "origins": ["https://shop.example"], "timezone": "Europe/Warsaw"}`))
	check(err)
	_, err = st.PutSite(ctx, *parsed, 0)
	check(err)
	d, err := of.ParseDefinition([]byte(definition))
	check(err)
	_, err = st.SaveDraft(ctx, site, d, 0)
	check(err)
	_, err = st.Publish(ctx, site, survey, 1, now)
	check(err)

	batches := make(chan []store.Response, 4)
	go func() {
		defer close(batches)
		m := newMaker(responses)
		for made := 0; made < responses; {
			batch := make([]store.Response, 0, 1000)
			for ; len(batch) < cap(batch) && made < responses; made++ {
				batch = append(batch, m.response(made))
			}
			batches <- batch
		}
	}()
	for batch := range batches {
		for _, saved := range st.SaveResponses(ctx, batch) {
			check(saved.Err)
		}
	}
	check(st.Checkpoint(ctx))
	fmt.Printf("stored %d responses in %s\n", responses, time.Since(began).Round(time.Second))
}

// maker makes responses, the same in each run.
type maker struct {
	random  *rand.Rand
	total   int
	pages   []string
	visitor *rand.Zipf
}

func newMaker(total int) *maker {
	m := &maker{random: rand.New(rand.NewPCG(1, 2)), total: total}
	for i := range 400 {
		m.pages = append(m.pages, fmt.Sprintf("https://shop.example/product/%d?session=%d", i, i*7919))
	}
	m.visitor = rand.NewZipf(m.random, 1.1, 50, uint64(total))
	return m
}

// pick takes one of some, the earlier the more often.
func (m *maker) pick(from ...string) string {
	for _, one := range from {
		if m.random.IntN(2) == 0 {
			return one
		}
	}
	return from[0]
}

// order is a value that each response has for itself.
func order(i int) string { return fmt.Sprintf("%08d", i) }

const span = 2 * 365 * 24 * time.Hour

func (m *maker) response(i int) store.Response {
	r := m.random
	born := now.Add(-span + time.Duration(float64(span)*float64(i)/float64(m.total)))
	var id uuid.UUID
	ms := uint64(born.UnixMilli())
	for at := range 6 {
		id[at] = byte(ms >> (40 - 8*at))
	}
	for at := 6; at < 16; at++ {
		id[at] = byte(r.UintN(256))
	}
	id[6], id[8] = id[6]&0x0f|0x70, id[8]&0x3f|0x80
	about := store.Context{Language: m.pick("en", "pl", "de", "fr"), Trigger: &of.Fired{Type: m.pick("exit_intent", "cart_abandonment", "time_on_page", "scroll_depth")},
		Page: &of.Page{URL: m.pages[min(int(r.ExpFloat64()*60), 399)]}, Traits: map[string]any{"plan": m.pick("free", "pro", "team")},
		Hidden:  map[string]any{"agent": fmt.Sprintf("agent-%d", r.IntN(40)), "order_id": order(i), "cart_value": float64(i*7919%20_000) / 100},
		Browser: m.pick("Chrome", "Safari", "Firefox", "Edge"), System: m.pick("Windows", "iOS", "Android", "macOS"),
		Device: m.pick("desktop", "mobile", "tablet"), Country: m.pick("PL", "DE", "US", "FR", "GB", "CZ", "SE", "ES", "IT", "NL"), TookMS: 3000 + int64(r.ExpFloat64()*20_000)}
	state, answers := of.Completed, map[string]any{}
	switch r.IntN(10) {
	case 0:
		state, about.TookMS = of.Shown, 0
	case 1:
		state, about.TookMS = of.Partial, 0
		fallthrough
	default:
		nps := min(10, max(0, int(7.5+2.5*r.NormFloat64())))
		answers["nps"], answers["reason"] = nps, m.pick("price", "delivery", "range", "service")
		answers["like"] = []string{m.pick("speed", "look", "help")}
		if r.IntN(5) == 0 {
			answers["why"] = strings.Repeat("It was quick and easy. ", 1+r.IntN(4))
		}
	}
	given, err := json.Marshal(answers)
	check(err)
	context, err := json.Marshal(about)
	check(err)
	return store.Response{Site: site, Survey: survey, At: born, ID: id.String(), Version: 1, Seq: 1, State: state, Class: of.ClassLive, Channel: "web",
		Visitor: fmt.Sprintf("v-%d", m.visitor.Uint64()), Answers: given, Context: context}
}

// plain counts the same rows as a GROUP BY would, once.
func plain(ctx context.Context, path, query string) time.Duration {
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	check(err)
	defer db.Close()
	from, to := time.Date(2025, 2, 28, 23, 0, 0, 0, time.UTC), time.Date(2026, 2, 28, 23, 0, 0, 0, time.UTC)
	began := time.Now()
	rows, err := db.QueryContext(ctx, fmt.Sprintf(query, fmt.Sprintf("site_id = '%s' AND survey_id = '%s' AND class = 0 AND at >= %d AND at < %d AND answers ->> 'nps' IS NOT NULL",
		site, survey, from.UnixMilli(), to.UnixMilli())))
	check(err)
	defer rows.Close()
	for rows.Next() {
	}
	check(rows.Err())
	return time.Since(began)
}
