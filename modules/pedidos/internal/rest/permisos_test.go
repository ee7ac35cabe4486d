package rest_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"despensa/platform/oidc"
)

// llamadores are all kinds of callers that a token can make, by name.
func llamadores() map[string]oidc.Principal {
	quienes := map[string]oidc.Principal{"nadie": nadie, "maquina": maquina()}
	for _, rol := range []string{"cliente", "operador", "admin", "repartidor", "gestor_rutas", "auditor"} {
		quienes[rol] = persona(rol)
	}
	for _, p := range []string{
		"editar:productos", "leer:pedidos", "crear:pedidos", "editar:pedidos", "reembolsar:pagos", "leer:rutas",
		"leer:eventos",
	} {
		quienes[p] = maquina(p)
	}
	ana := persona("repartidor") // permissions in the token of a person count for nothing
	ana.Permissions = []string{
		"editar:productos", "leer:pedidos", "crear:pedidos", "editar:pedidos", "reembolsar:pagos", "leer:eventos",
	}
	quienes["persona-con-permisos"] = ana
	return quienes
}

// entran lists, by operation, the llamadores that the API lets call it; "todos" is all of them.
var entran = map[string]string{
	"listar-productos":    "todos",
	"ver-producto":        "todos",
	"ver-maquina":         "todos",
	"crear-producto":      "admin editar:productos",
	"cambiar-producto":    "admin editar:productos",
	"mover-stock":         "admin editar:productos",
	"listar-movimientos":  "operador admin editar:productos",
	"cotizar":             "cliente operador admin crear:pedidos",
	"crear-pedido":        "cliente operador admin crear:pedidos",
	"listar-pedidos":      "cliente operador admin leer:pedidos",
	"ver-pedido":          "cliente operador admin leer:pedidos",
	"listar-diario":       "admin leer:eventos",
	"listar-eventos":      "cliente operador admin leer:pedidos",
	"listar-devoluciones": "cliente operador admin leer:pedidos",
	"reintentar-pedido":   "cliente operador admin editar:pedidos",
	"cancelar-pedido":     "cliente operador admin editar:pedidos",
	"devolver-pedido":     "cliente operador admin reembolsar:pagos",
	"reembolsar-pedido":   "operador admin reembolsar:pagos",
	"aceptar-devolucion":  "operador admin reembolsar:pagos",
	"rechazar-devolucion": "operador admin reembolsar:pagos",
	"listar-reembolsos":   "operador admin leer:pedidos reembolsar:pagos",
	"ver-existencias":     "operador admin",
	"ver-expediente":      "operador admin",
	"ver-entrega":         "operador admin repartidor persona-con-permisos",
	"seguir-pedido":       "cliente operador admin leer:pedidos",
}

// TestWhoGetsIn calls every operation as every kind of caller. The app is not asked for a
// caller that is refused.
func TestWhoGetsIn(t *testing.T) {
	banco, puente := nuevoBanco(t)
	buenos := map[string]escenario{}
	todos := escenarios()
	for _, nombre := range slices.Sorted(maps.Keys(todos)) {
		if e := todos[nombre]; e.estado < 300 {
			buenos[banco.Operation(e.llamada())] = e
		}
	}
	if ops := slices.Sorted(maps.Keys(entran)); !slices.Equal(ops, banco.Operations()) {
		t.Errorf("the table has %v, the API %v", ops, banco.Operations())
	}
	for _, op := range banco.Operations() {
		t.Run(op, func(t *testing.T) {
			e := buenos[op]
			if op == "seguir-pedido" { // a refusal of the app ends the stream before it begins
				e = todos["lists/another's, as it happens"]
			}
			quienes, ok := entran[op]
			if !ok {
				t.Fatal("nothing says who gets in")
			}
			for nombre, quien := range llamadores() {
				e.quien, puente.falso = quien, &falso{err: e.app.err}
				r := banco.Do(t.Context(), e.llamada())
				entra := quienes == "todos" || slices.Contains(strings.Fields(quienes), nombre)
				if fuera := r.Code == 401 || r.Code == 403; fuera == entra {
					t.Errorf("%s: %d", nombre, r.Code)
				}
				if !entra && puente.veces > 0 {
					t.Errorf("%s is refused and the app was asked", nombre)
				}
				if nombre == "nadie" && !entra && r.Code != 401 {
					t.Errorf("without a token: %d", r.Code)
				}
			}
		})
	}
}
