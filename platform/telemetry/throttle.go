package telemetry

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"despensa/platform/fault"
)

// cadaAviso is the shortest time between two lines with the same message about a store that is away.
const cadaAviso = 10 * time.Second

// throttle bounds the lines about a store that is away (fault.ErrAlmacen): it passes one line of each message every
// cadaAviso, with the number of lines that it left out (callados).
type throttle struct {
	slog.Handler
	*suppressed
}

// suppressed counts the lines left out, by message. A handler shares it with the handlers made of it by WithAttrs and
// WithGroup.
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

// Handle writes r, or counts it as left out.
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

// sinAlmacen reports whether an attribute of r is an error that wraps fault.ErrAlmacen.
func sinAlmacen(r slog.Record) (si bool) {
	r.Attrs(func(a slog.Attr) bool {
		err, ok := a.Value.Any().(error)
		si = ok && errors.Is(err, fault.ErrAlmacen)
		return !si
	})
	return si
}

// tomar reports whether mensaje is logged now, and how many lines with it were left out before.
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
