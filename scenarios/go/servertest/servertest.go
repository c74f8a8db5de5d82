// Package servertest runs one variant of a scenario inside a test and asks it what a client and the
// harness would ask.
package servertest

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"scenarios/go/scenario"
	"scenarios/go/server"
)

// Server is one that runs until the end of its test.
type Server struct {
	*server.Server
	t    testing.TB
	left int
}

// Answer is a response that was read whole.
type Answer struct {
	Status int
	Header http.Header
	Body   string
}

// Start serves the variant with these options, by name without dashes. At the end of the test the
// server is stopped, and the test waits for every goroutine that it or the scenario started: choose
// options with which they end.
func Start(t testing.TB, s scenario.Scenario, variant string, options map[string]string) *Server {
	t.Helper()
	chosen, err := s.Select(variant, options)
	if err != nil {
		t.Fatal(err)
	}
	return start(t, chosen.Handler, server.Options{
		Counters: chosen.Counters, Clients: chosen.Clients,
	})
}

// StartHandler is Start for a handler that belongs to no scenario.
func StartHandler(t testing.TB, handler http.HandlerFunc) *Server {
	t.Helper()
	return start(t, handler, server.Options{})
}

func start(t testing.TB, handler http.HandlerFunc, options server.Options) *Server {
	t.Helper()
	waitForEarlierTests(t)
	before := runtime.NumGoroutine()
	started, err := server.Start(handler, options)
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{Server: started, t: t}
	t.Cleanup(func() {
		started.Shutdown(0)
		Eventually(t, func() (string, bool) {
			now := runtime.NumGoroutine()
			return fmt.Sprintf("%d goroutines, %d before the server", now, before),
				now <= before+s.left
		})
	})
	return s
}

// LeaveBehind says that so many goroutines of the application will not end in time, which must then
// live until all tests are through: the next server would take them for its own.
func (s *Server) LeaveBehind(goroutines int) { s.left = goroutines }

// The goroutine of the test before this one may still be about to end, and would be taken as the
// server's own.
func waitForEarlierTests(t testing.TB) {
	t.Helper()
	stacks := make([]byte, 1<<20)
	expected := 2 + strings.Count(t.Name(), "/") // the one that runs all, and this one
	Eventually(t, func() (string, bool) {
		dump := string(stacks[:runtime.Stack(stacks, true)])
		return "another test runs:\n" + dump, strings.Count(dump, "testing.tRunner(") == expected
	})
}

// Get asks the application.
func (s *Server) Get(path string) Answer {
	s.t.Helper()
	return s.Do(s.Port(), "GET", path, "")
}

// Control asks the control port.
func (s *Server) Control(path string) Answer {
	s.t.Helper()
	return s.Do(s.ControlPort(), "GET", path, "")
}

// Do sends one request over a connection of its own. Unlike net/http's client it starts no
// goroutine: in the server's own process that would be counted as a task.
func (s *Server) Do(port int, method, path, body string) Answer {
	s.t.Helper()
	conn := s.Dial(port)
	defer conn.Close()
	request, err := http.NewRequest(method, "http://127.0.0.1"+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	request.Close = true
	if err := request.Write(conn); err != nil {
		s.t.Fatal(err)
	}
	return s.Read(bufio.NewReader(conn), method)
}

// Dial connects; reads and writes fail after a minute.
func (s *Server) Dial(port int) net.Conn {
	s.t.Helper()
	conn, err := net.Dial("tcp4", fmt.Sprintf("127.0.0.1:%d", port))
	if err == nil {
		err = conn.SetDeadline(time.Now().Add(time.Minute))
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return conn
}

// Read is the answer to a request of that method.
func (s *Server) Read(from *bufio.Reader, method string) Answer {
	s.t.Helper()
	response, err := http.ReadResponse(from, &http.Request{Method: method})
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return Answer{response.StatusCode, response.Header, string(body)}
}

// Metric is the value of one series, or -1 if /metrics has none of that name.
func (s *Server) Metric(name string) float64 {
	s.t.Helper()
	for _, line := range strings.Split(s.Control("/metrics").Body, "\n") {
		series, text, _ := strings.Cut(line, " ")
		if series != name {
			continue
		}
		value, err := strconv.ParseFloat(text, 64)
		if err != nil {
			s.t.Fatalf("%s: %v", line, err)
		}
		return value
	}
	return -1
}

// ExpectMetric waits, with a bound, until the series has that value.
func (s *Server) ExpectMetric(name string, value float64) {
	s.t.Helper()
	Eventually(s.t, func() (string, bool) {
		last := s.Metric(name)
		return fmt.Sprintf("%s is %v, not %v", name, last, value), last == value
	})
}

// Eventually waits, with a bound, until the condition holds; until then the condition says what is
// the case instead.
func Eventually(t testing.TB, condition func() (string, bool)) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; {
		instead, holds := condition()
		if holds {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal(instead)
		}
		time.Sleep(time.Millisecond)
	}
}
