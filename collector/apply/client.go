package apply

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

	"github.com/askwell/askwell/collector/auth"
	"github.com/askwell/askwell/collector/survey"
)

// Client speaks to a collector's API.
type Client struct {
	server, key string
	http        *http.Client
}

// NewClient makes a client of the collector at a URL.
func NewClient(server, key string) *Client {
	return &Client{strings.TrimSuffix(server, "/"), key, &http.Client{Timeout: 30 * time.Second}}
}

// APIError is an answer that is not a success.
type APIError struct {
	Status int    `json:"status"`
	Title  string `json:"title"`
	Detail string `json:"detail"`
	Errors []struct {
		Location string `json:"location"`
		Message  string `json:"message"`
	} `json:"errors"`
}

func (e *APIError) Error() string {
	lines := []string{fmt.Sprintf("the collector answered %d: %s", e.Status, e.Detail)}
	for _, p := range e.Errors {
		lines = append(lines, p.Location+": "+p.Message)
	}
	return strings.Join(lines, "\n  ")
}

// isStatus says whether an error is an answer of a status.
func isStatus(err error, status int) bool {
	var answer *APIError
	return errors.As(err, &answer) && answer.Status == status
}

// call sends one request and decodes the answer into out; it returns the answer's ETag.
func (c *Client) call(ctx context.Context, method, path, ifMatch string, in, out any) (etag string, err error) {
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
		answer := &APIError{Status: res.StatusCode}
		if err := json.NewDecoder(res.Body).Decode(answer); err != nil {
			answer.Detail = "not an Askwell answer: is the server's URL right?"
		}
		return "", answer
	}
	return res.Header.Get("ETag"), json.NewDecoder(res.Body).Decode(out)
}

// remote is a survey as the collector has it.
type remote struct {
	Status      survey.Status      `json:"status"`
	LiveVersion int                `json:"live_version"`
	Draft       *survey.Definition `json:"draft"`
	etag        string
}

func surveyPath(site, id string) string { return "/v1/sites/" + site + "/surveys/" + id }

// site returns nil where there is none.
func (c *Client) site(ctx context.Context, id string) (site *survey.Site, etag string, err error) {
	site = &survey.Site{}
	etag, err = c.call(ctx, http.MethodGet, "/v1/sites/"+id, "", nil, site)
	if isStatus(err, http.StatusNotFound) {
		return nil, "", nil
	}
	return site, etag, err
}

func (c *Client) putSite(ctx context.Context, site *survey.Site, etag string) error {
	_, err := c.call(ctx, http.MethodPut, "/v1/sites/"+site.ID, etag, site, &struct{}{})
	return err
}

// survey returns nil where there is none.
func (c *Client) survey(ctx context.Context, site, id string) (*remote, error) {
	var r remote
	etag, err := c.call(ctx, http.MethodGet, surveyPath(site, id), "", nil, &r)
	if isStatus(err, http.StatusNotFound) {
		return nil, nil
	}
	r.etag = etag
	return &r, err
}

// version returns a published version.
func (c *Client) version(ctx context.Context, site, id string, version int) (*survey.Definition, error) {
	var d survey.Definition
	_, err := c.call(ctx, http.MethodGet, fmt.Sprintf("%s/versions/%d", surveyPath(site, id), version), "", nil, &d)
	return &d, err
}

func (c *Client) putSurvey(ctx context.Context, site string, d *survey.Definition, etag string) (*remote, error) {
	var r remote
	etag, err := c.call(ctx, http.MethodPut, surveyPath(site, d.ID), etag, d, &r)
	r.etag = etag
	return &r, err
}

func (c *Client) publish(ctx context.Context, site, id, etag string) (*remote, error) {
	var r remote
	etag, err := c.call(ctx, http.MethodPost, surveyPath(site, id)+"/publish", etag, nil, &r)
	r.etag = etag
	return &r, err
}

// CreateKey makes an API key and returns its secret.
func (c *Client) CreateKey(ctx context.Context, name string, scope auth.Scope) (string, error) {
	in := map[string]string{"name": name, "scope": string(scope)}
	var out struct {
		Key string `json:"key"`
	}
	_, err := c.call(ctx, http.MethodPost, "/v1/keys", "", in, &out)
	return out.Key, err
}
