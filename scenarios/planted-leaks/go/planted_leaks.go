// Package plantedleaks is the control of a leak detector: exactly so many requests of each thousand
// leave a goroutine behind that waits for ever, in the way that was asked for. Every request starts a
// goroutine and then does what lets it end; the leaking variant forgets to, on every so many-th
// request, and its fixed twin never does. ../server.cc is the same in C++.
package plantedleaks

import (
	"context"
	"io"
	"net/http"
	"runtime"
	"sync"
	"time"

	"scenarios/go/scenario"
)

// Scenario is what ../server.cc serves, with the same options and the same kinds of leaks.
var Scenario = scenario.Scenario{
	Name:    "planted-leaks",
	Summary: "A known share of the requests leaves a task behind",
	Build:   build,
}

const timerLoopPeriod = 50 * time.Millisecond

// payload is what a leaked goroutine keeps alive.
type payload []byte

func newPayload(bytes int64) payload {
	p := make(payload, bytes)
	for i := range p {
		p[i] = 'x'
	}
	return p
}

// An early return between the start of a goroutine and the receipt of its result: the commonest
// leak.
func sendResult(results chan<- int, p payload) {
	results <- 42
	runtime.KeepAlive(p)
}

func leaveASender(p payload, forget bool) {
	results := make(chan int)
	go sendResult(results, p)
	if forget {
		return
	}
	<-results
}

// A channel that its reader reads to the end, and that nobody closes.
func readJobs(jobs <-chan int, p payload) {
	for range jobs {
	}
	runtime.KeepAlive(p)
}

func leaveAReceiver(p payload, forget bool) {
	jobs := make(chan int)
	go readJobs(jobs, p)
	if !forget {
		close(jobs)
	}
}

// A worker that has a stop, which nobody calls.
func workUntilStopped(jobs <-chan int, stop <-chan struct{}, p payload) {
	for {
		select {
		case <-jobs:
		case <-stop:
			runtime.KeepAlive(p)
			return
		}
	}
}

func leaveASelect(p payload, forget bool) {
	jobs := make(chan int)
	stop := make(chan struct{})
	go workUntilStopped(jobs, stop, p)
	if !forget {
		close(stop)
	}
}

// A lock that is not given back on one of the ways out.
func update(guard *sync.Mutex, p payload) {
	guard.Lock()
	defer guard.Unlock()
	runtime.KeepAlive(p)
}

func leaveAMutex(p payload, forget bool) {
	guard := &sync.Mutex{}
	guard.Lock()
	go update(guard, p)
	if !forget {
		guard.Unlock()
	}
}

// A group that counts a goroutine which was never started.
func waitForAll(group *sync.WaitGroup, p payload) {
	group.Wait()
	runtime.KeepAlive(p)
}

func leaveAWaitGroup(p payload, forget bool) {
	group := &sync.WaitGroup{}
	group.Add(1)
	go waitForAll(group, p)
	if !forget {
		group.Done()
	}
}

// A context whose cancel function got lost.
func cleanUpAfter(ctx context.Context, p payload) {
	<-ctx.Done()
	runtime.KeepAlive(p)
}

func leaveAContext(p payload, forget bool) {
	ctx, cancel := context.WithCancel(context.Background())
	go cleanUpAfter(ctx, p)
	if !forget {
		cancel()
	}
}

// A loop on a timer, which was not given the request's context. Unlike all others its goroutine can
// go on, and does, to no end: no proof by what can still be reached finds it, only counting does.
func reportNowAndThen(ctx context.Context, p payload) {
	for ctx.Err() == nil {
		time.Sleep(timerLoopPeriod)
	}
	runtime.KeepAlive(p)
}

func leaveATimerLoop(p payload, forget bool) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if forget {
		ctx = context.Background()
	}
	go reportNowAndThen(ctx, p)
}

var kinds = []struct {
	name  string
	leave func(p payload, forget bool)
}{
	{"channel-send", leaveASender},
	{"channel-receive", leaveAReceiver},
	{"select", leaveASelect},
	{"mutex", leaveAMutex},
	{"wait-group", leaveAWaitGroup},
	{"context", leaveAContext},
	{"timer-loop", leaveATimerLoop},
}

func build(s *scenario.Builder) {
	var names []string
	for _, kind := range kinds {
		names = append(names, kind.name)
	}
	plan := &leakPlan{perMillion: uint64(s.Thousandths(
		"leaks-per-1000", "5", 1000, "how many of a thousand requests leak"))}
	chosen := s.Choice("kind", "channel-send", names, "what a leaked task waits for")
	payloadBytes := s.Count("payload", "4096", 1<<30, "bytes that it holds")
	var leave func(p payload, forget bool)
	for _, kind := range kinds {
		if kind.name == chosen {
			leave = kind.leave
		}
	}

	s.Variant("leaking", func(w http.ResponseWriter, _ *http.Request) {
		leave(newPayload(payloadBytes), plan.nextLeaks())
		io.WriteString(w, "ok")
	})

	s.Variant("clean", func(w http.ResponseWriter, _ *http.Request) {
		leave(newPayload(payloadBytes), false)
		io.WriteString(w, "ok")
	})
}
