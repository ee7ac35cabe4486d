package modelo

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// juez compares the books and counts its comparisons.
type juez struct {
	*libros
	regla    string
	hechas   map[string]int // comparisons by rule
	faltas   []falta
	dePedido map[string]dinero // by reference
}

// reglas are the rules, in the order in which they are judged.
var reglas = []struct {
	nombre string
	juzgar func(*juez)
}{
	{nombre: "oido", juzgar: (*juez).oido},
	{nombre: "maquina", juzgar: (*juez).historias},
	{nombre: "quietud", juzgar: (*juez).quietud},
	{nombre: "dinero", juzgar: (*juez).dineros},
	{nombre: "anotado", juzgar: (*juez).anotado},
	{nombre: "avisado", juzgar: (*juez).avisado},
	{nombre: "cobros", juzgar: (*juez).deCobros},
	{nombre: "reembolsos", juzgar: (*juez).deReembolsos},
	{nombre: "precio", juzgar: (*juez).precios},
	{nombre: "lentos", juzgar: (*juez).lentos},
	{nombre: "stock", juzgar: (*juez).stock},
	{nombre: "ventas", juzgar: (*juez).ventas},
	{nombre: "vencidos", juzgar: (*juez).vencidos},
	{nombre: "lugar", juzgar: (*juez).lugar},
	{nombre: "visitas", juzgar: (*juez).deVisitas},
	{nombre: "dicho", juzgar: (*juez).dicho},
}

// puedePasar reports whether time may put f right: f is about work that is still to be done, not about a past event.
func (f falta) puedePasar() bool {
	return !slices.Contains(
		[]string{"oido", "maquina", "precio", "lentos", "vencidos"},
		f.Regla,
	)
}

// Environment variables that change the rules of a run.
const (
	variableSin = "DESPENSA_TEST_MODELO_SIN" // rules to leave out, between commas
	// variableAtras lets the clock jump back too (B14: a deadline further away than its longest wait counts as due).
	variableAtras = "DESPENSA_TEST_MODELO_ATRAS"
)

// omitidas are the rules by which a run is not judged.
func omitidas() []string { return strings.Split(os.Getenv(variableSin), ",") }

// juzgar judges libros by every rule but those of menos.
func juzgar(libros *libros, menos ...string) *juez {
	j := &juez{
		libros:   libros,
		hechas:   map[string]int{},
		dePedido: dineroPorReferencia(libros.ordenesDePago),
	}
	for _, r := range reglas {
		if !slices.Contains(menos, r.nombre) {
			j.regla = r.nombre
			r.juzgar(j)
		}
	}
	return j
}

// exige counts a comparison; when bien is false, the sentence of formato and args becomes a fault of pedido.
func (j *juez) exige(bien bool, pedido, formato string, args ...any) {
	j.hechas[j.regla]++
	if !bien {
		j.faltas = append(
			j.faltas,
			falta{Regla: j.regla, Pedido: pedido, Que: fmt.Sprintf(formato, args...)},
		)
	}
}

// comprobaciones is how many comparisons were made.
func (j *juez) comprobaciones() (n int) {
	for _, k := range j.hechas {
		n += k
	}
	return n
}

// oido: no answer contradicted the promises of the API: a status below 500, a code, the same answer to a repetition.
func (j *juez) oido() {
	j.hechas[j.regla] += len(j.dichos)
	j.faltas = append(j.faltas, j.faltasAlOido...)
}

// historias: every event follows the one before, and by the machine's table.
func (j *juez) historias() {
	for id, o := range j.pedidos {
		estado, intento := "", 1
		for i, e := range o.Doc.Eventos {
			j.exige(e.Seq == i+1, id, "event %d has the number %d", i+1, e.Seq)
			j.exige(j.legal(i, e, estado, intento), id,
				"event %d is %s from %q to %q in intento %d, after %q in intento %d",
				i+1, e.Tipo, e.De, e.A, e.Intento, estado, intento)
			estado, intento = e.A, e.Intento
		}
		j.exige(
			estado == o.Estado && estado == o.Doc.Estado,
			id,
			"it is %s, its document says %s, its history %s",
			o.Estado,
			o.Doc.Estado,
			estado,
		)
		j.exige(intento == o.Doc.Intento && intento >= 1 && intento <= 3, id,
			"it is in intento %d, its history in %d", o.Doc.Intento, intento)
		j.exige(
			o.Eventos == len(o.Doc.Eventos),
			id,
			"its row has %d events, its document %d",
			o.Eventos,
			len(o.Doc.Eventos),
		)
		j.exige(o.Cliente == o.Doc.Cliente, id, "row and document name two customers")
	}
	for id := range j.publicados {
		j.exige(j.pedidos[id] != nil, id, "has published events and is no order")
	}
}

// legal reports whether event number i may follow one that ended in estado.
func (j *juez) legal(i int, evento evento, estado string, intento int) bool {
	if i == 0 {
		return evento.Tipo == "creado" && evento.De == "" && evento.A == "creado" &&
			evento.Intento == 1
	}
	for _, t := range j.maquina.Transiciones {
		if t.Paso == evento.Tipo {
			sigue := intento
			if evento.Tipo == "reintentar" {
				sigue++
			}
			return evento.De == estado && slices.Contains(t.De, evento.De) && evento.A == t.A &&
				evento.Intento == sigue
		}
	}
	return evento.De == estado && evento.A == estado &&
		evento.Intento == intento // moves no state
}

