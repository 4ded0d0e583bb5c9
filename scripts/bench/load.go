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

// result is what a run measured. A request is one response, or one script.
type result struct {
	rate     float64 // requests a second
	p50, p99 float64 // ms
	cpu      float64 // µs of server CPU a request
	batch    float64 // responses in a commit
}

// request is what a connection sends again and again, and what it expects.
type request struct {
	bytes []byte
	ids   [][]byte // the parts of bytes that are ids of responses: each time others
	want  string   // what every answer's body holds; with ids, each of them too
}

// measure keeps the connections of a server busy for a while.
func measure(kind string, connections int, length time.Duration, ask func(addr string) request) result {
	p := start(kind, *profile)
	defer p.end()
	var (
		wg         sync.WaitGroup
		histograms = new([1024]*hdrhistogram.Histogram)
		before     = p.cpu()
		began      = time.Now()
		deadline   = began.Add(length)
	)
	for i := range connections {
		histograms[i] = hdrhistogram.New(1, 60_000_000, 3)
		wg.Go(func() { drive(p.addr, ask(p.addr), func() bool { return time.Now().Before(deadline) }, histograms[i]) })
	}
	wg.Wait()
	took, cpu := time.Since(began), p.cpu()-before
	all := hdrhistogram.New(1, 60_000_000, 3)
	for _, h := range histograms[:connections] {
		all.Merge(h)
	}
	n := float64(all.TotalCount())
	return result{
		batch: p.metric("askwell_commit_responses_sum") / p.metric("askwell_commit_responses_count"),
		rate:  n / took.Seconds(), cpu: float64(cpu.Microseconds()) / n,
		p50: float64(all.ValueAtQuantile(50)) / 1000, p99: float64(all.ValueAtQuantile(99)) / 1000,
	}
}

// drive sends one request after the other over one connection. It writes bytes that were made
// beforehand: net/http's client would take as much of the two cores as the server.
func drive(addr string, r request, more func() bool, latencies *hdrhistogram.Histogram) {
	conn, err := net.Dial("tcp", addr)
	check(err)
	defer conn.Close()
	reader := bufio.NewReaderSize(conn, 16<<10)
	for more() {
		for _, id := range r.ids {
			copy(id, uuid.Must(uuid.NewV7()).String())
		}
		sent := time.Now()
		_, err := conn.Write(r.bytes)
		check(err)
		reply, err := http.ReadResponse(reader, nil)
		check(err)
		body, err := io.ReadAll(reply.Body)
		check(err)
		if reply.StatusCode != http.StatusOK || !bytes.Contains(body, []byte(r.want)) {
			check(fmt.Errorf("not answered as expected: %s %s", reply.Status, body))
		}
		for _, id := range r.ids {
			if !bytes.Contains(body, id) {
				check(fmt.Errorf("%s was not accepted: %s", id, body))
			}
		}
		check(latencies.RecordValue(time.Since(sent).Microseconds()))
	}
}

const placeholder = "00000000-0000-0000-0000-000000000000"

// browser is what Chrome sends with each request; the server reads all of it.
const browser = "User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36\r\n" +
	"Accept: */*\r\nAccept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: en-US,en;q=0.9\r\nReferer: https://shop.example/\r\n" +
	"Sec-Fetch-Dest: empty\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Site: cross-site\r\n"

// post is a batch as a page sends it: a score, a choice, a verbatim of 100 characters, page data.
func post(addr string, items int) request {
	now := time.Now().UnixMilli()
	item := fmt.Sprintf(`{"id":%q,"survey":"checkout-exit","version":1,"seq":3,"state":"completed",`+
		`"shown_at":%d,"completed_at":%d,"answers":{"nps":9,"reason":"price","why":%q},`+
		`"trigger":{"type":"cart_abandonment","reason":"pointer_top"},`+
		`"page":{"url":"https://shop.example/checkout?step=payment","referrer":"https://shop.example/cart"},`+
		`"language":"en","visitor":"0197c5c0-7d9a-7000-8000-000000000001","cart":{"value":49.9,"currency":"EUR","items":2}}`,
		placeholder, now-9000, now, strings.Repeat("It was quick. ", 7)+"OK")
	body := fmt.Sprintf(`{"sent_at":%d,"responses":[%s]}`, now, strings.TrimSuffix(strings.Repeat(item+",", items), ","))
	r := request{want: `"rejected":[]`, bytes: fmt.Appendf(nil, "POST /w/shop HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\n%sContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s",
		addr, origin, browser, len(body), body)}
	for at := 0; ; {
		next := bytes.Index(r.bytes[at:], []byte(placeholder))
		if next < 0 {
			return r
		}
		r.ids = append(r.ids, r.bytes[at+next:at+next+len(placeholder)])
		at += next + len(placeholder)
	}
}

// script asks for a site's script as a browser does.
func script(addr string) request {
	return request{bytes: fmt.Appendf(nil, "GET /w/shop.js HTTP/1.1\r\nHost: %s\r\n%s\r\n", addr, browser)}
}
