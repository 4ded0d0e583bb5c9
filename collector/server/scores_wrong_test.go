package server_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/askwell/askwell/collector/servertest"
)

// Each wrong parameter of a score is named, with what is allowed in its place.
func TestWrongScoreParametersAreNamed(t *testing.T) {
	c := servertest.StartShop(t)
	c.Must(200, "PUT", "/v1/sites/shop/surveys/two", strings.Replace(servertest.ExitDoc, `"exit"`, `"two"`, 1))
	const exit, several, over = "/v1/sites/shop/surveys/exit/", "/v1/scores", "/v1/sites/shop/overview"
	many := url.Values{"filter": nil}
	for range 21 {
		many.Add("filter", "page:/")
	}
	thirty := strings.TrimSuffix(strings.Repeat("trait.x,", 31), ",")
	for name, test := range map[string]struct{ path, parameter, allowed string }{
		"an unknown question":             {exit + "scores?question=nope", "question", "expected one of nps"},
		"a question without a score":      {exit + "scores?question=why", "question", "expected one of nps"},
		"an unknown metric":               {exit + "scores?metric=nsp", "metric", "nps, csat, ces"},
		"another metric than it has":      {exit + "scores?question=nps&metric=csat", "metric", "nps from 0 to 10, and cannot be counted together with csat"},
		"a from that is no time":          {exit + "scores?from=yesterday", "from", "milliseconds since the epoch, a day such as"},
		"a to that is no time":            {exit + "scores?to=2026-13-01", "to", "milliseconds since the epoch, a day such as"},
		"a from after to":                 {exit + "scores?from=2026-03-02&to=2026-03-01", "to", "is not after from"},
		"a from that is to come":          {exit + "scores?from=2999-01-01", "from", "is not in the past"},
		"an unknown unit":                 {exit + "scores?every=minute", "every", "hour, day, week, month, quarter, year"},
		"10,000 buckets":                  {exit + "scores?from=2026-01-01T00:00:00Z&to=2027-02-21T16:00:00Z&every=hour", "every", "more than 5000 buckets"},
		"an unknown zone":                 {exit + "scores?tz=Europe/Warszawa", "tz", "IANA time zone, such as Europe/Warsaw"},
		"the zone of the machine":         {exit + "scores?tz=Local", "tz", "IANA time zone"},
		"an unknown dimension":            {exit + "scores?by=colour", "by", "page, device, browser, system, country, language, trigger, channel, version, touchpoint"},
		"a question that is no dimension": {exit + "scores?by=answer.why", "by", "answer.nps, answer.reason"},
		"three dimensions":                {exit + "scores?by=page,device,browser", "by", "at most 2"},
		"a dimension twice":               {exit + "scores?by=page&by=page", "by", "twice"},
		"an unknown unique":               {exit + "scores?unique=person", "unique", "visitor, user"},
		"an unknown comparison":           {exit + "scores?from=2026-01-01&compare=last", "compare", "previous, year_ago"},
		"a comparison without from":       {exit + "scores?compare=previous", "compare", "from"},
		"a min_n below 0":                 {exit + "scores?min_n=-1", "min_n", "0"},
		"a min_n that is no number":       {exit + "scores?min_n=few", "min_n", "integer"},
		"a filter without a value":        {exit + "scores?filter=device", "filter", "dimension:value,value"},
		"a filter of no dimension":        {exit + "scores?filter=colour:red", "filter", "page, device, browser"},
		"a filter of an unknown value":    {exit + "scores?filter=device:phone", "filter", "desktop, mobile, tablet, other"},
		"a filter of an unknown choice":   {exit + "scores?filter=answer.reason:prize", "filter", "other, price"},
		"a filter of no range":            {exit + "scores?filter=answer.nps:6-0", "filter", "a range such as 0-6"},
		"21 filters":                      {exit + "scores?" + many.Encode(), "filter", "at most 20"},
		"a parameter that is none":        {exit + "scores?frm=1", "frm", ""},
		"a funnel by no dimension":        {exit + "funnel?by=colour", "by", "page, device"},
		"a funnel of an unknown unit":     {exit + "funnel?every=minute", "every", "hour, day"},
		"a funnel from after to":          {exit + "funnel?from=2&to=1", "to", "is not after from"},
		"drivers of no dimension":         {exit + "drivers?dimension=colour", "dimension", "page, device"},
		"drivers of too many dimensions":  {exit + "drivers?dimension=" + thirty, "dimension", "at most 30"},
		"drivers with a min_n of 0":       {exit + "drivers?min_n=0", "min_n", "1"},
		"an overview in no zone":          {over + "?tz=Mars", "tz", "IANA"},
		"an overview from after to":       {over + "?from=2&to=1", "to", "is not after from"},
		"no survey":                       {several, "survey", ""},
		"a survey without its site":       {several + "?survey=exit", "survey", "site/survey or site/survey/question"},
		"a survey twice":                  {several + "?survey=shop/exit&survey=shop/exit/nps", "survey", "twice"},
		"51 surveys":                      {several + "?" + strings.Repeat("survey=shop/exit&", 51), "survey", "1 to 50"},
		"persons over several surveys":    {several + "?survey=shop/exit&survey=shop/two&unique=visitor", "unique", "within one survey"},
	} {
		t.Run(name, func(t *testing.T) {
			r := c.Must(422, "GET", test.path, "")
			servertest.IsProblem(t, r)
			errs, _ := r.Body["errors"].([]any)
			if len(errs) == 0 {
				t.Fatalf("no errors: %s", r.Text)
			}
			first := errs[0].(map[string]any)
			if first["location"] != "query."+test.parameter || !strings.Contains(fmt.Sprint(first["message"]), test.allowed) {
				t.Errorf("%v, want query.%s and %q", first, test.parameter, test.allowed)
			}
		})
	}
	c.Must(404, "GET", "/v1/sites/shop/surveys/none/scores", "")
	c.Must(404, "GET", several+"?survey=none/exit", "")
}
