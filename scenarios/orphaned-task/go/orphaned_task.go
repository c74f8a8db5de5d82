// Package orphanedtask is a handler that starts work in the background and answers at once. Without
// the request's context the work outlives its request; with it, it ends when the request does.
// ../server.cc is the same in C++.
package orphanedtask

import (
	"context"
	"io"
	"net/http"
	"time"

	"scenarios/go/scenario"
)

// Scenario is what ../server.cc serves, with the same options and the same work at each step.
var Scenario = scenario.Scenario{
	Name:    "orphaned-task",
	Summary: "The handler starts work in the background and answers",
	Build:   build,
}

type job struct {
	duration     time.Duration
	step         time.Duration
	stepWork     int64
	payloadBytes int64
}

func (j job) steps() int64 { return int64(j.duration / j.step) }

// payload is what an orphan keeps alive, and what it burns.
type payload []uint64

func newPayload(bytes int64) payload {
	words := make(payload, bytes/8)
	for i := range words {
		words[i] = 1
	}
	return words
}

// crunch reads and writes every word, `passes` times over.
func (p payload) crunch(passes int64) {
	for pass := int64(0); pass < passes; pass++ {
		carry := uint64(pass)
		for i, word := range p {
			carry += word * 0x9e3779b97f4a7c15
			p[i] = carry ^ (carry >> 29)
		}
	}
}

func expensiveWork(ctx context.Context, job job) {
	payload := newPayload(job.payloadBytes)
	timer := time.NewTimer(job.step)
	defer timer.Stop()
	for step := int64(0); step < job.steps(); step++ {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		payload.crunch(job.stepWork)
		timer.Reset(job.step)
	}
}

func build(s *scenario.Builder) {
	job := job{
		duration:     s.Duration("job-duration", "5s", "how long the background work takes"),
		step:         s.Duration("step", "100ms", "the work looks at its context this often"),
		stepWork:     s.Count("step-work", "1", 1_000_000, "passes over the payload at each step"),
		payloadBytes: s.Count("payload", "4096", 1<<30, "bytes that the work holds"),
	}
	if job.step <= 0 || job.step > job.duration {
		s.Refuse("--step must be longer than nothing and no longer than --job-duration")
	}

	s.Variant("without-context", func(w http.ResponseWriter, _ *http.Request) {
		go expensiveWork(context.Background(), job)
		io.WriteString(w, "ok")
	})

	s.Variant("with-context", func(w http.ResponseWriter, r *http.Request) {
		go expensiveWork(r.Context(), job)
		io.WriteString(w, "ok")
	})
}
