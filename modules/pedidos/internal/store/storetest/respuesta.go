package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"despensa/modules/pedidos/internal/catalogo"
	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
)

// errSinRespuesta stands for an answer that was lost after the write.
var errSinRespuesta = errors.New("storetest: the write was applied, its answer is lost")

// perder gives the time-out that hides a success.
func perder(err error) error {
	if err == nil {
		return errSinRespuesta
	}
	return err
}

// perdida applies every write and answers with a time-out. The order that it is handed keeps its
// version, since a caller without an answer knows no new version.
type perdida struct{ store.Pedidos }

func (s perdida) Insertar(ctx context.Context, ped *pedido.Pedido) error {
	return perder(s.Pedidos.Insertar(ctx, ped))
}

func (s perdida) Guardar(ctx context.Context, ped *pedido.Pedido) error {
	c := *ped
	return perder(s.Pedidos.Guardar(ctx, &c))
}

func (s perdida) Reclamar(
	ctx context.Context,
	quien string,
	ahora, hasta time.Time,
) (*pedido.Pedido, error) {
	_, err := s.Pedidos.Reclamar(ctx, quien, ahora, hasta)
	return nil, perder(err)
}

func (s perdida) ReclamarLejano(
	ctx context.Context, lejos []store.Lejos, quien string, ahora, hasta time.Time,
) (*pedido.Pedido, error) {
	_, err := s.Pedidos.ReclamarLejano(ctx, lejos, quien, ahora, hasta)
	return nil, perder(err)
}

func (s perdida) Tomar(
	ctx context.Context,
	id, quien string,
	ahora, hasta time.Time,
) (*pedido.Pedido, error) {
	_, err := s.Pedidos.Tomar(ctx, id, quien, ahora, hasta)
	return nil, perder(err)
}

func (s perdida) SoltarLeases(ctx context.Context, ahora time.Time) (int64, error) {
	_, err := s.Pedidos.SoltarLeases(ctx, ahora)
	return 0, perder(err)
}

func (s perdida) Publicar(
	ctx context.Context,
	es map[string][]pedido.Evento,
	publicaciones ...store.Publicacion,
) error {
	return perder(s.Pedidos.Publicar(ctx, es, publicaciones...))
}

func (s perdida) Publicadas(ctx context.Context, publicaciones []store.Publicacion) error {
	return perder(s.Pedidos.Publicadas(ctx, publicaciones))
}

func (s perdida) Asentar(ctx context.Context, limite int) (int, error) {
	_, err := s.Pedidos.Asentar(ctx, limite)
	return 0, perder(err)
}

// perdidaExistencias is perdida for stock.
type perdidaExistencias struct{ store.Existencias }

func (s perdidaExistencias) Guardar(
	ctx context.Context,
	existencia *existencias.Existencia,
) error {
	c := *existencia
	return perder(s.Existencias.Guardar(ctx, &c))
}

func (s perdidaExistencias) CambiarMotivo(ctx context.Context, id, de, a string) error {
	return perder(s.Existencias.CambiarMotivo(ctx, id, de, a))
}

func (s perdidaExistencias) GuardarMovimientos(
	ctx context.Context,
	movimientos []existencias.Movimiento,
) error {
	return perder(s.Existencias.GuardarMovimientos(ctx, movimientos))
}

func (s perdidaExistencias) PonerLapida(
	ctx context.Context,
	clave existencias.Clave,
	hasta time.Time,
) error {
	return perder(s.Existencias.PonerLapida(ctx, clave, hasta))
}

func (s perdidaExistencias) LimpiarLapidas(
	ctx context.Context,
	ahora time.Time,
	limite int,
) (int, error) {
	return 0, perder(soloError(s.Existencias.LimpiarLapidas(ctx, ahora, limite)))
}

// perdidaProductos is perdida for the catalogue.
type perdidaProductos struct{ store.Productos }

func (s perdidaProductos) Insertar(ctx context.Context, producto *catalogo.Producto) error {
	return perder(s.Productos.Insertar(ctx, producto))
}

func (s perdidaProductos) Guardar(ctx context.Context, producto *catalogo.Producto) error {
	c := *producto
	return perder(s.Productos.Guardar(ctx, &c))
}

// dosVeces calls f on the port that loses its answer, then on the port itself, and
// gives the second answer.
func dosVeces[P any](t testing.TB, que string, sin, con P, f func(P) error) error {
	t.Helper()
	espera(t, que, f(sin), errSinRespuesta)
	return f(con)
}

