package tiempo_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"despensa/internal/ajustes"
	"despensa/pruebas/kit"
)

// quieto are the default settings with polls that suit weeks: between two polls only hand-offs, notices and relays
// move an order, and they work at once.
func quieto(configuracion *ajustes.Configuracion) {
	d, err := ajustes.Leer([]string{"DESPENSA_DATOS=" + configuracion.Datos})
	if err != nil {
		panic(err)
	}
	configuracion.Pedidos = d.Pedidos
	configuracion.Pagos = d.Pagos
	configuracion.Rutas = d.Rutas
	configuracion.Auditoria = d.Auditoria
	const cada = 15 * time.Minute
	configuracion.Pedidos.Sondeo, configuracion.Pedidos.FranjaPublicar = cada, cada
	configuracion.Pedidos.Repaso = 2 * time.Hour
	configuracion.Pedidos.Mirar.Pago, configuracion.Pedidos.Mirar.Visita = 30*time.Minute, 2*time.Hour
	configuracion.Pagos.Ronda, configuracion.Rutas.Cierre = cada, cada
	configuracion.Auditoria.Intervalo, configuracion.Auditoria.EsperaMax = time.Minute, time.Hour
}

// mundo is the whole program in a bubble, the people around it, and their story.
type mundo struct {
	*kit.Program
	azar     *rand.Rand
	producto string
	ordenes  []*orden
	cuento   strings.Builder
}

// orden is an order, the plan that its people follow, and the state in which it was last read.
type orden struct {
	kit.Order
	login   string
	plan    plan
	visitas []string // ids of the visits that have had an outcome, or will have none
	hechos  map[string]bool
}

// nuevoMundo opens the program inside the bubble of t.
func nuevoMundo(t *testing.T, semilla uint64) *mundo {
	c := kit.Start(
		t,
		kit.InMemory,
		kit.WithSettings(quieto),
		func(c *kit.Program) { c.Pruebas.Ronda = 15 * time.Minute },
	)
	m := &mundo{Program: c, azar: rand.New(rand.NewPCG(semilla, semilla))}
	m.producto = m.NewProduct("Yerba de la semilla", existencia)
	return m
}

// existencia is the stock of the product that all customers buy, in units.
const existencia = 10_000

// cuenta adds a line to the story.
func (m *mundo) cuenta(formato string, args ...any) {
	fmt.Fprintf(
		&m.cuento,
		"%s  %s\n",
		m.Clock.Now().Format("Mon 02/01 15:04"),
		fmt.Sprintf(formato, args...),
	)
}

// dormir lets d go by; then all accounts log in anew, because a login lasts an hour.
func (m *mundo) dormir(d time.Duration) {
	time.Sleep(d)
	m.Readdress(m.URL)
}

// pasar lets d go by; every cada, mirar reads the orders and repartir drives the trucks.
func (m *mundo) pasar(d, cada time.Duration) {
	for fin := m.Clock.Now().Add(d); m.Clock.Now().Before(fin); {
		m.mirar()
		m.repartir()
		m.dormir(min(cada, fin.Sub(m.Clock.Now())))
	}
}

// mirar reads all orders, tells the changes in the story, and lets the people of each order act as planned.
func (m *mundo) mirar() {
	ahora := map[string]kit.Order{}
	for _, p := range kit.All[kit.Order](m.Client, "operador", "/pedidos") {
		ahora[p.ID] = p
	}
	for _, o := range m.ordenes {
		p, hay := ahora[o.ID]
		if !hay {
			m.T.Fatalf("order %s was acknowledged and is lost", o.ID)
		}
		if p.Estado != o.Estado || p.Intento != o.Intento {
			m.cuenta(
				"%s (%s): %s -> %s %s",
				p.Codigo,
				o.plan.nombre,
				o.Estado,
				p.Estado,
				p.Motivo,
			)
		}
		o.Order = p
		m.actuar(o)
	}
}

// actuar carries out the action of o's plan for the present estado, once per intento.
func (m *mundo) actuar(orden *orden) {
	clave := fmt.Sprint(orden.Estado, orden.Intento)
	if hacer := orden.plan.al[orden.Estado]; hacer != nil && !orden.hechos[clave] {
		orden.hechos[clave] = true
		hacer(m, orden)
	}
}

// pedir places an order as planned, and gives the program time for it.
func (m *mundo) pedir(plan plan) *orden {
	login := fmt.Sprintf("cliente%d", len(m.ordenes)%5+1)
	lineas := kit.Lines(kit.Line{Producto: m.producto, Cantidad: 1 + m.azar.Int64N(3)})
	compra := m.NewPurchase(login, lineas, kit.PayingWith(plan.pago(m)))
	o := &orden{login: login, plan: plan, hechos: map[string]bool{}}
	if plan.antes != nil {
		plan.antes(m)
	}
	o.Order = m.Order(login, compra)
	m.ordenes = append(m.ordenes, o)
	m.cuenta("%s (%s): ordered by %s, %d centavos", o.Codigo, plan.nombre, login, o.Total)
	m.dormir(time.Minute)
	if plan.despues != nil {
		plan.despues(m, o)
	}
	return o
}

// cerrados are the estados of orders that wait for nothing.
var cerrados = []string{"entregado", "rechazado", "cancelado", "devuelto"}

// abiertas are the orders that still wait for something.
func (m *mundo) abiertas() (out []string) {
	for _, o := range m.ordenes {
		if !slices.Contains(cerrados, o.Estado) {
			out = append(out, fmt.Sprintf("%s (%s): %s", o.Codigo, o.plan.nombre, o.Estado))
		}
	}
	return out
}

// cuadrar compares the books, and the stock of the product that all customers buy.
func (m *mundo) cuadrar() {
	for _, mal := range m.Differences(nil) {
		m.T.Errorf("the books do not agree: %s", mal)
	}
	vendido := int64(0)
	for _, o := range m.ordenes {
		if o.Estado == "entregado" {
			vendido += o.Lineas[0].Cantidad
		}
	}
	if libre := m.Available(m.producto); libre != existencia-vendido {
		m.T.Errorf("%d units are free after %d were sold of %d", libre, vendido, existencia)
	}
}
