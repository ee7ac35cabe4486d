package mercadopago

import (
	"encoding/json"
	"net/http"
)

// mebi is how many MiB of blanks follow an answer of the class enorme.
const mebi = 64

// vacias are the classes of Falla that replace the whole answer.
var vacias = map[string]func(respuesta) respuesta{
	"vacia":  func(r respuesta) respuesta { return respuesta{estado: r.estado} },
	"null":   func(r respuesta) respuesta { return respuesta{estado: r.estado, cuerpo: []byte("null")} },
	"objeto": func(r respuesta) respuesta { return respuesta{estado: r.estado, cuerpo: []byte("{}")} },
	"204":    func(respuesta) respuesta { return respuesta{estado: http.StatusNoContent} },
	"302":    func(respuesta) respuesta { return respuesta{estado: http.StatusFound} },
	"enorme": func(r respuesta) respuesta { r.relleno = mebi; return r },
}

// miembros is an order as a JSON object.
type miembros = map[string]any

// mentiras are the classes of Falla that change the order in an answer.
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

// poner sets to v those of the members nombres that o has.
func poner(o miembros, v string, nombres ...string) {
	for _, m := range nombres {
		if _, hay := o[m]; hay {
			o[m] = v
		}
	}
}

// porPago calls f with each payment of the order o.
func porPago(o miembros, f func(miembros)) {
	t, _ := o["transactions"].(miembros)
	pagos, _ := t["payments"].([]any)
	for _, p := range pagos {
		if d, ok := p.(miembros); ok {
			f(d)
		}
	}
}

// mentir applies f to the answer r. It leaves an error as it is, because that has no order to change.
func (f Falla) mentir(r respuesta) respuesta {
	if nada, ok := vacias[f.Clase]; ok {
		return nada(r)
	}
	cambio := mentiras[f.Clase]
	if r.estado >= http.StatusBadRequest || cambio == nil && f.Clase != fallaFilas {
		return r
	}
	var o miembros
	if json.Unmarshal(r.cuerpo, &o) != nil || o == nil { // an earlier Falla has emptied the answer
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

// punteros reduces each row of a search to the members that the example in MercadoPago's SDK shows.
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

// otroMonto changes the amount of p when one of fs, the Fallas of this call, has the class cobra.
func (p *peticion) otroMonto(fs []Falla) {
	for _, f := range fs {
		if f.Clase == fallaCobra {
			p.TotalAmount, p.pago().Amount = f.valor("1.00"), f.valor("1.00")
		}
	}
}
