package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/cobros"
	"despensa/platform/outbox"
	"despensa/platform/sqldb"

	"gorm.io/gorm"
)

// Store is the schema pagos. Safe for concurrent use.
type Store struct{ db *sqldb.DB }

var (
	_ cobros.Store   = (*Store)(nil)
	_ cobros.Bandeja = (*Store)(nil)
)

// New makes the store over an open schema.
func New(db *sqldb.DB) *Store { return &Store{db} }

// PorID implements cobros.Store.
func (s *Store) PorID(ctx context.Context, id string) (cobros.CobroEntero, bool, error) {
	return leer(s.db.Read(ctx), cobroPorID, id)
}

// PorOrden implements cobros.Store.
func (s *Store) PorOrden(
	ctx context.Context,
	proveedor, orden string,
) (cobros.CobroEntero, bool, error) {
	return leer(s.db.Read(ctx), cobroPorOrden, orden, proveedor)
}

// leer reads the cobro that q finds and its refunds, unless the row says that it has none. The cobro and its refunds
// are two reads: leer repeats them until the version is the same before and after.
func leer(db *gorm.DB, q string, args ...any) (cobros.CobroEntero, bool, error) {
	f, hay, ninguno, err := cobro(db, q, args...)
	for err == nil && hay && !ninguno {
		rs, err := reembolsos(db, f.ID)
		if err != nil {
			return f, false, err
		}
		if len(rs) == 0 {
			break
		}
		otra, sigue, sinOtra, err := cobro(db, cobroPorID, f.ID)
		if err != nil || otra.Version == f.Version {
			f.Reembolsos = rs
			return f, err == nil, err
		}
		f, hay, ninguno = otra, sigue, sinOtra
	}
	return f, hay && err == nil, err
}

// fallo wraps an error of the store; cobros.ErrIlegible where a row cannot be read.
func fallo(err error) error {
	if sqldb.Unreadable(err) {
		return fmt.Errorf("pagos: store: %w: %w", cobros.ErrIlegible, sqldb.Redact(err))
	}
	return fmt.Errorf("pagos: store: %w", err)
}

// Lapida implements cobros.Store.
func (s *Store) Lapida(ctx context.Context, intento pagos.Intento) (bool, error) {
	return lapida(s.db.Read(ctx), intento)
}

func lapida(db *gorm.DB, intento pagos.Intento) (bool, error) {
	var hay []int
	if err := db.Raw(hayLapida, intento.Pedido, intento.Numero).Scan(&hay).Error; err != nil {
		return false, fmt.Errorf("pagos: store: %w", err)
	}
	return len(hay) > 0, nil
}

// Iniciar implements cobros.Store. One statement inserts the cobro; why it did not is read after it.
func (s *Store) Iniciar(
	ctx context.Context,
	cobroEntero cobros.CobroEntero,
) (cobros.CobroEntero, bool, error) {
	// out and nueva are no named results: where ctx ends, the write may go on, and set them, after Iniciar has returned.
	out, nueva := cobroEntero, false
	err := s.db.Write(ctx, "pagos.iniciar", func(tx *gorm.DB) error {
		v := valores(cobroEntero)
		err := diferir(
			tx,
			1,
			cobroNuevo,
			append(v[:], cobroEntero.Pedido, cobroEntero.Intento)...)
		if out, nueva = cobroEntero, err == nil; errors.Is(err, sqldb.ErrRows) {
			out, err = existente(tx, cobroEntero)
		}
		return err
	})
	switch {
	case errors.Is(err, sqldb.ErrRows): // a PostgreSQL server reports it with the commit
		ya, err := existente(s.db.Read(ctx), cobroEntero)
		return ya, false, err
	case err != nil:
		return cobros.CobroEntero{}, false, err
	}
	return out, nueva, nil
}

// existente is the stored cobro that kept cobroEntero from being inserted. Error: pagos.ErrAnulado where a
// tombstone did.
func existente(db *gorm.DB, cobroEntero cobros.CobroEntero) (cobros.CobroEntero, error) {
	anulado, err := lapida(
		db,
		pagos.Intento{Pedido: cobroEntero.Pedido, Numero: cobroEntero.Intento},
	)
	if err != nil {
		return cobros.CobroEntero{}, err
	}
	if anulado {
		return cobros.CobroEntero{}, pagos.ErrAnulado
	}
	out, hay, err := leer(db, cobroPorID, cobroEntero.ID)
	if err == nil && !hay {
		err = errVersion
	}
	return out, err
}

// errVersion says that another writer was first; on SQLite there is only one.
var errVersion = errors.New("pagos: store: the cobro changed meanwhile")

// reintentos is how often escribir applies a change again after another writer was first.
const reintentos = 5

// Cambiar implements cobros.Store.
func (s *Store) Cambiar(ctx context.Context, cambio cobros.Cambio) (cobros.CobroEntero, error) {
	var out cobros.CobroEntero
	err := s.escribir(ctx, cambio, func(tx *gorm.DB, c cobros.Cambio) error {
		f, hay, err := aplicar(tx, c)
		if err == nil && !hay {
			err = pagos.ErrSinCobro
		}
		out = f
		return err
	})
	if err != nil {
		return cobros.CobroEntero{}, err
	}
	return out, nil
}

