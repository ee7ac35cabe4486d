//go:build !race

package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"despensa/internal/apiclient"
)

// llamado is one POST: where, with what, and what else its key must not be good for.
type llamado struct {
	camino       string
	cuerpo, otro any // otro nil: the operation has no body to differ in
	suyo         any // what another caller sends; nil: the same
}

// ensayo is how the effect of an operation is provoked and counted.
type ensayo struct {
	login   string
	ajenos  map[string]int // who may call it too, and the status of their call with the same key
	prepara func(c *casa, n int) llamado
	efecto  func(c *casa, l llamado) int // over all callers
}

// hecho is a call that had its effect.
type hecho struct {
	llamado
	clave string
	como  contestada
}

// exentos have no key, and say why.
var exentos = map[string]string{
	"cotizar":           "a quote has no effect",
	"recibir-aviso":     "the provider's id is its key",
	"enviar-posiciones": "sensor and secuencia are the key of each position",
	"calcular-ruta":     "a way has no effect",
}

var ensayos = map[string]ensayo{
	"crear-pedido": {"cliente1", map[string]int{"cliente2": 201}, func(c *casa, _ int) llamado {
		return llamado{"/pedidos", c.comprar("cliente1"), c.comprar("cliente1", lineas(linea{c.secos()[1].ID, 3})), c.comprar("cliente2")}
	}, func(c *casa, _ llamado) int { return len(todas[pedido](c.sitio, "operador", "/pedidos")) }},
	"cancelar-pedido": {"cliente1", map[string]int{"operador": 409, "cliente2": 404}, func(c *casa, _ int) llamado {
		p := c.pedir("cliente1", c.comprar("cliente1"))
		c.esperar("cliente1", p.ID, "confirmado")
		return llamado{"/pedidos/" + p.ID + "/cancelacion", cuerpo{"motivo": "uno"}, cuerpo{"motivo": "dos"}, nil}
	}, pasosDe("cancelar")},
	"reintentar-pedido": {"cliente1", map[string]int{"operador": 409, "cliente2": 404}, func(c *casa, _ int) llamado {
		p := c.pedir("cliente1", c.comprar("cliente1", pagando(c.conTarjeta("FUND"))))
		c.esperar("cliente1", p.ID, "fallido")
		return llamado{"/pedidos/" + p.ID + "/reintento", cuerpo{"pago": c.conTarjeta("APRO")}, cuerpo{"pago": c.conTarjeta("APRO")}, nil}
	}, pasosDe("reintentar")},
	"reembolsar-pedido": {"operador", map[string]int{"admin": 201, "maquina": 201}, func(c *casa, _ int) llamado {
		p := c.pedir("cliente1", c.comprar("cliente1"))
		c.entregarlo("cliente1", p.ID)
		return llamado{"/pedidos/" + p.ID + "/reembolsos", cuerpo{"monto_centavos": 100, "motivo": "pan"}, cuerpo{"monto_centavos": 200, "motivo": "pan"}, nil}
	}, func(c *casa, l llamado) int { return len(todas[any](c.sitio, "operador", l.camino)) }},
	"devolver-pedido": {"cliente1", map[string]int{"operador": 201, "maquina": 201, "cliente2": 404}, func(c *casa, _ int) llamado {
		p, a, _ := c.entregado()
		una := []linea{{a.Producto, 1}}
		return llamado{"/pedidos/" + p.ID + "/devoluciones", cuerpo{"lineas": una, "motivo": "roto"}, cuerpo{"lineas": una, "motivo": "abierto"}, nil}
	}, pasosDe("devolucion_pedida")},
	"aceptar-devolucion": {"operador", map[string]int{"admin": 409, "maquina": 409}, func(c *casa, _ int) llamado {
		return llamado{c.porResolver() + "/aceptacion", nil, nil, nil}
	}, pasosDe("devolucion_aceptada")},
	"rechazar-devolucion": {"operador", map[string]int{"admin": 409, "maquina": 409}, func(c *casa, _ int) llamado {
		return llamado{c.porResolver() + "/rechazo", cuerpo{"motivo": "uno"}, cuerpo{"motivo": "dos"}, nil}
	}, pasosDe("devolucion_rechazada")},
	"crear-producto": {"admin", map[string]int{"maquina": 201}, func(_ *casa, n int) llamado {
		p := cuerpo{"nombre": fmt.Sprint("Producto ", n), "categoria": "prueba", "precio_centavos": 100, "iva": "21", "peso_gramos": 1, "volumen_ml": 1}
		return llamado{"/productos", p, p.con("precio_centavos", 200), nil}
	}, func(c *casa, _ llamado) int { return len(todas[producto](c.sitio, "admin", "/productos")) }},
	"mover-stock": {"admin", map[string]int{"maquina": 201}, func(c *casa, _ int) llamado {
		return llamado{"/productos/" + c.secos()[2].ID + "/movimientos", cuerpo{"cantidad": 5, "motivo": "compra"}, cuerpo{"cantidad": 6, "motivo": "compra"}, nil}
	}, func(c *casa, l llamado) int { return int(c.disponible(strings.Split(l.camino, "/")[2])) / 5 }},
	"crear-direccion": {"cliente1", map[string]int{"cliente2": 201}, func(_ *casa, n int) llamado {
		d := cuerpo{"nombre": fmt.Sprint("Casa ", n), "calle": "Gurruchaga 100", "lat": -34.6, "lon": -58.43}
		return llamado{"/clientes/yo/direcciones", d, d.con("calle", "Gurruchaga 200"), nil}
	}, func(c *casa, l llamado) int {
		return len(todas[any](c.sitio, "cliente1", l.camino)) + len(todas[any](c.sitio, "cliente2", l.camino))
	}},
	"crear-deposito": {"gestor", map[string]int{"admin": 201}, func(_ *casa, n int) llamado {
		d := cuerpo{"codigo": fmt.Sprint("Z", n), "nombre": "Depósito", "lat": -34.6, "lon": -58.43}
		return llamado{"/depositos", d, d.con("nombre", "Otro"), d.con("codigo", fmt.Sprint("Y", n))}
	}, contar("/depositos")},
	"crear-camion": {"gestor", map[string]int{"admin": 201}, func(c *casa, n int) llamado {
		k := cuerpo{"patente": fmt.Sprintf("AZ%03dZZ", n), "deposito_id": c.camion().Deposito, "peso_max_gramos": 1000, "volumen_max_ml": 1000}
		return llamado{"/camiones", k, k.con("peso_max_gramos", 2000), k.con("patente", fmt.Sprintf("AY%03dYY", n))}
	}, contar("/camiones")},
	"crear-repartidor": {"gestor", map[string]int{"admin": 201}, func(_ *casa, n int) llamado {
		r := cuerpo{"sujeto": fmt.Sprint("auth0|nuevo-", n), "nombre": "Nadia Sosa"}
		return llamado{"/repartidores", r, r.con("nombre", "Otra"), r.con("sujeto", fmt.Sprint("auth0|otro-", n))}
	}, contar("/repartidores")},
	"crear-turno": {"gestor", map[string]int{"admin": 201}, func(c *casa, n int) llamado {
		inicio := manana.AddDate(0, 0, 30+n)
		k := cuerpo{"camion_id": c.camion().ID, "inicio": inicio, "fin": inicio.Add(4 * 3600e9)}
		return llamado{"/turnos", k, k.con("fin", inicio.Add(5*3600e9)),
			k.con("inicio", inicio.AddDate(0, 0, 9)).con("fin", inicio.AddDate(0, 0, 9).Add(4*3600e9))}
	}, contar("/turnos")},
	"salida": {"gestor", map[string]int{"admin": 409}, func(c *casa, _ int) llamado {
		v := c.firme()
		return llamado{"/camiones/" + v.CamionID + "/salida", cuerpo{"turno_id": v.TurnoID}, cuerpo{}, nil}
	}, contar("/turnos?estado=salio")},
	"llegada": {"gestor", map[string]int{"admin": 409}, func(c *casa, _ int) llamado { return llamado{"/visitas/" + c.enCamino() + "/llegada", nil, nil, nil} },
		func(c *casa, _ llamado) (n int) {
			for _, v := range todas[map[string]any](c.sitio, "gestor", "/visitas") {
				if v["llegada"] != nil {
					n++
				}
			}
			return n
		}},
	"entrega": {"gestor", map[string]int{"admin": 409}, func(c *casa, _ int) llamado { return llamado{"/visitas/" + c.enCamino() + "/entrega", nil, nil, nil} },
		contar("/visitas?estado=entregada")},
	"fallo": {"gestor", map[string]int{"admin": 409}, func(c *casa, _ int) llamado {
		return llamado{"/visitas/" + c.enCamino() + "/fallo", cuerpo{"motivo": "nadie"}, cuerpo{"motivo": "perro"}, nil}
	}, contar("/visitas?estado=fallida")},
}

