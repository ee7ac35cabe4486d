//go:build !race

package main

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"despensa/internal/apiclient"
)

// deListas: pages, filters and cursors that no list of ours has.
func (e *escena) deListas() map[string]malo {
	const datos = "datos-invalidos"
	m, camion := map[string]malo{}, e.camionDe("AB101CD")
	listas := map[string]string{"/pedidos": "operador", "/pagos": "operador", "/productos": "", "/pedidos/" + e.confirmado.ID + "/eventos": "cliente1",
		"/pedidos/" + e.confirmado.ID + "/devoluciones": "cliente1",
		"/pedidos/" + e.confirmado.ID + "/reembolsos":   "operador", "/productos/" + e.prod + "/movimientos": "admin", "/clientes/yo/direcciones": "cliente1",
		"/visitas": "gestor", "/turnos": "gestor", "/camiones": "gestor", "/depositos": "gestor",
		"/repartidores": "gestor", "/camiones/" + camion + "/posiciones": "gestor"}
	roto := base64.RawURLEncoding.EncodeToString([]byte(`{"c":"` + rechazado + `","i":""}`))
	for camino, login := range listas {
		nombre := strings.NewReplacer(e.confirmado.ID, "id", e.prod, "id", camion, "id").Replace(camino)
		for que, x := range map[string]malo{
			"cursor":                    {camino: "?cursor=" + rechazado, code: "cursor-invalido", donde: "query.cursor"},
			"cursor of ours, not quite": {camino: "?cursor=" + roto, code: "cursor-invalido", donde: "query.cursor"},
			"cursor too long":           {camino: "?cursor=" + strings.Repeat("a", 201), code: datos, donde: "query.cursor"},
			"unknown member":            {camino: "?sorpresa=" + rechazado, code: datos, donde: "query.sorpresa"},
			"limit 0":                   {camino: "?limite=0", code: datos, donde: "query.limite"},
			"limit 201":                 {camino: "?limite=201", code: datos, donde: "query.limite"},
			"limit that is no number":   {camino: "?limite=" + rechazado, code: datos, donde: "query.limite"},
			"limit twice":               {camino: "?limite=1&limite=2", code: datos, donde: "query.limite"},
		} {
			x.login, x.metodo, x.camino, x.status = login, "GET", camino+x.camino, 422
			m[nombre+", "+que] = x
		}
	}
	for filtro, code := range map[string]string{"/pedidos?codigo=ABCDEFGHIJ": "codigo-invalido", "/pedidos?codigo=" + rechazado: datos, "/pedidos?estado=" + rechazado: datos,
		"/pedidos?cliente_id=" + rechazado: datos, "/pedidos?desde=" + rechazado: datos, "/pedidos?desde=2026-02-30": datos, "/pedidos?desde=2026-03-02&hasta=2026-03-01": "dia-invalido",
		"/pagos?pedido_id=" + rechazado: datos, "/pagos?estado=" + rechazado: datos} {
		m[strings.ReplaceAll(filtro, rechazado, "x")] = malo{login: "operador", metodo: "GET", camino: filtro, status: 422, code: code}
	}
	return m
}

// borrada makes an address under the key "borrada" and deletes it.
func (e *escena) borrada(casa compra) compra {
	e.t.Helper()
	var d struct{ ID string }
	e.debe("cliente1", "POST", "/clientes/yo/direcciones", casa, &d, apiclient.ConClave("borrada"))
	e.debe("cliente1", "DELETE", "/clientes/yo/direcciones/"+d.ID, nil, nil)
	return casa
}

// bajo sends an Idempotency-Key.
func (m malo) bajo(clave string) malo {
	m.cabecera = map[string]string{"Idempotency-Key": clave}
	return m
}

