// Package deadline is how the time that is left for a request travels to the next service: as a
// duration in whole milliseconds, in the header that Envoy has for it. ../../../runtime/http is the
// same in C++, and says why.
package deadline

import (
	"strconv"
	"time"
)

// Header is the name of the header.
const Header = "X-Envoy-Expected-Rq-Timeout-Ms"

const (
	mostDigits = 10
	largest    = 9_999_999_999
)

// Format is the header's value: rounded down, but at least one millisecond.
func Format(left time.Duration) string {
	count := left.Milliseconds()
	if count < 1 {
		count = 1
	}
	if count > largest {
		count = largest
	}
	return strconv.FormatInt(count, 10)
}

// Parse reads a whole number from 1 to 9,999,999,999. Anything else says nothing: such a request is
// served as one without the header.
func Parse(value string) (time.Duration, bool) {
	if len(value) > mostDigits {
		return 0, false
	}
	for _, digit := range value {
		if digit < '0' || digit > '9' {
			return 0, false
		}
	}
	count, err := strconv.ParseInt(value, 10, 64)
	if err != nil || count == 0 {
		return 0, false
	}
	return time.Duration(count) * time.Millisecond, true
}
