package rest_test

import (
	"strings"
	"time"

	"despensa/modules/pedidos/internal/app"
	"despensa/modules/pedidos/internal/existencias"
)

func movimiento() existencias.Movimiento {
	vence := ahora.Add(time.Hour)
	return existencias.Movimiento{
		ID:       "m1",
		Producto: productoID,
		Deposito: otroID,
		Cantidad: -5,
		Motivo:   "rotura",
		Pedido:   unID,
		Huella:   "huella-secreta",
		Tomas:    []existencias.Toma{{Lote: "L1", Vence: &vence, Cantidad: 5}},
		En:       ahora,
	}
}

// deStock are the calls that move stock by hand, and that list its movements.
func deStock() map[string]escenario {
	const ruta = laYerba + "/movimientos"
	mover := func(e escenario) escenario {
		e.metodo, e.ruta, e.quien = "POST", ruta, admin
		if e.cuerpo == "" {
			e.cuerpo = `{"cantidad":-5,"motivo":"rotura"}`
		}
		return e
	}
	vence := ahora.Add(24 * time.Hour)
	entero := app.Movimiento{
		Producto: productoID,
		Cantidad: 5,
		Motivo:   "compra",
		Deposito: otroID,
		Lote:     "L1",
		Vence:    &vence,
	}
	return map[string]escenario{
		"taken out": mover(escenario{
			pide:   app.Movimiento{Producto: productoID, Cantidad: -5, Motivo: "rotura"},
			estado: 201, tiene: []string{`"cantidad":-5`, `"lotes":[{"lote":"L1"`},
			van: []string{"Location: /api/v1" + ruta},
		}),
		"taken in": mover(escenario{
			cuerpo: `{"cantidad":5,"motivo":"compra","deposito_id":"` + otroID + `",` +
				`"lote":"L1","vence":"2026-12-01T12:00:00Z"}`,
			pide: entero, estado: 201,
		}),
		"taken again": mover(escenario{
			app: falso{repetida: true}, estado: 201, van: []string{"Idempotent-Replayed: true"},
		}),
		"not enough": mover(escenario{
			app: falso{err: app.ErrStock}, estado: 409, tiene: []string{"stock-insuficiente"},
		}),
		"expired": mover(escenario{
			app: falso{
				err: app.ErrVencido,
			}, estado: 422, tiene: []string{"lote-vencido", "body.vence"},
		}),
		"with another date": mover(escenario{
			app: falso{
				err: app.ErrFecha,
			}, estado: 409, tiene: []string{"lote-con-otra-fecha", "body.vence"},
		}),
		"nothing": mover(escenario{
			app: falso{
				err: app.ErrCantidad,
			}, estado: 422, tiene: []string{"cantidad-cero", "body.cantidad"},
		}),
		"in no depot": mover(escenario{
			app: falso{
				err: app.ErrDeposito,
			},
			estado: 422,
			tiene:  []string{"deposito-desconocido"},
		}),
		"no product": mover(escenario{
			app: falso{
				err: app.ErrSinProducto,
			},
			estado: 404,
			tiene:  []string{"producto-no-existe"},
		}),
		"no reason": mover(escenario{
			cuerpo: `{"cantidad":5}`, estado: 422, tiene: []string{"property motivo"}, sin: []string{"cantidad-cero"},
		}),
		"too much": mover(escenario{
			cuerpo: `{"cantidad":1000001,"motivo":"x"}`, estado: 422, tiene: []string{"body.cantidad"},
		}),
		"broken JSON": mover(
			escenario{cuerpo: `{"cantidad":`, estado: 400, tiene: []string{"json-invalido"}},
		),
		"listed": {
			metodo: "GET", ruta: ruta + "?limite=5", quien: admin,
			pide:   lista{filtro: app.FiltroMovimientos{Producto: productoID}, limite: 6},
			estado: 200, tiene: []string{`"motivo":"rotura"`, `"pedido_id":"` + unID},
		},
		"recalled": {
			metodo: "GET", ruta: ruta + "?lote=L1", quien: operador,
			pide: lista{
				filtro: app.FiltroMovimientos{Producto: productoID, Lote: "L1"},
				limite: 51,
			},
			estado: 200, tiene: []string{`"pedido_id":"` + unID},
		},
		"recalled under a long name": {
			metodo: "GET", ruta: ruta + "?lote=" + strings.Repeat("x", 61), quien: operador, estado: 422,
			tiene: []string{"query.lote"},
		},
		"recalled by a customer": {
			metodo: "GET",
			ruta:   ruta + "?lote=L1",
			quien:  ana,
			estado: 403,
		},
		"listed by an operator": {
			metodo: "GET",
			ruta:   ruta,
			quien:  operador,
			estado: 403,
			tiene:  []string{"sin-permiso"},
		},
		"listed of no product": {
			metodo: "GET", ruta: ruta, quien: admin, app: falso{err: app.ErrSinProducto}, estado: 404,
		},
		"listed by a customer": {
			metodo: "GET",
			ruta:   ruta,
			quien:  ana,
			estado: 403,
			sin:    []string{"rotura"},
		},
	}
}
