package fases

import (
	"time"

	"despensa/modules/pedidos/internal/pedido"
)

// The kinds of wait inside an estado. Each has a deadline of its own.
const (
	esperaPasarela = "pasarela" // the gateway is silent
	esperaCamion   = "camion"   // no truck has room in time
	esperaLugar    = "lugar"    // the depot has too many open reservations
	esperaFalla    = "falla"    // a neighbour answers with an error that no contract names
)

// MotivoFalla is the reason code of an order that ends because a neighbour failed until
// the deadline, in a way that no contract names.
const MotivoFalla = "sin-respuesta"

// esperar waits with backoff for something that the customer cannot mend. The first wait of
// its kind sets the deadline; a phase that began after it does fin. One clock reading
// decides, the one with which the neighbours were asked.
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

// insistir waits with backoff until limite; a phase that began after it does fin.
func (t Tiempos) insistir(visto *pedido.Pedido, ahora, limite time.Time, fin Resultado) Resultado {
	if !ahora.Before(limite) {
		return enEstado(visto, fin)
	}
	return enEstado(visto, func(p *pedido.Pedido, luego time.Time) error {
		p.Vencer(limite)
		t.pausar(p, luego, limite)
		return nil
	})
}

// pausar makes the order due after its next pause, or at limite.
func (t Tiempos) pausar(p *pedido.Pedido, luego, limite time.Time) {
	p.Deber(antes(luego.Add(t.pausa(p.Esperas)), limite))
	p.Esperas++
}

// mirada says when an order at rest is next looked at although nobody has told anything of it.
type mirada func(p *pedido.Pedido, ahora time.Time) time.Time

// mirar rests until the next look, or until limite; a phase that began after it does fin.
func (t Tiempos) mirar(
	visto *pedido.Pedido, ahora time.Time, proxima mirada, limite time.Time, fin Resultado,
) Resultado {
	if !ahora.Before(limite) {
		return enEstado(visto, fin)
	}
	return t.otraMirada(visto, proxima, limite)
}

// otraMirada rests until the next look, or until limite.
func (t Tiempos) otraMirada(visto *pedido.Pedido, proxima mirada, limite time.Time) Resultado {
	return enEstado(visto, func(p *pedido.Pedido, luego time.Time) error {
		p.Vencer(limite)
		p.Esperas = 0
		p.Deber(antes(proxima(p, luego), limite))
		return nil
	})
}

// ultimo is until when errors that no contract names may put an order off, and the end of
// the wait then; fin is nil where there is no deadline: an order that is undone, or at rest.
func (t Tiempos) ultimo(p *pedido.Pedido, ahora time.Time) (limite time.Time, fin Resultado) {
	switch p.Estado {
	case pedido.Entregado, pedido.Fallido, pedido.Rechazado, pedido.Cancelado, pedido.Devuelto:
		return limite, nil
	case pedido.Preprocesado:
		limite, fin = p.Esperar(esperaFalla, t.Pasarela, ahora), fallar(MotivoFalla)
	case pedido.PagoPendiente:
		limite, fin = t.limitePago(p), fallar(MotivoVencido)
	case pedido.Confirmado:
		limite, fin = t.limiteSalida(p), sinEntrega(MotivoSinSalida)
	case pedido.EnReparto:
		limite, fin = t.limiteReparto(p), devolver(MotivoSinResultado)
	default:
		limite, fin = p.Esperar(esperaFalla, t.SinCamion, ahora), fallar(MotivoFalla)
	}
	if p.Nota != nil {
		limite, fin = despues(limite, p.Nota.En.Add(t.SinCamion)), cancelar
	}
	return limite, fin
}

// aplazar makes the order due after pausa, or ends its wait when the deadline is over.
func (t Tiempos) aplazar(p *pedido.Pedido, ahora time.Time, pausa time.Duration) error {
	cuando := ahora.Add(pausa)
	if limite, fin := t.ultimo(p, ahora); fin != nil {
		if !ahora.Before(limite) {
			return fin(p, ahora)
		}
		p.Vencer(limite)
		cuando = antes(cuando, limite)
	}
	p.Deber(cuando)
	p.Esperas++
	return nil
}
