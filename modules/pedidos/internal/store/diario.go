package store

import (
	"cmp"
	"slices"
	"time"

	"despensa/modules/pedidos/internal/pedido"
)

// EntradaDelDiario is one event in the diary of all orders.
type EntradaDelDiario struct {
	Numero int64 // from 1 without gaps, over all orders
	Pedido string
	Evento pedido.Evento
}

// EnOrden puts events that have no Numero yet into the order in which they get their numbers: events of one order by
// their sequence, events of different orders by their time. An event counts as no earlier than the event before it in
// its order, whatever its clock said.
func EnOrden(entradas []EntradaDelDiario) {
	slices.SortFunc(entradas, func(a, b EntradaDelDiario) int {
		return cmp.Or(cmp.Compare(a.Pedido, b.Pedido), cmp.Compare(a.Evento.Seq, b.Evento.Seq))
	})
	type fechado struct {
		EntradaDelDiario
		hora time.Time
	}
	fs := make([]fechado, len(entradas))
	for i, a := range entradas {
		fs[i] = fechado{EntradaDelDiario: a, hora: a.Evento.En}
		if i > 0 && entradas[i-1].Pedido == a.Pedido && fs[i-1].hora.After(fs[i].hora) {
			fs[i].hora = fs[i-1].hora
		}
	}
	slices.SortStableFunc(fs, func(a, b fechado) int { return a.hora.Compare(b.hora) })
	for i, f := range fs {
		entradas[i] = f.EntradaDelDiario
	}
}

// Legibles gives leidos without the events that could not be read, which have no Tipo, and the number up to which the
// reader has looked: the number of the last event when the diary may have more, else fin, the end of the diary.
func Legibles(
	leidos []EntradaDelDiario,
	limite int,
	fin int64,
) (entradas []EntradaDelDiario, hasta int64) {
	if len(leidos) >= limite && limite > 0 {
		fin = leidos[len(leidos)-1].Numero
	}
	entradas = make([]EntradaDelDiario, 0, len(leidos))
	for _, a := range leidos {
		if a.Evento.Tipo != "" {
			entradas = append(entradas, a)
		}
	}
	return entradas, fin
}
