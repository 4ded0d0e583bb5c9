package survey

import "encoding/json"

// EmailQuestion asks for an address to write to.
type EmailQuestion struct {
	QuestionBase
	Placeholder Text `json:"placeholder,omitempty"`
	Consent     Text `json:"consent,omitempty" doc:"Beside a tick without which the address is not taken; the tick is the answer {question}.consent"`
}

// Scale is nil: an address is no number.
func (*EmailQuestion) Scale() *Scale { return nil }

// Answer accepts a plausible address of at most 254 characters.
func (*EmailQuestion) Answer(raw json.RawMessage) error {
	s, err := words(raw, maxEmail)
	if err != nil {
		return err
	}
	return plausible(s)
}

func (q *EmailQuestion) needsConsent() bool { return q.Consent != nil }

func (*EmailQuestion) open() int { return maxEmail }

func (q *EmailQuestion) check(c *checker) {
	c.text("placeholder", q.Placeholder)
	c.text("consent", q.Consent)
}
