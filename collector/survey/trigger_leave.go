package survey

// ExitIntentTrigger fires when the visitor turns to leave the page.
type ExitIntentTrigger struct {
	TriggerBase
	Signals         []string `json:"signals,omitempty" enum:"pointer_top,scroll_up,returned" doc:"pointer_top: the mouse leaves through the top edge; scroll_up and returned, on touch screens: a fast scroll back up, coming back to the page from another tab or app. Default: all"`
	Sensitivity     string   `json:"sensitivity,omitempty" enum:"low,medium,high" default:"medium" doc:"How slow a leave or a scroll still counts; high: any leave, medium: not a drifting pointer, low: only a quick one"`
	ArmAfterSeconds *float64 `json:"arm_after_seconds,omitempty" minimum:"0" maximum:"3600" default:"1" doc:"Not within so many seconds of the page view's start"`
	HiddenSeconds   float64  `json:"hidden_seconds,omitempty" minimum:"1" maximum:"86400" default:"10" doc:"returned: after so many seconds away"`
}

// CartAbandonmentTrigger fires when a visitor with something in the cart is about to give up.
type CartAbandonmentTrigger struct {
	TriggerBase
	When        []string       `json:"when,omitempty" enum:"exit,leave_funnel,idle" doc:"exit (the default): turning to leave a funnel page, as exit_intent but for coming back; leave_funnel: another page is opened from the funnel; idle: nothing happens on a funnel page"`
	IdleSeconds float64        `json:"idle_seconds,omitempty" minimum:"1" maximum:"86400" default:"60"`
	Funnel      []string       `json:"funnel,omitempty" maxItems:"20" doc:"Globs over path and query of the cart and checkout pages; default: anything with cart, basket or checkout in it"`
	Purchased   []string       `json:"purchased,omitempty" maxItems:"20" doc:"Globs over path and query of the pages after a purchase; default: *order-received*, *thank*you*, *checkout*success*"`
	Selectors   *CartSelectors `json:"selectors,omitempty" doc:"Where the page shows the cart, for shops that tell it neither by cart() nor by GA4 events"`
	MaxAgeHours float64        `json:"max_age_hours,omitempty" minimum:"1" maximum:"720" default:"24" doc:"A cart that nobody changed for so long is forgotten"`
}

// CartSelectors find the cart in the page.
type CartSelectors struct {
	Items    string `json:"items,omitempty" minLength:"1" maxLength:"500" doc:"CSS selector of an element whose text holds the number of items"`
	Value    string `json:"value,omitempty" minLength:"1" maxLength:"500" doc:"CSS selector of an element whose text holds the cart's value"`
	Currency string `json:"currency,omitempty" pattern:"^[A-Z]{3}$" doc:"ISO 4217 code of that value"`
}

// FormAbandonmentTrigger fires when a form was started and is being left without being sent.
type FormAbandonmentTrigger struct {
	TriggerBase
	Selector    string   `json:"selector,omitempty" minLength:"1" maxLength:"500" default:"form" doc:"CSS selector of the form; forms of one field, such as a search, count only where a selector is given"`
	When        []string `json:"when,omitempty" enum:"exit,leave_page,idle" doc:"exit: turning to leave, as exit_intent but for coming back; leave_page: another page of the site is opened; idle: nothing happens. Default: all"`
	IdleSeconds float64  `json:"idle_seconds,omitempty" minimum:"1" maximum:"86400" default:"60"`
}

// ProductListExitTrigger fires when a visitor leaves a list of products without having opened one.
type ProductListExitTrigger struct {
	TriggerBase
	List     []string `json:"list" minItems:"1" maxItems:"20" doc:"Globs over path and query of the list and search pages"`
	Product  []string `json:"product,omitempty" maxItems:"20" doc:"Globs over path and query of product pages"`
	Selector string   `json:"selector,omitempty" minLength:"1" maxLength:"500" doc:"CSS selector of what opens a product on the list's page itself, such as a quick view"`
	When     []string `json:"when,omitempty" enum:"exit,leave_page" doc:"exit: turning to leave, as exit_intent but for coming back; leave_page: a page that is neither list nor product is opened. Default: both"`
}

func (t *ProductListExitTrigger) check(c *checker) {
	c.filled("list", t.List)
	c.filled("product", t.Product)
	if len(t.Product) == 0 && t.Selector == "" {
		c.add("product", "is required, or selector: without one of them nobody knows that a product was opened")
	}
}
