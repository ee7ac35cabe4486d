package fases

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"despensa/modules/clientes"
	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/pedido"
)

// Reason codes of an intento that was not paid.
const (
	MotivoPago     = "pago-rechazado"
	MotivoVencido  = "pago-vencido"
	MotivoPasarela = "sin-pasarela"
	MotivoBorrado  = "cliente-borrado"
)

// margenCarga is the time before the beginning of the promised window by which a voucher or a transfer must be
// paid.
const margenCarga = 2 * time.Hour

// Bloque is the sealed part of an order: the person who receives it, and their address.
type Bloque struct {
	Nombre   string `json:"nombre"`
	Correo   string `json:"correo"`
	Telefono string `json:"telefono"`
	Calle    string `json:"calle"`
	Notas    string `json:"notas"`
}

// Proposito is the purpose under which clientes seals and opens the Bloque of an order. It binds the block to
// that order.
func Proposito(pedido string) string { return "pedido." + pedido }

// autorizar: preprocesado or pago_pendiente -> autorizado. Pagos reserves the money, or takes it where the
// method cannot reserve. An order whose customer has been erased fails.
func (f *Fases) autorizar(ctx context.Context, p *pedido.Pedido, ahora time.Time) (Resultado, error) {
	o, err := f.orden(ctx, p)
	if esUno(err, clientes.ErrSinClave, clientes.ErrNoExiste) {
		return enEstado(p, fallar(MotivoBorrado)), nil
	}
	if err != nil {
		return nil, err
	}
	if p.Estado == pedido.Preprocesado && o.Metodo.Tarjeta() {
		return f.conFreno(ctx, p, o, ahora)
	}
	return f.cobrar(ctx, p, o, ahora)
}

// cobrar asks pagos for the payment orden, and turns the answer into the order's next step, a wait or a
// failure. Errors: those of pagos that its contract does not name; those of Rechazos.Rechazado.
func (f *Fases) cobrar(
	ctx context.Context,
	p *pedido.Pedido,
	orden pagos.OrdenDePago,
	ahora time.Time,
) (Resultado, error) {
	recibo, err := f.v.Pagos.Autorizar(ctx, orden)
	switch {
	case err == nil:
		return enEstado(p, conRecibo(recibo, avanzar(pedido.Autorizar))), nil
	case errors.Is(err, pagos.ErrPendiente):
		return f.pendiente(p, recibo, ahora), nil
	case errors.Is(err, pagos.ErrMetodo) && orden.Metodo.Lento() && !ahora.Before(orden.Vence):
		return enEstado(p, fallar(MotivoVencido)), nil // all replicas were down until after the deadline
	case esUno(err, pagos.ErrRechazado, pagos.ErrMetodo):
		if err := f.contarRechazo(ctx, p, recibo); err != nil {
			return nil, err
		}
		return enEstado(p, conRecibo(recibo, fallar(motivoDe(recibo)))), nil
	case esUno(err, pagos.ErrVencido, pagos.ErrAnulado):
		return enEstado(p, conRecibo(recibo, fallar(MotivoVencido))), nil
	case esUno(err, pagos.ErrSinPasarela, pagos.ErrEnCurso):
		return f.silencio(p, ahora), nil
	}
	return nil, err
}

// orden is the payment of the order's total, as pagos is asked for it. Errors: those of pagador.
func (f *Fases) orden(ctx context.Context, p *pedido.Pedido) (pagos.OrdenDePago, error) {
	b, err := f.pagador(ctx, p)
	if err != nil {
		return pagos.OrdenDePago{}, err
	}
	cobro := pagos.OrdenDePago{
		Intento:        intento(p),
		Cliente:        p.Cliente,
		Monto:          p.Total,
		Metodo:         pagos.Metodo(p.Pago.Metodo),
		Token:          p.Pago.Token,
		MarcaDeTarjeta: p.Pago.MarcaDeTarjeta,
		Cuotas:         int(p.Pago.Cuotas),
		Correo:         b.Correo,
	}
	if cobro.Metodo.Lento() {
		cobro.Vence = f.t.limitePago(p)
	}
	return cobro, nil
}

// pagador opens the sealed block for the payer's e-mail. It does not open it for an order in pago_pendiente:
// the gateway has the e-mail already, and clientes records each opening. Errors: those of Abridor.Abrir; a
// block that is no JSON.
func (f *Fases) pagador(ctx context.Context, p *pedido.Pedido) (b Bloque, err error) {
	if p.Estado == pedido.PagoPendiente {
		return b, nil
	}
	claro, err := f.v.Clientes.Abrir(ctx, p.Cliente, Proposito(p.ID), p.Destino.Sellado)
	if err != nil {
		return b, err
	}
	if err := json.Unmarshal(claro, &b); err != nil {
		return b, fmt.Errorf("fases: sealed block: %w", err)
	}
	return b, nil
}

// pendiente: the gateway has not decided. At the first such answer the order moves to pago_pendiente. From then
// on it looks at the payment by its own timer, and fails at the deadline of the payment.
func (f *Fases) pendiente(p *pedido.Pedido, r pagos.Recibo, ahora time.Time) Resultado {
	if p.Estado == pedido.PagoPendiente {
		mirar := f.t.mirar(p, ahora, f.t.mirarPago, f.t.limitePago(p), fallar(MotivoVencido))
		return enEstado(p, conRecibo(r, mirar))
	}
	return enEstado(p, conRecibo(r, func(p *pedido.Pedido, ahora time.Time) error {
		if err := p.Avanzar(pedido.EsperarPago, ahora); err != nil {
			return err
		}
		p.Vencer(f.t.limitePago(p))
		p.Deber(antes(f.t.mirarPago(p, ahora), *p.Plazo))
		return nil
	}))
}

// silencio waits for a gateway that does not answer. An order in pago_pendiente fails at the deadline of its
// payment, as if the gateway had answered; any other order fails after Tiempos.Pasarela.
func (f *Fases) silencio(p *pedido.Pedido, ahora time.Time) Resultado {
	if p.Estado == pedido.PagoPendiente {
		return f.t.insistir(p, ahora, f.t.limitePago(p), fallar(MotivoVencido))
	}
	return f.t.esperar(p, ahora, esperaPasarela, f.t.Pasarela, fallar(MotivoPasarela))
}

// conRecibo writes recibo into the order, and then does r.
func conRecibo(recibo pagos.Recibo, r Resultado) Resultado {
	return func(p *pedido.Pedido, ahora time.Time) error {
		anotarRecibo(p, recibo)
		return r(p, ahora)
	}
}

// anotarRecibo copies the payment's state, amounts and instructions from r into p. When the money is reserved
// or taken it drops the card's token and Origen, which are not needed any more.
func anotarRecibo(p *pedido.Pedido, r pagos.Recibo) {
	if r.Estado == "" {
		return
	}
	p.Pago.Estado = string(r.Estado)
	p.Pago.Cobrado = r.Cobrado
	p.Pago.Reembolsado = r.Reembolsado
	p.Pago.Instrucciones = r.Instrucciones
	p.Pago.Desafio = r.Desafio
	if r.Estado == pagos.Reservado || r.Estado == pagos.Cobrado {
		p.Pago.Token, p.Pago.Origen = "", ""
	}
}

func intento(p *pedido.Pedido) pagos.Intento {
	return pagos.Intento{Pedido: p.ID, Numero: int(p.Intento)}
}

// motivoDe is the reason code of a refused payment: MotivoPago, and the gateway's own reason after a point.
func motivoDe(r pagos.Recibo) string {
	if r.Motivo == "" {
		return MotivoPago
	}
	return MotivoPago + "." + r.Motivo
}
