//go:build linux

package faults

import (
	"slices"
	"sync"
	"testing"
	"time"
)

// TestOverloadIsRefusedAndMemoryStaysFlat has a disk that needs two seconds for a sync, so that the
// program can store some 256 responses a second (commits of 512), and offers over ten times as many.
// Each is accepted or refused, none is forgotten, and memory does not grow with what is offered.
func TestOverloadIsRefusedAndMemoryStaysFlat(t *testing.T) {
	t.Parallel()
	const (
		perSecond   = 256 * 20 // a busy machine offers half of them
		items       = 50
		connections = 300             // 8,192 in the queue and 512 in a commit are 175 requests that wait
		length      = 6 * time.Second // from the first refusal on: each connection has been used some times
		// Memory is flat once the queue is full and every connection was used: a third of the time. What
		// it holds then is bounded: 8,192 responses, and of each connection a goroutine, its buffers and
		// a body of at most 64 KiB. The Go runtime may let as much garbage lie as there is live memory, and
		// gives it back late: this is room for that. A program that kept what it refuses grew by 5 MB a second.
		mayGrow = 12 << 10 // kB
		most    = 128 << 10
	)
	p := start(t, newDatabase(t), inject(t, "fsync,fdatasync", "delay_enter=2000000"))
	l := newLedger()
	var requests sync.WaitGroup
	var resident []int // kB, since the first was refused
	offer := time.NewTicker(time.Second * items / perSecond)
	defer offer.Stop()
	idle := make(chan *client, connections)
	for _, c := range newClients(t, l, connections, items) {
		idle <- c
	}
	full := time.Time{} // when the first was refused
	for begun := time.Now(); full.IsZero() || time.Since(full) < length; {
		<-offer.C
		if full.IsZero() && time.Since(begun) > patience {
			t.Fatalf("no response was refused: %s", l)
		}
		c := <-idle
		requests.Go(func() {
			batch := make([]snapshot, items)
			for i := range batch {
				batch[i] = c.newResponse()
			}
			c.send(p.url, batch)
			idle <- c
		})
		if _, refused, _ := l.count(); refused > 0 {
			if full.IsZero() {
				full = time.Now()
			}
			resident = append(resident, p.status("VmRSS"))
		}
	}
	stored := p.answered() // reads go on
	p.letGo()
	requests.Wait()

	if l.unknown > 0 || l.accepted+l.refused != l.sent {
		t.Errorf("accepted + refused is not all that was sent: %s", l)
	}
	if offered := float64(l.sent) / float64(stored); offered < 10 || l.refused == 0 {
		t.Errorf("it was offered only %.1f times what it stored meanwhile: %s", offered, l)
	}
	if got := p.metric("askwell_responses_accepted_total"); int(got) != l.accepted {
		t.Errorf("the metrics count %v accepted: %s", got, l)
	}
	if got := p.metric("askwell_responses_refused_total"); int(got) != l.refused {
		t.Errorf("the metrics count %v refused: %s", got, l)
	}
	third := len(resident) / 3
	warm, later := slices.Max(resident[:third]), slices.Max(resident[third:])
	if later > warm+mayGrow || later > most {
		t.Errorf("memory grew from %d to %d kB under load", warm, later)
	}
	t.Logf("%s; %d kB resident after a third of the time, at most %d later", l, warm, later)
	l.compare(t, p)
	p.restartsWhole(l)
}
