package api

import (
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/askwell/askwell/collector/catalog"
	"github.com/askwell/askwell/collector/intake"
	"github.com/askwell/askwell/collector/limit"
	"github.com/askwell/askwell/collector/survey"
)

// How many bodies are read and stored at once: of 64 KiB each they are 256 MiB at most, and one
// address, whose bodies may come as slowly as a time-out allows, takes no more than its share. Of
// more, each is refused at once, whatever the queue has room for.
const (
	maxPosts           = 4096
	maxPostsPerAddress = 64
)

// postBatch takes what a page has to send. It answers only after what it accepted is on disk.
func (a *api) postBatch(c echo.Context) error {
	admitted, err := a.admit(c)
	if err != nil {
		a.countRefused(err)
		return err
	}
	return c.JSON(http.StatusOK, a.receipt(c.Request().Context(), admitted))
}

func (a *api) receipt(ctx context.Context, admitted *intake.Receipt) receipt {
	reply := receipt{Accepted: admitted.Accepted, Rejected: []rejection{}}
	for _, r := range admitted.Rejected {
		problem, _ := a.problem(ctx, r.Err)
		reply.Rejected = append(reply.Rejected, rejection{r.ID, problem})
	}
	return reply
}

func (a *api) admit(c echo.Context) (receipt *intake.Receipt, err error) {
	err = a.receive(c, maxBody, func(site *catalog.Site, body []byte) error {
		batch, err := decodeBatch(body)
		if err != nil {
			return err
		}
		r := c.Request()
		receipt, err = a.Door.Admit(r.Context(), site, batch, intake.Sender{Channel: "web", UserAgent: r.UserAgent(), Country: a.country(c)})
		return err
	})
	return receipt, err
}

// receive reads what a page posts: from an origin of the site, within the limits on rates, sizes and
// bodies at once.
func (a *api) receive(c echo.Context, most int64, use func(site *catalog.Site, body []byte) error) error {
	r := c.Request()
	address := limit.AddressKey(c.RealIP())
	if wait := a.limits.address.Wait(address, a.Now()); wait > 0 {
		return &survey.Error{Code: survey.TooMany, Message: "this address sends too much", RetryAfter: wait}
	}
	if !a.posts.Enter(address) {
		return survey.Errorf(survey.Unavailable, "busy, try again")
	}
	defer a.posts.Leave(address)
	site, err := a.Catalog.Site(c.Param("site"))
	if err != nil {
		return err
	}
	if origin := r.Header.Get("Origin"); !site.Allows(origin) {
		return survey.Errorf(survey.Forbidden, "the origin %q is not one of site %q", origin, site.ID)
	}
	if wait := a.limits.site.Wait(site.ID, a.Now()); wait > 0 {
		return &survey.Error{Code: survey.TooMany, Message: "this site is sent too much", RetryAfter: wait}
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.Response(), r.Body, most))
	if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
		return survey.Errorf(survey.TooLarge, "the body is larger than %d bytes", large.Limit)
	}
	if err != nil { // a phone that lost its network, or a client that stalls: it may send it again
		return survey.Errorf(timeout, "the body did not arrive in time")
	}
	return use(site, body)
}

// countRefused counts a batch that was refused as a whole, whatever the reason. The responses in it
// that were looked at are counted by the door.
func (a *api) countRefused(err error) {
	var refused *survey.Error
	if errors.As(err, &refused) {
		a.Metrics.BatchRefused(refused.Code)
	}
}

// country is what a trusted proxy says of where the visitor is: two letters, or "".
func (a *api) country(c echo.Context) string {
	if a.CountryHeader == "" || !a.trusts(c.Request().RemoteAddr) {
		return ""
	}
	code := c.Request().Header.Get(a.CountryHeader)
	if len(code) != 2 || code[0] < 'A' || code[0] > 'Z' || code[1] < 'A' || code[1] > 'Z' || code == "XX" {
		return "" // XX: the proxy does not know
	}
	return code
}
