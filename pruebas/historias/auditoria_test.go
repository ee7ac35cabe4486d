package historias_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"despensa/internal/apiclient"
	"despensa/internal/programa"
	devoidc "despensa/platform/dev/oidc"
	"despensa/platform/elastictest"
	"despensa/platform/oidc"
	"despensa/pruebas/kit"
)

// idDe is the house id of a demo login.
func idDe(login string) string { return oidc.IDOf(devoidc.Subject(login)) }

// dondeSeBusca logs the store in which the trail is searched.
func dondeSeBusca(t *testing.T) {
	t.Helper()
	donde := "SQLite (auditoria.db)"
	if url, _ := elastictest.Prefix(t); url != "" {
		donde = "Elasticsearch"
	}
	t.Log("the trail is searched in " + donde)
}

// encontrar waits until the auditor finds n records, and returns them, newest first.
func encontrar(
	client *kit.Client,
	filtroListarAuditoria apiclient.FiltroListarAuditoria,
	n int,
) []apiclient.ClientesRegistroAuditoria {
	client.T.Helper()
	var l apiclient.Lista[apiclient.ClientesRegistroAuditoria]
	client.Until(fmt.Sprintf("%d records of %+v", n, filtroListarAuditoria), func() bool {
		var err error
		if l, err = client.As("auditor").ListarAuditoria(client.T.Context(), filtroListarAuditoria); err != nil {
			client.T.Fatal(err)
		}
		return len(l.Datos) >= n
	})
	if len(l.Datos) != n {
		client.T.Errorf("%d records of %+v, want %d", len(l.Datos), filtroListarAuditoria, n)
	}
	return l.Datos
}

// TestAuditorFindsWhatHappened: a delivered order, refusals and a change of contact data are found in the trail by
// actor, by owner and by action, and the trail holds no personal data.
func TestAuditorFindsWhatHappened(t *testing.T) {
	t.Parallel()
	dondeSeBusca(t)
	c := kit.Start(t)
	const telefono = "+541155550199"
	c.Must(
		"cliente1",
		"PATCH",
		"/clientes/yo",
		map[string]any{"telefono": telefono},
		nil,
		apiclient.IfMatch("*"),
		apiclient.WithHeader("X-Request-Id", "el-cambio"),
	)
	p := c.Order("cliente1", c.NewPurchase("cliente1"))
	c.Await("cliente1", p.ID, "confirmado")
	suyo, otro := choferes(c.Client, c.VisitOf(p.ID))
	if _, cod := destino(c.Client, suyo, p.ID); cod != "" {
		t.Fatal(cod)
	}
	if _, cod := destino(c.Client, otro, p.ID); cod != "pedido-no-existe" {
		t.Fatal(cod)
	}
	if cod := c.Code("cliente2", "GET", "/pedidos/"+p.ID, nil); cod != "pedido-no-existe" {
		t.Fatal(cod)
	}
	if cod := c.Code("repartidor1", "GET", "/clientes/yo", nil); cod != "sin-permiso" {
		t.Fatal(cod)
	}
	c.Deliver("cliente1", p.ID)

	cambio := encontrar(c.Client,
		apiclient.FiltroListarAuditoria{Cliente: idDe("cliente1"), Accion: "clientes.perfil.cambiar"}, 1)[0]
	if cambio.Actor != idDe("cliente1") || cambio.Rol != "cliente" ||
		cambio.Resultado != "permitido" ||
		cambio.Solicitud != "el-cambio" {
		t.Errorf("the change: %+v", cambio)
	}
	miradas := encontrar(
		c.Client,
		apiclient.FiltroListarAuditoria{Accion: "pedidos.entrega.leer", Recurso: p.ID},
		2,
	)
	if x := miradas[0]; x.Actor != idDe(otro) || x.Resultado != "negado" ||
		x.Cliente != idDe("cliente1") {
		t.Errorf("the other driver: %+v", x)
	}
	if x := miradas[1]; x.Actor != idDe(suyo) || x.Resultado != "permitido" ||
		x.Rol != "repartidor" {
		t.Errorf("the driver: %+v", x)
	}
	for quien, accion := range map[string]string{"cliente2": "api.ver-pedido", "repartidor1": "api.ver-cliente-propio"} {
		encontrar(
			c.Client,
			apiclient.FiltroListarAuditoria{
				Actor:     idDe(quien),
				Resultado: "negado",
				Accion:    accion,
			},
			1,
		)
	}
	encontrar(
		c.Client,
		apiclient.FiltroListarAuditoria{
			Actor:   "sistema",
			Accion:  "clientes.sello.abrir",
			Recurso: p.ID,
			Cliente: idDe("cliente1"),
		},
		1,
	)
	for _, accion := range []string{"clientes.contacto.leer", "clientes.direccion.leer"} {
		x := encontrarAlgo(
			c.Client,
			apiclient.FiltroListarAuditoria{Cliente: idDe("cliente1"), Accion: accion},
		)
		if x.Actor != idDe("cliente1") {
			t.Errorf("the order read %s as %+v", accion, x)
		}
	}
	verificada(c, telefono, programa.Calles[0], "cliente1@", "Cliente")
}

