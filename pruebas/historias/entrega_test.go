package historias_test

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
	"despensa/internal/programa"
	devoidc "despensa/platform/dev/oidc"
	"despensa/platform/oidc"
	"despensa/platform/sqldb"
	"despensa/pruebas/kit"

	"github.com/google/uuid"
)

// destinatario is the delivery block of an order: the receiver's contact data and address.
type destinatario struct {
	Nombre   string `json:"nombre"`
	Telefono string `json:"telefono"`
	Calle    string `json:"calle"`
	Notas    string `json:"notas"`
}

// destino reads the delivery block of an order as login, and returns the problem's code; "" for a success.
func destino(client *kit.Client, login, pedido string) (d destinatario, codigo string) {
	client.T.Helper()
	err := client.As(login).
		Do(client.T.Context(), "GET", "/pedidos/"+pedido+"/entrega", nil, &d)
	if codigo = apiclient.Code(err); err != nil && codigo == "" {
		client.T.Fatal(err)
	}
	return d, codigo
}

// choferes returns the login of the driver of a visit's truck, and the login of another driver.
func choferes(client *kit.Client, visit kit.Visit) (suyo, otro string) {
	client.T.Helper()
	var k struct {
		Repartidor string `json:"repartidor_id"`
	}
	client.Must("gestor", "GET", "/camiones/"+visit.CamionID, nil, &k)
	for _, login := range []string{"repartidor1", "repartidor2", "repartidor3"} {
		if oidc.IDOf(devoidc.Subject(login)) == k.Repartidor {
			suyo = login
		} else {
			otro = login
		}
	}
	if suyo == "" {
		client.T.Fatalf("truck %s has no demo driver", visit.CamionID)
	}
	return suyo, otro
}

// asientoAuditoria is a row of the audit trail.
type asientoAuditoria struct{ actor, rol, accion, clase, recurso, cliente, resultado string }

// rastro reads the trail of reads of delivery blocks from the files, oldest first.
func rastro(program *kit.Program) []asientoAuditoria {
	program.T.Helper()
	return rastroDe(program, "pedidos.entrega.leer")
}

// rastroDe reads the trail of an action from the files, oldest first.
func rastroDe(program *kit.Program, accion string) (out []asientoAuditoria) {
	program.T.Helper()
	motor, donde, tabla := "sqlite", "file:"+program.File("clientes.db")+"?mode=ro", "auditoria"
	if program.Servers.Postgres != "" {
		motor, donde, tabla = "pgx", program.Servers.Postgres, "clientes.auditoria"
	}
	db, err := sql.Open(motor, donde)
	if err != nil {
		program.T.Fatal(err)
	}
	defer db.Close()
	rs, err := db.QueryContext(program.T.Context(),
		"select actor, rol, accion, clase, recurso, cliente, resultado, solicitud from "+tabla+
			" where accion = $1 order by id", accion)
	if err != nil {
		program.T.Fatal(err)
	}
	defer rs.Close()
	for rs.Next() {
		var a asientoAuditoria
		var solicitud string
		err := rs.Scan(
			&a.actor,
			&a.rol,
			&a.accion,
			&a.clase,
			&a.recurso,
			&a.cliente,
			&a.resultado,
			&solicitud,
		)
		if err != nil {
			program.T.Fatal(err)
		}
		if solicitud == "" && a.actor != "sistema" {
			program.T.Errorf("%+v names no request", a)
		}
		out = append(out, a)
	}
	if err := rs.Err(); err != nil {
		program.T.Fatal(err)
	}
	return out
}

