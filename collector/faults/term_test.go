//go:build linux

package faults

import (
	"fmt"
	"io"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestStoppedUnderLoadItAnswersAllThatItAccepted sends SIGTERM to a busy program.
func TestStoppedUnderLoadItAnswersAllThatItAccepted(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	l := newLedger()
	for round := range 5 {
		// Half the clients dial for each request: of these, whoever was read is answered. A connection
		// that is kept is closed when it is idle; a request that comes in at that moment gets no answer,
		// stored or not, and its page sends it again.
		fresh, keeping := newLedger(), newLedger()
		dialing := newClients(t, fresh, 6, 5)
		for _, c := range dialing {
			c.freshConnections()
		}
		p := start(t, db)
		l.compare(t, p)
		some, others := startLoad(dialing, p.url), startLoad(newClients(t, keeping, 6, 5), p.url)
		eventually(t, "the load runs", func() bool {
			a, _, _ := fresh.count()
			b, _, _ := keeping.count()
			return a > 100 && b > 100
		})
		moment(20 * time.Millisecond)
		if code := p.stop(); code != 0 {
			t.Errorf("exit code %d: %s", code, p.stderr)
		}
		some.stop()
		others.stop()
		again := start(t, db)
		unanswered := 0
		for _, r := range again.responses() {
			var seq int
			fmt.Sscanf(strings.TrimPrefix(r.Answers.Why, r.ID), "~%d", &seq)
			if told := fresh.responses[r.ID]; told != nil && told.accepted < seq {
				t.Errorf("round %d: %s is stored with seq %d, and its client was told of %d", round, r.ID, seq, told.accepted)
			}
			if told := keeping.responses[r.ID]; told != nil && told.accepted < seq {
				unanswered++
			}
		}
		for _, other := range []*ledger{fresh, keeping} {
			l.add(other)
			for id, promise := range other.responses {
				l.responses[id] = promise
			}
		}
		l.compare(t, again)
		again.kill()
		t.Logf("%d responses stored and unanswered, of idle connections that were closed", unanswered)
	}
	checkIntegrity(t, db)
	t.Log(l)
}

// TestSecondSignalEndsAtOnce: who asks twice does not want to wait for a client that stalls.
func TestSecondSignalEndsAtOnce(t *testing.T) {
	t.Parallel()
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		t.Run(sig.String(), func(t *testing.T) {
			t.Parallel()
			p := start(t, newDatabase(t))
			conn, err := p.dial()
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if _, err := io.WriteString(conn, "POST /w/shop HTTP/1.1\r\nHost: shop\r\nOrigin: "+origin+"\r\nContent-Length: 100\r\n\r\n{"); err != nil {
				t.Fatal(err)
			}
			// When a later request is answered, this one is being read.
			p.keyed("GET", surveyOf, "")
			p.signal(sig)
			eventually(t, "it listens no more", func() bool {
				other, err := p.dial()
				if err == nil {
					other.Close()
				}
				return err != nil
			})
			if p.hasEnded() {
				t.Fatal("it did not wait for the request under way")
			}
			// Again and again, as who waits does: one that comes in the moment after the first may count as
			// the same.
			begun := time.Now()
			for !p.hasEnded() && time.Since(begun) < headerLimit {
				p.signal(sig)
				time.Sleep(20 * time.Millisecond)
			}
			if !p.hasEnded() {
				t.Errorf("after %s of signals it still waits", headerLimit)
			}
			code := p.exitCode()
			if code == 0 {
				t.Error("cut short, it says that all went well")
			}
		})
	}
}
