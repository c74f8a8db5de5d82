package main

import (
	"io"
	"runtime/pprof"
	"sync"
	"time"
)

var taskOperations = []operation{
	startAndFinish("StartAndFinishATask/tasks:10000", 10_000, 20),
	startAndFinish("StartAndFinishATask/tasks:1000000", 1_000_000, 1),
	{"FirstTasksOfAProcess/tasks:1000000", firstTasks},
	parkAndCancel("ParkAndCancelOnASharedContext/tasks:10000", onTimerAndSharedContext),
	parkAndCancel("ParkAndCancelOnAContextEach/tasks:10000", onTimerAndOwnContext),
	memoryPerTask("MemoryOfATaskOnASharedContext/tasks:100000", onTimerAndSharedContext),
	memoryPerTask("MemoryOfATaskOnAContextEach/tasks:100000", onTimerAndOwnContext),
	memoryPerTask("MemoryOfATaskOnATimeoutContextEach/tasks:100000", onOwnTimeoutContext),
	driven("Sleep/tasks:10000", 10_000*20, sleepOften),
	{"ProfileOfLiveTasks/tasks:1000000", profileOfLiveTasks},
}

// startTasks lets `count` goroutines live at once, `batches` times over.
func startTasks(count, batches int) {
	var finished sync.WaitGroup
	finish := func() { finished.Done() }
	for batch := 0; batch < batches; batch++ {
		finished.Add(count)
		for i := 0; i < count; i++ {
			go finish()
		}
		finished.Wait()
	}
}

func startAndFinish(name string, count, batches int) operation {
	return driven(name, count*batches, func(int) { startTasks(count, batches) })
}

// In a process of its own: every page is touched for the first time.
func firstTasks(workers int, _ time.Duration) result {
	const count = 1_000_000
	began, cpuBegan := time.Now(), processCPU()
	onEach(workers, func(int) { startTasks(count, 1) })
	return perOperation(processCPU()-cpuBegan, time.Since(began), workers*count)
}

// Start, park, cancel the parent, resume, finish.
func parkAndCancel(name string, on parkedOn) operation {
	const batches, count = 2, 10_000
	return driven(name, batches*count, func(int) {
		for batch := 0; batch < batches; batch++ {
			tasks := newParkedTasks()
			tasks.park(on, count)
			tasks.cancelAndWait()
		}
	})
}

// In a process of its own: memory that others have left behind would be used first.
func memoryPerTask(name string, on parkedOn) operation {
	return operation{name, func(workers int, _ time.Duration) result {
		const count = 100_000
		parked := make([]*parkedTasks, workers)
		for i := range parked {
			parked[i] = newParkedTasks()
		}
		park := func(count int) {
			onEach(workers, func(worker int) { parked[worker].park(on, count) })
		}
		park(1)
		before := residentBytes()
		park(count)
		bytes := float64(residentBytes()-before) / float64(workers*count)
		for _, tasks := range parked {
			tasks.cancelAndWait()
		}
		return result{Bytes: &bytes}
	}}
}

// Many goroutines that sleep again and again, 1 to 20 ms each.
func sleepOften(int) {
	const tasks, sleeps = 10_000, 20
	var finished sync.WaitGroup
	finished.Add(tasks)
	for i := 0; i < tasks; i++ {
		each := time.Duration(1+i%20) * time.Millisecond
		go func() {
			for sleep := 0; sleep < sleeps; sleep++ {
				time.Sleep(each)
			}
			finished.Done()
		}()
	}
	finished.Wait()
}

// Once: the first of a process is what somebody who looks into a server gets.
func profileOfLiveTasks(workers int, _ time.Duration) result {
	const count = 1_000_000
	parked := make([]*parkedTasks, workers)
	onEach(workers, func(worker int) {
		parked[worker] = newParkedTasks()
		parked[worker].park(onTimerAndSharedContext, count/workers)
	})
	peak := peakBytes()
	began, cpuBegan := time.Now(), processCPU()
	if err := pprof.Lookup("goroutine").WriteTo(io.Discard, 0); err != nil {
		panic(err)
	}
	result := perOperation(processCPU()-cpuBegan, time.Since(began), 1)
	grew := peakBytes() - peak
	result.PeakGrew = &grew
	return result
}
