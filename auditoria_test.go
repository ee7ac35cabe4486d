//go:build !race

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os/exec"
	"strings"
	"testing"

	"despensa/internal/apiclient"
	devoidc "despensa/platform/dev/oidc"
	"despensa/platform/elastictest"
	"despensa/platform/oidc"
)

// idDe is the house id of a demo login.
func idDe(login string) string { return oidc.IDDe(devoidc.Sujeto(login)) }

// dondeSeBusca says for the output of tests which store the trail is searched in.
func dondeSeBusca(t *testing.T) {
	t.Helper()
	donde := "SQLite (auditoria.db)"
	if url, _ := elastictest.Prefijo(t); url != "" {
		donde = "Elasticsearch"
	}
	t.Log("the trail is searched in " + donde)
}

// encontrar waits until the auditor finds n records, and gives them, newest first.
func (s *sitio) encontrar(f apiclient.FiltroListarAuditoria, n int) []apiclient.ClientesRegistroAuditoria {
	s.t.Helper()
	var l apiclient.Lista[apiclient.ClientesRegistroAuditoria]
	s.hasta(fmt.Sprintf("%d records of %+v", n, f), func() bool {
		var err error
		if l, err = s.como("auditor").ListarAuditoria(s.t.Context(), f); err != nil {
			s.t.Fatal(err)
		}
		return len(l.Datos) >= n
	})
	if len(l.Datos) != n {
		s.t.Errorf("%d records of %+v, want %d", len(l.Datos), f, n)
	}
	return l.Datos
}

// TestAuditorFindsWhatHappened: an order that is delivered, refusals, a change: all of it
// is found by whom, whose and what, and nothing personal with it.
func TestAuditorFindsWhatHappened(t *testing.T) {
	t.Parallel()
	dondeSeBusca(t)
	c := alquilar(t)
	const telefono = "+541155550199"
	c.debe("cliente1", "PATCH", "/clientes/yo", map[string]any{"telefono": telefono}, nil, apiclient.SiCoincide("*"), apiclient.ConCabecera("X-Request-Id", "el-cambio"))
	p := c.pedir("cliente1", c.comprar("cliente1"))
	c.esperar("cliente1", p.ID, "confirmado")
	suyo, otro := c.choferes(c.visitaDe(p.ID))
	if _, cod := c.destino(suyo, p.ID); cod != "" {
		t.Fatal(cod)
	}
	if _, cod := c.destino(otro, p.ID); cod != "pedido-no-existe" {
		t.Fatal(cod)
	}
	if cod := c.codigo("cliente2", "GET", "/pedidos/"+p.ID, nil); cod != "pedido-no-existe" {
		t.Fatal(cod)
	}
	if cod := c.codigo("repartidor1", "GET", "/clientes/yo", nil); cod != "sin-permiso" {
		t.Fatal(cod)
	}
	c.entregarlo("cliente1", p.ID)

	cambio := c.encontrar(apiclient.FiltroListarAuditoria{Cliente: idDe("cliente1"), Accion: "clientes.perfil.cambiar"}, 1)[0]
	if cambio.Actor != idDe("cliente1") || cambio.Rol != "cliente" || cambio.Resultado != "permitido" || cambio.Solicitud != "el-cambio" {
		t.Errorf("the change: %+v", cambio)
	}
	miradas := c.encontrar(apiclient.FiltroListarAuditoria{Accion: "pedidos.entrega.leer", Recurso: p.ID}, 2)
	if x := miradas[0]; x.Actor != idDe(otro) || x.Resultado != "negado" || x.Cliente != idDe("cliente1") {
		t.Errorf("the other driver: %+v", x)
	}
	if x := miradas[1]; x.Actor != idDe(suyo) || x.Resultado != "permitido" || x.Rol != "repartidor" {
		t.Errorf("the driver: %+v", x)
	}
	for quien, accion := range map[string]string{"cliente2": "api.ver-pedido", "repartidor1": "api.ver-cliente-propio"} {
		c.encontrar(apiclient.FiltroListarAuditoria{Actor: idDe(quien), Resultado: "negado", Accion: accion}, 1)
	}
	c.encontrar(apiclient.FiltroListarAuditoria{Actor: "sistema", Accion: "clientes.sello.abrir", Recurso: p.ID, Cliente: idDe("cliente1")}, 1)
	for _, accion := range []string{"clientes.contacto.leer", "clientes.direccion.leer"} {
		if x := c.encontrarAlgo(apiclient.FiltroListarAuditoria{Cliente: idDe("cliente1"), Accion: accion}); x.Actor != idDe("cliente1") {
			t.Errorf("the order read %s as %+v", accion, x)
		}
	}
	c.verificada(telefono, calles[0], "cliente1@", "Cliente")
}

