package api

import (
	"net"
	"net/http"
	"net/netip"
	"sync"

	"github.com/labstack/echo/v4"
)

// ipExtractor tells a client's address. X-Forwarded-For is what a client writes: it counts only as
// far as configured proxies have appended to it.
func (a *api) ipExtractor() echo.IPExtractor {
	direct := echo.ExtractIPDirect()
	warn := sync.OnceFunc(func() {
		a.Log.Warn("requests come with X-Forwarded-For from an address that --trusted-proxies does not name: if it is a proxy, all visitors behind it share one rate limit")
	})
	trust := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, prefix := range a.TrustedProxies {
		trust = append(trust, echo.TrustIPRange(&net.IPNet{
			IP: prefix.Addr().AsSlice(), Mask: net.CIDRMask(prefix.Bits(), prefix.Addr().BitLen()),
		}))
	}
	forwarded := echo.ExtractIPFromXFFHeader(trust...)
	return func(r *http.Request) string {
		if !a.trusts(r.RemoteAddr) {
			if r.Header.Get(echo.HeaderXForwardedFor) != "" {
				warn()
			}
			return direct(r)
		}
		return forwarded(r)
	}
}

// trusts says whether a connection comes from a configured proxy.
func (a *api) trusts(remote string) bool {
	from, err := netip.ParseAddrPort(remote)
	if err != nil {
		return false
	}
	for _, prefix := range a.TrustedProxies {
		if prefix.Contains(from.Addr().Unmap()) {
			return true
		}
	}
	return false
}
