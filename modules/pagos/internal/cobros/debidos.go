package cobros

import (
	"context"
	"errors"
	"time"

	"despensa/modules/pagos"
	"despensa/platform/skew"
)

// RevisarDebidos looks after the cobros that are due, at most Reglas.Tanda: it reads the orders of those that wait at
// the gateway, and takes the steps that the others need (see siguienteTarea). It returns how many cobros were due.
// Errors: ErrRonda.
func (s *Servicio) RevisarDebidos(ctx context.Context) (int, error) {
	ahora := s.ahora()
	ids, err := s.o.Store.Debidos(ctx, ahora, s.lejos(ahora), s.o.Reglas.Tanda)
	if err != nil {
		return 0, err
	}
	return len(
			ids,
		), s.porFila(
			ctx,
			"pagos.vigilancia",
			len(ids),
			func(ctx context.Context, i int) error {
				return s.revisarFila(ctx, ids[i])
			},
		)
}

// cadaLimite is how often RevisarDebidos looks for open cobros that are due later than they can be, because a clock
// that was ahead wrote them. The query reads every open cobro.
const cadaLimite = time.Minute

// lejos is the latest time at which cobros can lawfully be due. The limit for open cobros is set once per cadaLimite,
// and whenever the clock went back.
func (s *Servicio) lejos(ahora time.Time) Lejos {
	l := Lejos{Todos: skew.Limit(ahora, devoluble)}
	antes := s.limitado.Swap(ahora.UnixMilli())
	if pasado := ahora.UnixMilli() - antes; antes != 0 && pasado >= 0 &&
		pasado < cadaLimite.Milliseconds() {
		s.limitado.Store(antes)
		return l
	}
	l.Abiertos = s.o.Reglas.lejos(ahora)
	return l
}

// revisar looks after one cobro. Where the gateway does not answer, the cobro is due again later. Errors: ErrIlegible;
// those of the store.
func (s *Servicio) revisar(ctx context.Context, id string) error {
	f, hay, err := s.o.Store.PorID(ctx, id)
	if err != nil || !hay {
		return err
	}
	m := s.ejecutor(true)
	leida, contesto := f.Version, false
	if o := f.siguienteTarea(s.ahora()); o.clase == nada {
		// The cobro needs no step, and is due for a look.
		f, contesto, err = m.sincronizar(ctx, f)
	}
	if err == nil {
		f, err = m.avanzar(ctx, f)
	}
	if err != nil && !pasara(err) {
		return err
	}
	if f.Version != leida && f.Debe.After(s.ahora()) {
		return nil
	}
	_, err = m.cambiar(ctx, "pagos.cita", f, func(g *CobroEntero) error {
		if contesto {
			g.Mirado = s.ahora()
		}
		g.Sondeos++
		g.agendar(s.o.Reglas.Sondeo, s.ahora())
		return nil
	})
	return err
}

// pasara says that err passes by itself: the same step is tried again later.
func pasara(err error) bool {
	return sinRespuesta(err) || errors.Is(err, errCambio) || errors.Is(err, pagos.ErrEnCurso) ||
		errors.Is(err, pagos.ErrSinPasarela)
}