// deGestion: products, stock, addresses, fleet and notices.
func (e *escena) deGestion() map[string]malo {
	m := e.deProductos()
	pon := func(nombre, login, metodo, camino string, cuerpo any, status int, code, donde string) {
		m[nombre] = malo{login: login, metodo: metodo, camino: camino, cuerpo: cuerpo, status: status, code: code, donde: donde}
	}
	const dirs, datos = "/clientes/yo/direcciones", "datos-invalidos"
	casa := compra{"calle": "Gurruchaga 100", "lat": -34.6, "lon": -58.43}
	pon("address in the air", "cliente1", "POST", dirs, casa.con("lat", 91), 422, datos, "body.lat")
	pon("depot at a pole", "gestor", "POST", "/depositos", compra{"codigo": "POLO", "nombre": "Polo", "lat": 90, "lon": 0}, 422, "fuera-de-area", "body.lat")
	pon("key of what has been deleted", "cliente1", "POST", dirs, e.borrada(casa), 404, "direccion-no-existe", "")
	m["key of what has been deleted"] = m["key of what has been deleted"].bajo("borrada")
	pon("no value of a filter's value", "gestor", "GET", "/camiones?deposito_id=", nil, 422, datos, "query.deposito_id")
	pon("address without a street", "cliente1", "POST", dirs, casa.con("calle", "   "), 422, datos, "body.calle")
	pon("address of two lines", "cliente1", "POST", dirs, casa.con("calle", rechazado+"\n"), 422, datos, "body.calle")
	pon("address with unknown field", "cliente1", "POST", dirs, casa.con("sorpresa", rechazado), 422, datos, "body.sorpresa")
	pon("e-mail of no form", "cliente1", "PATCH", "/clientes/yo", compra{"correo": rechazado}, 422, datos, "body.correo")
	pon("truck of no depot", "gestor", "POST", "/camiones", e.camionNuevo().con("deposito_id", nadieEs()), 422, "referencia-desconocida", "body.deposito_id")
	pon("truck without room", "gestor", "POST", "/camiones", e.camionNuevo().con("peso_max_gramos", 0), 422, datos, "body.peso_max_gramos")
	pon("truck, plate of no form", "gestor", "POST", "/camiones", e.camionNuevo().con("patente", rechazado), 422, datos, "body.patente")
	pon("truck, plate of another", "gestor", "POST", "/camiones", e.camionNuevo().con("patente", "AB101CD"), 409, "patente-repetida", "")
	pon("depot, code of another", "gestor", "POST", "/depositos", compra{"codigo": "DEP-1", "nombre": "Otro", "lat": -34.6, "lon": -58.4}, 409, "codigo-repetido", "")
	c := e.visitaDe(e.confirmado.ID).CamionID
	pon("shift of no truck", "gestor", "POST", "/turnos", turnoDe(nadieEs(), 900, 904), 422, "referencia-desconocida", "body.camion_id")
	pon("shift reversed", "gestor", "POST", "/turnos", turnoDe(c, 904, 900), 422, "valor-invalido", "body.fin")
	pon("shift upon another", "gestor", "POST", "/turnos", turnoDe(c, 24, 28), 409, "turno-superpuesto", "")
	pon("truck without If-Match", "gestor", "PATCH", "/camiones/"+c, compra{"activo": false}, 428, "falta-if-match", "")
	pon("departure of nothing", "gestor", "POST", "/camiones/"+e.camionVacio(c)+"/salida", compra{}, 409, "nada-que-llevar", "")
	pon("departure of no truck", "gestor", "POST", "/camiones/"+nadieEs()+"/salida", compra{}, 404, "camion-no-existe", "")
	pon("departure of another's truck", "repartidor3", "POST", "/camiones/"+e.camionDe("AB101CD")+"/salida", compra{}, 404, "camion-no-existe", "")
	pon("no such visit", "gestor", "POST", "/visitas/"+nadieEs()+"/entrega", nil, 404, "sin-visita", "")
	pon("failed visit without a reason", "gestor", "POST", "/visitas/"+nadieEs()+"/fallo", compra{}, 422, datos, "body")
	pon("notice without a signature", "", "POST", "/pagos/avisos/mercadopago?data.id="+rechazado+"&type=order", compra{"a": rechazado}, 401, "firma-invalida", "")
	pon("notice of no provider", "", "POST", "/pagos/avisos/"+rechazado, compra{}, 404, "proveedor-desconocido", "")
	return m
}

