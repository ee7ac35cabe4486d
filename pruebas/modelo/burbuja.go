package modelo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	ajustesdelprograma "despensa/internal/ajustes"
	"despensa/pruebas/kit"
)

// Weeks lets the crowd of TestModel live for so many days in the synctest bubble of t, in bursts between which hours
// pass, while the gateway lies and the program dies. Then the trucks drive until every order has ended, and the same
// judge compares the same books. kit.Prepare is called outside of the bubble before. The story goes to t's log.
func Weeks(t testing.TB, semilla uint64, dias int) {
	t.Helper()
	b := &burbuja{
		Program: kit.Start(t, kit.InMemory, kit.WithSettings(deSemanas), func(c *kit.Program) {
			c.Pruebas.Ronda = sondeo
		}),
	}
	m := fundar(t, semilla, b, b.Client, enBurbuja)
	b.mundo = m
	m.adelanto.Store(int64(time.Until(b.Clock.Now())))
	m.oido.sello = func() string { return m.ahora().In(buenosAires).Format(fechaDelCuento) }
	m.atras = os.Getenv(variableAtras) != ""
	b.Reopen()
	azar := m.dado(3000)
	for fin := m.ahora().AddDate(0, 0, dias); m.ahora().Before(fin) && !t.Failed(); {
		b.tanda(azar)
		b.callar(azar)
	}
	b.cuenta("the crowd has gone, the gateway is sound")
	j := m.descansar(m.maquina()) // orders that are promised a truck are judged before it comes
	if len(j.faltas) == 0 {
		b.acabar(azar)
		j = m.reposar()
	}
	m.informar(j)
	m.denunciar(j)
}

// sondeo is how often the program looks for due work without a wake-up. Weeks allow a thousand of these looks, not a
// million.
const sondeo = 15 * time.Minute

// enBurbuja are the bounds of a run with the timers of deSemanas.
var enBurbuja = forma{
	reposoMaximo:  6 * time.Hour,
	reposoPaso:    sondeo,
	limiteQuietud: 2 * sondeo,
	reingreso:     true,
}

// deSemanas sets the program's default deadlines of hours and days; only the polls are slower and the trucks smaller.
func deSemanas(configuracion *ajustesdelprograma.Configuracion) {
	d, err := ajustesdelprograma.Leer([]string{"DESPENSA_DATOS=" + configuracion.Datos})
	if err != nil {
		panic(err)
	}
	configuracion.Pedidos = d.Pedidos
	configuracion.Pagos = d.Pagos
	configuracion.Rutas = d.Rutas
	configuracion.Auditoria = d.Auditoria
	configuracion.Pedidos.Sondeo, configuracion.Pedidos.FranjaPublicar = sondeo, sondeo
	configuracion.Pedidos.Repaso = 2 * time.Hour
	configuracion.Pedidos.Mirar.Pago, configuracion.Pedidos.Mirar.Visita = 2*time.Hour, 6*time.Hour
	configuracion.Pedidos.MaxLentos = maxLentos
	configuracion.Pedidos.MaxRechazos.Cliente = 1000
	configuracion.Pedidos.MaxRechazos.Direccion = 10_000
	configuracion.Pagos.Ronda, configuracion.Rutas.Cierre = sondeo, 12*time.Hour
	configuracion.Pagos.SondeoMax = time.Hour
	configuracion.Rutas.VisitasMax, configuracion.Rutas.Horizonte = 5, 7*24*time.Hour
	configuracion.Auditoria.Intervalo, configuracion.Auditoria.EsperaMax = time.Minute, time.Hour
}

// burbuja is the program in a bubble: in this process, over a network in memory and files.
type burbuja struct {
	*kit.Program
	mundo  *mundo
	muerte *kit.Death
	antes  map[string]int // counts of the actors' deeds before this burst
}

var _ sede = (*burbuja)(nil)

// fechaDelCuento is the format of a time in a story.
const fechaDelCuento = "Mon 02/01 15:04:05.000"

// cuenta adds a line to the story.
func (b *burbuja) cuenta(formato string, args ...any) {
	b.T.Logf("%s  %s", b.mundo.oido.sello(), fmt.Sprintf(formato, args...))
}

// Reopen starts the program anew, with a new Death.
func (b *burbuja) Reopen() {
	b.Close()
	b.muerte = b.Mortal()
	b.Open()
}

// lentitudes are the factors by which actors wait longer in a burst than in the process. The shortest burst lasts two
// seconds, within the waits of one payment; the longest lasts twenty minutes, longer than leases and polls.
var lentitudes = []int64{1, 10, 100, 600}

// tanda lets the crowd live for a burst.
func (b *burbuja) tanda(azar *rand.Rand) {
	m := b.mundo
	m.tanda++
	m.ingresar()
	m.lentitud.Store(lentitudes[azar.IntN(len(lentitudes))])
	dura := m.lento(time.Duration(800+azar.IntN(800)) * time.Millisecond)
	b.cuenta("burst %d, for %v", m.tanda, dura.Round(time.Second/10))
	m.correr(dura)
	m.lentitud.Store(1)
	ahora, hizo := m.oido.hechos.copia(), map[string]int{}
	for que, n := range ahora {
		if n > b.antes[que] {
			hizo[que] = n - b.antes[que]
		}
	}
	b.antes = ahora
	b.cuenta("burst %d: %s", m.tanda, enOrden(hizo))
}

