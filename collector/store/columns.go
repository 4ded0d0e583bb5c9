package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
)

// Wanted is a column that is to be read, and the segments whose data is needed, by where they begin:
// of the others, what they say of all their responses together is enough.
type Wanted struct {
	Column string
	Data   []int64 // in order
	All    bool    // the data of every segment is needed
	Only   []int64 // the segments of which the column is read at all; nil: of each
}

// ColumnReader reads some columns of segments side by side, in the order of time or against it.
type ColumnReader struct {
	cursors  []*cursor
	backward bool
	found    []*Segment
}

// cursor is the rows of one column.
type cursor struct {
	rows  *sql.Rows
	now   Segment // where the rows stand; its bytes are the rows', until they go on
	ended bool
}

// ReadColumns begins to read the segments that begin in [from, to). In another database an empty blob and
// json_each want another form.
func (p *Snapshot) ReadColumns(ctx context.Context, site, survey string, from, to int64, wanted []Wanted, backward bool) (_ *ColumnReader, err error) {
	c := &ColumnReader{backward: backward}
	defer func() {
		if err != nil {
			err = errors.Join(err, c.Close())
		}
	}()
	for _, w := range wanted {
		args, data, only := []any{site, survey, w.Column, from, to}, "x''", ""
		in := func(list []int64) string {
			text, _ := json.Marshal(list) // numbers
			args = append(args, string(text))
			return fmt.Sprintf("from_at IN (SELECT value FROM json_each($%d))", len(args))
		}
		switch {
		case w.All:
			data = "data"
		case len(w.Data) > 0:
			data = "CASE WHEN " + in(w.Data) + " THEN data ELSE x'' END"
		}
		if w.Only != nil {
			only = " AND " + in(w.Only)
		}
		order := ""
		if backward {
			order = " DESC"
		}
		rows, err := p.tx.QueryContext(ctx, "SELECT from_at, span, n, dict, counts, "+data+
			" FROM segments WHERE site_id = $1 AND survey_id = $2 AND col = $3 AND from_at >= $4 AND from_at < $5"+only+" ORDER BY from_at"+order, args...)
		if err != nil {
			return c, err
		}
		cursor := &cursor{rows: rows, now: Segment{Column: w.Column}}
		c.cursors = append(c.cursors, cursor)
		if err := cursor.next(); err != nil {
			return c, err
		}
	}
	return c, nil
}

func (c *cursor) next() error {
	if c.ended = !c.rows.Next(); c.ended {
		return c.rows.Err()
	}
	g := &c.now
	return c.rows.Scan(&g.From, &g.Span, &g.N, &g.Dict, (*sql.RawBytes)(&g.Counts), (*sql.RawBytes)(&g.Data))
}

// At returns the columns of the segment that begins at a time, those that it has. Ask in the order that
// was opened; what it returns is good until it is asked again.
func (c *ColumnReader) At(from int64) ([]*Segment, error) {
	c.found = c.found[:0]
	for _, cursor := range c.cursors {
		for !cursor.ended && (cursor.now.From < from) != c.backward && cursor.now.From != from {
			if err := cursor.next(); err != nil {
				return nil, err
			}
		}
		if !cursor.ended && cursor.now.From == from {
			c.found = append(c.found, &cursor.now)
		}
	}
	return c.found, nil
}

// Close ends the reading.
func (c *ColumnReader) Close() error {
	var errs []error
	for _, cursor := range c.cursors {
		errs = append(errs, cursor.rows.Close())
	}
	return errors.Join(errs...)
}
