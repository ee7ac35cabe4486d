package modelo_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"despensa/pruebas/kit"
)

// TestModel lets a crowd do lawful and unlawful things for DESPENSA_TEST_MODELO seconds while the gateway lies and
// the process dies, and then compares all books. DESPENSA_TEST_SEMILLA is the seed: each actor's choices follow from
// it, the order in which they come does not. DESPENSA_TEST_MODELO_REPLICAS is the number of processes: one over files,
// or several over the servers that DESPENSA_TEST_… name.
func TestModel(t *testing.T) {
	if replicas(t) == 1 {
		kit.MeetsNoServer(t)
	}
	semilla := uint64(deEntorno(t, "DESPENSA_TEST_SEMILLA", int(time.Now().UnixNano()%1_000_000)))
	segundos := deEntorno(t, "DESPENSA_TEST_MODELO", 10)
	t.Logf("DESPENSA_TEST_SEMILLA=%d, %d seconds", semilla, segundos)
	m := fundar(t, semilla)
	m.atras = os.Getenv(variableAtras) != ""
	m.correr(time.Duration(segundos) * time.Second)
	j := m.reposar()
	m.informar(j)
	m.denunciar(j)
}

// correr lets everybody act for so long.
func (m *mundo) correr(dura time.Duration) {
	ctx, fin := context.WithTimeout(m.T.Context(), dura)
	defer fin()
	tarjetas, basta := context.WithCancel(m.T.Context())
	defer basta()
	m.surtirTarjetas(tarjetas, rand.New(rand.NewPCG(m.semilla, 1000)))
	var gente, mala sync.WaitGroup
	k := 0
	poner := func(login, nombre string, pausa time.Duration, vida func(*actor) func()) {
		a := m.nuevoActor(nombre, login, k)
		k++
		gente.Go(func() { a.vivir(ctx, pausa, vida(a)) })
	}
	for i := range 15 {
		login := kit.Buyers[i%len(kit.Buyers)]
		poner(login, fmt.Sprint(login, "/", i/len(kit.Buyers)), 200*time.Millisecond,
			func(a *actor) func() { return a.cliente })
	}
	for i := range 2 {
		poner("operador", fmt.Sprint("operador/", i), 200*time.Millisecond,
			func(a *actor) func() { return a.operador })
		poner("gestor", fmt.Sprint("calle/", i), 150*time.Millisecond, func(a *actor) func() { return a.conductor })
	}
	for _, login := range []string{"repartidor1", "repartidor2", "repartidor3"} {
		poner(login, login, 400*time.Millisecond, func(a *actor) func() { return a.conductor })
	}
	poner("admin", "ofertas", 500*time.Millisecond, func(a *actor) func() { return a.ofertar })
	poner("admin", "almacen", 150*time.Millisecond, func(a *actor) func() { return a.almacenero })
	poner("gestor", "gestor", 600*time.Millisecond, func(a *actor) func() { return func() { a.gestor(ctx) } })
	for i := range 2 {
		poner("gestor", fmt.Sprint("turnos/", i), 50*time.Millisecond,
			func(a *actor) func() { return func() { a.estrechar(ctx) } })
	}
	poner("gestor", "depositos", 800*time.Millisecond,
		func(a *actor) func() { return func() { a.cerrarDeposito(ctx) } })
	d := &diablo{mundo: m, azar: rand.New(rand.NewPCG(m.semilla, 1001))}
	mala.Go(func() {
		for ctx.Err() == nil {
			d.actuar(ctx)
			dormir(ctx, time.Duration(d.azar.IntN(250))*time.Millisecond)
		}
	})
	mala.Go(func() { m.sede.morir(ctx, m, rand.New(rand.NewPCG(m.semilla, 1002))) })
	mala.Wait()
	d.sanar(m.T.Context())
	gente.Wait()
}

// Bounds of coming to rest.
const (
	reposoMaximo  = 120 * time.Second
	limiteQuietud = 15 * time.Second
)

// reposar heals the gateway, opens what is closed, pays or refuses what waits, delivers what is on the road, and
// judges the books until nothing is wrong, or for reposoMaximo; then once more when the process has ended.
func (m *mundo) reposar() *juez {
	ctx := m.T.Context()
	d := &diablo{mundo: m, azar: rand.New(rand.NewPCG(m.semilla, 2000))}
	g := m.nuevoActor("fin", "gestor", 2001)
	ve := m.nuevoActor("fin", "operador", 2002)
	m.abrirTodo(g)
	maq := m.maquina()
	hasta := time.Now().Add(reposoMaximo)
	for {
		d.sanar(ctx)
		for _, a := range m.Ledger() {
			d.decidir(ctx, []kit.Asiento{a})
		}
		g.terminarReparto()
		j := m.juzgarAhora(maq)
		if !slices.ContainsFunc(j.faltas, falta.puedePasar) || time.Now().After(hasta) {
			break
		}
		dormir(ctx, 500*time.Millisecond)
	}
	for _, id := range m.oido.recientes("", 150) {
		if _, ok := ve.ver(id); ok {
			ve.mirarHistoria(id)
		}
	}
	m.sede.cerrar()
	return m.juzgarAhora(maq)
}

