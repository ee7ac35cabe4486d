// Package modelo tests that the books agree after people, machines and the gateway have done anything that the API
// allows. A seeded crowd drives the real program, and a judge that shares no code with the modules compares the
// files, the gateway's ledger and the answers that clients got. TestModel drives the program as a process in real
// time; pruebas/tiempo, by Weeks, lets weeks pass in a synctest bubble.
package modelo

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"despensa/pruebas/kit"
)

// mundo is the program, its stand-ins and all actors that use it.
type mundo struct {
	*kit.Client
	sede        sede
	semilla     uint64
	empezo      time.Time
	forma       forma
	tanda       int          // the number of the crowd's present burst of life
	lentitud    atomic.Int64 // how many times longer than in the process the actors wait
	oido        *oido
	depositos   []string
	lugares     [][2]float64 // latitude and longitude of depositos
	conductores []string
	patentes    atomic.Int32
	adelanto    atomic.Int64  // by how much the program's clock is ahead of time.Now, in nanoseconds
	adelantado  time.Duration // the sum of the jumps; only the goroutine that kills the program uses it
	atras       bool          // the clock may jump back too
	productos   []string
	ofertas     []string
	direcciones map[string][]string // by login
	tokens      map[string]string   // access tokens by login; no actor acts while they are renewed
	clienteIDs  map[string]string   // house ids of customers by login
	tarjetas    chan string         // unused card tokens
	muertes     contadores
}

// forma are the times of a run.
type forma struct {
	reposoMaximo  time.Duration // how long the program may take to come to rest
	reposoPaso    time.Duration // between two looks at whether it is at rest
	limiteQuietud time.Duration // how long a due thing may stay due
	reingreso     bool          // a login ends before the program is at rest
}

// enProceso are the bounds of a run with the timers of ajustes.
var enProceso = forma{
	reposoMaximo:  120 * time.Second,
	reposoPaso:    500 * time.Millisecond,
	limiteQuietud: 15 * time.Second,
}

// contadores are numbers by name.
type contadores struct {
	mu sync.Mutex
	n  map[string]int
}

func (c *contadores) mas(nombre string, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.n == nil {
		c.n = map[string]int{}
	}
	c.n[nombre] += n
}

func (c *contadores) copia() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := map[string]int{}
	for k, v := range c.n {
		out[k] = v
	}
	return out
}

// deEntorno is a number that a longer run sets.
func deEntorno(t testing.TB, clave string, defecto int) int {
	t.Helper()
	v := os.Getenv(clave)
	if v == "" {
		return defecto
	}
	n, err := strconv.Atoi(v)
	if err != nil {
		t.Fatalf("%s: %v", clave, err)
	}
	return n
}

// maxLentos is the setting pedidos.max_lentos of the run.
const maxLentos = 3

// ajustes are timers so short that every deadline is met within a run, and shifts so small that depots have to
// change.
var ajustes = []string{
	"DESPENSA_PEDIDOS_SONDEO=50ms", "DESPENSA_PEDIDOS_LEASE=4s", "DESPENSA_PEDIDOS_FRANJA_PUBLICAR=200ms",
	"DESPENSA_PEDIDOS_MIRAR_PAGO=1s", "DESPENSA_PEDIDOS_MIRAR_VISITA=1s", "DESPENSA_PEDIDOS_REPASO=1s",
	"DESPENSA_PEDIDOS_ESPERA_MINIMA=100ms", "DESPENSA_PEDIDOS_ESPERA_MAXIMA=2s",
	"DESPENSA_PEDIDOS_PLAZOS_EFECTIVO=30s", "DESPENSA_PEDIDOS_PLAZOS_TRANSFERENCIA=25s",
	"DESPENSA_PEDIDOS_PLAZOS_TARJETA=25s",
	"DESPENSA_PEDIDOS_PLAZOS_PASARELA=20s", "DESPENSA_PEDIDOS_PLAZOS_SIN_CAMION=12s",
	"DESPENSA_PEDIDOS_PLAZOS_REINTENTO=60s",
	fmt.Sprint("DESPENSA_PEDIDOS_MAX_LENTOS=", maxLentos),
	"DESPENSA_PAGOS_PLAZO=1200ms", "DESPENSA_PAGOS_EN_CURSO=2800ms", "DESPENSA_PAGOS_RONDA=100ms",
	"DESPENSA_PAGOS_SONDEO_MIN=300ms",
	"DESPENSA_PAGOS_SONDEO_MAX=2s", "DESPENSA_PAGOS_SONDEO_RESERVA=3s", "DESPENSA_PAGOS_CORTE_PAUSA=500ms",
	"DESPENSA_PAGOS_SONDEO_COBRADO=2s", "DESPENSA_PAGOS_AVISO_REPOSO=200ms", "DESPENSA_PAGOS_ESPERA_MIN=50ms",
	"DESPENSA_PAGOS_ESPERA_MAX=200ms",
	"DESPENSA_RUTAS_VISITAS_MAX=5", "DESPENSA_RUTAS_CIERRE=1s", "DESPENSA_RUTAS_LIMPIEZA=2s",
}

