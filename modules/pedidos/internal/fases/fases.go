// Package fases is the stateless phases of an order: each looks at the order, asks the
// neighbours, and answers with what is to be done to it. Any replica can run any phase
// at any time: every deed is idempotent by order, intento and vuelta.
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

// Resultado is what a phase wants done to the order. After a version conflict it is
// applied again, to the order as it then stands; ErrPaso and ErrCancelando of pedido
// mean that the order has moved on and nothing is done.
type Resultado func(p *pedido.Pedido, ahora time.Time) error

// Stock is the service of stock as the phases need it. Quantities are units; every call may
// be repeated at any time.
type Stock interface {
	// Surtido reads what the depots have of the lines. It reserves nothing. Errors: none of its
	// own.
	Surtido(ctx context.Context, ls []reservas.Linea) (reservas.Surtido, error)
	// Duran reports whether what a vuelta has reserved or sold is good until e.Hasta and as long
	// beyond as its lines ask for. Errors: none of its own.
	Duran(ctx context.Context, e reservas.Encargo) (bool, error)
	// Reservar keeps the lines for one vuelta; after an error the caller releases those that
	// were kept. Errors: existencias.ErrFalta, existencias.ErrLleno,
	// reservas.ErrLiberada.
	Reservar(ctx context.Context, e reservas.Encargo) error
	// Liberar gives back the reservations and sales of a vuelta, but for what returns account
	// for, and refuses its later deeds; nothing there is a success. Errors: none of its own.
	Liberar(ctx context.Context, e reservas.Encargo, ahora time.Time) error
	// Vender turns the reservations of a vuelta into a sale. Errors: existencias.ErrSinReserva,
	// reservas.ErrLiberada.
	Vender(ctx context.Context, e reservas.Encargo) error
	// Retornar notes goods that came back after their delivery, into stock or thrown away.
	// Errors: none of its own.
	Retornar(ctx context.Context, r reservas.Retorno) error
}

// Productos is the catalogue as the phases need it.
type Productos interface {
	// Leer gives those of ids that exist. Errors: none of its own.
	Leer(ctx context.Context, ids []string) ([]*catalogo.Producto, error)
}

// Rechazos counts the payments by card that were refused within the hour; cupos.Cupos is one.
type Rechazos interface {
	// Entrar lets the payer try a card until salir, which is never nil, or gives how long to
	// wait until one may be tried again. Errors: cupos.ErrOcupado.
	Entrar(ctx context.Context, p cupos.Pagador) (salir func(), espera time.Duration, err error)
	// Rechazado counts the refused payment of an order's intento, once however often it is
	// called. Errors: none of its own.
	Rechazado(ctx context.Context, p cupos.Pagador, pedido string, intento int64) error
}

// Abridor opens blocks that clientes has sealed; clientes.Servicio is one, and says its errors.
type Abridor interface {
	Abrir(ctx context.Context, cliente, proposito string, sellado []byte) ([]byte, error)
}

// Vecinos is everybody that a phase may knock at.
type Vecinos struct {
	Pagos     pagos.Servicio
	Rutas     rutas.Servicio
	Clientes  Abridor
	Stock     Stock
	Productos Productos
	Rechazos  Rechazos
}

// Fases knows which phase cares for an order in which Estado.
type Fases struct {
	v           Vecinos
	t           Tiempos
	tabla       map[pedido.Estado]fase
	precedencia []asunto
}

type fase func(ctx context.Context, p *pedido.Pedido, ahora time.Time) (Resultado, error)

// Nuevas builds the chain.
func Nuevas(v Vecinos, t Tiempos) *Fases {
	f := &Fases{v: v, t: t}
	f.tabla = map[pedido.Estado]fase{
		pedido.Creado:        f.preprocesar,
		pedido.Preprocesado:  f.autorizar,
		pedido.PagoPendiente: f.autorizar, // by its own timer, not only when told
		pedido.Autorizado:    f.aceptar,
		pedido.Aceptado:      f.confirmar,
		pedido.Confirmado:    f.esperarSalida,
		pedido.EnReparto:     f.esperarResultado,
		pedido.Entregado:     f.descansar,
		pedido.Fallido:       f.esperarReintento, // once everything is undone
		pedido.Rechazado:     f.descansar,
		pedido.Cancelado:     f.descansar,
		pedido.Devuelto:      f.descansar,
	}
	f.precedencia = f.asuntos()
	return f
}

// descansar: nothing is left to do.
func (f *Fases) descansar(context.Context, *pedido.Pedido, time.Time) (Resultado, error) {
	return func(p *pedido.Pedido, _ time.Time) error {
		p.Descansar()
		return nil
	}, nil
}

// avanzar takes a step that needs nothing more.
func avanzar(paso pedido.Paso) Resultado {
	return func(p *pedido.Pedido, ahora time.Time) error { return p.Avanzar(paso, ahora) }
}

// fallar ends the intento for something that the customer can mend, or for a wait
// that is over.
func fallar(motivo string) Resultado {
	return func(p *pedido.Pedido, ahora time.Time) error { return p.Fallar(motivo, ahora) }
}

// enEstado lets r happen only to an order that still stands where the phase saw it, and
// is not being cancelled.
func enEstado(visto *pedido.Pedido, r Resultado) Resultado {
	estado, intento := visto.Estado, visto.Intento
	return func(p *pedido.Pedido, ahora time.Time) error {
		if p.Estado != estado || p.Intento != intento {
			return pedido.ErrPaso
		}
		if p.Nota != nil {
			return pedido.ErrCancelando
		}
		return r(p, ahora)
	}
}

// encargo is the stock that vuelta n of in is about.
func encargo(p *pedido.Pedido, in pedido.Intento, n int64) reservas.Encargo {
	v := in.Vueltas[n-1]
	e := reservas.Encargo{
		Pedido:   p.ID,
		Intento:  in.Numero,
		Vuelta:   n,
		Deposito: v.Deposito,
		Hasta:    v.Hasta,
		Lineas:   lineas(in.Lineas),
		Lenta:    pagos.Metodo(p.Pago.Metodo).Lento(),
	}
	if e.Hasta.IsZero() && p.Ventana != nil { // as an earlier release chose it
		e.Hasta = p.Ventana.Hasta
	}
	return e
}

func lineas(ls []pedido.Linea) []reservas.Linea {
	out := make([]reservas.Linea, 0, len(ls))
	for _, l := range ls {
		out = append(out, reservas.Linea{Producto: l.Producto, Cantidad: l.Cantidad, Vida: l.Vida})
	}
	return out
}

// clave names the booking under which the order now stands, or is about to.
func clave(p *pedido.Pedido) rutas.Clave {
	return rutas.Clave{Pedido: p.ID, Intento: int(p.Intento), Numero: int(p.VisitaActual())}
}

// esUno reports whether err is one of them.
func esUno(err error, errs ...error) bool {
	for _, e := range errs {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// inesperado is err unless it is one of esperados, which are no news.
func inesperado(err error, esperados ...error) error {
	if esUno(err, esperados...) {
		return nil
	}
	return err
}
