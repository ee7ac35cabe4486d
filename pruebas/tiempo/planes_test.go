package tiempo_test

import (
	"slices"
	"time"

	"despensa/pruebas/kit"
)

// plan is the course of an order: the actions of its people, and the estado and motivo at the end.
type plan struct {
	nombre     string
	pago       func(m *mundo) map[string]any
	antes      func(m *mundo)                      // before the order is placed
	despues    func(m *mundo, o *orden)            // a minute later
	al         map[string]func(m *mundo, o *orden) // when the order is first seen in an estado
	visita     func(n int) string                  // of its n-th visit: entrega, a reason of failure, "" (no news ever)
	espontaneo bool                                // a customer may have it at any time: it does not change the gateway
	encalla    bool                                // no truck leaves with the order
	estado     string                              // the estado at the end
	motivo     string
}

func tarjeta(titular string) func(*mundo) map[string]any {
	return func(m *mundo) map[string]any { return m.WithCard(titular) }
}

func lento(metodo string) func(*mundo) map[string]any {
	return func(*mundo) map[string]any { return map[string]any{"metodo": metodo} }
}

func siempre(resultado string) func(int) string { return func(int) string { return resultado } }

// entrega is the outcome of a visit that delivers.
const entrega = "entrega"

func decide(que string) func(*mundo, *orden) {
	return func(m *mundo, o *orden) {
		m.cuenta("%s: the gateway decides: %s", o.Codigo, que)
		kit.Decides(que)(m.Program, o.ID)
	}
}

// reintenta asks for one more try with a card.
func reintenta(titular string) func(*mundo, *orden) {
	return func(m *mundo, o *orden) {
		m.cuenta("%s: tried again with a card of %s", o.Codigo, titular)
		m.Must(
			o.login,
			"POST",
			"/pedidos/"+o.ID+"/reintento",
			map[string]any{"pago": m.WithCard(titular)},
			nil,
		)
	}
}

func cancela(mundo *mundo, orden *orden) {
	mundo.cuenta("%s: cancelled by its customer", orden.Codigo)
	mundo.Must(
		orden.login,
		"POST",
		"/pedidos/"+orden.ID+"/cancelacion",
		map[string]any{"motivo": "me arrepentí"},
		nil,
	)
}

func reembolsa(mundo *mundo, orden *orden) {
	mundo.cuenta("%s: 100 centavos refunded by an operator", orden.Codigo)
	parte := map[string]any{"monto_centavos": 100, "motivo": "faltó una bolsa"}
	mundo.Must("operador", "POST", "/pedidos/"+orden.ID+"/reembolsos", parte, nil)
}

// simula changes one setting of the simulator.
func simula(como string, si bool) func(*mundo) {
	return func(m *mundo) {
		m.cuenta("the gateway: %s %v", como, si)
		m.Simulate(map[string]any{como: si})
	}
}

// mudo is how long the gateway is silent: longer than any wait for its answer.
const mudo = 45 * time.Minute

// en lets hacer happen when the order is first seen in estado, in each intento.
func en(estado string, hacer func(*mundo, *orden)) map[string]func(*mundo, *orden) {
	return map[string]func(*mundo, *orden){estado: hacer}
}

// planes are the plans of every way in which an order may end.
func planes() []plan {
	return slices.Concat(buenos(), refusados(), lentos(), conCancelacion(), conReparto())
}

// buenos are plans with a gateway that approves.
func buenos() []plan {
	return []plan{
		{
			nombre:     "paid and delivered",
			espontaneo: true,
			pago:       tarjeta("APRO"),
			visita:     siempre(entrega),
			estado:     "entregado",
		},
		{
			nombre:     "partly refunded",
			espontaneo: true,
			pago:       tarjeta("APRO"),
			al:         en("confirmado", reembolsa),
			visita:     siempre(entrega),
			estado:     "entregado",
		},
		{
			nombre: "gateway down, tried again",
			pago:   tarjeta("APRO"),
			antes:  simula("caida", true),
			despues: func(m *mundo, _ *orden) {
				m.dormir(mudo)
				simula("caida", false)(m)
			},
			al:     en("fallido", reintenta("APRO")),
			visita: siempre(entrega),
			estado: "entregado",
		},
	}
}

// refusados are plans with a card that is refused.
func refusados() []plan {
	return []plan{
		{nombre: "refused, not tried again", espontaneo: true, pago: tarjeta("FUND"),
			estado: "rechazado", motivo: "pago-rechazado.sin-fondos"},
		{
			nombre:     "refused three times",
			espontaneo: true,
			pago:       tarjeta("FUND"),
			al:         en("fallido", reintenta("FUND")),
			estado:     "rechazado",
			motivo:     "pago-rechazado.sin-fondos",
		},
		{
			nombre:     "refused, then paid",
			espontaneo: true,
			pago:       tarjeta("FUND"),
			al:         en("fallido", reintenta("APRO")),
			visita:     siempre(entrega),
			estado:     "entregado",
		},
	}
}

// lentos are plans with a payment that is not decided at once.
func lentos() []plan {
	return []plan{
		{
			nombre: "voucher that nobody pays",
			pago:   lento("efectivo"),
			estado: "rechazado",
			motivo: "pago-vencido",
		},
		{
			nombre: "transfer that nobody makes",
			pago:   lento("transferencia"),
			estado: "rechazado",
			motivo: "pago-vencido",
		},
		{
			nombre: "voucher paid",
			pago:   lento("efectivo"),
			al:     en("pago_pendiente", decide("pagar")),
			visita: siempre(entrega),
			estado: "entregado",
		},
		{nombre: "card in process, approved", pago: tarjeta("CONT"), despues: decide("pagar"),
			visita: siempre(entrega), estado: "entregado"},
		{
			nombre: "card in process, approved too late",
			pago:   tarjeta("CONT"),
			al:     en("rechazado", decide("pagar")),
			estado: "rechazado",
			motivo: "pago-vencido",
		},
	}
}

// conCancelacion are plans with an order that its customer cancels.
func conCancelacion() []plan {
	return []plan{
		{
			nombre:     "cancelled by its customer",
			espontaneo: true,
			pago:       tarjeta("APRO"),
			al:         en("confirmado", cancela),
			estado:     "cancelado",
		},
		{nombre: "cancelled, the gateway down for hours", pago: tarjeta("APRO"),
			al: en("confirmado", func(m *mundo, o *orden) {
				simula("caida", true)(m)
				cancela(m, o)
				m.dormir(5 * time.Hour)
				simula("caida", false)(m)
			}),
			estado: "cancelado"},
	}
}

// conReparto are plans with an order that no truck delivers at the first try.
func conReparto() []plan {
	return []plan{
		{
			nombre:     "nobody at home, then delivered",
			espontaneo: true,
			pago:       tarjeta("APRO"),
			visita: func(n int) string {
				return map[bool]string{true: "ausente", false: entrega}[n == 1]
			},
			estado: "entregado",
		},
		{nombre: "nobody ever at home", pago: tarjeta("APRO"), visita: siempre("ausente"),
			estado: "devuelto", motivo: "entrega-fallida"},
		{nombre: "a truck without news", pago: tarjeta("APRO"), visita: siempre(""),
			estado: "devuelto", motivo: "sin-resultado"},
	}
}

// encallado is the plan of orders on trucks that never leave. It comes last, because the neighbours on the truck are
// lost too.
func encallado() plan {
	return plan{nombre: "no truck leaves", pago: tarjeta("APRO"), encalla: true,
		estado: "cancelado", motivo: "sin-salida"}
}
