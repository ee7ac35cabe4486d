package modelo

import (
	"slices"
	"time"
)

// ocupa reports whether a visit in this state holds room in its truck.
func ocupa(estado string) bool {
	return slices.Contains([]string{"provisional", "firme", "en_camino"}, estado)
}

// lugar: the room that each shift's row calls taken is the sum of its visits, within the shift's capacity and within
// that of each window; no truck has two shifts at one time; no truck left with more than it carries.
func (j *juez) lugar() {
	usado, salio, tramos := map[string]cupo{}, map[string]cupo{}, map[string][6]int64{}
	for _, v := range j.visitas {
		if v.Salio {
			salio[v.Turno] = salio[v.Turno].mas(v.Cupo)
		}
		if ocupa(v.Estado) {
			usado[v.Turno] = usado[v.Turno].mas(v.Cupo)
			ts := tramos[v.Turno]
			ts[v.Tramo] += v.Cupo.Minutos
			tramos[v.Turno] = ts
		}
	}
	porCamion := map[string][]turno{}
	for _, t := range j.turnos {
		porCamion[t.Camion] = append(porCamion[t.Camion], t)
		j.exige(
			t.Usado == usado[t.ID],
			"",
			"shift %s says %+v is taken, its visits take %+v",
			t.ID,
			t.Usado,
			usado[t.ID],
		)
		j.exige(
			t.Tramos == tramos[t.ID],
			"",
			"shift %s says %v minutes are taken by window, its visits take %v",
			t.ID,
			t.Tramos,
			tramos[t.ID],
		)
		j.exige(
			usado[t.ID].en(t.Capacidad),
			"",
			"shift %s carries %+v of %+v",
			t.ID,
			usado[t.ID],
			t.Capacidad,
		)
		j.exige(
			salio[t.ID].en(t.Capacidad),
			"",
			"shift %s left with %+v of %+v",
			t.ID,
			salio[t.ID],
			t.Capacidad,
		)
		for i, n := range t.Tramos {
			j.exige(
				n >= 0 && n <= int64(t.Franja/time.Minute),
				"",
				"shift %s: %d minutes in window %d of %v",
				t.ID,
				n,
				i,
				t.Franja,
			)
		}
	}
	for camion, ts := range porCamion {
		slices.SortFunc(ts, func(a, b turno) int { return a.Inicio.Compare(b.Inicio) })
		for i := range len(ts) - 1 {
			j.exige(
				!ts[i+1].Inicio.Before(ts[i].Fin),
				"",
				"truck %s has shift %s before shift %s is over",
				camion,
				ts[i+1].ID,
				ts[i].ID,
			)
		}
	}
}

// deVisitas: a living order has one visit, in the state that belongs to the order's own; an order that is over holds
// no room.
func (j *juez) deVisitas() {
	toca := map[string]string{
		"confirmado": "firme",
		"en_reparto": "en_camino",
		"entregado":  "entregada",
	}
	cuantas, entregas := map[string]map[string]int{}, map[string]int{}
	for _, v := range j.visitas {
		if cuantas[v.Pedido] == nil {
			cuantas[v.Pedido] = map[string]int{}
		}
		cuantas[v.Pedido][v.Estado]++
		if v.Estado == "entregada" {
			entregas[v.Pedido]++
		}
		o := j.pedidos[v.Pedido]
		j.exige(
			o != nil || !ocupa(v.Estado),
			v.Pedido,
			"is no order and has visit %s, %s",
			v.ID,
			v.Estado,
		)
		if o != nil && ocupa(v.Estado) {
			j.exige(v.Estado == toca[o.Estado] && v.Intento == o.Doc.Intento, v.Pedido,
				"is %s in intento %d and visit %d of intento %d is %s",
				o.Estado, o.Doc.Intento, v.Numero, v.Intento, v.Estado)
		}
	}
	for id, o := range j.pedidos {
		j.exige(entregas[id] <= 1, id, "was delivered %d times", entregas[id])
		if estado, hay := toca[o.Estado]; hay {
			espera := o.Estado == "confirmado" &&
				o.Doc.Entrega.Visita != o.Doc.Visitas // the order still looks for its next visit
			j.exige(cuantas[id][estado] == 1 || espera && cuantas[id][estado] == 0, id,
				"is %s and has the visits %v", o.Estado, cuantas[id])
		}
	}
}
