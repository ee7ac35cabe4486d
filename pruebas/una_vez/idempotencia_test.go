package una_vez_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"despensa/internal/apiclient"
	"despensa/pruebas/kit"
)

// llamado is one POST: its path, its body, and other bodies that must not pass under its key.
type llamado struct {
	camino       string
	cuerpo, otro any // otro is nil where the operation has no body to differ in
	suyo         any // the body that another caller sends; nil: the same
}

// ensayo is an operation under test: the caller, the call, and the count of its effects.
type ensayo struct {
	login   string
	ajenos  map[string]int // logins that may call it too, and the status of their call with the same key
	prepara func(c *kit.Program, n int) llamado
	efecto  func(c *kit.Program, l llamado) int // number of effects, over all callers
}

// hecho is a call that had its effect.
type hecho struct {
	llamado
	clave string
	como  contestada
}

// exentos are the operations without a key, with the reason.
var exentos = map[string]string{
	"cotizar":           "a quote has no effect",
	"recibir-aviso":     "the provider's id is its key",
	"enviar-posiciones": "sensor, secuencia and en are the key of each position",
	"calcular-ruta":     "a way has no effect",
}

var ensayos = map[string]ensayo{
	"crear-pedido": {
		login: "cliente1", ajenos: map[string]int{"cliente2": 201},
		prepara: func(c *kit.Program, _ int) llamado {
			return llamado{
				camino: "/pedidos",
				cuerpo: c.NewPurchase("cliente1"),
				otro: c.NewPurchase(
					"cliente1",
					kit.Lines(kit.Line{Producto: c.DryProducts()[1].ID, Cantidad: 3}),
				),
				suyo: c.NewPurchase("cliente2"),
			}
		},
		efecto: func(c *kit.Program, _ llamado) int { return len(kit.All[kit.Order](c.Client, "operador", "/pedidos")) },
	},
	"cancelar-pedido": {
		login: "cliente1", ajenos: map[string]int{"operador": 409, "cliente2": 404},
		prepara: func(c *kit.Program, _ int) llamado {
			p := c.Order("cliente1", c.NewPurchase("cliente1"))
			c.Await("cliente1", p.ID, "confirmado")
			return llamado{
				camino: "/pedidos/" + p.ID + "/cancelacion",
				cuerpo: kit.Body{"motivo": "uno"},
				otro:   kit.Body{"motivo": "dos"},
			}
		},
		efecto: pasosDe("cancelar"),
	},
	"reintentar-pedido": {
		login: "cliente1", ajenos: map[string]int{"operador": 409, "cliente2": 404},
		prepara: func(c *kit.Program, _ int) llamado {
			p := c.Order(
				"cliente1",
				c.NewPurchase("cliente1", kit.PayingWith(c.WithCard("FUND"))),
			)
			c.Await("cliente1", p.ID, "fallido")
			return llamado{
				camino: "/pedidos/" + p.ID + "/reintento",
				cuerpo: kit.Body{"pago": c.WithCard("APRO")},
				otro:   kit.Body{"pago": c.WithCard("APRO")},
			}
		},
		efecto: pasosDe("reintentar"),
	},
	"reembolsar-pedido": {
		login: "operador", ajenos: map[string]int{"admin": 201, "maquina": 201},
		prepara: func(c *kit.Program, _ int) llamado {
			p := c.Order("cliente1", c.NewPurchase("cliente1"))
			c.Deliver("cliente1", p.ID)
			return llamado{
				camino: "/pedidos/" + p.ID + "/reembolsos",
				cuerpo: kit.Body{"monto_centavos": 100,
					"motivo": "pan"},
				otro: kit.Body{"monto_centavos": 200, "motivo": "pan"},
			}
		},
		efecto: func(c *kit.Program, l llamado) int { return len(kit.All[any](c.Client, "operador", l.camino)) },
	},
	"devolver-pedido": {
		login: "cliente1", ajenos: map[string]int{"operador": 201, "maquina": 201, "cliente2": 404},
		prepara: func(c *kit.Program, _ int) llamado {
			p, a, _ := c.Delivered()
			una := []kit.Line{{Producto: a.Producto, Cantidad: 1}}
			return llamado{
				camino: "/pedidos/" + p.ID + "/devoluciones",
				cuerpo: kit.Body{"lineas": una, "motivo": "roto"},
				otro:   kit.Body{"lineas": una, "motivo": "abierto"},
			}
		},
		efecto: pasosDe("devolucion_pedida"),
	},
	"aceptar-devolucion": {
		login: "operador", ajenos: map[string]int{"admin": 409, "maquina": 409},
		prepara: func(c *kit.Program, _ int) llamado {
			return llamado{camino: porResolver(c.Client) + "/aceptacion"}
		},
		efecto: pasosDe("devolucion_aceptada"),
	},
	"rechazar-devolucion": {
		login: "operador", ajenos: map[string]int{"admin": 409, "maquina": 409},
		prepara: func(c *kit.Program, _ int) llamado {
			return llamado{
				camino: porResolver(c.Client) + "/rechazo",
				cuerpo: kit.Body{"motivo": "uno"},
				otro:   kit.Body{"motivo": "dos"},
			}
		},
		efecto: pasosDe("devolucion_rechazada"),
	},
	"crear-producto": {
		login: "admin", ajenos: map[string]int{"maquina": 201},
		prepara: func(_ *kit.Program, n int) llamado {
			p := kit.Body{
				"nombre":          fmt.Sprint("Producto ", n),
				"categoria":       "prueba",
				"precio_centavos": 100,
				"iva":             "21",
				"peso_gramos":     1,
				"volumen_ml":      1,
			}
			return llamado{
				camino: "/productos",
				cuerpo: p,
				otro:   p.With("precio_centavos", 200),
			}
		},
		efecto: func(c *kit.Program, _ llamado) int {
			return len(kit.All[kit.Product](c.Client, "admin", "/productos"))
		},
	},
	"mover-stock": {
		login: "admin", ajenos: map[string]int{"maquina": 201},
		prepara: func(c *kit.Program, _ int) llamado {
			return llamado{camino: "/productos/" + c.DryProducts()[2].ID + "/movimientos",
				cuerpo: kit.Body{
					"cantidad": 5,
					"motivo":   "compra",
				}, otro: kit.Body{"cantidad": 6, "motivo": "compra"}}
		},
		efecto: func(c *kit.Program, l llamado) int { return int(c.Available(strings.Split(l.camino, "/")[2])) / 5 },
	},
	"crear-direccion": {
		login: "cliente1", ajenos: map[string]int{"cliente2": 201},
		prepara: func(_ *kit.Program, n int) llamado {
			d := kit.Body{
				"nombre": fmt.Sprint("Casa ", n),
				"calle":  "Gurruchaga 100",
				"lat":    -34.6,
				"lon":    -58.43,
			}
			return llamado{
				camino: "/clientes/yo/direcciones",
				cuerpo: d,
				otro:   d.With("calle", "Gurruchaga 200"),
			}
		},
		efecto: func(c *kit.Program, l llamado) int {
			return len(
				kit.All[any](c.Client, "cliente1", l.camino),
			) + len(kit.All[any](c.Client, "cliente2", l.camino))
		},
	},
	"crear-deposito": {
		login: "gestor", ajenos: map[string]int{"admin": 201},
		prepara: func(_ *kit.Program, n int) llamado {
			d := kit.Body{
				"codigo": fmt.Sprint("Z", n),
				"nombre": "Depósito",
				"lat":    -34.6,
				"lon":    -58.43,
			}
			return llamado{camino: "/depositos", cuerpo: d, otro: d.With("nombre", "Otro"),
				suyo: d.With("codigo", fmt.Sprint("Y", n))}
		},
		efecto: contar("/depositos"),
	},
	"crear-camion": {
		login: "gestor", ajenos: map[string]int{"admin": 201},
		prepara: func(c *kit.Program, n int) llamado {
			k := kit.Body{
				"patente":         fmt.Sprintf("AZ%03dZZ", n),
				"deposito_id":     camion(c.Client).Deposito,
				"peso_max_gramos": 1000,
				"volumen_max_ml":  1000,
			}
			return llamado{
				camino: "/camiones",
				cuerpo: k,
				otro:   k.With("peso_max_gramos", 2000),
				suyo:   k.With("patente", fmt.Sprintf("AY%03dYY", n)),
			}
		},
		efecto: contar("/camiones"),
	},
	"crear-repartidor": {
		login: "gestor", ajenos: map[string]int{"admin": 201},
		prepara: func(_ *kit.Program, n int) llamado {
			r := kit.Body{"sujeto": fmt.Sprint("auth0|nuevo-", n), "nombre": "Nadia Sosa"}
			return llamado{camino: "/repartidores", cuerpo: r, otro: r.With("nombre", "Otra"),
				suyo: r.With("sujeto", fmt.Sprint("auth0|otro-", n))}
		},
		efecto: contar("/repartidores"),
	},
	"crear-turno": {
		login: "gestor", ajenos: map[string]int{"admin": 201},
		prepara: func(c *kit.Program, n int) llamado {
			inicio := kit.Morning.AddDate(0, 0, 30+n)
			k := kit.Body{
				"camion_id": camion(c.Client).ID,
				"inicio":    inicio,
				"fin":       inicio.Add(4 * 3600e9),
			}
			return llamado{
				camino: "/turnos",
				cuerpo: k,
				otro:   k.With("fin", inicio.Add(5*3600e9)),
				suyo: k.With("inicio", inicio.AddDate(0, 0, 9)).
					With("fin", inicio.AddDate(0, 0, 9).Add(4*3600e9)),
			}
		},
		efecto: contar("/turnos"),
	},
	"salida": {
		login: "gestor", ajenos: map[string]int{"admin": 409},
		prepara: func(c *kit.Program, _ int) llamado {
			v := firme(c.Client)
			return llamado{
				camino: "/camiones/" + v.CamionID + "/salida",
				cuerpo: kit.Body{"turno_id": v.TurnoID},
				otro:   kit.Body{},
			}
		},
		efecto: contar("/turnos?estado=salio"),
	},
	"regreso": {
		login: "gestor",
		prepara: func(c *kit.Program, _ int) llamado {
			v := firme(c.Client)
			c.Depart(v)
			return llamado{camino: "/camiones/" + v.CamionID + "/regreso"}
		},
		efecto: func(c *kit.Program, l llamado) int {
			vueltas := map[any]bool{} // shifts with a run that was ended early
			for _, v := range kit.All[map[string]any](c.Client, "gestor",
				"/visitas?estado=fallida&camion_id="+strings.Split(l.camino, "/")[2]) {
				if v["motivo"] == "camion-de-regreso" {
					vueltas[v["turno_id"]] = true
				}
			}
			return len(vueltas)
		},
	},
	"llegada": {
		login: "gestor", ajenos: map[string]int{"admin": 409},
		prepara: func(c *kit.Program, _ int) llamado {
			return llamado{camino: "/visitas/" + enCamino(c.Client) + "/llegada"}
		},
		efecto: func(c *kit.Program, _ llamado) (n int) {
			for _, v := range kit.All[map[string]any](c.Client, "gestor", "/visitas") {
				if v["llegada"] != nil {
					n++
				}
			}
			return n
		}},
	"entrega": {
		login: "gestor", ajenos: map[string]int{"admin": 409},
		prepara: func(c *kit.Program, _ int) llamado {
			return llamado{camino: "/visitas/" + enCamino(c.Client) + "/entrega"}
		},
		efecto: contar("/visitas?estado=entregada")},
	"fallo": {
		login: "gestor", ajenos: map[string]int{"admin": 409},
		prepara: func(c *kit.Program, _ int) llamado {
			return llamado{
				camino: "/visitas/" + enCamino(c.Client) + "/fallo",
				cuerpo: kit.Body{"motivo": "nadie"},
				otro:   kit.Body{"motivo": "perro"},
			}
		},
		efecto: contar("/visitas?estado=fallida"),
	},
}

