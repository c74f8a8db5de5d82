package cascadingtimeout

import (
	"context"
	"io"
	"net/http"
	"sync/atomic"
	"time"

	"scenarios/go/scenario"
)

// service is what the API calls. It counts what it did for nobody.
type service struct {
	latency  latencyModel
	step     time.Duration
	wasted   *scenario.Counter
	requests atomic.Uint64
}

// work looks at ctx at each step. The caller's context is only asked whether anybody still waits for
// this.
func (s *service) work(ctx, caller context.Context, w http.ResponseWriter) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	<-timer.C
	for left := s.latency.of(s.requests.Add(1) - 1); left > 0; {
		part := s.step
		if part > left {
			part = left
		}
		timer.Reset(part)
		select {
		case <-ctx.Done():
			status := http.StatusServiceUnavailable
			if ctx.Err() == context.DeadlineExceeded {
				status = http.StatusGatewayTimeout
			}
			http.Error(w, ctx.Err().Error(), status)
			return
		case <-timer.C:
		}
		if caller.Err() != nil {
			s.wasted.Add(int64(part))
		}
		left -= part
	}
	io.WriteString(w, "done")
}

// addService adds both variants of the service: with the context its work ends when its caller is
// gone or has no time left; without it the work goes on to its end.
func addService(b *scenario.Builder, latency latencyModel, step time.Duration) {
	s := &service{latency: latency, step: step, wasted: b.Counter(
		"wasted_work_ns_total", "Time worked for callers that were gone.")}

	b.Variant("without-context", func(w http.ResponseWriter, r *http.Request) {
		s.work(context.Background(), r.Context(), w)
	})

	b.Variant("with-context", func(w http.ResponseWriter, r *http.Request) {
		s.work(r.Context(), r.Context(), w)
	})
}
