package metrics

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/askwell/askwell/collector/score"
)

// answered is an NPS of so many tens.
func answered(tens int) score.Score {
	c := score.Counts{Of: make([]int, 11)}
	c.Of[10] = tens
	return score.NPS(c)
}

func newScores(questions int, of ScoreOf) *Scores {
	return NewScores(func() (list []Scored) {
		for i := range questions {
			list = append(list, Scored{"shop", fmt.Sprintf("s%04d", i), "nps", "nps"})
		}
		return list
	}, of, slog.New(slog.DiscardHandler), time.Now)
}

func scrape(t *testing.T, s *Scores) string {
	t.Helper()
	m := New(func() int { return 0 })
	m.Add(s)
	return text(t, m)
}

func TestScoresAreThereOnlyWithAnswers(t *testing.T) {
	froms := map[time.Duration]bool{}
	s := newScores(2, func(_ context.Context, _, survey, _ string, from, to int64) (score.Score, error) {
		froms[time.Since(time.UnixMilli(from)).Round(time.Hour)] = to == 0
		return answered(map[string]int{"s0000": 20}[survey]), nil
	})
	defer s.Stop()
	got := scrape(t, s)
	for _, line := range []string{
		`askwell_score{metric="nps",question="nps",site="shop",survey="s0000",window="7d"} 100`,
		`askwell_score_low{metric="nps",question="nps",site="shop",survey="s0000",window="30d"} 69.7`,
		`askwell_score_high{metric="nps",question="nps",site="shop",survey="s0000",window="30d"} 100`,
		`askwell_score_answers{metric="nps",question="nps",site="shop",survey="s0000",window="7d"} 20`,
		`askwell_score_answers{metric="nps",question="nps",site="shop",survey="s0001",window="7d"} 0`,
	} {
		if !strings.Contains(got, line+"\n") {
			t.Errorf("no line %s", line)
		}
	}
	for _, name := range []string{"askwell_score{", "askwell_score_low{", "askwell_score_high{"} {
		if n := strings.Count(got, "\n"+name); n != 2 {
			t.Errorf("%d series of %s, want one for each window", n, name)
		}
	}
	if !froms[7*24*time.Hour] || !froms[30*24*time.Hour] || len(froms) != 2 {
		t.Errorf("counted were %v", froms)
	}
}

func TestScoresBeyondTheBoundAreLeftOut(t *testing.T) {
	s := newScores(maxScored+10, func(context.Context, string, string, string, int64, int64) (score.Score, error) {
		return answered(1), nil
	})
	defer s.Stop()
	if n := strings.Count(scrape(t, s), "\naskwell_score_answers{"); n != maxScored*len(windows) {
		t.Errorf("%d series, want %d", n, maxScored*len(windows))
	}
}

func TestScoresAreCountedOnceAMinuteAndHoldUpNoScrape(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		counted, takes := 0, time.Duration(0)
		s := newScores(1, func(ctx context.Context, _, _, _ string, _, _ int64) (score.Score, error) {
			counted++
			select {
			case <-time.After(takes / time.Duration(len(windows))):
				return answered(counted), nil
			case <-ctx.Done():
				return score.Score{}, ctx.Err()
			}
		})
		for range 20 { // five minutes
			scrape(t, s)
			time.Sleep(15 * time.Second)
		}
		if want := 5 * len(windows); counted != want {
			t.Errorf("in five minutes %d were counted, want %d", counted, want)
		}
		takes = time.Minute // many millions of responses
		before := counted
		start := time.Now()
		first := scrape(t, s)
		if waited := time.Since(start); waited != scrapeWaits {
			t.Errorf("a scrape waited %s", waited)
		}
		if !strings.Contains(first, "\naskwell_score_answers{") {
			t.Error("meanwhile it is not given the last scores")
		}
		for time.Since(start) < 11*time.Minute { // a minute of counting, ten of rest
			scrape(t, s)
			time.Sleep(15 * time.Second)
		}
		if n := counted - before; n > 2*len(windows) {
			t.Errorf("slow ones were counted %d times in eleven minutes", n)
		}
		time.Sleep(time.Hour)
		before = counted
		scrape(t, s)
		s.Stop() // ends what is under way
		scrape(t, s)
		if counted > before+len(windows) {
			t.Error("it counts after the stop")
		}
	})
}

func TestOneScoreThatFailsKeepsNoOtherAway(t *testing.T) {
	s := newScores(2, func(_ context.Context, _, survey, _ string, _, _ int64) (score.Score, error) {
		if survey == "s0000" {
			return score.Score{}, errors.New("the disk fails")
		}
		return answered(5), nil
	})
	defer s.Stop()
	got := scrape(t, s)
	if strings.Contains(got, "s0000") || !strings.Contains(got, `survey="s0001",window="7d"} 100`) || strings.Contains(got, "\naskwell_scores_counted_timestamp_seconds ") {
		t.Errorf("got %s", got)
	}
}