// cuerpo is a JSON body.
type cuerpo map[string]any

func (k cuerpo) con(miembro string, valor any) cuerpo {
	otro := cuerpo{miembro: valor}
	for m, v := range k {
		if m != miembro {
			otro[m] = v
		}
	}
	return otro
}

func contar(camino string) func(*casa, llamado) int {
	return func(c *casa, _ llamado) int { return len(todas[any](c.sitio, "gestor", camino)) }
}

// pasosDe counts the steps of one kind in the history of the order that a path names.
func pasosDe(tipo string) func(*casa, llamado) int {
	return func(c *casa, l llamado) (n int) {
		for _, e := range c.historia("operador", strings.Split(l.camino, "/")[2]) {
			if e.Tipo == tipo {
				n++
			}
		}
		return n
	}
}

// porResolver is the path of a return that waits for an operator.
func (s *sitio) porResolver() string {
	s.t.Helper()
	p, a, _ := s.entregado()
	return "/pedidos/" + p.ID + "/devoluciones/" + s.devolver("cliente1", p.ID, []linea{a}).ID
}

type camion struct {
	ID       string `json:"id"`
	Deposito string `json:"deposito_id"`
}

func (s *sitio) camion() camion {
	s.t.Helper()
	return todas[camion](s, "gestor", "/camiones")[0]
}

