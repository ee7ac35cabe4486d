//go:build !race

package main

import (
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"despensa/internal/apiclient"
	devoidc "despensa/platform/dev/oidc"
	"despensa/platform/oidc"
	"despensa/platform/sqldb"

	"github.com/google/uuid"
)

// destinatario is who receives an order, and where.
type destinatario struct {
	Nombre   string `json:"nombre"`
	Telefono string `json:"telefono"`
	Calle    string `json:"calle"`
	Notas    string `json:"notas"`
}

// destino reads it as login, and gives the problem's code; "" for a success.
func (s *sitio) destino(login, pedido string) (d destinatario, codigo string) {
	s.t.Helper()
	err := s.como(login).Hacer(s.t.Context(), "GET", "/pedidos/"+pedido+"/entrega", nil, &d)
	if codigo = apiclient.Codigo(err); err != nil && codigo == "" {
		s.t.Fatal(err)
	}
	return d, codigo
}

// choferes are the login of the driver of a visit's truck, and that of another one.
func (s *sitio) choferes(v visita) (suyo, otro string) {
	s.t.Helper()
	var k struct {
		Repartidor string `json:"repartidor_id"`
	}
	s.debe("gestor", "GET", "/camiones/"+v.CamionID, nil, &k)
	for _, login := range []string{"repartidor1", "repartidor2", "repartidor3"} {
		if oidc.IDDe(devoidc.Sujeto(login)) == k.Repartidor {
			suyo = login
		} else {
			otro = login
		}
	}
	if suyo == "" {
		s.t.Fatalf("truck %s has no demo driver", v.CamionID)
	}
	return suyo, otro
}

// asientoAuditoria is a row of the audit trail.
type asientoAuditoria struct{ actor, rol, accion, clase, recurso, cliente, resultado string }

// rastro reads who asked for a delivery block, oldest first, as it is on disk.
func (c *casa) rastro() []asientoAuditoria {
	c.t.Helper()
	return c.rastroDe("pedidos.entrega.leer")
}

// rastroDe is the same of any action.
func (c *casa) rastroDe(accion string) (out []asientoAuditoria) {
	c.t.Helper()
	motor, donde, tabla := "sqlite", "file:"+c.archivo("clientes.db")+"?mode=ro", "auditoria"
	if c.bases.postgres != "" {
		motor, donde, tabla = "pgx", c.bases.postgres, "clientes.auditoria"
	}
	db, err := sql.Open(motor, donde)
	if err != nil {
		c.t.Fatal(err)
	}
	defer db.Close()
	rs, err := db.QueryContext(c.t.Context(), "select actor, rol, accion, clase, recurso, cliente, resultado, solicitud from "+tabla+" where accion = $1 order by id", accion)
	if err != nil {
		c.t.Fatal(err)
	}
	defer rs.Close()
	for rs.Next() {
		var a asientoAuditoria
		var solicitud string
		if err := rs.Scan(&a.actor, &a.rol, &a.accion, &a.clase, &a.recurso, &a.cliente, &a.resultado, &solicitud); err != nil {
			c.t.Fatal(err)
		}
		if solicitud == "" && a.actor != "sistema" {
			c.t.Errorf("%+v names no request", a)
		}
		out = append(out, a)
	}
	if err := rs.Err(); err != nil {
		c.t.Fatal(err)
	}
	return out
}

// TestWhoReceivesAnOrder: the driver who has it today and operators, each look recorded
// before it is answered; nobody else, as if there were no order.
func TestWhoReceivesAnOrder(t *testing.T) {
	t.Parallel()
	c := alquilar(t)
	c.debe("cliente1", "PATCH", "/clientes/yo", map[string]any{"telefono": "+541155550101"}, nil, apiclient.SiCoincide("*"))
	p := c.pedir("cliente1", c.comprar("cliente1"))
	c.esperar("cliente1", p.ID, "confirmado")
	v := c.visitaDe(p.ID)
	suyo, otro := c.choferes(v)
	ve := func(cuando, login, quiere string) {
		t.Helper()
		d, cod := c.destino(login, p.ID)
		if cod != quiere {
			t.Errorf("%s, %s: %q, want %q", cuando, login, cod, quiere)
		}
		if cod == "" && (d.Nombre == "" || d.Calle != calles[0] || d.Telefono != "+541155550101") {
			t.Errorf("%s, %s sees %+v", cuando, login, d)
		}
	}
	firme := map[string]string{suyo: "", otro: "pedido-no-existe", "operador": "", "admin": "",
		"cliente1": "sin-permiso", "cliente2": "sin-permiso", "gestor": "sin-permiso", "auditor": "sin-permiso"}
	for login, quiere := range firme {
		ve("firm today", login, quiere)
	}
	c.enRastro(p, map[string]string{suyo + " repartidor": "permitido", otro + " repartidor": "negado", "operador operador": "permitido", "admin admin": "permitido"})
	c.salir(v)
	c.esperar("cliente1", p.ID, "en_reparto")
	ve("on its way", suyo, "")
	ve("on its way", otro, "pedido-no-existe")
	c.llegar(v, "")
	c.esperar("cliente1", p.ID, "entregado")
	ve("delivered", suyo, "pedido-no-existe")
	ve("delivered", "operador", "")

	if _, cod := c.destino(suyo, uuid.NewString()); cod != "pedido-no-existe" {
		t.Errorf("no order at all: %q", cod)
	}
	antes := len(c.rastro())
	if antes != 4+2+2+1 {
		t.Errorf("%d looks are recorded", antes)
	}
	c.reabrir()
	if n := len(c.rastro()); n != antes {
		t.Errorf("%d of %d records survive a restart", n, antes)
	}
}

