package survey

import (
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// with parses a survey that has this beside its question.
func with(more string) (*Definition, error) {
	return ParseDefinition([]byte(`{"id": "s", "name": "S", "languages": ["en", "pl"], "questions": [{"id": "nps", "type": "nps", "title": "N"}], ` + more + `}`))
}

func TestEachTriggerIsReadAsItsType(t *testing.T) {
	seconds, zero := 2.0, 0.0
	base := func(name string) TriggerBase { return TriggerBase{Type: name} }
	tests := []struct {
		options string
		want    Trigger
	}{
		{`"type": "time_on_page", "seconds": 0, "scope": "session"`, &TimeOnPageTrigger{base("time_on_page"), 0, "session"}},
		{`"type": "exit_intent"`, &ExitIntentTrigger{TriggerBase: base("exit_intent")}},
		{`"type": "exit_intent", "signals": ["scroll_up"], "sensitivity": "low", "arm_after_seconds": 0, "hidden_seconds": 1`,
			&ExitIntentTrigger{base("exit_intent"), []string{"scroll_up"}, "low", &zero, 1}},
		{`"type": "cart_abandonment", "when": ["idle"], "idle_seconds": 5, "funnel": ["/a*"], "purchased": ["/b"], "selectors": {"items": "i", "value": "v", "currency": "PLN"}, "max_age_hours": 720`,
			&CartAbandonmentTrigger{base("cart_abandonment"), []string{"idle"}, 5, []string{"/a*"}, []string{"/b"}, &CartSelectors{"i", "v", "PLN"}, 720}},
		{`"type": "scroll_depth", "percent": 100, "container": "main"`, &ScrollDepthTrigger{base("scroll_depth"), 100, "main"}},
		{`"type": "inactivity", "seconds": 9`, &InactivityTrigger{base("inactivity"), 9}},
		{`"type": "click", "selector": "a"`, &ClickTrigger{base("click"), "a"}},
		{`"type": "element_visible", "selector": "a", "seconds": 2, "percent": 1`, &ElementVisibleTrigger{base("element_visible"), "a", &seconds, 1}},
		{`"type": "rage_click", "clicks": 10, "selector": "a"`, &RageClickTrigger{base("rage_click"), 10, "a"}},
		{`"type": "dead_click", "seconds": 0.5, "selector": "a"`, &DeadClickTrigger{base("dead_click"), 0.5, "a"}},
		{`"type": "form_abandonment", "selector": "form", "when": ["leave_page"], "idle_seconds": 1`,
			&FormAbandonmentTrigger{base("form_abandonment"), "form", []string{"leave_page"}, 1}},
		{`"type": "search_no_results", "parameters": ["q"], "selector": "a", "text": ["none"]`,
			&SearchNoResultsTrigger{base("search_no_results"), []string{"q"}, "a", []string{"none"}}},
		{`"type": "product_list_exit", "list": ["/l"], "product": ["/p"], "selector": "a", "when": ["exit"]`,
			&ProductListExitTrigger{base("product_list_exit"), []string{"/l"}, []string{"/p"}, "a", []string{"exit"}}},
		{`"type": "page_views", "count": 3`, &PageViewsTrigger{base("page_views"), 3}},
		{`"type": "url", "url": [{"contains": "a"}]`, &URLTrigger{base("url"), []TextRule{{Contains: "a"}}}},
		{`"type": "event", "name": "e", "properties": {"p": {"gt": 2}}`, &EventTrigger{base("event"), "e", map[string]ValueTest{"p": {Gt: &seconds}}}},
		{`"type": "conversion", "event": "e", "url": [{"glob": "*"}]`, &ConversionTrigger{base("conversion"), "e", []TextRule{{Glob: "*"}}}},
		{`"type": "feedback_button", "label": "Hi", "position": "left", "accent": "#00ff00"`, &FeedbackButtonTrigger{base("feedback_button"), Text{"": "Hi"}, "left", "#00ff00"}},
		{`"type": "error", "on": ["request"], "status": 599, "ignore": [{"regex": "x"}]`, &ErrorTrigger{base("error"), []string{"request"}, 599, []TextRule{{Regex: "x"}}}},
		{`"type": "any", "of": [{"type": "exit_intent"}]`, &AnyTrigger{base("any"), Triggers{&ExitIntentTrigger{TriggerBase: base("exit_intent")}}}},
		{`"type": "all", "of": [{"type": "exit_intent"}]`, &AllTrigger{base("all"), Triggers{&ExitIntentTrigger{TriggerBase: base("exit_intent")}}}},
		{`"type": "exit_intent", "delay_seconds": 2, "cancel_on": [{"type": "page_views", "count": 1}]`,
			&ExitIntentTrigger{TriggerBase: TriggerBase{"exit_intent", 2, Triggers{&PageViewsTrigger{base("page_views"), 1}}}}},
	}
	tested := map[string]bool{}
	for _, test := range tests {
		t.Run(test.options, func(t *testing.T) {
			d, err := with(`"triggers": [{` + test.options + `}]`)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, d.Triggers[0]); diff != "" {
				t.Error(diff)
			}
			tested[test.want.Base().Type] = true
		})
	}
	for wire, create := range TriggerTypes {
		if !tested[wire] {
			t.Errorf("no test reads a %s (%s)", wire, reflect.TypeOf(create()))
		}
	}
}

