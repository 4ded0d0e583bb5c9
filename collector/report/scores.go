package report

import (
	"context"
	"strconv"
	"time"

	"github.com/askwell/askwell/collector/score"
	"github.com/askwell/askwell/collector/segment"
	"github.com/askwell/askwell/collector/store"
	"github.com/askwell/askwell/collector/survey"
)

// Scores is the answer to a Query for scores.
type Scores struct {
	Site      string       `json:"site,omitempty" doc:"Id of the site; absent with sources"`
	Survey    string       `json:"survey,omitempty" doc:"Id of the survey; absent with sources"`
	Question  string       `json:"question,omitempty" doc:"Id of the question whose answers are counted; absent with sources"`
	Sources   []SourceView `json:"sources,omitempty" doc:"In place of site, survey and question, where several questions were counted as one"`
	Weighting string       `json:"weighting,omitempty" enum:"by n" doc:"Of several sources: each weighs as much as it has answers"`
	Metric    string       `json:"metric" enum:"nps,csat,ces" doc:"The kind of score: it decides the formula"`
	Scale     survey.Scale `json:"scale" doc:"The lowest and the highest answer that can be given"`
	Formula   string       `json:"formula" doc:"How the score follows from the answers, in words"`
	AsOf      int64        `json:"as_of" doc:"When this was counted"`
	From      int64        `json:"from" doc:"Responses shown at or after this time"`
	To        int64        `json:"to" doc:"Responses shown before this time"`
	TZ        string       `json:"tz" doc:"Whose days the days of the series are"`
	Unique    string       `json:"unique,omitempty" doc:"One answer a person in each figure, the latest: of each visitor, or user"`
	Unknown   int          `json:"unknown,omitempty" doc:"With unique: answers of nobody known, which are in no figure"`
	Total     Figure       `json:"total" doc:"All answers of the period"`
	Compare   *Compared    `json:"compare,omitempty" doc:"The total against that of another period"`
	Series    []Point      `json:"series,omitempty" doc:"Every bucket of the period, those without answers too; the first and the last may be cut"`
	Groups    []Group      `json:"groups,omitempty" doc:"The largest first, 255 at most and the rest as (other). A response with several choices is in several groups"`
}

// SourceView names a question that was counted.
type SourceView struct {
	Site     string `json:"site"`
	Survey   string `json:"survey"`
	Question string `json:"question,omitempty"`
}

// Figure is a score, or that there are too few answers for one.
type Figure struct {
	score.Score
	TooFew bool `json:"too_few,omitempty" doc:"n is under min_n, so there is no score"`
}

// Point is a bucket of a series.
type Point struct {
	From  int64  `json:"from"`
	To    int64  `json:"to"`
	Total Figure `json:"total"`
}

// Group is the figures of the responses that have some values in common.
type Group struct {
	By      map[string]*string `json:"by" doc:"By dimension; null: the response has no value; (other): of values beyond the most frequent of a day"`
	Other   bool               `json:"other,omitempty" doc:"It holds values that have no group of their own"`
	Partial bool               `json:"partial,omitempty" doc:"Some of its answers may be in (other): on some day its value was none of the 254 most frequent. filter counts them all"`
	Total   Figure             `json:"total"`
	Compare *Compared          `json:"compare,omitempty" doc:"Significant after Benjamini–Hochberg over all groups"`
	Series  []Point            `json:"series,omitempty"`
}

// Compared is another period's total, and the difference to it.
type Compared struct {
	From    int64  `json:"from"`
	To      int64  `json:"to"`
	Total   Figure `json:"total"`
	Partial bool   `json:"partial,omitempty" doc:"Of a group: some of its answers of either time may be in (other), so nothing is compared"`
	score.Comparison
}

// counted is a question's answers, tallied.
type counted struct {
	*tally
	metric string
	scale  survey.Scale
}

func (c *counted) at(p place) score.Counts {
	return score.Counts{Min: c.scale.Min, Of: c.counts(p)}
}

func (c *counted) figure(p place, minN int) Figure {
	f := Figure{Score: metrics[c.metric].score(c.at(p))}
	if f.N < minN {
		f.Score.Score, f.Interval, f.Share, f.More, f.TooFew = nil, nil, nil, nil, true
	}
	return f
}

