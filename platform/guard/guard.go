// Package guard keeps the panic of one task (an order's phase, a row of a background job, a message) from ending
// the process.
package guard

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
)

// Panic is a panic that was caught, as an error.
type Panic struct {
	// Text describes the panic's value: the text of an error of the Go runtime, and the type of any other value, because
	// that may hold personal data.
	Text string
	// Stack is the stack of the goroutine that panicked.
	Stack string
}

// Error describes the panic without personal data, so that it can be logged.
func (p *Panic) Error() string { return "panic: " + p.Text }

// Do runs f. Errors: those of f; a *Panic when f panics.
func Do(f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &Panic{Text: describe(v), Stack: string(debug.Stack())}
		}
	}()
	return f()
}

func describe(v any) string {
	if e, ok := v.(runtime.Error); ok {
		return e.Error()
	}
	return fmt.Sprintf("a value of type %T", v)
}

// Guard catches, logs and counts panics. Its zero value logs to slog's default logger and counts nothing. Safe for
// concurrent use.
type Guard struct {
	// Log receives each panic as an error record with its stack; nil: the default logger.
	Log *slog.Logger
	// Caught is called with each panic's where, a word of a closed set; nil: panics are not counted. It must not block.
	Caught func(where string)
}

// Run is Do, and also logs a panic, with attrs, and counts it under where.
func (g Guard) Run(ctx context.Context, where string, f func() error, attrs ...any) error {
	err := Do(f)
	var p *Panic
	if !errors.As(err, &p) {
		return err
	}
	log := g.Log
	if log == nil {
		log = slog.Default()
	}
	log.ErrorContext(
		ctx,
		"a task panicked",
		append([]any{"where", where, "error", p, "stack", p.Stack}, attrs...)...)
	if g.Caught != nil {
		g.Caught(where)
	}
	return err
}

// Void is Run for an f without an error. It reports whether f returned without a panic.
func (g Guard) Void(ctx context.Context, where string, f func(), attrs ...any) bool {
	return g.Run(ctx, where, func() error { f(); return nil }, attrs...) == nil
}
