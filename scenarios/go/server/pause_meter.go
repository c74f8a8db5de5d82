package server

import (
	"context"
	"sync"
	"time"

	"scenarios/go/histogram"
)

const (
	pauseInterval      = time.Millisecond
	pausePrecisionBits = 7
)

// pauseMeter measures how long a ready goroutine waits for its turn: a heartbeat that should come
// every millisecond, and how late it came. It sees the collector's pauses, and all else that keeps
// a goroutine waiting; the collector's alone are in the metrics.
//
// A beat that comes later than one interval stands for those it held up too: they are recorded as
// the lateness they would have had (as jHiccup does), so that one long pause weighs as much as it
// would on a stream of requests.
type pauseMeter struct {
	mutex    sync.Mutex
	lateness *histogram.Histogram // in nanoseconds
}

func newPauseMeter() *pauseMeter {
	return &pauseMeter{lateness: histogram.New(pausePrecisionBits)}
}

// run beats until the context is done.
func (m *pauseMeter) run(ctx context.Context) {
	intended := time.Now().Add(pauseInterval)
	for ctx.Err() == nil {
		time.Sleep(time.Until(intended))
		intended = m.record(intended, time.Now())
	}
}

// record counts the beats from the one intended until now, and returns when the next one is due.
func (m *pauseMeter) record(intended, now time.Time) time.Time {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	for ; !intended.After(now); intended = intended.Add(pauseInterval) {
		m.lateness.Record(int64(now.Sub(intended)))
	}
	return intended
}

// pauseSnapshot is the JSON of /debug/pause, in the C++ control port's format.
type pauseSnapshot struct {
	Schema        string     `json:"schema"`
	SchemaVersion string     `json:"schema_version"`
	IntervalNs    int64      `json:"interval_ns"`
	Count         int64      `json:"count"`
	MaxNs         *int64     `json:"max_ns"`
	Buckets       [][2]int64 `json:"buckets"` // upper bound, count
}

// snapshot is the lateness since the start.
func (m *pauseMeter) snapshot() pauseSnapshot {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	snapshot := pauseSnapshot{
		Schema:        "leakbench/pause",
		SchemaVersion: "1.0.0",
		IntervalNs:    int64(pauseInterval),
		Count:         m.lateness.Count(),
		Buckets:       [][2]int64{},
	}
	if max := m.lateness.Max(); snapshot.Count > 0 {
		snapshot.MaxNs = &max
	}
	for _, bucket := range m.lateness.Buckets() {
		snapshot.Buckets = append(snapshot.Buckets, [2]int64{bucket.UpperBound, bucket.Count})
	}
	return snapshot
}
