package report

import (
	"context"
	"time"

	"github.com/askwell/askwell/collector/score"
	"github.com/askwell/askwell/collector/segment"
	"github.com/askwell/askwell/collector/store"
)

// Funnel is how far visitors came in a survey.
type Funnel struct {
	Site    string       `json:"site,omitempty" doc:"Id of the site; absent with sources"`
	Survey  string       `json:"survey,omitempty" doc:"Id of the survey; absent with sources"`
	Sources []SourceView `json:"sources,omitempty" doc:"In place of site and survey, where several surveys were counted as one"`
	AsOf    int64        `json:"as_of" doc:"When this was counted"`
	From    int64        `json:"from" doc:"Responses shown at or after this time"`
	To      int64        `json:"to" doc:"Responses shown before this time"`
	TZ      string       `json:"tz" doc:"Whose days the days of the series are"`
	Total   Steps        `json:"total" doc:"All responses of the period"`
	Series  []StepsPoint `json:"series,omitempty" doc:"Every bucket of the period, empty ones too"`
	Groups  []StepsGroup `json:"groups,omitempty" doc:"The largest first, 255 at most and the rest as (other)"`
}

// Steps counts responses by how far they came. Each is in every step that it passed.
type Steps struct {
	Shown          int         `json:"shown"`
	Started        int         `json:"started" doc:"Answered at least one question, or came to the end of a survey that asks none"`
	Completed      int         `json:"completed"`
	Dismissed      int         `json:"dismissed" doc:"Closed before the end, started or not"`
	ResponseRate   score.Share `json:"response_rate" doc:"100 × started / shown"`
	CompletionRate score.Share `json:"completion_rate" doc:"100 × completed / started"`
	MedianMS       *int64      `json:"median_ms" doc:"From shown to completed, of those that were completed; to a tenth of a second; null where none was"`
}

// StepsPoint is a bucket of a series.
type StepsPoint struct {
	From  int64 `json:"from"`
	To    int64 `json:"to"`
	Total Steps `json:"total"`
}

// StepsGroup is the funnel of the responses that have some values in common.
type StepsGroup struct {
	By      map[string]*string `json:"by" doc:"By dimension; null: the response has no value; (other): of values beyond the most frequent of a day"`
	Other   bool               `json:"other,omitempty" doc:"It holds values that have no group of their own"`
	Partial bool               `json:"partial,omitempty" doc:"Some of its responses may be in (other): on some day its value was none of the 254 most frequent. filter counts them all"`
	Total   Steps              `json:"total"`
	Series  []StepsPoint       `json:"series,omitempty"`
}

// outcomes are the places of the outcomes.
var outcomes = func() map[string]int {
	places := map[string]int{}
	for i, o := range segment.Outcomes {
		places[o] = i
	}
	return places
}()

// Funnel counts how far visitors came.
func (q Query) Funnel(ctx context.Context, st *store.Store, now time.Time) (*Funnel, error) {
	sources, err := q.findSources(ctx, st)
	if err != nil {
		return nil, err
	}
	if err := once(sources); err != nil {
		return nil, err
	}
	p, err := q.plan(ctx, st, now, sources)
	if err != nil {
		return nil, err
	}
	defer p.close()
	count := func(kept map[values]bool) (*tally, error) {
		t := newTally(p.period, outcomes, p.by, q.Every != "")
		t.timed, t.kept = true, kept
		for _, s := range sources {
			if err := p.scan(s, segment.Outcome, t); err != nil {
				return nil, err
			}
		}
		return t, nil
	}
	t, err := count(nil)
	if err != nil {
		return nil, err
	}
	for kept := t.tooMany(); kept != nil && !t.fold(kept); kept = t.tooMany() {
		if t, err = count(kept); err != nil {
			return nil, err
		}
	}
	out := &Funnel{AsOf: now.UnixMilli(), From: p.period.fromMS(), To: p.period.toMS(),
		TZ: p.period.to.Location().String(), Total: t.steps(place{all, all})}
	if out.Sources = p.views(); len(out.Sources) == 1 {
		out.Site, out.Survey, out.Sources = out.Sources[0].Site, out.Sources[0].Survey, nil
	}
	if q.Every != "" {
		out.Series = t.stepsPoints(all)
	}
	if len(q.By) == 0 {
		return out, nil
	}
	groups := t.ranked()
	if err := p.fits(&q, len(groups)); err != nil {
		return nil, err
	}
	for _, id := range groups {
		g := StepsGroup{By: t.labels(id), Other: t.groups[id].other, Partial: t.partial(id), Total: t.steps(place{all, id})}
		if q.Every != "" {
			g.Series = t.stepsPoints(id)
		}
		out.Groups = append(out.Groups, g)
	}
	return out, nil
}

func (t *tally) steps(at place) Steps {
	counts := t.counts(at)
	of := func(names ...string) (n int) {
		for _, name := range names {
			n += counts[outcomes[name]]
		}
		return n
	}
	s := Steps{
		Shown:     sum(counts),
		Started:   of("partial", "partial_dismissed", "completed"),
		Completed: of("completed"),
		Dismissed: of("shown_dismissed", "partial_dismissed"),
	}
	s.ResponseRate, s.CompletionRate = score.Rate(s.Started, s.Shown), score.Rate(s.Completed, s.Started)
	if c := t.find(at); c != nil {
		if ms := c.median(); ms >= 0 {
			s.MedianMS = &ms
		}
	}
	return s
}

func (t *tally) stepsPoints(group int) []StepsPoint {
	list := make([]StepsPoint, len(t.period.ends))
	for i := range list {
		from, to := t.period.bounds(i)
		list[i] = StepsPoint{from, to, t.steps(place{i, group})}
	}
	return list
}
