//go:build linux

package faults

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// snapshot is one state of one response, as a page sends it.
type snapshot struct {
	id  string
	seq int
}

// why is the text answer that names a snapshot: it shows in the API, in the database file and in a
// trace of system calls.
func (s snapshot) why() string { return s.id + "~" + strconv.Itoa(s.seq) }

func (s snapshot) nps() int { return s.seq % 11 }

func (s snapshot) state() string {
	if s.seq == 1 {
		return "partial"
	}
	return "completed"
}

// ledger is what clients sent, and what they were told.
type ledger struct {
	mu        sync.Mutex
	responses map[string]*promise

	// In responses sent: each was accepted, refused with 503, or nobody knows, for the connection died.
	sent, accepted, refused, unknown int
}

// promise is what the collector owes for one response.
type promise struct {
	sent     int   // the highest seq that was ever sent
	accepted int   // the highest seq that a client was told is stored
	at       int64 // birth, once it was seen: it never changes
}

func newLedger() *ledger { return &ledger{responses: map[string]*promise{}} }

func (l *ledger) send(items []snapshot) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sent += len(items)
	for _, s := range items {
		if l.responses[s.id] == nil {
			l.responses[s.id] = &promise{}
		}
		l.responses[s.id].sent = max(l.responses[s.id].sent, s.seq)
	}
}

func (l *ledger) hear(items []snapshot, o outcome) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch o {
	case accepted:
		l.accepted += len(items)
		for _, s := range items {
			l.responses[s.id].accepted = max(l.responses[s.id].accepted, s.seq)
		}
	case refused:
		l.refused += len(items)
	case unknown:
		l.unknown += len(items)
	}
}

// count is a look at a ledger while clients write it.
func (l *ledger) count() (accepted, refused, unknown int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.accepted, l.refused, l.unknown
}

func (l *ledger) String() string {
	return fmt.Sprintf("%d sent: %d accepted, %d refused, %d unknown; of %d responses", l.sent, l.accepted, l.refused, l.unknown, len(l.responses))
}

// compare checks that what was accepted is stored, at that state or one sent later, exactly once,
// that nothing is stored that was never sent, and that no response moved in time. Clients rest.
func (l *ledger) compare(t *testing.T, p *program) {
	t.Helper()
	wrong := 0
	report := func(format string, args ...any) {
		if wrong++; wrong <= 5 {
			t.Errorf(format, args...)
		}
	}
	list := p.responses()
	seen := make(map[string]bool, len(list))
	for _, r := range list {
		if seen[r.ID] {
			report("%s is stored twice", r.ID)
			continue
		}
		seen[r.ID] = true
		owed := l.responses[r.ID]
		if owed == nil {
			report("%s is stored and was never sent", r.ID)
			continue
		}
		id, number, _ := strings.Cut(r.Answers.Why, "~")
		seq, _ := strconv.Atoi(number)
		if s := (snapshot{id, seq}); id != r.ID || r.Answers.NPS != s.nps() || r.State != s.state() {
			report("%s has what was never sent as one: %+v", r.ID, r)
		}
		if seq < owed.accepted || seq > owed.sent {
			report("%s is stored with seq %d; clients heard that %d is stored, and sent up to %d", r.ID, seq, owed.accepted, owed.sent)
		}
		if owed.at != 0 && owed.at != r.At {
			report("%s was born at %d, and now at %d", r.ID, owed.at, r.At)
		}
		owed.at = r.At
	}
	for id, owed := range l.responses {
		if owed.accepted > 0 && !seen[id] {
			report("%s is lost: a client heard that its seq %d is stored", id, owed.accepted)
		}
		if owed.at != 0 && !seen[id] {
			report("%s is gone: it was stored before", id)
		}
	}
	if n := p.answered(); n != len(list) {
		report("the score counts %d answers, %d are stored", n, len(list))
	}
	if wrong > 5 {
		t.Errorf("… and %d more", wrong-5)
	}
}
