package live

import (
	"cmp"
	"context"
	"slices"

	"github.com/askwell/askwell/collector/store"
)

// Event is a response that was stored. Its ID names the place behind it.
type Event struct {
	ID string
	store.Response
}

// Reader is somebody's place in the memory of one survey. It is for one goroutine.
type Reader struct {
	feed *Feed
	of   *topic
	site string
	at   uint64
}

// Follow begins behind the event that lastID names, or with "" behind the newest. It is not ok where
// the memory does not reach back there, or the id is of another start: events are missing, and the
// place is behind the newest.
func (f *Feed) Follow(site, surveyID, lastID string) (_ *Reader, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	t := f.topic(topicKey{site, surveyID})
	r := &Reader{feed: f, of: t, site: site, at: t.last}
	if lastID == "" {
		return r, true
	}
	n, ok := t.number(lastID)
	if ok = ok && n >= t.lost; ok {
		r.at = n
	}
	return r, ok
}

// Place is an id to follow from.
func (r *Reader) Place() string { return r.of.id(r.at) }

// Next returns events from the place on, some at most, as they are stored now; those that are gone
// are left out. With none there is a channel that is closed when there are. It is not ok where the
// reader was so slow that events are missing; then the place is behind the newest.
func (r *Reader) Next(ctx context.Context, most int) (events []Event, more <-chan struct{}, ok bool, err error) {
	events, more, ok = r.take(most)
	if len(events) == 0 {
		return nil, more, ok, nil
	}
	sent := make([]store.Response, len(events))
	for i := range events {
		sent[i] = events[i].Response
	}
	stored, err := r.feed.stored(ctx, r.site, sent)
	if err != nil {
		return nil, nil, true, err
	}
	left := events[:0]
	for i, now := range stored {
		if now != nil {
			left = append(left, Event{events[i].ID, *now})
		}
	}
	return left, nil, true, nil
}

func (r *Reader) take(most int) (events []Event, more <-chan struct{}, ok bool) {
	r.feed.mu.Lock()
	defer r.feed.mu.Unlock()
	t := r.of
	if r.at < t.lost {
		r.at = t.last
		return nil, nil, false
	}
	first, _ := slices.BinarySearchFunc(t.events, r.at+1, func(e *event, n uint64) int { return cmp.Compare(e.number, n) })
	for _, e := range t.events[first:min(len(t.events), first+most)] {
		events = append(events, Event{t.id(e.number), e.sent})
		r.at = e.number
	}
	if len(events) == 0 {
		if t.changed == nil {
			t.changed = make(chan struct{})
		}
		more = t.changed
	}
	return events, more, true
}
