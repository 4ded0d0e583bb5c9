package score

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestPooledScoreIsTheMeanWeightedByN(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		metric := rapid.SampledFrom([]string{nps, csat, ces}).Draw(t, "metric")
		a, b := drawCounts(t, metric, "a"), drawCounts(t, metric, "b")
		n, m := float64(a.n()), float64(b.n())
		if n == 0 || m == 0 {
			return
		}
		want := (n*point(metric, a) + m*point(metric, b)) / (n + m)
		if got := point(metric, plus(a, b)); math.Abs(got-want) > 1e-9 {
			t.Fatalf("%v, want %v", got, want)
		}
	})
}

// plus pools counts of one scale.
func plus(a, b Counts) Counts {
	sum := Counts{a.Min, slices.Clone(a.Of)}
	for i, count := range b.Of {
		sum.Of[i] += count
	}
	return sum
}

func TestUnlikeCountsArePooledByMistake(t *testing.T) {
	five, seven := Counts{1, make([]int, 5)}, Counts{1, make([]int, 7)}
	for name, mistake := range map[string]func(){
		"two scales":         func() { Impact(csat, seven, five) },
		"a part that is not": func() { Impact(csat, five, Counts{1, []int{1, 0, 0, 0, 0}}) },
		"an unknown metric":  func() { Compare("ltv", five, five) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("passes")
				}
			}()
			mistake()
		})
	}
}
