package score

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestImpact(t *testing.T) {
	// All are 30 points; without the 20 late ones the other 80 are 62.5, so these cost 32.5.
	late, rest := spread(0, 0, 20), spread(50, 30, 0)
	d := Impact(nps, plus(late, rest), late)
	got := fmt.Sprintf("%d+%d %v [%v, %v] %s", d.N, d.Rest, *d.Impact, d.Interval.Low, d.Interval.High, showComparison(d.Against))
	if diff := cmp.Diff("20+80 -32.5 [-33.5, -25.4] adjusted-wald -162.5 [-167.6, -126.8] p=0 significant", got); diff != "" {
		t.Error(diff)
	}
}

func TestNothingAndEverythingHaveNoImpact(t *testing.T) {
	all := spread(5, 3, 2)
	for _, part := range []Counts{spread(0, 0, 0), all} {
		if d := Impact(nps, all, part); d.Impact != nil || d.Interval != nil || d.Against.P != nil {
			t.Errorf("%d of %d have an impact of %v", d.N, d.N+d.Rest, *d.Impact)
		}
	}
}

func TestImpactIsWhatIsLostWithoutIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		metric := rapid.SampledFrom([]string{nps, csat, ces}).Draw(t, "metric")
		part, rest := drawCounts(t, metric, "part"), drawCounts(t, metric, "rest")
		all := plus(part, rest)
		d := Impact(metric, all, part)
		if _, err := json.Marshal(d); err != nil {
			t.Fatal(err)
		}
		if part.n() == 0 || rest.n() == 0 {
			if d.Impact != nil || d.Interval != nil {
				t.Fatalf("%d and %d have an impact of %v", part.n(), rest.n(), *d.Impact)
			}
			return
		}
		lost, got := point(metric, all)-point(metric, rest), impact(metric, part, rest)
		if math.Abs(lost-got) > 1e-9 {
			t.Fatalf("%v is lost without it, but its impact is %v", lost, got)
		}
		if d.Interval != nil && (*d.Impact < d.Interval.Low || *d.Impact > d.Interval.High) {
			t.Fatalf("%v is not in %v…%v", *d.Impact, d.Interval.Low, d.Interval.High)
		}
	})
}
