package pedido

import (
	"fmt"
	"slices"
	"time"
)

// The places to which goods go that come back.
const (
	AExistencias = "existencias" // they are sold again
	ADescarte    = "descarte"    // they are thrown away: goods that no Destinado speaks of
)

// Destinado says where goods of a return go.
type Destinado struct {
	Producto string
	Cantidad int64  // units; 0: all units of Producto that no other Destinado speaks of
	Destino  string // AExistencias or ADescarte
	Lote     string // the batch that stands on the goods; empty: any batch that the order got
}

// Partida is a quantity of one batch that an order got of a product.
type Partida struct {
	Lote     string
	Vence    *time.Time
	Cantidad int64
}

// Reparto says where the goods of a return go. Recibido is the goods that the order got, by product;
// a product that is not in Recibido cannot become stock again.
type Reparto struct {
	Destinados []Destinado
	Recibido   map[string][]Partida
}

// Retorno is goods of an accepted return, of one batch, and where they go. A return that an
// earlier release accepted has no Retorno: an operator of that release booked its goods by hand.
type Retorno struct {
	Devolucion string     `bson:"devolucion"`
	Numero     int64      `bson:"numero"` // its place among the Retornos of the order, from 1
	Producto   string     `bson:"producto"`
	Cantidad   int64      `bson:"cantidad"`
	Destino    string     `bson:"destino"`
	Lote       string     `bson:"lote"`
	Vence      *time.Time `bson:"vence"`
	Asentado   bool       `bson:"asentado"` // the ledger of stock has it
}

// MaxRetornos bounds the goods that came back of one order: 200 lines in 20 returns, and some
// more for lines of several batches.
const MaxRetornos = 5000

// repartir notes where the goods of devolucion go. Goods that reparto says nothing of are thrown away. Errors:
// ErrDevolucion, naming the member; ErrDevoluciones.
func (p *Pedido) repartir(devolucion Devolucion, reparto Reparto) error {
	quedan, sin := map[string]int64{}, p.sinRetornar(reparto.Recibido)
	for _, linea := range devolucion.Lineas {
		quedan[linea.Producto] = linea.Cantidad
	}
	var out []Retorno
	for _, i := range enOrden(reparto.Destinados) {
		destinado := reparto.Destinados[i]
		queda, hay := quedan[destinado.Producto]
		switch {
		case !hay:
			return destinoMal(i, "producto_id", "is not in this return")
		case destinado.Cantidad < 0 || destinado.Cantidad > queda || queda == 0:
			return destinoMal(i, "cantidad", "exceeds what this return brings back")
		case destinado.Cantidad == 0:
			destinado.Cantidad = queda
		}
		quedan[destinado.Producto] -= destinado.Cantidad
		rs, err := sin.tomar(i, destinado)
		if err != nil {
			return err
		}
		out = append(out, rs...)
	}
	for _, linea := range devolucion.Lineas {
		rs, _ := sin.tomar(
			0,
			Destinado{
				Producto: linea.Producto,
				Cantidad: quedan[linea.Producto],
				Destino:  ADescarte,
			},
		)
		out = append(out, rs...)
	}
	if len(p.Retornos)+len(out) > MaxRetornos {
		return ErrDevoluciones
	}
	for _, retorno := range out {
		retorno.Devolucion, retorno.Numero = devolucion.ID, int64(len(p.Retornos))+1
		p.Retornos = append(p.Retornos, retorno)
	}
	return nil
}

// enOrden gives the indexes of destinados: members with a quantity before members that ask for the
// rest, and of each kind first the members that name a batch.
func enOrden(destinados []Destinado) []int {
	rango := func(i int) int {
		n := 0
		if destinados[i].Cantidad == 0 {
			n = 2
		}
		if destinados[i].Lote == "" {
			n++
		}
		return n
	}
	out := make([]int, len(destinados))
	for i := range out {
		out[i] = i
	}
	slices.SortStableFunc(out, func(a, b int) int { return rango(a) - rango(b) })
	return out
}

// destinoMal is ErrDevolucion with the message que for a member of the line i of the request.
func destinoMal(i int, miembro, que string) error {
	return ErrDevolucion.WithField(fmt.Sprintf("body.lineas[%d].%s", i, miembro), que)
}

// partidas is the goods that an order got and has not brought back: of each product, by batch.
type partidas map[string][]Partida

// sinRetornar is recibido without the goods that came back before.
func (p *Pedido) sinRetornar(recibido map[string][]Partida) partidas {
	out := partidas{}
	for producto, ps := range recibido {
		out[producto] = append([]Partida(nil), ps...)
	}
	for _, r := range p.Retornos {
		out.quitar(r.Producto, r.Cantidad, func(x Partida) bool {
			return x.Lote == r.Lote && mismaFecha(x.Vence, r.Vence)
		})
	}
	return out
}

// quitar takes up to n units of producto out of the batches for which es is true, in their order.
func (ps partidas) quitar(producto string, n int64, es func(Partida) bool) (out []Partida) {
	for i := range ps[producto] {
		x := &ps[producto][i]
		if m := min(n, x.Cantidad); m > 0 && es(*x) {
			x.Cantidad, n = x.Cantidad-m, n-m
			out = append(out, Partida{Lote: x.Lote, Vence: x.Vence, Cantidad: m})
		}
	}
	return out
}

// tomar takes the goods of destinado out of ps and gives them by batch. i is the line of destinado in the request.
// Errors: ErrDevolucion, naming the member.
func (ps partidas) tomar(i int, destinado Destinado) (out []Retorno, err error) {
	anotar := func(partida Partida) {
		out = append(out, Retorno{
			Producto: destinado.Producto,
			Cantidad: partida.Cantidad,
			Destino:  destinado.Destino,
			Lote:     partida.Lote,
			Vence:    partida.Vence,
		})
		destinado.Cantidad -= partida.Cantidad
	}
	es := func(partida Partida) bool { return destinado.Lote == "" || partida.Lote == destinado.Lote }
	for _, partida := range ps.quitar(destinado.Producto, destinado.Cantidad, es) {
		anotar(partida)
	}
	switch {
	case destinado.Cantidad == 0:
	case destinado.Lote != "":
		return nil, destinoMal(
			i,
			"lote",
			"exceeds what this order got of this batch and has not brought back",
		)
	case destinado.Destino == AExistencias:
		return nil, destinoMal(
			i,
			"destino",
			"what this order got is not known: take it in by hand",
		)
	default:
		anotar(Partida{Cantidad: destinado.Cantidad})
	}
	return out, nil
}

// mismaFecha reports whether a and b are the same instant, or both nil.
func mismaFecha(a, b *time.Time) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Equal(*b)
}

// PorAsentar gives the goods that came back and that the ledger of stock does not have yet.
func (p *Pedido) PorAsentar() (out []Retorno) {
	for _, r := range p.Retornos {
		if !r.Asentado {
			out = append(out, r)
		}
	}
	return out
}

// Asentar notes that the ledger of stock has the goods with this number.
func (p *Pedido) Asentar(numero int64) {
	for i := range p.Retornos {
		if p.Retornos[i].Numero == numero {
			p.Retornos[i].Asentado = true
		}
	}
}

// Devueltas is how many units of each product accepted returns account for. Whether they were sold again or
// thrown away, the undoing of the order does not give these units back.
func (p *Pedido) Devueltas() map[string]int64 {
	out := map[string]int64{}
	for _, d := range p.Devoluciones {
		if d.Estado == DevolucionAceptada {
			for _, l := range d.Lineas {
				out[l.Producto] += l.Cantidad
			}
		}
	}
	return out
}
