package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/askwell/askwell/collector/survey"
)

func by(user, visitor string) func(*Response) {
	return func(r *Response) { r.User, r.Visitor = user, visitor }
}

func TestEraseTakesAPersonsResponsesAndNoOthers(t *testing.T) {
	s := newStore(t)
	must(s.SaveDraft(t.Context(), "shop", definition(t, "s"), 0))
	for n := range eraseBatch + 10 { // more than one transaction
		save(t, s, response("shop", "s", n, by("u-42", "v-1")))
	}
	save(t, s, response("shop", "s", 1000, by("u-43", "v-1")), response("shop", "s", 1001, by("", "v-2")), response("blog", "s", 1002, by("u-42", "v-1")))

	exported, next, err := s.Export(t.Context(), "shop", Person{User: "u-42"}, "", 1000)
	if err != nil || len(exported) != eraseBatch+10 || next != "" {
		t.Errorf("exported %d, next %q, %v", len(exported), next, err)
	}
	if n := must(s.Erase(t.Context(), "shop", Person{User: "u-42"}, now)); n != eraseBatch+10 {
		t.Errorf("erased %d", n)
	}
	if n := must(s.Erase(t.Context(), "shop", Person{Visitor: "v-1"}, now)); n != 1 {
		t.Errorf("erased %d of a visitor, want the one that another user gave", n)
	}
	if got := ids(list(t, s, "shop", "s", 10)); len(got) != 1 || !strings.HasSuffix(got[0], "1001") {
		t.Errorf("left on the shop: %v", got)
	}
	if got := list(t, s, "blog", "s", 10); len(got) != 1 {
		t.Error("another site lost a response")
	}
}

func TestErasedResponseIsRefusedFor31Days(t *testing.T) {
	s := newStore(t)
	first := response("shop", "s", 1, by("u-42", ""))
	save(t, s, first, response("shop", "s", 2, nil))
	must(s.Erase(t.Context(), "shop", Person{User: "u-42"}, now))

	again := first
	again.Seq = 2
	sent := func(name string, want survey.Code) {
		t.Helper()
		errs := errorsOf(s.SaveResponses(t.Context(), []Response{response("shop", "s", 3, nil), again, response("shop", "s", 4, nil)}))
		if errs[0] != nil || errs[2] != nil {
			t.Errorf("%s: its neighbours got %v, %v", name, errs[0], errs[2])
		}
		if want == "" {
			if errs[1] != nil {
				t.Errorf("%s: %v", name, errs[1])
			}
			return
		}
		wantCode(t, name, errs[1], want)
	}
	sent("at once", survey.Erased)
	if err := s.ForgetErased(t.Context(), now.Add(erasedFor-time.Hour)); err != nil {
		t.Fatal(err)
	}
	sent("before the time is over", survey.Erased)
	s = reopen(t, s)
	sent("after a restart", survey.Erased)
	other := first
	other.Site = "blog"
	save(t, s, other) // the same id on another site is another response
	if err := s.ForgetErased(t.Context(), now.Add(erasedFor+time.Hour)); err != nil {
		t.Fatal(err)
	}
	sent("after the time", "")
}

func TestErasedTextIsNotInAnyFile(t *testing.T) {
	s := newStore(t)
	const secret = "my-doctor-said-zxqv"
	long := strings.Repeat(secret+" ", 200) // more than a page: it lies in overflow pages too
	save(t, s, response("shop", "s", 1, func(r *Response) {
		r.User, r.Answers = "u-42", json.RawMessage(fmt.Sprintf(`{"why":%q}`, long))
	}))
	// A snapshot that replaces it frees its pages too.
	save(t, s, response("shop", "s", 1, func(r *Response) {
		r.User, r.Seq, r.Answers = "u-42", 2, json.RawMessage(fmt.Sprintf(`{"why":%q}`, secret))
	}))
	if !inFiles(t, s, secret) {
		t.Fatal("the test looks in the wrong place")
	}
	must(s.Erase(t.Context(), "shop", Person{User: "u-42"}, now))
	if inFiles(t, s, secret) || inFiles(t, s, "u-42") {
		t.Error("erased text is still in the file or its log")
	}
}

// inFiles says whether the database's files hold a text.
func inFiles(t *testing.T, s *Store, text string) bool {
	t.Helper()
	files, err := filepath.Glob(strings.TrimSuffix(s.lock.Path(), ".lock") + "*")
	if err != nil || len(files) < 2 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(data, []byte(text)) {
			return true
		}
	}
	return false
}
