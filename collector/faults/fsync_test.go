//go:build linux

package faults

import (
	"fmt"
	"strings"
	"testing"
)

// TestFailedSyncIsNeverAccepted has every n-th fsync fail, as a dying disk does: clients hear 503 for
// what was in it, the program goes on, and once the disk is well nothing but a promise kept is there.
func TestFailedSyncIsNeverAccepted(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 2, 3, 7} {
		t.Run(fmt.Sprintf("every %d", n), func(t *testing.T) {
			t.Parallel()
			db := newDatabase(t)
			// Threads are counted apart. Some syncs succeed first, so that it starts.
			p := start(t, db, inject(t, "fsync,fdatasync", fmt.Sprintf("error=EIO:when=6+%d", n)))
			l := newLedger()
			clients := newClients(t, l, 6, 5)
			sending := startLoad(clients, p.url)
			eventually(t, "60 responses are refused", func() bool {
				accepted, refused, _ := l.count()
				return refused >= 60 && accepted > 0
			})
			sending.stop()
			if _, _, unknown := l.count(); unknown > 0 {
				t.Errorf("a disk that fails broke connections: %s", l)
			}
			l.compare(t, p) // reads go on while the disk fails
			p.recovers(l, clients, p.letGo)
			p.restartsWhole(l)
		})
	}
}

// recovers ends a fault that has writes refused, and checks that writes are accepted again, by the
// same process.
func (p *program) recovers(l *ledger, clients []*client, end func()) {
	p.t.Helper()
	end()
	before, _, _ := l.count()
	sending := startLoad(clients, p.url)
	eventually(p.t, "writes are accepted again", func() bool { now, _, _ := l.count(); return now >= before+50 })
	sending.stop()
	if p.hasEnded() {
		p.t.Fatalf("the program ended: %s", p.stderr)
	}
	for _, c := range clients[:1] {
		for range 5 {
			if o := c.send(p.url, c.batch()); o != accepted {
				p.t.Errorf("the fault is over, and a batch is still not accepted")
			}
		}
	}
	if strings.Contains(p.stderr.String(), "panic") {
		p.t.Errorf("it panicked: %s", p.stderr)
	}
	l.compare(p.t, p)
}

// restartsWhole stops the program, starts it again and compares.
func (p *program) restartsWhole(l *ledger) {
	p.t.Helper()
	if code := p.stop(); code != 0 {
		p.t.Errorf("exit code %d: %s", code, p.stderr)
	}
	again := start(p.t, p.db)
	l.compare(p.t, again)
	if code := again.stop(); code != 0 {
		p.t.Errorf("exit code %d: %s", code, again.stderr)
	}
	checkIntegrity(p.t, p.db)
	p.t.Log(l)
}
