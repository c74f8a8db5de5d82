package server_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"testing"

	"scenarios/go/servertest"
)

// lab is an application whose requests say what it does: "/?task" leaves a task behind, "/?hang"
// does not return, "/?gone" neither, but notices that its client is gone, and "/?read" reads its
// body before it hangs.
type lab struct {
	release chan struct{}
	gone    atomic.Int64
	*servertest.Server
	t *testing.T
}

func startLab(t *testing.T) *lab {
	l := &lab{release: make(chan struct{}), t: t}
	l.Server = servertest.StartHandler(t, l.answer)
	return l
}

func (l *lab) answer(_ http.ResponseWriter, r *http.Request) {
	switch r.URL.RawQuery {
	case "task":
		go func() { <-l.release }()
	case "hang":
		<-l.release
	case "gone":
		<-r.Context().Done()
		l.gone.Add(1)
		<-l.release
	case "read":
		_, _ = io.ReadAll(r.Body)
		<-l.release
	}
}

// send writes a request and leaves its connection open.
func (l *lab) send(method, query, body string) net.Conn {
	l.t.Helper()
	conn := l.Dial(l.Port())
	l.sendOn(conn, method, query, body)
	return conn
}

func (l *lab) sendOn(conn net.Conn, method, query, body string) {
	l.t.Helper()
	_, err := fmt.Fprintf(conn, "%s /?%s HTTP/1.1\r\nHost: test\r\nContent-Length: %d\r\n\r\n%s",
		method, query, len(body), body)
	if err != nil {
		l.t.Fatal(err)
	}
}

// expect waits until the gauges say so.
func (l *lab) expect(tasks, inFlight, connections int) {
	l.t.Helper()
	l.ExpectMetric("leakbench_connections_open", float64(connections))
	l.ExpectMetric("leakbench_requests_in_flight", float64(inFlight))
	l.ExpectMetric("leakbench_live_tasks", float64(tasks+inFlight))
}

func TestTasksThatAHandlerLeavesBehindAreCounted(t *testing.T) {
	l := startLab(t)
	l.expect(0, 0, 0)
	for i := 0; i < 10; i++ {
		l.Get("/?task")
	}
	l.expect(10, 0, 0)
	close(l.release)
	l.expect(0, 0, 0)
}

func TestConnectionsAreNoTasks(t *testing.T) {
	l := startLab(t)
	before := l.Metric("leakbench_system_tasks")
	for i := 0; i < 10; i++ {
		defer l.Dial(l.Port()).Close()
	}
	l.expect(0, 0, 10)
	for i := 0; i < 10; i++ {
		conn := l.send("GET", "task", "")
		defer conn.Close()
		l.Read(bufio.NewReader(conn), "GET")
	}
	l.expect(10, 0, 20)
	l.ExpectMetric("leakbench_system_tasks", before+20)
	close(l.release)
	l.expect(0, 0, 20)
}

func TestAHandlerThatHangsIsATask(t *testing.T) {
	l := startLab(t)
	for i := 0; i < 5; i++ {
		defer l.send("GET", "hang", "").Close()
	}
	l.expect(0, 5, 5)
	close(l.release)
	l.expect(0, 0, 5)
}

func TestAHandlerWhoseClientIsGoneIsStillOneTask(t *testing.T) {
	l := startLab(t)
	for i := 0; i < 5; i++ {
		conn := l.send("GET", "gone", "")
		if i < 3 {
			conn.Close()
		} else {
			defer conn.Close()
		}
	}
	servertest.Eventually(t, func() (string, bool) {
		return "not every handler misses its client", l.gone.Load() == 3
	})
	l.expect(0, 5, 5)
	close(l.release)
	l.expect(0, 2, 2) // they wait for their clients to go
}

func TestARequestWithABodyIsOneTaskBeforeAndAfterItsBodyIsRead(t *testing.T) {
	l := startLab(t)
	defer l.send("POST", "hang", "unread").Close()
	l.expect(0, 1, 1)
	defer l.send("POST", "read", "read").Close()
	l.expect(0, 2, 2)
	gone := l.send("POST", "read", "read")
	l.expect(0, 3, 3)
	gone.Close()
	l.expect(0, 3, 3)
	close(l.release)
	l.expect(0, 0, 2)
}

func TestRequestsThatFollowEachOtherOnAConnectionLeaveNothingBehind(t *testing.T) {
	l := startLab(t)
	conn := l.Dial(l.Port())
	defer conn.Close()
	reader := bufio.NewReader(conn)
	for i := 0; i < 20; i++ {
		l.sendOn(conn, "GET", "task", "")
		l.Read(reader, "GET")
		l.sendOn(conn, "POST", "task", "body")
		l.Read(reader, "POST")
	}
	l.expect(40, 0, 1)
	for i := 0; i < 20; i++ { // pipelined
		l.sendOn(conn, "GET", "task", "")
	}
	for i := 0; i < 20; i++ {
		l.Read(reader, "GET")
	}
	l.expect(60, 0, 1)
	if total := l.Metric("leakbench_requests_total"); total != 60 {
		t.Errorf("%v requests", total)
	}
	close(l.release)
	l.expect(0, 0, 1)
}

func TestAHandlerThatPanicsIsCountedToItsEnd(t *testing.T) {
	s := servertest.StartHandler(t, func(http.ResponseWriter, *http.Request) {
		panic(http.ErrAbortHandler) // the panic of which net/http writes nothing
	})
	conn := s.Dial(s.Port())
	defer conn.Close()
	if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: test\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if rest, err := io.ReadAll(conn); err != nil || len(rest) != 0 {
		t.Errorf("answered %q, %v", rest, err)
	}
	s.ExpectMetric("leakbench_requests_in_flight", 0)
	s.ExpectMetric("leakbench_connections_open", 0)
	s.ExpectMetric("leakbench_live_tasks", 0)
}
