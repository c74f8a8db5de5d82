// Package server is what every scenario's server has around its handler: a port for requests, a
// control port beside it (../../../runtime/control is the C++ one), counts, and a graceful stop.
package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"syscall"
	"time"

	"scenarios/go/client"
	"scenarios/go/scenario"
)

// Options are the ports on 127.0.0.1, of which 0 takes any free one, and what the application has
// that the server must know of.
type Options struct {
	Port        int
	ControlPort int
	Counters    []*scenario.Counter // shown on the control port
	Clients     []*client.Client    // whose goroutines are no live tasks
}

// Server serves requests from Start to Shutdown, once.
type Server struct {
	counts      counts
	pauses      *pauseMeter
	counters    []*scenario.Counter
	port        int
	controlPort int
	requests    *http.Server
	control     *http.Server
	cancel      context.CancelFunc // of every request and of what runs beside them
}

// Start binds both ports and answers "/" with the handler, and every other path with 404. The error
// names the port that could not be had, and is syscall.EADDRINUSE if somebody else has it.
//
// A goroutine that runs already is taken as the server's own and must live as long as the server,
// or live tasks are counted wrong.
func Start(handler http.Handler, options Options) (*Server, error) {
	s := &Server{pauses: newPauseMeter(), counters: options.Counters}
	s.counts.clients = options.Clients
	s.counts.ownGoroutinesSoFar()
	requests, err := listen("", options.Port)
	if err != nil {
		return nil, err
	}
	control, err := listen("control port ", options.ControlPort)
	if err != nil {
		requests.Close()
		return nil, err
	}
	s.port = portOf(requests)
	s.controlPort = portOf(control)
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	s.counts.goOwn(func() { s.pauses.run(ctx) })
	s.requests = s.serve(ctx, requests, &s.counts.connectionsOpen, s.counts.application(handler))
	s.control = s.serve(ctx, control, nil, s.controlHandler())
	return s, nil
}

// Port is where requests go.
func (s *Server) Port() int { return s.port }

// ControlPort is where others look in.
func (s *Server) ControlPort() int { return s.controlPort }

// ConnectionsOpen counts those on Port.
func (s *Server) ConnectionsOpen() int64 { return s.counts.connectionsOpen.Load() }

// Shutdown stops accepting and closes idle connections, gives requests under way `grace` to end,
// then cancels their contexts and waits up to a second more. True if every connection was closed;
// those that were not are closed by force. A connection on which nothing was sent yet is taken as
// one with a request under way for its first five seconds (net/http, Server.Shutdown).
func (s *Server) Shutdown(grace time.Duration) bool {
	closed := closedWithin(grace, s.requests)
	s.cancel()
	if !closed {
		closed = closedWithin(time.Second, s.requests)
	}
	s.requests.Close()
	s.control.Close()
	for _, client := range s.counts.clients {
		client.CloseIdle()
	}
	return closed
}

func closedWithin(limit time.Duration, server *http.Server) bool {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	return server.Shutdown(ctx) == nil
}

func (s *Server) serve(
	ctx context.Context, listener *net.TCPListener, open *counter, handler http.Handler,
) *http.Server {
	server := &http.Server{
		Handler:     handler,
		BaseContext: func(net.Listener) context.Context { return ctx },
		ConnContext: withConnection,
		ConnState:   onConnectionState,
	}
	s.counts.goOwn(func() {
		err := server.Serve(&countingListener{listener, &s.counts, open})
		if !errors.Is(err, http.ErrServerClosed) {
			fmt.Fprintf(os.Stderr, "cannot accept connections: %v\n", err)
			os.Exit(1)
		}
	})
	return server
}

func listen(what string, port int) (*net.TCPListener, error) {
	address := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port}
	listener, err := net.ListenTCP("tcp4", address)
	var reason syscall.Errno
	if errors.As(err, &reason) {
		return nil, fmt.Errorf("cannot bind %s%v: %w", what, address, reason)
	}
	return listener, err
}

func portOf(listener *net.TCPListener) int {
	return listener.Addr().(*net.TCPAddr).Port
}
