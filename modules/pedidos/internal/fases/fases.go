// Package fases is the phases of an order. A phase looks at the order, asks the neighbours, and answers with
// the change of the order that follows. Phases keep no state: any replica can run any phase at any time,
// because every deed is idempotent by order, intento and vuelta.
//
// A vuelta is one depot that an intento tries; a visit is one booking of a truck, by its number.
package fases

import (
	"context"
	"errors"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/catalogo"
	"despensa/modules/pedidos/internal/cupos"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/reservas"
	"despensa/modules/rutas"
)

// Resultado is the change of an order that a phase asks for. After a version conflict it is applied again, to
// the order as it is stored then. Errors: pedido.ErrPaso and pedido.ErrCancelando mean that the order has moved
// on: nothing is done.
type Resultado func(p *pedido.Pedido, ahora time.Time) error

// Stock is the service of stock as the phases need it; reservas has the real one. Quantities are units. Every
// call may be repeated at any time.
type Stock interface {
	// Surtido reads the free stock of the lines in all depots. It reserves nothing. Errors: none of its own.
	Surtido(ctx context.Context, ls []reservas.Linea) (reservas.Surtido, error)
	// Duran reports whether the goods that a vuelta has reserved or sold are good until e.Hasta, and beyond it for
	// the days that each line asks for. Errors: none of its own.
	Duran(ctx context.Context, e reservas.Requerimiento) (bool, error)
	// Reservar keeps the lines for one vuelta. After an error some lines may be kept: the caller releases them by
	// Liberar. Errors: existencias.ErrFalta, existencias.ErrLleno, reservas.ErrLiberada.
	Reservar(ctx context.Context, e reservas.Requerimiento) error
	// Liberar gives back the goods that a vuelta has reserved or sold, less those that returns account for (Fuera
	// of a line), and refuses every later Reservar and Vender of this vuelta. A vuelta without goods is a success.
	// Errors: none of its own.
	Liberar(ctx context.Context, e reservas.Requerimiento, ahora time.Time) error
	// Vender turns the reservations of a vuelta into a sale. Errors: existencias.ErrSinReserva,
	// reservas.ErrLiberada.
	Vender(ctx context.Context, e reservas.Requerimiento) error
	// Retornar books goods that came back after their delivery, into stock or as thrown away. Errors: none of its
	// own.
	Retornar(ctx context.Context, r reservas.Retorno) error
}

// Productos is the catalogue as the phases need it.
type Productos interface {
	// Leer gives the products under ids; an id without a product is left out. Errors: none of its own.
	Leer(ctx context.Context, ids []string) ([]*catalogo.Producto, error)
}

// Rechazos counts the payments by card that were refused within the last hour; cupos.Cupos is one.
type Rechazos interface {
	// Entrar lets the payer try a card until the caller calls salir, which is never nil. After too many refusals
	// it gives the time to wait instead, in espera. Errors: cupos.ErrOcupado.
	Entrar(ctx context.Context, p cupos.Pagador) (salir func(), espera time.Duration, err error)
	// Rechazado counts the refused payment of an order's intento. Repeated calls count once. Errors: none of its
	// own.
	Rechazado(ctx context.Context, p cupos.Pagador, pedido string, intento int64) error
}

// Abridor opens blocks that clientes has sealed. clientes.Servicio is one, and has the errors of the contract.
type Abridor interface {
	Abrir(ctx context.Context, cliente, proposito string, sellado []byte) ([]byte, error)
}

// Vecinos are the neighbours that the phases ask: other modules and services of this one. Every member is
// needed.
type Vecinos struct {
	Pagos     pagos.Servicio
	Rutas     rutas.Servicio
	Clientes  Abridor
	Stock     Stock
	Productos Productos
	Rechazos  Rechazos
}

// Fases does the phases of orders: tabla has the phase of each Estado, precedencia the needs that come before
// it.
type Fases struct {
	v           Vecinos
	t           Tiempos
	tabla       map[pedido.Estado]fase
	precedencia []asunto
}

