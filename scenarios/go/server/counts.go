package server

import (
	"context"
	"net/http"
	"runtime"
	"sync/atomic"

	"scenarios/go/client"
	"scenarios/go/deadline"
)

type counter = atomic.Int64

// counts is what the server does, and how many of the process's goroutines are its own.
//
// Live tasks of the application are all goroutines but the server's own, so that scenarios start
// theirs with a plain go statement and none is missed, whoever started it. Go keeps the one number
// anyway and this type the other, so a reading costs the same with one goroutine and a million.
//
// The server's own are those that ran before it and those of goOwn, and what net/http starts: one
// goroutine for each open connection, and for each request under way a second one, which reads the
// connection to learn that the client is gone (see connection). So are those that its client has for
// connections to other servers (see client.Client). While a handler runs, its
// connection's goroutine counts as a live task, so that a handler that hangs is seen.
//
// The count is exact while no request begins or ends and no connection opens or closes; a goroutine
// of net/http that is a few instructions from its end or its beginning may be on either side.
type counts struct {
	own              counter
	connectionsOpen  counter
	requestsInFlight counter // until the handler's return
	requestsTotal    counter
	clients          []*client.Client
}

func (c *counts) ownGoroutinesSoFar() { c.own.Store(int64(runtime.NumGoroutine())) }

// goOwn starts a goroutine of the server's own.
func (c *counts) goOwn(run func()) {
	c.own.Add(1)
	go func() {
		defer c.own.Add(-1)
		run()
	}()
}

// goroutines are the application's and the server's own.
func (c *counts) goroutines() (live, own int64) {
	own = c.own.Load()
	for _, client := range c.clients {
		own += client.Goroutines()
	}
	live = int64(runtime.NumGoroutine()) - own
	if live < 0 {
		live = 0 // caught between a step and its count
	}
	return live, own
}

// application answers "/" with the handler and counts its requests. The context's deadline is the one
// that the request's header tells.
func (c *counts) application(handler http.Handler) http.Handler {
	return observeRequests(func(w http.ResponseWriter, r *http.Request) {
		c.requestsTotal.Add(1)
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		if r.URL.Path != "/" {
			w.WriteHeader(http.StatusNotFound)
			_, _ = w.Write([]byte("not found\n"))
			return
		}
		c.requestsInFlight.Add(1)
		c.own.Add(-1)
		defer func() {
			c.own.Add(1)
			c.requestsInFlight.Add(-1)
		}()
		if left, ok := deadline.Parse(r.Header.Get(deadline.Header)); ok {
			ctx, cancel := context.WithTimeout(r.Context(), left)
			defer cancel()
			r = r.WithContext(ctx)
		}
		handler.ServeHTTP(w, r)
	})
}