// abrirTodo puts every depot and truck into service.
func (m *mundo) abrirTodo(g *actor) {
	for _, que := range []string{"/depositos", "/camiones"} {
		for _, c := range g.lista(que + "?limite=200") {
			g.pedir("PATCH", que+"/"+c.ID, map[string]any{"activo": true})
		}
	}
}

func (m *mundo) maquina() (maq maquina) {
	if err := m.Anonymous().Hacer(m.T.Context(), "GET", "/pedidos/maquina", nil, &maq); err != nil {
		m.T.Fatal(err)
	}
	return maq
}

// juzgarAhora reads all books and judges them.
func (m *mundo) juzgarAhora(maq maquina) *juez {
	l := leerLibros(m.sede.abrirLibros(m.T), m.ahora())
	l.maquina, l.maxLentos, l.limiteQuietud = maq, maxLentos, limiteQuietud
	m.oido.en(l)
	return juzgar(l, omitidas()...)
}

// informar prints the counts of everything.
func (m *mundo) informar(j *juez) {
	finales, cambios, motivos := map[string]int{}, map[string]int{}, map[string]int{}
	for _, o := range j.pedidos {
		finales[o.Estado]++
		for _, e := range o.Doc.Eventos {
			if e.Motivo != "" && e.De != e.A {
				motivos[e.Tipo+" "+e.Motivo]++
			}
		}
		dentro, entre := o.Doc.depositos()
		if dentro || entre {
			cambios["orders"]++
		}
		if dentro {
			cambios["inside an intento"]++
		}
	}
	t := m.T
	t.Logf("orders: %d, by end: %s", len(j.pedidos), enOrden(finales))
	t.Logf("reasons: %s", enOrden(motivos))
	t.Logf("depots changed in: %s (%d %% of the orders)", enOrden(cambios),
		100*cambios["orders"]/max(1, len(j.pedidos)))
	if n := len(j.pedidos); n >= 300 && 5*cambios["orders"] < n {
		t.Logf("TOO TAME: depots are to change in a fifth of the orders")
	}
	t.Logf("done: %s", enOrden(m.oido.hechos.copia()))
	t.Logf("process and gateway: %s", enOrden(m.muertes.copia()))
	t.Logf("answers: %s", enOrden(m.oido.status.copia()))
	t.Logf("charges: %d, refunds: %d, movements: %d, visits: %d", len(j.cobros), len(j.reembolsos),
		len(j.movimientos), len(j.visitas))
	t.Logf("NOT JUDGED: %s", strings.Join(omitidas(), " "))
	t.Logf("checks: %d: %s", j.comprobaciones(), enOrden(j.hechas))
}

// depositos reports whether the depot changed inside an intento, or between two.
func (d documento) depositos() (dentro, entre bool) {
	antes := ""
	for _, in := range d.Intentos {
		for i, v := range in.Vueltas {
			if antes != "" && v.Deposito != antes {
				dentro, entre = dentro || i > 0, entre || i == 0
			}
			antes = v.Deposito
		}
	}
	return dentro, entre
}

func enOrden(n map[string]int) string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(n)) {
		out = append(out, fmt.Sprintf("%s %d", k, n[k]))
	}
	return strings.Join(out, ", ")
}

// denunciadas is how many faults are told in full.
const denunciadas = 12

// denunciar fails the test with every fault, the seed, and the story of its order.
func (m *mundo) denunciar(j *juez) {
	for i, f := range j.faltas {
		if i == denunciadas {
			m.T.Errorf("... and %d more", len(j.faltas)-i)
			break
		}
		m.T.Errorf("seed %d: %s\n%s", m.semilla, f, j.cuento(f.Pedido))
	}
	if dir := os.Getenv("DESPENSA_TEST_MODELO_GUARDA"); dir != "" && len(j.faltas) > 0 {
		if err := os.CopyFS(filepath.Join(dir, fmt.Sprint("semilla-", m.semilla)), os.DirFS(m.sede.carpeta())); err != nil {
			m.T.Error(err)
		}
	}
}

// cuento is the story of an order: what actors did, and what the order says happened.
func (j *juez) cuento(id string) string {
	var b strings.Builder
	if d := j.dichos[id]; d != nil {
		fmt.Fprintf(&b, "  first told to %s\n", d.Por)
		for _, linea := range d.Cuento {
			fmt.Fprintf(&b, "  %.400s\n", linea)
		}
	}
	if o := j.pedidos[id]; o != nil {
		for _, e := range o.Doc.Eventos {
			fmt.Fprintf(&b, "  event %d %s %s: %s -> %s, intento %d\n", e.Seq, e.En.Format("15:04:05.000"), e.Tipo,
				e.De, e.A, e.Intento)
		}
		fmt.Fprintf(&b, "  now %s, due %v, %+v\n", o.Estado, o.Debe, o.Doc.Pago)
	}
	return b.String()
}
