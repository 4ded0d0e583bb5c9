package survey

// AnyTrigger fires when one of its triggers does: for a delay or a cancel_on that they share, and inside all.
type AnyTrigger struct {
	TriggerBase
	Of Triggers `json:"of" minItems:"1" maxItems:"10"`
}

// AllTrigger fires when the last of its triggers has fired, in any order, within one page view.
type AllTrigger struct {
	TriggerBase
	Of Triggers `json:"of" minItems:"1" maxItems:"10"`
}

// members are the triggers that a trigger combines.
func members(t Trigger) Triggers {
	switch t := t.(type) {
	case *AnyTrigger:
		return t.Of
	case *AllTrigger:
		return t.Of
	}
	return nil
}
