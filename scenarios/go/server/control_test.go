package server_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"runtime"
	"runtime/pprof"
	"strconv"
	"strings"
	"testing"

	"scenarios/go/servertest"
)

func start(t *testing.T) *servertest.Server {
	return servertest.StartHandler(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("ok"))
	})
}

func TestOnlyTheRootIsAnswered(t *testing.T) {
	s := start(t)
	for path, expected := range map[string]servertest.Answer{
		"/":       {Status: 200, Body: "ok"},
		"/?query": {Status: 200, Body: "ok"},
		"/other":  {Status: 404, Body: "not found\n"},
	} {
		answer := s.Get(path)
		if answer.Status != expected.Status || answer.Body != expected.Body ||
			answer.Header.Get("Content-Type") != "text/plain; charset=utf-8" {
			t.Errorf("%s: %+v", path, answer)
		}
	}
	if total := s.Metric("leakbench_requests_total"); total != 3 {
		t.Errorf("%v requests", total)
	}
}

func TestTheControlPortTellsHealth(t *testing.T) {
	s := start(t)
	if answer := s.Control("/healthz"); answer.Status != 200 || answer.Body != "ok\n" {
		t.Errorf("%+v", answer)
	}
	if answer := s.Control("/other"); answer.Status != 404 {
		t.Errorf("%+v", answer)
	}
}

func TestMetricsArePrometheusText(t *testing.T) {
	s := start(t)
	answer := s.Control("/metrics")
	if kind := answer.Header.Get("Content-Type"); kind != "text/plain; version=0.0.4" {
		t.Errorf("Content-Type %s", kind)
	}
	line := regexp.MustCompile(`^(?:# HELP (\w+) \S.*` +
		`|# TYPE (\w+) (?:gauge|counter|histogram)` +
		`|(\w+?)(?:_bucket\{le="[^"]+"\}|_sum|_count)? [0-9.e+-]+)$`)
	var seen []string // each series' HELP, TYPE and values, in this order
	for _, text := range strings.Split(strings.TrimSuffix(answer.Body, "\n"), "\n") {
		names := line.FindStringSubmatch(text)
		if names == nil {
			t.Fatalf("not Prometheus text: %q", text)
		}
		name := names[1] + names[2] + names[3]
		if names[1] != "" {
			seen = append(seen, name)
		} else if len(seen) == 0 || seen[len(seen)-1] != name {
			t.Errorf("%q is not below its HELP", text)
		}
	}
	expected := map[string]bool{
		"leakbench_live_tasks": true, "leakbench_system_tasks": true,
		"leakbench_requests_in_flight": true, "leakbench_connections_open": true,
		"leakbench_requests_total": true, "leakbench_heap_in_use_bytes": true,
		"leakbench_stacks_in_use_bytes": true, "leakbench_gc_pause_seconds": true,
		"leakbench_tasks_started_total": true,
	}
	for _, name := range seen {
		if !expected[name] {
			t.Errorf("%s is not expected, or there twice", name)
		}
		delete(expected, name)
	}
	delete(expected, "leakbench_tasks_started_total") // what Go before 1.26 does not tell
	if len(expected) != 0 {
		t.Errorf("missing: %v", expected)
	}
}

func TestTasksStartedAreCountedWhereGoCountsThem(t *testing.T) {
	s := start(t)
	before := s.Metric("leakbench_tasks_started_total")
	if before < 0 {
		t.Skip(runtime.Version() + " does not tell")
	}
	for i := 0; i < 100; i++ {
		done := make(chan struct{})
		go close(done)
		<-done
	}
	if grew := s.Metric("leakbench_tasks_started_total") - before; grew < 100 || grew > 110 {
		t.Errorf("%v more after 100 tasks and some requests", grew)
	}
}

