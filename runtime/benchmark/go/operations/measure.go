package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

type operation struct {
	name    string
	measure func(workers int, minTime time.Duration) result
}

var operations = concat(contextOperations, taskOperations, channelOperations, mutexOperations)

func concat(lists ...[]operation) []operation {
	var all []operation
	for _, list := range lists {
		all = append(all, list...)
	}
	return all
}

// CPU time is that of the whole process, the garbage collector's included.
type result struct {
	Name     string   `json:"name"`
	Workers  int      `json:"workers"`
	CPU      *float64 `json:"cpu_ns,omitempty"`
	Wall     *float64 `json:"wall_ns,omitempty"`
	Bytes    *float64 `json:"bytes,omitempty"`
	PeakGrew *int64   `json:"peak_memory_grew_bytes,omitempty"`
}

// The clock that Google Benchmark takes process CPU time from.
func processCPU() time.Duration {
	const clockProcessCPUTimeID = 2
	var now syscall.Timespec
	_, _, errno := syscall.RawSyscall(
		syscall.SYS_CLOCK_GETTIME, clockProcessCPUTimeID, uintptr(unsafe.Pointer(&now)), 0)
	if errno != 0 {
		panic(fmt.Sprintf("clock_gettime: %v", errno))
	}
	return time.Duration(now.Nano())
}

// onEach runs drive(0) to drive(workers-1) at once and waits for them.
func onEach(workers int, drive func(worker int)) {
	var finished sync.WaitGroup
	finished.Add(workers)
	for worker := 0; worker < workers; worker++ {
		worker := worker
		go func() {
			drive(worker)
			finished.Done()
		}()
	}
	finished.Wait()
}

// phases is one batch: only what run does is measured.
type phases struct {
	prepare func()
	run     func()
	cleanUp func()
}

func nothing() {}

// measurePhases runs one batch to warm up, then measures batches until they took minTime.
func measurePhases(count int, minTime time.Duration, batch phases) result {
	batch.prepare()
	batch.run()
	batch.cleanUp()
	var cpu, wall time.Duration
	batches := 0
	for cpu < minTime {
		batch.prepare()
		began, cpuBegan := time.Now(), processCPU()
		batch.run()
		cpu += processCPU() - cpuBegan
		wall += time.Since(began)
		batch.cleanUp()
		batches++
	}
	return perOperation(cpu, wall, batches*count)
}

func perOperation(cpu, wall time.Duration, count int) result {
	cpuNs := float64(cpu.Nanoseconds()) / float64(count)
	wallNs := float64(wall.Nanoseconds()) / float64(count)
	return result{CPU: &cpuNs, Wall: &wallNs}
}

// driven measures batches of `count` operations on each worker.
func driven(name string, count int, drive func(worker int)) operation {
	return operation{name, func(workers int, minTime time.Duration) result {
		run := func() { onEach(workers, drive) }
		return measurePhases(workers*count, minTime, phases{nothing, run, nothing})
	}}
}

// residentBytes is what is in memory now; garbage is given back first, which is not asked of C++.
func residentBytes() int64 {
	debug.FreeOSMemory()
	var total, resident int64
	statm, err := os.ReadFile("/proc/self/statm")
	if err == nil {
		_, err = fmt.Sscan(string(statm), &total, &resident)
	}
	if err != nil {
		panic(fmt.Sprintf("/proc/self/statm: %v", err))
	}
	return resident * int64(os.Getpagesize())
}

// peakBytes is the most memory that was ever resident.
func peakBytes() int64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(fmt.Sprintf("getrusage: %v", err))
	}
	return usage.Maxrss * 1024
}
