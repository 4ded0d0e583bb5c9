// Package live keeps the latest responses in memory for those who follow a survey while it is answered.
//
// A commit only appends to that memory, and wakes who waits: it never waits for a reader. A reader
// holds nothing but its place; one that falls out of the memory is told so.
package live

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/askwell/askwell/collector/store"
)

// Bounds of the memory, over all sites: who was away for less than this resumes. Ordinary responses
// have some 1 to 2 kB here.
const (
	maxEvents = 10_000
	maxBytes  = 16 << 20
	overhead  = 400 // bytes of an event beside its texts
)

// Stored says what responses have become that were sent: as they are stored now, nil where one is gone.
type Stored func(ctx context.Context, site string, sent []store.Response) ([]*store.Response, error)

// Feed is the memory. New makes one.
type Feed struct {
	stored              Stored
	boot                []byte // random: ids of another start are not taken for this one's
	maxEvents, maxBytes int

	committing sync.Mutex // held from before a commit until what it stored is in the memory

	mu     sync.Mutex
	topics map[topicKey]*topic // as many as there are published surveys, at most
	order  []*event            // of all topics, the oldest first
	bytes  int

	closing sync.Once
	closed  chan struct{}
}

type topicKey struct{ site, survey string }

// topic is what is remembered of one survey.
type topic struct {
	stamp   string        // the first part of its ids
	events  []*event      // the oldest first
	last    uint64        // number of the newest there ever was
	lost    uint64        // number of the newest that the memory had no room for any more
	changed chan struct{} // closed at the next event; nil: nobody waits
}

type event struct {
	of     *topic
	number uint64
	size   int
	sent   store.Response
}

// New makes an empty memory.
func New(stored Stored) *Feed {
	f := &Feed{stored: stored, boot: make([]byte, 16), maxEvents: maxEvents, maxBytes: maxBytes, topics: map[topicKey]*topic{}, closed: make(chan struct{})}
	rand.Read(f.boot) // never fails since Go 1.24
	return f
}

// Commit stores a batch and publishes what that changed: a repeat is no event. It is called by one
// goroutine, so events are in the order of the commits.
func (f *Feed) Commit(batch []store.Response, save func([]store.Response) []store.Saved) []store.Saved {
	f.committing.Lock()
	defer f.committing.Unlock()
	saved := save(batch)
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, one := range saved {
		if one.Err == nil && one.Changed {
			f.add(batch[i], one)
		}
	}
	return saved
}

func (f *Feed) add(sent store.Response, saved store.Saved) {
	sent.Class = saved.Class
	t := f.topic(topicKey{sent.Site, sent.Survey})
	t.last++
	e := &event{of: t, number: t.last, sent: sent,
		size: overhead + len(sent.ID) + len(sent.Visitor) + len(sent.User) + len(sent.Answers) + len(sent.Context)}
	t.events, f.order = append(t.events, e), append(f.order, e)
	for f.bytes += e.size; len(f.order) > f.maxEvents || f.bytes > f.maxBytes; {
		f.dropOldest()
	}
	if t.changed != nil {
		close(t.changed)
		t.changed = nil
	}
}

// dropOldest makes room. The oldest of all is the oldest of its topic.
func (f *Feed) dropOldest() {
	e := f.order[0]
	f.order[0], e.of.events[0] = nil, nil // what the arrays behind the slices hold on to
	f.order, e.of.events = f.order[1:], e.of.events[1:]
	f.bytes -= e.size
	e.of.lost = e.number
}

func (f *Feed) topic(key topicKey) *topic {
	t := f.topics[key]
	if t == nil {
		// Numbers count within a survey, and nothing in an id tells how busy other sites are.
		sum := sha256.Sum256(slices.Concat(f.boot, []byte(key.site+"/"+key.survey)))
		t = &topic{stamp: hex.EncodeToString(sum[:8])}
		f.topics[key] = t
	}
	return t
}

// Forget brings the memory of a site to what is stored: what was erased or deleted leaves it, and of
// what was anonymised it keeps what the database does. Where that cannot be read, all of the site goes.
func (f *Feed) Forget(ctx context.Context, site string) error {
	events, sent := f.ofSite(site)
	if len(events) == 0 {
		return nil
	}
	stored, err := f.stored(ctx, site, sent)
	if err != nil {
		stored = make([]*store.Response, len(events))
	}
	gone := map[*event]bool{}
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, e := range events {
		if stored[i] != nil {
			e.sent = *stored[i]
			continue
		}
		if gone[e] = true; err != nil {
			e.of.lost = max(e.of.lost, e.number) // it may well be stored: who has not read it reloads
		}
	}
	isGone := func(e *event) bool { return gone[e] }
	f.order = slices.DeleteFunc(f.order, isGone)
	f.bytes = 0
	for _, e := range f.order {
		f.bytes += e.size
	}
	for key, t := range f.topics {
		if key.site == site {
			t.events = slices.DeleteFunc(t.events, isGone)
		}
	}
	return err
}

// ofSite waits for a commit under way: what is on disk by now is in the memory then.
func (f *Feed) ofSite(site string) (events []*event, sent []store.Response) {
	f.committing.Lock()
	defer f.committing.Unlock()
	f.mu.Lock()
	defer f.mu.Unlock()
	for key, t := range f.topics {
		if key.site == site {
			events = append(events, t.events...)
		}
	}
	for _, e := range events {
		sent = append(sent, e.sent)
	}
	return events, sent
}

// Close ends all reading.
func (f *Feed) Close() { f.closing.Do(func() { close(f.closed) }) }

// Closed is closed by Close.
func (f *Feed) Closed() <-chan struct{} { return f.closed }

// id names an event to clients.
func (t *topic) id(number uint64) string { return t.stamp + "." + strconv.FormatUint(number, 10) }

// number is that of an id of this topic and this start.
func (t *topic) number(id string) (uint64, bool) {
	stamp, digits, _ := strings.Cut(id, ".")
	n, err := strconv.ParseUint(digits, 10, 64)
	return n, err == nil && stamp == t.stamp && n <= t.last
}
