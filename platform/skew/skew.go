// Package skew recognises stored times that a process with a fast clock wrote. Such a time lies further in the future
// than any wait of its kind, and is treated as due.
package skew

import "time"

// Slack is the permitted difference between the clocks of two processes that share a store.
const Slack = 2 * time.Minute

// MaxLease is the longest lease, of an order or of a background job, that the settings allow.
const MaxLease = 10 * time.Minute

// MaxCut is how far in the future the cut of a person's sessions (the time before which sessions are void) may lie. A
// process with a fast clock wrote one that lies further away, and that one would keep the person from logging in.
const MaxCut = 12 * time.Hour

// Limit is the latest time at which a wait of at most longest, begun by now, can end. A stored time after Limit is
// treated as due.
func Limit(now time.Time, longest time.Duration) time.Time { return now.Add(longest + Slack) }

// LeaseLimit is Limit for a lease. A lease that ends after LeaseLimit is treated as ended.
func LeaseLimit(now time.Time) time.Time { return Limit(now, MaxLease) }

// Past returns t, the stored time of a past event, or now when t lies more than Slack in the future.
func Past(t, now time.Time) time.Time {
	if t.After(Limit(now, 0)) {
		return now
	}
	return t
}
