package cobros

import (
	"context"
	"errors"
	"sync/atomic"

	"despensa/modules/pagos"

	"golang.org/x/sync/errgroup"
)

// Vigilar looks after the cobros whose time has come: it asks the gateway about those
// that wait, and finishes what was begun. It tells how many it looked at.
func (s *Servicio) Vigilar(ctx context.Context) (int, error) {
	ids, err := s.o.Almacen.Debidos(ctx, s.ahora(), s.o.Reglas.Tanda)
	if err != nil {
		return 0, err
	}
	var vistos atomic.Int64
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(max(1, s.o.Reglas.Paralelo))
	for _, id := range ids {
		g.Go(func() error {
			vistos.Add(1)
			return s.cuidar(ctx, id)
		})
	}
	err = g.Wait()
	return int(vistos.Load()), err
}

// cuidar looks after one cobro. What the gateway does not answer comes again later;
// other errors end the round.
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
	_, err = m.cambiar(ctx, "pagos.cita", id, func(g *Ficha) error {
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
