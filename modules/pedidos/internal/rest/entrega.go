package rest

import (
	"context"
	"net/http"
	"slices"

	"despensa/modules/pedidos/internal/app"
	"despensa/platform/httpapi"
	"despensa/platform/oidc"

	"github.com/danielgtaylor/huma/v2"
)

func (a *API) entrega(api huma.API) {
	ver := op(
		"ver-entrega",
		http.MethodGet,
		"/pedidos/{id}/entrega",
		"Who receives an order, and where; recorded. A driver sees it while their truck has the order today",
	)
	httpapi.Register(api, httpapi.RecordsItself(ver), entregan, a.verEntrega)
}

// Destinatario is the person who receives an order, and their address.
type Destinatario struct {
	PedidoID string `json:"pedido_id" format:"uuid" doc:"Id of the order."`
	Codigo   string `json:"codigo" doc:"Code of the order, to read out."`
	Nombre   string `json:"nombre" doc:"Who receives it."`
	Telefono string `json:"telefono" doc:"Their telephone; empty: none is known."`
	Calle    string `json:"calle" doc:"Street, number, floor, town."`
	Notas    string `json:"notas" doc:"What the customer wrote for the driver; empty: nothing."`
}

// VerEntrega answers with the delivery block of an order, readable.
type VerEntrega struct{ Body Destinatario }

func (a *API) verEntrega(ctx context.Context, porID *PorID) (*VerEntrega, error) {
	p, b, err := a.app.Entrega(ctx, lector(ctx), porID.ID)
	if err != nil {
		return nil, err
	}
	return &VerEntrega{Destinatario{
		PedidoID: p.ID,
		Codigo:   p.Codigo,
		Nombre:   b.Nombre,
		Telefono: b.Telefono,
		Calle:    b.Calle,
		Notas:    b.Notas,
	}}, nil
}

// lector is the caller as the audit trail names them: by the highest of their roles that lets them read a
// delivery block.
func lector(ctx context.Context) app.Lector {
	p, _ := oidc.Caller(ctx)
	l := app.Lector{Quien: quien(ctx), Solicitud: httpapi.RequestID(ctx)}
	for _, rol := range []string{"admin", "operador", "repartidor"} {
		if slices.Contains(p.Roles, rol) {
			l.Rol = rol
			break
		}
	}
	return l
}
