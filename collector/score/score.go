// Package score turns counts of answers into NPS, CSAT and CES, each with its n, distribution,
// 95 % interval and formula. Pure functions; it knows nothing of surveys or storage.
//
// Only answered questions are counted: a question that was seen, skipped or dismissed adds nothing
// to any denominator. Without answers a score is null, not 0.
package score

import (
	"math"
	"strconv"

	"gonum.org/v1/gonum/stat/distuv"
)

// Level is the confidence level of every interval.
const Level = 0.95

// z is the two-sided normal quantile of Level, 1.95996…
var z = distuv.UnitNormal.Quantile(1 - (1-Level)/2)

// Formulas, as printed beside every score.
const (
	NPSFormula  = "100 × (promoters 9–10 − detractors 0–6) / answers"
	CSATFormula = "100 × top-two answers / answers"
	CESFormula  = "mean of the answers, 7 = easiest; share: 100 × answers ≥ 5 / answers"
)

// Score is one figure with its proof.
type Score struct {
	N            int            `json:"n" doc:"Answers counted"`
	Score        *float64       `json:"score" doc:"null when n is 0. nps: -100 to 100; csat: percent; ces: mean on the scale"`
	Interval     *Interval      `json:"interval" doc:"null when n is too small to compute one"`
	Distribution map[string]int `json:"distribution" doc:"Answers by value; every value of the scale is there"`
	Share        *Share         `json:"share,omitempty" doc:"ces only: percent of answers of 5 and more"`
}

// Interval is where the true score lies, with a confidence of Level.
type Interval struct {
	Level  float64 `json:"level"`
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
	Method string  `json:"method" enum:"adjusted-wald,wilson,student-t"`
}

// Share is a percentage of the answers.
type Share struct {
	Score    *float64  `json:"score"`
	Interval *Interval `json:"interval"`
}

// Counts holds how often each value of a scale was answered: Counts[0] for the scale's Min.
type Counts struct {
	Min int
	Of  []int
}

func (c Counts) n() (n int) {
	for _, count := range c.Of {
		n += count
	}
	return n
}

// from counts the answers of value v and more.
func (c Counts) from(v int) (n int) {
	for i, count := range c.Of {
		if c.Min+i >= v {
			n += count
		}
	}
	return n
}

func (c Counts) distribution() map[string]int {
	d := make(map[string]int, len(c.Of))
	for i, count := range c.Of {
		d[strconv.Itoa(c.Min+i)] = count
	}
	return d
}

// NPS is the net promoter score over a scale of 0–10. Its interval is the adjusted Wald interval
// (three answers added, ¾ of them promoters and ¾ detractors), the one that performed best in
// Rocks (2016), "Interval estimation for the net promoter score", The American Statistician.
func NPS(c Counts) Score {
	n := c.n()
	s := Score{N: n, Distribution: c.distribution()}
	if n == 0 {
		return s
	}
	promoters, detractors := float64(c.from(9)), float64(n-c.from(7))
	s.Score = round(100*(promoters-detractors)/float64(n), 1)
	adjusted := float64(n) + 3
	p, d := (promoters+0.75)/adjusted, (detractors+0.75)/adjusted
	half := z * math.Sqrt((p+d-(p-d)*(p-d))/adjusted)
	s.Interval = interval("adjusted-wald", 100*(p-d-half), 100*(p-d+half), -100, 100, 1)
	return s
}

// CSAT is the share of the two highest answers of the scale, with a Wilson score interval.
func CSAT(c Counts) Score {
	s := Score{N: c.n(), Distribution: c.distribution()}
	top := share(c.from(c.Min+len(c.Of)-2), s.N)
	s.Score, s.Interval = top.Score, top.Interval
	return s
}

// CES is the mean answer, with a t interval (from two answers on), and the share of answers of 5
// and more.
func CES(c Counts) Score {
	n := c.n()
	top := share(c.from(5), n)
	s := Score{N: n, Distribution: c.distribution(), Share: &top}
	if n == 0 {
		return s
	}
	var sum, squares float64
	for i, count := range c.Of {
		v := float64(c.Min + i)
		sum += v * float64(count)
		squares += v * v * float64(count)
	}
	mean := sum / float64(n)
	s.Score = round(mean, 2)
	if n < 2 {
		return s // one answer has no spread
	}
	variance := (squares - sum*mean) / float64(n-1)
	t := distuv.StudentsT{Sigma: 1, Nu: float64(n - 1)}.Quantile(1 - (1-Level)/2)
	half := t * math.Sqrt(math.Max(variance, 0)/float64(n))
	low, high := float64(c.Min), float64(c.Min+len(c.Of)-1)
	s.Interval = interval("student-t", mean-half, mean+half, low, high, 2)
	return s
}

// share is k of n in percent, with its Wilson (1927) score interval.
func share(k, n int) Share {
	if n == 0 {
		return Share{}
	}
	p, size := float64(k)/float64(n), float64(n)
	centre := (p + z*z/(2*size)) / (1 + z*z/size)
	half := z / (1 + z*z/size) * math.Sqrt(p*(1-p)/size+z*z/(4*size*size))
	return Share{Score: round(100*p, 1), Interval: interval("wilson", 100*(centre-half), 100*(centre+half), 0, 100, 1)}
}

func interval(method string, low, high, least, most float64, places int) *Interval {
	return &Interval{
		Level:  Level,
		Low:    *round(math.Max(low, least), places),
		High:   *round(math.Min(high, most), places),
		Method: method,
	}
}

// round keeps so many decimals: more would claim a precision that no interval supports.
func round(v float64, places int) *float64 {
	scale := math.Pow10(places)
	v = math.Round(v*scale)/scale + 0 // + 0: no "-0" in JSON
	return &v
}
