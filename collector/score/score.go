// Package score turns counts of answers into NPS, CSAT and CES, each with its n, distribution,
// 95 % interval and formula, and compares them. Pure functions; it knows nothing of surveys or
// storage.
//
// Only answered questions are counted: a question that was seen, skipped or dismissed adds nothing
// to any denominator. Without answers a score is null, not 0.
//
// Points and percentages are rounded to 1 decimal, means to 2, p values to 4. Every decision, such
// as what is significant, is taken before rounding.
package score

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
	More         *int           `json:"more,omitempty" doc:"How many more answers would narrow the interval to ±5 points, at the present answers; 0: it is as narrow; absent where n is 0. ces: the interval of its share, for a mean on 1–7 has no ±5"`
}

// Share is a percentage of the answers.
type Share struct {
	Score    *float64  `json:"score"`
	Interval *Interval `json:"interval"`
}

// The names of the metrics.
const (
	nps  = "nps"
	csat = "csat"
	ces  = "ces"
)

// point is a score before rounding, of at least one answer.
func point(metric string, c Counts) float64 {
	switch metric {
	case nps:
		promoters, detractors := c.net()
		return 100 * (promoters - detractors)
	case csat:
		return 100 * c.topTwo()
	case ces:
		mean, _ := c.mean()
		return mean
	}
	panic("score: no metric is called " + metric)
}

// places is how many decimals a metric's score is printed with.
func places(metric string) int {
	if metric == ces {
		return 2
	}
	return 1
}
