package store

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/askwell/askwell/collector/survey"
)

func TestWhatWasSentIsReadAsItIsStored(t *testing.T) {
	s, err := Open(t.Context(), t.TempDir()+"/askwell.db")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	must(s.PutSite(t.Context(), survey.Site{ID: "shop", Name: "Shop", Origins: []string{"https://shop.example"}}, 0))
	must(s.SaveDraft(t.Context(), "shop", &survey.Definition{ID: "exit"}, 0))
	born := time.UnixMilli(1795300000000)
	sent := func(n, seq int, class survey.Class, at time.Time) Response {
		return Response{Site: "shop", Survey: "exit", At: at, ID: fmt.Sprintf("0197c5c0-0000-7000-8000-%012d", n), Version: 1, Seq: seq, State: survey.Completed, Class: class,
			Channel: "web", Visitor: "v", User: "u", Answers: json.RawMessage(`{"nps":9}`), Context: json.RawMessage(`{"traits":{"plan":"pro"}}`)}
	}
	var told []string
	s.OnForget(func(site string) { told = append(told, site) })
	again := sent(1, 2, survey.ClassLive, born.Add(time.Second)) // later by a second of the network, and not called a test
	for i, want := range []bool{true, true, true, false} {
		r := []Response{sent(1, 1, survey.ClassTest, born), again, sent(2, 1, survey.ClassLive, born.Add(48*time.Hour)), again}[i]
		if saved := s.SaveResponses(t.Context(), []Response{r}); saved[0].Err != nil || saved[0].Changed != want {
			t.Errorf("%d: %+v", i, saved[0])
		}
	}
	batch := []Response{again, sent(3, 1, survey.ClassLive, born), sent(2, 1, survey.ClassLive, born)}
	now, err := s.AsStored(t.Context(), "shop", batch)
	if err != nil {
		t.Fatal(err)
	}
	if now[0] == nil || now[0].Class != survey.ClassTest || !now[0].At.Equal(born) || now[0].Seq != 2 || now[0].User != "u" || now[1] != nil || now[2] == nil {
		t.Errorf("got %+v", now)
	}
	if n, err := s.AnonymiseBefore(t.Context(), "shop", born.Add(time.Hour), born.Add(50*time.Hour)); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if now, err = s.AsStored(t.Context(), "shop", batch); err != nil || now[0].User != "" || now[0].Visitor != "" || string(now[0].Context) != `{}` || now[2].User != "u" {
		t.Errorf("anonymised: %+v (%v)", now[0], err)
	}
	if n, err := s.DeleteBefore(t.Context(), "shop", born.Add(time.Hour)); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if now, err = s.AsStored(t.Context(), "shop", batch); err != nil || now[0] != nil || now[2] == nil {
		t.Errorf("deleted: %+v (%v)", now, err)
	}
	if now, err = s.AsStored(t.Context(), "blog", batch); err != nil || now[2] != nil {
		t.Errorf("of another site: %+v (%v)", now, err)
	}
	must(s.Erase(t.Context(), "shop", Person{User: "u"}, born))
	if len(told) != 3 {
		t.Errorf("told of %v, want an anonymisation, a deletion and an erasure", told)
	}
}
