package metrics

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/askwell/askwell/collector/score"
)

// Scored is a question of a live survey that has a score.
type Scored struct{ Site, Survey, Question, Metric string }

// ScoreOf counts the score of a question over responses born in [from, to), in milliseconds; 0 is no bound.
type ScoreOf func(ctx context.Context, site, survey, question string, from, to int64) (score.Score, error)

// windows are how far back the scores look. Over all time a score hardly moves, and no alert could be
// written on it. Seven days hold each weekday once, and share no answer with those of a week ago, so
// that the two can be compared; thirty are for surveys with few answers.
var windows = []struct {
	label string
	last  time.Duration
}{{"7d", 7 * 24 * time.Hour}, {"30d", 30 * 24 * time.Hour}}

const (
	// maxScored is how many questions have a score here, of each collector: the first by site and survey.
	maxScored = 1000
	// scoresFor is how long counted scores serve: none is older than a minute, whether a scrape comes
	// every fifteen seconds or every sixty. scoresShare is the most of one core that counting them
	// may take, a tenth: with many millions of responses they are older.
	scoresFor   = 50 * time.Second
	scoresShare = 10
	// scrapeWaits is how long a scrape waits for new scores before it is given the last ones.
	scrapeWaits = 2 * time.Second
)

// Scores are the gauges of scores. They are counted when somebody asks and the last ones are too
// old: a collector that is not scraped counts none.
type Scores struct {
	questions func() []Scored
	score     ScoreOf
	log       *slog.Logger
	now       func() time.Time

	stop   context.CancelFunc
	ctx    context.Context
	counts sync.WaitGroup

	mu       sync.Mutex
	closed   bool
	counting chan struct{} // closed when it is done; nil: nobody counts
	next     time.Time     // when to count again, by the machine's steady clock
	last     []prometheus.Metric
	counted  time.Time // when all were
}

// NewScores makes them: questions says which are asked now, score what was answered. Stop ends them.
func NewScores(questions func() []Scored, score ScoreOf, log *slog.Logger, now func() time.Time) *Scores {
	s := &Scores{questions: questions, score: score, log: log, now: now}
	s.ctx, s.stop = context.WithCancel(context.Background())
	return s
}

// Stop ends what is being counted.
func (s *Scores) Stop() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.stop()
	s.counts.Wait()
}

var (
	scoreLabels = []string{"site", "survey", "question", "metric", "window"}
	scoreDesc   = prometheus.NewDesc("askwell_score", "Score of a question of a live survey over a window up to now: NPS, CSAT in percent, or the mean of CES; absent without answers.", scoreLabels, nil)
	lowDesc     = prometheus.NewDesc("askwell_score_low", "Lower bound of the score's 95 % interval.", scoreLabels, nil)
	highDesc    = prometheus.NewDesc("askwell_score_high", "Upper bound of the score's 95 % interval.", scoreLabels, nil)
	answersDesc = prometheus.NewDesc("askwell_score_answers", "Answers that the score counts.", scoreLabels, nil)
	countedDesc = prometheus.NewDesc("askwell_scores_counted_timestamp_seconds", "When all scores were counted last.", nil, nil)
)

// Describe implements prometheus.Collector.
func (s *Scores) Describe(to chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{scoreDesc, lowDesc, highDesc, answersDesc, countedDesc} {
		to <- desc
	}
}

// Collect implements prometheus.Collector.
func (s *Scores) Collect(to chan<- prometheus.Metric) {
	if counting := s.renew(); counting != nil {
		patience := time.NewTimer(scrapeWaits)
		defer patience.Stop()
		select {
		case <-counting:
		case <-patience.C:
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, metric := range s.last {
		to <- metric
	}
}

// renew begins to count where that is due, and returns what is closed at the end of it; nil: nothing to wait for.
func (s *Scores) renew() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.counting == nil && !s.closed && !time.Now().Before(s.next) {
		s.counting = make(chan struct{})
		s.counts.Go(s.count)
	}
	return s.counting
}

func (s *Scores) count() {
	start, now := time.Now(), s.now()
	metrics := []prometheus.Metric{}
	questions := s.questions()
	var failed error
	for _, q := range questions[:min(len(questions), maxScored)] {
		for _, w := range windows {
			counted, err := s.score(s.ctx, q.Site, q.Survey, q.Question, now.Add(-w.last).UnixMilli(), 0)
			if err != nil {
				failed = err // of this question there is nothing to tell; of the others there is
				continue
			}
			metrics = append(metrics, gauges(counted, q.Site, q.Survey, q.Question, q.Metric, w.label)...)
		}
	}
	if failed != nil && s.ctx.Err() == nil {
		s.log.Warn("cannot count all scores for the metrics", "error", failed)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if failed == nil {
		s.counted = now
	}
	if !s.counted.IsZero() {
		metrics = append(metrics, prometheus.MustNewConstMetric(countedDesc, prometheus.GaugeValue, float64(s.counted.UnixMilli())/1000))
	}
	s.last = metrics
	s.next = time.Now().Add(max(scoresFor, scoresShare*time.Since(start)))
	close(s.counting)
	s.counting = nil
}

// gauges are one score. Without answers there is none; one answer of a CES has no interval.
func gauges(of score.Score, labels ...string) []prometheus.Metric {
	gauge := func(desc *prometheus.Desc, v float64) prometheus.Metric {
		return prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, v, labels...)
	}
	out := []prometheus.Metric{gauge(answersDesc, float64(of.N))}
	if of.Score != nil {
		out = append(out, gauge(scoreDesc, *of.Score))
	}
	if of.Interval != nil && of.N > 0 {
		out = append(out, gauge(lowDesc, of.Interval.Low), gauge(highDesc, of.Interval.High))
	}
	return out
}
