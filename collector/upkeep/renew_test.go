package upkeep

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"
)

func TestRenewalTriesUntilItSucceeds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tries := map[string]int{}
		r := StartRenewal(func(_ context.Context, site string) error {
			if tries[site]++; site == "shop" && tries[site] < 3 {
				return errors.New("the database is locked")
			}
			return nil
		}, slog.New(slog.DiscardHandler))
		for range 10 { // more at once are one
			r.Add("shop")
		}
		r.Add("blog")
		time.Sleep(10 * renewAgain)
		synctest.Wait()
		r.Stop()
		if tries["shop"] < 3 || tries["shop"] > 4 || tries["blog"] == 0 {
			t.Errorf("tried %v", tries)
		}
		r.Add("shop") // nobody waits for it
	})
}