type fase func(ctx context.Context, p *pedido.Pedido, ahora time.Time) (Resultado, error)

// New makes the phases over vecinos, with the timers and deadlines of tiempos.
func New(vecinos Vecinos, tiempos Tiempos) *Fases {
	f := &Fases{v: vecinos, t: tiempos}
	f.tabla = map[pedido.Estado]fase{
		pedido.Creado:        f.preprocesar,
		pedido.Preprocesado:  f.autorizar,
		pedido.PagoPendiente: f.autorizar, // by its own timer, without a notice of pagos too
		pedido.Autorizado:    f.aceptar,
		pedido.Aceptado:      f.confirmar,
		pedido.Confirmado:    f.esperarSalida,
		pedido.EnReparto:     f.esperarResultado,
		pedido.Entregado:     f.descansar,
		pedido.Fallido:       f.esperarReintento, // after deshacer, which comes first
		pedido.Rechazado:     f.descansar,
		pedido.Cancelado:     f.descansar,
		pedido.Devuelto:      f.descansar,
	}
	f.precedencia = f.asuntos()
	return f
}

// descansar is the phase of an order for which nothing is left to do.
func (f *Fases) descansar(context.Context, *pedido.Pedido, time.Time) (Resultado, error) {
	return func(p *pedido.Pedido, _ time.Time) error {
		p.Descansar()
		return nil
	}, nil
}

// avanzar takes a step that changes nothing but the estado.
func avanzar(paso pedido.Paso) Resultado {
	return func(p *pedido.Pedido, ahora time.Time) error { return p.Avanzar(paso, ahora) }
}

// fallar ends the intento for motivo, one that the customer can mend by a retry.
func fallar(motivo string) Resultado {
	return func(p *pedido.Pedido, ahora time.Time) error { return p.Fallar(motivo, ahora) }
}

// enEstado does resultado if the order still is in the estado and intento of visto and is not being cancelled. Errors:
// pedido.ErrPaso and pedido.ErrCancelando if it is not so; those of resultado.
func enEstado(visto *pedido.Pedido, resultado Resultado) Resultado {
	estado, intento := visto.Estado, visto.Intento
	return func(p *pedido.Pedido, ahora time.Time) error {
		if p.Estado != estado || p.Intento != intento {
			return pedido.ErrPaso
		}
		if p.Nota != nil {
			return pedido.ErrCancelando
		}
		return resultado(p, ahora)
	}
}

// requerimiento is the goods of vuelta n (from 1) of in, as Stock is asked about them.
func requerimiento(ped *pedido.Pedido, intento pedido.Intento, n int64) reservas.Requerimiento {
	v := intento.Vueltas[n-1]
	e := reservas.Requerimiento{
		Pedido:   ped.ID,
		Intento:  intento.Numero,
		Vuelta:   n,
		Deposito: v.Deposito,
		Hasta:    v.Hasta,
		Lineas:   lineas(intento.Lineas),
		Lenta:    pagos.Metodo(ped.Pago.Metodo).Lento(),
	}
	if e.Hasta.IsZero() && ped.Ventana != nil { // a release before kept no Hasta
		e.Hasta = ped.Ventana.Hasta
	}
	return e
}

func lineas(ls []pedido.Linea) []reservas.Linea {
	out := make([]reservas.Linea, 0, len(ls))
	for _, l := range ls {
		out = append(
			out,
			reservas.Linea{Producto: l.Producto, Cantidad: l.Cantidad, Vida: l.Vida},
		)
	}
	return out
}

// clave names the order's present visit, whether it has been booked or is about to be.
func clave(ped *pedido.Pedido) rutas.Clave {
	return rutas.Clave{
		Pedido:  ped.ID,
		Intento: int(ped.Intento),
		Numero:  int(ped.VisitaActual()),
	}
}

// esUno reports whether err is, or wraps, one of errs.
func esUno(err error, errs ...error) bool {
	for _, e := range errs {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// inesperado is err, or nil if err is one of esperados.
func inesperado(err error, esperados ...error) error {
	if esUno(err, esperados...) {
		return nil
	}
	return err
}
