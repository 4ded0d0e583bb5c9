package score

import "math"

// Comparison is the difference of two scores of independent answers, such as of two weeks.
// Its interval, p and significant say the same: p is the least 1 − level at which the method's
// interval leaves out 0, so 0 is outside of the interval exactly where p < 0.05.
type Comparison struct {
	Difference  *float64    `json:"difference" doc:"The score minus the one it is compared with; null when either has no answers. nps, csat: points; ces: on the scale"`
	Interval    *Interval   `json:"interval" doc:"Of the difference; null when there is too little to compute one"`
	P           *float64    `json:"p" doc:"How likely so large a difference would be if there were none; 0: less than 0.00005; null where interval is"`
	Adjusted    *float64    `json:"p_adjusted,omitempty" doc:"p, adjusted for all that were compared together (Benjamini–Hochberg); significant goes by it"`
	Significant bool        `json:"significant" doc:"p is less than 0.05, the interval on one side of 0; where p_adjusted is there: that is less than 0.05"`
	Method      string      `json:"method" enum:"adjusted-wald,newcombe,welch-t"`
	Share       *Comparison `json:"share,omitempty" doc:"ces only: the difference of the shares of answers of 5 and more, in points"`

	// Exact is P before rounding, for Adjust: among a thousand, 0.00005 and 0 are different.
	Exact *float64 `json:"-"`
}

// Compare takes the score before from the score now: of "nps", "csat" or "ces".
func Compare(metric string, now, before Counts) Comparison {
	c := estimateOf(metric, now, before).print(places(metric))
	if metric == ces {
		share := shares(now, before, Counts.easy).print(1)
		c.Share = &share
	}
	return c
}

// estimate is a Comparison before rounding. Tested tells whether it has low, high and p.
type estimate struct {
	method                   string
	answered, tested         bool
	difference, low, high, p float64
}

func estimateOf(metric string, now, before Counts) estimate {
	switch metric {
	case nps:
		return nets(now, before)
	case csat:
		return shares(now, before, Counts.topTwo)
	case ces:
		return means(now, before)
	}
	panic("score: no metric is called " + metric)
}

// nets gives the difference of two NPS, in points. As in the interval of one, three answers are
// added to each side (N = (p − d)·n / (n + 3), v the netVariance):
//
//	N₁ − N₂ ± z·√(v₁ + v₂), clamped to ±200 and widened to hold the difference that is printed
//
// Around the printed difference it would be right in only 92 % of the samples of 30, not 95 %. But
// the added answers pull the smaller side nearer to 0. Where that would turn the difference round,
// or make one of groups that are equal, the widened interval holds 0 and p is 1.
//
// Source: the sum of the variances of independent estimates, each as in Rocks (2016).
func nets(now, before Counts) estimate {
	e := estimate{method: "adjusted-wald"}
	n, m := float64(now.n()), float64(before.n())
	if n == 0 || m == 0 {
		return e
	}
	p1, d1 := now.net()
	p2, d2 := before.net()
	e.answered, e.tested = true, true
	// Of whole numbers: equal scores of different answers differ by 0, not by the last bit of a share, and their p is 1.
	e.difference = 100 * float64(now.lead()*before.n()-before.lead()*now.n()) / (n * m)
	centre := 100 * ((p1-d1)*n/(n+3) - (p2-d2)*m/(m+3))
	deviation := 100 * math.Sqrt(netVariance(p1, d1, n)+netVariance(p2, d2, m))
	e.low = min(e.difference, max(centre-z*deviation, -200))
	e.high = max(e.difference, min(centre+z*deviation, 200))
	if e.p = 1; e.difference*centre > 0 {
		e.p = normalP(centre / deviation)
	}
	return e
}

// shares gives the difference of two shares, in points, with Newcombe's interval and its p.
func shares(now, before Counts, of func(Counts) float64) estimate {
	e := estimate{method: "newcombe"}
	n, m := float64(now.n()), float64(before.n())
	if n == 0 || m == 0 {
		return e
	}
	p1, p2 := of(now), of(before)
	low, high := newcombe(p1, n, p2, m, z)
	e.answered, e.tested = true, true
	e.difference, e.low, e.high = 100*(p1-p2), 100*low, 100*high
	e.p = newcombeP(p1, n, p2, m)
	return e
}

