package score

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// spread has promoters, passives and detractors over an 0–10 scale.
func spread(promoters, passives, detractors int) Counts {
	c := Counts{Of: make([]int, 11)}
	c.Of[9], c.Of[8], c.Of[6] = promoters, passives, detractors
	return c
}

func show(s Score) string {
	out := fmt.Sprintf("n=%d", s.N)
	if s.Score != nil {
		out += fmt.Sprintf(" %v", *s.Score)
	}
	if s.Interval != nil {
		out += fmt.Sprintf(" [%v, %v]", s.Interval.Low, s.Interval.High)
	}
	if s.Share != nil && s.Share.Score != nil {
		out += fmt.Sprintf(" share %v [%v, %v]", *s.Share.Score, s.Share.Interval.Low, s.Share.Interval.High)
	}
	return out
}

func TestScores(t *testing.T) {
	tests := map[string]struct {
		got  Score
		want string
	}{
		// The vectors of the design, ../shared/design.md.
		"NPS 5/3/2":                {NPS(spread(5, 3, 2)), "n=10 30 [-19.1, 65.2]"},
		"NPS 50/30/20":             {NPS(spread(50, 30, 20)), "n=100 30 [14.1, 44.2]"},
		"NPS 250/675/75":           {NPS(spread(250, 675, 75)), "n=1000 17.5 [14.1, 20.8]"},
		"NPS 20/0/0 stays in 100":  {NPS(spread(20, 0, 0)), "n=20 100 [69.7, 100]"},
		"NPS without answers":      {NPS(spread(0, 0, 0)), "n=0"},
		"CSAT without answers":     {CSAT(Counts{1, make([]int, 5)}), "n=0"},
		"CES without answers":      {CES(Counts{1, make([]int, 7)}), "n=0"},
		"CES of one has no spread": {CES(Counts{1, []int{0, 0, 0, 0, 0, 1, 0}}), "n=1 6 share 100 [20.7, 100]"},
		// R: prop.test(81, 263, correct = FALSE)$conf.int = 0.2552973 0.3662004 (the example of
		// Newcombe (1998), Statistics in Medicine 17:857, method 3).
		"CSAT takes the top two of five, Wilson": {CSAT(Counts{1, []int{100, 82, 0, 80, 1}}), "n=263 30.8 [25.5, 36.6]"},
		"CSAT takes the top two of seven":        {CSAT(Counts{1, []int{0, 0, 0, 0, 5, 3, 2}}), "n=10 50 [23.7, 76.3]"},
		// R: t.test(c(1,2,3,4,5,6,7))$conf.int = 2.002105 5.997895.
		"CES is the mean with a t interval": {CES(Counts{1, []int{1, 1, 1, 1, 1, 1, 1}}), "n=7 4 [2, 6] share 42.9 [15.8, 75]"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, show(test.got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDistributionHasEveryValueOfTheScale(t *testing.T) {
	want := map[string]int{"1": 0, "2": 0, "3": 4, "4": 0, "5": 1}
	if diff := cmp.Diff(want, CSAT(Counts{1, []int{0, 0, 4, 0, 1}}).Distribution); diff != "" {
		t.Error(diff)
	}
}

func TestClassesOfNPSAnswers(t *testing.T) {
	for answer, want := range []float64{-100, -100, -100, -100, -100, -100, -100, 0, 0, 100, 100} {
		c := Counts{Of: make([]int, 11)}
		c.Of[answer] = 1
		if got := *NPS(c).Score; got != want {
			t.Errorf("one answer of %d scores %v, want %v", answer, got, want)
		}
	}
}

func TestScoresCanBePrinted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for metric, of := range map[string]func(Counts) Score{nps: NPS, csat: CSAT, ces: CES} {
			// An infinity or no number would be an error.
			printed, err := json.Marshal(of(drawCounts(t, metric, metric)))
			if err != nil || strings.Contains(string(printed), "-0,") {
				t.Fatalf("%s: %v", printed, err)
			}
		}
	})
}
