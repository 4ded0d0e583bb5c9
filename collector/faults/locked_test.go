//go:build linux

package faults

import (
	"context"
	"testing"
	"time"
)

// TestLockedDatabaseRefusesAndRecovers has another process hold the write lock for longer than the
// program waits for it (busy_timeout, 5 s): clients hear 503, reads go on, and writes are accepted
// once the lock is gone.
func TestLockedDatabaseRefusesAndRecovers(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"IMMEDIATE", "EXCLUSIVE"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			p := start(t, newDatabase(t))
			l := newLedger()
			clients := newClients(t, l, 6, 5)
			p.recovers(l, clients, func() {}) // it works before

			other := openDatabase(t, p.db)
			defer other.Close()
			lock, err := other.Conn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := lock.ExecContext(t.Context(), "BEGIN "+kind); err != nil {
				t.Fatal(err)
			}
			begun := time.Now()
			sending := startLoad(clients, p.url)
			l.compareReads(t, p)
			eventually(t, "a response is refused", func() bool { _, refused, _ := l.count(); return refused > 0 })
			if took := time.Since(begun); took < 4*time.Second {
				t.Errorf("refused after %s: it did not wait for the lock", took)
			}
			sending.stop()
			if _, _, unknown := l.count(); unknown > 0 {
				t.Errorf("a lock broke connections: %s", l)
			}
			p.recovers(l, clients, func() {
				if _, err := lock.ExecContext(context.Background(), "ROLLBACK"); err != nil {
					t.Error(err)
				}
				lock.Close()
				other.Close()
			})
			p.restartsWhole(l)
		})
	}
}

// compareReads checks that reading goes on while writes wait: the lock is held until it is done.
func (l *ledger) compareReads(t *testing.T, p *program) {
	t.Helper()
	list, n := p.responses(), p.answered()
	if len(list) == 0 || n != len(list) {
		t.Errorf("%d responses are read, and the score counts %d", len(list), n)
	}
}
