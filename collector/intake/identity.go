package intake

import (
	"github.com/askwell/askwell/collector/auth"
	"github.com/askwell/askwell/collector/catalog"
	"github.com/askwell/askwell/collector/survey"
)

// identify makes a response anonymous whose user is not proven. Anyone can open the page's console
// and call identify: a site that has a secret can tell.
func (d *Door) identify(site *catalog.Site, r *survey.Response) {
	signature := ""
	switch {
	case r.User == "":
		if site.RequireSignedUsers {
			r.Traits = nil // traits are said of a user
		}
	case r.UserSig == "":
		if site.RequireSignedUsers {
			signature = "missing"
		}
	case site.Secret == nil && !site.RequireSignedUsers: // nothing to compare with, and nobody asked for it
	case site.Secret == nil || !auth.SignedUser(site.Secret, r.User, r.UserSig):
		signature = "wrong"
	}
	if signature != "" {
		d.Metrics.Unproven(signature)
		r.User, r.Traits = "", nil
	}
}
