package modelo

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// dinero is the gateway's money under one reference, in centavos.
type dinero struct {
	cobrado, reembolsado int64
	cargos               int // orders of the gateway that took money
	abiertos             int // orders of the gateway that wait, or hold a reservation
	disputada            bool
}

func (d dinero) neto() int64 { return d.cobrado - d.reembolsado }

func dineroPorReferencia(ordenDePagos []ordenDePago) map[string]dinero {
	out := map[string]dinero{}
	for _, a := range ordenDePagos {
		d := out[a.Referencia]
		d.cobrado, d.reembolsado = d.cobrado+a.Cobrado, d.reembolsado+a.Reembolsado
		d.disputada = d.disputada || a.Disputada
		if a.Cobrado > 0 {
			d.cargos++
		}
		if a.abierta() {
			d.abiertos++
		}
		out[a.Referencia] = d
	}
	return out
}

func referencia(pedido string, intento int) string { return fmt.Sprint(pedido, "-", intento) }

// negados returns, by reference, the centavos that the gateway has refused for good to refund.
func (l *libros) negados() map[string]int64 {
	de := map[string]string{}
	for _, c := range l.cobros {
		de[c.ID] = referencia(c.Pedido, c.Intento)
	}
	out := map[string]int64{}
	for _, r := range l.reembolsos {
		if r.Estado == "fallido" || r.Estado == "rechazado" {
			out[de[r.Cobro]] += r.Monto
		}
	}
	return out
}

// dineros: of a living order the gateway has taken the total once, and has given back the amount that the order says.
// Of an intento that is over the gateway keeps nothing.
func (j *juez) dineros() {
	negado := j.negados()
	for id, o := range j.pedidos {
		con := 0
		for n := 1; n <= o.Doc.Intento; n++ {
			ref := referencia(id, n)
			d := j.dePedido[ref]
			if d.neto() > 0 && d.neto() > negado[ref] {
				con++
			}
			switch {
			case n == o.Doc.Intento && vivo(o.Estado):
				j.deVivo(id, o, d)
			case n < o.Doc.Intento || terminado(o.Estado):
				j.exige(
					d.neto() == 0 || d.neto() <= negado[ref],
					id,
					"intento %d is over (%s) and the gateway has kept %d",
					n,
					o.Estado,
					d.neto(),
				)
				j.exige(
					d.abiertos == 0,
					id,
					"intento %d is over (%s) and the gateway still waits or holds for it",
					n,
					o.Estado,
				)
			}
			j.exige(d.cargos <= 1, id, "intento %d was charged %d times", n, d.cargos)
			delete(j.dePedido, ref)
		}
		j.exige(con <= 1, id, "money of %d intentos has been kept", con)
	}
	for ref, d := range j.dePedido {
		pedido, n := deReferencia(ref)
		j.exige(
			d.neto() == 0 && d.abiertos == 0,
			pedido,
			"intento %d is none, and the gateway has %d for it",
			n,
			d.neto(),
		)
	}
	j.dePedido = dineroPorReferencia(j.ordenesDePago)
}

func (j *juez) deVivo(id string, orden *orden, dinero dinero) {
	j.exige(
		dinero.cobrado == orden.Doc.Total,
		id,
		"is %s, costs %d, and the gateway has taken %d",
		orden.Estado,
		orden.Doc.Total,
		dinero.cobrado,
	)
	j.exige(
		dinero.abiertos == 0,
		id,
		"is %s and the gateway still waits or holds for it",
		orden.Estado,
	)
}

// anotado: the amounts in a living order's document are those of pagos.
func (j *juez) anotado() {
	for _, c := range j.cobros {
		o := j.pedidos[c.Pedido]
		if o == nil || !vivo(o.Estado) || o.Doc.Intento != c.Intento {
			continue
		}
		p := o.Doc.Pago
		j.exige(
			p.Cobrado == c.Cobrado,
			c.Pedido,
			"says that %d was charged, pagos %d",
			p.Cobrado,
			c.Cobrado,
		)
		j.exige(
			p.Reembolsado == c.Reembolsado,
			c.Pedido,
			"says that %d was given back, pagos %d",
			p.Reembolsado,
			c.Reembolsado,
		)
	}
}

// deCobros: the amounts of each charge in pagos are those of the gateway's ledger. Refunds at the panel that pagos
// has not heard of are left to the rule avisado.
func (j *juez) deCobros() {
	vistos, callados := map[string]bool{}, j.callados()
	for _, c := range j.cobros {
		ref := referencia(c.Pedido, c.Intento)
		d := j.dePedido[ref]
		j.exige(!vistos[ref], c.Pedido, "intento %d has two charges", c.Intento)
		vistos[ref] = true
		j.exige(
			c.Cobrado == d.cobrado && c.Reembolsado+callados[c.ID] == d.reembolsado,
			c.Pedido,
			"intento %d: pagos says %d taken, %d given back; the gateway %d and %d",
			c.Intento,
			c.Cobrado,
			c.Reembolsado,
			d.cobrado,
			d.reembolsado,
		)
		j.exige(j.pedidos[c.Pedido] != nil, c.Pedido, "has a charge and is no order")
	}
	for ref, d := range j.dePedido {
		pedido, n := deReferencia(ref)
		j.exige(
			vistos[ref] || d.cobrado == 0,
			pedido,
			"intento %d: pagos does not know what the gateway took",
			n,
		)
	}
}

