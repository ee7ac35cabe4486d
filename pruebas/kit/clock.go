package kit

import (
	"sync/atomic"
	"time"
)

// Morning is the time at which the tests' companies begin: a Tuesday, nine in the morning in Buenos Aires.
var Morning = time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)

// Clock runs at the speed of the real clock, from a time that the test sets and moves.
type Clock struct {
	from  time.Time
	begun time.Time
	jump  atomic.Int64
}

// NewClock returns a Clock that shows desde now.
func NewClock(desde time.Time) *Clock { return &Clock{from: desde, begun: time.Now()} }

// Now is the Clock's time, in UTC.
func (r *Clock) Now() time.Time {
	return r.from.Add(time.Since(r.begun) + time.Duration(r.jump.Load())).UTC()
}

// Advance moves the Clock by d.
func (r *Clock) Advance(d time.Duration) { r.jump.Add(int64(d)) }
