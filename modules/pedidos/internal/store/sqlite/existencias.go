package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/store"
	"despensa/modules/pedidos/internal/store/documentos"

	"gorm.io/gorm"
)

// existenciasSQL is store.Existencias.
type existenciasSQL struct{ t *Tienda }

var _ store.Existencias = existenciasSQL{}

// Leer is store.Existencias's.
func (s existenciasSQL) Leer(ctx context.Context, id string) (*existencias.Existencia, error) {
	doc, err := una(s.t.db.Leer(ctx).Raw("select doc from existencias where id = ?", id), columna[[]byte], store.ErrNoExiste)
	if err != nil {
		return nil, fallo(ctx, "pedidos.existencia", err)
	}
	e, err := documentos.Descodificar(doc)
	if err != nil {
		return nil, &store.Ilegible{ID: id, Err: err}
	}
	return e, nil
}

// LeerProductos is store.Existencias's.
func (s existenciasSQL) LeerProductos(ctx context.Context, productos []string) ([]*existencias.Existencia, error) {
	if len(productos) == 0 {
		return nil, nil
	}
	es, _, err := abrirSanos(s.t.db.Leer(ctx).Raw(
		"select doc from existencias where producto in (?) order by id", productos), documentos.Descodificar)
	return es, fallo(ctx, "pedidos.existencias", err)
}

// Disponibles is store.Existencias's.
func (s existenciasSQL) Disponibles(ctx context.Context, minimos map[string]time.Time) (map[string]int64, error) {
	out := make(map[string]int64, len(minimos))
	if len(minimos) == 0 {
		return out, nil
	}
	productos := slices.Collect(maps.Keys(minimos))
	fs, err := filas(s.t.db.Leer(ctx).Raw(sqlDisponibles, documentos.LargoLotes, productos), leerPrincipio)
	if err != nil {
		return nil, fallo(ctx, "pedidos.disponibles", err)
	}
	for _, f := range fs {
		lotes, err := s.lotes(ctx, f)
		if err != nil {
			return nil, err
		}
		out[f.producto] += existencias.LibreEn(lotes, minimos[f.producto])
	}
	return out, nil
}

// principio is the beginning of a document of stock.
type principio struct {
	id, producto string
	doc          []byte
}

func leerPrincipio(rs *sql.Rows) (p principio, err error) {
	err = rs.Scan(&p.id, &p.producto, &p.doc)
	return p, err
}

// lotes reads the batches: of the whole document, where they are too many for its beginning.
// Stock that cannot be read has none.
func (s existenciasSQL) lotes(ctx context.Context, p principio) ([]existencias.Lote, error) {
	if lotes, ok := documentos.Lotes(p.doc); ok || len(p.doc) < documentos.LargoLotes {
		return lotes, nil
	}
	e, err := s.Leer(ctx, p.id)
	if errors.Is(err, store.ErrNoExiste) || errors.As(err, new(*store.Ilegible)) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return e.Lotes, nil
}

// FijarLote is store.Existencias's.
func (s existenciasSQL) FijarLote(ctx context.Context, producto, lote string, vence *time.Time) (*time.Time, error) {
	var fijo sql.NullInt64 // read only after the effect has been acknowledged
	err := s.t.escribir(ctx, "pedidos.fijar_lote", func(tx *gorm.DB) error {
		if _, err := ejecutar(tx, sqlNuevoLote, producto, lote, msSi(vence)); err != nil {
			return err
		}
		return tx.Raw(sqlLote, producto, lote).Row().Scan(&fijo)
	})
	if err != nil || !fijo.Valid {
		return nil, err
	}
	t := time.UnixMilli(fijo.Int64).UTC()
	return &t, nil
}

const (
	sqlNuevoLote = "insert into lotes (producto, lote, vence) values (?, ?, ?) on conflict do nothing"
	sqlLote      = "select vence from lotes where producto = ? and lote = ?"
)

const (
	sqlDisponibles    = "select id, producto, substr(doc, 1, ?) from existencias where producto in (?)"
	sqlConMovimientos = "select id from existencias where pendientes > 0 order by id limit ?"
	sqlLimpiarLapidas = `delete from lapidas where (pedido, intento, vuelta) in
(select pedido, intento, vuelta from lapidas where hasta < ? order by hasta limit ?)`
	sqlNuevaExistencia = `insert into existencias (id, producto, deposito, version, libre, pendientes, doc)
values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing`
	sqlGuardarExistencia = "update existencias set version = ?, libre = ?, pendientes = ?, doc = ? where id = ? and version = ?"
)

