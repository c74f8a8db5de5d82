package server

import (
	"fmt"
	"io"
	"math"
	"runtime/debug"
	runtimemetrics "runtime/metrics"
	"strconv"
	"sync"

	"scenarios/go/scenario"
)

// What the Go runtime tells of itself without stopping the world (runtime.ReadMemStats would). Not
// every version has every name.
const (
	heapObjects       = "/memory/classes/heap/objects:bytes"
	heapStacks        = "/memory/classes/heap/stacks:bytes"
	goroutinesCreated = "/sched/goroutines-created:goroutines" // Go 1.26
	gcPauses          = "/sched/pauses/total/gc:seconds"       // Go 1.22
	gcPausesBefore    = "/gc/pauses:seconds"                   // the same, before Go 1.22
)

// metrics writes the server's figures as Prometheus text. Series that the C++ servers have too bear
// the same names; what this Go cannot tell is left out.
type metrics struct {
	counts   *counts
	counters []*scenario.Counter
	mutex    sync.Mutex // over what is below: read into anew each time
	samples  []runtimemetrics.Sample
	gc       debug.GCStats
	text     []byte
}

func newMetrics(counts *counts, counters []*scenario.Counter) *metrics {
	samples := []runtimemetrics.Sample{
		{Name: heapObjects}, {Name: heapStacks}, {Name: goroutinesCreated}, {Name: gcPauses},
		{Name: gcPausesBefore},
	}
	runtimemetrics.Read(samples)
	m := &metrics{counts: counts, counters: counters}
	for _, sample := range samples {
		if sample.Value.Kind() != runtimemetrics.KindBad {
			m.samples = append(m.samples, sample)
		}
	}
	return m
}

func (m *metrics) write(w io.Writer) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.text = m.text[:0]
	live, own := m.counts.goroutines()
	runtimemetrics.Read(m.samples)
	m.add("leakbench_live_tasks", "gauge", "Live tasks of the service itself.", live)
	m.add("leakbench_system_tasks", "gauge",
		"Live tasks of the server: listeners, connections, heartbeat.", own)
	m.add("leakbench_requests_in_flight", "gauge", "Requests whose handler has not returned.",
		m.counts.requestsInFlight.Load())
	m.add("leakbench_connections_open", "gauge", "Open connections.",
		m.counts.connectionsOpen.Load())
	m.addRead("leakbench_tasks_started_total", "counter",
		"Tasks started since the start of the process.", goroutinesCreated)
	m.add("leakbench_requests_total", "counter",
		"Requests read whole since the start of the process.", m.counts.requestsTotal.Load())
	m.addRead("leakbench_heap_in_use_bytes", "gauge",
		"Bytes allocated and not freed; garbage is freed when the collector comes to it.",
		heapObjects)
	m.addRead("leakbench_stacks_in_use_bytes", "gauge", "Bytes of the tasks' stacks.", heapStacks)
	m.addPauses()
	for _, counter := range m.counters {
		m.add(counter.Name, "counter", counter.Help, counter.Value())
	}
	_, _ = w.Write(m.text)
}

func (m *metrics) head(name, kind, help string) {
	m.text = fmt.Appendf(m.text, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
}

func (m *metrics) add(name, kind, help string, value int64) {
	m.head(name, kind, help)
	m.text = fmt.Appendf(m.text, "%s %d\n", name, value)
}

func (m *metrics) addRead(name, kind, help, source string) {
	if value := m.value(source); value != nil {
		m.add(name, kind, help, int64(value.Uint64()))
	}
}

func (m *metrics) value(source string) *runtimemetrics.Value {
	for i := range m.samples {
		if m.samples[i].Name == source {
			return &m.samples[i].Value
		}
	}
	return nil
}

// addPauses writes how long the collector stopped the world, phase by phase, of which each cycle
// has two. The sum is exact, and brought up to date at the end of a cycle; the buckets are after
// each phase.
func (m *metrics) addPauses() {
	value := m.value(gcPauses)
	if value == nil {
		value = m.value(gcPausesBefore)
	}
	if value == nil {
		return
	}
	debug.ReadGCStats(&m.gc)
	const name = "leakbench_gc_pause_seconds"
	m.head(name, "histogram", "How long the garbage collector stopped the world.")
	var total uint64
	for _, bucket := range cumulative(value.Float64Histogram()) {
		bound := "+Inf"
		if !math.IsInf(bucket.bound, 1) {
			bound = strconv.FormatFloat(bucket.bound, 'g', -1, 64)
		}
		m.text = fmt.Appendf(m.text, "%s_bucket{le=\"%s\"} %d\n", name, bound, bucket.count)
		total = bucket.count
	}
	m.text = fmt.Appendf(m.text, "%s_sum %s\n%s_count %d\n",
		name, strconv.FormatFloat(m.gc.PauseTotal.Seconds(), 'g', -1, 64), name, total)
}

type cumulativeBucket struct {
	bound float64
	count uint64 // of all pauses up to the bound
}

// cumulative takes the runtime's buckets as Prometheus has them. In one version of Go the bounds
// are always the same: the runtime's own from a microsecond to ten seconds, without those that are
// less than an eighth above the one before (some versions have sixteen to a power of two), and
// infinity.
func cumulative(pauses *runtimemetrics.Float64Histogram) []cumulativeBucket {
	const shortest, longest, nearest = 1e-6, 10, 1.125
	var buckets []cumulativeBucket
	var count uint64
	last := shortest / nearest
	for i, inBucket := range pauses.Counts {
		count += inBucket
		bound := pauses.Buckets[i+1]
		if bound >= last*nearest && bound <= longest {
			buckets = append(buckets, cumulativeBucket{bound, count})
			last = bound
		}
	}
	return append(buckets, cumulativeBucket{math.Inf(1), count})
}
