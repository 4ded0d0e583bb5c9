package auth

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestPreviewTokenOpensOneDraftOfOneSiteForAWhile(t *testing.T) {
	now := time.UnixMilli(1_795_300_000_000)
	secret := NewSecret()
	token := SignPreview(secret, "shop", "checkout-exit", now.Add(time.Hour))
	if !regexp.MustCompile(`^checkout-exit\.1795303600000\.[\w-]{43}$`).MatchString(token) {
		t.Errorf("the token is %s", token)
	}
	signature := token[strings.LastIndexByte(token, '.'):]
	for name, test := range map[string]struct {
		secret      []byte
		site, token string
		now         time.Time
		want        error
	}{
		"the token":                  {secret, "shop", token, now, nil},
		"its last moment":            {secret, "shop", token, now.Add(time.Hour - time.Millisecond), nil},
		"one moment later":           {secret, "shop", token, now.Add(time.Hour), ErrPreviewExpired},
		"another site":               {secret, "shop2", token, now, ErrPreviewForged},
		"another secret":             {NewSecret(), "shop", token, now, ErrPreviewForged},
		"no secret":                  {nil, "shop", SignPreview(nil, "shop", "checkout-exit", now.Add(time.Hour)), now, ErrPreviewForged},
		"another survey":             {secret, "shop", "nps.1795303600000" + signature, now, ErrPreviewForged},
		"a later end":                {secret, "shop", "checkout-exit.1795303600001" + signature, now, ErrPreviewForged},
		"a signature that is cut":    {secret, "shop", token[:len(token)-1], now, ErrPreviewForged},
		"a signature with more":      {secret, "shop", token + "A", now, ErrPreviewForged},
		"nothing":                    {secret, "shop", "", now, ErrPreviewForged},
		"dots":                       {secret, "shop", "..", now, ErrPreviewForged},
		"a forged one, also expired": {secret, "shop", "nps.1" + signature, now, ErrPreviewForged},
	} {
		t.Run(name, func(t *testing.T) {
			survey, err := CheckPreview(test.secret, test.site, test.token, test.now)
			if err != test.want || (err == nil) != (survey == "checkout-exit") {
				t.Errorf("got %q, %v, want %v", survey, err, test.want)
			}
		})
	}
}
