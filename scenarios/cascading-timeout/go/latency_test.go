package cascadingtimeout

import (
	"testing"
	"time"
)

var model = latencyModel{
	median: 60 * time.Millisecond, slowMedian: 6 * time.Second, slowShare: 0.2, spread: 0.1,
	longest: 7 * time.Second, seed: 1,
}

// The same in ../latency_test.cc: both draw alike, to the microsecond.
func TestDrawsWhatItsTwinDraws(t *testing.T) {
	for i, microseconds := range []int64{52679, 51775, 55792, 53608, 66353, 47992, 63174, 58296,
		6066498, 6425947, 55927, 53110} {
		drawn := model.of(uint64(i)).Microseconds()
		if drawn < microseconds-1 || drawn > microseconds+1 {
			t.Errorf("request %d takes %d us, not %d", i, drawn, microseconds)
		}
	}
}

func TestTheShareOfSlowRequestsIsTheOneAskedFor(t *testing.T) {
	slow := 0
	for i := uint64(0); i < 20000; i++ {
		latency := model.of(i)
		if latency > model.longest {
			t.Fatalf("request %d takes %v", i, latency)
		}
		if latency > 2*time.Second {
			slow++
		}
	}
	if slow < 3800 || slow > 4200 {
		t.Errorf("%d of 20,000", slow)
	}
}
