package api

import (
	"context"
	"iter"

	"github.com/askwell/askwell/collector/report"
	"github.com/askwell/askwell/collector/store"
	"github.com/askwell/askwell/collector/survey"
	"github.com/askwell/askwell/collector/words"
)

// maxLooked is how many responses one page looks at: where few of very many are asked for, the client
// comes again rather than waiting for minutes.
const maxLooked = 20_000

// listing is the responses to a survey that a request asks for, newest first.
type listing struct {
	// some is the next responses from a cursor on, n or so, with the cursor behind them, "" at the end.
	some func(ctx context.Context, cursor string, n int) ([]store.Response, string, error)
	keep *report.Selection

	state survey.State // "": any
	class survey.Class
}

func (a *api) listing(ctx context.Context, in *responsesInput) (*listing, error) {
	q := query([]report.Source{{Site: in.Site, Survey: in.SurveyPath.Survey}}, in.PeriodQuery, ByQuery{}, in.FilterQuery, ScoreQuery{})
	keep, err := q.Selection(ctx, a.Store, a.Now())
	if err != nil {
		return nil, err
	}
	list := &listing{keep: keep, state: in.State, class: in.Class}
	if in.Q == "" {
		list.some = func(ctx context.Context, cursor string, n int) ([]store.Response, string, error) {
			return a.Store.Responses(ctx, in.Site, in.Survey, cursor, n)
		}
		return list, nil
	}
	search, err := words.Parse(in.Q)
	if err != nil {
		return nil, err
	}
	list.some = func(ctx context.Context, cursor string, n int) ([]store.Response, string, error) {
		return a.Store.SearchSome(ctx, in.Site, in.Survey, search, cursor, n)
	}
	return list, nil
}

// readAtOnce is how many responses are read in one go: some 16 MB, were each as large as it may be.
const readAtOnce = 250

// page is the next responses that are asked for, limit at most, with the cursor behind them.
func (l *listing) page(ctx context.Context, cursor string, limit int) ([]store.Response, string, error) {
	found := []store.Response{}
	looked := 0
	for next := l.start(cursor); ; {
		rows, after, err := l.some(ctx, next, max(readAtOnce, limit))
		if err != nil {
			return nil, "", err
		}
		for i := range rows {
			kept, over, err := l.keeps(&rows[i])
			if err != nil || over {
				return found, "", err
			}
			if kept {
				found = append(found, rows[i])
			}
			if len(found) == limit {
				if after == "" && i == len(rows)-1 {
					return found, "", nil
				}
				return found, store.Cursor(rows[i]), nil
			}
		}
		if looked += max(len(rows), 1); after == "" || looked >= maxLooked {
			return found, after, nil
		}
		next = after
	}
}

// all are the responses that are asked for from a cursor on. They are read in pieces, for one long
// reading would keep the database's log from being emptied: one that arrives meanwhile is not among
// them, and one that changes is as it was when it was read. Behind each piece comes a response without an id:
// where few of millions are asked for, that is how a client's connection learns that there is still work.
func (l *listing) all(ctx context.Context, cursor string) iter.Seq2[store.Response, error] {
	return func(yield func(store.Response, error) bool) {
		for next, more := l.start(cursor), true; more; more = next != "" {
			rows, after, err := l.some(ctx, next, readAtOnce)
			if err != nil {
				yield(store.Response{}, err)
				return
			}
			for i := range rows {
				kept, over, err := l.keeps(&rows[i])
				if over {
					return
				}
				if (kept || err != nil) && !yield(rows[i], err) {
					return
				}
			}
			if next = after; !yield(store.Response{}, nil) {
				return
			}
		}
	}
}

func (l *listing) start(cursor string) string {
	if cursor == "" {
		return l.keep.Start()
	}
	return cursor
}

func (l *listing) keeps(r *store.Response) (kept, over bool, err error) {
	if l.keep.Ends(r) {
		return false, true, nil
	}
	if l.state != "" && l.state != r.State || l.class != "" && l.class != r.Class {
		return false, false, nil
	}
	kept, err = l.keep.Keeps(r)
	return kept, false, err
}
