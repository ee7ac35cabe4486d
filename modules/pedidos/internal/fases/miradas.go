package fases

import (
	"time"

	"despensa/modules/pedidos/internal/pedido"
)

// parteDeEspera bounds the pause between two looks of an order at rest: a quarter of the time that it has
// waited.
const parteDeEspera = 4

// desde is the time of the next look at an event that is expected at hora or later. The first look is cada
// after hora. The later ones come after pauses that grow with the wait, at least cada. An event before or
// between them is told by a notice, or found by the sweep.
func desde(hora, ahora time.Time, cada time.Duration) time.Time {
	if ahora.Before(hora) {
		return hora.Add(cada)
	}
	return ahora.Add(max(cada, ahora.Sub(hora)/parteDeEspera))
}

// mirarPago is the mirada of an undecided payment, which may be decided from the beginning of its wait on.
func (t Tiempos) mirarPago(ped *pedido.Pedido, ahora time.Time) time.Time {
	return desde(ped.Cambio, ahora, t.MirarPago)
}

// mirarSalida is the mirada of a firm visit. Its truck is expected to leave at the planned time.
func (t Tiempos) mirarSalida(ped *pedido.Pedido, ahora time.Time) time.Time {
	return desde(despues(ped.Cambio, ped.Entrega.Salida), ahora, t.MirarVisita)
}

// mirarResultado is the mirada of an order on its way. Its outcome is expected from the beginning of its window
// on.
func (t Tiempos) mirarResultado(ped *pedido.Pedido, ahora time.Time) time.Time {
	return desde(despues(ped.Cambio, ped.Entrega.Desde), ahora, t.MirarVisita)
}

// mirarReintento is the mirada of a fallido order. No neighbour is to be looked at: it is the deadline for a
// retry.
func (t Tiempos) mirarReintento(ped *pedido.Pedido, _ time.Time) time.Time {
	return t.limiteReintento(ped)
}
