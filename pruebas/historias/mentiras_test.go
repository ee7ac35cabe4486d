package historias_test

import (
	"testing"

	"despensa/pruebas/kit"
)

// falla is one command to the simulator: docs/simulador.md.
type falla = map[string]any

// fault makes the gateway answer one call wrongly.
func fault(program *kit.Program, f falla) {
	f["veces"] = 1
	program.Simulate(map[string]any{"fallas": []falla{f}})
}

// TestAnswersThatAreNone: once at each call the gateway answers nothing, or an impossible value. Every order is
// delivered, and the program is the same one.
func TestAnswersThatAreNone(t *testing.T) {
	t.Parallel()
	c := kit.Start(t)
	antes := c.Stock()
	for _, clase := range []string{
		"vacia", "null", "objeto", "204", "302", "enorme", "moneda", "sin_referencia", "sin_pago", "pago_fallido",
	} {
		for _, accion := range []string{"crear", "capturar"} {
			fault(c, falla{"clase": clase, "accion": accion})
			p := c.Order(
				"cliente1",
				c.NewPurchase("cliente1", kit.PayingWith(c.WithCard("APRO"))),
			)
			p = c.Await("cliente1", p.ID, "confirmado")
			if p.Pago.Cobrado != p.Total {
				c.T.Errorf("%s of %s: %+v", clase, accion, p.Pago)
			}
		}
	}
	c.Reconcile(antes)
}

// TestAnotherAmount: when any call's answer has another amount, the order fails for a reason of its own, the customer
// is told, and the money is refunded.
func TestAnotherAmount(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		falla  falla
		metodo string
	}{
		"1.00 was taken": {
			falla{"clase": "cobra", "accion": "crear"},
			"tarjeta_debito",
		},
		"1.00 was reserved": {
			falla{"clase": "cobra", "accion": "crear"},
			"tarjeta_credito",
		},
		"it says 1.00": {
			falla{"clase": "monto", "accion": "crear"},
			"tarjeta_debito",
		},
		"it says ten times as much": {
			falla{"clase": "pagado", "accion": "crear", "valor": "49000.00"},
			"tarjeta_debito",
		},
		"the capture says 1.00": {
			falla{"clase": "pagado", "accion": "capturar"},
			"tarjeta_credito",
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			c := kit.Start(t)
			antes := c.Stock()
			fault(c, tt.falla)
			pago := c.WithCard("APRO")
			if pago["metodo"] = tt.metodo; tt.metodo == "tarjeta_debito" {
				pago["marca"] = "debmaster"
			}
			p := c.Order("cliente1", c.NewPurchase("cliente1", kit.PayingWith(pago)))
			p = c.Await("cliente1", p.ID, "fallido")
			if p.Motivo != "pago-rechazado.monto-distinto" || p.Mensaje == "" {
				t.Errorf("failed for %q: %q", p.Motivo, p.Mensaje)
			}
			if n := c.Metric("despensa_pagos_respuestas_dudosas_total"); n < 1 {
				t.Errorf("counted %v", n)
			}
			c.Until("the money is back", func() bool {
				a := c.InLedger(p.ID)
				return a.Reembolsado == a.Cobrado
			})
			c.Reconcile(antes)
		})
	}
}
