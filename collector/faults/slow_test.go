//go:build linux

package faults

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// Time limits of the program (collector/server/config.go), and what a busy machine may add.
const (
	headerLimit = 5 * time.Second
	bodyLimit   = 15 * time.Second
	writeLimit  = 60 * time.Second
	slack       = 15 * time.Second
)

// readers is room for what a pool of four reading connections opens when it is first used to the full
// (three files each, a goroutine each): far less than the slow clients take.
const readers = 12

// TestSlowClientsAreCutOff has clients that stall in every way, some of each: all are cut off in
// time, ordinary clients are served meanwhile, and nothing of the slow ones is left.
func TestSlowClientsAreCutOff(t *testing.T) {
	t.Parallel()
	const ofEach = 10
	p := start(t, newDatabase(t))
	l := newLedger()
	ordinary := newClients(t, l, 2, 3)
	p.recovers(l, ordinary, func() {})
	for _, c := range ordinary {
		c.freshConnections() // none of them stays open and is counted
		c.http.CloseIdleConnections()
	}
	files, routines := p.openFiles(), p.metric("go_goroutines")

	head := "POST /w/shop HTTP/1.1\r\nHost: shop\r\nOrigin: " + origin + "\r\nUser-Agent: " + chrome + "\r\n"
	whole := body([]snapshot{ordinary[0].newResponse()})
	withLength := head + fmt.Sprintf("Content-Length: %d\r\n\r\n", len(whole))
	stalls := []struct {
		name      string
		say, drip string // what it says at once, and then a byte each half second
		most      time.Duration
	}{
		{"connects and says nothing", "", "", headerLimit},
		{"stops within the headers", head, "", headerLimit},
		{"headers byte by byte", "", head, headerLimit},
		{"stops before the body", withLength, "", bodyLimit},
		{"stops within the body", withLength + whole[:len(whole)/2], "", bodyLimit},
		{"body byte by byte", withLength, whole, bodyLimit},
	}
	var waiting sync.WaitGroup
	for _, stall := range stalls {
		for range ofEach {
			waiting.Go(func() {
				took, err := p.stall(stall.say, stall.drip)
				if err != nil {
					t.Errorf("%s: %v", stall.name, err)
				} else if took > stall.most+slack {
					t.Errorf("%s: cut off after %s, want %s", stall.name, took, stall.most)
				}
			})
		}
	}
	served := make(chan struct{})
	go func() {
		waiting.Wait()
		close(served)
	}()
	slowest, batches := time.Duration(0), 0
	for cut := false; !cut; batches++ {
		begun := time.Now()
		if ordinary[batches%2].send(p.url, ordinary[batches%2].batch()) != accepted {
			t.Errorf("an ordinary client is not served beside slow ones")
		}
		slowest = max(slowest, time.Since(begun))
		select {
		case <-served:
			cut = true
		case <-time.After(20 * time.Millisecond): // ordinary clients are not in a hurry: leave the cores to other tests
		}
	}
	if slowest > slack {
		t.Errorf("an ordinary client waited %s beside slow ones", slowest)
	}
	eventually(t, "all that slow clients took is given back", func() bool {
		return p.openFiles() <= files+readers && p.metric("go_goroutines") <= routines+readers
	})
	l.compare(t, p)
	p.restartsWhole(l)
}

// stall says something and waits until the program hangs up, which took so long.
func (p *program) stall(say, drip string) (took time.Duration, err error) {
	conn, err := p.dial()
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	begun := time.Now()
	conn.SetDeadline(begun.Add(patience))
	if _, err := io.WriteString(conn, say); err != nil {
		return 0, err
	}
	if drip != "" {
		go func() {
			for i := range len(drip) {
				if _, err := io.WriteString(conn, drip[i:i+1]); err != nil {
					return
				}
				time.Sleep(500 * time.Millisecond) // the fault itself
			}
		}()
	}
	if _, err := io.Copy(io.Discard, conn); errors.Is(err, os.ErrDeadlineExceeded) {
		return 0, errors.New("never cut off")
	}
	return time.Since(begun), nil
}

func (p *program) dial() (net.Conn, error) {
	return net.Dial("tcp", strings.TrimPrefix(p.url, "http://"))
}

// TestClientThatNeverReadsIsCutOff asks for far more than buffers hold, and reads nothing of it. The
// time limit is a minute, and so is this test.
func TestClientThatNeverReadsIsCutOff(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: it takes a minute")
	}
	t.Parallel()
	p := start(t, newDatabase(t))
	l := newLedger()
	clients := newClients(t, l, 1, 50)
	p.recovers(l, clients, func() {}) // something to read
	files := p.openFiles()
	const ofThem = 16 // more than readers
	ask := strings.Repeat("GET "+surveyOf+"/responses HTTP/1.1\r\nHost: shop\r\nAuthorization: Bearer "+adminKey+"\r\n\r\n", 5000)
	var cut sync.WaitGroup
	for range ofThem {
		cut.Go(func() {
			conn, err := p.dial()
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			conn.(*net.TCPConn).SetReadBuffer(4096)
			conn.SetDeadline(time.Now().Add(writeLimit + patience))
			// The program stops reading once it cannot write: this ends as the connection does.
			_, err = io.WriteString(conn, ask)
			for err == nil { // all of it fits into buffers here: the next byte tells
				_, err = io.WriteString(conn, "G")
				time.Sleep(100 * time.Millisecond)
			}
			if errors.Is(err, os.ErrDeadlineExceeded) {
				t.Error("never cut off")
			}
		})
	}
	eventually(t, "they are connected", func() bool { return p.openFiles() >= files+ofThem })
	cut.Wait()
	eventually(t, "all that they took is given back", func() bool { return p.openFiles() <= files+readers })
	if o := clients[0].send(p.url, clients[0].batch()); o != accepted {
		t.Error("afterwards, an ordinary client is not served")
	}
	p.restartsWhole(l)
}
