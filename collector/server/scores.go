package server

import (
	"context"
	"strconv"
	"time"

	"github.com/askwell/askwell/collector/catalog"
	"github.com/askwell/askwell/collector/metrics"
	"github.com/askwell/askwell/collector/report"
	"github.com/askwell/askwell/collector/score"
	"github.com/askwell/askwell/collector/store"
)

// scored lists the questions whose scores are metrics.
func scored(sites *catalog.Catalog) func() []metrics.Scored {
	return func() (questions []metrics.Scored) {
		for _, q := range sites.Scored() {
			questions = append(questions, metrics.Scored(q))
		}
		return questions
	}
}

// scoreOf is how the metrics count a score: as the API does.
func scoreOf(st *store.Store, now func() time.Time) metrics.ScoreOf {
	return func(ctx context.Context, site, survey, question string, from, to int64) (score.Score, error) {
		q := report.Query{Sources: []report.Source{{Site: site, Survey: survey, Question: question}}, From: bound(from), To: bound(to)}
		scores, err := q.Scores(ctx, st, now())
		if err != nil {
			return score.Score{}, err
		}
		return scores.Total.Score, nil
	}
}

// bound is a time as a query has it; 0 is none.
func bound(ms int64) string {
	if ms == 0 {
		return ""
	}
	return strconv.FormatInt(ms, 10)
}