// firme is the visit of an order that waits for its truck to leave.
func (s *sitio) firme() visita {
	s.t.Helper()
	p := s.pedir("cliente3", s.comprar("cliente3"))
	s.esperar("cliente3", p.ID, "confirmado")
	return s.visitaDe(p.ID)
}

// enCamino is the id of a visit whose truck has left.
func (s *sitio) enCamino() string {
	s.t.Helper()
	v := s.firme()
	s.salir(v)
	return v.ID
}

// contestada is what a POST came to.
type contestada struct {
	status    int
	repetida  bool
	id, lugar string
	codigo    string
}

// misma reports whether two calls made one thing.
func (x contestada) misma(y contestada) bool {
	return x.status == y.status && x.id == y.id && x.lugar == y.lugar
}

func (s *sitio) contestar(login string, l llamado, clave string) contestada {
	var r apiclient.Respuesta
	var cosa struct {
		ID string `json:"id"`
	}
	err := s.como(login).Hacer(s.t.Context(), http.MethodPost, l.camino, l.cuerpo, &cosa, apiclient.ConClave(clave), apiclient.EnRespuesta(&r))
	if err != nil && apiclient.Codigo(err) == "" {
		s.t.Errorf("POST %s: %v", l.camino, err)
	}
	return contestada{r.Status, r.Repetida(), cosa.ID, r.Cabecera.Get("Location"), apiclient.Codigo(err)}
}

// TestEveryPOSTOnce takes every POST of the OpenAPI document.
func TestEveryPOSTOnce(t *testing.T) {
	t.Parallel()
	c := alquilar(t)
	c.fichas["maquina"] = apiclient.New(c.url, apiclient.Fijo(c.maquina()), c.http)
	ops := operacionesPOST(c.sitio)
	for op := range exentos {
		if _, hay := ops[op]; !hay {
			t.Errorf("%s is exempt, and not in the document", op)
		}
	}
	hechos := map[string][]hecho{}
	for op, conClave := range ops {
		e, hay := ensayos[op]
		switch {
		case !hay && exentos[op] == "":
			t.Errorf("%s: nobody says how its effect is counted", op)
		case hay != conClave:
			t.Errorf("%s: the document takes a key: %v", op, conClave)
		case hay:
			t.Run(op, func(t *testing.T) { hechos[op] = e.unaVez(t, c, op) })
		}
	}
	if len(hechos) != len(ensayos) {
		t.Errorf("%d operations of %d are in the document", len(hechos), len(ensayos))
	}
	c.cuadrar(nil)
	cuantos := map[string]int{}
	for op, hs := range hechos {
		cuantos[op] = ensayos[op].efecto(c, hs[0].llamado)
	}
	c.reabrir()
	for op, hs := range hechos {
		t.Run(op+" after a restart", func(t *testing.T) { ensayos[op].otraVez(t, c, hs, cuantos[op]) })
	}
	c.cuadrar(nil)
}

