package score

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// The counts are from a search one by one, in Python with statsmodels' proportion_confint.
func TestMore(t *testing.T) {
	csatOf := func(top, rest int) Score { return CSAT(Counts{1, []int{rest, 0, 0, top, 0}}) }
	for name, test := range map[string]struct {
		of   Score
		want int
	}{
		"NPS 5/3/2":                 {NPS(spread(5, 3, 2)), 925},
		"NPS 50/30/20":              {NPS(spread(50, 30, 20)), 835},
		"NPS 250/675/75 is as good": {NPS(spread(250, 675, 75)), 0},
		"NPS 20/0/0":                {NPS(spread(20, 0, 0)), 48},
		"NPS of one passive":        {NPS(spread(0, 1, 0)), 45},
		"NPS 5/0/5 needs the most":  {NPS(spread(5, 0, 5)), 1523},
		"CSAT 81/263":               {csatOf(81, 182), 62},
		"CSAT 15/148":               {csatOf(15, 133), 0},
		"CSAT 0/20":                 {csatOf(0, 20), 15},
		"CSAT 5/10":                 {csatOf(5, 5), 371},
		"CES by its share, 3/7":     {CES(Counts{1, []int{1, 1, 1, 1, 1, 1, 1}}), 366},
	} {
		if test.of.More == nil || *test.of.More != test.want {
			t.Errorf("%s: %v, want %d", name, deref(test.of.More), test.want)
		}
	}
	for _, s := range []Score{NPS(spread(0, 0, 0)), CSAT(Counts{1, make([]int, 5)}), CES(Counts{1, make([]int, 7)})} {
		if s.More != nil {
			t.Errorf("without answers there are no proportions to keep, but more is %d", *s.More)
		}
	}
}

func TestMoreIsTheLeastThatIsEnough(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		metric := rapid.SampledFrom([]string{nps, csat, ces}).Draw(t, "metric")
		c := drawCounts(t, metric, "counts")
		n := c.n()
		if n == 0 {
			return
		}
		wide := func(n int) bool {
			var low, high float64
			switch metric {
			case nps:
				p, d := c.net()
				low, high = adjustedWald(p, d, float64(n))
			case csat:
				low, high = wilson(c.topTwo(), float64(n), z)
			case ces:
				low, high = wilson(c.easy(), float64(n), z)
			}
			return high-low > 0.1
		}
		more := *map[string]func(Counts) Score{nps: NPS, csat: CSAT, ces: CES}[metric](c).More
		for added := range more {
			if !wide(n + added) {
				t.Fatalf("%d more are enough, not only %d", added, more)
			}
		}
		if wide(n + more) {
			t.Fatalf("%d more are not enough", more)
		}
	})
}

func deref[T any](v *T) string {
	if v == nil {
		return "null"
	}
	return fmt.Sprint(*v)
}

// drawCounts draws answers on a metric's scale: few or many, and all alike or spread.
func drawCounts(t *rapid.T, metric, label string) Counts {
	c := map[string]Counts{nps: {0, make([]int, 11)}, csat: {1, make([]int, 5)}, ces: {1, make([]int, 7)}}[metric]
	most := rapid.SampledFrom([]int{0, 1, 3, 30, 1000, 1_000_000}).Draw(t, label+" most")
	for i := range c.Of {
		if rapid.Bool().Draw(t, label+" used") {
			c.Of[i] = rapid.IntRange(0, most).Draw(t, label)
		}
	}
	return c
}
