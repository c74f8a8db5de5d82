package server

import (
	"math"
	"reflect"
	runtimemetrics "runtime/metrics"
	"strings"
	"testing"
)

func TestWhatThisGoDoesNotTellIsLeftOut(t *testing.T) {
	m := newMetrics(&counts{}, nil)
	m.samples = []runtimemetrics.Sample{{Name: "/none/of:these"}}
	var text strings.Builder
	m.write(&text)
	for _, name := range []string{"heap", "stacks", "tasks_started", "gc_pause"} {
		if strings.Contains(text.String(), name) {
			t.Errorf("tells of %s:\n%s", name, &text)
		}
	}
	if !strings.Contains(text.String(), "\nleakbench_requests_total 0\n") {
		t.Error(&text)
	}
}

func TestBucketsBecomeCumulativeBetweenAMicrosecondAndTenSeconds(t *testing.T) {
	infinity := math.Inf(1)
	histogram := runtimemetrics.Float64Histogram{
		Buckets: []float64{-infinity, 0, 5e-7, 1e-6, 1.25e-6, 1.3e-6, 2e-6, 8, 16, infinity},
		Counts:  []uint64{0, 1, 2, 3, 4, 5, 6, 7, 8},
	}
	expected := []cumulativeBucket{{1e-6, 3}, {1.25e-6, 6}, {2e-6, 15}, {8, 21}, {infinity, 36}}
	if buckets := cumulative(&histogram); !reflect.DeepEqual(buckets, expected) {
		t.Errorf("%v", buckets)
	}
}