func contar(camino string) func(*kit.Program, llamado) int {
	return func(c *kit.Program, _ llamado) int { return len(kit.All[any](c.Client, "gestor", camino)) }
}

// pasosDe counts the steps of one kind in the history of the order that a path names.
func pasosDe(tipo string) func(*kit.Program, llamado) int {
	return func(c *kit.Program, l llamado) (n int) {
		for _, e := range c.History("operador", strings.Split(l.camino, "/")[2]) {
			if e.Tipo == tipo {
				n++
			}
		}
		return n
	}
}

// porResolver is the path of a return that waits for an operator.
func porResolver(client *kit.Client) string {
	client.T.Helper()
	p, a, _ := client.Delivered()
	return "/pedidos/" + p.ID + "/devoluciones/" + client.Return(
		"cliente1",
		p.ID,
		[]kit.Line{a},
	).ID
}

func camion(client *kit.Client) kit.Truck {
	client.T.Helper()
	return kit.All[kit.Truck](client, "gestor", "/camiones")[0]
}

// firme is the visit of an order that waits for its truck to leave.
func firme(client *kit.Client) kit.Visit {
	client.T.Helper()
	p := client.Order("cliente3", client.NewPurchase("cliente3"))
	client.Await("cliente3", p.ID, "confirmado")
	v := client.VisitOf(p.ID)
	client.Recall(v.CamionID)
	return v
}

