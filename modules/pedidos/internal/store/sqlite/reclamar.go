package sqlite

import (
	"context"
	"errors"
	"time"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
	"despensa/platform/skew"

	"gorm.io/gorm"
)

// arriendo is a lease to be given.
type arriendo struct {
	quien        string
	ahora, hasta time.Time
	debido       bool // the order is due from ahora on, whatever it was before
}

// dar leases ped inside tx and stores it.
func (a arriendo) dar(tx *gorm.DB, ped *pedido.Pedido) error {
	ped.Anterior = ped.Duenio
	ped.Duenio, ped.Lease, ped.Version = a.quien, pedido.Instante(a.hasta), ped.Version+1
	if a.debido {
		ped.Deber(a.ahora)
	}
	f, err := aFila(ped)
	if err != nil {
		return err
	}
	return f.guardar(tx)
}

// Orders in an estado that only a later release knows are left out. The plus keeps the query on
// the index of debe.
const (
	reclamable  = " from pedidos where debe <= ? and lease < ? and +estado in ? order by debe, id limit 1"
	sqlHay      = "select id" + reclamable
	sqlReclamar = "select " + columnas + reclamable
)

// Orders that a worker with a clock that was ahead has saved. "not between" is no range, so that SQLite keeps to the
// index of debe.
const (
	lejano = " from pedidos where debe > ? and lease not between ? and ? and +estado in ? " +
		"order by debe, id limit 1"
	retenido       = " from pedidos where debe <= ? and lease > ? and +estado in ? order by debe, id limit 1"
	sqlHayLejano   = "select id" + lejano
	sqlLejano      = "select " + columnas + lejano
	sqlHayRetenido = "select id" + retenido
	sqlRetenido    = "select " + columnas + retenido
)

// Reclamar implements store.Pedidos. A look without a lock comes first, so that a claim
// that finds no order costs no write.
func (s pedidos) Reclamar(
	ctx context.Context,
	quien string,
	ahora, hasta time.Time,
) (*pedido.Pedido, error) {
	look := s.t.db.Read(ctx).Raw(sqlHay, ms(ahora), ms(ahora), pedido.Estados())
	if _, err := una(look, columna[string], store.ErrNadaQueHacer); err != nil {
		return nil, fallo(ctx, "pedidos.reclamar", err)
	}
	a := arriendo{quien: quien, ahora: ahora, hasta: hasta}
	return s.arrendar(ctx, "pedidos.reclamar", a, func(tx *gorm.DB) (*pedido.Pedido, error) {
		return unPedido(
			tx.Raw(sqlReclamar, ms(ahora), ms(ahora), pedido.Estados()),
			store.ErrNadaQueHacer,
		)
	})
}

// ReclamarLejano implements store.Pedidos. Looks without a lock come first, as in Reclamar.
func (s pedidos) ReclamarLejano(
	ctx context.Context, lejos []store.Lejos, quien string, ahora, hasta time.Time,
) (*pedido.Pedido, error) {
	tope := ms(skew.LeaseLimit(ahora))
	type look struct {
		hay, leer string
		args      []any
	}
	looks := []look{
		{
			hay:  sqlHayRetenido,
			leer: sqlRetenido,
			args: []any{ms(ahora), tope, pedido.Estados()},
		},
	}
	for _, l := range lejos {
		args := []any{ms(l.Hasta), ms(ahora), tope, l.Estados}
		looks = append(looks, look{hay: sqlHayLejano, leer: sqlLejano, args: args})
	}
	for _, l := range looks {
		_, err := una(
			s.t.db.Read(ctx).Raw(l.hay, l.args...),
			columna[string],
			store.ErrNadaQueHacer,
		)
		switch {
		case errors.Is(err, store.ErrNadaQueHacer):
			continue
		case err != nil:
			return nil, fallo(ctx, "pedidos.reclamar_lejano", err)
		}
		a := arriendo{quien: quien, ahora: ahora, hasta: hasta}
		return s.arrendar(
			ctx,
			"pedidos.reclamar_lejano",
			a,
			func(tx *gorm.DB) (*pedido.Pedido, error) {
				return unPedido(tx.Raw(l.leer, l.args...), store.ErrNadaQueHacer)
			},
		)
	}
	return nil, store.ErrNadaQueHacer
}

// Tomar implements store.Pedidos. The worker that holds the lease already may take it again.
func (s pedidos) Tomar(
	ctx context.Context,
	id, quien string,
	ahora, hasta time.Time,
) (*pedido.Pedido, error) {
	a := arriendo{quien: quien, ahora: ahora, hasta: hasta, debido: true}
	return s.arrendar(ctx, "pedidos.tomar", a, func(tx *gorm.DB) (*pedido.Pedido, error) {
		p, err := unPedido(porID(tx, id), store.ErrNoExiste)
		ajeno := err == nil && p.Duenio != quien && !p.Lease.Before(ahora) &&
			!p.Lease.After(skew.LeaseLimit(ahora))
		if err == nil && (ajeno || !p.Estado.Conocido()) {
			return nil, store.ErrNadaQueHacer
		}
		return p, err
	})
}

// arrendar leases the order that elegir finds, or sets it aside when it is unreadable. Errors: those of elegir.
func (s pedidos) arrendar(
	ctx context.Context,
	nombre string,
	arriendo arriendo,
	elegir func(*gorm.DB) (*pedido.Pedido, error),
) (*pedido.Pedido, error) {
	var out *pedido.Pedido // out and roto are read only after the write has been acknowledged
	var roto *store.Ilegible
	err := s.t.escribir(ctx, nombre, func(tx *gorm.DB) error {
		p, err := elegir(tx)
		if roto = nil; errors.As(err, &roto) {
			return apartar(tx, roto)
		}
		if err != nil {
			return err
		}
		out = p
		return arriendo.dar(tx, p)
	})
	if err != nil {
		return nil, err
	}
	if roto != nil {
		return nil, s.t.apartado(roto)
	}
	return out, nil
}

// Leases that run: of orders that are due at some time (debe), and of orders that are not. Each query has an index.
const (
	vigentes = " from pedidos where debe is not null and lease >= ?"
	ociosos  = " from pedidos where debe is null and lease > 0 and lease >= ?"

	sqlHayVigentes = "select id" + vigentes + " union all select id" + ociosos + " limit 1"
	sqlVigentes    = "select " + columnas + vigentes + " union all select " + columnas + ociosos
)

// SoltarLeases implements store.Pedidos. Versions grow, so that no former holder can save.
func (s pedidos) SoltarLeases(ctx context.Context, ahora time.Time) (n int64, err error) {
	hay, err := filas(
		s.t.db.Read(ctx).Raw(sqlHayVigentes, ms(ahora), ms(ahora)),
		columna[string],
	)
	if err != nil || len(hay) == 0 {
		return 0, fallo(ctx, "pedidos.soltar", err)
	}
	err = s.t.escribir(ctx, "pedidos.soltar", func(tx *gorm.DB) (err error) {
		n, err = soltar(tx, ahora)
		return err
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// soltar ends the leases that run at ahora inside tx, sets unreadable orders aside and gives the number of ended
// leases.
func soltar(tx *gorm.DB, ahora time.Time) (int64, error) {
	ps, rotos, err := losPedidos(tx.Raw(sqlVigentes, ms(ahora), ms(ahora)))
	if err == nil {
		err = apartar(tx, rotos...)
	}
	if err != nil {
		return 0, err
	}
	for _, p := range ps {
		if err := (arriendo{}).dar(tx, p); err != nil {
			return 0, err
		}
	}
	return int64(len(ps)), nil
}
