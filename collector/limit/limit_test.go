package limit

import (
	"testing"
	"time"
)

var now = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func TestABurstIsAllowedAndThenTheRate(t *testing.T) {
	l := New(2, 3, 100)
	for i := range 3 {
		if wait := l.Wait("a", now); wait != 0 {
			t.Errorf("event %d of the burst waits %s", i, wait)
		}
	}
	if wait := l.Wait("a", now); wait != 500*time.Millisecond {
		t.Errorf("after the burst the wait is %s, want 500ms", wait)
	}
	if wait := l.Wait("a", now); wait != 500*time.Millisecond {
		t.Errorf("who is refused loses nothing by it: the wait is %s, want 500ms", wait)
	}
	if wait := l.Wait("b", now); wait != 0 {
		t.Errorf("another key waits %s", wait)
	}
	if wait := l.Wait("a", now.Add(500*time.Millisecond)); wait != 0 {
		t.Errorf("after the wait that was told it waits %s", wait)
	}
	if wait := l.Wait("a", now.Add(-time.Hour)); wait <= 0 || wait > time.Second {
		t.Errorf("a clock that jumps back makes it wait %s", wait)
	}
}

func TestNoRateIsNoLimit(t *testing.T) {
	l := New(0, 0, 100)
	for range 1000 {
		if wait := l.Wait("a", now); wait != 0 {
			t.Fatalf("waits %s", wait)
		}
	}
}

func TestMemoryIsBounded(t *testing.T) {
	l := New(1, 1, 100)
	for i := range 100_000 {
		l.Wait(string(rune(i)), now)
	}
	l.buckets.CleanUp()
	if n := l.buckets.EstimatedSize(); n > 100 {
		t.Errorf("it remembers %d keys, at most 100 were allowed", n)
	}
}

func TestAddressKey(t *testing.T) {
	for address, want := range map[string]string{
		"203.0.113.7":          "203.0.113.7",
		"::ffff:203.0.113.7":   "203.0.113.7",
		"2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64",
		"2001:db8:1:2:ffff::1": "2001:db8:1:2::/64",
		"fe80::1%eth0":         "fe80::/64",
		"not an address":       "not an address",
		"":                     "",
	} {
		if got := AddressKey(address); got != want {
			t.Errorf("%q is told by %q, want %q", address, got, want)
		}
	}
}
