package rest_test

import (
	"time"

	"despensa/modules/clientes"
	"despensa/modules/pedidos/internal/app"
	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/platform/audit"
)

// deSoporte are the calls by which an operator sees why an order stands where it stands.
func deSoporte() map[string]escenario {
	leer := func(bajo string, e escenario) escenario {
		e.metodo, e.ruta = "GET", elPedido+bajo
		return e
	}
	chofer := app.Lector{
		Quien:     app.Quien{ID: repartidor.ID},
		Rol:       "repartidor",
		Solicitud: estaSolicitud,
	}
	jefa := admin
	jefa.Roles = []string{"repartidor", "operador", "admin"}
	apartado := app.Reservado{
		Producto: productoID,
		Deposito: otroID,
		Reserva: existencias.Reserva{
			Clave: existencias.Clave{Pedido: unID, Intento: 1, Vuelta: 2}, Cantidad: 3,
		},
	}
	enMarcha := con(func(p *pedido.Pedido) {
		p.Nota = &pedido.Nota{
			En: ahora,
		}
		p.Pedida = &pedido.Cambios{}
		p.Lease = ahora.Add(time.Minute)
		p.Elegir(otroID, ahora)
		p.CerrarVuelta(true)
	})
	return map[string]escenario{
		"the address": leer("/entrega", escenario{
			quien: repartidor, pide: pregunta{chofer, unID}, estado: 200,
			tiene: []string{
				`"nombre":"Ana"`,
				`"calle":"Yatay 1"`,
				`"notas":"timbre"`,
				`"telefono":"4321"`,
			},
			sin: []string{"@"},
		}),
		"the address, by the highest role": leer("/entrega", escenario{
			quien: jefa, pide: pregunta{app.Lector{Quien: app.Quien{ID: jefa.ID, Operador: true}, Rol: "admin",
				Solicitud: estaSolicitud}, unID}, estado: 200,
		}),
		"the address, not theirs": leer("/entrega", escenario{
			quien: repartidor, app: falso{err: app.ErrNoExiste}, estado: 404, tiene: []string{"pedido-no-existe"},
			sin: []string{"Yatay"},
		}),
		"the address, not recorded": leer("/entrega", escenario{
			quien: repartidor, app: falso{err: audit.ErrNoRecord}, estado: 503,
			tiene: []string{"auditoria-no-disponible"},
			sin:   []string{"Yatay"}, van: []string{"Retry-After: 1"},
		}),
		"the address of an erased customer": leer("/entrega", escenario{
			quien: operador, app: falso{err: clientes.ErrSinClave}, estado: 404, tiene: []string{"cliente-borrado"},
			sin: []string{"Yatay"},
		}),
		"the address, to its customer": leer(
			"/entrega",
			escenario{quien: ana, estado: 403, sin: []string{"Yatay"}},
		),
		"the address, to a machine": leer("/entrega", escenario{
			quien:  maquina("leer:pedidos", "editar:pedidos", "reembolsar:pagos"),
			estado: 403,
			sin:    []string{"Yatay"},
		}),
		"the address, to a stranger": leer(
			"/entrega",
			escenario{estado: 401, sin: []string{"Yatay"}},
		),

		"its stock": leer("/existencias", escenario{
			quien: operador, pide: pregunta{deOperador, unID}, estado: 200,
			app: falso{
				existe: app.Existencias{
					Reservas: []app.Reservado{
						apartado,
					},
					Movimientos: []existencias.Movimiento{movimiento()},
				},
			},
			tiene: []string{
				`"vuelta":2,"cantidad":3`,
				`"motivo":"rotura"`,
				`"deposito_id":"` + otroID,
			},
		}),
		"its stock, none": leer("/existencias", escenario{
			quien: admin, estado: 200, tiene: []string{`"reservas":[]`, `"movimientos":[]`},
		}),
		"its stock, to its customer": leer("/existencias", escenario{quien: ana, estado: 403}),
		"its stock, no order": leer("/existencias", escenario{
			quien: operador, app: falso{err: app.ErrNoExiste}, estado: 404,
		}),

		"its file": leer("/expediente", escenario{
			quien: operador, app: falso{p: enMarcha}, estado: 200,
			tiene: []string{
				`"ahora":"2026-11-30T12:00:00Z"`,
				`"version":7`,
				`"cancela":"2026-11-30T12:00:00Z"`,
				`"reintenta":true`,
				`"tomado":"2026-11-30T12:01:00Z"`,
				`"cerrada":true,"falta":true`,
				`"deposito_id":"` + otroID,
				`"publicados":1`,
			},
		}),
		"its file, at rest": leer("/expediente", escenario{
			quien: operador, estado: 200, tiene: []string{`"reintenta":false`, `"intentos":[{"numero":1`},
			sin: []string{"cancela", "tomado"},
		}),
		"its file, to its customer": leer("/expediente", escenario{quien: ana, estado: 403}),
		"its file, no order": leer("/expediente", escenario{
			quien: operador, app: falso{err: app.ErrNoExiste}, estado: 404,
		}),

		"the machine": {
			metodo: "GET", ruta: "/pedidos/maquina", estado: 200,
			tiene: []string{`"estados":["creado"`, `"paso":"preprocesar"`},
		},
		"the machine, drawn": {
			metodo: "GET", ruta: "/pedidos/maquina", cabeceras: []string{"Accept: text/vnd.mermaid"}, estado: 200,
			tiene: []string{"stateDiagram"}, van: []string{"Content-Type: text/vnd.mermaid"},
		},
		"the machine, asked oddly": {metodo: "GET", ruta: "/pedidos/maquina?x=1", estado: 422},
	}
}