// encontrarAlgo waits for one record or more and returns the newest.
func encontrarAlgo(
	client *kit.Client,
	filtroListarAuditoria apiclient.FiltroListarAuditoria,
) (r apiclient.ClientesRegistroAuditoria) {
	client.T.Helper()
	client.Until(fmt.Sprintf("a record of %+v", filtroListarAuditoria), func() bool {
		l, err := client.As("auditor").
			ListarAuditoria(client.T.Context(), filtroListarAuditoria)
		if err != nil {
			client.T.Fatal(err)
		}
		if len(l.Datos) > 0 {
			r = l.Datos[0]
		}
		return len(l.Datos) > 0
	})
	return r
}

// verificada exports the trail, which must be a chain from the first record on. Neither the export nor the stores of
// the running program may hold any of palabras.
func verificada(program *kit.Program, palabras ...string) {
	program.T.Helper()
	n := int64(0)
	anterior := strings.Repeat("0", 64)
	for r, err := range program.As("auditor").ExportarAuditoria(program.T.Context(), apiclient.FiltroExportarAuditoria{}) {
		if err != nil {
			program.T.Fatal(err)
		}
		if n++; r.Numero != n || r.Anterior != anterior {
			program.T.Fatalf("record %d comes as %d after %s", n, r.Numero, anterior)
		}
		anterior = r.Hash
		b, _ := json.Marshal(r)
		for _, p := range palabras {
			if strings.Contains(string(b), p) {
				program.T.Errorf("personal data in the trail: %s", b)
			}
		}
	}
	if n < 5 {
		program.T.Errorf("only %d records", n)
	}
	kit.TrailIntact(program.T, append(program.Servers.Env(), "DESPENSA_DATOS="+program.Dir)...)
}

// TestStrangersAreCounted: calls without a good token are one record a second.
func TestStrangersAreCounted(t *testing.T) {
	t.Parallel()
	dondeSeBusca(t)
	c := kit.Start(t)
	const llamadas = 150
	for range llamadas {
		res, err := c.HTTP.Get(c.URL + "/api/v1/clientes/yo")
		if err != nil || res.StatusCode != http.StatusUnauthorized {
			t.Fatal(res, err)
		}
		res.Body.Close()
	}
	var suma, filas int64
	c.Until("all calls are counted", func() bool {
		l, err := c.As("auditor").ListarAuditoria(t.Context(),
			apiclient.FiltroListarAuditoria{
				Accion:    "ingreso",
				Clase:     "origen",
				Resultado: "negado",
			})
		if err != nil {
			t.Fatal(err)
		}
		suma, filas = 0, int64(len(l.Datos))
		for _, x := range l.Datos {
			suma += x.Veces
			if strings.Contains(x.Recurso, "127.0.0.1") {
				t.Errorf("an address is in the trail: %+v", x)
			}
		}
		return suma >= llamadas
	})
	if suma != llamadas || filas > 20 {
		t.Errorf("%d calls in %d records, want %d", suma, filas, llamadas)
	}
}

// TestTrailSurvivesAKill: every answered order is in the trail afterwards, once.
func TestTrailSurvivesAKill(t *testing.T) {
	t.Parallel()
	dondeSeBusca(t)
	p := kit.Launch(t, "DESPENSA_AUDITORIA_INTERVALO=20ms")
	p.MustStart()
	terco := p.Stubborn("cliente1")
	const n = 30
	for i := range n {
		if i%10 == 5 {
			p.Kill()
			p.MustStart()
		}
		err := terco.Do(t.Context(), "GET", "/clientes/yo", nil, nil,
			apiclient.WithHeader("X-Request-Id", fmt.Sprintf("mirada-%02d", i)))
		if err != nil {
			t.Fatal(err)
		}
	}
	rs := encontrarAl(p, n)
	veces := map[string]int{}
	for _, r := range rs {
		veces[r.Solicitud]++
	}
	for i := range n {
		if v := veces[fmt.Sprintf("mirada-%02d", i)]; v != 1 {
			t.Errorf("look %d is %d times in the trail", i, v)
		}
	}
}

// encontrarAl waits for n records of reads of profiles.
func encontrarAl(process *kit.Process, n int) []apiclient.ClientesRegistroAuditoria {
	process.T.Helper()
	return encontrar(
		process.Client,
		apiclient.FiltroListarAuditoria{Accion: "clientes.perfil.leer", Limite: 200},
		n,
	)
}

// TestAWaitingOrderIsNotOpened: an order that waits for its payment looks again and again, and no look opens the
// customer's sealed e-mail.
func TestAWaitingOrderIsNotOpened(t *testing.T) {
	t.Parallel()
	c := kit.Start(t, kit.WithoutRelays)
	p := c.Order(
		"cliente1",
		c.NewPurchase("cliente1", kit.PayingWith(map[string]any{"metodo": "efectivo"})),
	)
	c.Await("cliente1", p.ID, "pago_pendiente")
	abiertos := func() int { return len(rastroDe(c, "clientes.sello.abrir")) }
	antes, miradas := abiertos(), c.Metric("despensa_pedidos_fase_segundos_count")
	c.Until("it has looked some times", func() bool {
		return c.Metric("despensa_pedidos_fase_segundos_count") > miradas+3
	})
	if n := abiertos(); antes == 0 || n != antes {
		t.Errorf("opened %d times, and %d more while it waited", antes, n-antes)
	}
}
