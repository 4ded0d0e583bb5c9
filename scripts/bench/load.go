package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	"github.com/google/uuid"
)

type result struct {
	rate     float64 // accepted responses a second
	p50, p99 float64 // ms
	cpu      float64 // µs of server CPU a response
}

// measure starts a server, keeps its connections busy for a while, and stops it.
func measure(kind string, connections int, length time.Duration) result {
	s := startServer(kind)
	var (
		wg         sync.WaitGroup
		histograms = make([]*hdrhistogram.Histogram, connections)
		deadline   = time.Now().Add(length)
		start      = time.Now()
	)
	for i := range connections {
		histograms[i] = hdrhistogram.New(1, 60_000_000, 3)
		wg.Go(func() { drive(s.addr, deadline, histograms[i]) })
	}
	wg.Wait()
	took := time.Since(start)
	cpu := s.end()
	all := hdrhistogram.New(1, 60_000_000, 3)
	for _, h := range histograms {
		all.Merge(h)
	}
	n := float64(all.TotalCount())
	return result{
		rate: n / took.Seconds(),
		p50:  float64(all.ValueAtQuantile(50)) / 1000, p99: float64(all.ValueAtQuantile(99)) / 1000,
		cpu: float64(cpu.Microseconds()) / n,
	}
}

// drive sends one response after the other over one connection. It writes bytes that were made
// beforehand: net/http's client would take as much of the two cores as the server.
func drive(addr string, deadline time.Time, latencies *hdrhistogram.Histogram) {
	conn, err := net.Dial("tcp", addr)
	check(err)
	defer conn.Close()
	reader := bufio.NewReader(conn)
	request, id := makeRequest(addr)
	for time.Now().Before(deadline) {
		copy(id, uuid.Must(uuid.NewV7()).String())
		sent := time.Now()
		_, err := conn.Write(request)
		check(err)
		reply, err := http.ReadResponse(reader, nil)
		check(err)
		body, err := io.ReadAll(reply.Body)
		check(err)
		if reply.StatusCode != http.StatusOK || !bytes.Contains(body, id) || !bytes.Contains(body, []byte(`"rejected":[]`)) {
			check(fmt.Errorf("not accepted: %s %s", reply.Status, body))
		}
		check(latencies.RecordValue(time.Since(sent).Microseconds()))
	}
}

// makeRequest returns a request as a page sends it (a score, a choice, a verbatim of 100 characters,
// page data), and the part of it that holds the id.
func makeRequest(addr string) (request, id []byte) {
	now, placeholder := time.Now().UnixMilli(), strings.Repeat("x", 36)
	body := fmt.Sprintf(`{"sent_at":%d,"responses":[{"id":%q,"survey":"checkout-exit","version":1,"seq":3,"state":"completed",`+
		`"shown_at":%d,"completed_at":%d,"answers":{"nps":9,"reason":"price","why":%q},`+
		`"trigger":{"type":"cart_abandonment","reason":"pointer_top"},`+
		`"page":{"url":"https://shop.example/checkout?step=payment","referrer":"https://shop.example/cart"},`+
		`"language":"en","visitor":"0197c5c0-7d9a-7000-8000-000000000001","cart":{"value":49.9,"currency":"EUR","items":2}}]}`,
		now, placeholder, now-9000, now, strings.Repeat("It was quick. ", 7)+"OK")
	request = fmt.Appendf(nil, "POST /w/shop HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s",
		addr, origin, len(body), body)
	at := bytes.Index(request, []byte(placeholder))
	return request, request[at : at+36]
}
