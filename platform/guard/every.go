package guard

import (
	"context"
	"time"
)

// Every calls f every cada, until ctx ends. After a call that took longer than cada it makes no extra calls.
func Every(ctx context.Context, cada time.Duration, f func()) {
	t := time.NewTicker(cada)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		if ctx.Err() != nil { // select may choose the tick although ctx has ended
			return
		}
		f()
	}
}
