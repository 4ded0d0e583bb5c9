package store

import (
	"context"
	"database/sql"
	"errors"
)

// Snapshot is one moment of the database: a figure that is read in several queries is of that moment.
// Close it soon, because the log of the database grows meanwhile.
type Snapshot struct {
	conn *sql.Conn
	tx   *sql.Tx
}

// Snapshot begins a reading. A context that is cancelled ends its queries, and not the transaction:
// database/sql would roll that back by itself, which waits for open rows, while a query that is just
// beginning waits for it (a hang in 8,000 cancelled readings).
func (s *Store) Snapshot(ctx context.Context) (*Snapshot, error) {
	conn, err := s.read.Conn(ctx)
	if err != nil {
		return nil, err
	}
	tx, err := conn.BeginTx(context.WithoutCancel(ctx), &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return &Snapshot{conn, tx}, nil
}

// Close ends it.
func (p *Snapshot) Close() {
	p.tx.Rollback()
	p.conn.Close()
}

// Span is where a segment lies, and how many responses it has.
type Span struct {
	From, To int64
	N        int
	Stale    bool
}

// Sealed lists the segments that touch [from, to), how far the survey is sealed, and the stale hours
// that have no segment.
func (p *Snapshot) Sealed(ctx context.Context, site, survey string, from, to int64) (spans []Span, upTo int64, loose []int64, err error) {
	if err = each(ctx, p.tx, func(scan func(...any) error) error {
		var g Span
		if err := scan(&g.From, &g.To, &g.N); err != nil {
			return err
		}
		if g.To += g.From; g.To > from {
			spans = append(spans, g)
		}
		return nil
	}, "SELECT from_at, span, n FROM segments WHERE site_id = $1 AND survey_id = $2 AND from_at > $3 AND from_at < $4 AND col = '_at' ORDER BY from_at",
		site, survey, from-24*Hour, to); err != nil {
		return nil, 0, nil, err
	}
	if err = each(ctx, p.tx, func(scan func(...any) error) error { return scan(&upTo) },
		"SELECT up_to FROM sealed WHERE site_id = $1 AND survey_id = $2", site, survey); err != nil {
		return nil, 0, nil, err
	}
	i := 0
	err = each(ctx, p.tx, func(scan func(...any) error) error {
		var hour int64
		if err := scan(&hour); err != nil {
			return err
		}
		for i < len(spans) && spans[i].To <= hour {
			i++
		}
		if i < len(spans) && spans[i].From <= hour {
			spans[i].Stale = true
		} else {
			loose = append(loose, hour)
		}
		return nil
	}, "SELECT from_at FROM stale WHERE site_id = $1 AND survey_id = $2 AND from_at > $3 AND from_at < $4 AND gen > 0 ORDER BY from_at", site, survey, from-24*Hour, to)
	return spans, upTo, loose, err
}

// Segment hands over all columns of the segment that begins at a time.
func (p *Snapshot) Segment(ctx context.Context, site, survey string, from int64, column func(*Segment) error) error {
	return each(ctx, p.tx, func(scan func(...any) error) error {
		var g Segment
		if err := scan(&g.From, &g.Column, &g.Span, &g.N, &g.Dict, &g.Counts, &g.Data); err != nil {
			return err
		}
		return column(&g)
	}, "SELECT from_at, col, span, n, dict, counts, data FROM segments WHERE site_id = $1 AND survey_id = $2 AND from_at = $3", site, survey, from)
}

// Column reads one column of the segment that begins at a time, nil where it has none of that name.
func (p *Snapshot) Column(ctx context.Context, site, survey string, from int64, name string) (*Segment, error) {
	var found *Segment
	err := each(ctx, p.tx, func(scan func(...any) error) error {
		found = &Segment{From: from, Column: name}
		return scan(&found.Span, &found.N, &found.Dict, &found.Counts, &found.Data)
	}, "SELECT span, n, dict, counts, data FROM segments WHERE site_id = $1 AND survey_id = $2 AND from_at = $3 AND col = $4", site, survey, from, name)
	return found, err
}

// Columns lists the columns of the segments that begin in [from, to).
func (p *Snapshot) Columns(ctx context.Context, site, survey string, from, to int64) (names []string, err error) {
	err = each(ctx, p.tx, func(scan func(...any) error) error {
		var name string
		if err := scan(&name); err != nil {
			return err
		}
		names = append(names, name)
		return nil
	}, "SELECT DISTINCT col FROM segments WHERE site_id = $1 AND survey_id = $2 AND from_at >= $3 AND from_at < $4 ORDER BY col", site, survey, from, to)
	return names, err
}

// Responses hands over the live responses that were born in [from, to), in the order of their births.
func (p *Snapshot) Responses(ctx context.Context, site, survey string, from, to int64, row func(*Response) error) error {
	return eachResponse(ctx, p.tx, row, "WHERE site_id = $1 AND survey_id = $2 AND at >= $3 AND at < $4 AND class = 0 ORDER BY at, id", site, survey, from, to)
}

// NextBirth is the first birth from a time on.
func (p *Snapshot) NextBirth(ctx context.Context, site, survey string, from int64) (at int64, ok bool, err error) {
	return nextBirth(ctx, p.tx, site, survey, from)
}

// LastBirth is the last of all births.
func (p *Snapshot) LastBirth(ctx context.Context, site, survey string) (at int64, err error) {
	err = each(ctx, p.tx, func(scan func(...any) error) error { return scan(&at) },
		"SELECT at FROM responses WHERE site_id = $1 AND survey_id = $2 ORDER BY at DESC LIMIT 1", site, survey)
	return at, err
}
