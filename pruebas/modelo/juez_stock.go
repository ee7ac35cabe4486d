package modelo

import (
	"fmt"
	"strings"
	"time"
)

// lugarStock is one product in one depot.
type lugarStock struct{ producto, deposito string }

func sumaTomas(tomas []toma) (n int64) {
	for _, t := range tomas {
		n += t.Cantidad
	}
	return n
}

func nombreLote(id string, vence *time.Time) string {
	if vence == nil {
		return id + " without a date"
	}
	return fmt.Sprint(id, " of ", vence.UnixMilli())
}

// stock: per product and depot, and per lot there, the sum of the movements is the stock that lies there, free or
// kept; no stock is below zero.
func (j *juez) stock() {
	hay, porLote := map[lugarStock]int64{}, map[lugarStock]map[string]int64{}
	for _, m := range j.movimientos {
		l := lugarStock{producto: m.Producto, deposito: m.Deposito}
		hay[l] += m.Cantidad
		if porLote[l] == nil {
			porLote[l] = map[string]int64{}
		}
		signo := int64(1)
		if m.Cantidad < 0 {
			signo = -1
		}
		j.exige(
			sumaTomas(m.Tomas) == signo*m.Cantidad,
			m.Pedido,
			"movement %s of %d: its lots are %d",
			m.ID,
			m.Cantidad,
			sumaTomas(m.Tomas),
		)
		for _, t := range m.Tomas {
			porLote[l][nombreLote(t.Lote, t.Vence)] += signo * t.Cantidad
		}
	}
	for _, id := range j.dobles {
		j.exige(false, "", "movement %s is there twice, in two ways", id)
	}
	for _, e := range j.existencias {
		l := lugarStock{producto: e.Producto, deposito: e.Deposito}
		j.deExistencia(e, hay[l], porLote[l])
		delete(hay, l)
	}
	for l, n := range hay {
		j.exige(
			n == 0,
			"",
			"product %s in depot %s: %d came and nothing lies there",
			l.producto,
			l.deposito,
			n,
		)
	}
}

// deExistencia compares one product in one depot with the sum of its movements: vino in all, porLote by batch.
func (j *juez) deExistencia(existencia existencia, vino int64, porLote map[string]int64) {
	libre, tiene, reservado := int64(0), map[string]int64{}, int64(0)
	for _, x := range existencia.Lotes {
		j.exige(
			x.Libre >= 0,
			"",
			"product %s in depot %s: lot %s has %d",
			existencia.Producto,
			existencia.Deposito,
			x.ID,
			x.Libre,
		)
		libre += x.Libre
		tiene[nombreLote(x.ID, x.Vence)] += x.Libre
	}
	for _, r := range existencia.Reservas {
		reservado += r.Cantidad
		j.exige(
			r.Cantidad > 0 && sumaTomas(r.Tomas) == r.Cantidad,
			r.Pedido,
			"%d of product %s are kept, out of lots with %d",
			r.Cantidad,
			existencia.Producto,
			sumaTomas(r.Tomas),
		)
		j.exige(
			!j.enReposo(r.Pedido),
			r.Pedido,
			"%d of product %s are kept in depot %s for intento %d, which needs them no more",
			r.Cantidad,
			existencia.Producto,
			existencia.Deposito,
			r.Intento,
		)
		for _, t := range r.Tomas {
			tiene[nombreLote(t.Lote, t.Vence)] += t.Cantidad
		}
	}
	j.exige(
		libre == existencia.Libre,
		"",
		"product %s in depot %s: %d free by lot, %d by its row",
		existencia.Producto,
		existencia.Deposito,
		libre,
		existencia.Libre,
	)
	j.exige(
		libre+reservado == vino,
		"",
		"product %s in depot %s: %d came and stayed, %d lie there and %d are kept",
		existencia.Producto,
		existencia.Deposito,
		vino,
		libre,
		reservado,
	)
	for nombre, n := range porLote {
		j.exige(
			tiene[nombre] == n,
			"",
			"product %s in depot %s, lot %s: %d came and stayed, %d are there",
			existencia.Producto,
			existencia.Deposito,
			nombre,
			n,
			tiene[nombre],
		)
		delete(tiene, nombre)
	}
	for nombre, n := range tiene {
		j.exige(
			n == 0,
			"",
			"product %s in depot %s, lot %s: %d are there and none came",
			existencia.Producto,
			existencia.Deposito,
			nombre,
			n,
		)
	}
}

// enReposo reports whether an order keeps no stock: its goods are sold, or the order is over.
func (j *juez) enReposo(pedido string) bool {
	o := j.pedidos[pedido]
	return o == nil || vivo(o.Estado) || terminado(o.Estado)
}