// vivo reports whether an order in estado keeps its goods and its money.
func vivo(estado string) bool {
	return slices.Contains([]string{"confirmado", "en_reparto", "entregado"}, estado)
}

// terminado reports whether an order in estado gives, or has given, goods and money back.
func terminado(estado string) bool {
	return slices.Contains([]string{"fallido", "rechazado", "cancelado", "devuelto"}, estado)
}

// abierto reports whether an order in estado is due again by a timer.
func abierto(estado string) bool {
	return slices.Contains([]string{"confirmado", "en_reparto", "fallido"}, estado)
}

// esperaMaxima is further away than any wait of the program reaches, but those that grow with the age of a charge.
const esperaMaxima = 4 * 24 * time.Hour

// quietud: every order is at rest, and every open one has a time at which it goes on.
func (j *juez) quietud() {
	for id, o := range j.pedidos {
		d := o.Doc
		j.exige(vivo(o.Estado) || terminado(o.Estado), id, "is %s: not at rest", o.Estado)
		j.exige(o.Debe != nil || !abierto(o.Estado), id, "is %s and never due again", o.Estado)
		espera := esperaMaxima // an order that waits for a truck or a door is due after the planned time
		if o.Estado == "confirmado" || o.Estado == "en_reparto" {
			espera += max(0, d.Entrega.Desde.Sub(j.ahora))
		}
		j.plazo(id, "the order", o.Debe, espera)
		j.exige(o.Publicados == o.Eventos && j.publicados[id] == o.Eventos, id,
			"%d events, published up to %d, %d in the event store",
			o.Eventos, o.Publicados, j.publicados[id])
		j.exige(d.Nota == nil && d.Pedida == nil, id, "a cancel or a retry is under way")
		for _, r := range d.Reembolsos {
			j.exige(
				r.Estado != "pedido" || terminado(o.Estado),
				id,
				"refund %s of %d has not been made",
				r.ID,
				r.Monto,
			)
		}
		for i, in := range d.Intentos {
			acabado := i < len(d.Intentos)-1 || terminado(o.Estado)
			j.exige(in.Deshecho || !acabado, id, "intento %d is over and not undone", in.Numero)
		}
	}
	for _, c := range j.cobros {
		espera := esperaMaxima
		if c.Cobrado > 0 { // a charge that may be refunded at the panel is read again at twice the age of its last look
			espera = max(espera, j.ahora.Sub(c.Creado))
		}
		j.plazo(c.Pedido, fmt.Sprintf("the charge of intento %d", c.Intento), c.Debe, espera)
		j.exige(c.Debe != nil || c.Estado != "pendiente" && c.Estado != "reservado", c.Pedido,
			"charge of intento %d is %s and never due again", c.Intento, c.Estado)
	}
	for _, b := range j.buzones {
		j.exige(
			b.Vencidos == 0 || j.ahora.Sub(b.Desde) < j.limiteQuietud,
			"",
			"%s: %d due, the oldest since %v",
			b.Nombre,
			b.Vencidos,
			j.ahora.Sub(b.Desde),
		)
	}
	for _, id := range j.apartados {
		j.exige(false, id, "has been set aside as unreadable")
	}
}

// plazo: a due time is neither long past nor further away than the longest wait.
func (j *juez) plazo(pedido, que string, debe *time.Time, espera time.Duration) {
	if debe == nil {
		return
	}
	j.exige(
		j.ahora.Sub(*debe) < j.limiteQuietud,
		pedido,
		"%s has been due for %v",
		que,
		j.ahora.Sub(*debe),
	)
	j.exige(
		debe.Sub(j.ahora) < espera,
		pedido,
		"%s is due in %v: never",
		que,
		debe.Sub(j.ahora),
	)
}

// lentos: of one customer no more orders wait at once for a method that takes days than may.
func (j *juez) lentos() {
	lenta := map[string]bool{}
	for _, c := range j.cobros {
		lenta[fmt.Sprint(c.Pedido, "-", c.Intento)] = c.Metodo == "efectivo" ||
			c.Metodo == "transferencia"
	}
	type corte struct {
		en    time.Time
		mas   int
		quien string
	}
	cortes := map[string][]corte{}
	for id, o := range j.pedidos {
		for i, e := range o.Doc.Eventos {
			if e.A != "pago_pendiente" || e.De == "pago_pendiente" ||
				!lenta[fmt.Sprint(id, "-", e.Intento)] {
				continue
			}
			hasta := j.ahora
			for _, s := range o.Doc.Eventos[i+1:] {
				if s.A != "pago_pendiente" {
					hasta = s.En
					break
				}
			}
			cortes[o.Cliente] = append(cortes[o.Cliente], corte{en: e.En, mas: 1, quien: id},
				corte{en: hasta, mas: -1, quien: id})
		}
	}
	for cliente, cs := range cortes {
		slices.SortFunc(cs, func(a, b corte) int {
			if c := a.en.Compare(b.en); c != 0 {
				return c
			}
			return a.mas - b.mas
		})
		n := 0
		for _, c := range cs {
			n += c.mas
			j.exige(
				n <= j.maxLentos,
				c.quien,
				"customer %s has %d orders that wait for days at %v, %d are allowed",
				cliente,
				n,
				c.en,
				j.maxLentos,
			)
		}
	}
}