// opcionales are settings that not every release has.
func opcionales(t *testing.T) (out []string) {
	hay := kit.ReadText(t, "configs/default.yaml")
	for clave, v := range map[string]string{"max_rechazos": "DESPENSA_PEDIDOS_MAX_RECHAZOS_CLIENTE=400"} {
		if strings.Contains(hay, clave+":") {
			out = append(out, v)
		}
	}
	return out
}

// fundar gives the program of sede, which cliente calls, small depots: few goods, few trucks.
func fundar(t testing.TB, semilla uint64, sede sede, cliente *kit.Client, forma forma) *mundo {
	t.Helper()
	m := &mundo{Client: cliente, sede: sede, semilla: semilla, empezo: time.Now(), forma: forma,
		direcciones: map[string][]string{}, tokens: map[string]string{}, clienteIDs: map[string]string{}}
	m.oido = nuevoOido(m.empezo)
	m.lentitud.Store(1)
	azar := rand.New(rand.NewPCG(semilla, 0))
	m.ingresar()
	// Each of them is one that the simulator knows.
	m.Simulate(map[string]any{"fallas": mentiras})
	m.Simulate(map[string]any{"fallas": []any{}})
	m.flota(azar)
	m.surtir(azar)
	for _, login := range kit.Buyers {
		m.darDirecciones(login, azar)
	}
	return m
}

// ingresar logs every account in and keeps its access token.
func (m *mundo) ingresar() {
	m.Readdress(m.URL)
	for _, login := range append([]string{"operador", "gestor", "admin", "auditor", "repartidor1", "repartidor2",
		"repartidor3"}, kit.Buyers...) {
		m.tokens[login] = m.Token(login)
	}
}

// flota gives each depot some small trucks more.
func (m *mundo) flota(azar *rand.Rand) {
	for _, c := range kit.All[cosa](m.Client, "gestor", "/repartidores") {
		m.conductores = append(m.conductores, c.ID)
	}
	for _, d := range kit.All[cosa](m.Client, "gestor", "/depositos") {
		m.depositos = append(m.depositos, d.ID)
		m.lugares = append(m.lugares, [2]float64{d.Lat, d.Lon})
		for range 3 {
			m.Must("gestor", "POST", "/camiones", m.camion(d.ID, azar), nil)
		}
	}
}

// camion is a small truck with a new plate; every second truck is refrigerated.
func (m *mundo) camion(deposito string, azar *rand.Rand) map[string]any {
	n := m.patentes.Add(1)
	return map[string]any{
		"patente":         fmt.Sprintf("M%c%03dDL", 'A'+n/1000, n%1000),
		"deposito_id":     deposito,
		"peso_max_gramos": 40_000,
		"volumen_max_ml":  60_000,
		"frio":            n%2 == 0,
		"repartidor_id":   m.conductores[azar.IntN(len(m.conductores))],
		"horario": map[string]any{
			"desde": "07:00",
			"hasta": "21:00",
			"dias":  []int{0, 1, 2, 3, 4, 5, 6},
		},
	}
}

// surtir makes products, with a few units in each depot.
func (m *mundo) surtir(azar *rand.Rand) {
	for i := range 10 {
		var p cosa
		m.Must(
			"admin",
			"POST",
			"/productos",
			kit.Body{"nombre": fmt.Sprint("Modelo ", i), "categoria": "modelo",
				"precio_centavos": 10_000 + azar.IntN(90_000),
				"iva":             []string{"21", "10.5", "exento"}[i%3], "peso_gramos": 200 + azar.IntN(900),
				"volumen_ml": 300 + azar.IntN(900), "frio": i%4 == 0 && i < 8},
			&p,
		)
		if i >= 8 {
			m.ofertas = append(m.ofertas, p.ID)
			continue
		}
		m.productos = append(m.productos, p.ID)
		for _, d := range m.depositos {
			m.Must(
				"admin",
				"POST",
				"/productos/"+p.ID+"/movimientos",
				kit.Body{"cantidad": 30 + azar.IntN(60),
					"motivo": "compra", "deposito_id": d},
				nil,
			)
		}
	}
}