// enCamino is the id of a visit on a truck that has left.
func enCamino(client *kit.Client) string {
	client.T.Helper()
	v := firme(client)
	client.Depart(v)
	return v.ID
}

// contestada is the answer to a POST.
type contestada struct {
	status    int
	repetida  bool
	id, lugar string
	codigo    string
}

// misma reports whether two calls made the same object.
func (x contestada) misma(contestada contestada) bool {
	return x.status == contestada.status && x.id == contestada.id && x.lugar == contestada.lugar
}

func contestar(client *kit.Client, login string, llamado llamado, clave string) contestada {
	var r apiclient.Response
	var cosa struct {
		ID string `json:"id"`
	}
	err := client.As(login).
		Do(client.T.Context(), http.MethodPost, llamado.camino, llamado.cuerpo, &cosa, apiclient.WithKey(clave),
			apiclient.IntoResponse(&r))
	if err != nil && apiclient.Code(err) == "" {
		client.T.Errorf("POST %s: %v", llamado.camino, err)
	}
	return contestada{
		status:   r.Status,
		repetida: r.Repeated(),
		id:       cosa.ID,
		lugar:    r.Header.Get("Location"),
		codigo:   apiclient.Code(err),
	}
}

// TestEveryPOSTOnce makes every POST of the OpenAPI document, and repeats it under its key.
func TestEveryPOSTOnce(t *testing.T) {
	t.Parallel()
	c := kit.Start(t)
	c.Clients["maquina"] = apiclient.New(c.URL, apiclient.Fixed(c.Machine()), c.HTTP)
	ops := operacionesPOST(c.Client)
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
	c.Reconcile(nil)
	cuantos := map[string]int{}
	for op, hs := range hechos {
		cuantos[op] = ensayos[op].efecto(c, hs[0].llamado)
	}
	c.Reopen()
	for op, hs := range hechos {
		t.Run(
			op+" after a restart",
			func(t *testing.T) { ensayos[op].otraVez(t, c, hs, cuantos[op]) },
		)
	}
	c.Reconcile(nil)
}