// IniciarCaptura is cobros.Store's: one statement.
func (s *Store) IniciarCaptura(
	ctx context.Context,
	capturaIniciada cobros.CapturaIniciada,
) (cobros.CobroEntero, bool, error) {
	var out cobros.CobroEntero
	var iniciada bool
	err := s.db.WriteSingle(ctx, "pagos.accion", func(tx *gorm.DB) (err error) {
		out, iniciada, _, err = cobro(
			tx,
			cobroTomado,
			capturaIniciada.Hasta.UnixMilli(),
			capturaIniciada.Debe.UnixMilli(),
			capturaIniciada.Ahora.UnixMilli(),
			capturaIniciada.ID,
		)
		return err
	})
	if err != nil {
		return cobros.CobroEntero{}, false, err
	}
	return out, iniciada, nil
}

// Anular implements cobros.Store.
func (s *Store) Anular(
	ctx context.Context,
	intento pagos.Intento,
	cambio cobros.Cambio,
) (cobros.CobroEntero, bool, error) {
	var out cobros.CobroEntero
	var hay bool
	err := s.escribir(ctx, cambio, func(tx *gorm.DB, c cobros.Cambio) error {
		err := diferir(
			tx,
			sqldb.AnyNumber,
			lapidaNueva,
			intento.Pedido,
			intento.Numero,
			c.Ahora.UnixMilli(),
		)
		if err != nil {
			return err
		}
		out, hay, err = aplicar(tx, c)
		return err
	})
	if err != nil {
		return cobros.CobroEntero{}, false, err
	}
	return out, hay, nil
}

// escribir runs f in a transaction. Where another writer changed the cobro meanwhile, it runs f again, up to reintentos
// times, on the cobro as it is then stored. Errors: those of f; errVersion when every try met a change.
func (s *Store) escribir(
	ctx context.Context,
	cambio cobros.Cambio,
	f func(tx *gorm.DB, c cobros.Cambio) error,
) error {
	for range 1 + reintentos { // the first turn tries c.Desde
		err := s.db.Write(ctx, cambio.Nombre, func(tx *gorm.DB) error { return f(tx, cambio) })
		if !errors.Is(err, errVersion) && !errors.Is(err, sqldb.ErrRows) {
			return err
		}
		cambio.Desde = nil
	}
	return errVersion
}

// aplicar applies cambio to cambio.Desde, where that is given and the row still has its version; else it reads the
// cobro, changes it and saves it. False when there is no such cobro. A PostgreSQL server reports a row of another
// version only with the commit.
func aplicar(tx *gorm.DB, cambio cobros.Cambio) (cobros.CobroEntero, bool, error) {
	if cambio.Desde != nil {
		f, err := cambiada(*cambio.Desde, cambio)
		if err == nil && !f.Igual(*cambio.Desde) {
			if err := guardar(tx, *cambio.Desde, &f, cambio); !errors.Is(err, sqldb.ErrRows) {
				return f, true, err
			}
		}
	}
	antes, hay, err := leer(tx, cobroPorID, cambio.ID)
	if err != nil || !hay {
		return antes, hay, err
	}
	f, err := cambiada(antes, cambio)
	if err != nil || f.Igual(antes) {
		return f, true, err
	}
	return f, true, guardar(tx, antes, &f, cambio)
}

// cambiada is antes after cambio, with a copy of its refunds.
func cambiada(antes cobros.CobroEntero, cambio cobros.Cambio) (cobros.CobroEntero, error) {
	f := antes
	f.Reembolsos = slices.Clone(antes.Reembolsos)
	err := cambio.Hacer(&f)
	return f, err
}

// guardar saves cobroEntero, with its refunds and its notice, as the version after antes. A PostgreSQL server gets
// all of it together with the commit. Errors: sqldb.ErrRows when the row has another version than antes, at once or
// with the commit.
func guardar(
	tx *gorm.DB,
	antes cobros.CobroEntero,
	cobroEntero *cobros.CobroEntero,
	cambio cobros.Cambio,
) error {
	cobroEntero.Version, cobroEntero.Cambiado = antes.Version+1, cambio.Ahora
	if err := actualizar(tx, antes, *cobroEntero); err != nil {
		return err
	}
	for i, n := range cobroEntero.Reembolsos {
		if i < len(antes.Reembolsos) && antes.Reembolsos[i] == n {
			continue
		}
		err := diferir(tx, sqldb.AnyNumber, reembolsoComo,
			cobroEntero.ID, n.ID, n.Orden, int64(n.Monto), string(n.Estado), n.Ajeno, n.Motivo)
		if err != nil {
			return err
		}
	}
	if cambio.Anunciar && cobroEntero.SeAnuncia(antes) {
		return outbox.Add(
			tx,
			outbox.Notice{Pedido: cobroEntero.Pedido, Intento: cobroEntero.Intento},
		)
	}
	return nil
}

// Abandonar implements cobros.Store. It writes only when there is something in flight.
func (s *Store) Abandonar(ctx context.Context, ahora time.Time) error {
	enCurso := func(db *gorm.DB) *gorm.DB {
		return db.Model(&filaCobro{}).
			Where("debe is not null and accion <> '' and hasta > ?", ahora.UnixMilli())
	}
	var n int64
	if err := enCurso(s.db.Read(ctx)).Count(&n).Error; err != nil || n == 0 {
		return err
	}
	return s.db.Write(ctx, "pagos.abandono", func(tx *gorm.DB) error {
		cambio := map[string]any{
			"hasta":   ahora.UnixMilli(),
			"debe":    ahora.UnixMilli(),
			"version": gorm.Expr("version + 1"),
		}
		if err := enCurso(tx).Updates(cambio).Error; err != nil {
			return fmt.Errorf("pagos: store: %w", err)
		}
		return nil
	})
}
