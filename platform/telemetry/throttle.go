package telemetry

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"despensa/platform/fault"
)

// lineEvery is the shortest time between two lines with the same message about a store that is away.
const lineEvery = 10 * time.Second

// throttle bounds the lines about a store that is away (fault.ErrStoreAway): it passes one line of each message every
// lineEvery, with the number of lines that it left out (callados).
type throttle struct {
	slog.Handler
	*suppressed
}

// suppressed counts the lines left out, by message. A handler shares it with the handlers made of it by WithAttrs and
// WithGroup.
type suppressed struct {
	mu        sync.Mutex
	byMessage map[string]*omittedLines
}

type omittedLines struct {
	last  time.Time
	count int
}

func throttled(handler slog.Handler) slog.Handler {
	return throttle{handler, &suppressed{byMessage: map[string]*omittedLines{}}}
}

// Handle writes record, or counts it as left out.
func (m throttle) Handle(ctx context.Context, record slog.Record) error {
	if !isStoreAway(record) {
		return m.Handler.Handle(ctx, record)
	}
	antes, ya := m.take(record.Message, record.Time)
	if !ya {
		return nil
	}
	if antes > 0 {
		record = record.Clone()
		record.Add("callados", antes)
	}
	return m.Handler.Handle(ctx, record)
}

// isStoreAway reports whether an attribute of record is an error that wraps fault.ErrStoreAway.
func isStoreAway(record slog.Record) (si bool) {
	record.Attrs(func(a slog.Attr) bool {
		err, ok := a.Value.Any().(error)
		si = ok && errors.Is(err, fault.ErrStoreAway)
		return !si
	})
	return si
}

// take reports whether mensaje is logged now, and how many lines with it were left out before.
func (c *suppressed) take(mensaje string, ahora time.Time) (antes int, ya bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	x := c.byMessage[mensaje]
	if x == nil {
		x = &omittedLines{}
		c.byMessage[mensaje] = x // messages are constants of the program: few
	}
	if !x.last.IsZero() && ahora.Sub(x.last) < lineEvery {
		x.count++
		return 0, false
	}
	antes, x.count, x.last = x.count, 0, ahora
	return antes, true
}

// WithAttrs implements slog.Handler.
func (m throttle) WithAttrs(attres []slog.Attr) slog.Handler {
	return throttle{m.Handler.WithAttrs(attres), m.suppressed}
}

// WithGroup implements slog.Handler.
func (m throttle) WithGroup(nombre string) slog.Handler {
	return throttle{m.Handler.WithGroup(nombre), m.suppressed}
}
