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

// mesura keeps a store that is away from filling the log: of the lines that say so, one of
// each message every cadaAviso gets through, with the count of those that did not.
type mesura struct {
	slog.Handler
	*callados
}

// callados are the lines that mesura has kept back, of this handler and all made of it.
type callados struct {
	mu  sync.Mutex
	por map[string]*callado
}

type callado struct {
	ultimo time.Time
	cuenta int
}

func conMesura(h slog.Handler) slog.Handler {
	return mesura{h, &callados{por: map[string]*callado{}}}
}

// Handle writes r, or counts it.
func (m mesura) Handle(ctx context.Context, r slog.Record) error {
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
func (c *callados) tomar(mensaje string, ahora time.Time) (antes int, ya bool) {
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
func (m mesura) WithAttrs(as []slog.Attr) slog.Handler {
	return mesura{m.Handler.WithAttrs(as), m.callados}
}

// WithGroup is slog.Handler's.
func (m mesura) WithGroup(nombre string) slog.Handler {
	return mesura{m.Handler.WithGroup(nombre), m.callados}
}
