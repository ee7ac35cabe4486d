//go:build !race

package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"despensa/platform/apiclient"
)

// llamado is one POST: where, with what, and what else its key must not be good for.
type llamado struct {
	camino       string
	cuerpo, otro any // otro nil: the operation has no body to differ in
}

// ensayo is how the effect of an operation is provoked and counted.
type ensayo struct {
	login, ajeno string // ajeno may call it too
	prepara      func(c *casa, n int) llamado
	efecto       func(c *casa, l llamado) int
}

// exentos have no key, and say why.
var exentos = map[string]string{
	"cotizar":       "a quote has no effect",
	"recibir-aviso": "the provider's id is its key",
}

var ensayos = map[string]ensayo{
	"crear-pedido": {"cliente1", "cliente2", func(c *casa, n int) llamado {
		return llamado{"/pedidos", c.comprar("cliente1"), c.comprar("cliente1", lineas(linea{c.secos()[1].ID, 3}))}
	}, func(c *casa, _ llamado) int { return len(todas[pedido](c.sitio, "cliente1", "/pedidos")) }},
	"cancelar-pedido": {"cliente1", "operador", func(c *casa, _ int) llamado {
		p := c.pedir("cliente1", c.comprar("cliente1"))
		c.esperar("cliente1", p.ID, "confirmado")
		return llamado{"/pedidos/" + p.ID + "/cancelacion", cuerpo{"motivo": "uno"}, cuerpo{"motivo": "dos"}}
	}, pasosDe("cancelar")},
	"reintentar-pedido": {"cliente1", "operador", func(c *casa, _ int) llamado {
		p := c.pedir("cliente1", c.comprar("cliente1", pagando(c.conTarjeta("FUND"))))
		c.esperar("cliente1", p.ID, "fallido")
		return llamado{"/pedidos/" + p.ID + "/reintento", cuerpo{"pago": c.conTarjeta("APRO")}, cuerpo{"pago": c.conTarjeta("APRO")}}
	}, pasosDe("reintentar")},
	"reembolsar-pedido": {"operador", "admin", func(c *casa, _ int) llamado {
		p := c.pedir("cliente1", c.comprar("cliente1"))
		c.esperar("cliente1", p.ID, "confirmado")
		return llamado{"/pedidos/" + p.ID + "/reembolsos", cuerpo{"monto_centavos": 100, "motivo": "pan"}, cuerpo{"monto_centavos": 200, "motivo": "pan"}}
	}, func(c *casa, l llamado) int { return len(todas[any](c.sitio, "operador", l.camino)) }},
	"crear-producto": {"admin", "", func(_ *casa, n int) llamado {
		p := cuerpo{"nombre": fmt.Sprint("Producto ", n), "categoria": "prueba", "precio_centavos": 100, "iva": "21", "peso_gramos": 1, "volumen_ml": 1}
		return llamado{"/productos", p, p.con("precio_centavos", 200)}
	}, func(c *casa, _ llamado) int { return len(todas[producto](c.sitio, "admin", "/productos")) }},
	"mover-stock": {"admin", "", func(c *casa, _ int) llamado {
		return llamado{"/productos/" + c.secos()[2].ID + "/movimientos", cuerpo{"cantidad": 5, "motivo": "compra"}, cuerpo{"cantidad": 6, "motivo": "compra"}}
	}, func(c *casa, _ llamado) int { return int(c.disponible(c.secos()[2].ID)) / 5 }},
	"crear-direccion": {"cliente1", "cliente2", func(_ *casa, n int) llamado {
		d := cuerpo{"nombre": fmt.Sprint("Casa ", n), "calle": "Gurruchaga 100", "lat": -34.6, "lon": -58.43}
		return llamado{"/clientes/yo/direcciones", d, d.con("calle", "Gurruchaga 200")}
	}, func(c *casa, l llamado) int { return len(todas[any](c.sitio, "cliente1", l.camino)) }},
	"crear-deposito": {"gestor", "admin", func(_ *casa, n int) llamado {
		d := cuerpo{"codigo": fmt.Sprint("Z", n), "nombre": "Depósito", "lat": -34.6, "lon": -58.43}
		return llamado{"/depositos", d, d.con("nombre", "Otro")}
	}, contar("/depositos")},
	"crear-camion": {"gestor", "admin", func(c *casa, n int) llamado {
		k := cuerpo{"patente": fmt.Sprintf("AZ%03dZZ", n), "deposito_id": c.camion().Deposito, "peso_max_gramos": 1000, "volumen_max_ml": 1000}
		return llamado{"/camiones", k, k.con("peso_max_gramos", 2000)}
	}, contar("/camiones")},
	"crear-turno": {"gestor", "admin", func(c *casa, n int) llamado {
		inicio := manana.AddDate(0, 0, 30+n)
		k := cuerpo{"camion_id": c.camion().ID, "inicio": inicio, "fin": inicio.Add(4 * 3600e9)}
		return llamado{"/turnos", k, k.con("fin", inicio.Add(5*3600e9))}
	}, contar("/turnos")},
	"salida": {"gestor", "admin", func(c *casa, _ int) llamado {
		v := c.firme()
		return llamado{"/camiones/" + v.CamionID + "/salida", cuerpo{"turno_id": v.TurnoID}, cuerpo{}}
	}, contar("/turnos?estado=salio")},
	"llegada": {"gestor", "admin", func(c *casa, _ int) llamado { return llamado{"/visitas/" + c.enCamino() + "/llegada", nil, nil} },
		func(c *casa, _ llamado) (n int) {
			for _, v := range todas[map[string]any](c.sitio, "gestor", "/visitas") {
				if v["llegada"] != nil {
					n++
				}
			}
			return n
		}},
	"entrega": {"gestor", "admin", func(c *casa, _ int) llamado { return llamado{"/visitas/" + c.enCamino() + "/entrega", nil, nil} },
		contar("/visitas?estado=entregada")},
	"fallo": {"gestor", "admin", func(c *casa, _ int) llamado {
		return llamado{"/visitas/" + c.enCamino() + "/fallo", cuerpo{"motivo": "nadie"}, cuerpo{"motivo": "perro"}}
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
	status   int
	repetida bool
	id       string
	codigo   string
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
	return contestada{r.Status, r.Repetida(), cosa.ID, apiclient.Codigo(err)}
}

// TestEveryPOSTOnce takes every POST of the OpenAPI document.
func TestEveryPOSTOnce(t *testing.T) {
	t.Parallel()
	c := alquilar(t)
	hechos := map[string]llamado{}
	for _, op := range operacionesPOST(c.sitio) {
		e, hay := ensayos[op]
		switch {
		case !hay && exentos[op] == "":
			t.Errorf("%s: nobody says how its effect is counted", op)
		case hay:
			t.Run(op, func(t *testing.T) { hechos[op] = e.unaVez(t, c, op) })
		}
	}
	if len(hechos) != len(ensayos) {
		t.Errorf("%d operations of %d are in the document", len(hechos), len(ensayos))
	}
	cuantos := map[string]int{}
	for op, l := range hechos {
		cuantos[op] = ensayos[op].efecto(c, l)
	}
	c.reabrir()
	for op, l := range hechos {
		t.Run(op+" after a restart", func(t *testing.T) {
			if r := c.contestar(ensayos[op].login, l, op); !r.repetida || r.status >= 300 {
				t.Errorf("%+v", r)
			}
			if n := ensayos[op].efecto(c, l); n != cuantos[op] {
				t.Errorf("%d effects, %d before", n, cuantos[op])
			}
		})
	}
}

// unaVez makes an operation happen, and tries in vain to make it happen again.
func (e ensayo) unaVez(t *testing.T, c *casa, op string) llamado {
	l := e.prepara(c, 1)
	antes := e.efecto(c, l)
	primera, segunda := c.contestar(e.login, l, op), c.contestar(e.login, l, op)
	if primera.status >= 300 || primera.repetida {
		t.Fatalf("first: %+v", primera)
	}
	if segunda.status != primera.status || segunda.id != primera.id || !segunda.repetida {
		t.Errorf("first %+v, again %+v", primera, segunda)
	}
	e.cuenta(t, c, l, antes+1)
	if l.otro != nil {
		if r := c.contestar(e.login, llamado{l.camino, l.otro, nil}, op); r.status != 422 || r.codigo != "clave-reutilizada" {
			t.Errorf("with another body: %+v", r)
		}
		e.cuenta(t, c, l, antes+1)
	}
	e.muchas(t, c, op)
	if e.ajeno != "" {
		if r := c.contestar(e.ajeno, l, op); r.repetida || r.status >= 500 {
			t.Errorf("another caller: %+v", r)
		}
	}
	return l
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
func (e ensayo) muchas(t *testing.T, c *casa, op string) {
	l := e.prepara(c, 2)
	antes := e.efecto(c, l)
	var ids sync.Map
	var nuevas atomic.Int64
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			r := c.contestar(e.login, l, op+"-16")
			if r.status >= 300 {
				t.Errorf("at once: %+v", r)
			}
			if !r.repetida {
				nuevas.Add(1)
			}
			ids.Store(r.id, true)
		})
	}
	wg.Wait()
	n := 0
	ids.Range(func(any, any) bool { n++; return true })
	if n != 1 || nuevas.Load() != 1 {
		t.Errorf("sixteen at once: %d resources, %d answers are not marked as repeated", n, nuevas.Load())
	}
	e.cuenta(t, c, l, antes+1)
}

// operacionesPOST reads the operation ids of all POSTs from the OpenAPI document.
func operacionesPOST(s *sitio) (ids []string) {
	s.t.Helper()
	var doc struct {
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	if err := s.nadie().Hacer(s.t.Context(), http.MethodGet, "/openapi.json", nil, &doc); err != nil {
		s.t.Fatal(err)
	}
	for _, metodos := range doc.Paths {
		if b, hay := metodos["post"]; hay {
			var op struct {
				ID string `json:"operationId"`
			}
			if err := json.Unmarshal(b, &op); err != nil {
				s.t.Fatal(err)
			}
			ids = append(ids, op.ID)
		}
	}
	return ids
}