// unaVez makes an operation happen, and tries in vain to make it happen again.
func (e ensayo) unaVez(t *testing.T, program *kit.Program, op string) []hecho {
	h := hecho{llamado: e.prepara(program, 1), clave: op}
	antes := e.efecto(program, h.llamado)
	h.como = contestar(program.Client, e.login, h.llamado, op)
	if h.como.status >= 300 || h.como.repetida {
		t.Fatalf("first: %+v", h.como)
	}
	if segunda := contestar(program.Client, e.login, h.llamado, op); !segunda.misma(h.como) ||
		!segunda.repetida {
		t.Errorf("first %+v, again %+v", h.como, segunda)
	}
	e.cuenta(t, program, h.llamado, antes+1)
	e.conOtroCuerpo(t, program, h)
	e.ajena(t, program, h)
	return []hecho{h, e.muchas(t, program, op)}
}

// conOtroCuerpo sends another body under a used key: it is refused and changes nothing.
func (e ensayo) conOtroCuerpo(t *testing.T, program *kit.Program, hecho hecho) {
	if hecho.otro == nil {
		return
	}
	antes := e.efecto(program, hecho.llamado)
	otro := llamado{camino: hecho.camino, cuerpo: hecho.otro}
	r := contestar(program.Client, e.login, otro, hecho.clave)
	if r.status != 422 || r.codigo != "clave-reutilizada" {
		t.Errorf("with another body: %+v", r)
	}
	e.cuenta(t, program, hecho.llamado, antes)
}

