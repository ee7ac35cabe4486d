// Package omitted counts the stored rows that the list of an answer leaves out because they cannot be read. The count
// travels in the request's context, from the store that finds the rows to the handler that reports their number.
package omitted

import (
	"context"
	"sync/atomic"
)

// counter is the context key of the count.
type counter struct{}

// With gives a context with a count of 0.
func With(ctx context.Context) context.Context {
	return context.WithValue(ctx, counter{}, new(atomic.Int64))
}

// Add adds n rows to the count of ctx. Without a count in ctx it does nothing.
func Add(ctx context.Context, n int) {
	if c, ok := ctx.Value(counter{}).(*atomic.Int64); ok {
		c.Add(int64(n))
	}
}

// Count gives the count of ctx; 0 without one.
func Count(ctx context.Context) int {
	if c, ok := ctx.Value(counter{}).(*atomic.Int64); ok {
		return int(c.Load())
	}
	return 0
}
