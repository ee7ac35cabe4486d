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

// PorPublicar is store.Pedidos's.
func (s pedidos) PorPublicar(ctx context.Context, limite int) ([]*pedido.Pedido, error) {
	ps, rotos, err := losPedidos(s.t.db.Leer(ctx).Raw(sqlPorPublicar, limite))
	if err == nil && len(rotos) > 0 {
		err = s.t.db.Escribir(ctx, "pedidos.apartar", func(tx *gorm.DB) error { return apartar(tx, rotos...) })
	}
	for _, r := range rotos {
		_ = s.t.apartado(r)
	}
	return ps, fallo(ctx, "pedidos.por_publicar", err)
}

// filaEvento is an event as its table has it.
type filaEvento struct {
	pedido string
	seq    int64
	doc    []byte
}

// Publicar is store.Pedidos's.
func (s pedidos) Publicar(ctx context.Context, eventos map[string][]pedido.Evento) error {
	fs, err := filasDe(eventos)
	if err != nil || len(fs) == 0 {
		return err
	}
	return s.t.escribir(ctx, "pedidos.publicar", func(tx *gorm.DB) error {
		for _, f := range fs {
			if _, err := ejecutar(tx, "insert into eventos (pedido, seq, doc) values (?, ?, ?) on conflict do nothing",
				f.pedido, f.seq, f.doc); err != nil {
				return err
			}
		}
		return nil
	})
}

func filasDe(eventos map[string][]pedido.Evento) ([]filaEvento, error) {
	var out []filaEvento
	for id, es := range eventos {
		for _, e := range es {
			doc, err := bson.Marshal(e)
			if err != nil {
				return nil, fmt.Errorf("document: %w", err)
			}
			out = append(out, filaEvento{id, e.Seq, doc})
		}
	}
	return out, nil
}

// Publicadas is store.Pedidos's. The mark is a column of its own, so the document is
// left alone.
func (s pedidos) Publicadas(ctx context.Context, marcas []store.Publicacion) error {
	if len(marcas) == 0 {
		return nil
	}
	marcas = append([]store.Publicacion{}, marcas...)
	return s.t.escribir(ctx, "pedidos.publicadas", func(tx *gorm.DB) error {
		for _, m := range marcas {
			if _, err := ejecutar(tx, "update pedidos set publicados = ? where id = ? and publicados < ?",
				m.Hasta, m.Pedido, m.Hasta); err != nil {
				return err
			}
		}
		return nil
	})
}

const sqlEventos = "select doc from eventos where pedido = ? and seq > ? order by seq limit ?"

// Eventos is store.Pedidos's.
func (s pedidos) Eventos(ctx context.Context, id string, despuesDe int64, limite int) ([]pedido.Evento, error) {
	docs, err := filas(s.t.db.Leer(ctx).Raw(sqlEventos, id, despuesDe, limite), columna[[]byte])
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