// TestWhoReceivesAnOrder: the driver who has the order today and operators read its delivery block, and each read is
// recorded before the answer. Other drivers get the answer of an order that does not exist.
func TestWhoReceivesAnOrder(t *testing.T) {
	t.Parallel()
	c := kit.Start(t)
	c.Must(
		"cliente1",
		"PATCH",
		"/clientes/yo",
		map[string]any{"telefono": "+541155550101"},
		nil,
		apiclient.IfMatch("*"),
	)
	p := c.Order("cliente1", c.NewPurchase("cliente1"))
	c.Await("cliente1", p.ID, "confirmado")
	v := c.VisitOf(p.ID)
	suyo, otro := choferes(c.Client, v)
	ve := func(cuando, login, quiere string) {
		t.Helper()
		d, cod := destino(c.Client, login, p.ID)
		if cod != quiere {
			t.Errorf("%s, %s: %q, want %q", cuando, login, cod, quiere)
		}
		if cod == "" &&
			(d.Nombre == "" || d.Calle != programa.Calles[0] || d.Telefono != "+541155550101") {
			t.Errorf("%s, %s sees %+v", cuando, login, d)
		}
	}
	firme := map[string]string{suyo: "", otro: "pedido-no-existe", "operador": "", "admin": "",
		"cliente1": "sin-permiso", "cliente2": "sin-permiso", "gestor": "sin-permiso", "auditor": "sin-permiso"}
	for login, quiere := range firme {
		ve("firm today", login, quiere)
	}
	enRastro(
		c,
		p,
		map[string]string{suyo + " repartidor": "permitido", otro + " repartidor": "negado",
			"operador operador": "permitido", "admin admin": "permitido"},
	)
	c.Depart(v)
	c.Await("cliente1", p.ID, "en_reparto")
	ve("on its way", suyo, "")
	ve("on its way", otro, "pedido-no-existe")
	c.Arrive(v, "")
	c.Await("cliente1", p.ID, "entregado")
	ve("delivered", suyo, "pedido-no-existe")
	ve("delivered", "operador", "")

	if _, cod := destino(c.Client, suyo, uuid.NewString()); cod != "pedido-no-existe" {
		t.Errorf("no order at all: %q", cod)
	}
	antes := len(rastro(c))
	if antes != 4+2+2+1 {
		t.Errorf("%d looks are recorded", antes)
	}
	c.Reopen()
	if n := len(rastro(c)); n != antes {
		t.Errorf("%d of %d records survive a restart", n, antes)
	}
}

// enRastro compares the trail of order with quiere: the reader as "login rol", and the result.
func enRastro(program *kit.Program, order kit.Order, quiere map[string]string) {
	program.T.Helper()
	tiene, nombres := map[string]string{}, map[string]string{}
	for _, i := range devoidc.Logins() {
		nombres[oidc.IDOf(devoidc.Subject(i.Login))] = i.Login
	}
	for _, a := range rastro(program) {
		tiene[nombres[a.actor]+" "+a.rol] = a.resultado
		a.actor, a.rol, a.resultado = "", "", ""
		want := asientoAuditoria{
			accion:  "pedidos.entrega.leer",
			clase:   "pedido",
			recurso: order.ID,
			cliente: order.ClienteID,
		}
		if a != want {
			program.T.Errorf("recorded as %+v", a)
		}
	}
	if !maps.Equal(tiene, quiere) {
		program.T.Errorf("recorded %v, want %v", tiene, quiere)
	}
}

// TestDriverOfAnotherDay: the driver of a firm visit may read its delivery block on the day of the visit alone.
func TestDriverOfAnotherDay(t *testing.T) {
	t.Parallel()
	c := kit.Start(t)
	// local
	manianaALas := func(h int) time.Time { return kit.Morning.AddDate(0, 0, 1).Add(time.Duration(h-9) * time.Hour) }
	p := c.Order("cliente1", c.NewPurchase("cliente1", func(k kit.Body) {
		k["entrega"] = map[string]any{"desde": manianaALas(11), "hasta": manianaALas(15)}
	}))
	if q := c.Await("cliente1", p.ID, "confirmado", "fallido"); q.Estado != "confirmado" {
		t.Fatalf("%s: %s", q.Estado, q.Motivo)
	}
	v := c.VisitOf(p.ID)
	suyo, _ := choferes(c.Client, v)
	if _, cod := destino(c.Client, suyo, p.ID); cod != "pedido-no-existe" {
		t.Errorf("the day before: %q", cod)
	}
	c.Clock.Advance(manianaALas(0).Add(time.Minute).Sub(c.Clock.Now()))
	if _, cod := destino(c.Client, suyo, p.ID); cod != "" {
		t.Errorf("from midnight on: %q", cod)
	}
	c.Clock.Advance(23*time.Hour + 30*time.Minute)
	c.Until(
		"a visit that nobody left with is booked anew",
		func() bool { return c.VisitOf(p.ID).ID != v.ID },
	)
	if _, cod := destino(c.Client, suyo, p.ID); cod != "pedido-no-existe" {
		t.Errorf("after its shift, before the next: %q", cod)
	}
}

