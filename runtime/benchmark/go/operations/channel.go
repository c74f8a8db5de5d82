package main

import (
	"sync"
	"time"
)

var channelOperations = []operation{
	handOff("UnbufferedHandOff", 0, 100_000),
	{"UnbufferedHandOffAcrossWorkers", handOffAcross},
	handOff("BufferedHandOff/capacity:128", 128, 200_000),
	driven("SelectOfTwo", 100_000, func(int) {
		const count = 100_000
		ch, never := make(chan int), make(chan int)
		go sendMany(ch, count)
		for i := 0; i < count; i++ {
			select {
			case <-ch:
			case <-never:
			}
		}
	}),
}

func sendMany(ch chan<- int, count int) {
	for i := 0; i < count; i++ {
		ch <- 1
	}
}

func receiveMany(ch <-chan int, count int) {
	for i := 0; i < count; i++ {
		<-ch
	}
}

func handOff(name string, capacity, count int) operation {
	return driven(name, count, func(int) {
		ch := make(chan int, capacity)
		go sendMany(ch, count)
		receiveMany(ch, count)
	})
}

// One pair, and two threads that may run it: whether it stays on one is Go's to decide.
func handOffAcross(workers int, minTime time.Duration) result {
	const count = 5_000
	run := func() {
		ch := make(chan int)
		onEach(2, func(worker int) {
			if worker == 0 {
				sendMany(ch, count)
			} else {
				receiveMany(ch, count)
			}
		})
	}
	return measurePhases(count, minTime, phases{nothing, run, nothing})
}

var mutexOperations = []operation{
	driven("MutexLockAndUnlock", 500_000, func(int) {
		var m sync.Mutex
		for i := 0; i < 500_000; i++ {
			m.Lock()
			m.Unlock() //nolint:staticcheck // nothing in between is what is measured
		}
	}),
}
