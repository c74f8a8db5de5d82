package server

import (
	"encoding/json"
	"testing"
	"time"
)

func TestALateBeatStandsForThoseItHeldUp(t *testing.T) {
	m := newPauseMeter()
	intended := time.Unix(0, 0)
	next := m.record(intended, intended.Add(3100*time.Microsecond))
	if next != intended.Add(4*time.Millisecond) {
		t.Errorf("the next beat is due at %v", next.Sub(intended))
	}
	s := m.snapshot()
	if s.Count != 4 || s.MaxNs == nil || *s.MaxNs != 3_100_000 || len(s.Buckets) != 4 {
		t.Fatalf("%+v", s)
	}
	for i, lateness := range []int64{100_000, 1_100_000, 2_100_000, 3_100_000} {
		if bound := s.Buckets[i][0]; bound < lateness || bound > lateness+lateness/100 {
			t.Errorf("bucket %v for %d", s.Buckets[i], lateness)
		}
	}
}

func TestBeforeTheFirstBeatThereIsNoLongestPause(t *testing.T) {
	text, err := json.Marshal(newPauseMeter().snapshot())
	expected := `{"schema":"leakbench/pause","schema_version":"1.0.0","interval_ns":1000000,` +
		`"count":0,"max_ns":null,"buckets":[]}`
	if err != nil || string(text) != expected {
		t.Errorf("%s, %v", text, err)
	}
}