// enRastro compares the trail of p with who looked, "login rol", and what came of it.
func (c *casa) enRastro(p pedido, quiere map[string]string) {
	c.t.Helper()
	tiene, nombres := map[string]string{}, map[string]string{}
	for _, i := range devoidc.Ingresos() {
		nombres[oidc.IDDe(devoidc.Sujeto(i.Login))] = i.Login
	}
	for _, a := range c.rastro() {
		tiene[nombres[a.actor]+" "+a.rol] = a.resultado
		a.actor, a.rol, a.resultado = "", "", ""
		if a != (asientoAuditoria{accion: "pedidos.entrega.leer", clase: "pedido", recurso: p.ID, cliente: p.ClienteID}) {
			c.t.Errorf("recorded as %+v", a)
		}
	}
	if !maps.Equal(tiene, quiere) {
		c.t.Errorf("recorded %v, want %v", tiene, quiere)
	}
}

// TestDriverOfAnotherDay: a firm visit is its driver's business on its own day alone.
func TestDriverOfAnotherDay(t *testing.T) {
	t.Parallel()
	c := alquilar(t)
	manianaALas := func(h int) time.Time { return manana.AddDate(0, 0, 1).Add(time.Duration(h-9) * time.Hour) } // local
	p := c.pedir("cliente1", c.comprar("cliente1", func(k compra) {
		k["entrega"] = map[string]any{"desde": manianaALas(11), "hasta": manianaALas(15)}
	}))
	if q := c.esperar("cliente1", p.ID, "confirmado", "fallido"); q.Estado != "confirmado" {
		t.Fatalf("%s: %s", q.Estado, q.Motivo)
	}
	v := c.visitaDe(p.ID)
	suyo, _ := c.choferes(v)
	if _, cod := c.destino(suyo, p.ID); cod != "pedido-no-existe" {
		t.Errorf("the day before: %q", cod)
	}
	c.reloj.adelantar(manianaALas(0).Add(time.Minute).Sub(c.reloj.Ahora()))
	if _, cod := c.destino(suyo, p.ID); cod != "" {
		t.Errorf("from midnight on: %q", cod)
	}
	c.reloj.adelantar(23*time.Hour + 30*time.Minute)
	c.hasta("a visit that nobody left with is booked anew", func() bool { return c.visitaDe(p.ID).ID != v.ID })
	if _, cod := c.destino(suyo, p.ID); cod != "pedido-no-existe" {
		t.Errorf("after its shift, before the next: %q", cod)
	}
}

// TestNothingIsShownUnrecorded: what the trail does not take is not shown, and a refusal
// stays a refusal.
func TestNothingIsShownUnrecorded(t *testing.T) {
	t.Parallel()
	var roto atomic.Bool
	c := alquilar(t, func(c *casa) {
		c.pr.Corte = func(nombre string, m sqldb.Momento) error {
			if roto.Load() && nombre == "clientes.auditoria" && m == sqldb.Antes {
				return errors.New("disk full")
			}
			return nil
		}
	})
	p := c.pedir("cliente1", c.comprar("cliente1"))
	c.esperar("cliente1", p.ID, "confirmado")
	suyo, otro := c.choferes(c.visitaDe(p.ID))
	roto.Store(true)
	for login, quiere := range map[string]string{suyo: "auditoria-no-disponible", "operador": "auditoria-no-disponible", otro: "pedido-no-existe"} {
		d, cod := c.destino(login, p.ID)
		if cod != quiere || d != (destinatario{}) {
			t.Errorf("%s: %q, shown %+v", login, cod, d)
		}
		if todo := fmt.Sprint(c.como(login).Hacer(t.Context(), "GET", "/pedidos/"+p.ID+"/entrega", nil, nil)); strings.Contains(todo, calles[0]) {
			t.Errorf("%s: %s", login, todo)
		}
	}
	if n := len(c.rastro()); n != 0 {
		t.Errorf("%d records", n)
	}
	roto.Store(false)
	if _, cod := c.destino(suyo, p.ID); cod != "" {
		t.Errorf("once it can be recorded again: %q", cod)
	}
}
