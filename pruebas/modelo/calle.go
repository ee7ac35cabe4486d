package modelo

import (
	"net/http"
	"time"
)

// conductor lets trucks leave, arrives, delivers and reports failed visits. A driver sees the visits of the driver's
// own trucks, a manager all.
func (a *actor) conductor() {
	switch n := a.azar.IntN(100); {
	case n < 25:
		vs := a.lista("/visitas?estado=firme&limite=200")
		if hoy := a.deHoy(vs); len(hoy) > 0 && a.suerte(2) {
			vs = hoy
		}
		if v, ok := a.masLlena(vs); ok {
			a.salir(v)
		}
	case n < 92:
		if v, ok := alguno(a, a.lista("/visitas?estado=en_camino&limite=100")); ok {
			a.puerta(v)
		}
	case n < 97: // a visit that is over, or has not begun
		if v, ok := alguno(a, a.lista("/visitas?limite=50")); ok {
			a.puerta(v)
		}
	default:
		a.obrar("/visitas/"+a.depositos[0]+"/entrega", nil)
	}
}

// deHoy are the visits of shifts that begin today.
func (a *actor) deHoy(cosas []cosa) (out []cosa) {
	hoy := a.ahora().In(buenosAires).Format(time.DateOnly)
	for _, v := range cosas {
		if v.Dia == hoy {
			out = append(out, v)
		}
	}
	return out
}

// masLlena is a visit of the fullest of three shifts.
func (a *actor) masLlena(cosas []cosa) (mejor cosa, ok bool) {
	n, max := map[string]int{}, 0
	for _, v := range cosas {
		n[v.TurnoID]++
	}
	for range 3 {
		if v, hay := alguno(a, cosas); hay && n[v.TurnoID] > max {
			mejor, max, ok = v, n[v.TurnoID], true
		}
	}
	return mejor, ok
}

func (a *actor) salir(v cosa) {
	r := a.obrar("/camiones/"+v.CamionID+"/salida", map[string]any{"turno_id": v.TurnoID})
	if !r.bien() {
		return
	}
	a.oido.hechos.mas("departures", 1)
	var x struct{ Turno cosa }
	if r.en(&x) && x.Turno.ID != v.TurnoID {
		a.oido.mal(
			v.PedidoID,
			"%s named shift %s and left with %s",
			a.nombre,
			v.TurnoID,
			x.Turno.ID,
		)
	}
	a.oido.mu.Lock()
	defer a.oido.mu.Unlock()
	a.oido.salidas[v.TurnoID] = true
}

// puerta reports the outcome of a visit: an arrival, a delivery or a failure.
func (a *actor) puerta(cosa cosa) {
	camino := "/visitas/" + cosa.ID
	r, dice := respuesta{}, ""
	switch n := a.azar.IntN(10); {
	case n < 2:
		r = a.obrar(camino+"/llegada", nil)
	case n < 8:
		r, dice = a.obrar(camino+"/entrega", nil), "entregada"
	default:
		r, dice = a.obrar(camino+"/fallo", map[string]any{"motivo": "no estaba"}), "fallida"
	}
	a.oido.contar(cosa.PedidoID, a.nombre, "visit %s, %s: %s", cosa.ID, dice, r)
	if !r.bien() || dice == "" {
		return
	}
	a.oido.hechos.mas("visits "+dice, 1)
	a.oido.mu.Lock()
	defer a.oido.mu.Unlock()
	a.oido.visitas[cosa.ID] = dice
}

// terminarReparto delivers every visit on the road, so that no order waits for its truck.
func (a *actor) terminarReparto() {
	for _, v := range a.lista("/visitas?estado=en_camino&limite=200") {
		if a.pedir(http.MethodPost, "/visitas/"+v.ID+"/entrega", nil).bien() {
			a.oido.visitas[v.ID] = "entregada"
		}
	}
}
