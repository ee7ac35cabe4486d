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
	sqlEstan        = `select e.pedido, e.seq, e.numero is not null from json_each(?) c cross join eventos e
		on e.pedido = json_extract(c.value, '$[0]') and e.seq = json_extract(c.value, '$[1]')`

	sqlDiario   = "select numero, pedido, seq, doc from eventos where numero > ? and numero <= ? order by numero limit ?"
	sqlDiarioDe = "select numero, pedido, seq, doc from eventos where tipo = ? and numero > ? and numero <= ? " +
		"order by numero limit ?"
)

// Asentar implements store.Pedidos. Transactions give numbers one after the other, so the numbers that a reader sees
// have no gap.
func (s pedidos) Asentar(ctx context.Context, limite int) (n int, err error) {
	entradas, err := filas(s.t.db.Read(ctx).Raw(sqlSinNumero, limite), leerEntrada)
	if err != nil || len(entradas) == 0 {
		return 0, fallo(ctx, "pedidos.asentar", err)
	}
	store.EnOrden(entradas)
	err = s.t.escribir(ctx, "pedidos.asentar", func(tx *gorm.DB) error {
		numeros, err := numerar(tx, entradas, true)
		if err != nil {
			return err
		}
		var filas [][]any
		for _, a := range entradas {
			if k := claveDe(a); numeros[k] > 0 {
				filas = append(filas, []any{numeros[k], a.Evento.Tipo, k.pedido, k.seq})
			}
		}
		n = len(filas)
		_, err = sqlNumerar.ejecutar(tx, filas)
		return err
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// sqlNumerar sets the number and the tipo of an event for each row of arguments.
var sqlNumerar = porTandas("with v (numero, tipo, pedido, seq) as (values ", "(?, ?, ?, ?)", `)
update eventos set numero = v.numero, tipo = v.tipo from v where eventos.pedido = v.pedido and eventos.seq = v.seq`)

// claveEvento is the key of an event in the event store.
type claveEvento struct {
	pedido string
	seq    int64
}

func claveDe(entradaDelDiario store.EntradaDelDiario) claveEvento {
	return claveEvento{entradaDelDiario.Pedido, entradaDelDiario.Evento.Seq}
}

// numerar gives the next numbers of the diary to events of entradas, in their order. An event may have a number when it
// is the first of its order, or when the event before it has a number or gets one here. With estan, events that are in
// the event store without a number get one; without estan, events that are not in the event store yet.
func numerar(
	tx *gorm.DB,
	entradas []store.EntradaDelDiario,
	estan bool,
) (map[claveEvento]int64, error) {
	hay, err := asentados(tx, entradas)
	if err != nil {
		return nil, err
	}
	ultimo, err := una(tx.Raw(sqlUltimoNumero), columna[int64], store.ErrNoExiste)
	if err != nil {
		return nil, err
	}
	out := make(map[claveEvento]int64, len(entradas))
	for _, a := range entradas {
		k := claveDe(a)
		numerado, esta := hay[k]
		if numerado || esta != estan || k.seq > 1 && !hay[claveEvento{k.pedido, k.seq - 1}] {
			continue
		}
		ultimo++
		out[k], hay[k] = ultimo, true
	}
	return out, nil
}

// asentados has an entry for each event of entradas, and for each event just before one of entradas, that is in the
// event store: true when the event has a number.
func asentados(tx *gorm.DB, entradas []store.EntradaDelDiario) (map[claveEvento]bool, error) {
	pares := make([][2]any, 0, 2*len(entradas))
	for _, a := range entradas {
		pares = append(
			pares,
			[2]any{a.Pedido, a.Evento.Seq},
			[2]any{a.Pedido, a.Evento.Seq - 1},
		)
	}
	out := make(map[claveEvento]bool, len(pares))
	_, err := filas(
		tx.Raw(sqlEstan, lista(pares)),
		func(rs *sql.Rows) (k claveEvento, err error) {
			var numerado bool
			err = rs.Scan(&k.pedido, &k.seq, &numerado)
			out[k] = numerado
			return k, err
		},
	)
	return out, err
}

// leerEntrada reads an event with its number. An event that cannot be read has only its Seq.
func leerEntrada(rows *sql.Rows) (a store.EntradaDelDiario, err error) {
	var seq int64
	var doc []byte
	if err = rows.Scan(&a.Numero, &a.Pedido, &seq, &doc); err != nil {
		return a, err
	}
	if bson.Unmarshal(doc, &a.Evento) != nil {
		a.Evento = pedido.Evento{}
	}
	a.Evento.Seq = seq
	return a, nil
}

// Diario implements store.Pedidos.
func (s pedidos) Diario(ctx context.Context, tipo string, despuesDe int64, limite int) (
	entradas []store.EntradaDelDiario, hasta int64, err error,
) {
	hasta, err = una(s.t.db.Read(ctx).Raw(sqlUltimoNumero), columna[int64], store.ErrNoExiste)
	if err != nil {
		return nil, 0, fallo(ctx, "pedidos.diario", err)
	}
	hasta = max(hasta, despuesDe)
	q := s.t.db.Read(ctx).Raw(sqlDiario, despuesDe, hasta, limite)
	if tipo != "" {
		q = s.t.db.Read(ctx).Raw(sqlDiarioDe, tipo, despuesDe, hasta, limite)
	}
	leidos, err := filas(q, leerEntrada)
	if err != nil {
		return nil, 0, fallo(ctx, "pedidos.diario", err)
	}
	entradas, hasta = store.Legibles(leidos, limite, hasta)
	omitted.Add(ctx, len(leidos)-len(entradas))
	return entradas, hasta, nil
}
