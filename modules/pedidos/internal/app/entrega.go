package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"despensa/modules/pedidos/internal/fases"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
	"despensa/modules/rutas"
	"despensa/platform/audit"
)

// Lector is who wants to see who receives an order, and where.
type Lector struct {
	Quien
	Rol       string // with which they ask
	Solicitud string // id of the request
}

// Bloque is who receives an order, and where, as it was sealed.
type Bloque = fases.Bloque

// leerEntrega is what the audit trail calls it.
const leerEntrega = "pedidos.entrega.leer"

// Entrega opens the delivery block of an order for an operator, or for the driver who has
// it on a shift of today that is not over. It is recorded first; what cannot be recorded is not opened. Errors:
// ErrNoExiste, also for any other driver; audit.ErrSinRegistro; clientes.ErrSinClave.
func (a *App) Entrega(ctx context.Context, l Lector, id string) (*pedido.Pedido, fases.Bloque, error) {
	p, err := a.o.Pedidos.Leer(ctx, id)
	if err != nil && !errors.Is(err, store.ErrNoExiste) {
		return nil, fases.Bloque{}, err
	}
	puede := err == nil
	if puede && !l.Operador {
		if puede, err = a.lleva(ctx, l.ID, p); err != nil {
			return nil, fases.Bloque{}, err
		}
	}
	r := audit.Registro{
		Actor:     l.ID,
		Rol:       l.Rol,
		Accion:    leerEntrega,
		Recurso:   audit.Recurso{Clase: "pedido", ID: id},
		Solicitud: l.Solicitud,
	}
	if p != nil {
		r.Cliente = p.Cliente
	}
	if !puede {
		a.anotarNegado(ctx, r)
		return nil, fases.Bloque{}, ErrNoExiste
	}
	r.Resultado = audit.Permitido
	if err := a.o.Auditoria.Registrar(ctx, r); err != nil {
		return nil, fases.Bloque{}, fmt.Errorf("%w: %w", audit.ErrSinRegistro, err)
	}
	b, err := a.bloque(ctx, p)
	return p, b, err
}

// lleva reports whether the truck of repartidor has the order's present visit: it is on its
// way, or it is firm and its shift is one of today that is not over.
func (a *App) lleva(ctx context.Context, repartidor string, p *pedido.Pedido) (bool, error) {
	if p.VisitaActual() == 0 || p.Terminado() {
		return false, nil
	}
	v, err := a.o.Rutas.Visita(ctx, rutas.Clave{Pedido: p.ID, Intento: int(p.Intento), Numero: int(p.VisitaActual())})
	if errors.Is(err, rutas.ErrSinVisita) {
		return false, nil
	}
	if err != nil || v.Repartidor == "" || v.Repartidor != repartidor {
		return false, err
	}
	return v.Estado == rutas.EnCamino || v.Estado == rutas.Firme && v.Vigente, nil
}

// pacienciaNegado is how long a refusal that is to be recorded may hold its answer up.
const pacienciaNegado = 2 * time.Second

// anotarNegado records a refusal, whether or not its caller waits; it is a refusal too when
// that fails.
func (a *App) anotarNegado(ctx context.Context, r audit.Registro) {
	ctx, soltar := context.WithTimeout(context.WithoutCancel(ctx), pacienciaNegado)
	defer soltar()
	r.Resultado = audit.Negado
	if err := a.o.Auditoria.Registrar(ctx, r); err != nil {
		a.o.Log.ErrorContext(ctx, "a refusal was not recorded", "solicitud", r.Solicitud, "error", err)
	}
}

// bloque opens the sealed part of an order.
func (a *App) bloque(ctx context.Context, p *pedido.Pedido) (b fases.Bloque, err error) {
	claro, err := a.o.Clientes.Abrir(ctx, p.Cliente, fases.Proposito(p.ID), p.Destino.Sellado)
	if err != nil {
		return b, err
	}
	if err := json.Unmarshal(claro, &b); err != nil {
		return b, errors.New("app: the delivery block cannot be read") // its bytes are nobody's business
	}
	return b, nil
}
