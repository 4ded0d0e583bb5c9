package live

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/askwell/askwell/collector/store"
	"github.com/askwell/askwell/collector/survey"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// database is what is stored, by site and id.
type database struct {
	mu   sync.Mutex
	rows map[string]store.Response
	err  error
}

func (d *database) stored(_ context.Context, site string, sent []store.Response) ([]*store.Response, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := make([]*store.Response, len(sent))
	for i, r := range sent {
		if stored, ok := d.rows[site+"/"+r.ID]; ok {
			r.Visitor = stored.Visitor
			now[i] = &r
		}
	}
	return now, d.err
}

func (d *database) save(batch []store.Response) []store.Saved {
	d.mu.Lock()
	defer d.mu.Unlock()
	saved := make([]store.Saved, len(batch))
	for i, r := range batch {
		old, known := d.rows[r.Site+"/"+r.ID]
		if saved[i] = (store.Saved{Class: r.Class, Changed: !known || r.Seq > old.Seq}); saved[i].Changed {
			d.rows[r.Site+"/"+r.ID] = r
		}
	}
	return saved
}

func newFeed(events, bytes int) (*Feed, *database) {
	d := &database{rows: map[string]store.Response{}}
	f := New(d.stored)
	f.maxEvents, f.maxBytes = events, bytes
	return f, d
}

func row(site, surveyID, id string, seq int) store.Response {
	return store.Response{Site: site, Survey: surveyID, ID: id, Seq: seq, Class: survey.ClassLive, Visitor: "v-" + id, Answers: json.RawMessage(`{}`)}
}

// ids reads all there is, as ids of responses.
func ids(t *testing.T, r *Reader) string {
	t.Helper()
	var got []string
	for {
		events, more, ok, err := r.Next(t.Context(), 3)
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			got = append(got, "reload")
		}
		for _, e := range events {
			got = append(got, e.Response.ID)
		}
		if more != nil {
			return strings.Join(got, " ")
		}
	}
}

func TestAReaderResumesAtItsPlace(t *testing.T) {
	f, d := newFeed(100, 1<<20)
	r, ok := f.Follow("shop", "exit", "")
	if !ok {
		t.Error("what begins is told to reload")
	}
	begin := r.Place()
	f.Commit([]store.Response{row("shop", "exit", "a", 1), row("blog", "exit", "x", 1), row("shop", "exit", "b", 1), row("shop", "other", "y", 1)}, d.save)
	f.Commit([]store.Response{row("shop", "exit", "a", 1), row("shop", "exit", "a", 2)}, d.save) // a repeat, and a change
	if got := ids(t, r); got != "a b a" {
		t.Errorf("got %s", got)
	}
	end := r.Place()
	for id, want := range map[string]string{begin: "a b a", end: ""} {
		again, ok := f.Follow("shop", "exit", id)
		if got := ids(t, again); !ok || got != want {
			t.Errorf("from %s: got %q (%v), want %q", id, got, ok, want)
		}
	}
	other, _ := f.Follow("blog", "exit", "")
	for _, id := range []string{other.Place(), "nonsense", strings.Replace(end, ".3", ".4", 1), end + "0", strings.Split(end, ".")[0], end + ".1"} {
		again, ok := f.Follow("shop", "exit", id)
		if got := ids(t, again); ok || got != "" || again.Place() != end {
			t.Errorf("from %s: got %q (%v), then %s", id, got, ok, again.Place())
		}
	}
	if restarted, _ := newFeed(100, 1<<20); true {
		if _, ok := restarted.Follow("shop", "exit", begin); ok {
			t.Error("an id of another start is taken for this one's")
		}
	}
}

