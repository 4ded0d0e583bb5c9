package survey

// TimeOnPageTrigger fires after the page has been visible for a while.
type TimeOnPageTrigger struct {
	TriggerBase
	Seconds float64 `json:"seconds" minimum:"0" maximum:"86400" doc:"Visible seconds; time in a background tab does not count"`
	Scope   string  `json:"scope,omitempty" enum:"page,session" default:"page" doc:"page: a route change of a single-page app starts anew; session: counts on over the pages of the tab"`
}

// InactivityTrigger fires when a visitor who did something does nothing any more.
type InactivityTrigger struct {
	TriggerBase
	Seconds float64 `json:"seconds,omitempty" minimum:"1" maximum:"86400" default:"60" doc:"Visible seconds without input, after some; not while a video plays or a field is being typed in"`
}

// PageViewsTrigger fires on the so-manieth page view of a session.
type PageViewsTrigger struct {
	TriggerBase
	Count int `json:"count" minimum:"1" maximum:"1000" doc:"Page views in the session, over all tabs; from then on, each page view"`
}

// URLTrigger fires when a page or a route of a single-page app is entered.
type URLTrigger struct {
	TriggerBase
	URL []TextRule `json:"url" minItems:"1" maxItems:"50" doc:"Any of these, over the whole URL"`
}

func (t *URLTrigger) check(c *checker) { c.texts("url", t.URL) }
