// Package limit keeps one client, or one site, from taking what is there for all.
package limit

import (
	"net/netip"
	"time"

	"github.com/maypok86/otter/v2"
	"golang.org/x/time/rate"
)

// Limiter is a token bucket a key. It remembers a bounded number of keys: one that was forgotten
// begins with a full bucket again.
type Limiter struct {
	rate    rate.Limit
	burst   int
	buckets *otter.Cache[string, *rate.Limiter] // nil: no limit
}

// New allows perSecond events a second for each key, and a burst of so many at once. With 0 events
// a second there is no limit.
func New(perSecond float64, burst, maxKeys int) *Limiter {
	l := &Limiter{rate: rate.Limit(perSecond), burst: burst}
	if perSecond > 0 {
		l.buckets = otter.Must(&otter.Options[string, *rate.Limiter]{MaximumSize: maxKeys})
	}
	return l
}

// Wait takes a token of a key, and returns how long to wait where there is none.
func (l *Limiter) Wait(key string, now time.Time) time.Duration {
	if l.buckets == nil {
		return 0
	}
	bucket, _ := l.buckets.ComputeIfAbsent(key, func() (*rate.Limiter, bool) { return rate.NewLimiter(l.rate, l.burst), false })
	reservation := bucket.ReserveN(now, 1)
	wait := reservation.DelayFrom(now)
	if wait > 0 {
		reservation.CancelAt(now)
	}
	return wait
}

// AddressKey is what one client can be told by: an IPv4 address, and of an IPv6 address the network,
// because a client has 2⁶⁴ of them.
func AddressKey(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	if ip = ip.Unmap().WithZone(""); ip.Is4() {
		return ip.String()
	}
	network, _ := ip.Prefix(64)
	return network.String()
}
