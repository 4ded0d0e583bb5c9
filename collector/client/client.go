// Package client speaks to a collector's API, for the commands.
package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// Client speaks to a collector's API.
type Client struct {
	server, key string
	http        *http.Client
}

// New makes a client of the collector at a URL.
func New(server, key string) *Client {
	return &Client{strings.TrimSuffix(server, "/"), key, &http.Client{Timeout: 10 * time.Minute}}
}

// Error is an answer that is not a success.
type Error struct {
	Status int    `json:"status"`
	Title  string `json:"title"`
	Detail string `json:"detail"`
	Errors []struct {
		Location string `json:"location"`
		Message  string `json:"message"`
	} `json:"errors"`
}

func (e *Error) Error() string {
	lines := []string{fmt.Sprintf("the collector answered %d: %s", e.Status, e.Detail)}
	for _, p := range e.Errors {
		lines = append(lines, p.Location+": "+p.Message)
	}
	return strings.Join(lines, "\n  ")
}

// IsStatus says whether an error is an answer of a status.
func IsStatus(err error, status int) bool {
	var answer *Error
	return errors.As(err, &answer) && answer.Status == status
}

// Call sends one request and decodes the answer into out, which may be nil; it returns the answer's ETag.
func (c *Client) Call(ctx context.Context, method, path, ifMatch string, in, out any) (etag string, err error) {
	var body io.Reader
	if in != nil {
		data, err := json.Marshal(in)
		if err != nil {
			return "", err
		}
		body = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(ctx, method, c.server+path, body)
	if err != nil {
		return "", err
	}
	req.Header.Set("Authorization", "Bearer "+c.key)
	req.Header.Set("Content-Type", "application/json")
	if ifMatch != "" {
		req.Header.Set("If-Match", ifMatch)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return "", fmt.Errorf("cannot reach the collector: %w", err)
	}
	defer res.Body.Close()
	if res.StatusCode >= 300 {
		answer := &Error{Status: res.StatusCode}
		if err := json.NewDecoder(res.Body).Decode(answer); err != nil {
			answer.Detail = "not an Askwell answer: is the server's URL right?"
		}
		return "", answer
	}
	if out == nil {
		return res.Header.Get("ETag"), nil
	}
	return res.Header.Get("ETag"), json.NewDecoder(res.Body).Decode(out)
}
