package guard

import (
	"context"
	"time"
)

// Every calls f whenever cada has passed, until ctx ends. A call that takes longer is not made up for.
func Every(ctx context.Context, cada time.Duration, f func()) {
	t := time.NewTicker(cada)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		if ctx.Err() != nil { // both were ready
			return
		}
		f()
	}
}