// ajena sends one caller's key as another caller: that call has an effect, or a refusal, of its own.
func (e ensayo) ajena(t *testing.T, program *kit.Program, hecho hecho) {
	l := hecho.llamado
	if l.suyo != nil {
		l.cuerpo = l.suyo
	}
	for login, status := range e.ajenos {
		antes := e.efecto(program, l)
		r := contestar(program.Client, login, l, hecho.clave)
		if r.status != status || r.repetida {
			t.Errorf("%s with the same key: %+v, want %d", login, r, status)
		}
		if status < 300 {
			antes++
			if r.id == hecho.como.id {
				t.Errorf("%s was given what is another's: %+v", login, r)
			}
		}
		e.cuenta(t, program, l, antes)
	}
}

// otraVez: no call that was answered before a restart has another effect after the restart.
func (e ensayo) otraVez(t *testing.T, program *kit.Program, hechos []hecho, n int) {
	for _, h := range hechos {
		if r := contestar(program.Client, e.login, h.llamado, h.clave); !r.misma(h.como) ||
			!r.repetida {
			t.Errorf("before %+v, now %+v", h.como, r)
		}
		e.conOtroCuerpo(t, program, h)
	}
	if hay := e.efecto(program, hechos[0].llamado); hay != n {
		t.Errorf("%d effects, %d before", hay, n)
	}
}

// cuenta waits for n effects, because some take place after the answer.
func (e ensayo) cuenta(t *testing.T, program *kit.Program, llamado llamado, n int) {
	t.Helper()
	hay := 0
	if err := kit.Until(t.Context(), func() bool { hay = e.efecto(program, llamado); return hay >= n }); err != nil ||
		hay != n {
		t.Errorf("%d effects, want %d", hay, n)
	}
}

// muchas sends one call sixteen times at once.
func (e ensayo) muchas(t *testing.T, program *kit.Program, op string) hecho {
	h := hecho{llamado: e.prepara(program, 2), clave: op + "-16"}
	antes := e.efecto(program, h.llamado)
	program.As(e.login) // all sixteen calls share its token
	rs := kit.Together(
		16,
		func(int) contestada { return contestar(program.Client, e.login, h.llamado, h.clave) },
	)
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
	e.cuenta(t, program, h.llamado, antes+1)
	return h
}

// operacionesPOST reads all POSTs from the OpenAPI document: their ids, and whether they
// take an Idempotency-Key.
func operacionesPOST(client *kit.Client) map[string]bool {
	client.T.Helper()
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
	if err := client.Anonymous().Do(client.T.Context(), http.MethodGet, "/openapi.json", nil, &doc); err != nil {
		client.T.Fatal(err)
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
