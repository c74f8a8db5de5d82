package server_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"syscall"
	"testing"
	"time"

	"scenarios/go/server"
	"scenarios/go/servertest"
)

const long = 20 * time.Second // never waited for, unless what is tested fails

func TestAPortInUseIsNamed(t *testing.T) {
	taken, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	port := taken.Addr().(*net.TCPAddr).Port
	for expected, options := range map[string]server.Options{
		"cannot bind 127.0.0.1:%d: address already in use":              {Port: port},
		"cannot bind control port 127.0.0.1:%d: address already in use": {ControlPort: port},
	} {
		_, err := server.Start(http.NotFoundHandler(), options)
		if !errors.Is(err, syscall.EADDRINUSE) || err.Error() != fmt.Sprintf(expected, port) {
			t.Errorf("%v", err)
		}
	}
}

func TestShutdownClosesIdleConnectionsAtOnce(t *testing.T) {
	s := start(t)
	conn := s.Dial(s.Port())
	defer conn.Close()
	if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: test\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	s.Read(bufio.NewReader(conn), "GET")
	began := time.Now()
	if !s.Shutdown(long) || time.Since(began) > long/2 {
		t.Errorf("%d connections open after %v", s.ConnectionsOpen(), time.Since(began))
	}
}

// under starts a server with one request under way.
func under(t *testing.T, handler http.HandlerFunc) (*servertest.Server, *bufio.Reader) {
	entered := make(chan struct{})
	s := servertest.StartHandler(t, func(w http.ResponseWriter, r *http.Request) {
		close(entered)
		handler(w, r)
	})
	conn := s.Dial(s.Port())
	t.Cleanup(func() { conn.Close() })
	if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: test\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	<-entered
	return s, bufio.NewReader(conn)
}

func TestShutdownWaitsForARequestUnderWay(t *testing.T) {
	release := make(chan struct{})
	s, reader := under(t, func(w http.ResponseWriter, r *http.Request) {
		<-release
		if r.Context().Err() != nil {
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	result := make(chan bool)
	go func() { result <- s.Shutdown(long) }()
	servertest.Eventually(t, func() (string, bool) {
		conn, err := net.Dial("tcp4", fmt.Sprintf("127.0.0.1:%d", s.Port()))
		if err == nil {
			conn.Close()
		}
		return "clients are still accepted", err != nil
	})
	close(release)
	if answer := s.Read(reader, "GET"); answer.Status != 200 {
		t.Errorf("%+v", answer)
	}
	if !<-result {
		t.Error("a connection was still open")
	}
}

func TestAfterTheGraceContextsAreCancelled(t *testing.T) {
	s, reader := under(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	if !s.Shutdown(0) {
		t.Error("the connection was still open")
	}
	if answer := s.Read(reader, "GET"); answer.Status != 200 {
		t.Errorf("%+v", answer)
	}
}

func TestAHandlerThatDoesNotListenIsToldOf(t *testing.T) {
	release := make(chan struct{})
	s, _ := under(t, func(http.ResponseWriter, *http.Request) { <-release })
	if s.Shutdown(0) || s.ConnectionsOpen() != 1 {
		t.Errorf("%d connections open", s.ConnectionsOpen())
	}
	close(release)
}
