// Package intake is the one door for responses, whatever way they come: it checks each against the
// survey it answers, says whose it is and which class it has, and hands it to the group commit.
package intake

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"

	"github.com/askwell/askwell/collector/catalog"
	"github.com/askwell/askwell/collector/ingest"
	"github.com/askwell/askwell/collector/metrics"
	"github.com/askwell/askwell/collector/store"
	"github.com/askwell/askwell/collector/survey"
)

// Door admits responses. NewDoor makes one.
type Door struct {
	Options
	logged atomic.Int64                // when a failure was last told, in milliseconds
	agents *otter.Cache[string, agent] // parsing takes 5 µs, as long as all else that is done with a response here
}

// Options is what a Door stands on.
type Options struct {
	Ingest  *ingest.Writer[store.Response, store.Saved]
	Metrics *metrics.Metrics
	Log     *slog.Logger
	Now     func() time.Time
	// FastestAnswer is how soon after showing a person can have completed a survey; 0: any time.
	FastestAnswer time.Duration
}

// maxAgents bounds the memory of User-Agents, to some 2 MB. A site sees some hundreds in a day.
const maxAgents = 4096

// NewDoor makes a Door.
func NewDoor(o Options) *Door {
	return &Door{Options: o, agents: otter.Must(&otter.Options[string, agent]{MaximumSize: maxAgents})}
}

// logEvery keeps a full disk from being filled by the lines that say so: what is refused is counted.
const logEvery = 10 * time.Second

func (d *Door) mayLog(now time.Time) bool {
	last := d.logged.Load()
	return now.UnixMilli()-last >= logEvery.Milliseconds() && d.logged.CompareAndSwap(last, now.UnixMilli())
}

// Sender is how a batch came.
type Sender struct {
	Channel   string // web, or what a server says
	Trusted   bool   // a server with a key, which knows its users, and has no user agent that says something
	UserAgent string
	Country   string
}

// Item is one response of a batch, or why it could not be read.
type Item struct {
	Response survey.Response
	Err      *survey.Error
}

// Batch is what was sent at once.
type Batch struct {
	SentAt int64 // by the sender's clock
	Items  []Item
}

// Receipt says what is on disk, and what never will be.
type Receipt struct {
	Accepted []string
	Rejected []Rejection
}

// Rejection says why sending a response again would not help.
type Rejection struct {
	ID  string
	Err *survey.Error
}

// IsBot says whether a User-Agent is a program's.
func (d *Door) IsBot(userAgent string) bool { return d.agent(userAgent).bot }

func (d *Door) agent(userAgent string) agent {
	by, _ := d.agents.ComputeIfAbsent(userAgent[:min(len(userAgent), maxAgent)], func() (agent, bool) {
		return readAgent(userAgent), false
	})
	return by
}

// Admit checks each response by itself, so that a bad one spoils no other, and returns once the good
// ones are on disk. An error means that the sender has to keep them all and try again: those that
// are stored by then are told apart by their ids.
func (d *Door) Admit(ctx context.Context, site *catalog.Site, batch *Batch, from Sender) (*Receipt, error) {
	received := d.Now()
	receipt := &Receipt{Accepted: []string{}}
	reject := func(id string, err *survey.Error) {
		d.Metrics.Refused(err.Code, 1)
		receipt.Rejected = append(receipt.Rejected, Rejection{id, err})
	}
	by := agent{}
	if !from.Trusted {
		by = d.agent(from.UserAgent)
	}
	rows := make([]store.Response, 0, len(batch.Items))
	for i := range batch.Items {
		r := &batch.Items[i].Response
		if err := batch.Items[i].Err; err != nil {
			reject(r.ID, err)
			continue
		}
		definition, unknown := site.Version(r.Survey, r.Version)
		if unknown != nil {
			reject(r.ID, unknown)
			continue
		}
		if problems := r.Check(definition); len(problems) > 0 {
			reject(r.ID, &survey.Error{Code: survey.Invalid, Message: "the response is not valid", Problems: problems})
			continue
		}
		if !from.Trusted {
			d.identify(site, r)
		}
		rows = append(rows, newRow(site.ID, definition, r, d.class(r, by, from), batch.SentAt, received, by, from))
	}
	if len(rows) == 0 {
		return receipt, nil
	}
	saved, err := d.Ingest.Write(ctx, rows)
	switch {
	case errors.Is(err, ingest.ErrFull), errors.Is(err, ingest.ErrClosed):
		d.Metrics.Refused(survey.Unavailable, len(rows))
		return nil, survey.Errorf(survey.Unavailable, "busy, try again")
	case err != nil:
		return nil, err // the client has gone; what it sent is stored all the same
	}
	unavailable := 0
	for i, one := range saved {
		var refused *survey.Error
		switch {
		case one.Err == nil:
			d.Metrics.Accepted(site.ID, rows[i].Survey, one.Class)
			receipt.Accepted = append(receipt.Accepted, rows[i].ID)
		case errors.As(one.Err, &refused):
			reject(rows[i].ID, refused)
		default:
			if unavailable++; unavailable == 1 && d.mayLog(received) {
				d.Log.ErrorContext(ctx, "cannot store responses", "error", one.Err)
			}
		}
	}
	if unavailable > 0 {
		d.Metrics.Refused(survey.Unavailable, unavailable)
		return nil, survey.Errorf(survey.Unavailable, "cannot store now, try again")
	}
	return receipt, nil
}
