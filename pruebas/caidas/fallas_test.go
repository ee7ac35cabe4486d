//go:build unix

package caidas_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"despensa/internal/apiclient"
	"despensa/platform/elastictest"
	"despensa/platform/mongodb/mongodbtest"
	"despensa/platform/sqldb/sqldbtest"
	"despensa/pruebas/kit"
)

// apagon is one way in which a server goes away and comes back.
type apagon struct {
	servidor   string // by the name of its script
	ir, volver func(*servidorPropio) error
	// callado: the program does without the server, and no request notices that it is away.
	callado bool
}

var apagones = map[string]apagon{
	"PostgreSQL is killed": {
		servidor: "postgres",
		ir:       (*servidorPropio).matar,
		volver:   (*servidorPropio).arrancar,
	},
	"PostgreSQL is restarted": {
		servidor: "postgres",
		ir:       (*servidorPropio).parar,
		volver:   (*servidorPropio).arrancar,
	},
	"PostgreSQL is stopped": {
		servidor: "postgres",
		ir:       (*servidorPropio).detener,
		volver:   (*servidorPropio).seguir,
	},
	"MongoDB is stopped": {
		servidor: "mongo",
		ir:       (*servidorPropio).detener,
		volver:   (*servidorPropio).seguir,
	},
	"Elasticsearch is killed": {servidor: "elasticsearch", ir: (*servidorPropio).matar,
		volver: (*servidorPropio).arrancar, callado: true},
	"Elasticsearch is stopped": {servidor: "elasticsearch", ir: (*servidorPropio).detener,
		volver: (*servidorPropio).seguir, callado: true},
}

// numeros are the files with the servers' process ids, and the variables by which the other tests know the servers.
var numeros = map[string]struct{ numero, variable string }{
	"postgres":      {"base/postmaster.pid", sqldbtest.Variable},
	"mongo":         {"numero", mongodbtest.Variable},
	"elasticsearch": {"elasticsearch.pid", elastictest.Variable},
}

// TestServersGoAway kills and stops each server while customers order, pay and cancel. It checks the answers that
// customers get meanwhile, and that no acknowledged order is lost. It starts its own servers, with
// DESPENSA_TEST_FALLAS=1; each is away for DESPENSA_TEST_FALLAS_SEGUNDOS (5). A server in memory stands in for
// MongoDB: a kill would lose its data, and the test would show nothing.
func TestServersGoAway(t *testing.T) {
	if os.Getenv("DESPENSA_TEST_FALLAS") != "1" {
		t.Skip("SKIPPED: DESPENSA_TEST_FALLAS=1 lets this test start, kill and stop servers")
	}
	dura := time.Duration(delEntorno(t, "DESPENSA_TEST_FALLAS_SEGUNDOS", 5)) * time.Second
	vivos := map[string]*servidorPropio{}
	for guion, x := range numeros {
		t.Setenv(x.variable, "") // no server that other tests use is to be killed
		s, err := levantar(t, guion, x.numero)
		if err != nil {
			t.Logf("SKIPPED: %s: %v", guion, err)
			continue
		}
		vivos[guion] = s
		t.Setenv(x.variable, s.url)
	}
	for nombre, a := range apagones {
		t.Run(nombre, func(t *testing.T) {
			s := vivos[a.servidor]
			if s == nil {
				t.Skip("SKIPPED: no " + a.servidor + " can be started here")
			}
			f := nuevaFalla(t)
			f.correr(s, a, dura)
		})
	}
}

// falla is a company at work while its servers go away.
type falla struct {
	*compania
	*libreta

	mu        sync.Mutex
	aceptados map[string]string // orders that were answered with 201, with their customers
	cerrado   atomic.Bool       // no new orders
	wg        sync.WaitGroup
	maximo    atomic.Int64 // goroutines of the program
	memoria   atomic.Int64 // its memory at most, in bytes
}

// nuevaFalla starts the program with short leases, and a company of stubborn customers whose answers a libreta
// counts.
func nuevaFalla(t *testing.T) *falla {
	p := kit.Launch(
		t,
		"DESPENSA_PEDIDOS_LEASE=8s",
		"DESPENSA_PAGOS_EN_CURSO=6s",
		"DESPENSA_PAGOS_SONDEO_MIN=500ms",
		"DESPENSA_PEDIDOS_MIRAR_PAGO=1s",
		"DESPENSA_PEDIDOS_MIRAR_VISITA=1s",
		"DESPENSA_PEDIDOS_REPASO=1s",
		"DESPENSA_PEDIDOS_MAX_LENTOS=1000",
		"DESPENSA_REGISTRO_NIVEL=warn",
	)
	p.MustStart()
	f := &falla{compania: nuevaCompania(p, 2000), aceptados: map[string]string{}}
	for _, c := range f.clientes {
		c.Patience = 5 * time.Minute
		c.Wait = func(ctx context.Context, _ time.Duration) error { // shorter than asked: more calls
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(100 * time.Millisecond):
				return nil
			}
		}
	}
	f.libreta = anotarTodo(p.Client)
	return f
}

