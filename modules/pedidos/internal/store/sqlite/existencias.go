package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/store"
	"despensa/modules/pedidos/internal/store/documentos"

	"gorm.io/gorm"
)

// existenciasSQL is the store.Existencias of a Tienda.
type existenciasSQL struct{ t *Tienda }

var _ store.Existencias = existenciasSQL{}

// sqlConsultar answers a store.Cuestion in one statement, and so as of one moment. Its arguments are lists in JSON.
const sqlConsultar = `select 'e', id, 0, 0, doc from existencias where id in (select value from json_each(?))
union all
select 'l', l.pedido, l.intento, l.vuelta, null from json_each(?) c cross join lapidas l
	on l.pedido = json_extract(c.value, '$[0]') and l.intento = json_extract(c.value, '$[1]')
	and l.vuelta = json_extract(c.value, '$[2]')
union all
select 'm', id, 0, 0, doc from movimientos where id in (select value from json_each(?))`

// hallazgo is a row of sqlConsultar.
type hallazgo struct {
	clase, id       string
	intento, vuelta int64
	doc             []byte
}

func leerHallazgo(rows *sql.Rows) (h hallazgo, err error) {
	err = rows.Scan(&h.clase, &h.id, &h.intento, &h.vuelta, &h.doc)
	return h, err
}

// anotar puts h into respuesta.
func (h hallazgo) anotar(respuesta store.Respuesta) {
	switch h.clase {
	case "e":
		e, err := documentos.Descodificar(h.doc)
		if err != nil {
			respuesta.Rotos[h.id] = &store.Ilegible{ID: h.id, Err: err}
			return
		}
		respuesta.Existencias[h.id] = e
	case "l":
		respuesta.Lapidas[existencias.Clave{Pedido: h.id, Intento: h.intento, Vuelta: h.vuelta}] = true
	case "m":
		m, err := documentos.Decode[existencias.Movimiento](h.doc)
		if err != nil {
			respuesta.Rotos[h.id] = &store.Ilegible{ID: h.id, Err: err}
			return
		}
		respuesta.Movimientos[h.id] = *m
	}
}

// Consultar implements store.Existencias.
func (s existenciasSQL) Consultar(
	ctx context.Context,
	cuestion store.Cuestion,
) (store.Respuesta, error) {
	r := store.NewRespuesta()
	claves := make([][3]any, 0, len(cuestion.Claves))
	for _, c := range cuestion.Claves {
		claves = append(claves, [3]any{c.Pedido, c.Intento, c.Vuelta})
	}
	consulta := s.t.db.Read(ctx).
		Raw(sqlConsultar, lista(cuestion.Existencias), lista(claves), lista(cuestion.Movimientos))
	hs, err := filas(consulta, leerHallazgo)
	if err != nil {
		return r, fallo(ctx, "pedidos.existencias", err)
	}
	for _, h := range hs {
		h.anotar(r)
	}
	return r, nil
}

// Leer implements store.Existencias.
func (s existenciasSQL) Leer(ctx context.Context, id string) (*existencias.Existencia, error) {
	r, err := s.Consultar(ctx, store.Cuestion{Existencias: []string{id}})
	if err != nil {
		return nil, err
	}
	return r.Existencia(id)
}

// LeerProductos implements store.Existencias.
func (s existenciasSQL) LeerProductos(
	ctx context.Context,
	productos []string,
) ([]*existencias.Existencia, error) {
	if len(productos) == 0 {
		return nil, nil
	}
	es, _, err := abrirSanos(
		s.t.db.Read(ctx).Raw(sqlDeProductos, lista(productos)),
		documentos.Descodificar,
	)
	return es, fallo(ctx, "pedidos.existencias", err)
}

