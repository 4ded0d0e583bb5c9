package store

import (
	"context"
	"database/sql"
	"sync"
	"time"
)

// Segment is one column of the live responses that were born in [From, From+Span), in the order of
// their births.
type Segment struct {
	Column       string
	From, Span   int64 // milliseconds
	N            int
	Dict         string
	Counts, Data []byte
}

// Hour is what is marked as changed, in milliseconds: a segment is made of whole hours.
const Hour = int64(time.Hour / time.Millisecond)

// seals is how far each survey is sealed, or being sealed: a change before that marks its hour. It
// runs ahead of the table while a segment is made, so that nothing slips in between.
type seals struct {
	sync.Mutex
	upTo   map[surveyKey]int64
	forgot map[surveyKey]int // how often something was: what a segment was made of before may hold it
}

func (s *seals) covers(k surveyKey, at int64) bool {
	s.Lock()
	defer s.Unlock()
	return at < s.upTo[k]
}

// any says whether anything of a survey is sealed.
func (s *seals) any(k surveyKey) bool { return s.covers(k, 0) }

func (s *seals) raise(k surveyKey, to int64) {
	s.Lock()
	defer s.Unlock()
	s.upTo[k] = max(s.upTo[k], to)
}

func (s *seals) forget(k surveyKey) {
	s.Lock()
	defer s.Unlock()
	s.forgot[k]++
}

func (s *seals) forgotten(k surveyKey) int {
	s.Lock()
	defer s.Unlock()
	return s.forgot[k]
}

func (s *Store) loadSeals(ctx context.Context) error {
	s.seals.upTo, s.seals.forgot = map[surveyKey]int64{}, map[surveyKey]int{}
	return each(ctx, s.read, func(scan func(...any) error) error {
		var k surveyKey
		var to int64
		if err := scan(&k.site, &k.survey, &to); err != nil {
			return err
		}
		s.seals.upTo[k] = to
		return nil
	}, "SELECT site_id, survey_id, up_to FROM sealed")
}

const markStale = `INSERT INTO stale(site_id, survey_id, from_at, gen) VALUES($1, $2, $3, 1)
	ON CONFLICT(site_id, survey_id, from_at) DO UPDATE SET gen = stale.gen + 1`

// changed marks the hour of a birth, where it is sealed, in the transaction that changes it.
func (s *Store) changed(ctx context.Context, tx *sql.Tx, site, survey string, at time.Time) error {
	ms := at.UnixMilli()
	if !s.seals.covers(surveyKey{site, survey}, ms) {
		return nil
	}
	_, err := tx.ExecContext(ctx, markStale, site, survey, ms-mod(ms, Hour))
	return err
}

// forget removes the segment around a birth, in the transaction that removes or anonymises what is
// stored of it: a segment may hold what the person is known by. All its hours are stale then.
func (s *Store) forget(ctx context.Context, tx *sql.Tx, site, survey string, at time.Time) error {
	ms := at.UnixMilli()
	if !s.seals.covers(surveyKey{site, survey}, ms) {
		return nil
	}
	s.seals.forget(surveyKey{site, survey})
	hour := ms - mod(ms, Hour)
	from, to, err := span(ctx, tx, site, survey, hour)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM segments WHERE site_id = $1 AND survey_id = $2 AND from_at = $3", site, survey, from); err != nil {
		return err
	}
	for ; from < to; from += Hour {
		if _, err := tx.ExecContext(ctx, markStale, site, survey, from); err != nil {
			return err
		}
	}
	return nil
}

// forgetUntil removes the segments of all births up to a time, before those are deleted. The hours of
// the last segment are stale then, because later births are in it too.
func (s *Store) forgetUntil(ctx context.Context, tx *sql.Tx, site, survey string, last int64) error {
	s.seals.forget(surveyKey{site, survey})
	if err := s.forget(ctx, tx, site, survey, time.UnixMilli(last)); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, "DELETE FROM segments WHERE site_id = $1 AND survey_id = $2 AND from_at <= $3", site, survey, last)
	return err
}

// mod is never negative: births before 1970 have hours too.
func mod(a, b int64) int64 { return (a%b + b) % b }

// Unsealed is how far a survey is sealed, and what of that is stale.
type Unsealed struct {
	Site, Survey string
	UpTo         int64   // 0: nothing yet
	Stale        []int64 // hours, in order
}

// Unsealed lists all surveys.
func (s *Store) Unsealed(ctx context.Context) ([]Unsealed, error) {
	var list []Unsealed
	at := map[surveyKey]int{}
	err := each(ctx, s.read, func(scan func(...any) error) error {
		var u Unsealed
		if err := scan(&u.Site, &u.Survey, &u.UpTo); err != nil {
			return err
		}
		at[surveyKey{u.Site, u.Survey}] = len(list)
		list = append(list, u)
		return nil
	}, `SELECT s.site_id, s.survey_id, COALESCE(x.up_to, 0) FROM surveys s
		LEFT JOIN sealed x ON x.site_id = s.site_id AND x.survey_id = s.survey_id ORDER BY 1, 2`)
	if err != nil {
		return nil, err
	}
	return list, each(ctx, s.read, func(scan func(...any) error) error {
		var k surveyKey
		var hour int64
		if err := scan(&k.site, &k.survey, &hour); err != nil {
			return err
		}
		if i, ok := at[k]; ok {
			list[i].Stale = append(list[i].Stale, hour)
		}
		return nil
	}, "SELECT site_id, survey_id, from_at FROM stale ORDER BY 1, 2, 3")
}

