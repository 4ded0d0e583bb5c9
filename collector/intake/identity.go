package intake

import (
	"github.com/askwell/askwell/collector/auth"
	"github.com/askwell/askwell/collector/catalog"
	"github.com/askwell/askwell/collector/survey"
)

// identify makes a response anonymous whose user is not proven.
func (d *Door) identify(site *catalog.Site, r *survey.Response) {
	if r.User == "" {
		if site.RequireSignedUsers {
			r.Traits = nil // traits are said of a user
		}
		return
	}
	if signature := unproven(site, r.User, r.UserSig); signature != "" {
		d.Metrics.Unproven(signature)
		r.User, r.Traits = "", nil
	}
}

// Proves says whether it is certain enough who the user is to tell a page of what they were asked: by
// the server's signature, or by the page's word where the site has no secret to sign with.
func Proves(site *catalog.Site, user, signature string) bool {
	return user != "" && unproven(site, user, signature) == "" && (site.Secret == nil || signature != "")
}

// unproven says what is wrong with a user's signature: "missing", "wrong", or "" for nothing. Anyone
// can open the page's console and call identify: a site that has a secret can tell.
func unproven(site *catalog.Site, user, signature string) string {
	switch {
	case signature == "":
		if site.RequireSignedUsers {
			return "missing"
		}
	case site.Secret == nil && !site.RequireSignedUsers: // nothing to compare with, and nobody asked for it
	case site.Secret == nil || !auth.SignedUser(site.Secret, user, signature):
		return "wrong"
	}
	return ""
}
