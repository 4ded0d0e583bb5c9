package server_test

import (
	"strings"
	"testing"

	"github.com/askwell/askwell/collector/servertest"
)

func aKeyOfOneSiteReadsThatSiteAlone(t *testing.T, c *servertest.Collector, all []given) {
	t.Parallel()
	key := c.Must(201, "POST", "/v1/keys", `{"name": "cafe's", "scope": "read", "site": "cafe"}`).Body["key"].(string)
	for path, status := range map[string]int{
		"/v1/scores?survey=cafe/exit":                      200,
		"/v1/scores?survey=cafe/exit/nps&format=csv":       200,
		"/v1/scores?survey=cafe/exit&survey=shop/exit":     403,
		"/v1/scores?survey=cafe/exit,shop/exit":            403,
		"/v1/scores?survey=shop%2Fexit":                    403,
		"/v1/scores?survey=nope/exit":                      403, // nor whether it is there
		"/v1/funnel?survey=cafe/exit":                      200,
		"/v1/funnel?survey=cafe/exit,shop/exit":            403,
		"/v1/drivers?survey=cafe/exit":                     200,
		"/v1/drivers?survey=shop/exit":                     403,
		"/v1/sites/cafe/overview":                          200,
		"/v1/sites/shop/overview":                          403,
		"/v1/sites/cafe/surveys/exit/drivers":              200,
		shopExit + "/scores":                               403,
		shopExit + "/scores?format=parquet":                403,
		shopExit + "/funnel":                               403,
		shopExit + "/drivers":                              403,
		shopExit + "/responses?q=delivery":                 403,
		shopExit + "/responses?format=csv":                 403,
		shopExit + "/responses/stream":                     403,
		"/v1/sites/cafe/surveys/exit/responses?q=delivery": 200,
	} {
		r := c.Do("GET", path, "", "Authorization", "Bearer "+key)
		if r.Status != status || strings.Contains(r.Text, `"shop"`) {
			t.Errorf("%s: %d, want %d: %.200s", path, r.Status, status, r.Text)
		}
	}
}

func aWrongParameterIsNamed(t *testing.T, c *servertest.Collector, all []given) {
	t.Parallel()
	const several = "/v1/scores?survey=shop/exit"
	type wrong struct{ path, parameter, says string }
	tests := []wrong{
		{shopExit + "/scores?from=2026-01-01&every=hour", "every", "more than 5000 buckets"},
		{shopExit + "/scores?from=1990-01-01&every=day", "every", "longer unit"},
		{shopExit + "/scores?every=minute", "every", "quarter"},
		{shopExit + "/scores?by=device,page,country", "by", "at most 2"},
		{shopExit + "/scores?by=device&by=device", "by", "twice"},
		{shopExit + "/scores?by=trait.%FF&format=parquet", "by", "UTF-8"},
		{shopExit + "/funnel?by=trait.%00", "by", "UTF-8"},
		{shopExit + "/scores?by=answer.why", "by", "answer.reason"},
		{shopExit + "/scores?unique=session", "unique", "visitor"},
		{shopExit + "/scores?compare=previous", "compare", "from"},
		{shopExit + "/scores?from=2026-10-01&compare=before", "compare", "year_ago"},
		{shopExit + "/scores?min_n=-1", "min_n", "0"},
		{shopExit + "/scores?question=why", "question", "nps"},
		{shopExit + "/scores?metric=ltv", "metric", "csat"},
		{shopExit + "/drivers?question=why", "question", "nps"},
		{shopExit + "/drivers?dimension=nope", "dimension", "device"},
		{shopExit + "/drivers?min_n=0", "min_n", "1"},
		{shopExit + "/drivers?by=device", "by", "unknown"},
		{shopExit + "/funnel?unique=visitor", "unique", "unknown"},
		{shopExit + "/responses?q=+", "q", "no word"},
		{shopExit + "/responses?q=" + strings.Repeat("x", 201), "q", "200"},
		{shopExit + "/responses?cursor=nope", "cursor", "cursor"},
		{shopExit + "/responses?every=day", "every", "unknown"},
		{shopExit + "/scores?every=day&every=week", "every", "more than once"},
		{shopExit + "/responses?limit=1&limit=1", "limit", "more than once"},
		{"/v1/audit?limit=1&limit=2", "limit", "more than once"},
		{"/v1/scores", "survey", "required"},
		{"/v1/scores?survey=shop", "survey", "site/survey"},
		{"/v1/scores?survey=shop/exit/nps/x", "survey", "site/survey/question"},
		{"/v1/scores?survey=shop/exit/why", "survey", "nps"},
		{"/v1/scores?survey=shop/exit,shop/exit/nps", "survey", "twice"},
		{"/v1/scores?survey=shop/exit,shop/order", "metric", "shop/order/easy"},
		{"/v1/scores?survey=shop/exit,cafe/exit&unique=user", "unique", "one survey"},
		{"/v1/scores?survey=shop/exit&survey=shop/exit", "survey", "twice"},
		{"/v1/funnel?survey=shop/exit&survey=shop/exit", "survey", "shop/exit is there twice"},
		{"/v1/funnel?survey=shop/exit/nps,cafe/exit", "survey", "expected shop/exit"},
		{"/v1/scores?survey=" + strings.Repeat("shop/exit,", 50) + "shop/exit", "survey", "50"},
	}
	for _, path := range []string{shopExit + "/scores?", shopExit + "/funnel?", shopExit + "/drivers?", shopExit + "/responses?", "/v1/sites/shop/overview?", several + "&"} {
		tests = append(tests,
			wrong{path + "from=yesterday", "from", "2026-03-01"},
			wrong{path + "from=2099-01-01", "from", "past"},
			wrong{path + "from=2026-05-02&to=2026-05-01", "to", "after from"},
			wrong{path + "to=2026-02-30", "to", "2026-02-30"},
			wrong{path + "tz=Mars/Base", "tz", "Europe/Warsaw"},
			wrong{path + "tz=Local", "tz", "IANA"},
			wrong{path + "tz=../../etc/passwd", "tz", "IANA"},
			wrong{path + "from=2026-05-01&from=2026-06-01", "from", "more than once"},
			wrong{path + "tz=UTC&format=csv&tz=UTC", "tz", "more than once"},
			wrong{path + "format=pdf", "format", "parquet"},
			wrong{path + "frm=1", "frm", "unknown"})
		if strings.Contains(path, "overview") {
			continue
		}
		tests = append(tests,
			wrong{path + "filter=device", "filter", "device:mobile"},
			wrong{path + "filter=nope:1", "filter", "trait.{name}"},
			wrong{path + "filter=device:phone", "filter", "tablet"},
			wrong{path + "filter=answer.nps:9-6", "filter", "0-6"},
			wrong{path + "filter=answer.reason:taste", "filter", "price"},
			wrong{path + strings.Repeat("filter=device:mobile&", 21), "filter", "20"})
	}
	for _, test := range tests {
		r := c.Do("GET", test.path, "")
		if r.Status != 422 {
			t.Errorf("%.120s: %d: %.200s", test.path, r.Status, r.Text)
			continue
		}
		servertest.IsProblem(t, r)
		found := false
		for _, e := range items(r.Body["errors"]) {
			found = found || e["location"] == "query."+test.parameter && strings.Contains(e["message"].(string), test.says)
		}
		if !found {
			t.Errorf("%.120s: no word of %s, %q: %s", test.path, test.parameter, test.says, r.Text)
		}
	}
}
