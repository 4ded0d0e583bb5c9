package server_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/askwell/askwell/collector/server"
	"github.com/askwell/askwell/collector/servertest"
)

// The stream of responses, over HTTP.

const (
	exitList   = "/v1/sites/shop/surveys/exit/responses"
	exitStream = exitList + "/stream"
)

// following is a client of a stream.
type following struct {
	t      *testing.T
	body   io.ReadCloser
	header http.Header
	events chan sent // closed at the stream's end
	place  string    // of the last event that was read
}

// sent is an event, or a comment.
type sent struct{ event, id, data string }

func (s sent) response(t *testing.T) (v struct {
	ID    string
	Class string
	User  string
}) {
	t.Helper()
	if s.event != "response" {
		t.Fatalf("got %+v, want a response", s)
	}
	if err := json.Unmarshal([]byte(s.data), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func follow(c *servertest.Collector, path, last string) *following {
	c.T.Helper()
	return followAs(c, servertest.Key, path, last)
}

func followAs(c *servertest.Collector, key, path, last string) *following {
	c.T.Helper()
	req, err := http.NewRequestWithContext(c.T.Context(), "GET", c.URL+path, nil)
	if err != nil {
		c.T.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+key)
	if last != "" {
		req.Header.Set("Last-Event-ID", last)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		c.T.Fatal(err)
	}
	if res.StatusCode != 200 {
		c.T.Fatalf("got %d", res.StatusCode)
	}
	f := &following{t: c.T, body: res.Body, header: res.Header, events: make(chan sent, 100_000), place: last}
	c.T.Cleanup(f.close)
	began := make(chan string)
	go f.read(began)
	if id := <-began; id != "" {
		f.place = id
	}
	return f
}

// read reads as EventSource does; what stands before the first empty line is told to began.
func (f *following) read(began chan<- string) {
	defer close(f.events)
	defer func() {
		if began != nil {
			close(began)
		}
	}()
	var at sent
	lines := bufio.NewScanner(f.body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ":")
		value = strings.TrimPrefix(value, " ")
		switch {
		case lines.Text() == "":
			if began != nil {
				began <- at.id
				close(began)
				began = nil
			} else if at != (sent{}) {
				f.events <- at
			}
			at = sent{}
		case name == "":
			at.event = "comment"
		case name == "id":
			at.id = value
		case name == "event":
			at.event = value
		case name == "data":
			at.data = value
		}
	}
}

// next is the next event that is no comment; ok is false at the end.
func (f *following) next() (e sent, ok bool) {
	f.t.Helper()
	for {
		select {
		case e, ok = <-f.events:
			if e.event == "comment" {
				continue
			}
			if ok {
				f.place = e.id
			}
			return e, ok
		case <-time.After(20 * time.Second):
			f.t.Fatal("nothing came for 20 seconds")
		}
	}
}

func (f *following) must() sent {
	f.t.Helper()
	e, ok := f.next()
	if !ok {
		f.t.Fatal("the stream has ended")
	}
	return e
}

func (f *following) close() { f.body.Close() }

func snapshot(id string, seq int, answers, more string) string {
	return fmt.Sprintf(`{"id": %q, "survey": "exit", "version": 1, "seq": %d, "state": "completed", "shown_at": %d, "answers": %s%s}`,
		id, seq, time.Now().UnixMilli(), answers, more)
}

func TestAStreamTellsWhatTheListTells(t *testing.T) {
	c := servertest.StartShop(t)
	f := follow(c, exitStream, "")
	for name, want := range map[string]string{"Content-Type": "text/event-stream", "Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no",
		"Content-Encoding": "", "X-Content-Type-Options": "nosniff"} {
		if got := f.header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	items := func() map[string]string {
		var list struct {
			Items []json.RawMessage
		}
		if err := json.Unmarshal([]byte(c.Must(200, "GET", exitList, "").Text), &list); err != nil {
			t.Fatal(err)
		}
		byID := map[string]string{}
		for _, item := range list.Items {
			var id struct{ ID string }
			json.Unmarshal(item, &id)
			byID[id.ID] = string(item)
		}
		return byID
	}
	same := func(what string) {
		t.Helper()
		e := f.must()
		if diff := cmp.Diff(items()[e.response(t).ID], e.data); diff != "" {
			t.Errorf("%s is not as in the list (-list +stream):\n%s", what, diff)
		}
	}
	first, second := servertest.NewID(), servertest.NewID()
	c.Send(snapshot(first, 1, `{"nps": 9, "why": "<b>&amp;\u2028 ok"}`, `, "user": "u-42", "traits": {"plan": "pro"}, "page": {"url": "https://shop.example/?a=1&b=2"}`))
	same("a response")
	c.Send(snapshot(first, 1, `{"nps": 1}`, "")) // a repeat is no event
	time.Sleep(20 * time.Millisecond)
	c.Send(snapshot(first, 2, `{"nps": 3}`, `, "dismissed_at": 5`)) // its birth stays as it was first
	same("a change")
	c.Send(snapshot(second, 1, `{"nps": 3}`, `, "test": true`))
	same("a test")
	c.Send(snapshot(second, 2, `{"nps": 4}`, "")) // says no more that it is a test, and is one
	same("a change to a test")
	if r := c.Must(200, "GET", exitStream+"?last_event_id="+f.place, ""); r.Text != "retry: 2000\n\n" {
		t.Errorf("with the place in the query: %q", r.Text)
	}
	c.Must(404, "GET", "/v1/sites/shop/surveys/nope/responses/stream", "")
}

func TestAStreamResumesWithoutLossOrRepeat(t *testing.T) {
	c := servertest.StartShop(t)
	f := follow(c, exitStream, "")
	const senders, each = 4, 100
	var all sync.WaitGroup
	for range senders {
		all.Go(func() {
			for range each {
				c.Send(servertest.Response(servertest.NewID(), `{"nps": 9}`, ""), servertest.Response(servertest.NewID(), `{"nps": 3}`, ""))
			}
		})
	}
	seen := map[string]bool{}
	for n := 0; n < 2*senders*each; n++ {
		id := f.must().response(t).ID
		if seen[id] {
			t.Fatalf("%s came twice", id)
		}
		seen[id] = true
		if n%37 == 0 { // the line breaks, with more on its way
			f.close()
			f = follow(c, exitStream, f.place)
		}
	}
	all.Wait()
	for _, item := range c.Must(200, "GET", exitList+"?limit=1000", "").Body["items"].([]any) {
		if id := item.(map[string]any)["id"].(string); !seen[id] {
			t.Errorf("%s never came", id)
		}
	}
	c.Send(servertest.Response("0197c5c0-8f2c-7d4a-8b6e-3a7f9d2c5e02", `{"nps": 9}`, ""))
	if id := f.must().response(t).ID; id != "0197c5c0-8f2c-7d4a-8b6e-3a7f9d2c5e02" {
		t.Errorf("then came %s", id)
	}
}

func TestAStreamSaysWhereEventsAreMissing(t *testing.T) {
	db := filepath.Join(t.TempDir(), "askwell.db")
	app, err := server.Start(t.Context(), server.Config{Addr: "127.0.0.1:0", DB: db, AdminKey: servertest.Key, LogLevel: "error"}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	c := &servertest.Collector{App: app, T: t}
	c.MakeShop()
	f := follow(c, exitStream, "")
	f.close()
	for range 201 { // 50 more than are remembered
		var batch []string
		for range 50 {
			batch = append(batch, servertest.Response(servertest.NewID(), `{"nps": 9}`, ""))
		}
		c.Send(batch...)
	}
	reloads := func(c *servertest.Collector, what, last string) string {
		t.Helper()
		f := follow(c, exitStream, last)
		e := f.must()
		if e.event != "reload" || e.data != `{"reason":"unknown_id"}` {
			t.Fatalf("%s: the first event is %+v", what, e)
		}
		id := servertest.NewID()
		c.Send(servertest.Response(id, `{"nps": 9}`, ""))
		if got := f.must(); got.response(t).ID != id {
			t.Errorf("%s: then comes %s, want what was sent since", what, got.data)
		}
		f.close()
		f = follow(c, exitStream, e.id) // the reload is a place too
		if got := f.must(); got.response(t).ID != id {
			t.Errorf("%s: from the reload on comes %s", what, got.data)
		}
		return f.place
	}
	place := reloads(c, "an overflow", f.place)
	if err := app.Stop(); err != nil {
		t.Fatal(err)
	}
	reloads(servertest.Start(t, server.Config{DB: db}), "a restart", place)
}

// A client that reads nothing costs the others nothing, and is cut off.
func TestASlowReaderHoldsNobodyUp(t *testing.T) {
	c := servertest.StartShop(t)
	slow, err := net.Dial("tcp", strings.TrimPrefix(strings.Replace(c.URL, "localhost", "127.0.0.1", 1), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Close()
	slow.(*net.TCPConn).SetReadBuffer(4096)
	fmt.Fprintf(slow, "GET %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n", exitStream, servertest.Key)
	f := follow(c, exitStream, "")
	const batches, each = 110, 24
	page := `, "page": {"url": "https://shop.example/` + strings.Repeat("x", 1900) + `"}`
	longest := time.Duration(0)
	for range batches { // some 5 MB: more than the buffers of a connection hold
		var batch []string
		for range each {
			batch = append(batch, servertest.Response(servertest.NewID(), `{"nps": 9}`, page))
		}
		start := time.Now()
		if r := c.Send(batch...); len(r.Body["accepted"].([]any)) != each {
			t.Fatal(r.Text)
		}
		longest = max(longest, time.Since(start))
	}
	t.Logf("storing %d took %s at most", each, longest)
	for range batches * each {
		f.must().response(t)
	}
	cut := time.Now().Add(30 * time.Second)
	for { // until only what the kernel holds is left to read
		time.Sleep(time.Second)
		if time.Now().After(cut) {
			t.Fatal("it is not cut off")
		}
		if n := c.Metric(`askwell_request_seconds_count{method="GET",route="/v1/sites/:site/surveys/:survey/responses/stream",status="200"}`); n == 1 {
			break
		}
	}
}

func TestAStopEndsStreamsAtOnce(t *testing.T) {
	http.DefaultClient.CloseIdleConnections()
	before := goleak.IgnoreCurrent()
	app, err := server.Start(t.Context(), server.Config{Addr: "127.0.0.1:0", DB: filepath.Join(t.TempDir(), "askwell.db"), AdminKey: servertest.Key, LogLevel: "error"}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	c := &servertest.Collector{App: app, T: t}
	c.MakeShop()
	var open []*following
	for range 5 {
		open = append(open, follow(c, exitStream, ""))
	}
	c.Send(servertest.Response(servertest.NewID(), `{"nps": 9}`, ""))
	for _, f := range open {
		f.must().response(t)
	}
	start := time.Now()
	if err := app.Stop(); err != nil {
		t.Error(err)
	}
	if took := time.Since(start); took > 15*time.Second { // one that waits for them takes drainTimeout, 20 s
		t.Errorf("the stop took %s", took)
	}
	for _, f := range open {
		if e, ok := f.next(); ok {
			t.Errorf("after the stop came %+v", e)
		}
		f.close()
	}
	http.DefaultClient.CloseIdleConnections()
	goleak.VerifyNone(t, before)
}

func TestAnErasedPersonLeavesTheStream(t *testing.T) {
	c := servertest.StartShop(t)
	f := follow(c, exitStream, "")
	begin := f.place
	mine, others := servertest.NewID(), servertest.NewID()
	c.Send(snapshot(mine, 1, `{"nps": 2, "why": "Private"}`, ""), snapshot(others, 1, `{"nps": 10}`, `, "user": "u-43"`))
	c.Send(snapshot(mine, 2, `{"nps": 2, "why": "Private"}`, `, "user": "u-42"`)) // known only later who it is
	for range 3 {
		f.must().response(t)
	}
	c.Must(200, "POST", "/v1/sites/shop/erase", `{"user": "u-42"}`)
	again := follow(c, exitStream, begin)
	if e := again.must(); e.response(t).ID != others {
		t.Errorf("who resumes gets %s", e.data)
	}
	last := servertest.NewID()
	c.Send(snapshot(mine, 3, `{"nps": 2}`, ""), snapshot(last, 1, `{"nps": 7}`, `, "user": "u-42"`)) // the first is refused, the second a new one
	for _, f := range []*following{f, again} {
		if e := f.must(); e.response(t).ID != last {
			t.Errorf("then comes %s", e.data)
		}
	}
}

func TestStreamsOfTwoSitesNeverMix(t *testing.T) {
	c := servertest.StartShop(t)
	c.Must(200, "PUT", "/v1/sites/blog", strings.ReplaceAll(strings.ReplaceAll(servertest.ShopSite, "Shop", "Blog"), `"shop"`, `"blog"`))
	for _, path := range []string{"/v1/sites/blog/surveys/exit", "/v1/sites/shop/surveys/other"} {
		c.Must(200, "PUT", path, strings.Replace(servertest.ExitDoc, `"exit"`, `"`+path[strings.LastIndex(path, "/")+1:]+`"`, 1))
		c.Must(200, "POST", path+"/publish", "")
	}
	key := c.Must(201, "POST", "/v1/keys", `{"name": "blog", "scope": "read", "site": "blog"}`).Body["key"].(string)
	c.Must(403, "GET", exitStream, "", "Authorization", "Bearer "+key)
	shop, blog := follow(c, exitStream, ""), followAs(c, key, "/v1/sites/blog/surveys/exit/responses/stream", "")
	other := follow(c, "/v1/sites/shop/surveys/other/responses/stream", "")
	of := map[string]*following{}
	for range 50 {
		for _, to := range []struct {
			site, survey string
			f            *following
		}{{"shop", "exit", shop}, {"blog", "exit", blog}, {"shop", "other", other}} {
			id := servertest.NewID()
			of[id] = to.f
			c.Must(200, "POST", "/w/"+to.site, `{"sent_at": 1, "responses": [`+strings.Replace(servertest.Response(id, `{"nps": 9}`, ""), `"exit"`, `"`+to.survey+`"`, 1)+`]}`)
		}
	}
	for range 50 {
		for _, f := range []*following{shop, blog, other} {
			if id := f.must().response(t).ID; of[id] != f {
				t.Fatalf("%s came to another stream than its own", id)
			}
		}
	}
	if e := followAs(c, key, "/v1/sites/blog/surveys/exit/responses/stream", shop.place).must(); e.event != "reload" {
		t.Errorf("with another site's place: %+v", e)
	}
}

func TestAStreamEndsWithItsKey(t *testing.T) {
	c := servertest.Start(t, server.Config{Hooks: server.Hooks{StreamBeat: 50 * time.Millisecond}})
	c.MakeShop()
	made := c.Must(201, "POST", "/v1/keys", `{"name": "x", "scope": "read"}`).Body
	f, other := followAs(c, made["key"].(string), exitStream, ""), follow(c, exitStream, "")
	if e := <-f.events; e.event != "comment" {
		t.Errorf("while nothing happens comes %+v", e)
	}
	c.Must(204, "DELETE", "/v1/keys/"+made["id"].(string), "")
	if e, ok := f.next(); ok {
		t.Errorf("got %+v", e)
	}
	c.Send(servertest.Response(servertest.NewID(), `{"nps": 9}`, ""))
	other.must().response(t)
}

func TestAKeyMayHaveSoManyStreams(t *testing.T) {
	c := servertest.StartShop(t)
	key := c.Must(201, "POST", "/v1/keys", `{"name": "x", "scope": "read"}`).Body["key"].(string)
	var open []*following
	for range 16 {
		open = append(open, followAs(c, key, exitStream, ""))
	}
	r := c.Must(429, "GET", exitStream, "", "Authorization", "Bearer "+key)
	servertest.IsProblem(t, r)
	if r.Header.Get("Retry-After") == "" || !strings.Contains(r.Text, "16 streams") {
		t.Errorf("refused with %s", r.Text)
	}
	follow(c, exitStream, "") // another key's
	open[3].close()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if r := c.Do("GET", exitStream, "", "Authorization", "Bearer "+key); r.Status == 200 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("a stream that was closed makes no room")
		}
	}
}
