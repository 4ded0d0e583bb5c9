package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"github.com/askwell/askwell/collector/catalog"
	"github.com/askwell/askwell/collector/intake"
	"github.com/askwell/askwell/collector/survey"
)

// maxSmall is what a page may send to ask, or to count: a user, a signature and some ids.
const maxSmall = 8 << 10

// askBody is the body of POST /w/{site}/ask.
type askBody struct {
	Survey  string `json:"survey" doc:"Id of the live survey that is about to show"`
	User    string `json:"user" maxLength:"200"`
	UserSig string `json:"user_sig,omitempty" maxLength:"64" doc:"As in a response"`
}

// permission is the answer.
type permission struct {
	Show   bool   `json:"show"`
	Reason string `json:"reason,omitempty" enum:"answered,max_shows,after_dismissal_days,min_gap_days,days_apart,quota" doc:"The rule that says no"`
}

// postAsk says whether a survey may show to a user, by what all browsers sent of this user.
func (a *api) postAsk(c echo.Context) error {
	var may permission
	err := a.receive(c, maxSmall, func(site *catalog.Site, body []byte) error {
		var q askBody
		if err := decodeSmall(body, &q); err != nil {
			return err
		}
		d, err := site.Live(q.Survey)
		if err != nil {
			return err
		}
		may, err = a.mayShow(c.Request().Context(), site, d, q)
		return err
	})
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, may)
}

// mayShow tells nothing of a user that is not proven: then the page's own rules hold.
func (a *api) mayShow(ctx context.Context, site *catalog.Site, d *survey.Definition, q askBody) (permission, error) {
	if !intake.Proves(site, q.User, q.UserSig) {
		return permission{Show: true}, nil
	}
	asked, err := a.Store.Asked(ctx, site.ID, q.User, d.ID, a.Now())
	if err != nil {
		return permission{}, err
	}
	if rule := d.Frequency.Rests(site.Fatigue, asked); rule != "" {
		return permission{Reason: rule}, nil
	}
	if d.Quota == nil {
		return permission{Show: true}, nil
	}
	full, err := a.Store.FullSurveys(ctx, site.ID)
	if err != nil || !full[d.ID] {
		return permission{Show: err == nil}, err
	}
	return permission{Reason: "quota"}, nil
}

// decodeSmall reads a body that is one flat object.
func decodeSmall(body []byte, into any) error {
	if !utf8.Valid(body) {
		return survey.Errorf(survey.Malformed, "the body is not UTF-8")
	}
	err := json.Unmarshal(body, into)
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return &survey.Error{Code: survey.Invalid, Message: "the body is not valid", Problems: []survey.Problem{mismatch(err)}}
	}
	if err != nil {
		return survey.Errorf(survey.Malformed, "the body is not JSON: %v", err)
	}
	return nil
}
