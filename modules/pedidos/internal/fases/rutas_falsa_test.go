package fases

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"despensa/modules/rutas"
)

// rutasFalsa keeps visits. If sale, a truck leaves an hour before its window. With the window's end its visit
// has the outcome of acaba.
type rutasFalsa struct {
	m       *mundo
	visitas map[rutas.Clave]*rutas.Visita
	llenos  map[string]bool // depots without room
	sale    bool
	tarde   time.Duration // how much later than offered the next visit is booked
	acaba   func(numero int) rutas.EstadoVisita
}

func nuevaRutas(mundo *mundo) *rutasFalsa {
	return &rutasFalsa{
		m:       mundo,
		visitas: map[rutas.Clave]*rutas.Visita{},
		llenos:  map[string]bool{},
		sale:    true,
		acaba:   func(int) rutas.EstadoVisita { return rutas.Entregada },
	}
}

// ventanaDe is the first window of four hours that begins a day or more after t.
func ventanaDe(t time.Time) rutas.Ventana {
	d := t.Truncate(4 * time.Hour).Add(24 * time.Hour)
	return rutas.Ventana{Desde: d, Hasta: d.Add(4 * time.Hour)}
}

// Admite is not called by the phases.
func (f *rutasFalsa) Admite(context.Context, rutas.Punto, *rutas.Ventana) error { return nil }

func (f *rutasFalsa) Ofrecer(
	_ context.Context,
	consulta rutas.Consulta,
) (out []rutas.DepositoCercano, err error) {
	if _, err := f.m.llaman("rutas.Ofrecer"); err != nil {
		return nil, err
	}
	for _, d := range []string{"norte", "sur"} {
		x := rutas.DepositoCercano{ID: d}
		for i := range 12 {
			if !f.llenos[d] {
				x.Ventanas = append(
					x.Ventanas,
					ventanaDe(consulta.NoAntes.Add(time.Duration(i)*4*time.Hour)),
				)
			}
		}
		out = append(out, x)
	}
	return out, nil
}

// Reservar books a visit in the window asked for, or in the first one of its depot.
func (f *rutasFalsa) Reservar(_ context.Context, encargo rutas.Encargo) (rutas.Visita, error) {
	hecha, err := f.m.llaman("rutas.Reservar")
	v := f.visitas[encargo.Clave]
	switch {
	case hecha:
		return rutas.Visita{}, err
	case v != nil && v.Estado == rutas.Liberada:
		return rutas.Visita{}, rutas.ErrLiberada
	case v == nil && f.llenos[encargo.Deposito]:
		return rutas.Visita{}, rutas.ErrSinLugar
	case v == nil:
		w := ventanaDe(f.m.ahora)
		if encargo.Ventana != nil {
			w = *encargo.Ventana
		}
		if w.Desde.Before(f.m.ahora) {
			w = ventanaDe(f.m.ahora)
		}
		w.Desde, w.Hasta = w.Desde.Add(f.tarde), w.Hasta.Add(f.tarde)
		v = &rutas.Visita{
			Clave:   encargo.Clave,
			Estado:  rutas.Provisional,
			Ventana: w,
			Salida:  w.Desde.Add(-time.Hour),
		}
		f.visitas[encargo.Clave] = v
	}
	return *v, err
}

func (f *rutasFalsa) Asegurar(_ context.Context, clave rutas.Clave) (rutas.Visita, error) {
	hecha, err := f.m.llaman("rutas.Asegurar")
	v := f.visitas[clave]
	switch {
	case hecha:
		return rutas.Visita{}, err
	case v == nil:
		return rutas.Visita{}, rutas.ErrSinVisita
	case v.Estado == rutas.Liberada || v.Estado == rutas.Perdida:
		return *v, rutas.ErrLiberada
	case v.Estado == rutas.Provisional:
		v.Estado = rutas.Firme
	}
	return *v, err
}

// Liberar frees a visit, unless its truck has left.
func (f *rutasFalsa) Liberar(_ context.Context, clave rutas.Clave) error {
	hecha, err := f.m.llaman("rutas.Liberar")
	v := f.visitas[clave]
	if v == nil {
		v = &rutas.Visita{Clave: clave}
	}
	if !hecha {
		f.visitas[clave] = v
	}
	switch {
	case errors.Is(err, rutas.ErrYaSalio) && v.Estado == rutas.Firme:
		v.Estado = rutas.EnCamino // as it says
	case errors.Is(err, rutas.ErrYaSalio) && v.Estado == rutas.Provisional:
		v.Estado = rutas.Perdida // the truck left without it
	case hecha:
	case v.Estado == rutas.EnCamino || v.Estado == rutas.Entregada:
		return rutas.ErrYaSalio
	case v.Estado != rutas.Fallida && v.Estado != rutas.Perdida:
		v.Estado = rutas.Liberada
	}
	return err
}

func (f *rutasFalsa) Visita(_ context.Context, clave rutas.Clave) (rutas.Visita, error) {
	hecha, err := f.m.llaman("rutas.Visita")
	switch {
	case hecha:
		return rutas.Visita{}, err
	case f.visitas[clave] == nil:
		return rutas.Visita{}, rutas.ErrSinVisita
	}
	return *f.visitas[clave], err
}

// mover sets each visit to its state at the world's time.
func (f *rutasFalsa) mover() {
	for _, v := range f.visitas {
		salio := !f.m.ahora.Before(v.Salida)
		switch {
		case v.Estado == rutas.Firme && salio && f.sale:
			v.Estado = rutas.EnCamino
		case v.Estado == rutas.EnCamino && !f.m.ahora.Before(v.Ventana.Hasta):
			v.Estado = f.acaba(v.Numero)
		case v.Estado == rutas.Provisional && salio:
			v.Estado = rutas.Perdida
		}
	}
}

// con lists the states of the visits, by number.
func (f *rutasFalsa) con() (out []rutas.EstadoVisita) {
	claves := slices.SortedFunc(
		maps.Keys(f.visitas),
		func(a, b rutas.Clave) int { return a.Numero - b.Numero },
	)
	for _, c := range claves {
		out = append(out, f.visitas[c].Estado)
	}
	return out
}
