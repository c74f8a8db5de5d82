package plantedleaks

import (
	"fmt"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"scenarios/go/servertest"
)

// Who starts the goroutines that leak in each of the ways, and what their stacks say that they wait
// for. Go 1.20 has names for locks; before it they were semaphores.
var expected = []struct {
	kind, starter string
	waits         []string
}{
	{"channel-send", "leaveASender", []string{"chan send"}},
	{"channel-receive", "leaveAReceiver", []string{"chan receive"}},
	{"select", "leaveASelect", []string{"select"}},
	{"mutex", "leaveAMutex", []string{"sync.Mutex.Lock", "semacquire"}},
	{"wait-group", "leaveAWaitGroup", []string{"sync.WaitGroup.Wait", "semacquire"}},
	{"context", "leaveAContext", []string{"chan receive"}},
	{"timer-loop", "leaveATimerLoop", []string{"sleep"}},
}

// goroutinesOf counts those that the function started, and among them those that wait for one of the
// things.
func goroutinesOf(starter string, waits []string) (all, waiting int) {
	stacks := make([]byte, 1<<22)
	stacks = stacks[:runtime.Stack(stacks, true)]
	for _, stack := range strings.Split(string(stacks), "\n\n") {
		if !strings.Contains(stack, "created by scenarios/planted-leaks/go."+starter) {
			continue
		}
		all++
		for _, wait := range waits {
			if strings.Contains(stack, "["+wait+"]:") {
				waiting++
			}
		}
	}
	return all, waiting
}

func TestExactlySoManyOfEachThousandLeak(t *testing.T) {
	for _, test := range expected {
		t.Run(test.kind, func(t *testing.T) {
			variant, err := Scenario.Select("leaking",
				map[string]string{"leaks-per-1000": "7", "kind": test.kind})
			if err != nil {
				t.Fatal(err)
			}
			// Once more on every run: what leaked before is there for ever.
			before, _ := goroutinesOf(test.starter, test.waits)
			for round := 1; round <= 3; round++ {
				for i := 0; i < 1000; i++ {
					answer := httptest.NewRecorder()
					variant.Handler(answer, httptest.NewRequest("GET", "/", nil))
					if body := answer.Body.String(); answer.Code != 200 || body != "ok" {
						t.Fatalf("%d %q", answer.Code, body)
					}
				}
				servertest.Eventually(t, func() (string, bool) {
					all, waiting := goroutinesOf(test.starter, test.waits)
					return fmt.Sprintf("%d goroutines, %d of them wait; before: %d", all, waiting, before),
						all == before+7*round && waiting == all
				})
			}
		})
	}
}

// servertest waits for every goroutine that was started.
func TestTheCleanTwinLeavesNone(t *testing.T) {
	for _, test := range expected {
		t.Run(test.kind, func(t *testing.T) {
			s := servertest.Start(t, Scenario, "clean",
				map[string]string{"leaks-per-1000": "1000", "kind": test.kind})
			for i := 0; i < 20; i++ {
				if answer := s.Get("/"); answer.Status != 200 || answer.Body != "ok" {
					t.Fatalf("%+v", answer)
				}
			}
			s.ExpectMetric("leakbench_live_tasks", 0)
		})
	}
}

func TestAnyThousandRequestsInARowHaveExactlyAsManyLeaks(t *testing.T) {
	for _, per1000 := range []int{0, 1, 3, 333, 999, 1000} {
		plan := &leakPlan{perMillion: uint64(per1000) * 1000}
		var leaks []bool
		inWindow := 0
		for i := 0; i < 5000; i++ {
			leaks = append(leaks, plan.nextLeaks())
			if leaks[i] {
				inWindow++
			}
			if i >= 1000 && leaks[i-1000] {
				inWindow--
			}
			if i >= 999 && inWindow != per1000 {
				t.Fatalf("%d of the thousand up to request %d, not %d", inWindow, i, per1000)
			}
		}
	}
}
