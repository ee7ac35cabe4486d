package sqlite

import (
	"database/sql"
	"errors"
	"fmt"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
	"despensa/modules/pedidos/internal/store/documentos"

	"go.mongodb.org/mongo-driver/bson"
	"gorm.io/gorm"
)

// filaPedido is a row of the table pedidos.
type filaPedido struct {
	id, codigo, cliente, estado string
	creado, version             int64
	debe                        sql.NullInt64
	lease, eventos, publicados  int64
	referencia                  sql.NullString
	doc                         []byte
}

// aFila derives the row from the order. No other function sets a column, but for Publicadas, which
// moves publicados.
func aFila(ped *pedido.Pedido) (filaPedido, error) {
	doc, err := bson.Marshal(ped)
	if err != nil {
		return filaPedido{}, fmt.Errorf("document: %w", err)
	}
	return filaPedido{
		id:         ped.ID,
		codigo:     ped.Codigo,
		cliente:    ped.Cliente,
		estado:     string(ped.Estado),
		creado:     ms(ped.Creado),
		version:    ped.Version,
		debe:       msSi(ped.Debe),
		lease:      max(0, ms(ped.Lease)),
		eventos:    int64(len(ped.Eventos)),
		publicados: ped.Publicados,
		referencia: sql.NullString{String: ped.Referencia, Valid: ped.Referencia != ""},
		doc:        doc,
	}, nil
}

// siguiente is the row of ped as it will be once it has been saved.
func siguiente(ped *pedido.Pedido) (filaPedido, error) {
	c := *ped
	c.Version++
	return aFila(&c)
}

// columnas are the columns that leerCruda reads.
const columnas = "id, cliente, publicados, doc"

// cruda is an order that has been read and not yet decoded.
type cruda struct {
	id, cliente string
	publicados  any // a number, where the row is sound
	doc         []byte
}

func leerCruda(rows *sql.Rows) (c cruda, err error) {
	err = rows.Scan(&c.id, &c.cliente, &c.publicados, &c.doc)
	return c, err
}

// errMarca: the mark of publication is no number.
var errMarca = errors.New("column publicados: no number")

// pedido decodes the order. Its mark of publication comes from the column, which is ahead of the document. Errors:
// *store.Ilegible.
func (c cruda) pedido() (*pedido.Pedido, error) {
	publicados, bien := c.publicados.(int64)
	p, err := documentos.Decode[pedido.Pedido](c.doc)
	switch {
	case err != nil:
		return nil, &store.Ilegible{ID: c.id, Cliente: c.cliente, Err: err}
	case !bien:
		return nil, &store.Ilegible{ID: c.id, Cliente: c.cliente, Err: errMarca}
	}
	p.Publicados = max(p.Publicados, publicados)
	return p, nil
}

// unPedido reads the one order of q; otro when there is none. Errors: *store.Ilegible.
func unPedido(q *gorm.DB, otro error) (*pedido.Pedido, error) {
	c, err := una(q, leerCruda, otro)
	if err != nil {
		return nil, err
	}
	return c.pedido()
}

// losPedidos reads every order of q; rotos are the orders that cannot be read.
func losPedidos(q *gorm.DB) (out []*pedido.Pedido, rotos []*store.Ilegible, err error) {
	cs, err := filas(q, leerCruda)
	if err != nil {
		return nil, nil, err
	}
	out = make([]*pedido.Pedido, 0, len(cs))
	for _, c := range cs {
		p, err := c.pedido()
		if roto := new(store.Ilegible); errors.As(err, &roto) {
			rotos = append(rotos, roto)
			continue
		}
		out = append(out, p)
	}
	return out, rotos, nil
}

const sqlInsertar = "insert into pedidos " +
	"(id, codigo, cliente, estado, creado, version, debe, lease, eventos, publicados, doc, referencia)\n" +
	"values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing"

// insertar inserts the row. Errors: store.ErrRepetido.
func (f filaPedido) insertar(tx *gorm.DB) error {
	return exigir(store.ErrRepetido, tx, sqlInsertar, f.args()...)
}

// args are the arguments of sqlInsertar.
func (f filaPedido) args() []any {
	return []any{
		f.id, f.codigo, f.cliente, f.estado, f.creado, f.version,
		f.debe, f.lease, f.eventos, f.publicados, f.doc, f.referencia,
	}
}

// sqlGuardar leaves out the columns that never change (codigo, cliente, creado, referencia): SQLite would write each
// of their indexes anew.
const sqlGuardar = "update pedidos set estado = ?, version = ?, debe = ?, lease = ?, eventos = ?, doc = ? " +
	"where id = ? and version = ?"

// guardar replaces the row if the stored version still is the one before f.version. Errors: store.ErrConflicto.
func (f filaPedido) guardar(tx *gorm.DB) error {
	return exigir(store.ErrConflicto, tx, sqlGuardar,
		f.estado, f.version, f.debe, f.lease, f.eventos, f.doc, f.id, f.version-1)
}
