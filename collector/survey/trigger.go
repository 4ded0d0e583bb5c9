package survey

// Trigger is a moment at which a survey may show. Each type is a struct of its options; the page's
// side of it is widget/src/triggers, one file a type.
type Trigger interface{ Base() *TriggerBase }

// TriggerBase is what triggers of all types share.
type TriggerBase struct {
	Type string `json:"type"`
}

// Base returns the shared part.
func (t *TriggerBase) Base() *TriggerBase { return t }

// Triggers are the triggers of a survey: any of them may show it.
type Triggers []Trigger

// TriggerTypes makes an empty trigger of each type, by its wire name.
var TriggerTypes = map[string]func() Trigger{
	"time_on_page":     func() Trigger { return &TimeOnPageTrigger{} },
	"exit_intent":      func() Trigger { return &ExitIntentTrigger{} },
	"cart_abandonment": func() Trigger { return &CartAbandonmentTrigger{} },
}

// UnmarshalJSON reads each trigger as the struct of its type.
func (ts *Triggers) UnmarshalJSON(data []byte) (err error) {
	*ts, err = unmarshalUnion(data, TriggerTypes)
	return err
}

// TimeOnPageTrigger fires after the page has been visible for a while.
type TimeOnPageTrigger struct {
	TriggerBase
	Seconds float64 `json:"seconds" minimum:"0" maximum:"86400" doc:"Visible seconds; time in a background tab does not count"`
}

// ExitIntentTrigger fires when the pointer leaves the page through its top edge.
type ExitIntentTrigger struct {
	TriggerBase
	Sensitivity     string   `json:"sensitivity,omitempty" enum:"low,medium,high" default:"medium" doc:"How slow a leave still counts; high: any, medium: not a drifting pointer, low: only a quick one"`
	ArmAfterSeconds *float64 `json:"arm_after_seconds,omitempty" minimum:"0" maximum:"3600" default:"1" doc:"Not within so many seconds of the page's start"`
}

// CartAbandonmentTrigger fires when a visitor with something in the cart is about to give up.
type CartAbandonmentTrigger struct {
	TriggerBase
	When        []string       `json:"when,omitempty" enum:"exit,leave_funnel,idle" doc:"exit (the default): the pointer leaves through the top of a funnel page; leave_funnel: another page is opened from the funnel; idle: nothing happens on a funnel page"`
	IdleSeconds float64        `json:"idle_seconds,omitempty" minimum:"1" maximum:"86400" default:"60"`
	Funnel      []string       `json:"funnel,omitempty" maxItems:"20" doc:"Globs over path and query of the cart and checkout pages; default: anything with cart, basket or checkout in it"`
	Purchased   []string       `json:"purchased,omitempty" maxItems:"20" doc:"Globs over path and query of the pages after a purchase, for shops that tell it in no other way"`
	Selectors   *CartSelectors `json:"selectors,omitempty" doc:"Where the page shows the cart, for shops that tell it neither by cart() nor by GA4 events"`
}

// CartSelectors find the cart in the page.
type CartSelectors struct {
	Items    string `json:"items,omitempty" maxLength:"500" doc:"CSS selector of an element whose text holds the number of items"`
	Value    string `json:"value,omitempty" maxLength:"500" doc:"CSS selector of an element whose text holds the cart's value"`
	Currency string `json:"currency,omitempty" pattern:"^[A-Z]{3}$" doc:"ISO 4217 code of that value"`
}
