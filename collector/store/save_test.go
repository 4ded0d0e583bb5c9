package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/askwell/askwell/collector/survey"
)

// poison makes the database itself refuse some rows, as a bug in a later trigger or constraint would.
func poison(t *testing.T, s *Store, raise string) {
	t.Helper()
	if _, err := s.write.ExecContext(t.Context(), fmt.Sprintf(`CREATE TRIGGER poison BEFORE INSERT ON responses
		WHEN NEW.answers LIKE '%%poison%%' BEGIN SELECT RAISE(%s, 'poisoned'); END`, raise)); err != nil {
		t.Fatal(err)
	}
}

func TestPoisonedRowRefusesNoNeighbour(t *testing.T) {
	for _, raise := range []string{"ABORT", "FAIL", "ROLLBACK"} { // ROLLBACK ends the whole transaction
		t.Run(raise, func(t *testing.T) {
			s := newStore(t)
			poison(t, s, raise)
			var batch []Response
			for n := range 20 {
				batch = append(batch, response("shop", "s", n, func(r *Response) {
					if n%7 == 3 {
						r.Answers = json.RawMessage(`{"why":"poison"}`)
					}
				}))
			}
			stored := 0
			for i, err := range errorsOf(s.SaveResponses(t.Context(), batch)) {
				if i%7 == 3 {
					wantCode(t, "a poisoned row", err, survey.Unstorable)
				} else if err != nil {
					t.Errorf("its neighbour %d: %v", i, err)
				} else {
					stored++
				}
			}
			if got := list(t, s, "shop", "s", 100); len(got) != stored || stored != 17 {
				t.Errorf("%d are stored, and %d were told so, of 17", len(got), stored)
			}
		})
	}
}

func TestDatabaseThatCannotBeWrittenRefusesNoneForGood(t *testing.T) {
	s := newStore(t)
	if _, err := s.write.ExecContext(t.Context(), "PRAGMA max_page_count = 30"); err != nil {
		t.Fatal(err)
	}
	refused := 0
	for n := range 200 {
		errs := errorsOf(s.SaveResponses(t.Context(), []Response{response("shop", "s", 2*n, answers(`{"why":"`+fmt.Sprint(make([]byte, 500))+`"}`)), response("shop", "s", 2*n+1, nil)}))
		for _, err := range errs {
			if err != nil && !errors.Is(err, ErrUnavailable) {
				t.Fatalf("a full disk: %v", err)
			}
			if err != nil {
				refused++
			}
		}
	}
	if refused == 0 {
		t.Fatal("the disk was never full")
	}
	stored := len(list(t, s, "shop", "s", 1000))
	if stored+refused != 400 {
		t.Errorf("%d stored and %d refused, of 400", stored, refused)
	}
	if _, err := s.write.ExecContext(t.Context(), "PRAGMA max_page_count = 100000"); err != nil {
		t.Fatal(err)
	}
	save(t, s, response("shop", "s", 1000, nil)) // there is room again: no restart is needed
}