// Guardar is store.Existencias's.
func (s existenciasSQL) Guardar(ctx context.Context, e *existencias.Existencia) error {
	c := *e
	c.Version++
	doc, err := documentos.Codificar(&c)
	if err != nil {
		return fmt.Errorf("document: %w", err)
	}
	libre, pendientes := c.Libre(), len(c.Movimientos)
	err = s.t.escribir(ctx, "pedidos.guardar_existencia", func(tx *gorm.DB) error {
		if c.Version == 1 {
			return exigir(store.ErrConflicto, tx, sqlNuevaExistencia, c.ID, c.Producto, c.Deposito, c.Version, libre, pendientes, doc)
		}
		return exigir(store.ErrConflicto, tx, sqlGuardarExistencia, c.Version, libre, pendientes, doc, c.ID, c.Version-1)
	})
	if err == nil {
		e.Version = c.Version
	}
	return err
}

// ConMovimientos is store.Existencias's.
func (s existenciasSQL) ConMovimientos(ctx context.Context, limite int) ([]string, error) {
	ids, err := filas(s.t.db.Leer(ctx).Raw(sqlConMovimientos, limite), columna[string])
	return ids, fallo(ctx, "pedidos.con_movimientos", err)
}

// An aggregate is set aside by the sign of pendientes: every release looks for those above zero.
const (
	sqlApartarExistencia = "update existencias set pendientes = -pendientes where id = ? and pendientes > 0"
	sqlApartadas         = "select count(*) from existencias where pendientes < 0"
	sqlRetomarApartadas  = "update existencias set pendientes = -pendientes where pendientes < 0"
)

// Apartar is store.Existencias's.
func (s existenciasSQL) Apartar(ctx context.Context, id string) error {
	return s.t.escribir(ctx, "pedidos.apartar_existencia", func(tx *gorm.DB) error {
		return tx.Exec(sqlApartarExistencia, id).Error
	})
}

// Apartadas is store.Existencias's.
func (s existenciasSQL) Apartadas(ctx context.Context) (int64, error) {
	n, err := una(s.t.db.Leer(ctx).Raw(sqlApartadas), columna[int64], nil)
	return n, fallo(ctx, "pedidos.apartadas", err)
}

// Retomar is store.Existencias's.
func (s existenciasSQL) Retomar(ctx context.Context) (int64, error) {
	var n int64 // read only after the effect has been acknowledged
	err := s.t.escribir(ctx, "pedidos.retomar_existencias", func(tx *gorm.DB) (err error) {
		n, err = ejecutar(tx, sqlRetomarApartadas)
		return err
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// PonerLapida is store.Existencias's.
func (s existenciasSQL) PonerLapida(ctx context.Context, c existencias.Clave, hasta time.Time) error {
	return s.t.escribir(ctx, "pedidos.poner_lapida", func(tx *gorm.DB) error {
		_, err := ejecutar(tx, `insert into lapidas (pedido, intento, vuelta, hasta) values (?, ?, ?, ?)
on conflict (pedido, intento, vuelta) do update set hasta = excluded.hasta where lapidas.hasta < excluded.hasta`,
			c.Pedido, c.Intento, c.Vuelta, ms(hasta))
		return err
	})
}

// HayLapida is store.Existencias's.
func (s existenciasSQL) HayLapida(ctx context.Context, c existencias.Clave) (bool, error) {
	hay, err := filas(s.t.db.Leer(ctx).Raw("select pedido from lapidas where pedido = ? and intento = ? and vuelta = ?",
		c.Pedido, c.Intento, c.Vuelta), columna[string])
	return len(hay) > 0, fallo(ctx, "pedidos.lapida", err)
}

// LimpiarLapidas is store.Existencias's.
func (s existenciasSQL) LimpiarLapidas(ctx context.Context, ahora time.Time, limite int) (int, error) {
	var n int64 // read only after the effect has been acknowledged
	err := s.t.escribir(ctx, "pedidos.limpiar_lapidas", func(tx *gorm.DB) (err error) {
		n, err = ejecutar(tx, sqlLimpiarLapidas, ms(ahora), limite)
		return err
	})
	if err != nil {
		return 0, err
	}
	return int(n), nil
}
