package fases

import (
	"time"

	"despensa/modules/pedidos/internal/pedido"
)

// The kinds of wait inside an estado. Each kind has a deadline of its own.
const (
	esperaPasarela = "pasarela" // the gateway is silent
	esperaCamion   = "camion"   // no truck has room in time
	esperaLugar    = "lugar"    // the depot has too many open reservations
	esperaFalla    = "falla"    // a neighbour answers with an error that no contract names
)

// MotivoFalla is the reason code of an order that ends because a neighbour failed until
// the deadline, in a way that no contract names.
const MotivoFalla = "sin-respuesta"

// esperar waits, with a growing pause, for something that the customer cannot mend. The first wait of the kind
// que sets the deadline, dura later. A phase that began at or after the deadline does fin instead. Whether it
// did is judged by ahora, the time at which the neighbours were asked, not by the time of the save.
func (t Tiempos) esperar(
	visto *pedido.Pedido, ahora time.Time, que string, dura time.Duration, fin Resultado,
) Resultado {
	return enEstado(visto, func(p *pedido.Pedido, luego time.Time) error {
		limite := p.Esperar(que, dura, luego)
		if !ahora.Before(limite) {
			return fin(p, luego)
		}
		t.pausar(p, luego, limite)
		return nil
	})
}

// insistir waits, with a growing pause, until limite. A phase that began at or after limite does fin instead.
func (t Tiempos) insistir(
	visto *pedido.Pedido,
	ahora, limite time.Time,
	fin Resultado,
) Resultado {
	if !ahora.Before(limite) {
		return enEstado(visto, fin)
	}
	return enEstado(visto, func(p *pedido.Pedido, luego time.Time) error {
		p.Vencer(limite)
		t.pausar(p, luego, limite)
		return nil
	})
}

// pausar makes the order due after its next pause, but no later than limite.
func (t Tiempos) pausar(ped *pedido.Pedido, luego, limite time.Time) {
	ped.Deber(antes(luego.Add(t.pausa(ped.Esperas)), limite))
	ped.Esperas++
}

// mirada is the time at which an order at rest looks at a neighbour next, if no notice comes before.
type mirada func(p *pedido.Pedido, ahora time.Time) time.Time

// mirar rests until the next look by proxima, but no longer than limite. A phase that began at or after limite
// does fin instead.
func (t Tiempos) mirar(
	visto *pedido.Pedido, ahora time.Time, proxima mirada, limite time.Time, fin Resultado,
) Resultado {
	if !ahora.Before(limite) {
		return enEstado(visto, fin)
	}
	return t.otraMirada(visto, proxima, limite)
}

// otraMirada rests until the next look by proxima, but no longer than limite.
func (t Tiempos) otraMirada(visto *pedido.Pedido, proxima mirada, limite time.Time) Resultado {
	return enEstado(visto, func(p *pedido.Pedido, luego time.Time) error {
		p.Vencer(limite)
		p.Esperas = 0
		p.Deber(antes(proxima(p, luego), limite))
		return nil
	})
}

// ultimo is the time until which an error that no contract names may put the order off, and the result that
// ends the wait then. fin is nil for an order that is delivered, or has an intento to undo: those have no
// deadline.
func (t Tiempos) ultimo(ped *pedido.Pedido, ahora time.Time) (limite time.Time, fin Resultado) {
	switch ped.Estado {
	case pedido.Entregado, pedido.Fallido, pedido.Rechazado, pedido.Cancelado, pedido.Devuelto:
		return limite, nil
	case pedido.Preprocesado:
		limite, fin = ped.Esperar(esperaFalla, t.Pasarela, ahora), fallar(MotivoFalla)
	case pedido.PagoPendiente:
		limite, fin = t.limitePago(ped), fallar(MotivoVencido)
	case pedido.Confirmado:
		limite, fin = t.limiteSalida(ped), sinEntrega(MotivoSinSalida)
	case pedido.EnReparto:
		limite, fin = t.limiteReparto(ped), devolver(MotivoSinResultado)
	default:
		limite, fin = ped.Esperar(esperaFalla, t.SinCamion, ahora), fallar(MotivoFalla)
	}
	if ped.Nota != nil {
		limite, fin = despues(limite, ped.Nota.En.Add(t.SinCamion)), cancelar
	}
	return limite, fin
}

// aplazar makes the order due after pausa. Once the deadline of ultimo is over it does the fin of ultimo
// instead.
func (t Tiempos) aplazar(ped *pedido.Pedido, ahora time.Time, pausa time.Duration) error {
	cuando := ahora.Add(pausa)
	if limite, fin := t.ultimo(ped, ahora); fin != nil {
		if !ahora.Before(limite) {
			return fin(ped, ahora)
		}
		ped.Vencer(limite)
		cuando = antes(cuando, limite)
	}
	ped.Deber(cuando)
	ped.Esperas++
	return nil
}
