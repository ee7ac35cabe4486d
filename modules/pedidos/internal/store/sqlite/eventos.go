package sqlite

import (
	"context"
	"fmt"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"

	"go.mongodb.org/mongo-driver/bson"
	"gorm.io/gorm"
)

const sqlPorPublicar = "select " + columnas + " from pedidos where eventos > publicados order by id limit ?"

// PorPublicar implements store.Pedidos.
func (s pedidos) PorPublicar(ctx context.Context, limite int) ([]*pedido.Pedido, error) {
	ps, rotos, err := losPedidos(s.t.db.Read(ctx).Raw(sqlPorPublicar, limite))
	if err == nil && len(rotos) > 0 {
		err = s.t.db.Write(
			ctx,
			"pedidos.apartar",
			func(tx *gorm.DB) error { return apartar(tx, rotos...) },
		)
	}
	for _, r := range rotos {
		_ = s.t.apartado(r)
	}
	return ps, fallo(ctx, "pedidos.por_publicar", err)
}

// sqlNuevosEventos inserts an event for each row of arguments, but for events that the event store has already.
var sqlNuevosEventos = porTandas(
	"insert into eventos (pedido, seq, doc, numero, tipo) select * from (values ",
	"(?, ?, ?, ?, ?)",
	") where column1 is not null on conflict do nothing",
)

// filaEvento is a row of the table eventos.
type filaEvento struct {
	store.EntradaDelDiario
	doc []byte
}

// args gives a row of arguments of sqlNuevosEventos; an event without a number has no tipo either.
func (f filaEvento) args() []any {
	if f.Numero == 0 {
		return []any{f.Pedido, f.Evento.Seq, f.doc, nil, nil}
	}
	return []any{f.Pedido, f.Evento.Seq, f.doc, f.Numero, f.Evento.Tipo}
}

// Publicar implements store.Pedidos: one write. When it moves marks, the events get their numbers in the diary too.
func (s pedidos) Publicar(
	ctx context.Context,
	eventos map[string][]pedido.Evento,
	marcas ...store.Publicacion,
) error {
	fs, err := filasDe(eventos)
	if err != nil || len(fs)+len(marcas) == 0 {
		return err
	}
	return s.t.escribir(ctx, "pedidos.publicar", func(tx *gorm.DB) error {
		if len(marcas) > 0 {
			if err := conNumero(tx, fs); err != nil {
				return err
			}
		}
		filas := make([][]any, 0, len(fs))
		for _, f := range fs {
			filas = append(filas, f.args())
		}
		if _, err := sqlNuevosEventos.ejecutar(tx, filas); err != nil || len(marcas) == 0 {
			return err
		}
		return tx.Exec(sqlMarcar, lista(enPares(marcas))).Error
	})
}

// conNumero sets the Numero of the events of filaEventos that the event store does not have yet.
func conNumero(tx *gorm.DB, filaEventos []filaEvento) error {
	entradas := make([]store.EntradaDelDiario, 0, len(filaEventos))
	for _, f := range filaEventos {
		entradas = append(entradas, f.EntradaDelDiario)
	}
	store.EnOrden(entradas)
	numeros, err := numerar(tx, entradas, false)
	for i, f := range filaEventos {
		filaEventos[i].Numero = numeros[claveDe(f.EntradaDelDiario)]
	}
	return err
}

// filasDe are the rows of the events of all orders, without their numbers.
func filasDe(eventos map[string][]pedido.Evento) ([]filaEvento, error) {
	var out []filaEvento
	for id, es := range eventos {
		for _, e := range es {
			doc, err := bson.Marshal(e)
			if err != nil {
				return nil, fmt.Errorf("document: %w", err)
			}
			out = append(out, filaEvento{store.EntradaDelDiario{Pedido: id, Evento: e}, doc})
		}
	}
	return out, nil
}

// sqlMarcar moves the marks of publication. Its argument is a JSON list of pairs (order, sequence), one pair an order.
const sqlMarcar = `with m (id, hasta) as
	(select json_extract(value, '$[0]'), json_extract(value, '$[1]') from json_each(?))
update pedidos set publicados = m.hasta from m where pedidos.id = m.id and publicados < m.hasta`

// enPares gives the furthest mark of each order, as the argument of sqlMarcar.
func enPares(marcas []store.Publicacion) [][2]any {
	hasta := make(map[string]int64, len(marcas))
	for _, m := range marcas {
		hasta[m.Pedido] = max(hasta[m.Pedido], m.Hasta)
	}
	out := make([][2]any, 0, len(hasta))
	for id, n := range hasta {
		out = append(out, [2]any{id, n})
	}
	return out
}

// Publicadas implements store.Pedidos. The mark is a column of its own, so the document is
// left alone.
func (s pedidos) Publicadas(ctx context.Context, marcas []store.Publicacion) error {
	return s.Publicar(ctx, nil, marcas...)
}

const sqlEventos = "select doc from eventos where pedido = ? and seq > ? order by seq limit ?"

// Eventos implements store.Pedidos.
func (s pedidos) Eventos(
	ctx context.Context,
	id string,
	despuesDe int64,
	limite int,
) ([]pedido.Evento, error) {
	docs, err := filas(s.t.db.Read(ctx).Raw(sqlEventos, id, despuesDe, limite), columna[[]byte])
	if err != nil {
		return nil, fallo(ctx, "pedidos.eventos", err)
	}
	out := make([]pedido.Evento, 0, len(docs))
	for _, d := range docs {
		var e pedido.Evento
		if bson.Unmarshal(d, &e) == nil {
			out = append(out, e)
		}
	}
	return out, nil
}
