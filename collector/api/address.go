package api

import (
	"net"
	"net/http"
	"net/netip"

	"github.com/labstack/echo/v4"
)

// ipExtractor tells a client's address. X-Forwarded-For is what a client writes: it counts only as
// far as configured proxies have appended to it.
func (a *api) ipExtractor() echo.IPExtractor {
	direct := echo.ExtractIPDirect()
	if len(a.TrustedProxies) == 0 {
		return direct
	}
	trust := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, prefix := range a.TrustedProxies {
		trust = append(trust, echo.TrustIPRange(&net.IPNet{
			IP: prefix.Addr().AsSlice(), Mask: net.CIDRMask(prefix.Bits(), prefix.Addr().BitLen()),
		}))
	}
	forwarded := echo.ExtractIPFromXFFHeader(trust...)
	return func(r *http.Request) string {
		if !a.trusts(r.RemoteAddr) {
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
