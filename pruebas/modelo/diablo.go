package modelo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"time"

	"despensa/pruebas/kit"
)

// diablo plays the gateway's bad days: it lies, refuses, falls silent, decides late and refunds at its own panel.
type diablo struct {
	*mundo
	azar *rand.Rand
}

// mentiras are the false answers of which the simulator is capable, with the calls that may get them. The answer that
// refuses a refund for good leaves money where it is; it is played too, and the judge recognises it by the row of
// pagos.
var mentiras = []map[string]any{
	{
		"clase": "vacia",
	}, {"clase": "null"}, {"clase": "objeto"}, {"clase": "204"}, {"clase": "302"},
	{"clase": "enorme"},
	{
		"clase":  "monto",
		"accion": "crear",
	}, {"clase": "monto", "accion": "crear", "valor": "NaN"},
	{"clase": "monto", "accion": "leer", "valor": "-5.00"},
	{"clase": "pagado", "accion": "crear"}, {"clase": "pagado", "accion": "capturar"},
	{"clase": "cobra", "accion": "crear"},
	{"clase": "moneda"}, {"clase": "referencia", "valor": "otra-1"},
	{"clase": "orden", "accion": "crear", "valor": "ORD01JZZZZZZZZZZZZZZZZZZZZZZZ"},
	{"clase": "sin_referencia"}, {"clase": "sin_pago"}, {"clase": "pago_fallido"},
	{"clase": "filas", "accion": "buscar"},
	{"clase": "negada", "accion": "crear", "valor": "property_value", "estado": 400},
	{"clase": "negada", "accion": "crear", "valor": "x", "estado": 402},
	{"clase": "negada", "accion": "capturar", "valor": "x", "estado": 400},
	{"clase": "negada", "accion": "capturar", "valor": "x", "estado": 422},
	{"clase": "negada", "accion": "reembolsar", "valor": "x", "estado": 429},
	{"clase": "negada", "accion": "reembolsar", "valor": "x", "estado": 500},
	{"clase": "negada", "accion": "cancelar", "valor": "x", "estado": 409},
	{"clase": "negada", "valor": "x", "estado": 401},
	{
		"clase":  "negada",
		"valor":  "x",
		"estado": 404,
	}, {"clase": "negada", "valor": "x", "estado": 503},
	{"clase": "negada", "valor": "x", "estado": 425},
	{"clase": "negada", "accion": "reembolsar", "valor": "cannot_refund_order"},
}

// actuar changes the gateway in one way, or decides on the payments of one order.
func (d *diablo) actuar(ctx context.Context) {
	switch n := d.azar.IntN(100); {
	case n < 30:
		d.mentir(ctx)
	case n < 34:
		d.estropear(ctx)
	case n < 44:
		d.correo(ctx)
	case n < 85:
		for range 5 {
			d.decidir(ctx, d.algunaOrdenDePago(ctx, 40))
		}
	default:
		for range 3 {
			d.panel(ctx, d.algunaOrdenDePago(ctx, 250))
		}
	}
}

// poner changes how the gateway behaves, and counts the false answers that it has given until then.
func (d *diablo) poner(ctx context.Context, ajustes map[string]any) {
	if ajustes["fallas"] != nil {
		var h struct {
			Datos []struct {
				Clase  string
				Hechas int
			}
		}
		if d.Simulator(ctx, http.MethodGet, "/_control/fallas", nil, &h) == nil {
			for _, x := range h.Datos {
				d.muertes.mas("lie "+x.Clase, x.Hechas)
			}
		}
	}
	// The stand-ins may be dead just now.
	_ = d.Simulator(ctx, http.MethodPost, "/_control", ajustes, nil)
}

func (d *diablo) mentir(ctx context.Context) {
	fallas := []map[string]any{}
	for range d.azar.IntN(4) {
		f := map[string]any{"veces": 1 + d.azar.IntN(3)}
		for k, v := range mentiras[d.azar.IntN(len(mentiras))] {
			f[k] = v
		}
		fallas = append(fallas, f)
	}
	d.poner(ctx, map[string]any{"fallas": fallas, "latencia_ms": 250 + d.azar.IntN(5)*100})
}

