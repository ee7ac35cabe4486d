// Package escala simulates the company's program at a given rate of orders, with a given number of replicas and
// shards and a given amount of data. It is a small queueing simulation with measured costs as inputs. docs/escala.md
// shows its tables, and a test holds document and simulation together.
package escala

import (
	"container/heap"
	"math/rand/v2"
	"slices"
	"time"
)

// Costos are the measured costs of one order (docs/rendimiento.md, pruebas/banco/testdata). Times are in seconds.
type Costos struct {
	CPU         float64 // of the program
	Sync        float64 // of a disk, per commit
	Escrituras  [4]int  // writes of an order by module, in the order of Modulos; each waits for its commit
	Ida         float64 // a round trip to a server
	Idas        [4]int  // round trips of an order by module, when the module is on a server
	CPUServidor float64 // of the database servers per round trip
	Pasarela    float64 // the gateway's answer; an order waits for it twice
	CPUEscritor float64 // of a file's writer, per write; the writer runs writes one after another
}

// Modulos are in the order of Costos.
var Modulos = [4]string{"pedidos", "clientes", "pagos", "rutas"}

// Setup is a set-up of the program.
type Setup struct {
	Replicas    int // processes; more than one needs Servidores
	Nucleos     int // of each process
	Servidores  bool
	Fragmentos  int // shards of the orders' database; 1 without
	NucleosBase int // of each database server
	Calientes   int // rows that every order changes one after another, such as a product that all buy; 0: none
}

// Resultado is the outcome of a simulated run of orders.
type Resultado struct {
	PorSegundo float64 // confirmed
	Media      float64 // seconds from an order's arrival to confirmado
	P50, P99   float64
	Uso        map[string]float64
	Limite     string // the station with the highest use
}

// estacion has servidas servers and a queue, first come, first served. A station that groups (agrupa) takes all
// waiting orders at once, as the commit of a file does.
type estacion struct {
	nombre    string
	servidas  int
	agrupa    bool
	trabajan  int
	cola      []*pedido
	trabajado float64
}

// paso is a visit of an order to a station.
type paso struct {
	donde *estacion
	dura  float64
}

// pedido is an order on its way.
type pedido struct {
	llego float64
	ruta  []paso
	va    int
}

// suceso is the end of a service, or an arrival.
type suceso struct {
	cuando float64
	orden  int // of two events at one time the earlier made comes first
	donde  *estacion
	quien  []*pedido
}

// agenda is the heap of future events, the earliest first.
type agenda []suceso

// Len implements heap.Interface.
func (a agenda) Len() int { return len(a) }

// Less implements heap.Interface: the earlier event first, of two at one time the one made earlier.
func (a agenda) Less(i, j int) bool {
	return a[i].cuando < a[j].cuando || a[i].cuando == a[j].cuando && a[i].orden < a[j].orden
}

// Swap implements heap.Interface.
func (a agenda) Swap(i, j int) { a[i], a[j] = a[j], a[i] }

// Push implements heap.Interface.
func (a *agenda) Push(x any) { *a = append(*a, x.(suceso)) }

// Pop implements heap.Interface.
func (a *agenda) Pop() any {
	n := len(*a) - 1
	x := (*a)[n]
	*a = (*a)[:n]
	return x
}

// simulacion is a run.
type simulacion struct {
	ahora  float64
	hechos int // number of events made
	agenda agenda
	listos []float64 // seconds that each order took
	fin    float64
}

// semilla makes each run meet the same arrivals.
const semilla = 17

// Simular lets n orders arrive at random moments, ritmo a second on average, and returns their throughput and times.
func Simular(costos Costos, setup Setup, ritmo float64, n int) Resultado {
	s := &simulacion{}
	m := montar(costos, setup)
	azar := rand.New(rand.NewPCG(semilla, semilla))
	cuando := 0.0
	for i := range n {
		cuando += azar.ExpFloat64() / ritmo
		p := &pedido{llego: cuando, ruta: m.ruta(i, azar)}
		s.agendar(cuando, nil, []*pedido{p})
	}
	for len(s.agenda) > 0 {
		e := heap.Pop(&s.agenda).(suceso)
		s.ahora = e.cuando
		if e.donde != nil {
			s.soltar(e.donde)
		}
		for _, p := range e.quien {
			s.seguir(p)
		}
	}
	return s.resultado(m, n)
}

func (s *simulacion) agendar(cuando float64, donde *estacion, quien []*pedido) {
	s.hechos++
	heap.Push(&s.agenda, suceso{cuando: cuando, orden: s.hechos, donde: donde, quien: quien})
}

// seguir sends an order to its next station; it is confirmed when there is none.
func (s *simulacion) seguir(ped *pedido) {
	if ped.va == len(ped.ruta) {
		s.listos = append(s.listos, s.ahora-ped.llego)
		s.fin = s.ahora
		return
	}
	e := ped.ruta[ped.va].donde
	e.cola = append(e.cola, ped)
	s.servir(e)
}

// soltar frees a server of e for the orders in the queue.
func (s *simulacion) soltar(estacion *estacion) {
	estacion.trabajan--
	s.servir(estacion)
}

// servir starts orders from the queue of e as long as a server is free.
func (s *simulacion) servir(estacion *estacion) {
	for len(estacion.cola) > 0 && (estacion.servidas == 0 || estacion.trabajan < estacion.servidas) {
		n := 1
		if estacion.agrupa {
			n = len(estacion.cola)
		}
		quien := slices.Clone(estacion.cola[:n])
		estacion.cola = slices.Delete(estacion.cola, 0, n)
		dura := 0.0
		for _, p := range quien {
			dura = max(dura, p.ruta[p.va].dura)
			p.va++
		}
		estacion.trabajan++
		estacion.trabajado += dura
		s.agendar(s.ahora+dura, estacion, quien)
	}
}

func (s *simulacion) resultado(maquina *maquina, n int) Resultado {
	slices.Sort(s.listos)
	suma := 0.0
	for _, t := range s.listos {
		suma += t
	}
	r := Resultado{
		PorSegundo: float64(n) / s.fin,
		Media:      suma / float64(n),
		P50:        s.listos[n/2],
		P99:        s.listos[n*99/100],
		Uso:        map[string]float64{},
	}
	for _, e := range maquina.estaciones {
		if e.servidas == 0 || e.agrupa {
			continue // disks bound how long an order takes, not how many orders a second there are
		}
		r.Uso[e.nombre] = max(r.Uso[e.nombre], e.trabajado/s.fin/float64(e.servidas))
		if r.Limite == "" || r.Uso[e.nombre] > r.Uso[r.Limite] {
			r.Limite = e.nombre
		}
	}
	return r
}

// Tope returns the most orders a second that a house takes, without the queues of chance, and the station that bounds
// them.
func Tope(costos Costos, setup Setup) (ritmo float64, limite string) {
	const n = 200
	// Far below any bound: the use of a station per second is its cost per order.
	r := Simular(costos, setup, 1, n)
	for nombre, uso := range r.Uso {
		if t := r.PorSegundo / uso; uso > 0 &&
			(ritmo == 0 || t < ritmo || t == ritmo && nombre < limite) {
			ritmo, limite = t, nombre
		}
	}
	return ritmo, limite
}

func segundos(d time.Duration) float64 { return d.Seconds() }
