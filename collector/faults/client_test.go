//go:build linux

package faults

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
)

// outcome is what a client heard.
type outcome int

const (
	unknown  outcome = iota // the connection died
	accepted                // 200, and every id is in "accepted"
	refused                 // 503 with Retry-After
)

const chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/144.0.0.0 Safari/537.36"

// client is one page after another: it sends new responses, repeats and later snapshots of its own
// earlier ones. One goroutine uses it.
type client struct {
	t      *testing.T
	ledger *ledger
	random *rand.Rand
	items  int // at most so many in a batch
	mine   []snapshot

	heard func(requestID string, items []snapshot, o outcome) // may be nil

	http *http.Client
}

func newClients(t *testing.T, l *ledger, n, items int) []*client {
	clients := make([]*client, n)
	for i := range clients {
		transport := &http.Transport{DialContext: (&net.Dialer{Timeout: patience}).DialContext, MaxIdleConnsPerHost: 1}
		t.Cleanup(transport.CloseIdleConnections)
		clients[i] = &client{t: t, ledger: l, items: items, random: rand.New(rand.NewPCG(rand.Uint64(), uint64(i))),
			http: &http.Client{Transport: transport, Timeout: 2 * patience}}
	}
	return clients
}

// freshConnections makes a client dial for every request.
func (c *client) freshConnections() { c.http.Transport.(*http.Transport).DisableKeepAlives = true }

// batch makes up what to send: no response twice in one.
func (c *client) batch() []snapshot {
	items := make([]snapshot, 0, c.items)
	for range 1 + c.random.IntN(c.items) {
		what := c.random.IntN(10)
		if what < 6 || len(c.mine) == 0 {
			items = append(items, c.newResponse())
			continue
		}
		// Lately sent ones most: what a page was not told of, it sends again soon.
		back := c.random.IntN(len(c.mine))
		if what < 9 {
			back = c.random.IntN(min(len(c.mine), 2*c.items))
		}
		last := &c.mine[len(c.mine)-1-back]
		if slices.ContainsFunc(items, func(s snapshot) bool { return s.id == last.id }) {
			continue
		}
		s := *last
		switch c.random.IntN(4) {
		case 0: // the same again
		case 1:
			s.seq = max(1, s.seq-1) // an old one that was under way for long: it changes nothing
		default:
			s.seq++
			*last = s
		}
		items = append(items, s)
	}
	return items
}

func (c *client) newResponse() snapshot {
	s := snapshot{uuid.Must(uuid.NewV7()).String(), 1}
	c.mine = append(c.mine, s)
	return s
}

// send posts a batch and writes down what it heard.
func (c *client) send(url string, items []snapshot) outcome {
	c.ledger.send(items)
	requestID, o, wrong := c.post(url, items)
	if wrong != "" {
		c.t.Error(wrong)
	}
	if c.heard != nil {
		c.heard(requestID, items, o)
	}
	c.ledger.hear(items, o)
	return o
}

// tooMany sends nothing but an empty batch, and says whether that is one too many (429).
func (c *client) tooMany(url string) bool {
	res, err := c.request(url, body(nil))
	if err != nil {
		c.t.Error(err)
		return false
	}
	defer res.Body.Close()
	io.Copy(io.Discard, res.Body)
	if res.StatusCode != http.StatusOK && res.StatusCode != http.StatusTooManyRequests {
		c.t.Errorf("an empty batch gives %s", res.Status)
	}
	return res.StatusCode == http.StatusTooManyRequests
}

// request posts as a browser does.
func (c *client) request(url, body string) (*http.Response, error) {
	req, err := http.NewRequest("POST", url+"/w/shop", strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.GetBody = nil // net/http must not repeat a request that we count
	req.Header.Set("Origin", origin)
	req.Header.Set("User-Agent", chrome)
	req.Header.Set("Content-Type", "text/plain")
	return c.http.Do(req)
}

func (c *client) post(url string, items []snapshot) (requestID string, o outcome, wrong string) {
	res, err := c.request(url, body(items))
	if err != nil {
		return "", unknown, ""
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return "", unknown, ""
	}
	requestID = res.Header.Get("X-Request-Id")
	switch res.StatusCode {
	case http.StatusOK:
		return requestID, accepted, checkReceipt(text, items)
	case http.StatusServiceUnavailable:
		if seconds, err := strconv.Atoi(res.Header.Get("Retry-After")); err != nil || seconds < 1 {
			wrong = fmt.Sprintf("a 503 says Retry-After %q", res.Header.Get("Retry-After"))
		}
		return requestID, refused, wrong
	}
	return requestID, unknown, fmt.Sprintf("got %s: %s", res.Status, text)
}

// checkReceipt says what is wrong with the answer to a batch of which everything is valid, or "".
func checkReceipt(text []byte, items []snapshot) string {
	var receipt struct {
		Accepted []string
		Rejected []json.RawMessage
	}
	if err := json.Unmarshal(text, &receipt); err != nil {
		return fmt.Sprintf("a 200 holds no receipt: %s", text)
	}
	ids := make([]string, len(items))
	for i, s := range items {
		ids[i] = s.id
	}
	if len(receipt.Rejected) > 0 || !slices.Equal(receipt.Accepted, ids) {
		return fmt.Sprintf("sent %q, got %s", ids, text)
	}
	return ""
}

func body(items []snapshot) string {
	now := time.Now().UnixMilli()
	var b strings.Builder
	fmt.Fprintf(&b, `{"sent_at": %d, "responses": [`, now)
	for i, s := range items {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id": %q, "survey": %q, "version": 1, "seq": %d, "state": %q, "shown_at": %d, "answers": {"nps": %d, "why": %q},
			"page": {"url": "https://shop.example/checkout"}, "language": "en", "visitor": %q}`,
			s.id, surveyID, s.seq, s.state(), now-1000, s.nps(), s.why(), s.id)
	}
	b.WriteString("]}")
	return b.String()
}

// load keeps clients busy until its stop is called, which returns when all have rested.
type load struct {
	end  chan struct{}
	busy sync.WaitGroup
}

func startLoad(clients []*client, url string) *load {
	l := &load{end: make(chan struct{})}
	for _, c := range clients {
		l.busy.Go(func() {
			for {
				select {
				case <-l.end:
					return
				default:
				}
				if c.send(url, c.batch()) != accepted {
					time.Sleep(time.Millisecond) // the program is dead or refuses: do not take the cores that others need
				}
			}
		})
	}
	return l
}

func (l *load) stop() {
	close(l.end)
	l.busy.Wait()
}
