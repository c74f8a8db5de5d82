package histogram

import (
	"math"
	"reflect"
	"testing"
)

func TestEachSmallValueHasABucketOfItsOwn(t *testing.T) {
	h := New(2)
	for _, value := range []int64{7, 0, 7, -5} {
		h.Record(value)
	}
	expected := []Bucket{{0, 2}, {7, 2}}
	if !reflect.DeepEqual(h.Buckets(), expected) || h.Count() != 4 || h.Max() != 7 {
		t.Errorf("%v, count %d, max %d", h.Buckets(), h.Count(), h.Max())
	}
}

func TestABucketIsAsWideAsThePrecisionAllows(t *testing.T) {
	// Four buckets to a power of two: 8-9, 10-11, 12-13, 14-15, 16-19, ...
	for value, bound := range map[int64]int64{
		8: 9, 9: 9, 10: 11, 15: 15, 16: 19, 19: 19, 20: 23, 1000: 1023, math.MaxInt64: math.MaxInt64,
	} {
		h := New(2)
		h.Record(value)
		if buckets := h.Buckets(); len(buckets) != 1 || buckets[0].UpperBound != bound {
			t.Errorf("%d is in %v, not below %d", value, buckets, bound)
		}
	}
}

func TestWithoutValuesItIsEmpty(t *testing.T) {
	h := New(7)
	if len(h.Buckets()) != 0 || h.Count() != 0 || h.Max() != 0 {
		t.Errorf("%v, count %d, max %d", h.Buckets(), h.Count(), h.Max())
	}
}
