package server

import (
	"context"
	"net"
	"net/http"
	"sync/atomic"
)

// connection counts the goroutines that net/http has for it as the server's own.
//
// The one that serves it is there from StateNew to StateClosed. The one that reads while a handler
// runs (connReader.backgroundRead) is started when the request's body has ended, for a request
// without a body before the handler is called. It reads a single byte into a buffer of its own, and
// is stopped before the connection is idle again; it ends sooner if the client goes away or sends
// its next request early.
type connection struct {
	*net.TCPConn
	counts *counts
	open   *counter // nil: this connection is none of the application's
	reader atomic.Int32
}

// The states of a connection's reader.
const (
	readerOff     = iota // no request is under way
	readerMayRun         // the request's header is read
	readerRuns           // counted
	readerHasRead        // ended before its request did
)

func (c *connection) Read(buffer []byte) (int, error) {
	if len(buffer) != 1 {
		return c.TCPConn.Read(buffer)
	}
	c.readerStarts()
	n, err := c.TCPConn.Read(buffer)
	if c.reader.CompareAndSwap(readerRuns, readerHasRead) {
		c.counts.own.Add(-1)
	}
	return n, err
}

// Whoever is first says so: for a request without a body the goroutine is there some time before it
// reads.
func (c *connection) readerStarts() {
	if c.reader.CompareAndSwap(readerMayRun, readerRuns) {
		c.counts.own.Add(1)
	}
}

func (c *connection) requestEnds(next int32) {
	if c.reader.Swap(next) == readerRuns {
		c.counts.own.Add(-1)
	}
}

func onConnectionState(conn net.Conn, state http.ConnState) {
	c := conn.(*connection)
	switch state {
	case http.StateNew:
		c.counts.own.Add(1)
		if c.open != nil {
			c.open.Add(1)
		}
	case http.StateActive:
		c.requestEnds(readerMayRun)
	case http.StateIdle:
		c.requestEnds(readerOff)
	case http.StateHijacked, http.StateClosed:
		c.requestEnds(readerOff)
		if c.open != nil {
			c.open.Add(-1)
		}
		c.counts.own.Add(-1)
	}
}

type connectionKey struct{}

func withConnection(ctx context.Context, conn net.Conn) context.Context {
	return context.WithValue(ctx, connectionKey{}, conn)
}

// observeRequests goes around every handler of a server whose connections are counted.
func observeRequests(handler http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Body == http.NoBody {
			r.Context().Value(connectionKey{}).(*connection).readerStarts()
		}
		handler(w, r)
	})
}

type countingListener struct {
	*net.TCPListener
	counts *counts
	open   *counter
}

func (l *countingListener) Accept() (net.Conn, error) {
	conn, err := l.AcceptTCP()
	if err != nil {
		return nil, err
	}
	return &connection{TCPConn: conn, counts: l.counts, open: l.open}, nil
}
