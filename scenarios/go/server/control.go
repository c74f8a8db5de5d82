package server

import (
	"encoding/json"
	"expvar"
	"net/http"
	"net/http/pprof"
)

// controlHandler answers on the control port:
//
//	GET /healthz        200 "ok"
//	GET /metrics        Prometheus text
//	GET /debug/pause    JSON: how late the heartbeats came
//	GET /debug/vars     JSON: expvar, with memstats, for which Go stops the world
//	GET /debug/pprof/   the profiles that this Go has by name: goroutine, heap, goroutineleak, ...
//
// Unlike the C++ servers' it has no threads of its own, for Go gives none: on a full machine it
// waits its turn.
//
// The CPU profile and the execution trace are left out: they run in goroutines that net/http/pprof
// does not tell of, and would be counted as live tasks.
func (s *Server) controlHandler() http.Handler {
	metrics := newMetrics(&s.counts, s.counters)
	mux := http.NewServeMux()
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		_, _ = w.Write([]byte("ok\n"))
	})
	mux.HandleFunc("/metrics", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4")
		metrics.write(w)
	})
	mux.HandleFunc("/debug/pause", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", "  ")
		_ = encoder.Encode(s.pauses.snapshot())
	})
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.Handle("/debug/vars", expvar.Handler())
	return observeRequests(mux.ServeHTTP)
}
