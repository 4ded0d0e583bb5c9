package segment

import (
	"context"
	"errors"
	"math"
	"time"

	"github.com/askwell/askwell/collector/store"
)

// settle is how long after its end an hour is sealed: most who began to answer in it are done by then,
// and each who is not makes the hour stale.
const settle = 10 * time.Minute

// Day is the longest segment.
const Day = 24 * store.Hour

// pause is left between two segments: what pages send goes first.
const pause = 5 * time.Millisecond

// Seal seals the hours and days of every survey that are over, and makes anew what is stale, until
// there is nothing left to do.
func Seal(ctx context.Context, st *store.Store, now time.Time) error {
	list, err := st.Unsealed(ctx)
	if err != nil {
		return err
	}
	until := now.Add(-settle).UnixMilli()
	var errs []error
	for _, u := range list {
		s := sealer{st: st, site: u.Site, survey: u.Survey}
		// One survey that cannot be read keeps no other from being sealed.
		errs = append(errs, s.mend(ctx, u.Stale, u.UpTo, until), s.advance(ctx, u.UpTo, until))
	}
	return errors.Join(errs...)
}

type sealer struct {
	st           *store.Store
	site, survey string
}

// mend makes the segments around stale hours anew: of the whole day, where that is sealed.
// What is not over yet, as where a clock was put back, stays rows until it is.
func (s *sealer) mend(ctx context.Context, stale []int64, upTo, until int64) error {
	var errs []error
	done := int64(math.MinInt64)
	for _, hour := range stale {
		if hour < done || hour >= upTo {
			continue
		}
		from, to := hour, hour+store.Hour
		if day := floor(hour, Day); day+Day <= upTo {
			from, to = day, day+Day
		}
		if done = to; to <= until {
			errs = append(errs, s.build(ctx, from, to)) // one that cannot be read keeps no other from being made
		}
	}
	return errors.Join(errs...)
}

// advance seals what was born since. Stretches in which nothing was have no segments.
func (s *sealer) advance(ctx context.Context, from, until int64) error {
	for {
		if day := floor(from, Day); from > day && day+Day <= until { // its hours become one day
			if err := s.build(ctx, day, day+Day); err != nil {
				return err
			}
			from = day + Day
		}
		next, ok, err := s.st.NextBirth(ctx, s.site, s.survey, from)
		if err != nil || !ok {
			return err
		}
		from = floor(next, Day)
		span := Day
		if from+Day > until {
			from, span = floor(next, store.Hour), store.Hour
		}
		if from+span > until {
			return nil
		}
		if err := s.build(ctx, from, from+span); err != nil {
			return err
		}
		from += span
	}
}

func (s *sealer) build(ctx context.Context, from, to int64) error {
	if err := s.st.Seal(ctx, s.site, s.survey, from, to, func(each func(func(*store.Response) error) error) ([]store.Segment, error) {
		// Read here, the definitions know every version that the responses are of: later ones make their hour stale.
		definitions, err := s.st.Definitions(ctx, s.site, s.survey)
		if err != nil {
			return nil, err
		}
		block, err := NewSchema(definitions).Build(from, to, each)
		if err != nil {
			return nil, err
		}
		return block.Segments()
	}); err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(pause):
		return nil
	}
}

// Build makes a block of the responses that each hands over.
func (s Schema) Build(from, to int64, each func(func(*store.Response) error) error) (*Block, error) {
	b := NewBuilder(from, to)
	if err := each(func(r *store.Response) error {
		row, err := s.Row(r)
		if err != nil {
			return err
		}
		b.Add(row)
		return nil
	}); err != nil {
		return nil, err
	}
	return b.Block(), nil
}

// floor is the start of the span in which a time lies; before 1970 too.
func floor(at, span int64) int64 { return at - (at%span+span)%span }
