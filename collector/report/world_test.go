package report_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/askwell/askwell/collector/segment"
	"github.com/askwell/askwell/collector/store"
	"github.com/askwell/askwell/collector/survey"
)

// zones have days of 23, 24, 24½ and 25 hours, days that begin at 01:00 or twice, and hours that begin at a quarter.
var zones = []string{"UTC", "Europe/Warsaw", "Africa/Cairo", "Asia/Beirut", "America/Havana", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Santiago", "Pacific/Chatham", "America/St_Johns"}

var touchpoints = map[int]string{1: "checkout", 2: "", 3: "basket"}

var paths = map[string]string{"": "", "https://shop.example": "/", "https://shop.example/": "/", "https://shop.example/a?id=7#x": "/a", "https://shop.example/a": "/a",
	"https://shop.example/caf%C3%A9": "/café", "https://shop.example/b,c\\": "/b,c\\", "https://shop.example/%ff%00(other": "/\ufffd\x00(other", "%": ""}

const questions = `[{"id": "nps", "type": "nps", "title": "N"}, {"id": "sat", "type": "csat", "title": "C"}, {"id": "effort", "type": "ces", "title": "E"},
	{"id": "reason", "type": "single_choice", "title": "R", "choices": [{"id": "price", "label": "P"}, {"id": "null", "label": "N"}, {"id": "speed", "label": "S"}]},
	{"id": "likes", "type": "multi_choice", "title": "L", "choices": [{"id": "a", "label": "A"}, {"id": "b", "label": "B"}, {"id": "c", "label": "C"}]},
	{"id": "grid", "type": "matrix", "title": "G", "rows": [{"id": "r1", "label": "1"}, {"id": "r2", "label": "2"}], "columns": [{"id": "good", "label": "G"}, {"id": "bad", "label": "B"}]},
	{"id": "up", "type": "thumbs", "title": "U"}, {"id": "rank", "type": "ranking", "title": "K", "choices": [{"id": "x", "label": "X"}, {"id": "y", "label": "Y"}]},
	{"id": "why", "type": "text", "title": "W"}]`

// world is a database of its own, with three surveys on two sites, and those who answer them.
type world struct {
	t       testing.TB
	path    string
	st      *store.Store
	random  *rand.Rand
	zone    *time.Location
	change  time.Time // of the zone's clocks, or thereabouts
	now     time.Time
	many    bool // values of traits on one day
	traits  bool // more traits than columns
	saved   []store.Response
	surveys [][2]string
	decoded map[[2]string][]answered // since the last change
}

var template []byte // a database with the surveys: to make one takes the longest

func newWorld(t testing.TB, seed uint64, zone string, many, traits bool) *world {
	w := &world{t: t, random: rand.New(rand.NewPCG(seed, 1)), many: many, traits: traits, surveys: [][2]string{{"shop", "a"}, {"shop", "b"}, {"blog", "a"}}}
	w.zone = check(time.LoadLocation(zone))
	w.change = time.Date(2025, time.Month(1+w.random.IntN(12)), 1+w.random.IntN(28), w.random.IntN(24), 0, 0, 0, w.zone)
	if _, end := w.change.ZoneBounds(); !end.IsZero() && w.random.IntN(4) > 0 {
		w.change = end
	}
	w.now = w.change.Add(6 * 24 * time.Hour).Add(time.Duration(w.random.IntN(86_400_000)) * time.Millisecond)
	dir := check(os.MkdirTemp("", "recount"))
	t.Cleanup(func() { os.RemoveAll(dir) })
	w.path = filepath.Join(dir, "askwell.db")
	if template == nil {
		w.publish()
	}
	must(os.WriteFile(w.path, template, 0o600))
	w.open()
	for i, site := range []string{"shop", "blog"} {
		of := survey.Site{ID: site, Name: "S", Origins: []string{"https://shop.example"}, Timezone: zone}
		if i > 0 && w.random.IntN(2) > 0 {
			of.Timezone = "Asia/Tokyo"
		}
		check(w.st.PutSite(t.Context(), of, 1))
	}
	return w
}

// publish makes the template.
func (w *world) publish() {
	ctx := w.t.Context()
	w.open()
	for _, site := range []string{"shop", "blog"} {
		check(w.st.PutSite(ctx, survey.Site{ID: site, Name: "S", Origins: []string{"https://shop.example"}}, 0))
	}
	for _, s := range w.surveys {
		for version := 1; version <= 3; version++ {
			d := check(survey.ParseDefinition([]byte(fmt.Sprintf(`{"id": %q, "name": "S", "languages": ["en"], "touchpoint": "t", "questions": %s,
				"hidden": {"value": "number", "agent": "string", "vip": "boolean"}}`, s[1], questions))))
			d.Touchpoint = touchpoints[version]
			check(w.st.SaveDraft(ctx, s[0], d, int64(2*version-2)))
			check(w.st.Publish(ctx, s[0], s[1], 0, time.UnixMilli(1_700_000_000_000)))
		}
	}
	must(w.st.Close())
	template = check(os.ReadFile(w.path))
}

func check[T any](v T, err error) T {
	must(err)
	return v
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func (w *world) open() { w.st = check(store.Open(w.t.Context(), w.path)) }

func pick[T any](w *world, list ...T) T { return list[w.random.IntN(len(list))] }

// response makes one up: a new one, or the next snapshot of one that was saved.
func (w *world) response() store.Response {
	r := store.Response{Seq: 1, ID: fmt.Sprintf("0197c5c0-0000-7000-8000-%012d", len(w.saved)), Version: 1 + w.random.IntN(3), Channel: pick(w, "web", "web", "link")}
	s := w.surveys[max(0, w.random.IntN(5)-2)]
	r.Site, r.Survey = s[0], s[1]
	if len(w.saved) > 0 && w.random.IntN(6) == 0 {
		old := pick(w, w.saved...)
		r.Site, r.Survey, r.ID, r.Version, r.Seq = old.Site, old.Survey, old.ID, old.Version, old.Seq+1
	}
	span := pick(w, 3*time.Hour, 6*time.Hour, 6*24*time.Hour)
	if w.many {
		span = 4 * time.Hour
	}
	r.At = w.change.Add(time.Duration(w.random.Int64N(int64(2*span))) - span).Truncate(time.Millisecond)
	if w.random.IntN(5) == 0 {
		r.At = r.At.Truncate(15 * time.Minute) // right at the start of something
	}
	if r.At.After(w.now) {
		r.At = w.now
	}
	r.State, r.Class = pick(w, survey.States...), pick(w, survey.ClassLive, survey.ClassLive, survey.ClassLive, survey.ClassLive, pick(w, survey.Classes...))
	if w.random.IntN(3) == 0 {
		at := r.At.Add(time.Minute)
		r.DismissedAt = &at
	}
	r.Visitor, r.User = pick(w, "", "v1", "v2", "v3", "v4"), pick(w, "", "", "u1", "u2")
	answers := map[string]any{}
	sometimes := func(id string, v any) {
		if w.random.IntN(3) > 0 {
			answers[id] = v
		}
	}
	if r.State != survey.Shown {
		sometimes("nps", w.random.IntN(11))
		sometimes("sat", 1+w.random.IntN(5))
		sometimes("effort", 1+w.random.IntN(7))
		sometimes("reason", pick(w, "price", "null", "speed"))
		sometimes("likes", pick(w, []string{"a"}, []string{"a", "c"}, []string{"c", "a"}, []string{"b"}, []string{"c", "b", "a"}))
		sometimes("grid", pick(w, map[string]string{"r1": "good"}, map[string]string{"r1": "bad", "r2": "good"}, map[string]string{"r2": "bad"}))
		sometimes("up", w.random.IntN(2) == 0)
		sometimes("rank", pick(w, []string{"x", "y"}, []string{"y", "x"}))
		sometimes("why", "because")
	}
	about := store.Context{Language: pick(w, "", "en", "pl"), Device: pick(w, "", "desktop", "mobile"), Browser: pick(w, "Firefox", "Chrome"), Country: pick(w, "", "PL", "EG"),
		Traits: map[string]any{"plan": pick[any](w, "pro", "free", "a,b", 7.5, true, nil, "")}, Hidden: map[string]any{}}
	if w.random.IntN(4) > 0 {
		var urls []string
		for url := range paths {
			urls = append(urls, url)
		}
		slices.Sort(urls)
		about.Page = &survey.Page{URL: pick(w, urls...)}
		about.Trigger = &survey.Fired{Type: pick(w, "exit_intent", "idle")}
	}
	if w.random.IntN(2) == 0 {
		about.Hidden["value"], about.Hidden["agent"], about.Hidden["vip"] = pick(w, -3.5, 0, 12, 49.9), pick(w, "x", "y"), w.random.IntN(2) == 0
	}
	if r.State == survey.Completed {
		about.TookMS = int64(w.random.IntN(30_000))
	}
	if w.many {
		about.Traits["order"] = fmt.Sprint("o", w.random.IntN(3000))
	}
	for range w.random.IntN(1 + 30*boolean(w.traits)) {
		about.Traits[fmt.Sprint("t", w.random.IntN(90))] = pick(w, "1", "2")
	}
	r.Answers, r.Context = check(json.Marshal(answers)), check(json.Marshal(about))
	r.Answers = []byte(strings.Replace(string(r.Answers), `"speed"`, `"sp\u0065ed"`, 1)) // as a page may escape it
	return r
}

func (w *world) save(n int) {
	w.decoded = map[[2]string][]answered{}
	var batch []store.Response
	for range n {
		r := w.response()
		batch, w.saved = append(batch, r), append(w.saved, r)
	}
	for _, saved := range w.st.SaveResponses(w.t.Context(), batch) {
		if err, ok := saved.Err.(*survey.Error); saved.Err != nil && (!ok || err.Code != survey.Erased) {
			w.t.Fatal(saved.Err)
		}
	}
}

// happen does something that may come at any time.
func (w *world) happen() string {
	w.decoded = map[[2]string][]answered{}
	ctx, site := w.t.Context(), pick(w, "shop", "shop", "blog")
	before := w.change.Add(time.Duration(w.random.IntN(8*24)-4*24) * time.Hour)
	switch what := pick(w, "save", "save", "seal", "seal", "seal all", "erase", "anonymise", "delete", "reopen", "older"); what {
	case "save":
		w.save(1 + w.random.IntN(10))
		return what
	case "seal":
		must(segment.Seal(ctx, w.st, before))
		return fmt.Sprint("seal to ", before)
	case "seal all":
		must(segment.Seal(ctx, w.st, w.now.Add(48*time.Hour)))
		return what
	case "erase":
		p := pick(w, store.Person{User: "u1"}, store.Person{Visitor: "v1"})
		check(w.st.Erase(ctx, site, p, w.now))
		return what
	case "anonymise":
		check(w.st.AnonymiseBefore(ctx, site, before, w.now))
		return what
	case "delete":
		before = before.Add(-5 * 24 * time.Hour) // or else little would be left
		check(w.st.DeleteBefore(ctx, site, before))
		return fmt.Sprint("delete before ", before)
	case "older": // what is sealed is as an older collector left it
		must(w.st.Close())
		db := check(sql.Open("sqlite", w.path))
		check(db.ExecContext(ctx, "UPDATE segments SET counts = x'' WHERE col = '_at'"))
		check(db.ExecContext(ctx, "DELETE FROM segments WHERE col LIKE '\\_rest.%' ESCAPE '\\'"))
		check(db.ExecContext(ctx, "INSERT INTO stale SELECT site_id, survey_id, from_at, 0 FROM segments WHERE col = '_at' ON CONFLICT DO NOTHING"))
		must(db.Close())
		w.open()
		return what
	default:
		must(w.st.Close())
		w.open()
		return what
	}
}

// stored is everything that is stored of some surveys, in the order of births.
func (w *world) stored(surveys ...[2]string) (list []answered) {
	for _, s := range surveys {
		if w.decoded[s] == nil {
			for cursor, more := "", true; more; more = cursor != "" {
				page, next, err := w.st.Responses(w.t.Context(), s[0], s[1], cursor, 1000)
				must(err)
				for _, r := range page {
					w.decoded[s] = append(w.decoded[s], decode(r))
				}
				cursor = next
			}
		}
		list = append(list, w.decoded[s]...)
	}
	slices.SortFunc(list, func(a, b answered) int {
		if d := a.At.Compare(b.At); d != 0 {
			return d
		}
		return strings.Compare(a.ID, b.ID)
	})
	return list
}

func (w *world) people() []store.Person {
	return []store.Person{{User: "u1"}, {User: "u2"}, {Visitor: "v1"}}
}
