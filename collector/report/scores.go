// Package report is the reading side: it answers questions about stored responses with scores.
package report

import (
	"context"
	"strings"
	"time"

	"github.com/askwell/askwell/collector/score"
	"github.com/askwell/askwell/collector/store"
	"github.com/askwell/askwell/collector/survey"
)

// Query asks for the score of one question. From and To are milliseconds, 0 for no bound.
type Query struct {
	Site, Survey, Question string
	From, To               int64
}

// Scores is the answer to a Query.
type Scores struct {
	Site     string       `json:"site"`
	Survey   string       `json:"survey"`
	Question string       `json:"question"`
	Metric   string       `json:"metric" enum:"nps,csat,ces"`
	Scale    survey.Scale `json:"scale"`
	Formula  string       `json:"formula"`
	AsOf     int64        `json:"as_of" doc:"When this was counted"`
	Total    score.Score  `json:"total"`
}

// metrics holds the formula of each metric, in words and in code.
var metrics = map[string]struct {
	formula string
	score   func(score.Counts) score.Score
}{
	"nps":  {score.NPSFormula, score.NPS},
	"csat": {score.CSATFormula, score.CSAT},
	"ces":  {score.CESFormula, score.CES},
}

// Scores counts the stored responses.
func (q Query) Scores(ctx context.Context, st *store.Store, now time.Time) (*Scores, error) {
	question, err := q.find(ctx, st)
	if err != nil {
		return nil, err
	}
	to := time.UnixMilli(1<<63 - 1)
	if q.To != 0 && q.To <= q.From {
		return nil, &survey.Error{Code: survey.Invalid, Message: "the request is not valid",
			Problems: []survey.Problem{{Location: "query.to", Message: "is not after from"}}}
	}
	if q.To != 0 {
		to = time.UnixMilli(q.To)
	}
	id, scale := question.Base().ID, *question.Scale()
	counted, err := st.Distribution(ctx, q.Site, q.Survey, id, time.UnixMilli(q.From), to)
	if err != nil {
		return nil, err
	}
	counts := score.Counts{Min: scale.Min, Of: make([]int, scale.Max-scale.Min+1)}
	for answer, n := range counted {
		counts.Of[answer-scale.Min] = n
	}
	metric := survey.Metric(question)
	return &Scores{Site: q.Site, Survey: q.Survey, Question: id, Metric: metric, Scale: scale,
		Formula: metrics[metric].formula, AsOf: now.UnixMilli(), Total: metrics[metric].score(counts)}, nil
}

// find returns the question that was meant. A draft that has lost a published question does not
// lose its scores, so the published versions are asked first, the newest before the others.
func (q Query) find(ctx context.Context, st *store.Store) (survey.Question, error) {
	sv, err := st.Survey(ctx, q.Site, q.Survey)
	if err != nil {
		return nil, err
	}
	definitions, err := st.Definitions(ctx, q.Site, q.Survey)
	if err != nil {
		return nil, err
	}
	if len(definitions) == 0 {
		definitions = []*survey.Definition{sv.Draft}
	}
	if q.Question != "" {
		for _, d := range definitions {
			if question := d.Question(q.Question); question != nil && survey.Metric(question) != "" {
				return question, nil
			}
		}
	}
	var scored []survey.Question
	var ids []string
	for _, question := range definitions[0].Questions {
		if survey.Metric(question) != "" {
			scored, ids = append(scored, question), append(ids, question.Base().ID)
		}
	}
	if q.Question == "" && len(scored) == 1 {
		return scored[0], nil
	}
	message := "this survey has no question with a score (nps, csat, ces)"
	if len(ids) > 0 {
		message = "expected one of " + strings.Join(ids, ", ")
	}
	return nil, &survey.Error{Code: survey.Invalid, Message: "the request is not valid",
		Problems: []survey.Problem{{Location: "query.question", Message: message}}}
}
