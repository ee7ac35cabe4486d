package sqlite

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
	"despensa/platform/sqldb"

	"gorm.io/gorm"
)

// pedidos is the store.Pedidos of a Tienda.
type pedidos struct{ t *Tienda }

var _ store.Pedidos = pedidos{}

// Insertar implements store.Pedidos.
func (s pedidos) Insertar(ctx context.Context, ped *pedido.Pedido) error {
	f, err := aFila(ped)
	if err != nil {
		return err
	}
	return s.t.escribir(ctx, "pedidos.insertar", f.insertar)
}

// Leer implements store.Pedidos.
func (s pedidos) Leer(ctx context.Context, id string) (*pedido.Pedido, error) {
	p, err := unPedido(porID(s.t.db.Read(ctx), id), store.ErrNoExiste)
	return p, fallo(ctx, "pedidos.leer", err)
}

// porID selects the order id.
func porID(tx *gorm.DB, id string) *gorm.DB {
	return tx.Raw("select "+columnas+" from pedidos where id = ?", id)
}

// Guardar implements store.Pedidos.
func (s pedidos) Guardar(ctx context.Context, ped *pedido.Pedido) error {
	f, err := siguiente(ped)
	if err != nil {
		return err
	}
	if err := s.t.escribir(ctx, "pedidos.guardar", f.guardar); err != nil {
		return err
	}
	ped.Version = f.version
	return nil
}

// Listar implements store.Pedidos.
func (s pedidos) Listar(
	ctx context.Context,
	filtro store.Filtro,
	desde *store.Cursor,
	limite int,
) ([]*pedido.Pedido, error) {
	ps, _, err := sqldb.Fill(ctx, limite, func(n int) ([]*pedido.Pedido, int, error) {
		consulta, args := listaPedidos(filtro, desde, n)
		ps, rotos, err := losPedidos(s.t.db.Read(ctx).Raw(consulta, args...))
		return ps, len(rotos), err
	})
	return ps, fallo(ctx, "pedidos.listar", err)
}

// listaPedidos writes the query of Listar, and its arguments.
func listaPedidos(filtro store.Filtro, desde *store.Cursor, limite int) (string, []any) {
	var d donde
	const oculta = " || ''" // keeps a condition from choosing an index
	sin, sinEstado := "", ""
	if filtro.Codigo != "" { // few orders share a codigo: SQLite must choose the index of codigo
		sin, sinEstado = oculta, oculta
	} else if filtro.Referencia != "" { // few orders share a reference, or a reference and a customer
		sinEstado = oculta
	}
	d.si(filtro.Codigo != "", "codigo = ?", filtro.Codigo)
	d.si(filtro.Referencia != "", "referencia"+sin+" = ?", filtro.Referencia)
	d.si(filtro.Cliente != "", "cliente"+sin+" = ?", filtro.Cliente)
	d.si(filtro.Estado != "", "estado"+sinEstado+" = ?", string(filtro.Estado))
	d.si(!filtro.Desde.IsZero(), "creado >= ?", ms(filtro.Desde))
	d.si(!filtro.Hasta.IsZero(), "creado < ?", ms(filtro.Hasta))
	d.despuesDe(desde, "creado")
	consulta := "select " + columnas + " from pedidos" + d.texto() + " order by creado desc, id desc limit ?"
	return consulta, append(d.args, limite)
}

// sqlEnEstado is answered by the index pedidos_estado alone.
const sqlEnEstado = "select creado, id from pedidos"

// EnEstado implements store.Pedidos.
func (s pedidos) EnEstado(
	ctx context.Context,
	estado pedido.Estado,
	desde *store.Cursor,
	limite int,
) ([]store.Cursor, error) {
	var d donde
	d.si(true, "estado = ?", string(estado))
	d.despuesDe(desde, "creado")
	q := s.t.db.Read(ctx).
		Raw(sqlEnEstado+d.texto()+" order by creado desc, id desc limit ?", append(d.args, limite)...)
	ms, err := filas(q, leerCursor)
	return ms, fallo(ctx, "pedidos.en_estado", err)
}

// leerCursor reads a row of creado and id.
func leerCursor(rows *sql.Rows) (m store.Cursor, err error) {
	var creado int64
	err = rows.Scan(&creado, &m.ID)
	m.Creado = time.UnixMilli(creado).UTC()
	return m, err
}

const sqlAlcances = "select id, eventos from pedidos where id in ?"

// Alcances implements store.Pedidos.
func (s pedidos) Alcances(ctx context.Context, ids []string) (map[string]int64, error) {
	out := make(map[string]int64, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	ps, err := filas(s.t.db.Read(ctx).Raw(sqlAlcances, ids), leerPar)
	for _, p := range ps {
		out[p.clave] = p.n
	}
	return out, fallo(ctx, "pedidos.alcances", err)
}

// par is a number for an estado or an id.
type par struct {
	clave string
	n     int64
}

// leerPar reads a par. A value that is no number counts as 0, so that one broken row does not fail the whole query.
func leerPar(rows *sql.Rows) (p par, err error) {
	var n any
	err = rows.Scan(&p.clave, &n)
	p.n, _ = n.(int64)
	return p, err
}

// donde gathers the conditions of a query and their arguments.
type donde struct {
	conds []string
	args  []any
}

// si adds the condition cond if vale.
func (d *donde) si(vale bool, cond string, args ...any) {
	if vale {
		d.conds, d.args = append(d.conds, cond), append(d.args, args...)
	}
}

// despuesDe adds the condition that a row comes after cursor in a list that is newest first; nil adds none.
func (d *donde) despuesDe(cursor *store.Cursor, columna string) {
	if cursor != nil {
		d.si(true, "("+columna+", id) < (?, ?)", ms(cursor.Creado), cursor.ID)
	}
}

// texto is the where clause, with a blank before it; empty without conditions.
func (d *donde) texto() string {
	if len(d.conds) == 0 {
		return ""
	}
	return " where " + strings.Join(d.conds, " and ")
}
