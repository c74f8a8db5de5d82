package scenario

import (
	"math"
	"regexp"
	"strconv"
	"time"
)

// A number as C++'s from_chars reads one, and whatever follows it.
var number = regexp.MustCompile(`^(-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(.*)$`)

var units = map[string]time.Duration{
	"h": time.Hour, "m": time.Minute, "s": time.Second,
	"ms": time.Millisecond, "us": time.Microsecond, "ns": time.Nanosecond,
}

// ParseDuration reads a number with a unit: "250us", "100ms", "1.5s", "2m", "1h", "40ns". Unlike
// time.ParseDuration it takes one unit only, and nothing negative, as manifests have it.
func ParseDuration(text string) (time.Duration, bool) {
	parts := number.FindStringSubmatch(text)
	if parts == nil {
		return 0, false
	}
	value, err := strconv.ParseFloat(parts[1], 64)
	unit, known := units[parts[2]]
	if err != nil || !known || value < 0 {
		return 0, false
	}
	const largest = 9.2e18 // just under what 63 bits hold
	nanoseconds := value * float64(unit)
	if nanoseconds > largest {
		return 0, false
	}
	return time.Duration(math.Round(nanoseconds)), true
}
