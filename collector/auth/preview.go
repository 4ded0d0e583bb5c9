package auth

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"time"
)

// What is wrong with a preview link.
var (
	ErrPreviewForged  = errors.New("the preview link is not one of this site's: copy all of it, or make a new one")
	ErrPreviewExpired = errors.New("the preview link has expired: make a new one")
)

// SignPreview makes the token that opens the draft of a survey: survey.expiry.signature, all of it
// letters that a URL takes as they are.
func SignPreview(secret []byte, site, survey string, expires time.Time) string {
	open := survey + "." + strconv.FormatInt(expires.UnixMilli(), 10)
	return open + "." + previewSignature(secret, site, open)
}

// CheckPreview returns the survey whose draft a token opens.
func CheckPreview(secret []byte, site, token string, now time.Time) (survey string, err error) {
	at := strings.LastIndexByte(token, '.')
	if at < 0 || len(secret) == 0 || !hmac.Equal([]byte(previewSignature(secret, site, token[:at])), []byte(token[at+1:])) {
		return "", ErrPreviewForged
	}
	survey, expiry, _ := strings.Cut(token[:at], ".")
	if millis, err := strconv.ParseInt(expiry, 10, 64); err != nil || now.UnixMilli() >= millis {
		return "", ErrPreviewExpired
	}
	return survey, nil
}

// The word before keeps what is signed here apart from whatever else the secret will sign.
func previewSignature(secret []byte, site, open string) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("preview\n" + site + "\n" + open))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}