// ventas: a living order has bought its lines once, less the units that came back; an order that is over has bought
// nothing, unless its goods have been at the door.
func (j *juez) ventas() {
	type compra struct {
		pedido, producto string
		intento          int
	}
	neto, vuelto := map[compra]int64{}, map[compra]int64{}
	for _, m := range j.movimientos {
		if m.Pedido == "" {
			continue
		}
		o := j.pedidos[m.Pedido]
		j.exige(o != nil, m.Pedido, "movement %s is of no order", m.ID)
		if o == nil {
			continue
		}
		_, n, ok := deVenta(m)
		if !ok { // goods that a return brought back: of the intento that was delivered
			n = o.Doc.Intento
		}
		c := compra{pedido: m.Pedido, producto: m.Producto, intento: n}
		neto[c] += m.Cantidad
		if m.Cantidad > 0 {
			vuelto[c] += m.Cantidad
		}
	}
	fuera := j.salieron()
	for id, o := range j.pedidos {
		for _, in := range o.Doc.Intentos {
			lleva := fuera[referencia(id, in.Numero)]
			for _, l := range in.Lineas {
				c := compra{pedido: id, producto: l.Producto, intento: in.Numero}
				desde, hasta := int64(0), int64(0)
				switch {
				case in.Numero == o.Doc.Intento && vivo(o.Estado):
					desde, hasta = -l.Cantidad, -l.Cantidad+devueltas(o.Doc, l.Producto)
				case in.Numero == o.Doc.Intento && lleva:
					desde = -l.Cantidad
				}
				j.exige(neto[c] >= desde && neto[c] <= hasta, id,
					"intento %d (%s) bought %d of product %s net, %d to %d expected",
					in.Numero, o.Estado, -neto[c], l.Producto, -hasta, -desde)
				j.exige(
					vuelto[c] <= l.Cantidad,
					id,
					"%d of product %s came back, %d were ordered",
					vuelto[c],
					l.Producto,
					l.Cantidad,
				)
				delete(neto, c)
			}
		}
	}
	for c, n := range neto {
		j.exige(
			n == 0,
			c.pedido,
			"intento %d bought %d of product %s, which is none of its lines",
			c.intento,
			-n,
			c.producto,
		)
	}
}

// devueltas is the number of units of a product that have come back in accepted returns.
func devueltas(documento documento, producto string) (n int64) {
	for _, x := range documento.Devoluciones {
		for _, l := range x.Lineas {
			if x.Estado == "aceptada" && l.Producto == producto {
				n += l.Cantidad
			}
		}
	}
	return n
}

// salieron are the references of the intentos with goods that have been on the road.
func (l *libros) salieron() map[string]bool {
	out := map[string]bool{}
	for _, v := range l.visitas {
		if v.Salio {
			out[referencia(v.Pedido, v.Intento)] = true
		}
	}
	return out
}

// vencidos: every lot that is sold is good at the end of the first window that its order was promised. A date is good
// to the end of its day in Buenos Aires.
func (j *juez) vencidos() {
	primera := map[string]time.Time{}
	for _, v := range j.visitas {
		ref := referencia(v.Pedido, v.Intento)
		if p, hay := primera[ref]; !hay || v.Hasta.Before(p) {
			primera[ref] = v.Hasta
		}
	}
	for _, m := range j.movimientos {
		pedido, n, ok := deVenta(m)
		if !ok || m.Cantidad >= 0 || j.tirado(m) {
			continue
		}
		for _, t := range m.Tomas {
			if t.Vence == nil {
				continue
			}
			limite := m.En
			if w, hay := primera[referencia(pedido, n)]; hay && w.After(limite) {
				limite = w
			}
			j.exige(!finDelDia(*t.Vence).Before(limite), pedido,
				"was sold %d of lot %s, good until %v, for a window that ends at %v",
				t.Cantidad, t.Lote, t.Vence, limite)
		}
	}
}

// tirado reports whether movimiento throws away the goods that a return has brought back, which may have expired by
// then.
func (j *juez) tirado(movimiento movimiento) bool {
	vuelta, es := strings.CutSuffix(movimiento.ID, ":descarte")
	return es && j.movimientos[vuelta].Cantidad == -movimiento.Cantidad
}

// buenosAires is UTC-3 all year.
var buenosAires = time.FixedZone("-03", -3*3600)

func finDelDia(t time.Time) time.Time {
	y, m, d := t.In(buenosAires).Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, buenosAires)
}