func TestWrongOptionOfATriggerIsRefused(t *testing.T) {
	deep := func(levels int) string {
		return strings.Repeat(`"type": "any", "of": [{`, levels) + `"type": "exit_intent"` + strings.Repeat(`}]`, levels)
	}
	tests := map[string]struct {
		options string
		want    []string
	}{
		"a type that there is not": {`"type": "scroll"`, []string{"type: expected one of " + quoted(TypeNames(TriggerTypes)) + `, not "scroll"`}},
		"no type":                  {`"seconds": 1`, []string{"type: is required"}},
		"an option of another type": {`"type": "click", "selector": "a", "percent": 5`, []string{
			"percent: unknown field; allowed here: cancel_on, delay_seconds, selector, type"}},
		"more than all of the page":         {`"type": "scroll_depth", "percent": 101`, []string{"percent: is 101, at most 100 is allowed"}},
		"nothing of the page":               {`"type": "scroll_depth", "percent": 0`, []string{"percent: is 0, at least 1 is allowed"}},
		"more than all of an element":       {`"type": "element_visible", "selector": "a", "percent": 100.5`, []string{"percent: is 100.5, at most 100 is allowed"}},
		"an empty selector":                 {`"type": "click", "selector": ""`, []string{"selector: has 0 characters, at least 1 are needed"}},
		"no selector":                       {`"type": "element_visible"`, []string{"selector: is required"}},
		"an empty container":                {`"type": "scroll_depth", "percent": 5, "container": ""`, []string{"container: has 0 characters, at least 1 are needed"}},
		"an empty selector of a cart":       {`"type": "cart_abandonment", "selectors": {"items": ""}`, []string{"selectors.items: has 0 characters, at least 1 are needed"}},
		"a signal that there is not":        {`"type": "exit_intent", "signals": ["pointer_top", "shake"]`, []string{`signals[1]: expected one of "pointer_top", "returned", "scroll_up", not "shake"`}},
		"a sensitivity that there is not":   {`"type": "exit_intent", "sensitivity": "extreme"`, []string{`sensitivity: expected one of "high", "low", "medium", not "extreme"`}},
		"a scope that there is not":         {`"type": "time_on_page", "seconds": 1, "scope": "week"`, []string{`scope: expected one of "page", "session", not "week"`}},
		"a moment that there is not":        {`"type": "form_abandonment", "when": ["bored"]`, []string{`when[0]: expected one of "exit", "idle", "leave_page", not "bored"`}},
		"a place that there is not":         {`"type": "feedback_button", "position": "top"`, []string{`position: expected one of "left", "right", not "top"`}},
		"two clicks are no rage":            {`"type": "rage_click", "clicks": 2`, []string{"clicks: is 2, at least 3 is allowed"}},
		"half a click":                      {`"type": "rage_click", "clicks": 3.5`, []string{"clicks: expected integer, not number"}},
		"a status that is no error":         {`"type": "error", "status": 200`, []string{"status: is 200, at least 400 is allowed"}},
		"page views that never come":        {`"type": "page_views", "count": 0`, []string{"count: is 0, at least 1 is allowed"}},
		"an event without a name":           {`"type": "event"`, []string{"name: is required"}},
		"a property without a comparison":   {`"type": "event", "name": "e", "properties": {"p": {}}`, []string{"properties.p: has no comparison; allowed: eq, ne, lt, lte, gt, gte, in, contains, before, after, exists"}},
		"a delay over an hour":              {`"type": "exit_intent", "delay_seconds": 3601`, []string{"delay_seconds: is 3601, at most 3600 is allowed"}},
		"a combination of nothing":          {`"type": "all", "of": []`, []string{"of: has 0 items, at least 1 are needed"}},
		"a route without a rule":            {`"type": "url", "url": []`, []string{"url: has 0 items, at least 1 are needed"}},
		"a route by a rule that is none":    {`"type": "url", "url": [{}]`, []string{"url[0]: says 0 things; write one of equals, contains, glob, regex"}},
		"a conversion by such a rule":       {`"type": "conversion", "url": [{"regex": "("}]`, []string{"url[0].regex: is not a regular expression: missing )"}},
		"an error ignored by such a rule":   {`"type": "error", "ignore": [{"glob": "*", "contains": "a"}]`, []string{"ignore[0]: says 2 things; write one of equals, contains, glob, regex"}},
		"a search that nobody can judge":    {`"type": "search_no_results"`, []string{"selector: is required, or text: without one of them nobody knows that nothing was found"}},
		"a text that is on every page":      {`"type": "search_no_results", "text": ["none", ""], "parameters": [""]`, []string{"parameters[0]: is empty", "text[1]: is empty"}},
		"a list that leads nowhere":         {`"type": "product_list_exit", "list": ["/l"]`, []string{"product: is required, or selector: without one of them nobody knows that a product was opened"}},
		"an empty glob":                     {`"type": "product_list_exit", "list": [""], "product": [""]`, []string{"list[0]: is empty", "product[0]: is empty"}},
		"a label in another language":       {`"type": "feedback_button", "label": {"en": "F", "de": "M"}`, []string{"label.de: is not one of the survey's languages: en, pl"}},
		"a button with a delay":             {`"type": "feedback_button", "delay_seconds": 3`, []string{"delay_seconds: means nothing for a button: it is there all along"}},
		"a button inside any":               {`"type": "any", "of": [{"type": "feedback_button"}]`, []string{"of[0].type: a feedback_button stands by itself: the visitor asks to be asked"}},
		"a button inside all":               {`"type": "all", "of": [{"type": "exit_intent"}, {"type": "feedback_button"}]`, []string{"of[1].type: a feedback_button stands by itself: the visitor asks to be asked"}},
		"a button that cancels":             {`"type": "exit_intent", "cancel_on": [{"type": "feedback_button"}]`, []string{"cancel_on[0].type: a feedback_button stands by itself: the visitor asks to be asked"}},
		"a mistake inside any":              {`"type": "any", "of": [{"type": "page_views", "count": 1}, {"type": "scroll_depth", "percent": 200}]`, []string{"of[1].percent: is 200, at most 100 is allowed"}},
		"a mistake in what cancels":         {`"type": "exit_intent", "cancel_on": [{"type": "url", "url": [{"regex": "a**"}]}]`, []string{"cancel_on[0].url[0].regex: is not a regular expression: nothing to repeat before *"}},
		"an unknown type inside":            {`"type": "any", "of": [{"type": "some"}]`, []string{"of[0].type: expected one of " + quoted(TypeNames(TriggerTypes)) + `, not "some"`}},
		"combinations of combinations":      {deep(2), nil},
		"combinations that nobody can read": {deep(3), []string{"of[0].of[0].of[0]: stands in more than 2 other triggers"}},
		"what cancels what cancels":         {`"type": "exit_intent", "cancel_on": [{` + deep(2) + `}]`, []string{"cancel_on[0].of[0].of[0]: stands in more than 2 other triggers"}},
		"what hides below what is too deep": {deep(5), []string{"of[0].of[0].of[0]: stands in more than 2 other triggers"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := with(`"triggers": [{` + test.options + `}]`)
			var want []string
			for _, w := range test.want {
				want = append(want, "triggers[0]."+w)
			}
			if diff := cmp.Diff(want, problems(t, err)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A body of 100 kB with 2,000 triggers in each other: checked against the type that each has, and no other.
func TestManyTriggersAreCheckedInTime(t *testing.T) {
	list := func(item string, n int) string { return `[` + strings.Repeat(item+`,`, n-1) + item + `]` }
	inner := `{"type": "any", "of": ` + list(`{"type": "any", "of": `+list(`{"type": "exit_intent"}`, 10)+`}`, 10) + `}`
	if _, err := with(`"triggers": ` + list(inner, 20)); err != nil {
		t.Error(err)
	}
}

func TestTypesAreThoseOfAllDepths(t *testing.T) {
	d, err := with(`"triggers": [{"type": "url", "url": [{"glob": "*"}]}, {"type": "exit_intent"}, {"type": "exit_intent", "cancel_on": [
		{"type": "any", "of": [{"type": "click", "selector": "a", "cancel_on": []}, {"type": "url", "url": [{"glob": "*"}]}]}]},
		{"type": "all", "of": [{"type": "inactivity", "cancel_on": [{"type": "event", "name": "e"}]}]}]`)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"all", "any", "click", "event", "exit_intent", "inactivity", "url"}, d.Triggers.Types()); diff != "" {
		t.Error(diff)
	}
	if got := Triggers(nil).Types(); len(got) != 0 {
		t.Errorf("no triggers have the types %v", got)
	}
}