// correr lets a server be away for dura in the middle of the work.
func (f *falla) correr(servidorPropio *servidorPropio, apagon apagon, dura time.Duration) {
	antes, quietas := f.Stock(), f.medida("go_goroutines")
	pausa := 60 * time.Millisecond
	if apagon.callado { // silence costs no wait; more orders than the program can carry on would pile up
		pausa = 800 * time.Millisecond
	}
	f.trabajar(pausa)
	f.vendidos("before", 60)
	f.sin(apagon.ir(servidorPropio))
	cuando := time.Now()
	f.Until(
		"somebody notices",
		func() bool { return apagon.callado || f.de("503 base-no-disponible") > 0 },
	)
	f.recorrer()
	select { // the server is away for dura
	case <-time.After(time.Until(cuando.Add(dura))):
	case <-f.T.Context().Done():
	}
	durante := f.de("503 base-no-disponible")
	f.sin(apagon.volver(servidorPropio))
	vuelta := time.Now()
	f.Until("it is ready again", f.listo)
	f.T.Logf("ready again after %v", time.Since(vuelta).Round(10*time.Millisecond))
	f.vendidos("after", 60)
	f.T.Logf("60 orders more after %v", time.Since(vuelta).Round(10*time.Millisecond))
	f.cerrado.Store(true)
	f.wg.Wait()
	f.comprobar(antes, quietas)
	f.T.Logf(
		"%d orders; %d calls refused while it was away; answers: %v",
		len(f.aceptados),
		durante,
		f.libreta,
	)
	if apagon.callado != (durante == 0) {
		f.T.Errorf("%d answers said that a store is away", durante)
	}
	if n := f.de("503 auditoria-no-disponible"); apagon.callado && n > 0 {
		f.T.Errorf(
			"%d answers were kept back because nobody could search the trail, the last one %s",
			n,
			f.quien["503 auditoria-no-disponible"],
		)
	}
}

// deMas are the goroutines that may stay for a while: the program's connections to its own
// stand-ins, three goroutines each, are kept for a minute and a half after a rush.
const deMas = 100

// comprobar: no acknowledged order is lost, the books agree, nothing has piled up, and every refusal told the caller
// why.
func (f *falla) comprobar(antes kit.Stock, quietas int64) {
	for _, m := range f.malas {
		f.T.Error(m)
	}
	hay := map[string]bool{}
	for _, p := range kit.All[kit.Order](f.Client, "operador", "/pedidos") {
		hay[p.ID] = true
	}
	for id := range f.aceptados {
		if !hay[id] {
			f.T.Errorf("order %s was acknowledged and is lost", id)
		}
	}
	if len(hay) != len(f.aceptados) {
		f.T.Errorf("%d orders acknowledged, %d there", len(f.aceptados), len(hay))
	}
	f.Reconcile(antes)
	f.HTTP.CloseIdleConnections()
	if kit.Until(
		f.T.Context(),
		func() bool { return f.medida("go_goroutines") <= quietas+deMas },
	) != nil {
		f.T.Errorf("%d goroutines stay, %d before", f.medida("go_goroutines"), quietas)
		f.volcar()
		return
	}
	m, mb := f.maximo.Load(), f.memoria.Load()>>20
	f.T.Logf(
		"%d goroutines before, %d at most, %d in the end; %d MB at most",
		quietas,
		m,
		f.medida("go_goroutines"),
		mb,
	)
	if m > quietas+1000 || mb > 400 {
		f.T.Errorf("%d goroutines at once, %d before; %d MB", m, quietas, mb)
	}
	f.Until(
		"the audit trail is carried on",
		func() bool { return f.medida("despensa_auditoria_pendientes") == 0 },
	)
	f.Stop()
	f.SoundTrail()
	for l := range strings.Lines(f.Stderr.String()) {
		if strings.Contains(l, `msg="request failed"`) { // the reason of an answer 500
			f.T.Logf("%.600s", l)
		}
	}
	if n := strings.Count(f.Stderr.String(), "\n"); n > 300 {
		f.T.Errorf("%d lines in the log:\n%.3000s", n, f.Stderr.String())
	} else {
		f.T.Logf("%d lines in the log", n)
	}
}

