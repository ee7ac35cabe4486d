package modelo

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"despensa/pruebas/kit"
)

// correr lets all actors act for dura.
func (m *mundo) correr(dura time.Duration) {
	ctx, fin := context.WithTimeout(m.T.Context(), dura)
	defer fin()
	tarjetas, basta := context.WithCancel(m.T.Context())
	defer basta()
	m.surtirTarjetas(tarjetas, m.dado(1000))
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
		poner(
			"gestor",
			fmt.Sprint("calle/", i),
			150*time.Millisecond,
			func(a *actor) func() { return a.conductor },
		)
	}
	for _, login := range []string{"repartidor1", "repartidor2", "repartidor3"} {
		poner(login, login, 400*time.Millisecond, func(a *actor) func() { return a.conductor })
	}
	poner("admin", "ofertas", 500*time.Millisecond, func(a *actor) func() { return a.ofertar })
	poner(
		"admin",
		"almacen",
		150*time.Millisecond,
		func(a *actor) func() { return a.almacenero },
	)
	poner(
		"gestor",
		"gestor",
		600*time.Millisecond,
		func(a *actor) func() { return func() { a.gestor(ctx) } },
	)
	for i := range 4 {
		poner("gestor", fmt.Sprint("turnos/", i), 50*time.Millisecond,
			func(a *actor) func() { return func() { a.estrechar(ctx) } })
	}
	poner("gestor", "depositos", 800*time.Millisecond,
		func(a *actor) func() { return func() { a.cerrarDeposito(ctx) } })
	d := &diablo{mundo: m, azar: m.dado(1001)}
	mala.Go(func() {
		for ctx.Err() == nil {
			d.actuar(ctx)
			dormir(ctx, m.lento(time.Duration(d.azar.IntN(250))*time.Millisecond))
		}
	})
	mala.Go(func() { m.sede.morir(ctx, m, m.dado(1002)) })
	mala.Wait()
	d.sanar(m.T.Context())
	gente.Wait()
}

// reposar lets every order come to rest, reads the orders once more, stops the program and judges its books.
func (m *mundo) reposar() *juez {
	maq := m.maquina()
	m.descansar(maq)
	ve := m.nuevoActor("fin", "operador", 2002)
	for _, id := range m.oido.recientes("", 150) {
		if _, ok := ve.ver(id); ok {
			ve.mirarHistoria(id)
		}
	}
	m.sede.cerrar()
	return m.juzgarAhora(maq)
}

// descansar heals the gateway, opens closed shifts and depots, pays or refuses waiting payments and delivers the
// orders on the road. Then it judges the books until no fault is left that time may put right, or for
// forma.reposoMaximo.
func (m *mundo) descansar(maq maquina) *juez {
	ctx := m.T.Context()
	m.tanda++ // actors of this phase have keys of their own each time
	d := &diablo{mundo: m, azar: m.dado(2000)}
	g := m.nuevoActor("fin", "gestor", 2001)
	if m.forma.reingreso {
		m.ingresar()
	}
	m.abrirTodo(g)
	for hasta := time.Now().Add(m.forma.reposoMaximo); ; dormir(ctx, m.forma.reposoPaso) {
		if m.forma.reingreso {
			m.ingresar()
		}
		d.sanar(ctx)
		for _, a := range m.Ledger() {
			d.decidir(ctx, []kit.LedgerEntry{a})
		}
		g.terminarReparto()
		j := m.juzgarAhora(maq)
		if !slices.ContainsFunc(j.faltas, falta.puedePasar) || time.Now().After(hasta) {
			return j
		}
	}
}

// abrirTodo puts every depot and truck into service.
func (m *mundo) abrirTodo(actor *actor) {
	for _, que := range []string{"/depositos", "/camiones"} {
		for _, c := range actor.lista(que + "?limite=200") {
			actor.pedir("PATCH", que+"/"+c.ID, map[string]any{"activo": true})
		}
	}
}
