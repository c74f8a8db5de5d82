package main

import (
	"context"
	"sync"
	"time"
)

// parkedTasks is what one driver has parked until their context is done.
type parkedTasks struct {
	ctx      context.Context
	cancel   context.CancelFunc
	parked   sync.WaitGroup
	finished sync.WaitGroup
}

func newParkedTasks() *parkedTasks {
	tasks := &parkedTasks{}
	tasks.ctx, tasks.cancel = context.WithCancel(context.Background())
	return tasks
}

type parkedOn int

const (
	onTimerAndSharedContext parkedOn = iota
	onTimerAndOwnContext
	onOwnContext
	onOwnTimeoutContext
)

// park starts `count` of them; over when the last one parks.
func (tasks *parkedTasks) park(on parkedOn, count int) {
	tasks.parked.Add(count)
	tasks.finished.Add(count)
	shared := func() { tasks.waitForTimer(tasks.ctx) }
	for i := 0; i < count; i++ {
		switch on {
		case onTimerAndSharedContext:
			go shared()
		case onTimerAndOwnContext:
			go tasks.waitForTimerUnder(context.WithCancel(tasks.ctx))
		case onOwnContext:
			go tasks.waitUnder(context.WithCancel(tasks.ctx))
		case onOwnTimeoutContext:
			go tasks.waitUnder(context.WithTimeout(tasks.ctx, time.Hour))
		}
	}
	tasks.parked.Wait()
}

// cancelAndWait is over when the last one has finished.
func (tasks *parkedTasks) cancelAndWait() {
	tasks.cancel()
	tasks.finished.Wait()
}

func (tasks *parkedTasks) waitForTimer(ctx context.Context) {
	tasks.parked.Done()
	timer := time.NewTimer(time.Hour)
	select {
	case <-timer.C:
	case <-ctx.Done():
		timer.Stop()
	}
	tasks.finished.Done()
}

func (tasks *parkedTasks) waitForTimerUnder(ctx context.Context, cancel context.CancelFunc) {
	tasks.waitForTimer(ctx)
	cancel()
}

func (tasks *parkedTasks) waitUnder(ctx context.Context, cancel context.CancelFunc) {
	tasks.parked.Done()
	<-ctx.Done()
	tasks.finished.Done()
	cancel()
}
