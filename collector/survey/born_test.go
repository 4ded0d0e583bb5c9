package survey

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestBorn(t *testing.T) {
	const day = 24 * time.Hour
	received := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	now := received.UnixMilli()
	year := (365 * day).Milliseconds()
	tests := map[string]struct {
		sentAt, shownAt int64
		age             time.Duration
	}{
		"a right clock":                                  {now, now - 9100, 9100 * time.Millisecond},
		"a clock that is years slow":                     {now - 10*year, now - 10*year - 9100, 9100 * time.Millisecond},
		"a clock that is years fast":                     {now + 10*year, now + 10*year - 9100, 9100 * time.Millisecond},
		"sent as it was shown":                           {now, now, 0},
		"shown after it was sent: the clock jumped back": {now, now + 5000, 0},
		"no time of sending":                             {0, now, 0},
		"queued while offline for a week":                {now, now - (7 * day).Milliseconds(), 7 * day},
		"exactly 30 days":                                {now, now - (30 * day).Milliseconds(), 30 * day},
		"a millisecond over 30 days":                     {now, now - (30 * day).Milliseconds() - 1, 30 * day},
		"set an hour ahead after it was shown, as by hand when the summer begins": {now + 3_600_000, now - 9100, time.Hour + 9100*time.Millisecond},
		"set an hour back after it was shown":                                     {now - 3_600_000, now - 9100, 0},
		"shown at the epoch":                                                      {now, 1, 30 * day},
		"the clock jumped ahead by years":                                         {now + 10*year, now, 30 * day},
		// Their difference does not fit into an int64, nor into a Duration.
		"from the least to the greatest":    {math.MaxInt64, math.MinInt64, 30 * day},
		"from the greatest to the least":    {math.MinInt64, math.MaxInt64, 0},
		"from 0 to the greatest":            {math.MaxInt64, 0, 30 * day},
		"from -1 to the greatest":           {math.MaxInt64, -1, 30 * day},
		"both the greatest":                 {math.MaxInt64, math.MaxInt64, 0},
		"both the least":                    {math.MinInt64, math.MinInt64, 0},
		"a Duration overflows into 0":       {1 << 62, 1<<62 - math.MaxInt64/1_000_000 - 1, 30 * day},
		"a millisecond before the greatest": {math.MaxInt64, math.MaxInt64 - 1, time.Millisecond},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := received.Sub(Born(received, test.sentAt, test.shownAt)); got != test.age {
				t.Errorf("born %v before it was received, want %v", got, test.age)
			}
		})
	}
}

func TestBornIsNeverInTheFutureNorOverMaxAge(t *testing.T) {
	received := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		sentAt, shownAt := rapid.Int64().Draw(t, "sent_at"), rapid.Int64().Draw(t, "shown_at")
		if age := received.Sub(Born(received, sentAt, shownAt)); age < 0 || age > MaxAge {
			t.Fatalf("born %v before it was received", age)
		}
	})
}

// Two snapshots of one response are sent at different times, over a clock that is wrong by any
// amount: as long as it is steady, both give the same birth.
func TestBornDoesNotDependOnWhenItIsSentNorOnTheClock(t *testing.T) {
	shown := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		wrong := rapid.Int64Range(-1<<50, 1<<50).Draw(t, "the clock is wrong by")
		after := time.Duration(rapid.Int64Range(0, MaxAge.Milliseconds()).Draw(t, "sent after")) * time.Millisecond
		sent := shown.Add(after)
		if born := Born(sent, sent.UnixMilli()+wrong, shown.UnixMilli()+wrong); !born.Equal(shown) {
			t.Fatalf("born at %v, want %v", born, shown)
		}
	})
}
