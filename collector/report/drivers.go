package report

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/askwell/askwell/collector/score"
	"github.com/askwell/askwell/collector/segment"
	"github.com/askwell/askwell/collector/store"
)

// MinDriverN is how many answers a driver needs, and the rest beside it.
const MinDriverN = 20

// Drivers is what goes with high and with low scores.
type Drivers struct {
	Site       string       `json:"site,omitempty" doc:"Id of the site; absent with sources"`
	Survey     string       `json:"survey,omitempty" doc:"Id of the survey; absent with sources"`
	Question   string       `json:"question,omitempty" doc:"Id of the question whose answers are counted; absent with sources"`
	Sources    []SourceView `json:"sources,omitempty" doc:"In place of site, survey and question, where several questions were counted as one: each weighs as much as it has answers"`
	Metric     string       `json:"metric" enum:"nps,csat,ces" doc:"The kind of score that is explained"`
	Formula    string       `json:"formula" doc:"How an impact follows from the scores, in words"`
	AsOf       int64        `json:"as_of" doc:"When this was counted"`
	From       int64        `json:"from" doc:"Responses shown at or after this time"`
	To         int64        `json:"to" doc:"Responses shown before this time"`
	TZ         string       `json:"tz" doc:"Whose days from and to are"`
	Total      Figure       `json:"total" doc:"All answers of the period"`
	Dimensions []string     `json:"dimensions" doc:"What was looked at"`
	Skipped    []string     `json:"skipped,omitempty" doc:"Hidden fields and traits that were not looked at, as there were too many: those that fewer responses have, 100 of them at most. Name them in dimension to see them"`
	Incomplete []string     `json:"incomplete,omitempty" doc:"Of the dimensions, those with so many values that some with min_n answers may be missing below"`
	Drivers    []Driver     `json:"drivers" doc:"By impact, what pulls the score down most first: what to fix; what lifts it most last: what to keep"`
}

// Driver is what one value of a dimension does to the score. It goes with the score; whether it is the
// cause, figures cannot say.
type Driver struct {
	Dimension string `json:"dimension"`
	Value     string `json:"value"`
	Partial   bool   `json:"partial,omitempty" doc:"Some of its answers may be missing: on some day its value was none of the 254 most frequent. So nothing is said of how sure it is; filter scores all of them"`
	score.Driver
}

// driverFormula says what an impact is.
const driverFormula = "impact = score(all) − score(without it) = n / (n + rest) × (score(with it) − score(rest)); significant after Benjamini–Hochberg over all drivers"

// Drivers counts the answers by each of some dimensions: those named, or all that are of use.
func (q Query) Drivers(ctx context.Context, st *store.Store, now time.Time, wanted []string) (*Drivers, error) {
	p, err := q.planScores(ctx, st, now)
	if err != nil {
		return nil, err
	}
	defer p.close()
	list, skipped, err := p.driving(wanted)
	if err != nil {
		return nil, err
	}
	total := p.answers(p.period, nil, false)
	counts, tallies := []*counted{total}, []*tally{total.tally}
	for _, d := range list {
		c := p.answers(p.period, []dimension{d}, false)
		c.most = maxKnown / len(list)
		counts, tallies = append(counts, c), append(tallies, c.tally)
	}
	if err := p.scanAll(tallies); err != nil {
		return nil, err
	}
	minN, incomplete := cmp.Or(q.MinN, MinDriverN), map[string]bool{}
	var again []*tally
	for _, c := range counts[1:] {
		if c.missed == 0 {
			continue
		}
		if c.missed >= minN {
			incomplete[c.by[0].name] = true
		}
		kept := c.all()
		c.tally = p.answers(p.period, c.by, false).tally
		c.kept = kept
		again = append(again, c.tally)
	}
	if err := p.scanAll(again); err != nil {
		return nil, err
	}
	out := &Drivers{Metric: total.metric, Formula: driverFormula, AsOf: now.UnixMilli(), From: p.period.fromMS(), To: p.period.toMS(), TZ: p.period.to.Location().String(),
		Total: total.figure(place{all, all}, 0), Dimensions: []string{}, Skipped: skipped, Drivers: []Driver{}}
	if out.Sources = p.views(); len(out.Sources) == 1 {
		one := out.Sources[0]
		out.Site, out.Survey, out.Question, out.Sources = one.Site, one.Survey, one.Question, nil
	}
	whole := total.at(place{all, all})
	for _, c := range counts[1:] {
		name := c.by[0].name
		if len(wanted) > 0 || slices.ContainsFunc(c.groups, func(g group) bool { return g.values[0] != "" }) {
			out.Dimensions = append(out.Dimensions, name)
			if incomplete[name] || c.lost[0].blocks > 0 && c.others() >= minN {
				out.Incomplete = append(out.Incomplete, name)
			}
		}
		for id, g := range c.groups {
			if value := g.values[0]; value != "" && !g.other {
				d := Driver{name, value, c.partial(id), score.Impact(c.metric, whole, c.at(place{all, id}))}
				if d.Partial {
					d.Interval, d.Against = nil, score.Comparison{Method: d.Against.Method}
				}
				if d.N >= minN && d.Rest >= minN {
					out.Drivers = append(out.Drivers, d)
				}
			}
		}
	}
	together := make([]*score.Comparison, len(out.Drivers))
	slices.SortFunc(out.Drivers, func(a, b Driver) int {
		return cmp.Or(cmp.Compare(*a.Impact, *b.Impact), cmp.Compare(b.N, a.N), strings.Compare(a.Dimension+a.Value, b.Dimension+b.Value))
	})
	for i := range out.Drivers {
		together[i] = &out.Drivers[i].Against
	}
	score.Together(together)
	return out, nil
}

// scanAll counts the answers to the questions of a plan in some tallies, each source read once.
func (p *plan) scanAll(tallies []*tally) error {
	for _, s := range p.sources {
		if len(tallies) == 0 {
			return nil
		}
		if err := p.scan(s, segment.Answer+s.Question, tallies...); err != nil {
			return err
		}
	}
	return nil
}