// respuestasPerdidas: a caller may repeat any write of orders after its answer was lost.
func respuestasPerdidas(t testing.TB, puertos Puertos) {
	ctx, s := context.Background(), store.Pedidos(perdida{puertos.Pedidos})
	v := nuevo(1)
	err := dosVeces(
		t,
		"Insertar",
		s,
		puertos.Pedidos,
		func(s store.Pedidos) error { return s.Insertar(ctx, v) },
	)
	espera(t, "Insertar again", err, store.ErrRepetido)
	parecidos(t, "inserted", leer(t, puertos, v.ID), v)

	leido := leer(t, puertos, v.ID)
	leido.Anotar("nota", "", t0)
	err = dosVeces(
		t,
		"Guardar",
		s,
		puertos.Pedidos,
		func(s store.Pedidos) error { return s.Guardar(ctx, leido) },
	)
	espera(t, "Guardar again", err, store.ErrConflicto)
	v = leer(t, puertos, v.ID)
	igual(t, "version", v.Version, 2)
	igual(t, "events", len(v.Eventos), 2)

	err = dosVeces(t, "Reclamar", s, puertos.Pedidos, func(s store.Pedidos) error {
		return solo(s.Reclamar(ctx, "a", t0.Add(minuto), t0.Add(2*minuto)))
	})
	espera(t, "Reclamar again", err, store.ErrNadaQueHacer)
	espera(t, "save of who read before", puertos.Pedidos.Guardar(ctx, v), store.ErrConflicto)
	err = dosVeces(t, "Tomar", s, puertos.Pedidos, func(s store.Pedidos) error {
		return solo(s.Tomar(ctx, v.ID, "a", t0.Add(minuto), t0.Add(2*minuto)))
	})
	espera(t, "Tomar again by the same", err, nil)
	// The lost lease runs out.
	dado(
		puertos.Pedidos.Reclamar(ctx, "b", t0.Add(3*minuto), t0.Add(4*minuto)),
	)(
		t,
	)
	err = dosVeces(t, "SoltarLeases", s, puertos.Pedidos, func(s store.Pedidos) error {
		return solo(s.SoltarLeases(ctx, t0.Add(3*minuto)))
	})
	espera(t, "SoltarLeases again", err, nil)
	igual(t, "holder", leer(t, puertos, v.ID).Duenio, "")

	v = leer(t, puertos, v.ID)
	err = dosVeces(t, "Publicar", s, puertos.Pedidos, func(s store.Pedidos) error {
		return s.Publicar(ctx, map[string][]pedido.Evento{v.ID: v.Eventos})
	})
	espera(t, "Publicar again", err, nil)
	parecidos(t, "published", dado(puertos.Pedidos.Eventos(ctx, v.ID, 0, 9))(t), v.Eventos)
	err = dosVeces(t, "Publicadas", s, puertos.Pedidos, func(s store.Pedidos) error {
		return s.Publicadas(ctx, []store.Publicacion{{Pedido: v.ID, Hasta: 2}})
	})
	espera(t, "Publicadas again", err, nil)
	igual(t, "the mark", leer(t, puertos, v.ID).Publicados, 2)
}

// respuestasPerdidasExistencias is respuestasPerdidas for stock and the catalogue.
func respuestasPerdidasExistencias(t testing.TB, puertos Puertos) {
	ctx, s := context.Background(), store.Existencias(perdidaExistencias{puertos.Existencias})
	e := existencias.New(id(2, 1), id(5, 1))
	bien(t, e.Mover(existencias.Movimiento{ID: "m", Cantidad: 10, En: t0}, "", nil))
	guardar := func(s store.Existencias) error { return s.Guardar(ctx, e) }
	espera(
		t,
		"Guardar of a new one again",
		dosVeces(t, "Guardar", s, puertos.Existencias, guardar),
		store.ErrConflicto,
	)
	e = dado(puertos.Existencias.Leer(ctx, e.ID))(t)
	bien(t, e.Reservar(clave(1), existencias.Demanda{Cantidad: 3}))
	espera(
		t,
		"Guardar again",
		dosVeces(t, "Guardar", s, puertos.Existencias, guardar),
		store.ErrConflicto,
	)
	e = dado(puertos.Existencias.Leer(ctx, e.ID))(t)
	igual(t, "version", e.Version, 2)
	// The caller reserves again after the conflict.
	bien(t, e.Reservar(clave(1), existencias.Demanda{Cantidad: 3}))
	igual(t, "free", e.Libre(), 7)

	err := dosVeces(
		t,
		"GuardarMovimientos",
		s,
		puertos.Existencias,
		func(s store.Existencias) error {
			return s.GuardarMovimientos(ctx, e.Movimientos)
		},
	)
	espera(t, "GuardarMovimientos again", err, nil)
	err = dosVeces(t, "CambiarMotivo", s, puertos.Existencias, func(s store.Existencias) error {
		return s.CambiarMotivo(ctx, e.Movimientos[0].ID, e.Movimientos[0].Motivo, "otro")
	})
	espera(t, "CambiarMotivo again", err, nil)
	f := store.FiltroMovimientos{Producto: e.Producto}
	igual(
		t,
		"movements",
		len(dado(puertos.Existencias.ListarMovimientos(ctx, f, nil, 9))(t)),
		1,
	)
	err = dosVeces(t, "PonerLapida", s, puertos.Existencias, func(s store.Existencias) error {
		return s.PonerLapida(ctx, clave(1), t0)
	})
	espera(t, "PonerLapida again", err, nil)
	igual(t, "the tombstone", dado(puertos.Existencias.HayLapida(ctx, clave(1)))(t), true)
	err = dosVeces(
		t,
		"LimpiarLapidas",
		s,
		puertos.Existencias,
		func(s store.Existencias) error {
			return soloError(s.LimpiarLapidas(ctx, t0.Add(minuto), 9))
		},
	)
	espera(t, "LimpiarLapidas again", err, nil)

	q, qs := producto(1), store.Productos(perdidaProductos{puertos.Productos})
	err = dosVeces(
		t,
		"Productos.Insertar",
		qs,
		puertos.Productos,
		func(s store.Productos) error { return s.Insertar(ctx, q) },
	)
	espera(t, "Productos.Insertar again", err, store.ErrRepetido)
	err = dosVeces(
		t,
		"Productos.Guardar",
		qs,
		puertos.Productos,
		func(s store.Productos) error { return s.Guardar(ctx, q) },
	)
	espera(t, "Productos.Guardar again", err, store.ErrConflicto)
	igual(
		t,
		"version of the product",
		dado(puertos.Productos.Leer(ctx, []string{q.ID}))(t)[0].Version,
		2,
	)
}