func TestEachCollectionPausesTwiceOrMoreAndTheSumIsWithinTheBounds(t *testing.T) {
	s := start(t)
	type bucket struct{ bound, count float64 }
	read := func() (buckets []bucket, sum, count float64) {
		line := regexp.MustCompile(`leakbench_gc_pause_seconds_bucket\{le="([^"]+)"\} (\d+)`)
		for _, match := range line.FindAllStringSubmatch(s.Control("/metrics").Body, -1) {
			bound, _ := strconv.ParseFloat(match[1], 64)
			count, _ := strconv.ParseFloat(match[2], 64)
			buckets = append(buckets, bucket{bound, count})
		}
		sum = s.Metric("leakbench_gc_pause_seconds_sum")
		return buckets, sum, s.Metric("leakbench_gc_pause_seconds_count")
	}
	runtime.GC()
	before, sumBefore, countBefore := read()
	for i := 0; i < 10; i++ {
		runtime.GC()
	}
	after, sumAfter, countAfter := read()
	if pauses := countAfter - countBefore; pauses < 20 {
		t.Errorf("%v pauses in 10 collections", pauses)
	}
	if len(before) != len(after) || after[len(after)-1].count != countAfter {
		t.Fatalf("%d buckets, then %d", len(before), len(after))
	}
	var least, most, counted, last float64
	for i := range after {
		grew := after[i].count - before[i].count
		if grew < counted || (i > 0 && after[i].bound <= after[i-1].bound) {
			t.Errorf("bucket %d is not above the one before", i)
		}
		if grew > counted {
			least += (grew - counted) * last
			most += (grew - counted) * after[i].bound
		}
		counted, last = grew, after[i].bound
	}
	if sum := sumAfter - sumBefore; sum < least*0.999 || sum > most*1.001 {
		t.Errorf("a sum of %v s, by the buckets from %v to %v", sum, least, most)
	}
}

func TestPausesAreToldInTheFormatOfTheControlPort(t *testing.T) {
	s := start(t)
	var told map[string]any
	servertest.Eventually(t, func() (string, bool) {
		answer := s.Control("/debug/pause")
		if kind := answer.Header.Get("Content-Type"); kind != "application/json" {
			t.Fatalf("Content-Type %s", kind)
		}
		told = nil
		if err := json.Unmarshal([]byte(answer.Body), &told); err != nil {
			t.Fatal(err)
		}
		return "the heart does not beat: " + answer.Body, told["count"].(float64) >= 20
	})
	if told["schema"] != "leakbench/pause" || told["schema_version"] != "1.0.0" ||
		told["interval_ns"] != 1e6 || len(told) != 6 {
		t.Errorf("%v", told)
	}
	var counted, bound float64
	for _, bucket := range told["buckets"].([]any) {
		pair := bucket.([]any)
		if len(pair) != 2 || pair[0].(float64) < bound {
			t.Errorf("bucket %v after bound %v", bucket, bound)
		}
		bound = pair[0].(float64)
		counted += pair[1].(float64)
	}
	if counted != told["count"] || told["max_ns"].(float64) > bound {
		t.Errorf("%v beats in the buckets, up to %v: %v", counted, bound, told)
	}
}

func TestExpvarTellsOfMemory(t *testing.T) {
	s := start(t)
	answer := s.Control("/debug/vars")
	var told struct {
		Memstats runtime.MemStats `json:"memstats"`
	}
	if err := json.Unmarshal([]byte(answer.Body), &told); err != nil || answer.Status != 200 {
		t.Fatalf("%d, %v", answer.Status, err)
	}
	if told.Memstats.HeapAlloc == 0 {
		t.Errorf("%s", answer.Body)
	}
}

func TestProfilesAreThoseThatThisGoHas(t *testing.T) {
	s := start(t)
	release := make(chan struct{})
	go func() { <-release }()
	defer close(release)
	answer := s.Control("/debug/pprof/goroutine?debug=2")
	if answer.Status != 200 || !strings.Contains(answer.Body, "TestProfilesAreThoseThatThisGoHas") {
		t.Errorf("%+v", answer)
	}
	if answer := s.Control("/debug/pprof/heap?gc=1"); answer.Status != 200 || answer.Body == "" {
		t.Errorf("%+v", answer)
	}
	expected := 404
	if pprof.Lookup("goroutineleak") != nil {
		expected = 200
	}
	answer = s.Control("/debug/pprof/goroutineleak?debug=1")
	if answer.Status != expected {
		t.Errorf("%+v", answer)
	}
}
