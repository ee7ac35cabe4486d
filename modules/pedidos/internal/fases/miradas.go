package fases

import (
	"time"

	"despensa/modules/pedidos/internal/pedido"
)

// parteDeEspera is which part of a wait an order at rest lets pass, at most, between two looks of its own.
const parteDeEspera = 4

// desde gives the next own look at something that is expected from hora on: cada after hora, and later on after pauses
// that grow with the wait. Whatever happens before or between is told by a notice, or found by the sweep.
func desde(hora, ahora time.Time, cada time.Duration) time.Time {
	if ahora.Before(hora) {
		return hora.Add(cada)
	}
	return ahora.Add(max(cada, ahora.Sub(hora)/parteDeEspera))
}

// mirarPago is the mirada of a payment that is not decided, expected from the beginning of its wait on.
func (t Tiempos) mirarPago(p *pedido.Pedido, ahora time.Time) time.Time {
	return desde(p.Cambio, ahora, t.MirarPago)
}

// mirarSalida is the mirada of a firm visit, whose truck is expected to leave when the plan says.
func (t Tiempos) mirarSalida(p *pedido.Pedido, ahora time.Time) time.Time {
	return desde(despues(p.Cambio, p.Entrega.Salida), ahora, t.MirarVisita)
}

// mirarResultado is the mirada of an order on its way, whose outcome is expected from the beginning of its window on.
func (t Tiempos) mirarResultado(p *pedido.Pedido, ahora time.Time) time.Time {
	return desde(despues(p.Cambio, p.Entrega.Desde), ahora, t.MirarVisita)
}

// mirarReintento is the mirada of a fallido order, which has nothing but its deadline.
func (t Tiempos) mirarReintento(p *pedido.Pedido, _ time.Time) time.Time { return t.limiteReintento(p) }
