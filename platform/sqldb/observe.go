package sqldb

import (
	"context"
	"sync/atomic"
)

// Execution is one statement that an engine ran, as Options.Observe receives it.
type Execution struct {
	// Schema is Options.Name.
	Schema string
	// Effect is the name of the Write that the statement belongs to; empty for a read of Read and for a migration.
	// A transaction that several writes share begins and ends in the name of the first.
	Effect string
	// SQL is the text with placeholders; it never holds the values of the parameters.
	SQL string
	// RoundTrip says that the statement took a round trip to the PostgreSQL server. False for a file.
	RoundTrip bool
	// Preparation says that this was the preparation of SQL at the server, a round trip of its own, and no run of SQL.
	Preparation bool
}

// statements counts the statements of a schema and calls the observer (Options.Observe) with each. Safe for
// concurrent use.
type statements struct {
	schema string
	tell   func(Execution) // nil in production
	n      atomic.Uint64
}

// ran counts execution, unless it is a preparation, and passes it to the observer.
func (s *statements) ran(execution Execution) {
	if !execution.Preparation {
		s.n.Add(1)
	}
	if s.tell == nil {
		return
	}
	execution.Schema = s.schema
	s.tell(execution)
}

// effectKey is the context key for the name of the Write that is running.
type effectKey struct{}

// withEffect names the Write that runs within ctx.
func withEffect(ctx context.Context, nombre string) context.Context {
	return context.WithValue(ctx, effectKey{}, nombre)
}

// effectOf gives the name of the Write that ctx belongs to; empty outside of one.
func effectOf(ctx context.Context) string {
	nombre, _ := ctx.Value(effectKey{}).(string)
	return nombre
}
