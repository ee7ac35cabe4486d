package telemetry

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"despensa/platform/fault"
)

// cadaAviso is how often one message is logged whose cause is a store that is away.
const cadaAviso = 10 * time.Second

// throttle keeps a store that is away from filling the log: of the lines that say so, one of
// each message every cadaAviso gets through, with the count of those that did not.
type throttle struct {
	slog.Handler
	*suppressed
}

// suppressed are the lines that throttle has kept back, of this handler and all made of it.
type suppressed struct {
	mu  sync.Mutex
	por map[string]*callado
}

type callado struct {
	ultimo time.Time
	cuenta int
}

func conMesura(h slog.Handler) slog.Handler {
	return throttle{h, &suppressed{por: map[string]*callado{}}}
}

// Handle writes r, or counts it.
func (m throttle) Handle(ctx context.Context, r slog.Record) error {
	if !sinAlmacen(r) {
		return m.Handler.Handle(ctx, r)
	}
	antes, ya := m.tomar(r.Message, r.Time)
	if !ya {
		return nil
	}
	if antes > 0 {
		r = r.Clone()
		r.Add("callados", antes)
	}
	return m.Handler.Handle(ctx, r)
}

// sinAlmacen says that r is about an error that comes from a store that is away.
func sinAlmacen(r slog.Record) (si bool) {
	r.Attrs(func(a slog.Attr) bool {
		err, ok := a.Value.Any().(error)
		si = ok && errors.Is(err, fault.ErrAlmacen)
		return !si
	})
	return si
}

// tomar says whether mensaje is to be logged now, and how often it was not before.
func (c *suppressed) tomar(mensaje string, ahora time.Time) (antes int, ya bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	x := c.por[mensaje]
	if x == nil {
		x = &callado{}
		c.por[mensaje] = x // messages are constants of the program: few
	}
	if !x.ultimo.IsZero() && ahora.Sub(x.ultimo) < cadaAviso {
		x.cuenta++
		return 0, false
	}
	antes, x.cuenta, x.ultimo = x.cuenta, 0, ahora
	return antes, true
}

// WithAttrs is slog.Handler's.
func (m throttle) WithAttrs(as []slog.Attr) slog.Handler {
	return throttle{m.Handler.WithAttrs(as), m.suppressed}
}

// WithGroup is slog.Handler's.
func (m throttle) WithGroup(nombre string) slog.Handler {
	return throttle{m.Handler.WithGroup(nombre), m.suppressed}
}
