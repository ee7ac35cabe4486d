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
	"gorm.io/gorm/clause"
)

// Store is the schema pagos. Safe for concurrent use.
type Store struct{ db *sqldb.DB }

var (
	_ cobros.Almacen = (*Store)(nil)
	_ cobros.Bandeja = (*Store)(nil)
)

// Nuevo makes the store over an open schema.
func Nuevo(db *sqldb.DB) *Store { return &Store{db} }

// Ficha is cobros.Almacen's.
func (s *Store) Ficha(ctx context.Context, id string) (cobros.Ficha, bool, error) {
	return leer(s.db.Leer(ctx).Where("id = ?", id))
}

// PorOrden is cobros.Almacen's.
func (s *Store) PorOrden(ctx context.Context, proveedor, orden string) (cobros.Ficha, bool, error) {
	return leer(s.db.Leer(ctx).Where("orden = ? and orden <> '' and proveedor = ?", orden, proveedor))
}

// leer reads one cobro and, where money was taken, its refunds: there are none before.
// Two reads are no snapshot: it reads again until the version is the same on both sides.
func leer(q *gorm.DB) (cobros.Ficha, bool, error) {
	f, hay, err := cobro(q)
	for err == nil && hay && f.Cobrado > 0 {
		var rs []filaReembolso
		nueva := q.Session(&gorm.Session{NewDB: true})
		if err := nueva.Where("cobro = ?", f.ID).Order("orden").Find(&rs).Error; err != nil {
			return f, false, fallo(err)
		}
		if len(rs) == 0 {
			break
		}
		otra, sigue, err := cobro(nueva.Where("id = ?", f.ID))
		if err != nil || otra.Version == f.Version {
			f.Reembolsos = deReembolsos(rs)
			return f, err == nil, err
		}
		f, hay = otra, sigue
	}
	return f, hay && err == nil, err
}

// cobro reads one cobro without its refunds.
func cobro(q *gorm.DB) (cobros.Ficha, bool, error) {
	fila, hay, err := sqldb.One[filaCobro](q)
	if err != nil {
		return cobros.Ficha{}, false, fallo(err)
	}
	if !hay {
		return cobros.Ficha{}, false, nil
	}
	return cobros.Ficha{Cobro: deFila(fila)}, true, nil
}

// fallo says that err is the store's, and whether a row is to blame.
func fallo(err error) error {
	if sqldb.Unreadable(err) {
		return fmt.Errorf("pagos: store: %w: %w", cobros.ErrIlegible, sqldb.Redact(err))
	}
	return fmt.Errorf("pagos: store: %w", err)
}

// Lapida is cobros.Almacen's.
func (s *Store) Lapida(ctx context.Context, i pagos.Intento) (bool, error) {
	return lapida(s.db.Leer(ctx), i)
}

func lapida(tx *gorm.DB, i pagos.Intento) (bool, error) {
	_, hay, err := sqldb.One[filaLapida](tx.Where("pedido = ? and intento = ?", i.Pedido, i.Numero))
	if err != nil {
		return false, fmt.Errorf("pagos: store: %w", err)
	}
	return hay, nil
}

// Iniciar is cobros.Almacen's.
func (s *Store) Iniciar(ctx context.Context, f cobros.Ficha) (cobros.Ficha, bool, error) {
	var out cobros.Ficha // not results: when ctx ends they may still be written to
	var nueva bool
	err := s.db.Escribir(ctx, "pagos.iniciar", func(tx *gorm.DB) error {
		anulado, err := lapida(tx, pagos.Intento{Pedido: f.Pedido, Numero: f.Intento})
		if err != nil {
			return err
		}
		if anulado {
			return pagos.ErrAnulado
		}
		hay := false
		if out, hay, err = leer(tx.Where("id = ?", f.ID)); err != nil || hay {
			nueva = false
			return err
		}
		fila := aFila(f.Cobro)
		out, nueva = f, true
		return crear(tx, &fila)
	})
	if err != nil {
		return cobros.Ficha{}, false, err
	}
	return out, nueva, nil
}

func crear(tx *gorm.DB, fila any) error {
	if err := tx.Create(fila).Error; err != nil {
		return fmt.Errorf("pagos: store: %w", err)
	}
	return nil
}

// errVersion says that another writer was first; on SQLite there is only one.
var errVersion = errors.New("pagos: store: the cobro changed meanwhile")

// vueltas is how often a change is applied anew after another writer was first.
const vueltas = 5

// Cambiar is cobros.Almacen's.
func (s *Store) Cambiar(ctx context.Context, c cobros.Cambio) (cobros.Ficha, error) {
	var out cobros.Ficha
	err := s.escribir(ctx, c.Nombre, func(tx *gorm.DB) error {
		f, hay, err := aplicar(tx, c)
		if err == nil && !hay {
			err = pagos.ErrSinCobro
		}
		out = f
		return err
	})
	if err != nil {
		return cobros.Ficha{}, err
	}
	return out, nil
}

