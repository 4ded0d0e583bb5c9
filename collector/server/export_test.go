package server

import (
	"net"
	"net/http"
)

// TrustACME sets what carries the talk with the certificate authority.
func (c *Config) TrustACME(transport http.RoundTripper) { c.acmeTransport = transport }

// Addrs are the ports that were opened: the main one, and with --domain the one for plain HTTP.
func (a *App) Addrs() []net.Addr {
	var addrs []net.Addr
	for _, listener := range a.listeners {
		addrs = append(addrs, listener.Addr())
	}
	return addrs
}

var ListenError = listenError
