package modelo

import (
	"net/http"
	"slices"
)

// ajeno tries to read and change another customer's order: the answer is the same as for an order that does not
// exist.
func (a *actor) ajeno() {
	ids := a.oido.recientes("", 60)
	mios := a.oido.recientes(a.login, 1<<20)
	ids = slices.DeleteFunc(ids, func(id string) bool { return slices.Contains(mios, id) })
	id, ok := alguno(a, ids)
	if !ok {
		return
	}
	a.oido.hechos.mas("other people's things tried", 1)
	var r respuesta
	espera := http.StatusNotFound
	switch a.azar.IntN(5) {
	case 0:
		r = a.pedir(http.MethodGet, "/pedidos/"+id, nil)
	case 1:
		r = a.pedir(
			http.MethodPost,
			"/pedidos/"+id+"/cancelacion",
			map[string]any{"motivo": "ajeno"},
		)
	case 2:
		r = a.pedir(http.MethodPost, "/pedidos/"+id+"/reintento", map[string]any{})
	case 3:
		r = a.pedir(
			http.MethodPost,
			"/pedidos/"+id+"/devoluciones",
			map[string]any{"motivo": "x",
				"lineas": a.lineasAlAzar()},
		)
	default:
		r = a.pedir(
			http.MethodPost,
			"/pedidos/"+id+"/reembolsos",
			map[string]any{"motivo": "x"},
		)
		espera = http.StatusForbidden
	}
	if r.Status != espera && r.Status != http.StatusTooManyRequests &&
		r.Status != http.StatusServiceUnavailable {
		a.oido.mal(
			id,
			"%s tried what is another person's: %s, %d expected",
			a.nombre,
			r,
			espera,
		)
	}
}

// malformado sends requests that are no valid order: none has an effect.
func (a *actor) malformado() {
	bien := map[string]any{
		"lineas":       a.lineasAlAzar(),
		"direccion_id": a.direcciones[a.login][0],
		"pago":         map[string]any{"metodo": "efectivo"},
	}
	con := func(clave string, valor any) map[string]any { bien[clave] = valor; return bien }
	l := llamada{metodo: http.MethodPost, camino: "/pedidos", clave: a.nuevaClave()}
	switch a.azar.IntN(9) {
	case 0:
		l.cuerpo = []byte(`{"lineas": [`)
	case 1:
		l.cuerpo = con("sorpresa", 1)
	case 2:
		l.cuerpo = con(
			"lineas",
			[]map[string]any{{"producto_id": a.productos[0], "cantidad": -1}},
		)
	case 3:
		l.cuerpo = con("direccion_id", "7")
	case 4:
		l.cuerpo = con("lineas", []any{})
	case 5:
		l.cuerpo, l.tipo = []byte("lineas=1"), "text/plain"
	case 6:
		l.cuerpo, l.sinToken = bien, true
	case 7:
		l.cuerpo = con("pago", map[string]any{"metodo": "tarjeta_credito"})
	default:
		l.cuerpo = con(
			"entrega",
			map[string]any{"desde": "2020-01-01T10:00:00Z", "hasta": "2020-01-01T14:00:00Z"},
		)
	}
	a.oido.hechos.mas("malformed calls", 1)
	if r := a.insistir(l); r.bien() {
		a.oido.mal("", "%s sent %v, which is no order: %s", a.nombre, l.cuerpo, r)
	}
}
