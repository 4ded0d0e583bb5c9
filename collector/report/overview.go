package report

import (
	"context"
	"time"

	"github.com/askwell/askwell/collector/score"
	"github.com/askwell/askwell/collector/segment"
	"github.com/askwell/askwell/collector/store"
	"github.com/askwell/askwell/collector/survey"
)

// Overview is all surveys of a site, now.
type Overview struct {
	Site    string           `json:"site" doc:"Id of the site"`
	AsOf    int64            `json:"as_of" doc:"When this was counted"`
	From    int64            `json:"from" doc:"Responses shown at or after this time"`
	To      int64            `json:"to" doc:"Responses shown before this time"`
	Before  int64            `json:"before" doc:"Changes are against the time from here to from, of as many days"`
	TZ      string           `json:"tz" doc:"Whose days from and to are"`
	Surveys []SurveyOverview `json:"surveys" doc:"Every survey of the site, drafts too"`
}

// SurveyOverview is one survey of an overview.
type SurveyOverview struct {
	Survey       string          `json:"survey"`
	Name         string          `json:"name"`
	Touchpoint   string          `json:"touchpoint,omitempty"`
	Status       survey.Status   `json:"status" enum:"draft,live,paused,ended"`
	Shown        int             `json:"shown"`
	Completed    int             `json:"completed"`
	ResponseRate score.Share     `json:"response_rate" doc:"100 × started / shown"`
	Scores       []ScoreOverview `json:"scores" doc:"Of each question that has one"`
}

// ScoreOverview is the score of one question of an overview.
type ScoreOverview struct {
	Question string   `json:"question"`
	Metric   string   `json:"metric" enum:"nps,csat,ces"`
	Formula  string   `json:"formula"`
	Total    Figure   `json:"total"`
	Compare  Compared `json:"compare" doc:"Against the time before. Significant after Benjamini–Hochberg over the whole overview"`
}

// overviewDays is what now means, where from is not said.
const overviewDays = 30

// Overview counts all surveys of a site; of the query it takes From, To and TZ.
func (q Query) Overview(ctx context.Context, st *store.Store, now time.Time, siteID string) (*Overview, error) {
	site, err := st.Site(ctx, siteID)
	if err != nil {
		return nil, err
	}
	surveys, err := st.Surveys(ctx, siteID)
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(site.Timezone)
	if err != nil {
		return nil, err
	}
	// Before the snapshot has its connection: each reading that held one and waited for another would stop all.
	sources := make([]*source, len(surveys))
	for i, sv := range surveys {
		if sources[i], err = findSource(ctx, st, Source{Site: siteID, Survey: sv.Draft.ID}); err != nil {
			return nil, err
		}
	}
	asked := Query{From: q.From, To: q.To, TZ: q.TZ}
	p, err := asked.plan(ctx, st, now, []*source{{Source: Source{Site: siteID}, zone: zone}})
	if err != nil {
		return nil, err
	}
	defer p.close()
	if q.From == "" {
		p.period.from = shift(p.period.to, 0, -overviewDays)
	}
	earlier := p.period.against("previous")
	out := &Overview{Site: siteID, AsOf: now.UnixMilli(), From: p.period.fromMS(), To: p.period.toMS(), Before: earlier.fromMS(),
		TZ: p.period.to.Location().String(), Surveys: []SurveyOverview{}}
	var together []*score.Comparison
	for i, sv := range surveys {
		view, err := p.overview(sources[i], earlier)
		if err != nil {
			return nil, err
		}
		view.Status = sv.Status
		for i := range view.Scores {
			together = append(together, &view.Scores[i].Compare.Comparison)
		}
		out.Surveys = append(out.Surveys, *view)
	}
	score.Together(together)
	return out, nil
}

// overview counts one survey.
func (p *plan) overview(s *source, earlier period) (*SurveyOverview, error) {
	newest := s.definitions[0]
	view := &SurveyOverview{Survey: s.Survey, Name: newest.Name, Touchpoint: newest.Touchpoint, Scores: []ScoreOverview{}}
	funnel := newTally(p.period, outcomes, nil, false)
	if err := p.scan(s, segment.Outcome, funnel); err != nil {
		return nil, err
	}
	steps := funnel.steps(place{all, all})
	view.Shown, view.Completed, view.ResponseRate = steps.Shown, steps.Completed, steps.ResponseRate
	total := place{all, all}
	for _, q := range s.withScore(s.definitions, "") {
		of := *s
		of.Question, of.question = q.Base().ID, q
		one := &plan{reading: p.reading, sources: []*source{&of}, period: p.period}
		now, err := one.count(&Query{}, p.period, nil, nil)
		if err != nil {
			return nil, err
		}
		before, err := one.count(&Query{}, earlier, nil, nil)
		if err != nil {
			return nil, err
		}
		if newest.Question(of.Question) == nil && sum(now.at(total).Of)+sum(before.at(total).Of) == 0 {
			continue // no longer asked, nor answered
		}
		view.Scores = append(view.Scores, ScoreOverview{Question: of.Question, Metric: now.metric, Formula: metrics[now.metric].formula,
			Total: now.figure(total, 0), Compare: Compared{From: earlier.fromMS(), To: earlier.toMS(), Total: before.figure(total, 0),
				Comparison: score.Compare(now.metric, now.at(total), before.at(total))}})
	}
	return view, nil
}
