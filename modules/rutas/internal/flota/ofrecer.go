package flota

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"despensa/modules/rutas"
)

// cercano is a depot that reaches a place.
type cercano struct {
	id    string
	viaje time.Duration
}

// cercanos gives the active depots that reach a place, by code. Errors: rutas.ErrFueraDeArea when no depot does.
func (f *Flota) cercanos(ctx context.Context, punto rutas.Punto) ([]cercano, error) {
	ds, err := f.activos(ctx)
	if err != nil {
		return nil, err
	}
	cs := make([]cercano, 0, len(ds))
	for _, d := range ds {
		viaje, err := f.alcance(d, punto)
		switch {
		case err == nil:
			cs = append(cs, cercano{id: d.ID, viaje: viaje})
		case !errors.Is(err, rutas.ErrFueraDeArea):
			return nil, err
		}
	}
	if len(cs) == 0 {
		return nil, rutas.ErrFueraDeArea
	}
	return cs, nil
}

// Ofrecer implements rutas.Servicio.
func (f *Flota) Ofrecer(
	ctx context.Context,
	consulta rutas.Consulta,
) ([]rutas.DepositoCercano, error) {
	cs, err := f.cercanos(ctx, consulta.Punto)
	if err != nil {
		return nil, err
	}
	if err := f.leerAgendas(ctx, cosas(cs, func(c cercano) string { return c.id })); err != nil {
		return nil, err
	}
	out := make([]rutas.DepositoCercano, 0, len(cs))
	for _, x := range cs {
		v, err := ventanas(
			f.agendados(ctx, x.id),
			f.pedir(consulta.Carga, x.viaje, consulta.NoAntes),
			max(consulta.Limite, 1),
		)
		if err != nil {
			return nil, err
		}
		out = append(out, rutas.DepositoCercano{ID: x.id, Viaje: x.viaje, Ventanas: v})
	}
	slices.SortStableFunc(
		out,
		func(a, b rutas.DepositoCercano) int { return cmp.Compare(a.Viaje, b.Viaje) },
	)
	return out, nil
}

// PrimeraVentana gives the end of the earliest window in which any active depot has room for an order of 1 g and 1 ml
// at its own door; zero: no depot has any.
func (f *Flota) PrimeraVentana(ctx context.Context) (hasta time.Time, err error) {
	ds, err := f.activos(ctx)
	if err != nil {
		return hasta, err
	}
	if err := f.leerAgendas(ctx, cosas(ds, func(d Deposito) string { return d.ID })); err != nil {
		return hasta, err
	}
	d := f.pedir(rutas.Carga{PesoGramos: 1, VolumenML: 1}, 0, f.ahora())
	for _, deposito := range ds {
		vs, err := ventanas(f.agendados(ctx, deposito.ID), d, 1)
		if err != nil {
			return time.Time{}, err
		}
		for _, v := range vs {
			if hasta.IsZero() || v.Hasta.Before(hasta) {
				hasta = v.Hasta
			}
		}
	}
	return hasta, nil
}
