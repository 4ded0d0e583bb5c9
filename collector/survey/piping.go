package survey

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// Pipes says whether something of what is known of the visitor is put into a text of the survey.
func (d *Definition) Pipes() bool {
	data, err := json.Marshal(d)
	if err != nil {
		panic(err) // every field of a decoded definition can be encoded
	}
	return bytes.Contains(data, []byte("{{"))
}

// pipes reports what is wrong in the {{source|fallback}} of a text: what is known of the visitor is put
// there, by the SDK. Nothing else may begin with {{, so that a slip is found here and not by visitors.
func (c *checker) pipes(at, s string) {
	for {
		_, rest, found := strings.Cut(s, "{{")
		if !found {
			return
		}
		inside, after, closed := strings.Cut(rest, "}}")
		source, _, hasFallback := strings.Cut(inside, "|")
		switch {
		case c.plain:
			c.add(at, "has {{, but nothing is put in here")
			return
		case !closed || strings.ContainsAny(inside, "{}"):
			c.add(at, "has a {{ that is not closed by }}; write {{source|fallback}}")
			return
		case !hasFallback:
			c.add(at, "has {{%s}} without what is read where it is not known; write {{%s|fallback}}, or {{%s|}} for nothing", source, source, source)
		}
		if wrong := c.source(source); wrong != "" {
			c.add(at, "has {{%s|…}}, %s", source, wrong)
		}
		s = after
	}
}

// source says what is wrong with a source, "" for nothing.
func (c *checker) source(source string) string {
	if name, ok := strings.CutPrefix(source, "trait."); ok {
		if err := traitName(name); err != nil {
			return "which " + err.Error()
		}
		return ""
	}
	if name, ok := strings.CutPrefix(source, "hidden."); ok {
		if wrong := c.undeclared(name); wrong != "" {
			return "which " + wrong
		}
		return ""
	}
	if slices.Contains([]string{"cart.value", "cart.currency", "cart.items"}, source) {
		return ""
	}
	id, part, ofPart := strings.Cut(source, ".")
	i := slices.IndexFunc(c.earlier, func(q Question) bool { return q.Base().ID == id })
	if i < 0 && !c.named() {
		return ""
	}
	if i < 0 {
		return "which is no source: an earlier question (" + listIDs(c.earlier) + "), trait.NAME, hidden.NAME, cart.value, cart.currency or cart.items"
	}
	named := parts(c.earlier[i], false)
	switch {
	case ofPart && slices.Contains(named, source):
		return ""
	case ofPart && part == "other" && otherID(c.earlier[i]) != "":
		return "but what was written there stands in {{" + id + "|…}}"
	case ofPart && len(named) > 0:
		return "which is no part of the answer to " + id + "; its parts are: " + strings.Join(named, ", ")
	case ofPart:
		return "but the answer to a question of type " + c.earlier[i].Base().Type + " has no parts"
	}
	switch q := c.earlier[i].(type) {
	case *StatementQuestion, *MatrixQuestion, *ContactQuestion:
		wrong := "but the answer to a question of type " + q.Base().Type + " is no text"
		if len(named) > 0 {
			wrong += "; its parts are: " + strings.Join(named, ", ")
		}
		return wrong
	}
	return ""
}
