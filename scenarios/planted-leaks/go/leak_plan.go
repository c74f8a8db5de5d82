package plantedleaks

import "sync/atomic"

// leakPlan says which requests leak: of any thousand in a row as many as were asked for, exactly;
// what is less than one of a thousand is exact over a million in a row. They are spread as evenly as
// whole requests can be (Bresenham 1965). What counts is the order in which requests ask.
type leakPlan struct {
	perMillion uint64
	requests   atomic.Uint64
}

// nextLeaks says whether the next request leaks.
func (p *leakPlan) nextLeaks() bool {
	const million = 1_000_000
	request := (p.requests.Add(1) - 1) % million
	return (request+1)*p.perMillion/million > request*p.perMillion/million
}
