package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"scenarios/go/client"
	"scenarios/go/deadline"
	"scenarios/go/servertest"
)

// What the server is told, and how long its handler has, in milliseconds.
func tellTimeLeft(w http.ResponseWriter, r *http.Request) {
	left := int64(-1)
	if at, ok := r.Context().Deadline(); ok {
		left = time.Until(at).Milliseconds()
	}
	fmt.Fprintf(w, "%s/%d", r.Header.Get(deadline.Header), left)
}

func TestTheTimeLeftTravels(t *testing.T) {
	s := servertest.StartHandler(t, tellTimeLeft)
	for name, test := range map[string]struct {
		options client.Options
		timeout time.Duration
		most    int64 // -1: none is told
	}{
		"none":                {client.Options{}, 0, -1},
		"the context's":       {client.Options{}, time.Minute, 60_000},
		"the client's":        {client.Options{Timeout: time.Minute}, 0, 60_000},
		"the shorter of both": {client.Options{Timeout: time.Minute}, time.Hour, 60_000},
		"kept":                {client.Options{KeepDeadline: true}, time.Minute, -1},
	} {
		c := client.New(test.options)
		ctx := context.Background()
		if test.timeout > 0 {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, test.timeout)
			defer cancel()
		}
		status, body, err := c.Get(ctx, fmt.Sprintf("http://127.0.0.1:%d/", s.Port()))
		if err != nil || status != 200 {
			t.Fatalf("%s: %d, %v", name, status, err)
		}
		if test.most < 0 {
			if body != "/-1" {
				t.Errorf("%s: %s", name, body)
			}
		} else {
			var told, left int64
			_, err := fmt.Sscanf(body, "%d/%d", &told, &left)
			if err != nil || told < 1 || told > test.most || left < 0 || left > told {
				t.Errorf("%s: %s", name, body)
			}
		}
		c.CloseIdle()
	}
}

func TestGoroutinesOfConnectionsAreCountedUntilTheyAreClosed(t *testing.T) {
	s := servertest.StartHandler(t, func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "ok")
	})
	c := client.New(client.Options{})
	url := fmt.Sprintf("http://127.0.0.1:%d/", s.Port())
	for i := 0; i < 3; i++ {
		if status, body, err := c.Get(context.Background(), url); status != 200 || body != "ok" {
			t.Fatalf("%d %q: %v", status, body, err)
		}
	}
	if count := c.Goroutines(); count != 2 {
		t.Errorf("%d for one connection", count)
	}
	c.CloseIdle()
	servertest.Eventually(t, func() (string, bool) {
		return fmt.Sprintf("%d after the connection", c.Goroutines()), c.Goroutines() == 0
	})
}

func TestADeadlineEndsACall(t *testing.T) {
	s := servertest.StartHandler(t, func(_ http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
	})
	c := client.New(client.Options{KeepDeadline: true})
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	_, _, err := c.Get(ctx, fmt.Sprintf("http://127.0.0.1:%d/", s.Port()))
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}
