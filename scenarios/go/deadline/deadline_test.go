package deadline

import (
	"testing"
	"time"
)

func TestTravelsInWholeMillisecondsAndNeverGrows(t *testing.T) {
	for left, expected := range map[time.Duration]string{
		2 * time.Second: "2000", 1999999 * time.Microsecond: "1999", 1: "1", -time.Second: "1",
		1<<63 - 1: "9999999999",
	} {
		if value := Format(left); value != expected {
			t.Errorf("%v is %s, not %s", left, value, expected)
		}
	}
}

func TestIsReadAsItIsWritten(t *testing.T) {
	for _, left := range []time.Duration{1, 20, 1999, 100_000_000, 9_999_999_999} {
		if value, ok := Parse(Format(left * time.Millisecond)); !ok || value != left*time.Millisecond {
			t.Errorf("%v, %v", value, ok)
		}
	}
}

// The values are those of runtime/http/deadline_header_test.cc.
func TestNonsenseSaysNothing(t *testing.T) {
	for _, value := range []string{"", "0", "-5", "+5", "5s", "2S", "1.5", " 5", "5 ", "0x5",
		"10000000000", "00000000001", "99999999999999999999", "soon", "NaN"} {
		if left, ok := Parse(value); ok {
			t.Errorf("%q is %v", value, left)
		}
	}
}