// NextBirth is the first birth from a time on.
func (s *Store) NextBirth(ctx context.Context, site, survey string, from int64) (at int64, ok bool, err error) {
	return nextBirth(ctx, s.read, site, survey, from)
}

func nextBirth(ctx context.Context, db querier, site, survey string, from int64) (at int64, ok bool, err error) {
	err = each(ctx, db, func(scan func(...any) error) error {
		ok = true
		return scan(&at)
	}, "SELECT at FROM responses WHERE site_id = $1 AND survey_id = $2 AND at >= $3 ORDER BY at LIMIT 1", site, survey, from)
	return at, ok, err
}

// Seal makes the segments of the hours in [from, to) anew, from what build says of their live
// responses, in place of all that lie there. What changes meanwhile stays stale, and so is read from
// its rows. Where something was erased meanwhile, it seals nothing: the next time is soon enough.
func (s *Store) Seal(ctx context.Context, site, survey string, from, to int64, build func(rows func(func(*Response) error) error) ([]Segment, error)) error {
	key, forgotten := surveyKey{site, survey}, 0
	// In the one writer: a save that began before is committed, and read below; one that comes after marks its hour.
	if err := s.transact(ctx, func(*sql.Tx) error {
		s.seals.raise(key, to)
		forgotten = s.seals.forgotten(key)
		return nil
	}); err != nil {
		return err
	}
	marks := map[int64]int64{}
	if err := each(ctx, s.read, func(scan func(...any) error) error {
		var hour, gen int64
		if err := scan(&hour, &gen); err != nil {
			return err
		}
		marks[hour] = gen
		return nil
	}, "SELECT from_at, gen FROM stale WHERE site_id = $1 AND survey_id = $2 AND from_at >= $3 AND from_at < $4", site, survey, from, to); err != nil {
		return err
	}
	segments, err := build(func(row func(*Response) error) error {
		return eachResponse(ctx, s.read, row, "WHERE site_id = $1 AND survey_id = $2 AND at >= $3 AND at < $4 AND class = 0 ORDER BY at, id", site, survey, from, to)
	})
	if err != nil {
		return err
	}
	return s.transact(ctx, func(tx *sql.Tx) error {
		if s.seals.forgotten(key) != forgotten {
			return nil // what was read may hold what is gone, and of what was deleted no hour is marked
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM segments WHERE site_id = $1 AND survey_id = $2 AND from_at >= $3 AND from_at < $4", site, survey, from, to); err != nil {
			return err
		}
		insert, err := tx.PrepareContext(ctx, "INSERT INTO segments(site_id, survey_id, from_at, col, span, n, dict, counts, data) VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9)")
		if err != nil {
			return err
		}
		defer insert.Close()
		for _, g := range segments {
			if _, err := insert.ExecContext(ctx, site, survey, g.From, g.Column, g.Span, g.N, g.Dict, g.Counts, g.Data); err != nil {
				return err
			}
		}
		for hour, gen := range marks {
			if _, err := tx.ExecContext(ctx, "DELETE FROM stale WHERE site_id = $1 AND survey_id = $2 AND from_at = $3 AND gen = $4", site, survey, hour, gen); err != nil {
				return err
			}
		}
		// What was born between the last segment and this one, and came while nobody marked hours there yet.
		if _, err := tx.ExecContext(ctx, `INSERT INTO stale(site_id, survey_id, from_at, gen)
			SELECT DISTINCT site_id, survey_id, at - at % $4, 1 FROM responses WHERE site_id = $1 AND survey_id = $2 AND at < $3
				AND at >= COALESCE((SELECT up_to FROM sealed WHERE site_id = $1 AND survey_id = $2), 0)
			ON CONFLICT(site_id, survey_id, from_at) DO NOTHING`, site, survey, from, Hour); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO sealed(site_id, survey_id, up_to) VALUES($1, $2, $3)
			ON CONFLICT(site_id, survey_id) DO UPDATE SET up_to = excluded.up_to WHERE excluded.up_to > sealed.up_to`, site, survey, to)
		return err
	})
}

// span returns where the segment around an hour lies; the hour itself where there is none.
func span(ctx context.Context, db querier, site, survey string, hour int64) (from, to int64, err error) {
	from, to = hour, hour+Hour
	err = each(ctx, db, func(scan func(...any) error) error {
		var at, span int64
		if err := scan(&at, &span); err != nil {
			return err
		}
		if at+span > hour {
			from, to = at, at+span
		}
		return nil
	}, "SELECT from_at, span FROM segments WHERE site_id = $1 AND survey_id = $2 AND from_at <= $3 ORDER BY from_at DESC LIMIT 1", site, survey, hour)
	return from, to, err
}
