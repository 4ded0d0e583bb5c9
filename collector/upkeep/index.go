package upkeep

import (
	"context"
	"time"
)

// How long a verbatim waits to be indexed: until then a search reads it from its response.
const (
	indexEvery = time.Second
	indexAgain = 30 * time.Second // after a failure, such as a full disk: each would be a line in the log
	indexBatch = 100              // in one transaction, which takes some 12 ms: ingest waits for it
)

// index takes what there is to index in small batches. Between them it rests four times as long as the
// last one took, at least: ingest comes first (with as long as one took, a response cost 100 µs more to
// store in scripts/bench, with 39 before there was an index); what waits is found all the same.
func (u *Upkeep) index(ctx context.Context) {
	for {
		began := time.Now()
		more, err := u.store.IndexSome(ctx, indexBatch)
		u.report("cannot index what visitors wrote", err)
		rest := indexEvery
		switch {
		case err != nil:
			rest = indexAgain
		case more:
			rest = 4 * time.Since(began)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(rest):
		}
	}
}
