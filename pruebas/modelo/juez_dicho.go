package modelo

import (
	"slices"
)

// dicho: every record that a client was told of exists, and no record has gone back behind an earlier answer.
func (j *juez) dicho() {
	for id, d := range j.dichos {
		o := j.pedidos[id]
		j.exige(o != nil, id, "%s was told that it exists", d.Por)
		if o == nil {
			continue
		}
		j.exige(
			d.Cliente == "" || d.Cliente == o.Cliente,
			id,
			"was told to be of customer %s, is of %s",
			d.Cliente,
			o.Cliente,
		)
		j.exige(
			esPrefijo(d.Historia, o.Doc.Eventos),
			id,
			"a client has seen another history than it has: %v",
			pasos(d.Historia),
		)
		if d.Cancelado {
			j.exige(
				o.Estado == "cancelado",
				id,
				"a client was told that it is cancelado, it is %s",
				o.Estado,
			)
		}
		for r, monto := range d.Reembolsos {
			i := slices.IndexFunc(o.Doc.Reembolsos, func(x devuelto) bool { return x.ID == r })
			j.exige(i >= 0, id, "a client was told of refund %s, which is not there", r)
			if i >= 0 && monto != 0 {
				j.exige(
					o.Doc.Reembolsos[i].Monto == monto,
					id,
					"a client was told of refund %s over %d, it is over %d",
					r,
					monto,
					o.Doc.Reembolsos[i].Monto,
				)
			}
		}
		for r, estado := range d.Devoluciones {
			i := slices.IndexFunc(o.Doc.Devoluciones, func(x retorno) bool { return x.ID == r })
			j.exige(i >= 0, id, "a client was told of return %s, which is not there", r)
			if i >= 0 {
				tiene := o.Doc.Devoluciones[i].Estado
				j.exige(estado == tiene || estado == "pedida", id,
					"a client was told that return %s is %s, it is %s", r, estado, tiene)
			}
		}
		for n, monto := range d.Devuelto {
			tiene := j.dePedido[referencia(id, n)].reembolsado
			j.exige(
				tiene >= monto,
				id,
				"a client was told that %d of intento %d went back, the gateway gave back %d",
				monto,
				n,
				tiene,
			)
		}
	}
	j.dichoDeOtros()
}

// dichoDeOtros: the same for stock, visits and departures.
func (j *juez) dichoDeOtros() {
	for _, m := range j.dichoStock {
		x, hay := j.movimientos[m.ID]
		j.exige(hay && x.Cantidad == m.Cantidad && x.Producto == m.Producto, "",
			"%s was told that %d of product %s moved as %s; there is %+v",
			m.Por, m.Cantidad, m.Producto, m.ID, x)
	}
	estado := map[string]visita{}
	for _, v := range j.visitas {
		estado[v.ID] = v
	}
	for id, dijo := range j.dichoVisitas {
		j.exige(
			estado[id].Estado == dijo,
			estado[id].Pedido,
			"a driver was told that visit %s is %s, it is %q",
			id,
			dijo,
			estado[id].Estado,
		)
	}
	salio := map[string]bool{}
	for _, t := range j.turnos {
		salio[t.ID] = t.Estado != "abierto"
	}
	for id := range j.dichoSalidas {
		j.exige(salio[id], "", "a driver was told that shift %s has left, it has not", id)
	}
}

// esPrefijo reports whether hay, the stored history, begins with visto, the history that a client read.
func esPrefijo(visto, hay []evento) bool {
	if len(visto) > len(hay) {
		return false
	}
	for i, e := range visto {
		o := hay[i]
		if e.Seq != o.Seq || e.Tipo != o.Tipo || e.De != o.De || e.A != o.A ||
			e.Intento != o.Intento ||
			!e.En.Equal(o.En) {
			return false
		}
	}
	return true
}

// pasos are the kinds of the events in a history.
func pasos(eventos []evento) (out []string) {
	for _, e := range eventos {
		out = append(out, e.Tipo)
	}
	return out
}