// deProductos: the catalogue and its stock.
func (e *escena) deProductos() map[string]malo {
	const datos = "datos-invalidos"
	nuevo := compra{"nombre": "Yerba", "categoria": "prueba", "precio_centavos": 100, "iva": "21", "peso_gramos": 1, "volumen_ml": 1}
	crear := func(miembro string, valor any) malo {
		return malo{login: "admin", metodo: "POST", camino: "/productos", cuerpo: nuevo.con(miembro, valor), status: 422, code: datos, donde: "body." + miembro}
	}
	mover := func(cuerpo compra, status int, code, donde string) malo {
		return malo{login: "admin", metodo: "POST", camino: "/productos/" + e.prod + "/movimientos", cuerpo: cuerpo, status: status, code: code, donde: donde}
	}
	editar := func(si string, cuerpo compra, status int, code string) malo {
		m := malo{login: "admin", metodo: "PATCH", camino: "/productos/" + e.prod, cuerpo: cuerpo, status: status, code: code, cabecera: map[string]string{}}
		if si != "" {
			m.cabecera["If-Match"] = si
		}
		return m
	}
	nada := mover(compra{"cantidad": 1, "motivo": "compra"}, 404, "producto-no-existe", "")
	nada.camino = "/productos/" + nadieEs() + "/movimientos"
	return map[string]malo{
		"product that is free":      crear("precio_centavos", 0),
		"product, price in pesos":   crear("precio_centavos", 12.5),
		"product, unknown IVA":      crear("iva", rechazado),
		"product, unknown field":    crear("sorpresa", rechazado),
		"product without If-Match":  editar("", compra{"precio_centavos": 1}, 428, "falta-if-match"),
		"product, stale If-Match":   editar(`"999"`, compra{"precio_centavos": 1}, 412, "version-vieja"),
		"product, garbage If-Match": editar(rechazado, compra{"precio_centavos": 1}, 412, "version-vieja"),
		"product, weak If-Match":    editar(`W/"1"`, compra{"precio_centavos": 1}, 412, "version-vieja"),
		"product, edited for free":  editar("*", compra{"precio_centavos": -1}, 422, datos),
		"stock of nothing":          mover(compra{"cantidad": 0, "motivo": "m"}, 422, "cantidad-cero", "body.cantidad"),
		"stock, half a unit":        mover(compra{"cantidad": 1.5, "motivo": "m"}, 422, datos, "body.cantidad"),
		"stock, more than there is": mover(compra{"cantidad": -1_000_000, "motivo": "m"}, 409, "stock-insuficiente", ""),
		"stock, far too much":       mover(compra{"cantidad": 1_000_001, "motivo": "m"}, 422, datos, "body.cantidad"),
		"stock, unknown depot":      mover(compra{"cantidad": 1, "motivo": "m", "deposito_id": nadieEs()}, 422, "deposito-desconocido", "body.deposito_id"),
		"stock of no product":       nada,
	}
}

func (e *escena) camionNuevo() compra {
	return compra{"patente": "ZZ999ZZ", "deposito_id": e.deposito("DEP-1"), "peso_max_gramos": 1000, "volumen_max_ml": 1000}
}

func turnoDe(camion string, desde, hasta time.Duration) compra {
	return compra{"camion_id": camion, "inicio": manana.Add(desde * time.Hour), "fin": manana.Add(hasta * time.Hour)}
}

// camionVacio is a truck other than c that nothing is booked in.
func (e *escena) camionVacio(c string) string {
	e.t.Helper()
	usados := map[string]bool{c: true}
	for _, v := range todas[visita](e.sitio, "gestor", "/visitas") {
		usados[v.CamionID] = usados[v.CamionID] || v.Estado == "firme"
	}
	for _, t := range todas[turno](e.sitio, "gestor", "/turnos") {
		if !usados[t.CamionID] {
			return t.CamionID
		}
	}
	e.t.Fatal("every truck is booked")
	return ""
}

func (e *escena) camionDe(patente string) string {
	e.t.Helper()
	for _, c := range todas[struct {
		ID      string `json:"id"`
		Patente string `json:"patente"`
	}](e.sitio, "gestor", "/camiones") {
		if c.Patente == patente {
			return c.ID
		}
	}
	e.t.Fatalf("no truck %s", patente)
	return ""
}

// TestOrderNeedsAnEMail: 422 as long as the profile has none; nothing of it is kept.
func TestOrderNeedsAnEMail(t *testing.T) {
	t.Parallel()
	c := alquilar(t)
	antes, cuerpo := c.foto(), c.comprar("cliente5")
	c.debe("cliente5", "PATCH", "/clientes/yo", map[string]any{"correo": ""}, nil)
	clave := apiclient.ConClave("sin-correo")
	if cod := c.codigo("cliente5", "POST", "/pedidos", cuerpo, clave); cod != "correo-faltante" {
		t.Errorf("without an e-mail: %q", cod)
	}
	if n := len(todas[pedido](c.sitio, "operador", "/pedidos")); n != 0 {
		t.Errorf("%d orders", n)
	}
	c.debe("cliente5", "PATCH", "/clientes/yo", map[string]any{"correo": "lucia@testuser.com"}, nil)
	var r apiclient.Respuesta
	p := c.pedir("cliente5", cuerpo, clave, apiclient.EnRespuesta(&r)) // what was refused is not remembered
	if r.Repetida() {
		t.Error("the refusal was remembered")
	}
	c.esperar("cliente5", p.ID, "confirmado")
	c.cuadrar(antes)
}