// volcar ends the program and logs the stacks of its goroutines, counted by their creator.
func (f *falla) volcar() {
	_ = f.Cmd.Process.Signal(syscall.SIGQUIT)
	_ = f.Cmd.Wait()
	_, pila, _ := strings.Cut(f.Stderr.String(), "SIGQUIT")
	n := map[string]int{}
	for _, g := range strings.Split(pila, "\n\n") {
		if _, creada, ok := strings.Cut(g, "created by "); ok {
			n[strings.SplitN(creada, " in goroutine", 2)[0]]++
		}
	}
	for _, quien := range slices.Sorted(maps.Keys(n)) {
		f.T.Logf("%d × %s", n[quien], quien)
	}
}

// sin fails the test when err is not nil.
func (f *falla) sin(err error) {
	f.T.Helper()
	if err != nil {
		f.T.Fatal(err)
	}
}

// vendidos waits until n more orders are acknowledged.
func (f *falla) vendidos(cuando string, n int) {
	f.T.Helper()
	cuantos := func() int {
		f.mu.Lock()
		defer f.mu.Unlock()
		return len(f.aceptados)
	}
	meta := cuantos() + n
	f.Until(fmt.Sprintf("%d orders %s", n, cuando), func() bool { return cuantos() >= meta })
}

// trabajar lets sixteen customers order, each after pausa, readers read, and drivers leave, until cerrado.
func (f *falla) trabajar(pausa time.Duration) {
	for k := range 16 {
		azar := rand.New(rand.NewPCG(uint64(k), 7))
		f.repetir(pausa, func(i int) {
			if err := f.comprarUno(1000*k+i, azar); err != nil {
				f.T.Errorf("order %d of customer %d: %v", i, k, err)
			}
		})
	}
	miran := map[string][]string{"operador": {"/pedidos?limite=5", "/pagos?limite=5"},
		"gestor": {"/visitas?limite=5", "/turnos?limite=5"},
		"cliente1": {
			"/pedidos?limite=5",
			"/clientes/yo/direcciones",
		}, "cliente2": {"/productos?limite=5"}}
	for login, caminos := range miran {
		cl := *f.As(login)
		f.repetir(15*time.Millisecond, func(i int) {
			// The libreta judges.
			_ = cl.Do(f.T.Context(), "GET", caminos[i%len(caminos)], nil, nil)
		})
	}
	f.repetir(time.Second, func(i int) { f.partir(i) })
	f.repetir(200*time.Millisecond, func(int) {
		f.maximo.Store(max(f.maximo.Load(), f.medida("go_goroutines")))
		f.memoria.Store(max(f.memoria.Load(), f.medida("process_resident_memory_bytes")))
	})
}

// repetir calls que again and again, after a pause each time, until cerrado.
func (f *falla) repetir(pausa time.Duration, que func(i int)) {
	f.wg.Go(func() {
		reloj := time.NewTicker(pausa)
		defer reloj.Stop()
		for i := 0; !f.cerrado.Load(); i++ {
			que(i)
			select {
			case <-reloj.C:
			case <-f.T.Context().Done():
				return
			}
		}
	})
}

// comprarUno places an order, however long that takes. Chance decides whether its customer cancels it or pays its
// voucher.
func (f *falla) comprarUno(i int, azar *rand.Rand) error {
	ctx, login, suerte := f.T.Context(), kit.Buyers[i%len(kit.Buyers)], azar.IntN(100)
	cl := f.clientes[login]
	clave := func(que string) apiclient.Option { return apiclient.WithKey(fmt.Sprintf("%s-%d", que, i)) }
	pago := map[string]any{"metodo": "efectivo"}
	if suerte < 80 {
		pago = f.tarjetaTerca("APRO")
	}
	var p kit.Order
	if err := cl.Do(ctx, "POST", "/pedidos", kit.Body{"direccion_id": f.direcciones[login], "pago": pago,
		"lineas": []kit.Line{{Producto: f.productos[azar.IntN(3)], Cantidad: 1 + azar.Int64N(2)}}}, &p,
		clave("pedido")); err != nil {
		return err
	}
	f.mu.Lock()
	f.aceptados[p.ID] = login
	f.mu.Unlock()
	switch {
	case suerte < 15:
		motivo := map[string]any{"motivo": "azar"}
		err := cl.Do(
			ctx,
			"POST",
			"/pedidos/"+p.ID+"/cancelacion",
			motivo,
			nil,
			clave("cancelacion"),
		)
		if cod := apiclient.Code(err); err == nil || cod == "paso-no-permitido" ||
			cod == "cancelacion-en-curso" {
			return nil
		}
		return err
	case suerte >= 80:
		for ctx.Err() == nil && f.pagarVale(p.ID) != nil { // the voucher may wait for a server
		}
	}
	return ctx.Err()
}

