package cascadingtimeout

import (
	"math"
	"time"
)

// latencyModel is how long a service takes for each of its requests: drawn at random, and the same in
// every run. Lognormal, as latencies of services mostly are, and of two kinds: now and then a request
// takes the slow path.
type latencyModel struct {
	median     time.Duration
	slowMedian time.Duration
	slowShare  float64       // of the requests
	spread     float64       // standard deviation of the latency's logarithm
	longest    time.Duration // what is longer is cut off
	seed       uint64
}

// of is the latency of the request with this number. The C++ twin draws the same.
func (m latencyModel) of(request uint64) time.Duration {
	typical := m.median
	if uniform(m.seed, 3*request) < m.slowShare {
		typical = m.slowMedian
	}
	// Box and Muller 1958.
	normal := math.Sqrt(-2*math.Log(uniform(m.seed, 3*request+1))) *
		math.Cos(2*math.Pi*uniform(m.seed, 3*request+2))
	drawn := math.Round(float64(typical) * math.Exp(m.spread*normal))
	return time.Duration(math.Min(drawn, float64(m.longest)))
}

// mix is SplitMix64's output function (Steele, Lea, Flood 2014).
func mix(state uint64) uint64 {
	state = (state ^ (state >> 30)) * 0xbf58476d1ce4e5b9
	state = (state ^ (state >> 27)) * 0x94d049bb133111eb
	return state ^ (state >> 31)
}

// uniform is between 0 and 1, and neither.
func uniform(seed, index uint64) float64 {
	const golden = 0x9e3779b97f4a7c15
	bits := mix(mix(seed)+(index+1)*golden) >> 11
	return (float64(bits) + 0.5) * 0x1p-53
}