// count counts the answers to the questions of a plan; kept says of which groups, nil: of all.
func (p *plan) count(q *Query, in period, by []dimension, kept map[values]bool) (*counted, error) {
	c := p.answers(in, by, q.Every != "")
	c.unique, c.kept = q.Unique, kept
	for _, s := range p.sources {
		if err := p.scan(s, segment.Answer+s.Question, c.tally); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// planScores plans a query for answers to questions that have a score.
func (q *Query) planScores(ctx context.Context, st *store.Store, now time.Time) (*plan, error) {
	sources, err := q.findSources(ctx, st)
	if err != nil {
		return nil, err
	}
	var wrong problems
	oneOf("metric", q.Metric, []string{"nps", "csat", "ces"}, &wrong)
	if q.Unique != "" && len(sources) > 1 {
		wrong.add("unique", "counts within one survey, and there are %d", len(sources))
	}
	if err := wrong.err(); err != nil {
		return nil, err
	}
	if err := alike(sources, q.Metric); err != nil {
		return nil, err
	}
	return q.plan(ctx, st, now, sources)
}

// answers is an empty tally of the answers to the question of a plan.
func (p *plan) answers(in period, by []dimension, series bool) *counted {
	question := p.sources[0].question
	c := &counted{metric: survey.Metric(question), scale: *question.Scale()}
	values := map[string]int{}
	for v := c.scale.Min; v <= c.scale.Max; v++ {
		values[strconv.Itoa(v)] = v - c.scale.Min
	}
	c.tally = newTally(in, values, by, series)
	return c
}

// Scores counts the stored responses.
func (q Query) Scores(ctx context.Context, st *store.Store, now time.Time) (*Scores, error) {
	p, err := q.planScores(ctx, st, now)
	if err != nil {
		return nil, err
	}
	defer p.close()
	c, err := p.count(&q, p.period, p.by, nil)
	if err != nil {
		return nil, err
	}
	for kept := c.tooMany(); kept != nil && !c.fold(kept); kept = c.tooMany() {
		if c, err = p.count(&q, p.period, p.by, kept); err != nil {
			return nil, err
		}
	}
	out := &Scores{Metric: c.metric, Scale: c.scale, Formula: metrics[c.metric].formula, AsOf: now.UnixMilli(), From: p.period.fromMS(), To: p.period.toMS(),
		TZ: p.period.to.Location().String(), Unique: q.Unique, Unknown: c.without, Total: c.figure(place{all, all}, 0)}
	if out.Sources, out.Weighting = p.views(), "by n"; len(out.Sources) == 1 {
		one := out.Sources[0]
		out.Site, out.Survey, out.Question, out.Sources, out.Weighting = one.Site, one.Survey, one.Question, nil, ""
	}
	if q.Every != "" {
		out.Series = c.points(all, 0)
	}
	groups := []int{}
	if len(q.By) > 0 {
		groups = c.ranked()
	}
	if err := p.fits(&q, len(groups)); err != nil {
		return nil, err
	}
	for _, id := range groups {
		out.Groups = append(out.Groups, c.view(id, &q))
	}
	if q.Compare == "" {
		return out, nil
	}
	return out, p.compare(&q, out, c, groups)
}

// views names what was counted.
func (p *plan) views() (list []SourceView) {
	for _, s := range p.sources {
		list = append(list, SourceView(s.Source))
	}
	return list
}

// fits refuses more figures than anybody reads.
func (p *plan) fits(q *Query, groups int) error {
	if q.Every != "" && groups*len(p.period.ends) > maxFigures {
		return refuse("every", "%s makes %d buckets of each of %d groups, more than %d figures; expected a longer unit, or a filter", q.Every, len(p.period.ends), groups, maxFigures)
	}
	return nil
}

// points are the buckets of a group, or of all.
func (c *counted) points(group, minN int) []Point {
	list := make([]Point, len(c.period.ends))
	for i := range list {
		from, to := c.period.bounds(i)
		list[i] = Point{from, to, c.figure(place{i, group}, minN)}
	}
	return list
}

func (c *counted) view(id int, q *Query) Group {
	g := Group{By: c.labels(id), Other: c.groups[id].other, Partial: c.partial(id), Total: c.figure(place{all, id}, q.MinN)}
	if q.Every != "" {
		g.Series = c.points(id, q.MinN)
	}
	return g
}

// compare sets the total, and each group, against those of another period.
func (p *plan) compare(q *Query, out *Scores, now *counted, groups []int) error {
	earlier := p.period.against(q.Compare)
	before, err := p.count(&Query{Unique: q.Unique}, earlier, p.by, now.all())
	if err != nil {
		return err
	}
	set := func(at, was place, minN int) *Compared {
		return &Compared{From: earlier.fromMS(), To: earlier.toMS(), Total: before.figure(was, minN), Comparison: score.Compare(now.metric, now.at(at), before.at(was))}
	}
	out.Compare = set(place{all, all}, place{all, all}, 0)
	var together []*score.Comparison
	for i, id := range groups {
		g := &out.Groups[i]
		was := before.group(now.groups[id].values)
		g.Compare = set(place{all, id}, place{all, was}, q.MinN)
		if g.Compare.Partial = g.Partial || before.partial(was); g.Compare.Partial || g.Total.TooFew || g.Compare.Total.TooFew {
			g.Compare.Comparison = score.Comparison{Method: g.Compare.Method} // nothing that few answers, or some of them, can say
			continue
		}
		together = append(together, &g.Compare.Comparison)
	}
	score.Together(together)
	return nil
}
