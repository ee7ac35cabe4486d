package cobros

import (
	"testing"

	"despensa/modules/pagos/internal/gateway"
	"despensa/platform/money"
)

const pedidoMonto = 490_000

// cobroDe is a cobro of 4,900.00, and cobrada the answer that says it was paid.
func cobroDe() CobroEntero {
	return CobroEntero{Cobro: Cobro{Pedido: "p", Intento: 1, Monto: pedidoMonto, Cuotas: 1}}
}

func cobrada() gateway.Orden {
	todo := gateway.Dice(pedidoMonto)
	return gateway.Orden{
		ID: "ORD1", Referencia: "p-1", Estado: gateway.Cobrada, Moneda: "ARS", Total: todo, Pagado: todo,
		Pagos: []gateway.Pago{
			{ID: "PAY1", Estado: gateway.Cobrada, Importe: todo, Pagado: todo},
		},
	}
}

// paga makes o say that so much was paid, in both places.
func paga(importe gateway.Importe) func(*CobroEntero, *gateway.Orden) {
	return func(_ *CobroEntero, o *gateway.Orden) { o.Pagado, o.Pagos[0].Pagado = importe, importe }
}

func TestJuzgar(t *testing.T) {
	type cambio = func(*CobroEntero, *gateway.Orden)
	en := func(e gateway.Estado) cambio {
		return func(_ *CobroEntero, o *gateway.Orden) { o.Estado, o.Pagos[0].Estado = e, e }
	}
	total := func(o *gateway.Orden, c money.Centavos) { o.Total = gateway.Dice(c) }
	otro := func(e gateway.Estado) cambio {
		return func(f *CobroEntero, o *gateway.Orden) { en(e)(f, o); total(o, 1) }
	}
	cuotas := func(c money.Centavos) cambio {
		return func(f *CobroEntero, o *gateway.Orden) { f.Cuotas = 6; paga(gateway.Dice(c))(f, o) }
	}
	pago := func(e gateway.Estado) cambio { return func(_ *CobroEntero, o *gateway.Orden) { o.Pagos[0].Estado = e } }
	tests := map[string]struct {
		cambio cambio
		want   reparo
	}{
		"the truth":     {func(*CobroEntero, *gateway.Orden) {}, ""},
		"no id":         {func(_ *CobroEntero, o *gateway.Orden) { o.ID = "" }, otraOrden},
		"an id, a path": {func(_ *CobroEntero, o *gateway.Orden) { o.ID = "../x" }, otraOrden},
		"another id": {
			func(f *CobroEntero, _ *gateway.Orden) { f.Orden = "ORD2" },
			otraOrden,
		},
		"of another": {
			func(_ *CobroEntero, o *gateway.Orden) { o.Referencia = "p-2" },
			otraReferencia,
		},
		"of nobody": {
			func(_ *CobroEntero, o *gateway.Orden) { o.Referencia = "" },
			sinReferencia,
		},
		"in dollars": {
			func(_ *CobroEntero, o *gateway.Orden) { o.Moneda = "USD" },
			otraMoneda,
		},
		"no currency": {func(_ *CobroEntero, o *gateway.Orden) { o.Moneda = "" }, ""},

		"amounts that are none": {paga(gateway.Ilegible), montoIlegible},
		"a total that is none": {
			func(_ *CobroEntero, o *gateway.Orden) { o.Total = gateway.Ilegible },
			montoIlegible,
		},
		"a total of nothing": {
			func(_ *CobroEntero, o *gateway.Orden) { o.Total = gateway.Dice(0) },
			montoIlegible,
		},
		"nothing was paid": {paga(gateway.Dice(0)), montoIlegible},
		"a refund of nothing": {func(_ *CobroEntero, o *gateway.Orden) {
			o.Reembolsos = []gateway.Reembolso{{ID: "REF1", Monto: 0}}
		}, montoIlegible},
		"a sum that overflows": {func(_ *CobroEntero, o *gateway.Orden) {
			mitad := money.Centavos(1<<62 + 1)
			o.Reembolsos = []gateway.Reembolso{
				{ID: "REF1", Monto: mitad},
				{ID: "REF2", Monto: mitad},
			}
		}, montoIlegible},
		"to be paid, by a payment with a path": {func(f *CobroEntero, o *gateway.Orden) {
			en(gateway.EnEspera)(f, o)
			o.Pagos[0].ID = "a/b"
		}, sinPago},
		"a refund without an id": {func(_ *CobroEntero, o *gateway.Orden) {
			o.Reembolsos = []gateway.Reembolso{{Monto: 5}}
		}, reembolsoSinID},

		"no payment": {
			func(_ *CobroEntero, o *gateway.Orden) { o.Pagos = nil },
			sinPago,
		},
		"two payments": {
			func(_ *CobroEntero, o *gateway.Orden) { o.Pagos = append(o.Pagos, o.Pagos[0]) },
			sinPago,
		},
		"payment failed":    {pago(gateway.Rechazada), pagoFallido},
		"payment voided":    {pago(gateway.Cancelada), pagoFallido},
		"payment undecided": {pago(gateway.EnProceso), pagoFallido},
		"payment says none": {pago(""), ""},
		"reserved by a payment that failed": {func(f *CobroEntero, o *gateway.Orden) {
			en(gateway.Reservada)(f, o)
			o.Pagos[0].Estado = gateway.Rechazada
		}, pagoFallido},
		"declined by a payment that was made": {func(_ *CobroEntero, o *gateway.Orden) {
			o.Estado = gateway.Rechazada
		}, pagoCobrado},

		"1.00 of it":        {paga(gateway.Dice(100)), otroMonto},
		"ten times as much": {paga(gateway.Dice(10 * pedidoMonto)), otroMonto},
		"one centavo more":  {paga(gateway.Dice(pedidoMonto + 1)), otroMonto},
		"the order paid less": {
			func(_ *CobroEntero, o *gateway.Orden) { o.Pagado = gateway.Dice(1) },
			otroMonto,
		},
		"another total": {
			func(_ *CobroEntero, o *gateway.Orden) { o.Total = gateway.Dice(1) },
			otroMonto,
		},
		"another amount": {
			func(_ *CobroEntero, o *gateway.Orden) { o.Pagos[0].Importe = gateway.Dice(1) },
			otroMonto,
		},
		"reserved, another":   {otro(gateway.Reservada), otroMonto},
		"to be paid, another": {otro(gateway.EnEspera), otroMonto},
		"declined, another":   {otro(gateway.Rechazada), ""},
		"no paid amount":      {paga(gateway.Importe{}), ""},
		"reserved, nothing paid": {func(f *CobroEntero, o *gateway.Orden) {
			en(gateway.Reservada)(f, o)
			paga(gateway.Dice(0))(f, o)
		}, ""},
		"no amounts at all": {func(f *CobroEntero, o *gateway.Orden) {
			paga(gateway.Importe{})(f, o)
			o.Total, o.Pagos[0].Importe = gateway.Importe{}, gateway.Importe{}
		}, ""},

		"interest":       {cuotas(pedidoMonto + 1), ""},
		"interest below": {cuotas(pedidoMonto - 1), otroMonto},
		"interest, no total": {func(f *CobroEntero, o *gateway.Orden) {
			f.Cuotas = 6
			total(o, pedidoMonto+1)
		}, otroMonto},

		"paid, less what went back": {func(f *CobroEntero, o *gateway.Orden) {
			paga(gateway.Dice(pedidoMonto-5))(f, o)
			o.Reembolsos = []gateway.Reembolso{{ID: "REF1", Monto: 5}}
		}, ""},
		"more went back than came": {func(_ *CobroEntero, o *gateway.Orden) {
			o.Reembolsos = []gateway.Reembolso{{ID: "REF1", Monto: pedidoMonto + 1}}
		}, devueltoDeMas},

		"believed before": {
			func(f *CobroEntero, o *gateway.Orden) { f.Cobrado = pedidoMonto; total(o, 1) },
			montoCambiado,
		},
		"closed by it": {
			func(f *CobroEntero, o *gateway.Orden) { f.Motivo = montoDistinto; total(o, 1) },
			"",
		},
		"closed by it, in dollars": {func(f *CobroEntero, o *gateway.Orden) {
			f.Motivo, o.Moneda = montoDistinto, "USD"
		}, otraMoneda},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			f, o := cobroDe(), cobrada()
			tt.cambio(&f, &o)
			if got := f.juzgar(o); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if g := f.copia(); g.aplicar(o, g.Creado) != (tt.want == "" || tt.want == otroMonto) {
				t.Error("it was taken in, or was not, against the verdict")
			}
		})
	}
}

// TestTomado: the amount to give back is the amount that was taken, without the interest of the card's issuer.
func TestTomado(t *testing.T) {
	tests := map[string]struct {
		cuotas int
		pagado gateway.Importe
		want   int64
	}{
		"all of it": {cuotas: 1, pagado: gateway.Dice(pedidoMonto), want: pedidoMonto},
		"less":      {cuotas: 1, pagado: gateway.Dice(100), want: 100},
		"more": {
			cuotas: 1,
			pagado: gateway.Dice(5 * pedidoMonto),
			want:   5 * pedidoMonto,
		},
		"interest":    {cuotas: 6, pagado: gateway.Dice(5 * pedidoMonto), want: pedidoMonto},
		"not a word":  {cuotas: 1, pagado: gateway.Importe{}, want: pedidoMonto},
		"less, again": {cuotas: 6, pagado: gateway.Dice(100), want: 100},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			f, o := cobroDe(), cobrada()
			f.Cuotas = tt.cuotas
			paga(tt.pagado)(&f, &o)
			if got := f.tomado(o); int64(got) != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
}