// estropear takes the gateway away for a moment: 503, silence, or keys that are refused when repeated.
func (d *diablo) estropear(ctx context.Context) {
	que := []string{"caida", "silencio", "clave_siempre_409"}[d.azar.IntN(3)]
	d.muertes.mas("gateway "+que, 1)
	d.poner(ctx, map[string]any{que: true})
	dormir(ctx, d.lento(time.Duration(200+d.azar.IntN(1300))*time.Millisecond))
	d.poner(ctx, map[string]any{que: false})
}

func (d *diablo) correo(ctx context.Context) {
	d.poner(
		ctx,
		map[string]any{
			"avisos": map[string]any{"demora_ms": d.azar.IntN(400), "repetir": d.azar.IntN(3),
				"desordenar": d.azar.IntN(2) == 0,
				"perder":     float64(d.azar.IntN(3)) / 3,
				"minusculas": d.azar.IntN(2) == 0,
				"segundos":   d.azar.IntN(2) == 0,
			},
		},
	)
}

// algunaOrdenDePago returns the gateway's ledger of one order, chosen by chance among the latest n.
func (d *diablo) algunaOrdenDePago(ctx context.Context, n int) (out []kit.LedgerEntry) {
	ids := d.oido.recientes("", n)
	if len(ids) == 0 {
		return nil
	}
	id := ids[d.azar.IntN(len(ids))]
	for n := 1; n <= 3; n++ {
		var h kit.Page[kit.LedgerEntry]
		if d.Simulator(
			ctx,
			http.MethodGet,
			"/_control/libro?referencia="+url.QueryEscape(referencia(id, n)),
			nil,
			&h,
		) == nil {
			out = append(out, h.Datos...)
		}
	}
	return out
}

// decidir decides waiting payments, two thirds of them as paid, and one in forty of the reservations.
func (d *diablo) decidir(ctx context.Context, ledgerEntrys []kit.LedgerEntry) {
	for _, a := range ledgerEntrys {
		if a.Estado != "action_required" && a.Estado != "processing" ||
			a.Detalle == "waiting_capture" &&
				d.azar.IntN(40) > 0 {
			continue
		}
		que := []string{"pagar", "pagar", "pagar", "pagar", "rechazar", "vencer"}[d.azar.IntN(6)]
		if err := d.Simulator(ctx, http.MethodPost, "/_control/ordenes/"+a.ID+"/"+que, nil, nil); err == nil {
			d.contado(a, que)
		}
	}
}

// panel refunds at the gateway's own panel, or lets a bank take the money back.
func (d *diablo) panel(ctx context.Context, ledgerEntrys []kit.LedgerEntry) {
	for _, a := range ledgerEntrys {
		resta := a.Cobrado - a.Reembolsado
		if resta < 300 || d.azar.IntN(2) > 0 {
			continue
		}
		monto := 1 + d.azar.Int64N(resta/3)
		que := fmt.Sprintf("devolver?monto=%d.%02d", monto/100, monto%100)
		switch d.azar.IntN(12) {
		case 0:
			que = "contracargo"
		case 1, 2:
			que, monto = "devolver", resta
		}
		var x struct {
			Transactions struct {
				Refunds []struct{ ID, Amount string }
			}
		}
		err := d.Simulator(ctx, http.MethodPost, "/_control/ordenes/"+a.ID+"/"+que, nil, &x)
		rs := x.Transactions.Refunds
		switch {
		case que == "contracargo":
		case err != nil:
			d.oido.devuelto(dudoso(a.ID, monto))
		case len(rs) > 0:
			d.oido.devuelto(rs[len(rs)-1].ID)
		}
		if err == nil {
			d.contado(a, que)
			d.muertes.mas("panel "+que[:8], 1)
		}
	}
}

func (d *diablo) contado(ledgerEntry kit.LedgerEntry, que string) {
	pedido, n := deReferencia(ledgerEntry.Referencia)
	d.oido.contar(pedido, "gateway", "%s of intento %d (%s)", que, n, ledgerEntry.Detalle)
}

// sanar resets the gateway: no faults, no latency, prompt notices.
func (d *diablo) sanar(ctx context.Context) {
	d.poner(
		ctx,
		map[string]any{"fallas": []any{}, "latencia_ms": 0, "caida": false, "silencio": false,
			"clave_siempre_409": false,
			"avisos": map[string]any{
				"demora_ms":  50,
				"repetir":    0,
				"desordenar": false,
				"perder":     0.0,
				"minusculas": false,
				"segundos":   false,
			}},
	)
}
