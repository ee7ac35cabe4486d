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

// Reason codes of a payment that came to nothing.
const (
	MotivoPago     = "pago-rechazado"
	MotivoVencido  = "pago-vencido"
	MotivoPasarela = "sin-pasarela"
	MotivoBorrado  = "cliente-borrado"
)

// margenCarga is how long before its window a slow payment must have come.
const margenCarga = 2 * time.Hour

// Bloque is the sealed part of an order: who receives it, and where.
type Bloque struct {
	Nombre   string `json:"nombre"`
	Correo   string `json:"correo"`
	Telefono string `json:"telefono"`
	Calle    string `json:"calle"`
	Notas    string `json:"notas"`
}

// Proposito binds the sealed block to its order.
func Proposito(pedido string) string { return "pedido." + pedido }

// autorizar: preprocesado or pago_pendiente -> autorizado. Money is reserved, or taken
// where the method cannot reserve.
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

// cobrar asks pagos, and does what follows from the answer.
func (f *Fases) cobrar(ctx context.Context, p *pedido.Pedido, o pagos.Orden, ahora time.Time) (Resultado, error) {
	r, err := f.v.Pagos.Autorizar(ctx, o)
	switch {
	case err == nil:
		return enEstado(p, conRecibo(r, avanzar(pedido.Autorizar))), nil
	case errors.Is(err, pagos.ErrPendiente):
		return f.pendiente(p, r, ahora), nil
	case errors.Is(err, pagos.ErrMetodo) && o.Metodo.Lento() && !ahora.Before(o.Vence):
		return enEstado(p, fallar(MotivoVencido)), nil // the program was away for too long
	case esUno(err, pagos.ErrRechazado, pagos.ErrMetodo):
		if err := f.contarRechazo(ctx, p, r); err != nil {
			return nil, err
		}
		return enEstado(p, conRecibo(r, fallar(motivoDe(r)))), nil
	case esUno(err, pagos.ErrVencido, pagos.ErrAnulado):
		return enEstado(p, conRecibo(r, fallar(MotivoVencido))), nil
	case esUno(err, pagos.ErrSinPasarela, pagos.ErrEnCurso):
		return f.silencio(p, ahora), nil
	}
	return nil, err
}

// orden asks pagos for the order's total.
func (f *Fases) orden(ctx context.Context, p *pedido.Pedido) (pagos.Orden, error) {
	b, err := f.pagador(ctx, p)
	if err != nil {
		return pagos.Orden{}, err
	}
	o := pagos.Orden{
		Intento: intento(p),
		Cliente: p.Cliente,
		Monto:   p.Total,
		Metodo:  pagos.Metodo(p.Pago.Metodo),
		Token:   p.Pago.Token,
		Marca:   p.Pago.Marca,
		Cuotas:  int(p.Pago.Cuotas),
		Correo:  b.Correo,
	}
	if o.Metodo.Lento() {
		o.Vence = f.t.limitePago(p)
	}
	return o, nil
}

// pagador opens the e-mail for this call alone, and not where the gateway has it already:
// each opening is a record, and an order that waits looks often.
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

// pendiente: the gateway has not decided. The first time the order moves to
// pago_pendiente; then it looks again by its own timer until the deadline.
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

// silencio waits for a gateway that does not answer. A payment that is only looked at again
// was not made in time, however silent the gateway is: its deadline is the payment's.
func (f *Fases) silencio(p *pedido.Pedido, ahora time.Time) Resultado {
	if p.Estado == pedido.PagoPendiente {
		return f.t.insistir(p, ahora, f.t.limitePago(p), fallar(MotivoVencido))
	}
	return f.t.esperar(p, ahora, esperaPasarela, f.t.Pasarela, fallar(MotivoPasarela))
}

// conRecibo notes what pagos says and then does r.
func conRecibo(re pagos.Recibo, r Resultado) Resultado {
	return func(p *pedido.Pedido, ahora time.Time) error {
		anotarRecibo(p, re)
		return r(p, ahora)
	}
}

// anotarRecibo copies what the customer may see of a payment.
func anotarRecibo(p *pedido.Pedido, r pagos.Recibo) {
	if r.Estado == "" {
		return
	}
	p.Pago.Estado, p.Pago.Cobrado, p.Pago.Reembolsado = string(r.Estado), r.Cobrado, r.Reembolsado
	p.Pago.Instrucciones, p.Pago.Desafio = r.Instrucciones, r.Desafio
	if r.Estado == pagos.Reservado || r.Estado == pagos.Cobrado {
		p.Pago.Token, p.Pago.Origen = "", ""
	}
}

func intento(p *pedido.Pedido) pagos.Intento {
	return pagos.Intento{Pedido: p.ID, Numero: int(p.Intento)}
}

// motivoDe is the reason code of a refusal.
func motivoDe(r pagos.Recibo) string {
	if r.Motivo == "" {
		return MotivoPago
	}
	return MotivoPago + "." + r.Motivo
}
