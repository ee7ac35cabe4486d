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

// Lector is the caller that asks for the delivery block of an order.
type Lector struct {
	Quien
	Rol       string // the role that lets them ask
	Solicitud string // id of the HTTP request
}

// Bloque is the delivery block of an order: the contact data of its receiver, and the address, opened.
type Bloque = fases.Bloque

// leerEntrega is the name of this access in the audit trail.
const leerEntrega = "pedidos.entrega.leer"

// Entrega opens the delivery block of an order for an operator, or for the driver whose truck has the order.
// The access is recorded first; when it cannot be recorded, the block stays sealed. A refusal is recorded too.
// Errors: ErrNoExiste, also for every other driver; audit.ErrNoRecord; clientes.ErrSinClave.
func (a *App) Entrega(
	ctx context.Context,
	lector Lector,
	id string,
) (*pedido.Pedido, fases.Bloque, error) {
	p, err := a.o.Pedidos.Leer(ctx, id)
	if err != nil && !errors.Is(err, store.ErrNoExiste) {
		return nil, fases.Bloque{}, err
	}
	puede := err == nil
	if puede && !lector.Operador {
		if puede, err = a.lleva(ctx, lector.ID, p); err != nil {
			return nil, fases.Bloque{}, err
		}
	}
	registro := audit.Record{
		Actor:     lector.ID,
		Role:      lector.Rol,
		Action:    leerEntrega,
		Resource:  audit.Resource{Kind: "pedido", ID: id},
		RequestID: lector.Solicitud,
	}
	if p != nil {
		registro.Customer = p.Cliente
	}
	if !puede {
		a.anotarNegado(ctx, registro)
		return nil, fases.Bloque{}, ErrNoExiste
	}
	registro.Outcome = audit.Allowed
	if err := a.o.Auditoria.Record(ctx, registro); err != nil {
		return nil, fases.Bloque{}, fmt.Errorf("%w: %w", audit.ErrNoRecord, err)
	}
	b, err := a.bloque(ctx, p)
	return p, b, err
}

// lleva reports whether the truck of the driver repartidor has the order's present visit: the visit is on its
// way, or it is firm on a shift of today that is not over. Errors: those of rutas but ErrSinVisita.
func (a *App) lleva(ctx context.Context, repartidor string, ped *pedido.Pedido) (bool, error) {
	if ped.VisitaActual() == 0 || ped.Terminado() {
		return false, nil
	}
	v, err := a.o.Rutas.Visita(
		ctx,
		rutas.Clave{Pedido: ped.ID, Intento: int(ped.Intento), Numero: int(ped.VisitaActual())},
	)
	if errors.Is(err, rutas.ErrSinVisita) {
		return false, nil
	}
	if err != nil || v.Repartidor == "" || v.Repartidor != repartidor {
		return false, err
	}
	return v.Estado == rutas.EnCamino || v.Estado == rutas.Firme && v.Vigente, nil
}

// pacienciaNegado bounds the time for which the record of a refusal may delay the answer.
const pacienciaNegado = 2 * time.Second

// anotarNegado records a refusal, even if the caller has hung up. When the record fails, the caller is refused
// all the same, and the log has the error.
func (a *App) anotarNegado(ctx context.Context, record audit.Record) {
	ctx, soltar := context.WithTimeout(context.WithoutCancel(ctx), pacienciaNegado)
	defer soltar()
	record.Outcome = audit.Denied
	if err := a.o.Auditoria.Record(ctx, record); err != nil {
		a.o.Log.ErrorContext(
			ctx, "a refusal was not recorded",
			"solicitud", record.RequestID, "error", err,
		)
	}
}

// bloque opens the sealed part of an order. Errors: those of clientes.Abrir; a block that is no JSON.
func (a *App) bloque(ctx context.Context, ped *pedido.Pedido) (b fases.Bloque, err error) {
	claro, err := a.o.Clientes.Abrir(
		ctx,
		ped.Cliente,
		fases.Proposito(ped.ID),
		ped.Destino.Sellado,
	)
	if err != nil {
		return b, err
	}
	if err := json.Unmarshal(claro, &b); err != nil {
		// json's error would quote personal data.
		return b, errors.New("app: the delivery block cannot be read")
	}
	return b, nil
}
