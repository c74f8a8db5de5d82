package cascadingtimeout

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"scenarios/go/servertest"
)

// All four processes as four servers in this one. Each counts the goroutines of all, so that it is the
// requests in flight that say whether a server still works.
type processes struct {
	user, order, payment, api *servertest.Server
}

func start(t *testing.T, variant string, changes map[string]string) processes {
	t.Helper()
	options := map[string]string{
		"user-latency": "1ms", "order-latency": "2ms", "payment-latency": "1ms",
		"slow-share": "0", "spread": "0", "step": "1ms",
	}
	for name, value := range changes {
		options[name] = value
	}
	started := func(role string) *servertest.Server {
		given := map[string]string{"role": role}
		for name, value := range options {
			given[name] = value
		}
		return servertest.Start(t, Scenario, variant, given)
	}
	url := func(s *servertest.Server) string { return fmt.Sprintf("http://127.0.0.1:%d/", s.Port()) }
	p := processes{user: started("user"), order: started("order"), payment: started("payment")}
	options["user-url"], options["order-url"] = url(p.user), url(p.order)
	options["payment-url"] = url(p.payment)
	p.api = started("api")
	return p
}

func (p processes) expectQuiet(t *testing.T) {
	t.Helper()
	for _, s := range []*servertest.Server{p.api, p.user, p.order, p.payment} {
		s.ExpectMetric("leakbench_requests_in_flight", 0)
	}
}

const wasted = "leakbench_scenario_wasted_work_ns_total"

func TestAnswersWhenAllThreeHave(t *testing.T) {
	for _, variant := range []string{"with-context", "without-context"} {
		t.Run(variant, func(t *testing.T) {
			p := start(t, variant, nil)
			if answer := p.api.Get("/"); answer.Status != 200 || answer.Body != "done\ndone\ndone\n" {
				t.Errorf("%+v", answer)
			}
			p.expectQuiet(t)
		})
	}
}

func TestWithTheContextOneDeadlineEndsEverything(t *testing.T) {
	p := start(t, "with-context", map[string]string{
		"slow-share": "1", "slow-latency": "1h", "longest-latency": "1h", "client-timeout": "1h",
		"step": "1h", "deadline": "50ms",
	})
	if answer := p.api.Get("/"); answer.Status != 504 {
		t.Errorf("%+v", answer)
	}
	p.expectQuiet(t) // an hour before the work would have ended
	if total := p.payment.Metric(wasted); total != 0 {
		t.Errorf("%v ns of wasted work", total)
	}
}

func TestWithoutItTheAnswerWaitsForTheClientsTimeoutAndTheWorkGoesOn(t *testing.T) {
	p := start(t, "without-context", map[string]string{
		"slow-share": "1", "slow-latency": "1500ms", "client-timeout": "200ms", "deadline": "1ms",
	})
	began := time.Now()
	if answer := p.api.Get("/"); answer.Status != 504 {
		t.Errorf("%+v", answer)
	}
	if took := time.Since(began); took < 200*time.Millisecond {
		t.Errorf("answered after %v", took)
	}
	servertest.Eventually(t, func() (string, bool) {
		return "no work is wasted", p.payment.Metric(wasted) > 0
	})
	// Exact at every moment, which the count of live tasks is only while nothing begins or ends.
	p.payment.ExpectMetric("leakbench_requests_in_flight", 0)
	if took := time.Since(began); took < 1500*time.Millisecond {
		t.Errorf("work of 1.5 s ended after %v", took)
	}
	p.expectQuiet(t)
	if total := p.user.Metric(wasted); total != 0 {
		t.Errorf("%v ns of wasted work in user", total)
	}
}

func TestWithTheContextACallerThatGivesUpStopsTheServicesToo(t *testing.T) {
	p := start(t, "with-context", map[string]string{
		"slow-share": "1", "slow-latency": "1h", "longest-latency": "1h", "client-timeout": "1h",
		"step": "1h", "deadline": "1h",
	})
	conn := p.api.Dial(p.api.Port())
	if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	p.payment.ExpectMetric("leakbench_requests_in_flight", 1)
	conn.Close()
	p.expectQuiet(t)
}

func TestWithTheContextAShutdownEndsCallsUnderWay(t *testing.T) {
	p := start(t, "with-context", map[string]string{
		"slow-share": "1", "slow-latency": "1h", "longest-latency": "1h", "client-timeout": "1h",
		"step": "1h", "deadline": "1h",
	})
	conn := p.api.Dial(p.api.Port())
	defer conn.Close()
	if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	p.payment.ExpectMetric("leakbench_requests_in_flight", 1)
	if !p.api.Shutdown(0) {
		t.Error("a connection was still open")
	}
	answer := p.api.Read(bufio.NewReader(conn), http.MethodGet)
	if answer.Status != 504 {
		t.Errorf("%+v", answer)
	}
	p.payment.ExpectMetric("leakbench_requests_in_flight", 0)
}

func TestIdleConnectionsOfTheClientAreNoLiveTasks(t *testing.T) {
	p := start(t, "with-context", nil)
	for i := 0; i < 5; i++ {
		p.api.Get("/")
	}
	// But for the goroutine at the other end of each, which is another server's.
	p.api.ExpectMetric("leakbench_live_tasks", 3)
}

func TestWrongOptionsAreRefused(t *testing.T) {
	for message, given := range map[string]map[string]string{
		`--user-url must be a URL such as http://127.0.0.1:7001/, is "localhost:7001"`: {
			"user-url": "localhost:7001"},
		"--deadline must be longer than nothing":                             {"deadline": "0s"},
		"--step must be longer than nothing":                                 {"step": "0s"},
		`--role must be one of api, user, order, payment, is "stock"`:        {"role": "stock"},
		"--slow-share must be a number of at most 1 with at most 3 decimals": {"slow-share": "1.5"},
	} {
		_, err := Scenario.Select("with-context", given)
		if err == nil || !strings.HasPrefix(err.Error(), message) {
			t.Errorf("%v: %v", given, err)
		}
	}
}