func TestTheMemoryIsBounded(t *testing.T) {
	for name, f := range map[string]func() (*Feed, *database){
		"by number": func() (*Feed, *database) { return newFeed(10, 1<<30) },
		"by bytes":  func() (*Feed, *database) { return newFeed(1<<30, 10*(overhead+8)) },
	} {
		t.Run(name, func(t *testing.T) {
			f, d := f()
			slow, _ := f.Follow("shop", "exit", "")
			begin := slow.Place()
			quiet, _ := f.Follow("blog", "exit", "")
			for i := range 100 {
				f.Commit([]store.Response{row("shop", "exit", fmt.Sprintf("%02d", i), 1)}, d.save)
			}
			if len(f.order) != 10 || len(f.topics[topicKey{"shop", "exit"}].events) != 10 || f.bytes > 10*(overhead+8) {
				t.Errorf("%d events in %d bytes are kept", len(f.order), f.bytes)
			}
			if got := ids(t, slow); got != "reload" {
				t.Errorf("who was too slow reads %q", got)
			}
			stamp, _, _ := strings.Cut(begin, ".")
			for at, want := range map[string]bool{begin: false, stamp + ".89": false, stamp + ".90": true, stamp + ".100": true} {
				if _, ok := f.Follow("shop", "exit", at); ok != want {
					t.Errorf("from %s: %v, want %v", at, ok, want)
				}
			}
			if _, ok := f.Follow("blog", "exit", quiet.Place()); !ok {
				t.Error("who follows a quiet survey has to reload for a busy one")
			}
		})
	}
}

func TestWhatIsErasedLeavesTheMemory(t *testing.T) {
	f, d := newFeed(100, 1<<20)
	r, _ := f.Follow("shop", "exit", "")
	begin := r.Place()
	f.Commit([]store.Response{row("shop", "exit", "a", 1), row("shop", "exit", "b", 1), row("shop", "exit", "c", 1), row("blog", "exit", "a", 1)}, d.save)
	delete(d.rows, "shop/b")
	anonymous := row("shop", "exit", "c", 1)
	anonymous.Visitor = ""
	d.rows["shop/c"] = anonymous
	if got := ids(t, r); got != "a c" {
		t.Errorf("before the memory knows of it: got %s", got)
	}
	if err := f.Forget(t.Context(), "shop"); err != nil {
		t.Fatal(err)
	}
	if len(f.order) != 3 {
		t.Errorf("%d events are left, want 3", len(f.order))
	}
	for _, e := range f.order {
		if e.sent.ID == "b" || e.sent.ID == "c" && e.sent.Visitor != "" {
			t.Errorf("the memory holds %+v", e.sent)
		}
	}
	again, ok := f.Follow("shop", "exit", begin)
	if got := ids(t, again); !ok || got != "a c" {
		t.Errorf("got %s (%v)", got, ok)
	}
	// Where nobody can tell what is erased, nothing stays; who has not read it reads the list.
	d.err = errors.New("the disk fails")
	if err := f.Forget(t.Context(), "shop"); err == nil {
		t.Error("the failure is not told")
	}
	d.err = nil
	if _, ok := f.Follow("shop", "exit", begin); ok || len(f.order) != 1 {
		t.Errorf("%d events are left, and who resumes is told %v", len(f.order), ok)
	}
	if f.bytes != f.order[0].size {
		t.Errorf("%d bytes are counted, want %d", f.bytes, f.order[0].size)
	}
}

func TestReadersAndErasuresTogether(t *testing.T) {
	f, d := newFeed(64, 1<<20)
	ctx, stop := context.WithCancel(t.Context())
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			r, _ := f.Follow("shop", "exit", "")
			last := 0
			for {
				events, more, ok, err := r.Next(ctx, 5)
				if err != nil {
					t.Error(err)
					return
				}
				if !ok {
					last = 0
				}
				for _, e := range events {
					if e.Seq <= last {
						t.Errorf("%d came after %d", e.Seq, last)
					}
					last = e.Seq
				}
				if more == nil {
					continue
				}
				select {
				case <-more:
				case <-ctx.Done():
					return
				}
			}
		})
	}
	all.Go(func() {
		for ctx.Err() == nil {
			if err := f.Forget(ctx, "shop"); err != nil {
				t.Error(err)
			}
		}
	})
	for i := range 2000 {
		f.Commit([]store.Response{row("shop", "exit", fmt.Sprint(i%50), i+1)}, d.save)
	}
	stop()
	all.Wait()
	f.Close()
	f.Close()
	<-f.Closed()
}