// encontrarAlgo waits for one record or more and gives the newest.
func (s *sitio) encontrarAlgo(f apiclient.FiltroListarAuditoria) (r apiclient.ClientesRegistroAuditoria) {
	s.t.Helper()
	s.hasta(fmt.Sprintf("a record of %+v", f), func() bool {
		l, err := s.como("auditor").ListarAuditoria(s.t.Context(), f)
		if err != nil {
			s.t.Fatal(err)
		}
		if len(l.Datos) > 0 {
			r = l.Datos[0]
		}
		return len(l.Datos) > 0
	})
	return r
}

// verificada exports the trail, which must be a chain from the first record on, without
// any of palabras in it, and so must the stores of the running program.
func (c *casa) verificada(palabras ...string) {
	c.t.Helper()
	n := int64(0)
	anterior := strings.Repeat("0", 64)
	for r, err := range c.como("auditor").ExportarAuditoria(c.t.Context(), apiclient.FiltroExportarAuditoria{}) {
		if err != nil {
			c.t.Fatal(err)
		}
		if n++; r.Numero != n || r.Anterior != anterior {
			c.t.Fatalf("record %d comes as %d after %s", n, r.Numero, anterior)
		}
		anterior = r.Hash
		b, _ := json.Marshal(r)
		for _, p := range palabras {
			if strings.Contains(string(b), p) {
				c.t.Errorf("personal data in the trail: %s", b)
			}
		}
	}
	if n < 5 {
		c.t.Errorf("only %d records", n)
	}
	rastroIntacto(c.t, append(c.bases.entorno(), "DESPENSA_DATOS="+c.dir)...)
}

// rastroIntacto verifies the stores that entorno names, whoever uses them.
func rastroIntacto(t testing.TB, entorno ...string) {
	t.Helper()
	q := exec.CommandContext(t.Context(), binario(t), "auditoria", "verificar")
	q.Env = append(q.Environ(), entorno...)
	if out, err := q.CombinedOutput(); err != nil || !bytes.HasPrefix(out, []byte("intact: records 1 to ")) {
		t.Errorf("%s %v", out, err)
	}
}

// rastroSano verifies the trail of the process.
func (p *proceso) rastroSano() {
	p.t.Helper()
	rastroIntacto(p.t, p.entorno...)
}

// TestStrangersAreCounted: calls without a good token are one record a second.
func TestStrangersAreCounted(t *testing.T) {
	t.Parallel()
	dondeSeBusca(t)
	c := alquilar(t)
	const llamadas = 150
	for range llamadas {
		res, err := c.http.Get(c.url + "/api/v1/clientes/yo")
		if err != nil || res.StatusCode != http.StatusUnauthorized {
			t.Fatal(res, err)
		}
		res.Body.Close()
	}
	var suma, filas int64
	c.hasta("all calls are counted", func() bool {
		l, err := c.como("auditor").ListarAuditoria(t.Context(), apiclient.FiltroListarAuditoria{Accion: "ingreso", Clase: "origen", Resultado: "negado"})
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

// TestTrailSurvivesAKill: what was answered is in the trail afterwards, once.
func TestTrailSurvivesAKill(t *testing.T) {
	t.Parallel()
	dondeSeBusca(t)
	p := lanzar(t, "DESPENSA_AUDITORIA_INTERVALO=20ms")
	p.debeArrancar()
	terco := p.terco("cliente1")
	const n = 30
	for i := range n {
		if i%10 == 5 {
			p.matar()
			p.debeArrancar()
		}
		if err := terco.Hacer(t.Context(), "GET", "/clientes/yo", nil, nil, apiclient.ConCabecera("X-Request-Id", fmt.Sprintf("mirada-%02d", i))); err != nil {
			t.Fatal(err)
		}
	}
	rs := p.encontrarAl(n)
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

// encontrarAl waits for n looks at profiles.
func (p *proceso) encontrarAl(n int) []apiclient.ClientesRegistroAuditoria {
	p.t.Helper()
	return p.encontrar(apiclient.FiltroListarAuditoria{Accion: "clientes.perfil.leer", Limite: 200}, n)
}

// TestAWaitingOrderIsNotOpened: an order that waits for its payment looks again and again,
// and nobody reads its e-mail for that.
func TestAWaitingOrderIsNotOpened(t *testing.T) {
	t.Parallel()
	c := alquilar(t, sinRelevos)
	p := c.pedir("cliente1", c.comprar("cliente1", pagando(map[string]any{"metodo": "efectivo"})))
	c.esperar("cliente1", p.ID, "pago_pendiente")
	abiertos := func() int { return len(c.rastroDe("clientes.sello.abrir")) }
	antes, miradas := abiertos(), c.metrica("despensa_pedidos_fase_segundos_count")
	c.hasta("it has looked some times", func() bool { return c.metrica("despensa_pedidos_fase_segundos_count") > miradas+3 })
	if n := abiertos(); antes == 0 || n != antes {
		t.Errorf("opened %d times, and %d more while it waited", antes, n-antes)
	}
}
