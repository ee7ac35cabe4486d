package omitted_test

import (
	"context"
	"testing"

	"despensa/platform/omitted"
)

func TestCount(t *testing.T) {
	bare := t.Context()
	omitted.Add(bare, 3) // the context has no count
	ctx := omitted.With(bare)
	inner, stop := context.WithCancel(ctx)
	defer stop()
	omitted.Add(inner, 2)
	omitted.Add(ctx, 1)
	if n := omitted.Count(ctx); n != 3 {
		t.Errorf("%d, want 3", n)
	}
	if n := omitted.Count(bare); n != 0 {
		t.Errorf("%d without a counter", n)
	}
}
