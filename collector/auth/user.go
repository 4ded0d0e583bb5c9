package auth

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// NewSecret makes the secret that a site's server signs its users with.
func NewSecret() []byte {
	secret := make([]byte, 32)
	rand.Read(secret)
	return secret
}

// SignUser is what the site's server does: HMAC-SHA256 of the user's id, in hex. The secret is
// given to it as hex, and used as those characters, so that no language has to decode it first.
func SignUser(secret []byte, user string) string {
	mac := hmac.New(sha256.New, []byte(hex.EncodeToString(secret)))
	mac.Write([]byte(user))
	return hex.EncodeToString(mac.Sum(nil))
}

// SignedUser says whether a signature is the one of a user, in constant time.
func SignedUser(secret []byte, user, signature string) bool {
	return hmac.Equal([]byte(SignUser(secret, user)), []byte(strings.ToLower(signature)))
}