// callados returns, by charge, the centavos given back at the gateway's panel that are in no refund of pagos.
func (j *juez) callados() map[string]int64 {
	sabidos := map[string]bool{}
	for _, r := range j.reembolsos {
		sabidos[r.Ajeno] = true
	}
	cobros := map[string]string{} // by the gateway's order
	for _, c := range j.cobros {
		cobros[c.Orden] = c.ID
	}
	out := map[string]int64{}
	for _, a := range j.ordenesDePago {
		for id, monto := range a.Reembolsos {
			if !sabidos[id] && (j.panel[id] || j.panel[dudoso(a.ID, monto)]) {
				out[cobros[a.ID]] += monto
			}
		}
	}
	return out
}

// dudoso names a refund at the panel that was requested and got no answer.
func dudoso(asiento string, monto int64) string { return fmt.Sprint(asiento, " ", monto) }

// avisado: pagos knows the refunds at the gateway's panel, or, when the notice was lost, has a time at which it reads
// the payment again.
func (j *juez) avisado() {
	callados := j.callados()
	for _, c := range j.cobros {
		j.exige(callados[c.ID] == 0 || c.Debe != nil, c.Pedido,
			"intento %d: %d was given back at the panel and pagos has not heard",
			c.Intento, callados[c.ID])
	}
}

// deReembolsos: each refund of pagos is in the gateway's ledger, and each refund that an order calls made is in
// pagos.
func (j *juez) deReembolsos() {
	del := map[string]map[string]int64{} // by the gateway's order
	for _, a := range j.ordenesDePago {
		del[a.ID] = a.Reembolsos
	}
	// By charge and id, the refunds that were made. A refund of all that is left has its amount in its id.
	hechos := map[string]int64{}
	porCobro := map[string][]reembolsoCobro{}
	for _, r := range j.reembolsos {
		porCobro[r.Cobro] = append(porCobro[r.Cobro], r)
		if r.Estado == "hecho" {
			hechos[r.Cobro+" "+strings.TrimSuffix(r.ID, fmt.Sprint("-", r.Monto))] = r.Monto
		}
	}
	cobros := map[string]cobro{}
	for _, c := range j.cobros {
		cobros[referencia(c.Pedido, c.Intento)] = c
		j.igualesEnLibro(c, porCobro[c.ID], maps.Clone(del[c.Orden]))
	}
	for id, o := range j.pedidos {
		j.delPedido(id, o, cobros[referencia(id, o.Doc.Intento)], hechos)
	}
}

// igualesEnLibro compares the refunds of one charge with those of the gateway's book.
func (j *juez) igualesEnLibro(cobro cobro, suyos []reembolsoCobro, libro map[string]int64) {
	suma := int64(0)
	for _, r := range suyos {
		if r.Estado != "hecho" {
			continue
		}
		suma += r.Monto
		monto, hay := libro[r.Ajeno]
		j.exige(
			r.Ajeno == "" || hay && monto == r.Monto,
			cobro.Pedido,
			"refund %s of %d: the gateway has %d as %s",
			r.ID,
			r.Monto,
			monto,
			r.Ajeno,
		)
		delete(libro, r.Ajeno)
	}
	j.exige(
		suma == cobro.Reembolsado,
		cobro.Pedido,
		"intento %d: refunds of %d were made, %d was given back",
		cobro.Intento,
		suma,
		cobro.Reembolsado,
	)
}

func (j *juez) delPedido(id string, orden *orden, cobro cobro, hechos map[string]int64) {
	vistos := map[string]bool{}
	for _, r := range orden.Doc.Reembolsos {
		j.exige(!vistos[r.ID], id, "has refund %s twice", r.ID)
		vistos[r.ID] = true
		if r.Estado == "hecho" && vivo(orden.Estado) {
			j.exige(
				hechos[cobro.ID+" "+r.ID] == r.Monto,
				id,
				"refund %s of %d is called made; pagos made %d",
				r.ID,
				r.Monto,
				hechos[cobro.ID+" "+r.ID],
			)
		}
	}
	for _, d := range orden.Doc.Devoluciones {
		if d.Estado != "aceptada" || d.Monto == 0 || orden.Estado != "entregado" {
			continue
		}
		i := slices.IndexFunc(
			orden.Doc.Reembolsos,
			func(r devuelto) bool { return r.ID == d.ID },
		)
		j.exige(i >= 0 && orden.Doc.Reembolsos[i].Monto == d.Monto, id,
			"return %s of %d has been accepted and its money was not asked for", d.ID, d.Monto)
	}
}

// precios: the amount asked of the gateway is the price that the client sent and the program accepted.
func (j *juez) precios() {
	for _, c := range j.cobros {
		o, d := j.pedidos[c.Pedido], j.dichos[c.Pedido]
		if o == nil {
			continue
		}
		if c.Intento == o.Doc.Intento {
			j.exige(
				c.Monto == o.Doc.Total,
				c.Pedido,
				"costs %d, and %d was asked for",
				o.Doc.Total,
				c.Monto,
			)
		}
		if d == nil {
			continue
		}
		if c.Intento == 1 && d.Total != 0 {
			j.exige(
				c.Monto == d.Total,
				c.Pedido,
				"was taken at %d, and %d was asked for",
				d.Total,
				c.Monto,
			)
		}
		if total, hay := d.Totales[c.Intento]; hay {
			j.exige(
				c.Monto == total,
				c.Pedido,
				"the client was shown %d for intento %d, and %d was asked for",
				total,
				c.Intento,
				c.Monto,
			)
		}
	}
}