// Lotes implements store.Existencias.
func (s existenciasSQL) Lotes(
	ctx context.Context,
	productos []string,
) ([]existencias.EnDeposito, error) {
	if len(productos) == 0 {
		return nil, nil
	}
	fs, err := filas(
		s.t.db.Read(ctx).Raw(sqlLotes, documentos.LargoLotes, lista(productos)),
		leerPrincipio,
	)
	if err != nil {
		return nil, fallo(ctx, "pedidos.lotes", err)
	}
	out := make([]existencias.EnDeposito, len(fs))
	for i, f := range fs {
		lotes, err := s.lotes(ctx, f)
		if err != nil {
			return nil, err
		}
		out[i] = existencias.EnDeposito{
			Producto: f.producto,
			Deposito: f.deposito,
			Lotes:    lotes,
		}
	}
	return out, nil
}

// principio is the beginning of a document of stock.
type principio struct {
	id, producto, deposito string
	doc                    []byte
}

func leerPrincipio(rows *sql.Rows) (p principio, err error) {
	err = rows.Scan(&p.id, &p.producto, &p.deposito, &p.doc)
	return p, err
}

// lotes gives the batches of principio. It reads the whole document where the batches are too many for its beginning.
// Stock that cannot be read has no batches.
func (s existenciasSQL) lotes(
	ctx context.Context,
	principio principio,
) ([]existencias.Lote, error) {
	if lotes, ok := documentos.Lotes(principio.doc); ok ||
		len(principio.doc) < documentos.LargoLotes {
		return lotes, nil
	}
	e, err := s.Leer(ctx, principio.id)
	if errors.Is(err, store.ErrNoExiste) || errors.As(err, new(*store.Ilegible)) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return e.Lotes, nil
}

// FijarLote implements store.Existencias.
func (s existenciasSQL) FijarLote(
	ctx context.Context,
	producto, lote string,
	vence *time.Time,
) (*time.Time, error) {
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
	sqlLotes = `select id, producto, deposito, substr(doc, 1, ?) from existencias
where producto in (select value from json_each(?))`
	sqlConMovimientos = "select id from existencias where pendientes > 0 order by id limit ?"
	sqlLimpiarLapidas = `delete from lapidas where (pedido, intento, vuelta) in
(select pedido, intento, vuelta from lapidas where hasta < ? order by hasta limit ?)`
	sqlDeProductos     = "select doc from existencias where producto in (select value from json_each(?)) order by id"
	sqlNuevaExistencia = `insert into existencias (id, producto, deposito, version, libre, pendientes, doc)
values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing`
)

// sqlGuardarExistencias saves an aggregate for each row of arguments; a row of nulls saves none. A single aggregate
// needs no table of values, in which SQLite would copy its document.
var sqlGuardarExistencias = porTandas(
	"with v (version, libre, pendientes, doc, id, leida) as (values ",
	"(?, ?, ?, ?, ?, ?)",
	`)
update existencias set version = v.version, libre = v.libre, pendientes = v.pendientes, doc = v.doc
from v where existencias.id = v.id and existencias.version = v.leida`,
).
	una("update existencias set version = ?, libre = ?, pendientes = ?, doc = ? where id = ? and version = ?")

// Guardar implements store.Existencias.
func (s existenciasSQL) Guardar(ctx context.Context, existencia *existencias.Existencia) error {
	return s.GuardarVarias(ctx, []*existencias.Existencia{existencia}, nil)
}

// Juntas implements store.Existencias.
func (s existenciasSQL) Juntas() bool { return true }

// GuardarVarias implements store.Existencias.
func (s existenciasSQL) GuardarVarias(
	ctx context.Context, es []*existencias.Existencia, ms []existencias.Movimiento,
) error {
	nuevas, viejas, err := filasExistencia(es)
	if err != nil {
		return err
	}
	movimientos, err := filasMovimiento(ms)
	if err != nil {
		return err
	}
	err = s.t.escribir(ctx, "pedidos.guardar_existencia", func(tx *gorm.DB) error {
		for _, f := range nuevas {
			if err := exigir(store.ErrConflicto, tx, sqlNuevaExistencia, f...); err != nil {
				return err
			}
		}
		n, err := sqlGuardarExistencias.ejecutar(tx, viejas)
		if err == nil && n != int64(len(viejas)) {
			err = store.ErrConflicto
		}
		if err == nil {
			_, err = sqlNuevosMovimientos.ejecutar(tx, movimientos)
		}
		return err
	})
	if err == nil {
		for _, e := range es {
			e.Version++
		}
	}
	return err
}

