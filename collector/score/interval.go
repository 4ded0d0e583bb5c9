package score

import (
	"math"
	"sort"

	"gonum.org/v1/gonum/stat/distuv"
)

// Level is the confidence level of every interval.
const Level = 0.95

// upper is the probability below the upper end of an interval.
const upper = 1 - (1-Level)/2

// z is the two-sided normal quantile of Level, 1.95996…
var z = distuv.UnitNormal.Quantile(upper)

// Interval is where the true score lies, with a confidence of Level.
type Interval struct {
	_ struct{} `nullable:"true"` // where a figure has none, it is null

	Level  float64 `json:"level"`
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
	Method string  `json:"method" enum:"adjusted-wald,wilson,student-t,newcombe,welch-t"`
}

func interval(method string, low, high float64, places int) *Interval {
	return &Interval{Level: Level, Low: *round(low, places), High: *round(high, places), Method: method}
}

// narrow is half the width, of 1, that an interval should have: ±5 points.
const narrow = 0.05

// more is the least number of answers that, added to n in the present proportions, makes an
// interval (of 0…1 or −1…1, as it is printed but for rounding) no wider than ±5 points. Every one
// narrows as n grows. The widest, of as many promoters as detractors, needs (z/0.05)² = 1,537.
func more(n int, at func(n float64) (low, high float64)) *int {
	added := sort.Search(1600, func(added int) bool {
		low, high := at(float64(n + added))
		return high-low <= 2*narrow
	})
	return &added
}

// student is the t distribution.
func student(freedom float64) distuv.StudentsT {
	return distuv.StudentsT{Sigma: 1, Nu: freedom}
}

// round keeps so many decimals: more would claim a precision that no interval supports.
func round(v float64, places int) *float64 {
	scale := math.Pow10(places)
	v = math.Round(v*scale)/scale + 0 // + 0: no "-0" in JSON
	return &v
}
