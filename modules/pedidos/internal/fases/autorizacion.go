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
func (f *Fases) autorizar(
	ctx context.Context,
	ped *pedido.Pedido,
	ahora time.Time,
) (Resultado, error) {
	o, err := f.orden(ctx, ped)
	if esUno(err, clientes.ErrSinClave, clientes.ErrNoExiste) {
		return enEstado(ped, fallar(MotivoBorrado)), nil
	}
	if err != nil {
		return nil, err
	}
	if ped.Estado == pedido.Preprocesado && o.Metodo.Tarjeta() {
		return f.conFreno(ctx, ped, o, ahora)
	}
	return f.cobrar(ctx, ped, o, ahora)
}

// cobrar asks pagos for the payment orden, and turns the answer into the order's next step, a wait or a
// failure. Errors: those of pagos that its contract does not name; those of Rechazos.Rechazado.
func (f *Fases) cobrar(
	ctx context.Context,
	ped *pedido.Pedido,
	orden pagos.OrdenDePago,
	ahora time.Time,
) (Resultado, error) {
	recibo, err := f.v.Pagos.Autorizar(ctx, orden)
	switch {
	case err == nil:
		return enEstado(ped, conRecibo(recibo, avanzar(pedido.Autorizar))), nil
	case errors.Is(err, pagos.ErrPendiente):
		return f.pendiente(ped, recibo, ahora), nil
	case errors.Is(err, pagos.ErrMetodo) && orden.Metodo.Lento() && !ahora.Before(orden.Vence):
		return enEstado(
			ped,
			fallar(MotivoVencido),
		), nil // all replicas were down until after the deadline
	case esUno(err, pagos.ErrRechazado, pagos.ErrMetodo):
		if err := f.contarRechazo(ctx, ped, recibo); err != nil {
			return nil, err
		}
		return enEstado(ped, conRecibo(recibo, fallar(motivoDe(recibo)))), nil
	case esUno(err, pagos.ErrVencido, pagos.ErrAnulado):
		return enEstado(ped, conRecibo(recibo, fallar(MotivoVencido))), nil
	case esUno(err, pagos.ErrSinPasarela, pagos.ErrEnCurso):
		return f.silencio(ped, ahora), nil
	}
	return nil, err
}

// orden is the payment of the order's total, as pagos is asked for it. Errors: those of pagador.
func (f *Fases) orden(ctx context.Context, ped *pedido.Pedido) (pagos.OrdenDePago, error) {
	b, err := f.pagador(ctx, ped)
	if err != nil {
		return pagos.OrdenDePago{}, err
	}
	cobro := pagos.OrdenDePago{
		Intento:        intento(ped),
		Cliente:        ped.Cliente,
		Monto:          ped.Total,
		Metodo:         pagos.Metodo(ped.Pago.Metodo),
		Token:          ped.Pago.Token,
		MarcaDeTarjeta: ped.Pago.MarcaDeTarjeta,
		Cuotas:         int(ped.Pago.Cuotas),
		Correo:         b.Correo,
	}
	if cobro.Metodo.Lento() {
		cobro.Vence = f.t.limitePago(ped)
	}
	return cobro, nil
}

// pagador opens the sealed block for the payer's e-mail. It does not open it for an order in pago_pendiente:
// the gateway has the e-mail already, and clientes records each opening. Errors: those of Abridor.Abrir; a
// block that is no JSON.
func (f *Fases) pagador(ctx context.Context, ped *pedido.Pedido) (b Bloque, err error) {
	if ped.Estado == pedido.PagoPendiente {
		return b, nil
	}
	claro, err := f.v.Clientes.Abrir(ctx, ped.Cliente, Proposito(ped.ID), ped.Destino.Sellado)
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
func (f *Fases) pendiente(ped *pedido.Pedido, recibo pagos.Recibo, ahora time.Time) Resultado {
	if ped.Estado == pedido.PagoPendiente {
		mirar := f.t.mirar(
			ped,
			ahora,
			f.t.mirarPago,
			f.t.limitePago(ped),
			fallar(MotivoVencido),
		)
		return enEstado(ped, conRecibo(recibo, mirar))
	}
	return enEstado(ped, conRecibo(recibo, func(p *pedido.Pedido, ahora time.Time) error {
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
func (f *Fases) silencio(ped *pedido.Pedido, ahora time.Time) Resultado {
	if ped.Estado == pedido.PagoPendiente {
		return f.t.insistir(ped, ahora, f.t.limitePago(ped), fallar(MotivoVencido))
	}
	return f.t.esperar(ped, ahora, esperaPasarela, f.t.Pasarela, fallar(MotivoPasarela))
}

// conRecibo writes recibo into the order, and then does resultado.
func conRecibo(recibo pagos.Recibo, resultado Resultado) Resultado {
	return func(p *pedido.Pedido, ahora time.Time) error {
		anotarRecibo(p, recibo)
		return resultado(p, ahora)
	}
}

// anotarRecibo copies the payment's state, amounts and instructions from recibo into ped. When the money is reserved
// or taken it drops the card's token and Origen, which are not needed any more.
func anotarRecibo(ped *pedido.Pedido, recibo pagos.Recibo) {
	if recibo.Estado == "" {
		return
	}
	ped.Pago.Estado = string(recibo.Estado)
	ped.Pago.Cobrado = recibo.Cobrado
	ped.Pago.Reembolsado = recibo.Reembolsado
	ped.Pago.Instrucciones = recibo.Instrucciones
	ped.Pago.Desafio = recibo.Desafio
	if recibo.Estado == pagos.Reservado || recibo.Estado == pagos.Cobrado {
		ped.Pago.Token, ped.Pago.Origen = "", ""
	}
}

func intento(ped *pedido.Pedido) pagos.Intento {
	return pagos.Intento{Pedido: ped.ID, Numero: int(ped.Intento)}
}

// motivoDe is the reason code of a refused payment: MotivoPago, and the gateway's own reason after a point.
func motivoDe(recibo pagos.Recibo) string {
	if recibo.Motivo == "" {
		return MotivoPago
	}
	return MotivoPago + "." + recibo.Motivo
}