// filasExistencia are the rows of arguments for es: nuevas for aggregates that are inserted (Version 0), viejas for
// aggregates that are updated.
func filasExistencia(es []*existencias.Existencia) (nuevas, viejas [][]any, _ error) {
	for _, e := range es {
		c := *e
		c.Version++
		doc, err := documentos.Codificar(&c)
		if err != nil {
			return nil, nil, fmt.Errorf("document: %w", err)
		}
		libre, pendientes := c.Libre(), len(c.Movimientos)
		if e.Version == 0 {
			nuevas = append(
				nuevas,
				[]any{c.ID, c.Producto, c.Deposito, c.Version, libre, pendientes, doc},
			)
			continue
		}
		viejas = append(viejas, []any{c.Version, libre, pendientes, doc, c.ID, e.Version})
	}
	return nuevas, viejas, nil
}

// ConMovimientos implements store.Existencias.
func (s existenciasSQL) ConMovimientos(ctx context.Context, limite int) ([]string, error) {
	ids, err := filas(s.t.db.Read(ctx).Raw(sqlConMovimientos, limite), columna[string])
	return ids, fallo(ctx, "pedidos.con_movimientos", err)
}

// An aggregate with negative pendientes is set aside: every release publishes only aggregates with pendientes above 0.
const (
	sqlApartarExistencia = "update existencias set pendientes = -pendientes where id = ? and pendientes > 0"
	sqlApartadas         = "select count(*) from existencias where pendientes < 0"
	sqlRetomarApartadas  = "update existencias set pendientes = -pendientes where pendientes < 0"
)

// Apartar implements store.Existencias.
func (s existenciasSQL) Apartar(ctx context.Context, id string) error {
	return s.t.escribir(ctx, "pedidos.apartar_existencia", func(tx *gorm.DB) error {
		return tx.Exec(sqlApartarExistencia, id).Error
	})
}

// Apartadas implements store.Existencias.
func (s existenciasSQL) Apartadas(ctx context.Context) (int64, error) {
	n, err := una(s.t.db.Read(ctx).Raw(sqlApartadas), columna[int64], nil)
	return n, fallo(ctx, "pedidos.apartadas", err)
}

// Retomar implements store.Existencias.
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

// PonerLapida implements store.Existencias.
func (s existenciasSQL) PonerLapida(
	ctx context.Context,
	clave existencias.Clave,
	hasta time.Time,
) error {
	return s.t.escribir(ctx, "pedidos.poner_lapida", func(tx *gorm.DB) error {
		_, err := ejecutar(
			tx,
			`insert into lapidas (pedido, intento, vuelta, hasta) values (?, ?, ?, ?)
on conflict (pedido, intento, vuelta) do update set hasta = excluded.hasta where lapidas.hasta < excluded.hasta`,
			clave.Pedido,
			clave.Intento,
			clave.Vuelta,
			ms(hasta),
		)
		return err
	})
}

// HayLapida implements store.Existencias.
func (s existenciasSQL) HayLapida(ctx context.Context, clave existencias.Clave) (bool, error) {
	r, err := s.Consultar(ctx, store.Cuestion{Claves: []existencias.Clave{clave}})
	return r.Lapidas[clave], err
}

// LimpiarLapidas implements store.Existencias.
func (s existenciasSQL) LimpiarLapidas(
	ctx context.Context,
	ahora time.Time,
	limite int,
) (int, error) {
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
