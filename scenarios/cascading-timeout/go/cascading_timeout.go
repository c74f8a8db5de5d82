// Package cascadingtimeout is an API that asks three services, user, order and payment, for what its
// one answer needs, and gives its callers two seconds. Now and then payment takes far longer.
// ../server.cc is the same in C++, and tells the story of both variants.
package cascadingtimeout

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"scenarios/go/client"
	"scenarios/go/scenario"
)

// Scenario is what ../server.cc serves, with the same options and the same latencies.
var Scenario = scenario.Scenario{
	Name:    "cascading-timeout",
	Summary: "One request, three services, and one of them slow",
	Build:   build,
}

type api struct {
	client *client.Client
	urls   []string
}

func (a *api) call(ctx context.Context, url string, results chan<- string, errs chan<- error) {
	status, body, err := a.client.Get(ctx, url)
	switch {
	case err != nil:
		errs <- err
	case status == http.StatusGatewayTimeout: // the service has looked at the clock first
		errs <- context.DeadlineExceeded
	case status != http.StatusOK:
		errs <- fmt.Errorf("%s: %s", url, body)
	default:
		results <- body
	}
}

func (a *api) answer(ctx context.Context, w http.ResponseWriter) {
	results := make(chan string, len(a.urls))
	errs := make(chan error, len(a.urls))
	for _, url := range a.urls {
		go a.call(ctx, url, results, errs)
	}

	page := ""
	for range a.urls {
		select {
		case <-ctx.Done():
			http.Error(w, ctx.Err().Error(), http.StatusGatewayTimeout)
			return
		case err := <-errs:
			status := http.StatusBadGateway
			if os.IsTimeout(err) {
				status = http.StatusGatewayTimeout
			}
			http.Error(w, err.Error(), status)
			return
		case result := <-results:
			page += result + "\n"
		}
	}
	io.WriteString(w, page)
}

func addAPI(s *scenario.Builder, deadline, clientTimeout time.Duration, urls []string) {
	deaf := &api{s.Client(client.Options{Timeout: clientTimeout, KeepDeadline: true}), urls}
	full := &api{s.Client(client.Options{Timeout: clientTimeout}), urls}

	s.Variant("without-context", func(w http.ResponseWriter, _ *http.Request) {
		deaf.answer(context.Background(), w)
	})

	s.Variant("with-context", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), deadline)
		defer cancel()
		full.answer(ctx, w)
	})
}

func build(s *scenario.Builder) {
	role := s.Choice("role", "api", []string{"api", "user", "order", "payment"},
		"which of the four processes this one is")
	urls := []string{
		s.URL("user-url", "http://127.0.0.1:7001/", "where the API finds user"),
		s.URL("order-url", "http://127.0.0.1:7002/", "where the API finds order"),
		s.URL("payment-url", "http://127.0.0.1:7003/", "where the API finds payment"),
	}
	deadline := s.Duration("deadline", "2s", "how long a request to the API may take")
	clientTimeout := s.Duration("client-timeout", "5s",
		"how long the API's client waits for each call")

	medians := map[string]time.Duration{
		"user":    s.Duration("user-latency", "40ms", "the median of user's"),
		"order":   s.Duration("order-latency", "80ms", "the median of order's"),
		"payment": s.Duration("payment-latency", "60ms", "the median of payment's"),
	}
	latency := latencyModel{median: medians[role]}
	latency.slowMedian = s.Duration("slow-latency", "6s", "the median when payment is slow")
	slowShare := s.Thousandths("slow-share", "0.2", 1, "the share of requests for which it is")
	if role == "payment" {
		latency.slowShare = float64(slowShare) / 1000
	}
	latency.spread = float64(s.Thousandths("spread", "0.1", 5,
		"standard deviation of the logarithm of each latency")) / 1000
	latency.longest = s.Duration("longest-latency", "7s", "no latency is longer")
	latency.seed = uint64(s.Count("seed", "1", 1_000_000_000, "of the latencies drawn"))
	step := s.Duration("step", "50ms", "a service looks at its context this often")
	if deadline <= 0 {
		s.Refuse("--deadline must be longer than nothing")
	}
	if step <= 0 {
		s.Refuse("--step must be longer than nothing")
	}

	if role == "api" {
		addAPI(s, deadline, clientTimeout, urls)
	} else {
		addService(s, latency, step)
	}
}
