package report

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/askwell/askwell/collector/segment"
	"github.com/askwell/askwell/collector/store"
	"github.com/askwell/askwell/collector/survey"
)

// source is a Source as it was found.
type source struct {
	Source
	zone        *time.Location
	definitions []*survey.Definition // the newest first; the draft where nothing is published
	schema      segment.Schema
	question    survey.Question
}

// findSource reads the versions of a survey.
func findSource(ctx context.Context, st *store.Store, want Source) (*source, error) {
	site, err := st.Site(ctx, want.Site)
	if err != nil {
		return nil, err
	}
	sv, err := st.Survey(ctx, want.Site, want.Survey)
	if err != nil {
		return nil, err
	}
	s := &source{Source: want}
	if s.definitions, err = st.Definitions(ctx, want.Site, want.Survey); err != nil {
		return nil, err
	}
	if len(s.definitions) == 0 {
		s.definitions = []*survey.Definition{sv.Draft}
	}
	if s.zone, err = time.LoadLocation(site.Timezone); err != nil {
		return nil, err
	}
	s.schema = segment.NewSchema(s.definitions)
	return s, nil
}

// scored finds the question that was meant, one with a score. A draft that has lost a published
// question does not lose its scores, so all versions are asked.
func (s *source) scored(metric string) error {
	if q := s.schema[s.Question]; q != nil && survey.Metric(q) != "" {
		s.question = q
		return nil
	}
	found := s.withScore(s.definitions[:1], metric)
	ever := s.withScore(s.definitions, metric)
	if len(found) == 0 {
		found = ever
	}
	if s.Question == "" && len(found) == 1 {
		s.question, s.Question = found[0], found[0].Base().ID
		return nil
	}
	var ids, scores []string
	for _, q := range ever {
		ids = append(ids, q.Base().ID)
	}
	for _, q := range s.withScore(s.definitions, "") {
		scores = append(scores, q.Base().ID+" ("+survey.Metric(q)+")")
	}
	switch {
	case len(ids) == 0 && metric != "":
		return refuse("metric", "the survey %q has no question of type %s; it has %s", s.Survey, metric, cmp.Or(strings.Join(scores, ", "), "none with a score"))
	case len(ids) == 0:
		return refuse("question", "the survey %q has no question with a score (nps, csat, ces)", s.Survey)
	}
	return refuse("question", "of the survey %q, expected one of %s", s.Survey, strings.Join(ids, ", "))
}

// withScore lists the questions of some versions that have a score, those of the newest first, each as it is in the
// newest that has it. metric: "" or the only one wanted.
func (s *source) withScore(versions []*survey.Definition, metric string) (list []survey.Question) {
	seen := map[string]bool{}
	for _, d := range versions {
		for _, q := range d.Questions {
			id := q.Base().ID
			if is := survey.Metric(s.schema[id]); !seen[id] && is != "" && (metric == "" || metric == is) {
				list = append(list, s.schema[id])
			}
			seen[id] = true
		}
	}
	return list
}

// findSources reads all surveys of a query.
func (q *Query) findSources(ctx context.Context, st *store.Store) ([]*source, error) {
	if len(q.Sources) == 0 || len(q.Sources) > maxSources {
		return nil, refuse("survey", "there are %d surveys, expected 1 to %d", len(q.Sources), maxSources)
	}
	list := make([]*source, len(q.Sources))
	for i, want := range q.Sources {
		var err error
		if list[i], err = findSource(ctx, st, want); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// alike finds the questions of a query, and refuses those whose answers cannot be counted together.
func alike(sources []*source, metric string) error {
	for _, s := range sources {
		if err := s.scored(metric); err != nil {
			return err
		}
	}
	first := sources[0]
	for _, s := range sources {
		if is := survey.Metric(s.question); is != survey.Metric(first.question) || metric != "" && is != metric || *s.question.Scale() != *first.question.Scale() {
			return refuse("metric", "%s/%s/%s is %s from %d to %d, and cannot be counted together with %s",
				s.Site, s.Survey, s.Question, is, s.question.Scale().Min, s.question.Scale().Max, of(first, metric))
		}
	}
	return once(sources)
}

// once refuses what would be counted twice.
func once(sources []*source) error {
	for i, s := range sources {
		for _, other := range sources[:i] {
			if other.Source == s.Source {
				return refuse("survey", "%s is there twice", strings.TrimSuffix(s.Site+"/"+s.Survey+"/"+s.Question, "/"))
			}
		}
	}
	return nil
}

func of(s *source, metric string) string {
	if metric != "" && metric != survey.Metric(s.question) {
		return metric
	}
	return s.Site + "/" + s.Survey + "/" + s.Question + ", " + survey.Metric(s.question)
}