// callar lets one to three stretches of one to eight hours pass, in which no actor does anything; after a stretch the
// program may die or stop.
func (b *burbuja) callar(azar *rand.Rand) {
	for range 1 + azar.IntN(3) {
		time.Sleep(time.Duration(60+azar.IntN(420)) * time.Minute)
		if azar.IntN(4) == 0 {
			b.caer(context.Background(), azar)
		}
	}
}

// morir implements sede: the program dies at some effect, or is stopped, or its clock jumps like that of a machine
// that hung.
func (b *burbuja) morir(ctx context.Context, mundo *mundo, azar *rand.Rand) {
	for {
		dormir(ctx, mundo.lento(time.Duration(300+azar.IntN(1500))*time.Millisecond))
		if ctx.Err() != nil {
			return
		}
		b.caer(ctx, azar)
	}
}

// caer ends the program, by a death or a stop, and starts it again.
func (b *burbuja) caer(ctx context.Context, azar *rand.Rand) {
	m := b.mundo
	switch n := azar.IntN(100); {
	case n < 60:
		cuantos := 1 + azar.IntN(40)
		b.muerte.In(cuantos)
		select {
		case <-b.muerte.Dead:
			b.cuenta("the program dies at effect %d", cuantos)
		case <-time.After(m.lento(time.Second)):
			b.muerte.Now()
			b.cuenta("the program dies")
		}
		m.muertes.mas("kills", 1)
		b.Bury()
	case n < 80:
		b.Pruebas.Cut = nil // so that a failed stop is an error of the test
		b.Close()
		b.cuenta("the program stops")
		m.muertes.mas("stops", 1)
	default:
		b.saltar(azar)
		m.muertes.mas("pauses", 1)
		return
	}
	if azar.IntN(2) == 0 {
		b.saltar(azar)
	}
	b.muerte = b.Mortal()
	b.Open()
}

// saltar moves the program's clock ahead, or back by no more than it is ahead.
func (b *burbuja) saltar(azar *rand.Rand) {
	salto := b.mundo.salto(azar)
	b.Clock.Advance(salto)
	b.cuenta("the program's clock jumps by %v", salto.Round(time.Second))
}

// acabar lets the trucks drive, with a sound gateway, until every order has ended; plazoDeTodo after the last burst at
// the latest, for then every deadline is over.
func (b *burbuja) acabar(azar *rand.Rand) {
	const paso = 6 * time.Hour
	m := b.mundo
	b.cuenta("the books agree, the trucks drive")
	g := m.nuevoActor("calle", "gestor", 1004)
	for fin := m.ahora().Add(plazoDeTodo); ; time.Sleep(paso) {
		m.tokens["gestor"] = b.otroToken("gestor")
		abiertas := b.abiertas()
		if len(abiertas) == 0 {
			b.cuenta("every order has ended")
			return
		}
		if m.ahora().After(fin) {
			b.cuenta("there wait %v", abiertas)
			for id, estado := range abiertas {
				m.oido.mal(id, "is %s %v after the crowd has gone", estado, plazoDeTodo)
			}
			return
		}
		g.repartirHoy()
		if azar.IntN(20) == 0 {
			b.caer(b.T.Context(), azar)
		}
	}
}

// plazoDeTodo is longer than an order of the last burst can take: a window at the horizon, two more visits, a truck
// that never comes back.
const plazoDeTodo = 24 * 24 * time.Hour

// otroToken logs in anew and returns the access token.
func (b *burbuja) otroToken(login string) string {
	b.Readdress(b.URL)
	return b.Token(login)
}

// abiertas are the orders that wait for something, and their states.
func (b *burbuja) abiertas() map[string]string {
	out := map[string]string{}
	for id, o := range leerLibros(b.abrirLibros(b.T), b.mundo.ahora()).pedidos {
		if !slices.Contains([]string{"entregado", "rechazado", "cancelado", "devuelto"}, o.Estado) {
			out[id] = o.Estado
		}
	}
	return out
}

// repartirHoy lets the trucks of today leave and reports the outcome at most doors.
func (a *actor) repartirHoy() {
	salieron := map[string]bool{}
	for _, v := range a.deHoy(a.lista("/visitas?estado=firme&limite=200")) {
		if !salieron[v.TurnoID] && !a.suerte(20) {
			salieron[v.TurnoID] = true
			a.salir(v)
		}
	}
	for _, v := range a.lista("/visitas?estado=en_camino&limite=200") {
		if !a.suerte(10) {
			a.puerta(v)
		}
	}
}

// abrirLibros implements sede.
func (b *burbuja) abrirLibros(t testing.TB) *lector { return enCarpeta(t, b.Dir) }

// carpeta implements sede.
func (b *burbuja) carpeta() string { return b.Dir }

// cerrar implements sede.
func (b *burbuja) cerrar() {
	b.SoundTrail()
	b.Pruebas.Cut = nil
	b.Close()
}
