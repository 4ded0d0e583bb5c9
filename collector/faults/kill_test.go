//go:build linux

package faults

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// Kill points of a CI run; ASKWELL_SOAK sets another number.
const killPoints = 40

// lanes are databases that are tried side by side.
const lanes = 4

// rehearsals are the ways to be killed, in turn. Each counts as one kill point, and each ends with
// the program dead.
var rehearsals = []struct {
	name string
	die  func(*lane, *program)
}{
	{"under load", func(l *lane, p *program) { l.loadThen(p, p.kill) }},
	{"during start", func(l *lane, p *program) {
		l.loadThen(p, p.kill)
		again := spawn(l.t, l.db)
		moment(60 * time.Millisecond)
		again.kill()
	}},
	{"just after SIGTERM", func(l *lane, p *program) {
		l.loadThen(p, func() {
			p.signal(syscall.SIGTERM)
			moment(10 * time.Millisecond)
			p.kill()
		})
	}},
	{"under load", func(l *lane, p *program) { l.loadThen(p, p.kill) }},
	{"with a large log", killWithLargeLog},
}

// TestKilledAtAnyMomentItKeepsWhatItAccepted kills the program under load, starts it again on the
// same file, and compares with what clients were told, over and over.
func TestKilledAtAnyMomentItKeepsWhatItAccepted(t *testing.T) {
	t.Parallel()
	points, every := int64(killPoints), int64(killPoints)
	if soak := os.Getenv("ASKWELL_SOAK"); soak != "" {
		n, err := strconv.ParseInt(soak, 10, 64)
		if err != nil || n < 1 {
			t.Fatalf("ASKWELL_SOAK is %q, want a number of kill points", soak)
		}
		points, every = n, 50
	}
	var tried atomic.Int64
	var sums [lanes]ledger
	begun := time.Now()
	var running sync.WaitGroup
	for i := range lanes {
		running.Go(func() {
			t.Run(fmt.Sprint("lane ", i+1), func(t *testing.T) {
				for tried.Load() < points && !t.Failed() { // a new database at times, or reading it back would take all the time
					l := newLane(t)
					for range 2 * len(rehearsals) {
						n := tried.Add(1)
						if n > points {
							break
						}
						l.rehearse(int(n) % len(rehearsals))
						if n%every == 0 {
							t.Logf("%d of %d kill points tried, in %s", n, points, time.Since(begun).Round(time.Second))
						}
					}
					l.finish()
					sums[i].add(l.ledger)
				}
			})
		})
	}
	running.Wait()
	var sum ledger
	for i := range sums {
		sum.add(&sums[i])
	}
	lost := "none lost, none doubled"
	if t.Failed() {
		lost = "FAILED"
	}
	t.Logf("%d kill points in %s: %d responses accepted, %d unknown: %s", min(tried.Load(), points),
		time.Since(begun).Round(time.Second), sum.accepted, sum.unknown, lost)
	if sum.accepted < int(points) {
		t.Errorf("only %d responses were accepted over %d kill points: nothing was tried", sum.accepted, points)
	}
}

func (l *ledger) add(other *ledger) {
	l.sent += other.sent
	l.accepted += other.accepted
	l.refused += other.refused
	l.unknown += other.unknown
}

// lane is one database and those who write to it, over many lives of the program.
type lane struct {
	t       *testing.T
	db      string
	ledger  *ledger
	clients []*client
	running *program
}

func newLane(t *testing.T) *lane {
	l := &lane{t: t, db: newDatabase(t), ledger: newLedger()}
	l.clients = newClients(t, l.ledger, 3, 8)
	l.running = start(t, l.db)
	return l
}

// rehearse kills the program in one way, starts it again, and compares.
func (l *lane) rehearse(way int) {
	rehearsals[way].die(l, l.running)
	l.running = start(l.t, l.db)
	before := l.t.Failed()
	l.ledger.compare(l.t, l.running)
	if l.t.Failed() && !before {
		l.t.Errorf("… after a kill %s", rehearsals[way].name)
	}
}

func (l *lane) finish() {
	if code := l.running.stop(); code != 0 {
		l.t.Errorf("exit code %d: %s", code, l.running.stderr)
	}
	checkIntegrity(l.t, l.db)
}

// loadThen lets clients send, and at a random moment after the first word of acceptance does
// something that ends the program.
func (l *lane) loadThen(p *program, end func()) {
	before, _, _ := l.ledger.count()
	sending := startLoad(l.clients, p.url)
	defer sending.stop()
	eventually(l.t, "a response is accepted", func() bool {
		now, _, _ := l.ledger.count()
		return now > before
	})
	moment(60 * time.Millisecond)
	end()
}

// killWithLargeLog dies with a log that is several times what is written back at once: recovery
// has to read it all.
func killWithLargeLog(l *lane, p *program) {
	const large = 5 << 20 // past the 1,000 pages at which SQLite writes back
	killReader := startReader(l.t, l.db)
	defer killReader() // before the next start, which then has nobody's memory of the log to use
	l.loadThen(p, func() {
		eventually(l.t, "the log is large", func() bool {
			info, err := os.Stat(l.db + "-wal")
			return err == nil && info.Size() > large
		})
		p.kill()
	})
}

// moment waits for a random part of the time.
func moment(most time.Duration) { time.Sleep(rand.N(most)) }
