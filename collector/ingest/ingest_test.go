package ingest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// gated is a Writer whose commits a test holds back. In a synctest bubble nothing depends on time:
// synctest.Wait returns when every goroutine waits for another.
type gated struct {
	*Writer[int, error]
	commits chan []int    // receives each group as its commit begins
	finish  chan struct{} // lets a commit end
}

func newGated() *gated {
	g := &gated{commits: make(chan []int), finish: make(chan struct{})}
	g.Writer = New(func(items []int) []error {
		g.commits <- slices.Clone(items)
		<-g.finish
		return make([]error, len(items))
	})
	return g
}

// finishAll lets every commit end from here on, and returns how many items each had.
func (g *gated) finishAll(n int) (sizes []int) {
	for range n {
		sizes = append(sizes, len(<-g.commits))
		g.finish <- struct{}{}
	}
	return sizes
}

// write starts a caller, and returns when its items are in the queue. What it hears comes later.
func (g *gated) write(ctx context.Context, items ...int) <-chan result {
	heard := make(chan result, 1)
	go func() {
		errs, err := g.Write(ctx, items)
		heard <- result{errs, err}
	}()
	synctest.Wait()
	return heard
}

type result struct {
	errs []error
	err  error
}

// waits says whether a caller has heard nothing yet.
func waits(heard <-chan result) bool { synctest.Wait(); return len(heard) == 0 }

func TestEachCallerHearsOfItsOwnItemsInOrder(t *testing.T) {
	failed := func(n int) error { return fmt.Errorf("item %d", n) }
	w := New(func(items []int) []error {
		errs := make([]error, len(items))
		for i, n := range items {
			if n%3 == 0 {
				errs[i] = failed(n)
			}
		}
		return errs
	})
	defer w.Close()
	var callers sync.WaitGroup
	for caller := range 100 {
		callers.Go(func() {
			for round := range 20 {
				var items []int
				var want []string
				for i := range caller % 7 { // none, too
					n := caller*1000 + round*10 + i
					items = append(items, n)
					if n%3 == 0 {
						want = append(want, failed(n).Error())
					} else {
						want = append(want, "")
					}
				}
				errs, err := w.Write(t.Context(), items)
				if err != nil {
					t.Errorf("caller %d: %v", caller, err)
				}
				if diff := cmp.Diff(want, texts(errs)); diff != "" {
					t.Errorf("caller %d: %s", caller, diff)
				}
			}
		})
	}
	callers.Wait()
}

func texts(errs []error) (out []string) {
	for _, err := range errs {
		if err == nil {
			out = append(out, "")
		} else {
			out = append(out, err.Error())
		}
	}
	return out
}

func TestBatchGathersWhileACommitIsUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newGated()
		first := w.write(t.Context(), 1)
		if diff := cmp.Diff([]int{1}, <-w.commits); diff != "" {
			t.Error(diff)
		}
		second, third := w.write(t.Context(), 2, 3), w.write(t.Context(), 4)
		if got := w.Waiting(); got != 3 {
			t.Errorf("%d items wait, want 3", got)
		}
		if !waits(first) || !waits(second) {
			t.Error("a caller heard of its items before they were committed")
		}
		w.finish <- struct{}{}
		if diff := cmp.Diff([]int{2, 3, 4}, <-w.commits); diff != "" {
			t.Error(diff)
		}
		if got := <-first; got.err != nil || len(got.errs) != 1 {
			t.Errorf("the first caller heard %v", got)
		}
		if !waits(second) || !waits(third) {
			t.Error("a caller heard of its items before they were committed")
		}
		w.finish <- struct{}{}
		if got := <-second; got.err != nil || len(got.errs) != 2 {
			t.Errorf("the second caller heard %v", got)
		}
		if got := <-third; got.err != nil || len(got.errs) != 1 {
			t.Errorf("the third caller heard %v", got)
		}
		w.Close()
	})
}

func TestBatchStopsGrowingAtItsLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newGated()
		w.write(t.Context(), 0)
		<-w.commits
		many := make([]int, maxBatch/2+1)
		for range 3 {
			w.write(t.Context(), many...)
		}
		w.write(t.Context(), make([]int, 2*maxBatch)...) // one request is never split
		w.finish <- struct{}{}
		want := []int{2 * len(many), len(many) + 2*maxBatch}
		if diff := cmp.Diff(want, w.finishAll(2)); diff != "" {
			t.Error(diff)
		}
		w.Close()
	})
}

func TestFullQueueRefusesAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newGated()
		first := w.write(t.Context(), 0)
		<-w.commits // it is out of the queue, which now takes maxQueue more
		var callers sync.WaitGroup
		for range maxQueue {
			callers.Go(func() {
				if _, err := w.Write(t.Context(), []int{1}); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		if _, err := w.Write(t.Context(), []int{1}); !errors.Is(err, ErrFull) {
			t.Errorf("a full queue gives %v, want ErrFull", err)
		}
		w.finish <- struct{}{}
		w.finishAll(maxQueue / maxBatch)
		callers.Wait()
		<-first
		after := w.write(t.Context(), 2)
		w.finishAll(1)
		if got := <-after; got.err != nil {
			t.Errorf("a queue that was full and is not any more gives %v", got.err)
		}
		w.Close()
	})
}

func TestCloseCommitsWhatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newGated()
		callers := []<-chan result{w.write(t.Context(), 1)}
		<-w.commits
		callers = append(callers, w.write(t.Context(), 2), w.write(t.Context(), 3))
		closed := make(chan struct{})
		for range 2 { // closing twice is closing
			go func() { w.Close(); closed <- struct{}{} }()
		}
		synctest.Wait()
		if _, err := w.Write(t.Context(), []int{4}); !errors.Is(err, ErrClosed) {
			t.Errorf("after Close, Write gives %v, want ErrClosed", err)
		}
		select {
		case <-closed:
			t.Error("Close returned before what waits was committed")
		default:
		}
		w.finish <- struct{}{}
		if diff := cmp.Diff([]int{2, 3}, <-w.commits); diff != "" {
			t.Error(diff)
		}
		w.finish <- struct{}{}
		<-closed
		<-closed
		for i, heard := range callers {
			if got := <-heard; got.err != nil || len(got.errs) != 1 || got.errs[0] != nil {
				t.Errorf("caller %d heard %v", i, got)
			}
		}
		if _, err := w.Write(t.Context(), []int{4}); !errors.Is(err, ErrClosed) {
			t.Errorf("after Close, Write gives %v, want ErrClosed", err)
		}
	})
}

func TestCallerThatLeavesHoldsNobodyUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newGated()
		ctx, leave := context.WithCancel(t.Context())
		leaver := w.write(ctx, 1)
		<-w.commits
		other := w.write(t.Context(), 2)
		leave()
		if got := <-leaver; !errors.Is(got.err, context.Canceled) {
			t.Errorf("the caller that left heard %v, want context.Canceled", got)
		}
		w.finish <- struct{}{}
		w.finishAll(1)
		if got := <-other; got.err != nil {
			t.Errorf("the other caller heard %v", got.err)
		}
		w.Close()
	})
}

// Groups are made of the callers' slices, and results are cut from one: neither may be written into
// by someone else.
func TestCallersShareNoMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newGated()
		w.write(t.Context(), 0)
		<-w.commits
		roomy := make([]int, 1, 8)
		a, b := w.write(t.Context(), roomy...), w.write(t.Context(), 7)
		w.finish <- struct{}{}
		w.finishAll(1)
		if got := roomy[:2][1]; got != 0 {
			t.Errorf("another caller's item %d was written into the first one's slice", got)
		}
		first, second := <-a, <-b
		_ = append(first.errs, errors.New("mine"))
		if second.errs[0] != nil {
			t.Error("one caller's errors reach into the next one's")
		}
		w.Close()
	})
}

func TestACommitWaitsAMomentForCompanyAndNoLonger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newGated()
		start := time.Now() // the bubble's clock: it moves only when all wait
		first := w.write(t.Context(), 1)
		time.Sleep(gatherTime - 1)
		second := w.write(t.Context(), 2)
		if diff := cmp.Diff([]int{1, 2}, <-w.commits); diff != "" {
			t.Error(diff)
		}
		if took := time.Since(start); took != gatherTime {
			t.Errorf("the commit began after %s, want %s", took, gatherTime)
		}
		w.finish <- struct{}{}
		<-first
		<-second
		w.Close()
	})
}
