package reservas

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/store"
)

// pasada is one read of the aggregates that a lote of operations names, the changes of these operations, and one write.
type pasada struct {
	documentos map[string]*documento
	store.Respuesta
}

// atender answers every operation of lote. After a conflict the operations that may have met it are made anew. After
// another failure each operation is made by itself, so that an aggregate that cannot be saved fails only the operations
// that name it.
func (a *Reservas) atender(ctx context.Context, lote []*operacion) {
	for lote = despedir(lote); len(lote) > 0; {
		var p *pasada
		err := a.guarda.Run(ctx, "pedidos.existencias", func() (err error) {
			p, err = a.pasar(ctx, lote)
			return err
		})
		switch {
		case err == nil:
			lote = responder(lote, func(o *operacion) error { return o.err })
		case errors.Is(err, store.ErrConflicto) && ctx.Err() == nil:
			lote = slices.DeleteFunc(lote, func(o *operacion) bool {
				firme := p.firme(o)
				if firme {
					o.respuesta <- o.err
				}
				return firme
			})
		case len(lote) > 1 && ctx.Err() == nil:
			for _, o := range lote {
				a.atender(ctx, []*operacion{o})
			}
			return
		default: // the operations' own errors speak of a state that was never stored
			lote = responder(lote, func(*operacion) error { return err })
		}
	}
}

// responder answers every operation of lote with its own con; it gives nil, the lote that is left.
func responder(lote []*operacion, con func(o *operacion) error) []*operacion {
	for _, o := range lote {
		o.respuesta <- con(o)
	}
	return nil
}

// firme reports whether every aggregate that o names is stored as o saw it and changed it.
func (p *pasada) firme(operacion *operacion) bool {
	return !slices.ContainsFunc(operacion.partes, func(x parte) bool {
		d, hay := p.documentos[x.id]
		return hay && d.cambiado && d.Version == d.leida
	})
}

// pasar reads once, applies each operation and saves once. The refusal of one operation is in the err of that
// operation; the error of pasar concerns all operations of lote. Errors: store.ErrConflicto.
func (a *Reservas) pasar(ctx context.Context, lote []*operacion) (*pasada, error) {
	p, err := a.abrir(ctx, lote)
	if err != nil {
		return nil, err
	}
	for _, o := range lote {
		o.err = p.aplicar(o, func() error {
			return a.guarda.Run(
				ctx,
				"pedidos.existencias",
				func() error { return o.aplicar(p.de(o)) },
			)
		})
	}
	es, ms := p.cambios(a.tienda.Juntas(), quierenPublicar(lote))
	if len(es) == 0 {
		return p, nil
	}
	if err := a.tienda.GuardarVarias(ctx, es, ms); err != nil {
		return p, fmt.Errorf("save stock: %w", err)
	}
	return p, nil
}

// abrir reads the aggregates that lote names and, no earlier than these, its tombstones and published movements.
func (a *Reservas) abrir(ctx context.Context, lote []*operacion) (*pasada, error) {
	p := &pasada{documentos: map[string]*documento{}}
	var q store.Cuestion
	for _, o := range lote {
		for _, x := range o.partes {
			if p.documentos[x.id] == nil {
				q.Existencias = append(q.Existencias, x.id)
			}
			if p.documentos[x.id] == nil || x.producto != "" {
				p.documentos[x.id] = &documento{
					Existencia: existencias.New(x.producto, x.deposito),
				}
			}
		}
		if o.clave != nil {
			q.Claves = append(q.Claves, *o.clave)
		}
		q.Movimientos = append(q.Movimientos, o.movimientos...)
	}
	r, err := a.tienda.Consultar(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("read stock: %w", err)
	}
	p.Respuesta = r
	for id, d := range p.documentos {
		d.leer(r, id)
	}
	return p, nil
}

// de gives the documents of o.
func (p *pasada) de(operacion *operacion) []*documento {
	ds := make([]*documento, 0, len(operacion.partes))
	for _, x := range operacion.partes {
		ds = append(ds, p.documentos[x.id])
	}
	return ds
}

// aplicar lets o change its documents, all of them or, when o fails, none. Errors: ErrLiberada; the *store.Ilegible of
// an aggregate or movement that o names; those of hacer.
func (p *pasada) aplicar(operacion *operacion, hacer func() error) error {
	if operacion.clave != nil && p.Lapidas[*operacion.clave] {
		return ErrLiberada
	}
	if err := p.roto(operacion); err != nil {
		return err
	}
	ds := p.de(operacion)
	antes := make([]documento, 0, len(ds))
	for _, d := range ds {
		antes = append(antes, d.copia())
	}
	err := hacer()
	if err != nil {
		for i, d := range ds {
			*d = antes[i]
		}
	}
	return err
}

// roto is the error of the first aggregate or movement that o names and that cannot be read; nil: all can be read.
func (p *pasada) roto(operacion *operacion) error {
	for _, x := range operacion.partes {
		if r := p.Rotos[x.id]; r != nil {
			return r
		}
	}
	for _, id := range operacion.movimientos {
		if r := p.Rotos[id]; r != nil {
			return r
		}
	}
	return nil
}

// quierenPublicar are the ids of the aggregates for which an operation of lote wants the movements published.
func quierenPublicar(lote []*operacion) map[string]bool {
	out := map[string]bool{}
	for _, o := range lote {
		if o.publica && o.err == nil {
			out[o.partes[0].id] = true
		}
	}
	return out
}

// cambios are the aggregates to be saved, in the order of their ids, and the movements to be published: with juntas in
// the same write as the aggregates, else before them.
func (p *pasada) cambios(juntas bool, publicar map[string]bool) (
	es []*existencias.Existencia, ms []existencias.Movimiento,
) {
	for id, d := range p.documentos {
		ms = append(ms, d.vaciar(juntas, publicar[id])...)
		if d.cambiado {
			es = append(es, d.Existencia)
		}
	}
	slices.SortFunc(es, porID)
	return es, ms
}
