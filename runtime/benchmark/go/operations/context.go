package main

import (
	"context"
	"runtime"
	"time"
)

// Keys of different types: unequal at the first look.
type wantedKey struct{}
type otherKey struct{}

// layersOfValues has what is wanted at the bottom, and layers-1 other values above it.
func layersOfValues(ctx context.Context, layers int) context.Context {
	ctx = context.WithValue(ctx, wantedKey{}, 1)
	for i := 1; i < layers; i++ {
		ctx = context.WithValue(ctx, otherKey{}, 2)
	}
	return ctx
}

var contextOperations = []operation{
	driven("WithCancelAndCancel", 100_000, func(int) {
		parent, cancelParent := context.WithCancel(context.Background())
		defer cancelParent()
		for i := 0; i < 100_000; i++ {
			_, cancel := context.WithCancel(parent)
			cancel()
		}
	}),
	driven("WithTimeoutAndCancel", 100_000, func(int) {
		parent, cancelParent := context.WithCancel(context.Background())
		defer cancelParent()
		for i := 0; i < 100_000; i++ {
			_, cancel := context.WithTimeout(parent, time.Hour)
			cancel()
		}
	}),
	driven("WithCancelUnderValues/layers:100", 50_000, func(int) {
		root, cancelRoot := context.WithCancel(context.Background())
		defer cancelRoot()
		parent := layersOfValues(root, 100)
		for i := 0; i < 50_000; i++ {
			_, cancel := context.WithCancel(parent)
			cancel()
		}
	}),
	{"CancelChildren/children:10000", cancelChildren},
	{"CancelChildrenWithTasks/children:10000", cancelChildrenWithTasks},
	driven("WithValue", 200_000, func(worker int) {
		parent, cancelParent := context.WithCancel(context.Background())
		defer cancelParent()
		for i := 0; i < 200_000; i++ {
			kept[worker] = context.WithValue(parent, wantedKey{}, 1)
		}
	}),
	valueLookup("ValueLookup/depth:10", 10),
	valueLookup("ValueLookup/depth:100", 100),
	driven("ErrOfALiveContext", 5_000_000, func(int) {
		live, cancel := context.WithCancel(context.Background())
		defer cancel()
		for i := 0; i < 5_000_000; i++ {
			if live.Err() != nil {
				panic("a live context has an error")
			}
		}
	}),
}

// What must not be optimised away, one per worker.
var kept [64]context.Context

func valueLookup(name string, depth int) operation {
	count := 10_000_000 / depth
	return driven(name, count, func(int) {
		ctx := layersOfValues(context.Background(), depth)
		for i := 0; i < count; i++ {
			if ctx.Value(wantedKey{}) == nil {
				panic("the value is missing")
			}
		}
	})
}

func cancelChildren(workers int, minTime time.Duration) result {
	const families, children = 10, 10_000
	parents := make([][families]context.CancelFunc, workers)
	held := make([][families * children]context.CancelFunc, workers)
	prepare := func() {
		onEach(workers, func(worker int) {
			for i := range parents[worker] {
				parent, cancel := context.WithCancel(context.Background())
				parents[worker][i] = cancel
				for child := i * children; child < (i+1)*children; child++ {
					_, held[worker][child] = context.WithCancel(parent)
				}
			}
		})
		runtime.GC() // of what was built before is not what is measured
	}
	run := func() {
		onEach(workers, func(worker int) {
			for _, cancel := range parents[worker] {
				cancel()
			}
		})
	}
	return measurePhases(workers*families*children, minTime, phases{prepare, run, nothing})
}

// Every child has a goroutine parked on it, which resumes and finishes.
func cancelChildrenWithTasks(workers int, minTime time.Duration) result {
	const families, children = 4, 10_000
	parked := make([][families]*parkedTasks, workers)
	prepare := func() {
		onEach(workers, func(worker int) {
			for i := range parked[worker] {
				parked[worker][i] = newParkedTasks()
				parked[worker][i].park(onOwnContext, children)
			}
		})
		runtime.GC()
	}
	run := func() {
		onEach(workers, func(worker int) {
			for _, tasks := range parked[worker] {
				tasks.cancelAndWait()
			}
		})
	}
	return measurePhases(workers*families*children, minTime, phases{prepare, run, nothing})
}