// TestDriverPastMidnight: the driver of a shift from 23:30 to 05:30 may read the delivery blocks on both of its days,
// until the shift is over.
func TestDriverPastMidnight(t *testing.T) {
	t.Parallel()
	c := kit.Start(t)
	c.StopTrucks()
	const login = "repartidor1"
	var camion struct{ ID string }
	c.Must(
		"gestor",
		"POST",
		"/camiones",
		map[string]any{
			"patente":         "ZZ911ZZ",
			"deposito_id":     c.Depot("DEP-1"),
			"peso_max_gramos": 3_500_000,
			"volumen_max_ml":  20_000_000,
			"frio":            true,
			"repartidor_id":   oidc.IDOf(devoidc.Subject(login)),
		},
		&camion,
	)
	noche := kit.Morning.Add(14*time.Hour + 30*time.Minute) // 23:30 local
	c.Must(
		"gestor",
		"POST",
		"/turnos",
		map[string]any{
			"camion_id": camion.ID,
			"inicio":    noche,
			"fin":       noche.Add(6 * time.Hour),
		},
		nil,
	)
	p := c.Order("cliente1", c.NewPurchase("cliente1"))
	c.Await("cliente1", p.ID, "confirmado")
	hoy := kit.Morning.Format(time.DateOnly)
	maniana := kit.Morning.AddDate(0, 0, 1).
		Format(time.DateOnly)
	ve := func(cuando time.Time, quiere string) {
		t.Helper()
		c.Clock.Advance(cuando.Sub(c.Clock.Now()))
		if _, cod := destino(c.Client, login, p.ID); cod != quiere {
			t.Errorf("at %v: %q, want %q", cuando, cod, quiere)
		}
		for dia, n := range map[string]int{hoy: 1, maniana: 1, kit.Morning.AddDate(0, 0, 2).Format(time.DateOnly): 0} {
			if vs := kit.All[kit.Visit](c.Client, login, "/visitas?dia="+dia); len(vs) != n {
				t.Errorf("at %v the list of %s has %d visits, want %d", cuando, dia, len(vs), n)
			}
		}
	}
	ve(noche.Add(-time.Hour), "")
	ve(noche.Add(35*time.Minute), "") // 00:05
	c.Must(login, "POST", "/camiones/"+camion.ID+"/salida", nil, nil)
	c.Await("cliente1", p.ID, "en_reparto")
	ve(noche.Add(time.Hour), "")
	v := c.VisitOf(p.ID)
	if cod := c.Code(login, "POST", "/camiones/"+camion.ID+"/salida", nil); cod != "camion-afuera" {
		t.Errorf("a second departure: %q", cod)
	}
	c.Must(login, "POST", "/visitas/"+v.ID+"/entrega", nil, nil)
	c.Await("cliente1", p.ID, "entregado")
}

// TestNothingIsShownUnrecorded: a delivery block is not shown when the trail cannot record the read, and a refusal
// stays a refusal.
func TestNothingIsShownUnrecorded(t *testing.T) {
	t.Parallel()
	var roto atomic.Bool
	c := kit.Start(t, func(c *kit.Program) {
		c.Pruebas.Cut = func(nombre string, m sqldb.Moment) error {
			if roto.Load() && nombre == "clientes.auditoria" && m == sqldb.Before {
				return errors.New("disk full")
			}
			return nil
		}
	})
	p := c.Order("cliente1", c.NewPurchase("cliente1"))
	c.Await("cliente1", p.ID, "confirmado")
	suyo, otro := choferes(c.Client, c.VisitOf(p.ID))
	roto.Store(true)
	for login, quiere := range map[string]string{
		suyo: "auditoria-no-disponible", "operador": "auditoria-no-disponible", otro: "pedido-no-existe",
	} {
		d, cod := destino(c.Client, login, p.ID)
		if cod != quiere || d != (destinatario{}) {
			t.Errorf("%s: %q, shown %+v", login, cod, d)
		}
		todo := fmt.Sprint(
			c.As(login).Do(t.Context(), "GET", "/pedidos/"+p.ID+"/entrega", nil, nil),
		)
		if strings.Contains(todo, programa.Calles[0]) {
			t.Errorf("%s: %s", login, todo)
		}
	}
	if n := len(rastro(c)); n != 0 {
		t.Errorf("%d records", n)
	}
	roto.Store(false)
	if _, cod := destino(c.Client, suyo, p.ID); cod != "" {
		t.Errorf("once it can be recorded again: %q", cod)
	}
}
