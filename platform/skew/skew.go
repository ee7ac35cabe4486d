// Package skew judges stored times by the present clock: a time that a clock wrote which was ahead lies further
// away than any wait of its kind, and nobody waits for it.
package skew

import "time"

// Slack is how far the clocks of two processes that share a store may be apart. A stored time is not taken for wrong
// within it.
const Slack = 2 * time.Minute

// MaxLease is the longest lease that a setting allows, of an order or of a background job.
const MaxLease = 10 * time.Minute

// MaxCut is how far in the future the end of a person's sessions may lie. One further away was written by a clock that
// was ahead, and would keep that person out until then.
const MaxCut = 12 * time.Hour

// Limit is the furthest time that a wait of at most longest, begun by now, can end at. A stored time after it is
// due.
func Limit(now time.Time, longest time.Duration) time.Time { return now.Add(longest + Slack) }

// LeaseLimit is Limit for a lease: one that ends after it has ended.
func LeaseLimit(now time.Time) time.Time { return Limit(now, MaxLease) }

// Past gives t, a time at which something has happened, or now where t lies in the future by more than Slack.
func Past(t, now time.Time) time.Time {
	if t.After(Limit(now, 0)) {
		return now
	}
	return t
}
