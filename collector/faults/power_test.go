//go:build linux

package faults

import (
	"bufio"
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// TestPowerCutLosesNothingThatWasAccepted has strace write down all that the program does to its
// files and all that it tells clients, and reads that twice:
//
//   - at every "accepted" that begins to leave, each response in it is in a write to the database or
//     its log that a completed fsync covers;
//   - at many of these points the power goes: files made of what was synced by then (and a random part
//     of what was not) are opened by the program, and compared with what clients had been told.
//
// A trace begins with the database's first start, and is long enough for the log to be written back.
func TestPowerCutLosesNothingThatWasAccepted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	trace := filepath.Join(t.TempDir(), "trace")
	p := start(t, filepath.Join(dir, "askwell.db"), underStrace(t, "--seccomp-bpf", "-y", "-s", "70000", "-o", trace,
		"-e", "trace=write,writev,sendto,sendmsg,pwrite64,pwritev,fsync,fdatasync,ftruncate,unlink,unlinkat"))
	p.makeSite()

	sent := newLedger()
	told := &receipts{items: map[string][]snapshot{}}
	clients := newClients(t, sent, 4, 5)
	for _, c := range clients {
		c.heard = told.keep
	}
	sending := startLoad(clients, p.url)
	const enough = 1200 // responses: the log passes 1,000 pages, at which SQLite writes it back
	eventually(t, "enough is accepted", func() bool { n, _, _ := sent.count(); return n > enough })
	sending.stop()
	p.kill()
	if told.refused > 0 || sent.unknown > 0 {
		t.Fatalf("without a fault, %s", sent)
	}

	power := &powerCut{t: t, disk: newDisk(dir), told: told.items, sent: sent,
		written: map[string]int{}, synced: map[string]int{}, heard: newLedger(), every: len(told.items) / 12}
	power.heard.responses = map[string]*promise{}
	power.read(trace)
	if power.replies < len(told.items) || power.cuts < 10 || power.checkpoints == 0 {
		t.Errorf("the trace has %d replies of %d, %d power cuts, %d times that the log was written back", power.replies, len(told.items), power.cuts, power.checkpoints)
	}
	if power.early > 0 {
		t.Errorf("%d responses were accepted before they were synced", power.early)
	}
	t.Logf("%d replies, each after an fsync of what it says; %d power cuts survived; the log was written back in %d writes", power.replies, power.cuts, power.checkpoints)
}

// receipts are what was in each batch that was accepted, by the id of its request.
type receipts struct {
	mu      sync.Mutex
	items   map[string][]snapshot
	refused int
}

func (r *receipts) keep(requestID string, items []snapshot, o outcome) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if o != accepted {
		r.refused++
		return
	}
	r.items[requestID] = items
}

// powerCut reads a trace from its beginning, and cuts the power at times.
type powerCut struct {
	t    *testing.T
	disk *disk
	told map[string][]snapshot // what each reply says, by request id
	sent *ledger

	written map[string]int // by response, the highest seq in a write that has ended
	synced  map[string]int // and the highest that a sync which has ended covers
	heard   *ledger        // what clients had been told

	every, replies, cuts, checkpoints, early int
}

var requestIDHeader = regexp.MustCompile(`X-Request-Id: ([0-9a-f-]{36})`)

func (p *powerCut) read(trace string) {
	in, err := os.Open(trace)
	if err != nil {
		p.t.Fatal(err)
	}
	defer in.Close()
	lines := bufio.NewReaderSize(in, 1<<20)
	covering := map[string]map[string]int{} // by thread, what was written when its sync began
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return // the end; the kill may have cut the last line
		}
		c, ok := parseCall(strings.TrimSuffix(line, "\n"))
		if !ok {
			continue
		}
		begun := p.disk.underWay[c.thread]
		if c.begins && isReply(c) {
			p.reply(c)
		}
		p.disk.follow(p.t, c)
		whole := c
		whole.args = begun.args + c.args
		if c.begins && c.ends {
			whole.args = c.args
		}
		switch c.name {
		case "pwrite64":
			if c.ends && !strings.HasPrefix(c.result, "-1") && c.result != "?" {
				p.noteWrite(whole)
			}
		case "fsync", "fdatasync":
			if c.begins {
				covering[c.thread] = clone(p.written)
			}
			if c.ends && c.result == "0" && p.disk.file(whole.path()) != nil {
				p.synced = covering[c.thread]
			}
		}
	}
}

// clone of a map that grows: what is synced is what was written when the sync began.
func clone(m map[string]int) map[string]int {
	out := make(map[string]int, len(m))
	for k, v := range m {
		out[k] = v
	}
	return out
}

// isReply says whether a call begins to send a client "accepted".
func isReply(c call) bool {
	return (c.name == "write" || c.name == "writev" || c.name == "sendto" || c.name == "sendmsg") &&
		strings.Contains(c.args, "HTTP/1.1 200 OK") && strings.Contains(c.args, `{\"accepted\":[\"`)
}

func (p *powerCut) noteWrite(c call) {
	path := c.path()
	if p.disk.file(path) == nil {
		return
	}
	if strings.HasSuffix(path, ".db") && p.replies > 0 {
		p.checkpoints++
	}
	data, _ := c.data()
	const id = 36
	for {
		at := bytes.IndexByte(data, '~')
		if at < 0 {
			return
		}
		digits := 0
		for at+1+digits < len(data) && data[at+1+digits] >= '0' && data[at+1+digits] <= '9' {
			digits++
		}
		seq, err := strconv.Atoi(string(data[at+1 : at+1+digits]))
		// A sequence number that ends with the page could go on in the next: only the quote ends it.
		if err == nil && at >= id && at+1+digits < len(data) && data[at+1+digits] == '"' {
			name := string(data[at-id : at])
			p.written[name] = max(p.written[name], seq)
		}
		data = data[at+1:]
	}
}

func (p *powerCut) reply(c call) {
	data, _ := c.data()
	found := requestIDHeader.FindSubmatch(data)
	if found == nil {
		p.t.Errorf("a reply without a request id: %s", bytes.TrimSpace(data))
		return
	}
	items := p.told[string(found[1])]
	for _, s := range items {
		if p.synced[s.id] < s.seq {
			if p.early++; p.early > 5 {
				continue
			}
			p.t.Errorf("%s left with %s accepted, of which seq %d is synced and seq %d written", found[1], s.why(), p.synced[s.id], p.written[s.id])
		}
	}
	p.heard.send(items)
	p.heard.hear(items, accepted)
	if p.replies++; p.replies%p.every == 0 {
		p.cut()
	}
}

// cut starts the program on what the power cut left, and compares.
func (p *powerCut) cut() {
	p.cuts++
	dir := p.t.TempDir()
	if err := p.disk.afterPowerCut(dir, rand.New(rand.NewPCG(rand.Uint64(), 0))); err != nil {
		p.t.Fatal(err)
	}
	db := filepath.Join(dir, "askwell.db")
	again := start(p.t, db)
	// Told up to here; stored may be anything that was sent up to the end.
	owed := newLedger()
	for id, sent := range p.sent.responses {
		owed.responses[id] = &promise{sent: sent.sent}
		if told := p.heard.responses[id]; told != nil {
			owed.responses[id].accepted = told.accepted
		}
	}
	owed.compare(p.t, again)
	if code := again.stop(); code != 0 {
		p.t.Errorf("exit code %d: %s", code, again.stderr)
	}
	checkIntegrity(p.t, db)
}
