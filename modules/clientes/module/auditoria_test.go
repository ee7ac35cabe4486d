package module

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"despensa/modules/clientes/internal/auditoria"
	"despensa/platform/audit"
	"despensa/platform/cli"
	"despensa/platform/oidc"
	"despensa/platform/sqldb"

	"github.com/spf13/cobra"
)

// apunte has the members of a record that the tests compare.
type apunte struct {
	Numero                                                            int64
	Actor, Rol, Accion, Clase, Recurso, Cliente, Resultado, Solicitud string
	Veces                                                             int64
	Hash                                                              string
}

// llevar carries the whole trail on.
func (b *banco) llevar(t *testing.T) {
	t.Helper()
	for {
		n, err := b.rastro.relevo.Ronda(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

// apuntes gives the trail, oldest first, without the search that gives it.
func (b *banco) apuntes(t *testing.T, filtro string) []apunte {
	t.Helper()
	b.llevar(t)
	var as []apunte
	for cursor := ""; ; {
		w := b.pedir(
			t,
			pide{que: "GET /auditoria?limite=50" + filtro + cursor, como: "auditor"},
		)
		var hoja struct {
			Datos     []apunte
			Siguiente string
		}
		if err := json.Unmarshal(w.Body.Bytes(), &hoja); err != nil || w.Code != http.StatusOK {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		as = append(as, hoja.Datos...)
		if cursor = "&cursor=" + hoja.Siguiente; hoja.Siguiente == "" {
			slices.Reverse(as)
			return slices.DeleteFunc(
				as,
				func(a apunte) bool { return a.Accion == "auditoria.buscar" },
			)
		}
	}
}

// TestEverythingIsRecorded: each access, refusal and change is in the trail, with its actor, act, resource and
// customer.
func TestEverythingIsRecorded(t *testing.T) {
	b := nuevoBanco(t)
	ana, beto := oidc.IDOf("ana"), oidc.IDOf("beto")
	id := b.nueva(t, "ana", casa)
	hechos := []struct {
		pide
		quiere string
	}{
		{
			pide{que: "GET /clientes/yo", como: "ana"},
			"ana cliente clientes.perfil.leer cliente/ana ana permitido",
		},
		{pide{que: "PATCH /clientes/yo", como: "ana", cuerpo: `{"telefono":"1155550000"}`},
			"ana cliente clientes.perfil.cambiar cliente/ana ana permitido"},
		{pide{que: "GET /clientes/yo/direcciones", como: "ana"},
			"ana cliente clientes.direcciones.listar cliente/ana ana permitido"},
		{pide{que: "GET /clientes/yo/direcciones/" + id, como: "ana"},
			"ana cliente clientes.direccion.leer direccion/ID ana permitido"},
		{
			pide{que: "GET /clientes/yo/direcciones/" + id, como: "beto"},
			"beto cliente api.ver-direccion clientes/ID  negado",
		},
		{pide{que: "GET /clientes/yo/direcciones/calle%20secreta", como: "beto"},
			"beto cliente api.ver-direccion clientes/ajeno  negado"},
		{
			pide{
				que:    "PATCH /clientes/yo/direcciones/" + id,
				como:   "ana",
				cuerpo: `{"notas":"x"}`,
			},
			"ana cliente clientes.direccion.cambiar direccion/ID ana permitido",
		},
		{pide{que: "DELETE /clientes/yo/direcciones/" + id, como: "ana"},
			"ana cliente clientes.direccion.borrar direccion/ID ana permitido"},
		{
			pide{que: "GET /clientes/yo", como: "operador"},
			"operador operador api.ver-cliente-propio clientes/  negado",
		},
		{pide{que: "GET /clientes/yo", como: "maquina"},
			"m@clients maquina clientes.perfil.leer cliente/m@clients m@clients negado"},
		{
			pide{que: "GET /auditoria", como: "ana"},
			"ana cliente api.listar-auditoria auditoria/  negado",
		},
		{pide{que: "GET /auditoria/exportacion", como: "auditor"},
			"auditor auditor auditoria.exportar auditoria/  permitido"},
	}
	antes := len(b.apuntes(t, ""))
	for i, h := range hechos {
		h.cabeza = map[string]string{"X-Request-Id": fmt.Sprint("solicitud-", i)}
		b.pedir(t, h.pide)
	}
	nombres := strings.NewReplacer(
		ana,
		"ana",
		beto,
		"beto",
		id,
		"ID",
		oidc.IDOf("operador"),
		"operador",
		oidc.IDOf("auditor"),
		"auditor",
		oidc.IDOf("m@clients"),
		"m@clients",
	)
	as := b.apuntes(t, "")[antes:]
	for i, h := range hechos {
		if i >= len(as) {
			t.Fatalf("%s was not recorded", h.que)
		}
		a := as[i]
		hay := nombres.Replace(fmt.Sprintf("%s %s %s %s/%s %s %s",
			a.Actor, a.Rol, a.Accion, a.Clase, a.Recurso, a.Cliente, a.Resultado))
		if hay != h.quiere || a.Solicitud != fmt.Sprint("solicitud-", i) || a.Veces != 1 {
			t.Errorf("%s is recorded as %q (%s), want %q", h.que, hay, a.Solicitud, h.quiere)
		}
	}
	if len(as) != len(hechos) {
		t.Errorf("%d records of %d calls: %+v", len(as), len(hechos), as)
	}
}

// TestNothingWithoutARecord: while the trail takes no records, personal data are neither shown nor changed.
func TestNothingWithoutARecord(t *testing.T) {
	var roto atomic.Bool
	b := nuevoBanco(t, func(o *Opciones) {
		o.Cut = func(nombre string, m sqldb.Moment) error {
			if roto.Load() && nombre == "clientes.auditoria" && m == sqldb.Before {
				return errors.New("disk full")
			}
			return nil
		}
	})
	id := b.nueva(t, "ana", casa)
	antes := b.pedir(t, pide{que: "GET /clientes/yo", como: "ana"}).Body.String()
	roto.Store(true)
	for _, p := range []pide{
		{que: "GET /clientes/yo", como: "ana"}, {que: "GET /clientes/yo/direcciones", como: "ana"},
		{que: "GET /clientes/yo/direcciones/" + id, como: "ana"},
		{que: "PATCH /clientes/yo", como: "ana", cuerpo: `{"nombre":"Otra"}`},
		{que: "POST /clientes/yo/direcciones", como: "ana", cuerpo: casa},
		{que: "PATCH /clientes/yo/direcciones/" + id, como: "ana", cuerpo: `{"calle":"Otra"}`},
		{que: "DELETE /clientes/yo/direcciones/" + id, como: "ana"},
		{que: "GET /clientes/yo", como: "beto"}, {que: "GET /auditoria", como: "auditor"},
		{que: "GET /auditoria/exportacion", como: "auditor"},
	} {
		w := b.pedir(t, p)
		if m := miembros(t, w); w.Code != http.StatusServiceUnavailable ||
			m["code"] != "auditoria-no-disponible" ||
			w.Header().Get("Retry-After") == "" {
			t.Errorf("%s %s: %d %s", p.como, p.que, w.Code, w.Body)
		}
		if strings.Contains(w.Body.String(), "Siempre Viva") ||
			strings.Contains(w.Body.String(), "Pérez") {
			t.Errorf("%s shows personal data: %s", p.que, w.Body)
		}
	}
	for range 3 {
		if w := b.pedir(t, pide{que: "GET /clientes/yo", como: "operador"}); w.Code != http.StatusForbidden {
			t.Errorf("a refusal is one anyway: %d", w.Code)
		}
	}
	x, err := destinatario(
		oidc.WithCaller(t.Context(), conocidos["ana"]),
		b,
		oidc.IDOf("ana"),
		id,
	)
	if !errors.Is(err, audit.ErrNoRecord) || x.Contacto.ID != "" {
		t.Errorf("another module was given %+v, %v", x, err)
	}
	roto.Store(false)
	b.rastro.rechazos.Volcar(t.Context(), true)
	if as := b.apuntes(t, "&resultado=negado"); len(as) != 1 || as[0].Veces != 3 ||
		as[0].Actor != oidc.IDOf("operador") {
		t.Errorf("refusals of the time without a store: %+v", as)
	}
	if w := b.pedir(t, pide{que: "GET /clientes/yo", como: "ana"}); w.Body.String() != antes {
		t.Errorf("changed: %s, was %s", w.Body, antes)
	}
	if m := miembros(t, b.pedir(t, pide{que: "GET /clientes/yo/direcciones", como: "ana"})); len(
		m["datos"].([]any),
	) != 1 {
		t.Errorf("changed: %v", m)
	}
}

// TestCallsWithoutAToken: counted, not kept one by one, and without the address itself.
func TestCallsWithoutAToken(t *testing.T) {
	b := nuevoBanco(t)
	for range 10 {
		b.pedir(t, pide{que: "GET /clientes/yo"})
		b.pedir(t, pide{que: "GET /clientes/yo", como: "malo"})
	}
	b.rastro.rechazos.Volcar(t.Context(), true)
	as := b.apuntes(t, "&accion=ingreso")
	if len(as) != 1 || as[0].Veces != 20 || as[0].Clase != "origen" ||
		len(as[0].Recurso) != 32 ||
		as[0].Resultado != "negado" ||
		as[0].Actor != "" {
		t.Errorf("%+v", as)
	}
}

// TestSearch: a search narrows by its filter, gives pages, and refuses parameters that it does not know.
func TestSearch(t *testing.T) {
	b := nuevoBanco(t)
	for _, como := range []string{"ana", "beto", "operador"} {
		for range 3 {
			b.pedir(t, pide{que: "GET /clientes/yo", como: como})
		}
	}
	ana := oidc.IDOf("ana")
	for filtro, n := range map[string]int{
		"": 11, "&actor=" + ana: 4, "&cliente=" + ana: 4, "&accion=clientes.perfil.leer": 6, "&resultado=negado": 3,
		"&clase=cliente&recurso=" + ana: 4,
		"&desde=2026-11-23":             11, "&desde=2026-11-24": 0, "&hasta=2026-11-22": 0, "&actor=nadie": 0,
	} {
		if as := b.apuntes(t, filtro); len(as) != n {
			t.Errorf("%q: %d records, want %d", filtro, len(as), n)
		}
	}
	var de1 []int64
	for cursor := ""; ; {
		w := b.pedir(
			t,
			pide{que: "GET /auditoria?limite=1&resultado=negado" + cursor, como: "jefa"},
		)
		var hoja struct {
			Datos     []apunte
			Siguiente string
		}
		if err := json.Unmarshal(w.Body.Bytes(), &hoja); err != nil || len(hoja.Datos) != 1 {
			t.Fatal(err, w.Body)
		}
		de1 = append(de1, hoja.Datos[0].Numero)
		if cursor = "&cursor=" + hoja.Siguiente; hoja.Siguiente == "" {
			break
		}
	}
	if len(de1) != 3 || de1[0] <= de1[1] || de1[1] <= de1[2] {
		t.Errorf("pages of one: %v", de1)
	}
	for que, status := range map[string]int{
		"?sorpresa=1": 422, "?resultado=quizas": 422, "?cliente=ana": 422, "?desde=ayer": 422,
		"?desde=2026-03-02&hasta=2026-03-01": 422, "?limite=201": 422,
		"?cursor=xx": 422, "?actor=": 422, "/exportacion?sorpresa=1": 422,
		"/exportacion?desde=2026-03-02&hasta=2026-03-01": 422, "/otra": 404,
	} {
		if w := b.pedir(t, pide{que: "GET /auditoria" + que, como: "auditor"}); w.Code != status {
			t.Errorf("%s: %d %s", que, w.Code, w.Body)
		}
	}
	for _, como := range []string{"ana", "operador", "maquina"} {
		if w := b.pedir(t, pide{que: "GET /auditoria", como: como}); w.Code != http.StatusForbidden {
			t.Errorf("%s: %d", como, w.Code)
		}
	}
}

// TestExport: the whole trail, in order, and proof that it is unchanged.
func TestExport(t *testing.T) {
	b := nuevoBanco(t)
	for range 30 {
		b.pedir(t, pide{que: "GET /clientes/yo", como: "ana"})
		b.pedir(t, pide{que: "GET /clientes/yo", como: "operador"})
	}
	b.llevar(t)
	for filtro, quiere := range map[string]auditoria.Informe{
		"": {Desde: 1, Hasta: 61}, "?resultado=negado": {Desde: 3, Hasta: 61, Huecos: 29},
	} {
		w := b.pedir(t, pide{que: "GET /auditoria/exportacion" + filtro, como: "auditor"})
		texto := w.Body.String()
		i, err := auditoria.VerificarExportacion(strings.NewReader(texto))
		if err != nil || i != quiere || w.Code != http.StatusOK ||
			w.Header().Get("Content-Type") != "application/x-ndjson" {
			t.Errorf("%q: %d %v %+v, want %+v", filtro, w.Code, err, i, quiere)
		}
		cambiado := strings.Replace(texto, `"rol":"operador"`, `"rol":"auditor"`, 1)
		if i, err := auditoria.VerificarExportacion(strings.NewReader(cambiado)); err != nil ||
			i.Roto != 3 {
			t.Errorf("%q, changed: %v %+v", filtro, err, i)
		}
		_, err = auditoria.VerificarExportacion(
			strings.NewReader(texto[:strings.LastIndex(texto, `{"fin"`)]),
		)
		if err == nil {
			t.Errorf("%q: nobody misses the end", filtro)
		}
	}
}

// TestVerifyCommand walks the stores while the module uses them.
func TestVerifyCommand(t *testing.T) {
	b := nuevoBanco(t)
	for range 5 {
		b.pedir(t, pide{que: "GET /clientes/yo", como: "ana"})
	}
	correr := func(args ...string) (int, string) {
		var salida, errores bytes.Buffer
		raiz := &cobra.Command{Use: "despensa", Short: "x"}
		raiz.AddCommand(Comando(func() (Opciones, error) { return b.o, nil }))
		n := cli.Run(t.Context(), raiz, append([]string{"auditoria"}, args...),
			cli.Streams{Out: &salida, Err: &errores})
		return n, salida.String() + errores.String()
	}
	if n, s := correr("verificar"); n != cli.OK || s != "intact: there are no records\n" {
		t.Errorf("before the first number: %d %q", n, s)
	}
	b.llevar(t)
	b.pedir(t, pide{que: "GET /clientes/yo", como: "ana"})
	if n, err := b.rastro.Numerar(t.Context(), b.rastro.relevo.Limites, 10); n != 1 ||
		err != nil {
		t.Fatal(n, err)
	}
	if n, s := correr("verificar"); n != cli.OK ||
		s != "intact: records 1 to 7, 1 of them not carried on yet\n" {
		t.Errorf("%d %q", n, s)
	}
	for _, mal := range [][]string{{}, {"otra"}, {"verificar", "x"}} {
		if n, s := correr(mal...); n != cli.Misuse {
			t.Errorf("%v: %d %q", mal, n, s)
		}
	}
	if n, s := correr("--help"); n != cli.OK || !strings.Contains(s, "verificar") {
		t.Errorf("%d %q", n, s)
	}
	if n, s := correr("verificar", "--archivo", b.o.Folder+"/no"); n != cli.Failed ||
		!strings.Contains(s, b.o.Folder+"/no") {
		t.Errorf("%d %q", n, s)
	}
	exportado := filepath.Join(b.o.Folder, "exportado")
	b.llevar(t)
	texto := b.pedir(t, pide{que: "GET /auditoria/exportacion", como: "auditor"}).Body.String()
	for _, c := range []struct {
		texto  string
		codigo int
		dice   string
	}{
		{texto: texto, codigo: cli.OK, dice: "intact: records 1 to 7\n"},
		{texto: strings.Replace(texto, `"veces":1`, `"veces":2`, 1), codigo: cli.Failed, dice: "broken at number 1: "},
		{texto: "{}", codigo: cli.Failed, dice: "not an export"},
		{codigo: cli.Failed, dice: "ends before"},
	} {
		if err := os.WriteFile(exportado, []byte(c.texto), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{{"verificar", "--archivo", exportado}, {"--archivo=" + exportado, "verificar"}} {
			if n, s := correr(args...); n != c.codigo || !strings.Contains(s, c.dice) {
				t.Errorf("%v: %d %q, want %q", args, n, s, c.dice)
			}
		}
	}
	b.o.Folder += "/otra"
	if n, s := correr("verificar"); n != cli.Misuse || !strings.Contains(s, b.o.Folder) {
		t.Errorf("another folder: %d %q", n, s)
	}
}

// TestRelayRuns: the background work of the module alone makes a record searchable soon after it was written.
func TestRelayRuns(t *testing.T) {
	b := nuevoBanco(t)
	ctx, parar := context.WithCancel(t.Context())
	fin := make(chan error, 1)
	go func() { fin <- b.Correr(ctx) }()
	b.pedir(t, pide{que: "GET /clientes/yo", como: "ana"})
	hasta(t, func() bool {
		as, err := b.rastro.buscador.Buscar(
			t.Context(),
			auditoria.Consulta{Limite: 10, Fresca: true},
		)
		return err == nil && len(as) == 2
	})
	parar()
	if err := <-fin; err != nil {
		t.Error(err)
	}
}

// hasta waits for something, for some seconds.
func hasta(t *testing.T, cierto func() bool) {
	t.Helper()
	fin := time.After(20 * time.Second)
	for !cierto() {
		select {
		case <-fin:
			t.Fatal("waited in vain")
		case <-time.After(5 * time.Millisecond):
		}
	}
}
