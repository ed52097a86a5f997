package server

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"example.com/kg/internal/query"
)

// meters are what /metrics shows.
type meters struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	refused  prometheus.Counter
	deaths   *prometheus.CounterVec
	cache    *prometheus.CounterVec
}

func newMeters(s *Server) *meters {
	m := &meters{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "kg_http_requests_total", Help: "Requests by route and status."}, []string{"route", "code"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "kg_http_request_seconds", Help: "Time to answer, by route.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
		}, []string{"route"}),
		refused: prometheus.NewCounter(prometheus.CounterOpts{Name: "kg_http_refused_total", Help: "Requests that the guard refused."}),
		deaths:  prometheus.NewCounterVec(prometheus.CounterOpts{Name: "kg_worker_deaths_total", Help: "Query processes that died, by cause."}, []string{"cause"}),
		cache:   prometheus.NewCounterVec(prometheus.CounterOpts{Name: "kg_results_total", Help: "Results of analysis, by whether they were kept."}, []string{"kept"}),
	}
	gauge := func(name, help string, value func() float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value)
	}
	m.registry.MustRegister(m.requests, m.seconds, m.refused, m.deaths, m.cache,
		gauge("kg_workers_idle", "Query processes that wait for requests.", func() float64 { return float64(s.pool.Idle()) }),
		gauge("kg_queries_waiting", "Requests that wait for a query process.", func() float64 { return float64(s.pool.Waiting()) }),
		gauge("kg_store_generation", "Updates of the store so far.", func() float64 {
			v := s.views.acquire()
			defer s.views.release(v)
			return float64(v.generation)
		}),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *meters) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

func (m *meters) request(route string, status int, took time.Duration) {
	m.requests.WithLabelValues(route, strconv.Itoa(status)).Inc()
	m.seconds.WithLabelValues(route).Observe(took.Seconds())
}

func (m *meters) death(err error) {
	cause := "other"
	for name, kind := range map[string]error{"time": query.ErrTime, "memory": query.ErrMemory, "crash": query.ErrCrash} {
		if errors.Is(err, kind) {
			cause = name
		}
	}
	m.deaths.WithLabelValues(cause).Inc()
}

func (m *meters) kept(hit bool) { m.cache.WithLabelValues(strconv.FormatBool(hit)).Inc() }
