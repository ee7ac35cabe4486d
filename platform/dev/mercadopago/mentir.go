package mercadopago

import (
	"encoding/json"
	"net/http"
)

// mebi is how much follows an answer that is too large, in MiB.
const mebi = 64

// vacias are the answers that say nothing.
var vacias = map[string]func(respuesta) respuesta{
	"vacia":  func(r respuesta) respuesta { return respuesta{estado: r.estado} },
	"null":   func(r respuesta) respuesta { return respuesta{estado: r.estado, cuerpo: []byte("null")} },
	"objeto": func(r respuesta) respuesta { return respuesta{estado: r.estado, cuerpo: []byte("{}")} },
	"204":    func(respuesta) respuesta { return respuesta{estado: http.StatusNoContent} },
	"302":    func(respuesta) respuesta { return respuesta{estado: http.StatusFound} },
	"enorme": func(r respuesta) respuesta { r.relleno = mebi; return r },
}

// miembros are an order as JSON, to be changed.
type miembros = map[string]any

// mentiras are the changes of an order that an answer shows.
var mentiras = map[string]func(miembros, Falla){
	"monto": func(o miembros, f Falla) {
		poner(o, f.valor("1.00"), "total_amount", "total_paid_amount")
		porPago(o, func(p miembros) { poner(p, f.valor("1.00"), "amount", "paid_amount") })
	},
	"pagado": func(o miembros, f Falla) {
		poner(o, f.valor("1.00"), "total_paid_amount")
		porPago(o, func(p miembros) { poner(p, f.valor("1.00"), "paid_amount") })
	},
	"moneda":         func(o miembros, f Falla) { o["currency"] = f.valor("USD") },
	"orden":          func(o miembros, f Falla) { o["id"] = f.valor("ORDTST01DEOTRO0000000000000000") },
	"referencia":     func(o miembros, f Falla) { o["external_reference"] = f.valor("de-otro-1") },
	"sin_referencia": func(o miembros, _ Falla) { delete(o, "external_reference") },
	"sin_pago": func(o miembros, _ Falla) {
		if t, ok := o["transactions"].(miembros); ok {
			t["payments"] = []any{}
		}
	},
	"pago_fallido": func(o miembros, f Falla) {
		porPago(o, func(p miembros) { p["status"], p["status_detail"] = fallida, f.valor("rejected_by_issuer") })
	},
}

// poner writes v over those members that are there.
func poner(o miembros, v string, nombres ...string) {
	for _, m := range nombres {
		if _, hay := o[m]; hay {
			o[m] = v
		}
	}
}

func porPago(o miembros, f func(miembros)) {
	t, _ := o["transactions"].(miembros)
	pagos, _ := t["payments"].([]any)
	for _, p := range pagos {
		if d, ok := p.(miembros); ok {
			f(d)
		}
	}
}

// mentir plays f on an answer. A refusal has no order to change.
func (f Falla) mentir(r respuesta) respuesta {
	if nada, ok := vacias[f.Clase]; ok {
		return nada(r)
	}
	cambio := mentiras[f.Clase]
	if r.estado >= http.StatusBadRequest || cambio == nil && f.Clase != fallaFilas {
		return r
	}
	var o miembros
	if json.Unmarshal(r.cuerpo, &o) != nil || o == nil { // null is no order
		return r
	}
	filas, lista := o["data"].([]any)
	switch {
	case f.Clase == fallaFilas:
		punteros(filas)
	case !lista:
		cambio(o, f)
	}
	for _, x := range filas {
		if d, ok := x.(miembros); ok && cambio != nil {
			cambio(d, f)
		}
	}
	return enJSON(r.estado, o)
}

// punteros leaves of each row what the SDK's example of a search shows.
func punteros(filas []any) {
	for i, x := range filas {
		if d, ok := x.(miembros); ok {
			filas[i] = miembros{
				"id": d["id"], "status": d["status"], "status_detail": d["status_detail"],
				"total_amount": d["total_amount"], "currency": "ARS",
			}
		}
	}
}

// otroMonto makes p ask for another amount, where a Falla of this call says so.
func (p *peticion) otroMonto(fs []Falla) {
	for _, f := range fs {
		if f.Clase == fallaCobra {
			p.TotalAmount, p.pago().Amount = f.valor("1.00"), f.valor("1.00")
		}
	}
}
