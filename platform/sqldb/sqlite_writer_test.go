package sqldb

import (
	"runtime"
	"testing"
	"time"
)

// TestACommitGathers: a commit takes each write that waits, waits for more only while it has fewer than usual, and for
// one time limit in all.
func TestACommitGathers(t *testing.T) {
	tests := map[string]struct {
		usual   int  // writes of the commits before
		waiting int  // writes in the queue behind the first one
		coming  int  // writes that come during the wait
		closed  bool // the queue is closed during the wait
		want    int  // writes of the commit
		waits   int  // time limits that were asked for
	}{
		"one caller":                    {usual: 1, want: 1},
		"one caller among several once": {usual: 1, waiting: 2, want: 3},
		"as many as usual are there":    {usual: 3, waiting: 2, want: 3},
		"more than usual are there":     {usual: 2, waiting: 4, want: 5},
		"the others come":               {usual: 4, waiting: 1, coming: 2, want: 4, waits: 1},
		"some come":                     {usual: 4, coming: 1, want: 2, waits: 1},
		"none comes":                    {usual: 2, want: 1, waits: 1},
		"the store is closed meanwhile": {
			usual:   4,
			waiting: 1,
			closed:  true,
			want:    2,
			waits:   1,
		},
		"no more than fit in one commit": {usual: 1, waiting: maxBatch + 5, want: maxBatch},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			late := make(chan time.Time)
			waits := 0
			d := &sqliteDB{queue: make(chan *pendingWrite, 2*maxBatch)}
			d.after = func(limit time.Duration) <-chan time.Time {
				if waits++; limit != gatherTime {
					t.Errorf("waits for %v", limit)
				}
				go func() {
					for range tt.coming {
						d.queue <- &pendingWrite{}
					}
					if tt.closed {
						close(d.queue)
						return
					}
					for len(d.queue) > 0 { // the writes that came are taken before the time is over
						runtime.Gosched()
					}
					select {
					case late <- time.Time{}:
					case <-t.Context().Done():
					}
				}()
				return late
			}
			for range tt.waiting {
				d.queue <- &pendingWrite{}
			}
			if got := len(d.gather(&pendingWrite{}, tt.usual)); got != tt.want ||
				waits != tt.waits {
				t.Errorf(
					"a commit of %d writes after %d waits, want %d after %d",
					got,
					waits,
					tt.want,
					tt.waits,
				)
			}
		})
	}
}
