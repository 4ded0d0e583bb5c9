package survey

// ScrollDepthTrigger fires when the visitor has scrolled so far.
type ScrollDepthTrigger struct {
	TriggerBase
	Percent   float64 `json:"percent" minimum:"1" maximum:"100" doc:"Of the page's height, down to the lower edge of what was in view; a page that cannot scroll never fires, one that nobody has scrolled neither"`
	Container string  `json:"container,omitempty" minLength:"1" maxLength:"500" doc:"CSS selector of an element that scrolls by itself"`
}

// ClickTrigger fires on a click.
type ClickTrigger struct {
	TriggerBase
	Selector string `json:"selector" minLength:"1" maxLength:"500" doc:"CSS selector of what is clicked, or of something around it; also inside open shadow roots"`
}

// ElementVisibleTrigger fires when an element has been in view for a while.
type ElementVisibleTrigger struct {
	TriggerBase
	Selector string   `json:"selector" minLength:"1" maxLength:"500" doc:"CSS selector; also of what comes later, and inside open shadow roots"`
	Seconds  *float64 `json:"seconds,omitempty" minimum:"0" maximum:"3600" default:"1" doc:"In view without a break, while the page is visible"`
	Percent  float64  `json:"percent,omitempty" minimum:"1" maximum:"100" default:"50" doc:"Of the element, or of the screen where the element is larger"`
}

// RageClickTrigger fires on quick clicks at one place that do not do what they should.
type RageClickTrigger struct {
	TriggerBase
	Clicks   int    `json:"clicks,omitempty" minimum:"3" maximum:"10" default:"3" doc:"Within a second and 30 pixels"`
	Selector string `json:"selector,omitempty" minLength:"1" maxLength:"500" doc:"Only on or inside these; default: everywhere but on steppers, players, editors and whatever answers each click"`
}

// DeadClickTrigger fires on a click that changes nothing.
type DeadClickTrigger struct {
	TriggerBase
	Seconds  float64 `json:"seconds,omitempty" minimum:"0.5" maximum:"10" default:"1" doc:"How long the page has to answer"`
	Selector string  `json:"selector,omitempty" minLength:"1" maxLength:"500" doc:"Only on or inside these; default: what looks as if it could be clicked"`
}

// FeedbackButtonTrigger is a tab on the page's edge with which visitors open the survey themselves.
type FeedbackButtonTrigger struct {
	TriggerBase
	Label    Text   `json:"label,omitempty" doc:"Default: Feedback, in the survey's languages"`
	Position string `json:"position,omitempty" enum:"right,left" default:"right"`
	Accent   string `json:"accent,omitempty" pattern:"^#[0-9a-fA-F]{6}$" doc:"Default: the theme's"`
}

func (t *FeedbackButtonTrigger) check(c *checker) {
	c.text("label", t.Label)
	if t.DelaySeconds > 0 {
		c.add("delay_seconds", "means nothing for a button: it is there all along")
	}
	if len(t.CancelOn) > 0 {
		c.add("cancel_on", "means nothing for a button: it is there all along")
	}
}
