package store

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"despensa/modules/pagos/internal/cobros"
	"despensa/platform/sqldb"

	"gorm.io/gorm"
)

// columnas of a cobro, in the order of valores and of destinos. The first is the key.
var columnas = [...]string{
	"id", "pedido", "intento", "cliente", "metodo", "marca", "cuotas", "proveedor", "monto", "creado",
	"cobrado", "reembolsado", "estado", "vista", "cierre", "anulado", "contracargo", "motivo",
	"instrucciones", "desafio",
	"orden", "transaccion", "accion", "hasta", "mirado", "debe", "sondeos", "vence", "cambiado", "version",
	"sin_reembolsos",
}

// The statements of one cobro, and of its refunds.
var (
	cobroPorID    = "select " + strings.Join(columnas[:], ", ") + " from cobros where id = ?"
	cobroPorOrden = "select " + strings.Join(columnas[:], ", ") +
		" from cobros where orden = ? and orden <> '' and proveedor = ? limit 1"
	// cobroNuevo inserts nothing where the intento has a tombstone or the cobro is there.
	cobroNuevo = "insert into cobros (" + strings.Join(columnas[:], ", ") + ")" +
		" select ?" + strings.Repeat(", ?", len(columnas)-1) +
		" where not exists (select 1 from lapidas where pedido = ? and intento = ?) on conflict do nothing"
	// cobroTomado begins a capture where the cobro is Tomable.
	cobroTomado = "update cobros set accion = 'capturar', hasta = ?, debe = ?, cambiado = ?, version = version + 1," +
		" sin_reembolsos = version + 1 where id = ? and vista = 'reservada' and accion = '' and cierre = '' and not anulado" +
		" and cobrado = 0 returning " + strings.Join(
		columnas[:],
		", ",
	)
	hayLapida     = "select 1 from lapidas where pedido = ? and intento = ?"
	lapidaNueva   = "insert into lapidas (pedido, intento, creado) values (?, ?, ?) on conflict do nothing"
	reembolsosDe  = "select id, orden, monto, estado, ajeno, motivo from reembolsos where cobro = ? order by orden"
	reembolsoComo = "insert into reembolsos (cobro, id, orden, monto, estado, ajeno, motivo)" +
		" values (?, ?, ?, ?, ?, ?, ?)" +
		" on conflict (cobro, id) do update set orden = excluded.orden, monto = excluded.monto, estado = excluded.estado," +
		" ajeno = excluded.ajeno, motivo = excluded.motivo"
)

// valores are the values of the columns of cobroEntero, of kinds that a driver takes as they are.
func valores(cobroEntero cobros.CobroEntero) [len(columnas)]any {
	c := cobroEntero.Cobro
	sinReembolsos := int64(0)
	if len(cobroEntero.Reembolsos) == 0 {
		sinReembolsos = c.Version
	}
	return [...]any{
		c.ID, c.Pedido, int64(c.Intento), c.Cliente, string(c.Metodo), c.MarcaDeTarjeta, int64(c.Cuotas), c.Proveedor,
		int64(c.Monto), c.Creado.UnixMilli(),
		int64(
			c.Cobrado,
		), int64(c.Reembolsado), string(c.Estado), string(c.Vista), string(c.Cierre), c.Anulado, c.Contracargo,
		c.Motivo, c.Instrucciones, c.Desafio,
		c.Orden, c.Transaccion, string(c.Accion), nulo(c.Hasta), nulo(c.Mirado), nulo(c.Debe), int64(c.Sondeos),
		nulo(c.Vence),
		c.Cambiado.UnixMilli(), c.Version, sinReembolsos,
	}
}

// nulo is t in Unix milliseconds; nil for the zero time.
func nulo(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

// destinos are where the columns of a row are read to.
func (f *filaCobro) destinos() []any {
	return []any{
		&f.ID, &f.Pedido, &f.Intento, &f.Cliente, &f.Metodo, &f.Marca, &f.Cuotas, &f.Proveedor, &f.Monto, &f.Creado,
		&f.Cobrado, &f.Reembolsado, &f.Estado, &f.Vista, &f.Cierre, &f.Anulado, &f.Contracargo, &f.Motivo, &f.Instrucciones,
		&f.Desafio,
		&f.Orden, &f.Transaccion, &f.Accion, &f.Hasta, &f.Mirado, &f.Debe, &f.Sondeos, &f.Vence, &f.Cambiado, &f.Version,
		&f.SinReembolsos,
	}
}

// cobro reads the cobro that q finds, without its refunds; sinReembolsos says that it has none.
func cobro(
	db *gorm.DB,
	q string,
	args ...any,
) (f cobros.CobroEntero, hay, sinReembolsos bool, err error) {
	var fila filaCobro
	hay, err = sqldb.Scan(db.Raw(q, args...), fila.destinos()...)
	switch {
	case err != nil:
		return f, false, false, fallo(err)
	case !hay:
		return f, false, false, nil
	}
	return cobros.CobroEntero{
			Cobro: deFila(fila),
		}, true, fila.Cobrado == 0 ||
			fila.SinReembolsos == fila.Version, nil
}

// reembolsos reads the refunds of a cobro.
func reembolsos(db *gorm.DB, id string) (rs []cobros.Reembolso, err error) {
	filas, err := db.Raw(reembolsosDe, id).Rows()
	if err != nil {
		return nil, fallo(err)
	}
	defer func() { _ = filas.Close() }()
	for filas.Next() {
		var r cobros.Reembolso
		if err := filas.Scan(&r.ID, &r.Orden, &r.Monto, &r.Estado, &r.Ajeno, &r.Motivo); err != nil {
			return nil, fallo(err)
		}
		rs = append(rs, r)
	}
	if err := filas.Err(); err != nil {
		return nil, fallo(err)
	}
	return rs, nil
}

// actualizar writes the columns in which cobroEntero differs from antes, if the row still has the version of antes.
// It leaves equal columns out, so that their indexes are not written. Errors: sqldb.ErrRows where the row has
// another version, which a PostgreSQL server may report only with the commit.
func actualizar(tx *gorm.DB, antes, cobroEntero cobros.CobroEntero) error {
	viejos, nuevos := valores(antes), valores(cobroEntero)
	var q strings.Builder
	var args []any
	for i, nuevo := range nuevos {
		if nuevo == viejos[i] {
			continue
		}
		q.WriteString(map[bool]string{true: "update cobros set ", false: ", "}[len(args) == 0])
		q.WriteString(columnas[i])
		q.WriteString(" = ?")
		args = append(args, nuevo)
	}
	q.WriteString(" where id = ? and version = ?")
	return diferir(tx, 1, q.String(), append(args, cobroEntero.ID, antes.Version)...)
}

// diferir is sqldb.Defer of a statement that must affect so many rows. Errors: sqldb.ErrRows; those of the store.
func diferir(tx *gorm.DB, filas int64, texto string, args ...any) error {
	err := sqldb.Defer(tx, filas, func(tx *gorm.DB) *gorm.DB { return tx.Exec(texto, args...) })
	if err != nil && !errors.Is(err, sqldb.ErrRows) {
		return fmt.Errorf("pagos: store: %w", err)
	}
	return err
}
