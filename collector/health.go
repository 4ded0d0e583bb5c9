package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// HealthCmd asks the collector on this machine whether it can work. It is for images that hold nothing but the
// program: a container's health check has no curl there. It reads the settings that serve reads.
type HealthCmd struct {
	Addr   string   `help:"Address that the collector listens on (:8080; with --domain :443)." placeholder:"ADDR"`
	Domain []string `help:"Names that the collector serves HTTPS under." placeholder:"NAME"`
}

func (c *HealthCmd) Run(ctx context.Context, to output) error {
	url, addr := "http://localhost/readyz", cmp.Or(c.Addr, ":8080")
	if len(c.Domain) > 0 { // the certificate is checked too: without one no page gets anything
		url, addr = "https://"+c.Domain[0]+"/readyz", cmp.Or(c.Addr, ":443")
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	here := &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, addr) // where the host is left out, it is this one
	}}
	reply, err := (&http.Client{Transport: here}).Do(request)
	if err != nil {
		return fmt.Errorf("the collector at %s does not answer: %w", addr, err)
	}
	defer reply.Body.Close()
	said, err := io.ReadAll(io.LimitReader(reply.Body, 1<<10))
	if err != nil || reply.StatusCode != http.StatusOK {
		return fmt.Errorf("the collector at %s answers %s: %s", addr, reply.Status, said)
	}
	_, err = to.out.Write(said)
	return err
}