// newcombe is the hybrid score interval of the difference of a share p1 of n and a share p2 of m,
// made of their Wilson intervals l₁…u₁ and l₂…u₂:
//
//	p₁ − p₂ − √((p₁ − l₁)² + (u₂ − p₂)²) … p₁ − p₂ + √((u₁ − p₁)² + (p₂ − l₂)²)
//
// Source: method 10 of Newcombe (1998), "Interval estimation for the difference between independent
// proportions", Statistics in Medicine 17:873–890.
func newcombe(p1, n, p2, m, z float64) (low, high float64) {
	l1, u1 := wilson(p1, n, z)
	l2, u2 := wilson(p2, m, z)
	return p1 - p2 - math.Hypot(p1-l1, u2-p2), p1 - p2 + math.Hypot(u1-p1, p2-l2)
}

// newcombeP is the p value that belongs to newcombe: of the z at which the interval touches 0. The
// usual one, of the pooled z test, is of another method and near 0.05 contradicts the interval.
func newcombeP(p1, n, p2, m float64) float64 {
	if p1 < p2 {
		p1, n, p2, m = p2, m, p1, n
	}
	inside, outside := 0.0, 40.0 // no float64 is as small as the p value of 40
	for range 60 {
		middle := (inside + outside) / 2
		if low, _ := newcombe(p1, n, p2, m, middle); low > 0 {
			inside = middle
		} else {
			outside = middle
		}
	}
	return normalP(inside)
}

// means gives the difference of two means, on the scale, by Welch's t with his degrees of freedom:
//
//	m₁ − m₂ ± t·√(e₁ + e₂), e = s²/n of each side; clamped to the width of the scale
//	degrees of freedom: (e₁ + e₂)² / (e₁²/(n₁−1) + e₂²/(n₂−1))
//
// It needs two answers on each side, and any spread on one.
//
// Source: Welch (1947), "The generalization of 'Student's' problem when several different
// population variances are involved", Biometrika 34:28–35.
func means(now, before Counts) estimate {
	e := estimate{method: "welch-t"}
	n, m := float64(now.n()), float64(before.n())
	if n == 0 || m == 0 {
		return e
	}
	mean1, variance1 := now.mean()
	mean2, variance2 := before.mean()
	e1, e2 := variance1/n, variance2/m
	e.answered, e.tested = true, n >= 2 && m >= 2 && e1+e2 > 0
	e.difference = mean1 - mean2
	if !e.tested {
		return e
	}
	t := student((e1 + e2) * (e1 + e2) / (e1*e1/(n-1) + e2*e2/(m-1)))
	deviation := math.Sqrt(e1 + e2)
	half, width := t.Quantile(upper)*deviation, float64(len(now.Of)-1)
	e.low, e.high = max(e.difference-half, -width), min(e.difference+half, width)
	e.p = 2 * t.CDF(-math.Abs(e.difference)/deviation)
	return e
}

// normalP is the two-sided p value of a normal deviate.
func normalP(v float64) float64 {
	return math.Erfc(math.Abs(v) / math.Sqrt2)
}

// print rounds so that what is read agrees: where 0.3 in 0.04…0.56 is significant, its interval
// begins at 0.1, not at 0, and a p of 0.04996 is 0.0499.
func (e estimate) print(places int) Comparison {
	c := Comparison{Method: e.method}
	if e.answered {
		c.Difference = round(e.difference, places)
	}
	if !e.tested {
		return c
	}
	c.Interval = interval(e.method, e.low, e.high, places)
	c.Significant = e.low > 0 || e.high < 0
	if c.Significant {
		for _, v := range []*float64{c.Difference, &c.Interval.Low, &c.Interval.High} {
			if *v == 0 {
				*v = math.Copysign(*round(math.Pow10(-places), places), e.difference)
			}
		}
	}
	c.P, c.Exact = roundP(e.p, c.Significant), &e.p
	return c
}

// roundP never rounds across 0.05.
func roundP(p float64, significant bool) *float64 {
	rounded := round(p, 4)
	if significant {
		*rounded = min(*rounded, 0.0499)
	} else {
		*rounded = max(*rounded, 0.05)
	}
	return rounded
}
