// Package omitted counts the stored rows that a list leaves out because they cannot be read, from the store that meets
// them to the answer that tells of them.
package omitted

import (
	"context"
	"sync/atomic"
)

type counter struct{}

// With gives a context whose rows are counted.
func With(ctx context.Context) context.Context {
	return context.WithValue(ctx, counter{}, new(atomic.Int64))
}

// Add counts n rows that were left out; nothing where nobody counts.
func Add(ctx context.Context, n int) {
	if c, ok := ctx.Value(counter{}).(*atomic.Int64); ok {
		c.Add(int64(n))
	}
}

// Count tells how many rows have been left out.
func Count(ctx context.Context) int {
	if c, ok := ctx.Value(counter{}).(*atomic.Int64); ok {
		return int(c.Load())
	}
	return 0
}
