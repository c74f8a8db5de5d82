package orphanedtask

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"scenarios/go/servertest"
)

// What the C++ server's Payload in ../server.cc holds after three steps, words folded as below.
func TestAStepDoesTheSameWorkAsInCpp(t *testing.T) {
	for _, test := range []struct {
		bytes, passes int64
		words         int
		checksum      uint64
	}{
		{0, 50, 0, 0},
		{7, 50, 0, 0},
		{8, 0, 1, 0x0000000000000001},
		{8, 1, 1, 0xe1cb5cc8fdb8080b},
		{8, 2, 1, 0xa90b65b4050f3525},
		{8, 50, 1, 0x9b27de87917aa859},
		{64, 0, 8, 0x000000069e8ad080},
		{64, 1, 8, 0xf45bf348ba4e00ae},
		{64, 2, 8, 0xb3cab272d0495118},
		{64, 50, 8, 0x32669f3780791e72},
		{4096, 0, 512, 0x15a79389f1c42000},
		{4096, 1, 512, 0x87534f187f190b80},
		{4096, 2, 512, 0x54225a6d4117d680},
		{4096, 50, 512, 0x92c92da5ae9b76cf},
		{4100, 50, 512, 0x92c92da5ae9b76cf},
		{1 << 20, 0, 131072, 0x1c6b36b5c4200000},
		{1 << 20, 1, 131072, 0x78e7ca44a420e7f6},
		{1 << 20, 2, 131072, 0x487bf5d92bc6c5cb},
		{1 << 20, 50, 131072, 0xd3d198ca6298effb},
	} {
		payload := newPayload(test.bytes)
		for step := 0; step < 3; step++ {
			payload.crunch(test.passes)
		}
		checksum := uint64(0)
		for _, word := range payload {
			checksum = checksum*31 + word
		}
		if len(payload) != test.words || checksum != test.checksum {
			t.Errorf("%d bytes, %d passes: %d words, checksum %#016x",
				test.bytes, test.passes, len(payload), checksum)
		}
	}
}

func TestWorkTakesAsManySteps(t *testing.T) {
	for _, test := range []struct {
		duration, step time.Duration
		steps          int64
	}{
		{5 * time.Second, 100 * time.Millisecond, 50},
		{time.Second, time.Second, 1},
		{time.Second, 300 * time.Millisecond, 3},
	} {
		if steps := (job{duration: test.duration, step: test.step}).steps(); steps != test.steps {
			t.Errorf("%v in steps of %v: %d", test.duration, test.step, steps)
		}
	}
}

func expectAnswers(t *testing.T, s *servertest.Server, requests int) {
	t.Helper()
	for i := 0; i < requests; i++ {
		if answer := s.Get("/"); answer.Status != 200 || answer.Body != "ok" {
			t.Fatalf("%+v", answer)
		}
	}
}

// The work takes an hour, so that it is there whenever it is looked at.
func TestWithoutTheContextTheWorkOutlivesItsRequest(t *testing.T) {
	s := servertest.Start(t, Scenario, "without-context", map[string]string{
		"job-duration": "1h", "step": "1h",
	})
	s.LeaveBehind(50)
	expectAnswers(t, s, 50)
	s.ExpectMetric("leakbench_live_tasks", 50)
}

// Exact at every moment, which the server's own count is only while nothing begins or ends.
func workers() int {
	stacks := make([]byte, 1<<20)
	return strings.Count(string(stacks[:runtime.Stack(stacks, true)]), "expensiveWork(")
}

func TestWithoutTheContextTheWorkEndsByItself(t *testing.T) {
	s := servertest.Start(t, Scenario, "without-context", map[string]string{
		"job-duration": "40ms", "step": "20ms",
	})
	before := workers()
	began := time.Now()
	expectAnswers(t, s, 1)
	servertest.Eventually(t, func() (string, bool) {
		return "the work goes on", workers() == before
	})
	s.ExpectMetric("leakbench_live_tasks", 0)
	if took := time.Since(began); took < 40*time.Millisecond {
		t.Errorf("work of 40 ms ended after %v", took)
	}
}

func TestWithTheContextTheWorkEndsWithItsRequest(t *testing.T) {
	s := servertest.Start(t, Scenario, "with-context", map[string]string{
		"job-duration": "1h", "step": "1h",
	})
	expectAnswers(t, s, 50)
	s.ExpectMetric("leakbench_live_tasks", 0)
	if total := s.Metric("leakbench_requests_total"); total != 50 {
		t.Errorf("%v requests", total)
	}
}

// As ../server.cc refuses them.
func TestWrongOptionsAreRefused(t *testing.T) {
	const tooLong = "--step must be longer than nothing and no longer than --job-duration"
	for _, test := range []struct {
		name, value, message string
	}{
		{"step", "0s", tooLong},
		{"step", "9s", tooLong},
		{"job-duration", "99ms", tooLong},
		{"step", "now", `--step must be a duration such as 100ms, is "now"`},
		{"job-duration", "-1s", `--job-duration must be a duration such as 5s, is "-1s"`},
		{"payload", "1073741825",
			`--payload must be a whole number of at most 1073741824 such as 4096, is "1073741825"`},
		{"step-work", "1000001",
			`--step-work must be a whole number of at most 1000000 such as 1, is "1000001"`},
		{"stop", "1s", "unknown option --stop; this scenario has " +
			"--job-duration, --step, --step-work, --payload"},
	} {
		_, err := Scenario.Select("with-context", map[string]string{test.name: test.value})
		if err == nil || err.Error() != test.message {
			t.Errorf("--%s %s: %v", test.name, test.value, err)
		}
	}
}
