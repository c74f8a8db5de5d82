// Package client is net/http's client as a server's handlers use it: with a deadline that travels,
// and with the goroutines counted that net/http has for its connections. ../../../runtime/http is the
// C++ one.
package client

import (
	"context"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"scenarios/go/deadline"
)

// Options of a client.
type Options struct {
	Timeout time.Duration // for each request; zero: only its context's deadline counts
	// Whether a server is told nothing of how much time is left for its answer.
	KeepDeadline bool
}

const (
	mostIdle    = 512
	idleTimeout = 90 * time.Second
	largestBody = 16 << 20
)

// Client keeps connections and uses them again. Safe from any goroutine.
type Client struct {
	http         http.Client
	keepDeadline bool
	dialer       net.Dialer
	goroutines   atomic.Int64
}

// New makes a client of its own; each has its own connections.
func New(options Options) *Client {
	c := &Client{keepDeadline: options.KeepDeadline}
	c.http.Timeout = options.Timeout
	c.http.Transport = &http.Transport{
		DialContext:         c.dial,
		MaxIdleConnsPerHost: mostIdle,
		IdleConnTimeout:     idleTimeout,
		DisableCompression:  true,
	}
	return c
}

// Get is the status and the body of the answer. The error is a *url.Error.
func (c *Client) Get(ctx context.Context, url string) (status int, body string, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, "", err
	}
	if left, ok := c.timeLeft(ctx); ok {
		request.Header.Set(deadline.Header, deadline.Format(left))
	}
	response, err := c.http.Do(request)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	bytes, err := io.ReadAll(io.LimitReader(response.Body, largestBody))
	return response.StatusCode, string(bytes), err
}

// timeLeft is what the server is told, if anything.
func (c *Client) timeLeft(ctx context.Context) (time.Duration, bool) {
	if c.keepDeadline {
		return 0, false
	}
	at, ok := ctx.Deadline()
	left := time.Until(at)
	if c.http.Timeout > 0 && (!ok || c.http.Timeout < left) {
		return c.http.Timeout, true
	}
	return left, ok
}

// CloseIdle closes the connections that wait for a next request.
func (c *Client) CloseIdle() { c.http.CloseIdleConnections() }

// Goroutines counts those that net/http has for the connections, idle ones or not: they are the
// server's own, as its connections to clients are.
func (c *Client) Goroutines() int64 { return c.goroutines.Load() }

// One reads and one writes (net/http, persistConn.readLoop and writeLoop).
const perConnection = 2

func (c *Client) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := c.dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	c.goroutines.Add(perConnection)
	return &connection{Conn: conn, goroutines: &c.goroutines}, nil
}

type connection struct {
	net.Conn
	goroutines *atomic.Int64
	closed     atomic.Bool
}

func (c *connection) Close() error {
	if c.closed.CompareAndSwap(false, true) {
		c.goroutines.Add(-perConnection)
	}
	return c.Conn.Close()
}