// unaVez makes an operation happen, and tries in vain to make it happen again.
func (e ensayo) unaVez(t *testing.T, c *casa, op string) []hecho {
	h := hecho{llamado: e.prepara(c, 1), clave: op}
	antes := e.efecto(c, h.llamado)
	h.como = c.contestar(e.login, h.llamado, op)
	if h.como.status >= 300 || h.como.repetida {
		t.Fatalf("first: %+v", h.como)
	}
	if segunda := c.contestar(e.login, h.llamado, op); !segunda.misma(h.como) || !segunda.repetida {
		t.Errorf("first %+v, again %+v", h.como, segunda)
	}
	e.cuenta(t, c, h.llamado, antes+1)
	e.conOtroCuerpo(t, c, h)
	e.ajena(t, c, h)
	return []hecho{h, e.muchas(t, c, op)}
}

// conOtroCuerpo is refused, and changes nothing.
func (e ensayo) conOtroCuerpo(t *testing.T, c *casa, h hecho) {
	if h.otro == nil {
		return
	}
	antes := e.efecto(c, h.llamado)
	if r := c.contestar(e.login, llamado{camino: h.camino, cuerpo: h.otro}, h.clave); r.status != 422 || r.codigo != "clave-reutilizada" {
		t.Errorf("with another body: %+v", r)
	}
	e.cuenta(t, c, h.llamado, antes)
}

// ajena: the key of one caller says nothing about another's: theirs is an effect, or a refusal, of its own.
func (e ensayo) ajena(t *testing.T, c *casa, h hecho) {
	l := h.llamado
	if l.suyo != nil {
		l.cuerpo = l.suyo
	}
	for login, status := range e.ajenos {
		antes := e.efecto(c, l)
		r := c.contestar(login, l, h.clave)
		if r.status != status || r.repetida {
			t.Errorf("%s with the same key: %+v, want %d", login, r, status)
		}
		if status < 300 {
			antes++
			if r.id == h.como.id {
				t.Errorf("%s was given what is another's: %+v", login, r)
			}
		}
		e.cuenta(t, c, l, antes)
	}
}

// otraVez: no call that was answered before a restart has another effect after it.
func (e ensayo) otraVez(t *testing.T, c *casa, hs []hecho, n int) {
	for _, h := range hs {
		if r := c.contestar(e.login, h.llamado, h.clave); !r.misma(h.como) || !r.repetida {
			t.Errorf("before %+v, now %+v", h.como, r)
		}
		e.conOtroCuerpo(t, c, h)
	}
	if hay := e.efecto(c, hs[0].llamado); hay != n {
		t.Errorf("%d effects, %d before", hay, n)
	}
}

// cuenta waits for n effects: some come behind the answer.
func (e ensayo) cuenta(t *testing.T, c *casa, l llamado, n int) {
	t.Helper()
	hay := 0
	if err := hasta(t.Context(), func() bool { hay = e.efecto(c, l); return hay >= n }); err != nil || hay != n {
		t.Errorf("%d effects, want %d", hay, n)
	}
}

// muchas sends one call sixteen times at once.
func (e ensayo) muchas(t *testing.T, c *casa, op string) hecho {
	h := hecho{llamado: e.prepara(c, 2), clave: op + "-16"}
	antes := e.efecto(c, h.llamado)
	c.como(e.login) // all have its token
	rs := juntos(16, func(int) contestada { return c.contestar(e.login, h.llamado, h.clave) })
	h.como = rs[0]
	nuevas := 0
	for _, r := range rs {
		if r.status >= 300 || !r.misma(rs[0]) {
			t.Errorf("sixteen at once: %+v and %+v", rs[0], r)
		}
		if !r.repetida {
			nuevas++
		}
	}
	if nuevas != 1 {
		t.Errorf("sixteen at once: %d answers are not marked as repeated", nuevas)
	}
	e.cuenta(t, c, h.llamado, antes+1)
	return h
}

// operacionesPOST reads all POSTs from the OpenAPI document: their ids, and whether they
// take an Idempotency-Key.
func operacionesPOST(s *sitio) map[string]bool {
	s.t.Helper()
	type operacion struct {
		ID         string `json:"operationId"`
		Parameters []struct {
			Name string `json:"name"`
		} `json:"parameters"`
	}
	var doc struct {
		Paths map[string]struct {
			Post *operacion `json:"post"`
		} `json:"paths"`
	}
	if err := s.nadie().Hacer(s.t.Context(), http.MethodGet, "/openapi.json", nil, &doc); err != nil {
		s.t.Fatal(err)
	}
	ops := map[string]bool{}
	for _, x := range doc.Paths {
		if x.Post == nil {
			continue
		}
		ops[x.Post.ID] = false
		for _, p := range x.Post.Parameters {
			ops[x.Post.ID] = ops[x.Post.ID] || p.Name == "Idempotency-Key"
		}
	}
	return ops
}