// partir lets the truck of some firm visit leave, arrive and deliver.
func (f *falla) partir(i int) {
	ctx, g := f.T.Context(), f.clientes["gestor"]
	var vs kit.Page[kit.Visit]
	if g.Do(ctx, "GET", "/visitas?estado=firme&limite=1", nil, &vs) != nil ||
		len(vs.Datos) == 0 {
		return
	}
	v := vs.Datos[0]
	for k, camino := range []string{
		"/camiones/" + v.CamionID + "/salida", "/visitas/" + v.ID + "/llegada", "/visitas/" + v.ID + "/entrega",
	} {
		var cuerpo any
		if k == 0 {
			cuerpo = map[string]any{"turno_id": v.TurnoID}
		}
		err := g.Do(
			ctx,
			"POST",
			camino,
			cuerpo,
			nil,
			apiclient.WithKey(fmt.Sprintf("camion-%d-%d", i, k)),
		)
		if err != nil && !slices.Contains(alGalope, apiclient.Code(err)) {
			f.T.Errorf("%s: %v", camino, err)
		}
		if err != nil {
			return
		}
	}
}

var llaves = regexp.MustCompile(`\{\w+\}`)

// recorrer calls every operation that reads, as a login that may call it; the libreta judges the answers. Streams are
// opened too, and closed again.
func (f *falla) recorrer() {
	var doc struct {
		Paths map[string]map[string]any `json:"paths"`
	}
	f.sin(f.Anonymous().Do(f.T.Context(), "GET", "/openapi.json", nil, &doc))
	f.mu.Lock()
	var id, login string
	for id, login = range f.aceptados {
		break
	}
	f.mu.Unlock()
	for camino, metodos := range doc.Paths {
		if _, ok := metodos["get"]; !ok {
			continue
		}
		for _, quien := range []string{"admin", login} {
			f.wg.Go(func() {
				ctx, soltar := context.WithTimeout(f.T.Context(), 10*time.Second)
				defer soltar()
				if strings.HasSuffix(camino, "/vivo") {
					ctx, soltar = context.WithTimeout(ctx, 4*time.Second)
					defer soltar()
				}
				_ = f.As(quien).Do(ctx, "GET", llaves.ReplaceAllString(camino, id), nil, nil)
			})
		}
	}
	if e := f.estado("/salud/listo"); e != 200 {
		f.T.Errorf("a store that all share is away and this process is not ready: %d", e)
	}
}

// listo reports whether the program's readiness names no part that is away.
func (f *falla) listo() bool {
	r, err := http.NewRequestWithContext(
		f.T.Context(),
		http.MethodGet,
		f.URL+"/salud/listo",
		nil,
	)
	if err != nil {
		return false
	}
	res, err := f.HTTP.Do(r)
	if err != nil {
		return false
	}
	defer res.Body.Close()
	var s struct {
		Estado string `json:"estado"`
	}
	return json.NewDecoder(res.Body).Decode(&s) == nil && s.Estado == "listo"
}

// estado is the status of an answer outside the API.
func (f *falla) estado(camino string) int {
	res, err := f.HTTP.Get(f.URL + camino)
	if err != nil {
		return 0
	}
	_ = res.Body.Close()
	return res.StatusCode
}

// medida is the value of a metric of the program.
func (f *falla) medida(nombre string) int64 {
	res, err := f.HTTP.Get(f.URL + "/metricas")
	if err != nil {
		f.T.Error(err)
		return 0
	}
	defer func() { _ = res.Body.Close() }()
	for l := bufio.NewScanner(res.Body); l.Scan(); {
		if texto, ok := strings.CutPrefix(l.Text(), nombre+" "); ok {
			v, err := strconv.ParseFloat(texto, 64)
			f.sin(err)
			return int64(v)
		}
	}
	f.T.Errorf("no %s among the metrics", nombre)
	return 0
}
