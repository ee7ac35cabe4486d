package sqlite

import (
	"context"
	"database/sql"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
	"despensa/platform/omitted"

	"go.mongodb.org/mongo-driver/bson"
	"gorm.io/gorm"
)

const (
	sqlSinNumero    = "select 0, pedido, seq, doc from eventos where numero is null order by pedido, seq limit ?"
	sqlUltimoNumero = "select coalesce(max(numero), 0) from eventos where numero is not null"
	sqlNumerar      = `update eventos set numero = ?, tipo = ? where pedido = ? and seq = ? and numero is null and
		(seq = 1 or exists (select 1 from eventos a where a.pedido = ? and a.seq = ? and a.numero is not null))`

	sqlDiario   = "select numero, pedido, seq, doc from eventos where numero > ? and numero <= ? order by numero limit ?"
	sqlDiarioDe = "select numero, pedido, seq, doc from eventos where tipo = ? and numero > ? and numero <= ? order by numero limit ?"
)

// Asentar is store.Pedidos's. One transaction after the other gives numbers, so what a reader sees has no gap.
func (s pedidos) Asentar(ctx context.Context, limite int) (n int, err error) {
	as, err := filas(s.t.db.Leer(ctx).Raw(sqlSinNumero, limite), leerAsiento)
	if err != nil || len(as) == 0 {
		return 0, fallo(ctx, "pedidos.asentar", err)
	}
	store.EnOrden(as)
	err = s.t.escribir(ctx, "pedidos.asentar", func(tx *gorm.DB) (err error) {
		n, err = numerar(tx, as)
		return err
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// numerar gives numbers to those of as that have none by now, and tells how many.
func numerar(tx *gorm.DB, as []store.Asiento) (n int, err error) {
	ultimo, err := una(tx.Raw(sqlUltimoNumero), columna[int64], store.ErrNoExiste)
	if err != nil {
		return 0, err
	}
	for _, a := range as {
		tocadas, err := ejecutar(tx, sqlNumerar, ultimo+1, a.Evento.Tipo, a.Pedido, a.Evento.Seq, a.Pedido, a.Evento.Seq-1)
		if err != nil {
			return 0, err
		}
		ultimo += tocadas
		n += int(tocadas)
	}
	return n, nil
}

// leerAsiento reads an event with its number. Of one that cannot be read Seq alone is given.
func leerAsiento(rs *sql.Rows) (a store.Asiento, err error) {
	var seq int64
	var doc []byte
	if err = rs.Scan(&a.Numero, &a.Pedido, &seq, &doc); err != nil {
		return a, err
	}
	if bson.Unmarshal(doc, &a.Evento) != nil {
		a.Evento = pedido.Evento{}
	}
	a.Evento.Seq = seq
	return a, nil
}

// Diario is store.Pedidos's.
func (s pedidos) Diario(ctx context.Context, tipo string, despuesDe int64, limite int) (
	as []store.Asiento, hasta int64, err error,
) {
	hasta, err = una(s.t.db.Leer(ctx).Raw(sqlUltimoNumero), columna[int64], store.ErrNoExiste)
	if err != nil {
		return nil, 0, fallo(ctx, "pedidos.diario", err)
	}
	hasta = max(hasta, despuesDe)
	q := s.t.db.Leer(ctx).Raw(sqlDiario, despuesDe, hasta, limite)
	if tipo != "" {
		q = s.t.db.Leer(ctx).Raw(sqlDiarioDe, tipo, despuesDe, hasta, limite)
	}
	leidos, err := filas(q, leerAsiento)
	if err != nil {
		return nil, 0, fallo(ctx, "pedidos.diario", err)
	}
	as, hasta = store.Legibles(leidos, limite, hasta)
	omitted.Add(ctx, len(leidos)-len(as))
	return as, hasta, nil
}
