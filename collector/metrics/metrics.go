// Package metrics counts what the collector does, for Prometheus. Labels are routes, fixed words and
// the ids of published surveys, never what a client sent, so their number is bounded.
package metrics

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/askwell/askwell/collector/survey"
)

// maxSurveys is how many surveys are counted apart; a series costs Prometheus some 3 kB. The rest
// are counted together as "(other)".
const maxSurveys = 1000

// Metrics has a registry of its own: a program may run more than one collector.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	accepted *prometheus.CounterVec
	refused  *prometheus.CounterVec
	batches  *prometheus.CounterVec
	users    *prometheus.CounterVec
	surveys  *prometheus.CounterVec
	sizes    prometheus.Histogram
	commits  prometheus.Histogram

	mu    sync.Mutex
	known map[[2]string]bool // site and survey
}

// New makes the metrics; waiting tells the length of the ingest queue.
func New(waiting func() int) *Metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	m := &Metrics{
		registry: prometheus.NewRegistry(), known: map[[2]string]bool{},
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "askwell_request_seconds",
			Help: "Time to answer a request.", Buckets: prometheus.ExponentialBuckets(0.0005, 2, 14)}, []string{"method", "route", "status"}),
		accepted: counter("askwell_responses_accepted_total", "Responses whose senders were told that they are on disk, repeats included, by class.", "class"),
		refused:  counter("askwell_responses_refused_total", "Responses that were refused, by the last part of the error's type.", "reason"),
		batches:  counter("askwell_batches_refused_total", "Bodies that were refused before their responses were looked at, by the last part of the error's type.", "reason"),
		users:    counter("askwell_users_unproven_total", "Responses stored as anonymous, because the signature of their user was missing or wrong.", "signature"),
		surveys:  counter("askwell_survey_responses_total", "Responses whose senders were told that they are on disk, repeats included, by survey; (other) beyond 1,000 surveys.", "site", "survey"),
		sizes: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "askwell_commit_responses",
			Help: "Responses in one commit.", Buckets: prometheus.ExponentialBuckets(1, 2, 11)}),
		commits: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "askwell_commit_seconds",
			Help: "Time of one commit, until it is on disk.", Buckets: prometheus.ExponentialBuckets(0.0005, 2, 14)}),
	}
	m.registry.MustRegister(m.requests, m.accepted, m.refused, m.batches, m.users, m.surveys, m.sizes, m.commits,
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "askwell_queue_responses", Help: "Responses that wait for a commit."},
			func() float64 { return float64(waiting()) }),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for _, class := range survey.Classes {
		m.accepted.WithLabelValues(string(class)) // a counter that is there from the start shows its first increase
	}
	return m
}

// Add adds metrics that are counted elsewhere.
func (m *Metrics) Add(c prometheus.Collector) { m.registry.MustRegister(c) }

// Handler serves the metrics.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// Commit records one commit of the ingest queue.
func (m *Metrics) Commit(responses int, took time.Duration) {
	m.sizes.Observe(float64(responses))
	m.commits.Observe(took.Seconds())
}

// Accepted counts a response that is on disk.
func (m *Metrics) Accepted(site, surveyID string, class survey.Class) {
	m.accepted.WithLabelValues(string(class)).Inc()
	if key := [2]string{site, surveyID}; !m.isKnown(key) {
		site, surveyID = "(other)", "(other)"
	}
	m.surveys.WithLabelValues(site, surveyID).Inc()
}

func (m *Metrics) isKnown(key [2]string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.known[key] && len(m.known) < maxSurveys {
		m.known[key] = true
	}
	return m.known[key]
}

// Refused counts responses that were refused.
func (m *Metrics) Refused(reason survey.Code, n int) {
	m.refused.WithLabelValues(string(reason)).Add(float64(n))
}

// BatchRefused counts a body that was refused as a whole: how many responses it held is not known.
func (m *Metrics) BatchRefused(reason survey.Code) { m.batches.WithLabelValues(string(reason)).Inc() }

// Unproven counts a response stored as anonymous; signature is "missing" or "wrong".
func (m *Metrics) Unproven(signature string) { m.users.WithLabelValues(signature).Inc() }

// Request counts a request. The route is the pattern that matched, "" for none.
func (m *Metrics) Request(method, route string, status int, took time.Duration) {
	if route == "" {
		route = "none" // no route matched: the path is the client's word
	}
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions:
	default:
		method = "other" // HTTP lets a client make up any word
	}
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Observe(took.Seconds())
}
