// Package histogram counts non-negative values with a fixed relative precision, in the log-linear
// buckets of ../../../runtime/stats/histogram.h: both servers' figures fall into the same ones.
package histogram

import "math/bits"

// Histogram is not safe for concurrent use. New makes one.
type Histogram struct {
	precisionBits int
	counts        []int64 // grows to the largest value seen
	count         int64
	max           int64
}

// Bucket holds Count values, the largest of which can be UpperBound.
type Bucket struct {
	UpperBound int64
	Count      int64
}

// New is empty. Values in one bucket differ by less than 2^-precisionBits of their size.
func New(precisionBits int) *Histogram {
	return &Histogram{precisionBits: precisionBits}
}

// Record counts one value; a negative one counts as 0.
func (h *Histogram) Record(value int64) {
	if value < 0 {
		value = 0
	}
	index := h.index(uint64(value))
	for index >= len(h.counts) {
		h.counts = append(h.counts, 0)
	}
	h.counts[index]++
	h.count++
	if value > h.max {
		h.max = value
	}
}

// Count is how many values were recorded.
func (h *Histogram) Count() int64 { return h.count }

// Max is the largest value, or 0 while there is none.
func (h *Histogram) Max() int64 { return h.max }

// Buckets are those that hold something, ascending.
func (h *Histogram) Buckets() []Bucket {
	buckets := []Bucket{}
	for index, count := range h.counts {
		if count != 0 {
			buckets = append(buckets, Bucket{h.upperBound(index), count})
		}
	}
	return buckets
}

// Values below 2^(p+1) have a bucket each. Above, each power of two is cut into 2^p buckets: the
// top p+1 bits of the value name the bucket, the bits below are what precision gives up.
func (h *Histogram) index(value uint64) int {
	shift := bits.Len64(value) - h.precisionBits - 1
	if shift < 0 {
		shift = 0
	}
	return shift<<h.precisionBits + int(value>>shift)
}

func (h *Histogram) upperBound(index int) int64 {
	perPower := 1 << h.precisionBits
	if index < 2*perPower {
		return int64(index)
	}
	shift := index/perPower - 1
	top := index - shift*perPower
	return int64(top+1)<<shift - 1
}
