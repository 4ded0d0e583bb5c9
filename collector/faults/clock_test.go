//go:build linux

package faults

import (
	"io"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/askwell/askwell/collector/server"
)

// TestClockGoingBackwardsMovesNoResponse sets the clock back and forth while clients repeat and
// change what they sent before: a response stays where it was born, new ones are accepted, and limits
// on how much a client may send neither lock anyone out nor open for good.
//
// It runs within the test: a process cannot be given a clock of its own here. Its clock is only the
// wall's, without the monotonic part that saves time.Now from such jumps within one run.
func TestClockGoingBackwardsMovesNoResponse(t *testing.T) {
	t.Parallel()
	const perSecond = 5 // batches; ten seconds' worth at once, which is enough for what is sent here between two refills
	var jumped atomic.Int64
	clock := func() time.Time { return time.Now().Round(0).Add(time.Duration(jumped.Load())) }
	app, err := server.Start(t.Context(), server.Config{
		Addr: "127.0.0.1:0", DB: filepath.Join(t.TempDir(), "askwell.db"), AdminKey: adminKey, LogLevel: "error",
		RateAddress: perSecond, RateSite: perSecond, Hooks: server.Hooks{Now: clock},
	}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := app.Stop(); err != nil {
			t.Error(err)
		}
	})
	p := &program{t: t, url: app.URL}
	p.makeSite()

	l := newLedger()
	c := newClients(t, l, 1, 5)[0]
	for _, jump := range []time.Duration{0, -time.Minute, -3 * time.Hour, 2 * time.Hour, -20 * 24 * time.Hour, 48 * time.Hour, 0} {
		jumped.Store(int64(jump))
		begun := clock().UnixMilli()
		known := len(l.responses)
		for range 10 {
			if o := c.send(p.url, c.batch()); o != accepted {
				t.Errorf("a batch is not accepted after the clock jumped to %s", jump)
			}
		}
		for len(l.responses) == known {
			c.send(p.url, c.batch())
		}
		l.compare(t, p) // births among it
		born := 0
		for _, r := range p.responses() {
			if at := r.At + 1000; at >= begun && at <= clock().UnixMilli() { // clients say that it was shown a second ago
				born++
			}
		}
		if born == 0 {
			t.Errorf("nothing is born now that the clock says %s", jump)
		}
	}

	// The limit still is one, after all the jumps.
	limited := 0
	for range 300 {
		if c.tooMany(p.url) {
			limited++
		}
	}
	if limited == 0 {
		t.Error("there is no limit any more")
	}
	jumped.Store(int64(-time.Hour))
	eventually(t, "the limited client is served again", func() bool { return !c.tooMany(p.url) })
	l.compare(t, p)
}