// otrosLugares are the places, latitude and longitude, around which customers have their second and third address.
var otrosLugares = [][2]float64{{-34.555, -58.465}, {-34.648, -58.41}}

// solicitado is the depot nearest to the address that most customers order to at the moment; any depot, when that is
// the first address, which differs from customer to customer.
func (a *actor) solicitado() string {
	lugar := a.popular()%(1+len(otrosLugares)) - 1
	if lugar < 0 {
		d, _ := alguno(a, a.depositos)
		return d
	}
	lejos := func(i int) float64 {
		return math.Hypot(
			a.lugares[i][0]-otrosLugares[lugar][0],
			a.lugares[i][1]-otrosLugares[lugar][1],
		)
	}
	mejor := 0
	for i := range a.lugares {
		if lejos(i) < lejos(mejor) {
			mejor = i
		}
	}
	return a.depositos[mejor]
}

// darDirecciones gives a customer two more addresses, so that another depot is the nearest.
func (m *mundo) darDirecciones(login string, azar *rand.Rand) {
	var yo cosa
	m.Must(login, "GET", "/clientes/yo", nil, &yo)
	m.clienteIDs[login], m.direcciones[login] = yo.ID, []string{m.Address(login)}
	for i, p := range otrosLugares {
		var d cosa
		m.Must(
			login,
			"POST",
			"/clientes/yo/direcciones",
			kit.Body{"nombre": fmt.Sprint("Casa ", i),
				"calle": "Gurruchaga 100",
				"lat":   p[0] + azar.Float64()/100, "lon": p[1] + azar.Float64()/100},
			&d,
		)
		m.direcciones[login] = append(m.direcciones[login], d.ID)
	}
}

// surtirTarjetas keeps some card tokens ready until ctx ends.
func (m *mundo) surtirTarjetas(ctx context.Context, azar *rand.Rand) {
	m.tarjetas = make(chan string, 8)
	for range 8 {
		suyo := rand.New(rand.NewPCG(azar.Uint64(), 0))
		go func() {
			for ctx.Err() == nil {
				m.surtirUna(ctx, suyo)
			}
		}()
	}
}

func (m *mundo) surtirUna(ctx context.Context, azar *rand.Rand) {
	// A silent gateway is silent to browsers too.
	breve, fin := context.WithTimeout(ctx, 2*time.Second)
	defer fin()
	id, err := m.TokenFor(breve, titular(azar), "5031755734530604")
	if err != nil {
		dormir(ctx, 50*time.Millisecond)
		return
	}
	select {
	case m.tarjetas <- id:
	case <-ctx.Done():
	}
}

// titular is the holder's name on a card, which decides the gateway's answer: approved, in process or a reason of
// refusal.
func titular(azar *rand.Rand) string {
	switch n := azar.IntN(100); {
	case n < 70:
		return "APRO"
	case n < 80:
		return "CONT"
	default:
		return []string{"FUND", "OTHE", "CALL", "SECU", "EXPI", "DUPL", "INST", "BLAC", "ATTE"}[azar.IntN(9)]
	}
}

// dormir paces an actor: it returns after d, or when ctx ends.
func dormir(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// lento is d times the present lentitud.
func (m *mundo) lento(
	d time.Duration,
) time.Duration {
	return d * time.Duration(m.lentitud.Load())
}

// popular is the day, counted from today, that most customers choose at the moment. The stock that depots have for it
// runs out while payments are decided.
func (m *mundo) popular() int { return 1 + int(time.Since(m.empezo)/m.lento(5*time.Second))%12 }

// oferta is the product of the moment, of which each depot has one or two units: many customers order it at the same
// time, and the late ones are served from another depot.
func (m *mundo) oferta() string {
	return m.ofertas[int(time.Since(m.empezo)/m.lento(7*time.Second))%len(m.ofertas)]
}

// compas is the time until the next moment at which all customers order at once.
func (m *mundo) compas() time.Duration {
	cada := m.lento(1500 * time.Millisecond)
	return cada - time.Since(m.empezo)%cada
}

// ahora is the program's clock.
func (m *mundo) ahora() time.Time { return time.Now().Add(time.Duration(m.adelanto.Load())) }
