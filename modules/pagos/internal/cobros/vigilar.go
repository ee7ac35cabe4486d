package cobros

import (
	"context"
	"errors"
	"time"

	"despensa/modules/pagos"
	"despensa/platform/skew"
)

// Vigilar looks after the cobros whose time has come: it asks the gateway about those
// that wait, and finishes what was begun. It tells how many it looked at. Errors: ErrRonda.
func (s *Servicio) Vigilar(ctx context.Context) (int, error) {
	ahora := s.ahora()
	ids, err := s.o.Almacen.Debidos(ctx, ahora, s.lejos(ahora), s.o.Reglas.Tanda)
	if err != nil {
		return 0, err
	}
	return len(ids), s.porFila(ctx, "pagos.vigilancia", len(ids), func(ctx context.Context, i int) error {
		return s.cuidarFila(ctx, ids[i])
	})
}

// repaso is how often it is asked whether a cobro that is open is due later than it can be: that costs a look at every
// open one, and comes of a clock that was put right.
const repaso = time.Minute

// lejos is the latest that cobros can be due at. Each repaso, and after a clock went back, the open ones are asked for.
func (s *Servicio) lejos(ahora time.Time) Lejos {
	l := Lejos{Todos: skew.Limit(ahora, devoluble)}
	antes := s.repasado.Swap(ahora.UnixMilli())
	if pasado := ahora.UnixMilli() - antes; antes != 0 && pasado >= 0 && pasado < repaso.Milliseconds() {
		s.repasado.Store(antes)
		return l
	}
	l.Abiertos = s.o.Reglas.lejos(ahora)
	return l
}

// cuidar looks after one cobro. What the gateway does not answer comes again later. Errors: ErrIlegible; those of the
// store.
func (s *Servicio) cuidar(ctx context.Context, id string) error {
	f, hay, err := s.o.Almacen.Ficha(ctx, id)
	if err != nil || !hay {
		return err
	}
	m := s.mano(true)
	leida, contesto := f.Version, false
	if o := f.obra(s.ahora()); o.paso == nada {
		f, contesto, err = m.mirar(ctx, f) // it is only its turn to be looked at
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
	_, err = m.cambiar(ctx, "pagos.cita", f, func(g *Ficha) error {
		if contesto {
			g.Mirado = s.ahora()
		}
		g.Sondeos++
		g.citar(s.o.Reglas.Sondeo, s.ahora())
		return nil
	})
	return err
}

// pasara says that err is no reason to stop: the same will be tried again.
func pasara(err error) bool {
	return sinRespuesta(err) || errors.Is(err, errCambio) || errors.Is(err, pagos.ErrEnCurso) || errors.Is(err, pagos.ErrSinPasarela)
}
