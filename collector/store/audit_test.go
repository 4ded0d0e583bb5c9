package store

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/askwell/askwell/collector/auth"
	"github.com/askwell/askwell/collector/survey"
)

func actions(entries []Audit) (out []string) {
	for _, e := range entries {
		out = append(out, fmt.Sprintf("%s %s: %s %s", e.Actor, e.Site, e.Action, e.Target))
	}
	return out
}

func TestEveryChangeIsInTheAuditLog(t *testing.T) {
	s := newStore(t)
	ctx := WithActor(t.Context(), Actor{KeyID: "k1", Name: "Anna"})
	must(s.PutSite(ctx, survey.Site{ID: "shop", Name: "Shop", Origins: []string{"https://shop.example"}}, 0))
	must(s.PutSite(ctx, survey.Site{ID: "shop", Name: "The shop", Origins: []string{"https://shop.example"}}, 1))
	must(s.SaveDraft(ctx, "shop", definition(t, "exit"), 0))
	must(s.Publish(ctx, "shop", "exit", 0, now))
	must(s.SetStatus(ctx, "shop", "exit", survey.Paused))
	key, _ := auth.NewKey("shop", "analyst", auth.Read, now)
	if err := s.CreateKey(ctx, key); err != nil {
		t.Fatal(err)
	}
	if err := s.RevokeKey(ctx, "", key.ID, now); err != nil {
		t.Fatal(err)
	}
	if err := s.SetSecret(ctx, "shop", auth.NewSecret(), now); err != nil {
		t.Fatal(err)
	}
	must(s.Erase(ctx, "shop", Person{User: "u-42"}, now))
	if _, _, err := s.Export(ctx, "shop", Person{Visitor: "v"}, "", 10); err != nil {
		t.Fatal(err)
	}
	// What is refused changes nothing, and is no entry.
	s.PutSite(ctx, survey.Site{ID: "shop"}, 1)
	s.Publish(ctx, "shop", "nope", 0, now)

	entries, next, err := s.AuditLog(t.Context(), "shop", "", 100)
	if err != nil || next != "" {
		t.Fatal(next, err)
	}
	want := []string{
		"Anna shop: person.export visitor",
		"Anna shop: person.erase user, 0 responses",
		"Anna shop: secret.create shop",
		"Anna shop: key.revoke analyst (read, " + key.ID + ")",
		"Anna shop: key.create analyst (read, " + key.ID + ")",
		"Anna shop: survey.status exit paused",
		"Anna shop: survey.publish exit version 1",
		"Anna shop: survey.draft exit",
		"Anna shop: site.change shop",
		"Anna shop: site.create shop",
	}
	if diff := cmp.Diff(want, actions(entries)); diff != "" {
		t.Error(diff)
	}
	if entries[0].KeyID != "k1" {
		t.Errorf("the key is %q", entries[0].KeyID)
	}
	if other, _, _ := s.AuditLog(t.Context(), "blog", "", 100); len(other) != 0 {
		t.Errorf("another site sees %v", actions(other))
	}
	var paged []Audit
	for cursor, more := "", true; more; more = cursor != "" {
		part, next, err := s.AuditLog(t.Context(), "", cursor, 3)
		if err != nil {
			t.Fatal(err)
		}
		paged, cursor = append(paged, part...), next
	}
	if diff := cmp.Diff(entries, paged); diff != "" {
		t.Errorf("in pages: %s", diff)
	}
}
