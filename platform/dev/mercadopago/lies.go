package mercadopago

import (
	"encoding/json"
	"net/http"
)

// mebi is how many MiB of blanks follow an answer of the class enorme.
const mebi = 64

// emptyAnswers are the classes of Failure that replace the whole answer.
var emptyAnswers = map[string]func(answer) answer{
	"vacia":  func(r answer) answer { return answer{status: r.status} },
	"null":   func(r answer) answer { return answer{status: r.status, body: []byte("null")} },
	"objeto": func(r answer) answer { return answer{status: r.status, body: []byte("{}")} },
	"204":    func(answer) answer { return answer{status: http.StatusNoContent} },
	"302":    func(answer) answer { return answer{status: http.StatusFound} },
	"enorme": func(r answer) answer { r.padding = mebi; return r },
}

// members is an order as a JSON object.
type members = map[string]any

// lies are the classes of Failure that change the order in an answer.
var lies = map[string]func(members, Failure){
	"monto": func(o members, f Failure) {
		setMembers(o, f.value("1.00"), "total_amount", "total_paid_amount")
		eachPayment(
			o,
			func(p members) { setMembers(p, f.value("1.00"), "amount", "paid_amount") },
		)
	},
	"pagado": func(o members, f Failure) {
		setMembers(o, f.value("1.00"), "total_paid_amount")
		eachPayment(o, func(p members) { setMembers(p, f.value("1.00"), "paid_amount") })
	},
	"moneda":         func(o members, f Failure) { o["currency"] = f.value("USD") },
	"orden":          func(o members, f Failure) { o["id"] = f.value("ORDTST01DEOTRO0000000000000000") },
	"referencia":     func(o members, f Failure) { o["external_reference"] = f.value("de-otro-1") },
	"sin_referencia": func(o members, _ Failure) { delete(o, "external_reference") },
	"sin_pago": func(o members, _ Failure) {
		if t, ok := o["transactions"].(members); ok {
			t["payments"] = []any{}
		}
	},
	"pago_fallido": func(o members, f Failure) {
		eachPayment(
			o,
			func(p members) { p["status"], p["status_detail"] = failed, f.value("rejected_by_issuer") },
		)
	},
}

// setMembers sets to v those of the members nombres that o has.
func setMembers(members members, v string, nombres ...string) {
	for _, m := range nombres {
		if _, hay := members[m]; hay {
			members[m] = v
		}
	}
}

// eachPayment calls f with each payment of the order o.
func eachPayment(o members, f func(members)) {
	t, _ := o["transactions"].(members)
	pagos, _ := t["payments"].([]any)
	for _, p := range pagos {
		if d, ok := p.(members); ok {
			f(d)
		}
	}
}

// lie applies f to answer. It leaves an error as it is, because that has no order to change.
func (f Failure) lie(answer answer) answer {
	if nada, ok := emptyAnswers[f.Clase]; ok {
		return nada(answer)
	}
	cambio := lies[f.Clase]
	if answer.status >= http.StatusBadRequest || cambio == nil && f.Clase != failureRows {
		return answer
	}
	var o members
	if json.Unmarshal(answer.body, &o) != nil ||
		o == nil { // an earlier Failure has emptied the answer
		return answer
	}
	filas, lista := o["data"].([]any)
	switch {
	case f.Clase == failureRows:
		toPointers(filas)
	case !lista:
		cambio(o, f)
	}
	for _, x := range filas {
		if d, ok := x.(members); ok && cambio != nil {
			cambio(d, f)
		}
	}
	return toJSON(answer.status, o)
}

// toPointers reduces each row of a search to the members that the example in MercadoPago's SDK shows.
func toPointers(filas []any) {
	for i, x := range filas {
		if d, ok := x.(members); ok {
			filas[i] = members{
				"id": d["id"], "status": d["status"], "status_detail": d["status_detail"],
				"total_amount": d["total_amount"], "currency": "ARS",
			}
		}
	}
}

// otherAmount changes the amount of p when one of failures, the Failures of this call, has the class cobra.
func (p *orderRequest) otherAmount(failures []Failure) {
	for _, f := range failures {
		if f.Clase == failureAmount {
			p.TotalAmount, p.payment().Amount = f.value("1.00"), f.value("1.00")
		}
	}
}