// Anular is cobros.Almacen's.
func (s *Store) Anular(ctx context.Context, i pagos.Intento, c cobros.Cambio) (cobros.Ficha, bool, error) {
	var out cobros.Ficha
	var hay bool
	err := s.escribir(ctx, c.Nombre, func(tx *gorm.DB) error {
		l := filaLapida{Pedido: i.Pedido, Intento: i.Numero, Creado: c.Ahora.UnixMilli()}
		if err := crear(tx.Clauses(clause.OnConflict{DoNothing: true}), &l); err != nil {
			return err
		}
		var err error
		out, hay, err = aplicar(tx, c)
		return err
	})
	if err != nil {
		return cobros.Ficha{}, false, err
	}
	return out, hay, nil
}

func (s *Store) escribir(ctx context.Context, nombre string, f func(tx *gorm.DB) error) error {
	for range vueltas {
		if err := s.db.Escribir(ctx, nombre, f); !errors.Is(err, errVersion) {
			return err
		}
	}
	return errVersion
}

// aplicar reads the cobro of c, changes it and saves it; false when there is none.
func aplicar(tx *gorm.DB, c cobros.Cambio) (cobros.Ficha, bool, error) {
	antes, hay, err := leer(tx.Where("id = ?", c.ID))
	if err != nil || !hay {
		return antes, hay, err
	}
	f := antes
	f.Reembolsos = slices.Clone(antes.Reembolsos)
	if err := c.Hacer(&f); err != nil {
		return f, true, err
	}
	if f.Cobro == antes.Cobro && slices.Equal(f.Reembolsos, antes.Reembolsos) {
		return f, true, nil
	}
	f.Version, f.Cambiado = antes.Version+1, c.Ahora
	if err := guardar(tx, antes, f); err != nil {
		return f, true, err
	}
	if c.Anunciar && f.EsNoticia(antes) {
		err = outbox.Anotar(tx, outbox.Aviso{Pedido: f.Pedido, Intento: f.Intento})
	}
	return f, true, err
}

func guardar(tx *gorm.DB, antes, f cobros.Ficha) error {
	fila := aFila(f.Cobro)
	r := tx.Where("id = ? and version = ?", f.ID, antes.Version).Select("*").Updates(&fila)
	if r.Error != nil {
		return fmt.Errorf("pagos: store: %w", r.Error)
	}
	if r.RowsAffected != 1 {
		return errVersion
	}
	for i, n := range f.Reembolsos {
		if i < len(antes.Reembolsos) && antes.Reembolsos[i] == n {
			continue
		}
		fr := aFilaReembolso(f.ID, n)
		if err := crear(tx.Clauses(clause.OnConflict{UpdateAll: true}), &fr); err != nil {
			return err
		}
	}
	return nil
}

// Debidos is cobros.Almacen's.
func (s *Store) Debidos(ctx context.Context, ahora time.Time, l cobros.Lejos, n int) ([]string, error) {
	var todos []string
	for _, debido := range cobrosDebidos(ahora, l) {
		var ids []string
		q := s.db.Leer(ctx).Model(&filaCobro{}).Where(debido.cual, debido.args...)
		if err := q.Order("debe").Limit(n-len(todos)).Pluck("id", &ids).Error; err != nil {
			return nil, fmt.Errorf("pagos: store: %w", err)
		}
		if todos = append(todos, ids...); len(todos) >= n {
			break
		}
	}
	return todos, nil
}

// condicion is a condition on debe that the index of debe answers.
type condicion struct {
	cual string
	args []any
}

// cobrosDebidos are those of cobros. Money that was taken is looked at for months, so that most rows are due far away:
// the few that are still open are found by their estado, and the sum keeps the index of debe out of it.
func cobrosDebidos(ahora time.Time, l cobros.Lejos) []condicion {
	abiertos := []pagos.Estado{pagos.Pendiente, pagos.Reservado}
	return append(debidos(ahora, l.Todos),
		condicion{"estado in ? and debe + 0 > ? and debe + 0 <= ?", []any{abiertos, l.Abiertos.UnixMilli(), l.Todos.UnixMilli()}})
}

// debidos are the conditions of what is due: first what came to be due by ahora, then what is due after lejos and has
// not been set aside.
func debidos(ahora, lejos time.Time) []condicion {
	return []condicion{
		{"debe is not null and debe <= ?", []any{ahora.UnixMilli()}},
		{"debe is not null and debe > ? and debe < ?", []any{lejos.UnixMilli(), apartada}},
	}
}

// Abandonar is cobros.Almacen's. It writes only when there is something in flight.
func (s *Store) Abandonar(ctx context.Context, ahora time.Time) error {
	enCurso := func(db *gorm.DB) *gorm.DB {
		return db.Model(&filaCobro{}).Where("debe is not null and accion <> '' and hasta > ?", ahora.UnixMilli())
	}
	var n int64
	if err := enCurso(s.db.Leer(ctx)).Count(&n).Error; err != nil || n == 0 {
		return err
	}
	return s.db.Escribir(ctx, "pagos.abandono", func(tx *gorm.DB) error {
		cambio := map[string]any{"hasta": ahora.UnixMilli(), "debe": ahora.UnixMilli(), "version": gorm.Expr("version + 1")}
		if err := enCurso(tx).Updates(cambio).Error; err != nil {
			return fmt.Errorf("pagos: store: %w", err)
		}
		return nil
	})
}
