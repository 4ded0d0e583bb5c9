package api

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// Metrics counts what the collector does. Labels are routes and fixed words, never what a client
// sent, so their number is bounded.
type Metrics struct {
	registry  *prometheus.Registry
	requests  *prometheus.HistogramVec
	responses prometheus.Counter
	refusals  *prometheus.CounterVec
	batches   prometheus.Histogram
	commits   prometheus.Histogram
}

// NewMetrics makes a registry of its own; waiting tells the length of the ingest queue.
func NewMetrics(waiting func() int) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "askwell_request_seconds",
			Help: "Time to answer a request.", Buckets: prometheus.ExponentialBuckets(0.0005, 2, 14)}, []string{"method", "route", "status"}),
		responses: prometheus.NewCounter(prometheus.CounterOpts{Name: "askwell_responses_accepted_total",
			Help: "Responses that are on disk, repeats included."}),
		refusals: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "askwell_responses_refused_total",
			Help: "Responses, or whole batches of an unknown size, that were refused."}, []string{"reason"}),
		batches: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "askwell_commit_responses",
			Help: "Responses in one commit.", Buckets: prometheus.ExponentialBuckets(1, 2, 11)}),
		commits: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "askwell_commit_seconds",
			Help: "Time of one commit, until it is on disk.", Buckets: prometheus.ExponentialBuckets(0.0005, 2, 14)}),
	}
	m.registry.MustRegister(m.requests, m.responses, m.refusals, m.batches, m.commits,
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "askwell_queue_responses", Help: "Responses that wait for a commit."},
			func() float64 { return float64(waiting()) }),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Commit records one commit of the ingest queue.
func (m *Metrics) Commit(responses int, took time.Duration) {
	m.batches.Observe(float64(responses))
	m.commits.Observe(took.Seconds())
}

func (m *Metrics) accepted(n int)               { m.responses.Add(float64(n)) }
func (m *Metrics) refused(reason string, n int) { m.refusals.WithLabelValues(reason).Add(float64(n)) }

func (m *Metrics) request(method, route string, status int, took time.Duration) {
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
