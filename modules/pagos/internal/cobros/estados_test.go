package cobros

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/gateway"
)

// dinero is the money of a charge, as the state table in doc.go names it.
const (
	sinDinero = "none"
	tomado    = "taken"
	devueltos = "given back"
	negado    = "refused"
)

// filaEstado is a row of the first table in doc.go.
type filaEstado struct {
	cierre, vista, dinero, estado, espera, tarea, debe string

	vence string // of the rows that differ by it: "before" or "after"; "" = any
}

// linea is the row as doc.go has it.
func (r filaEstado) linea() string {
	return strings.TrimRight(fmt.Sprintf("//\t%-6s %-10s %-10s %-11s %-36s %-21s %s",
		r.cierre, r.vista, r.dinero, r.estado, r.espera, r.tarea, r.debe), " ")
}

var filasEstado = []filaEstado{
	{cierre: "open", vista: "en_proceso", dinero: sinDinero, estado: "pendiente",
		espera: "the provider, to decide", tarea: "look, revisar", debe: "soon, or at Vence"},
	{
		cierre: "open",
		vista:  "en_espera",
		dinero: sinDinero,
		estado: "pendiente",
		vence:  "before",
		espera: "the customer, to pay before Vence",
		tarea:  "look, revisar",
		debe:   "soon, or at Vence",
	},
	{cierre: "open", vista: "en_espera", dinero: sinDinero, estado: "pendiente", vence: "after",
		espera: "the gateway, to void after Vence", tarea: "Cancelar, tarea", debe: "soon"},
	{cierre: "open", vista: "reservada", dinero: sinDinero, estado: "reservado",
		espera: "Capturar or Anular of pedidos", tarea: "look, revisar", debe: "Sondeo.Reserva"},
	{cierre: "open", vista: "cobrada", dinero: tomado, estado: "cobrado",
		espera: "nothing; refunds may be asked for", tarea: "look, revisar", debe: "Sondeo.Cobrado"},
	{cierre: "open", vista: "cobrada", dinero: devueltos, estado: "reembolsado",
		espera: "nothing", tarea: "none", debe: "never"},
	{cierre: "closed", vista: "never seen", dinero: sinDinero, estado: "Cierre",
		espera: "an order that the gateway denies", tarea: "look, revisar", debe: "Vigilancia"},
	{cierre: "closed", vista: "en_proceso", dinero: sinDinero, estado: "Cierre",
		espera: "the provider, to decide", tarea: "look, revisar", debe: "soon"},
	{cierre: "closed", vista: "en_espera", dinero: sinDinero, estado: "Cierre",
		espera: "the gateway, to void the order", tarea: "Cancelar, reintegro", debe: "soon"},
	{cierre: "closed", vista: "reservada", dinero: sinDinero, estado: "Cierre",
		espera: "the gateway, to void the reservation", tarea: "Cancelar, reintegro", debe: "soon"},
	{cierre: "closed", vista: "rechazada", dinero: sinDinero, estado: "Cierre",
		espera: "nothing", tarea: "none", debe: "never"},
	{cierre: "closed", vista: "cancelada", dinero: sinDinero, estado: "Cierre",
		espera: "nothing", tarea: "none", debe: "never"},
	{cierre: "closed", vista: "cobrada", dinero: tomado, estado: "cobrado",
		espera: "the gateway, to give the rest back", tarea: "Reembolsar, reintegro", debe: "soon"},
	{cierre: "closed", vista: "cobrada", dinero: negado, estado: "cobrado",
		espera: "an operator, to give the rest back", tarea: "look, revisar", debe: "Sondeo.Cobrado"},
	{cierre: "closed", vista: "cobrada", dinero: devueltos, estado: "reembolsado",
		espera: "nothing", tarea: "none", debe: "never"},
}

// ahoraEstado is the present of the test; sondeoEstado has waits that differ from one another.
var (
	ahoraEstado  = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	sondeoEstado = Sondeo{
		Min: 10 * time.Second, Max: 10 * time.Minute, Reserva: time.Hour, Cobrado: 2 * time.Hour,
		Vigilancia: 72 * time.Hour,
	}
)

// conDinero is a charge of 4,900.00 that began an hour ago, with money as dinero names it.
func conDinero(cierre pagos.Estado, vista gateway.Estado, dinero string) CobroEntero {
	f := cobroDe()
	f.Cierre, f.Vista, f.Creado = cierre, vista, ahoraEstado.Add(-time.Hour)
	if vista != "" {
		f.Orden = "ORD1" // known since the first report
	}
	if dinero != sinDinero {
		f.Cobrado = pedidoMonto
	}
	switch dinero {
	case devueltos:
		f.Reembolsado = pedidoMonto
		f.Reembolsos = []Reembolso{{ID: "r", Monto: pedidoMonto, Estado: Hecho, Orden: 1}}
	case negado:
		f.Reembolsos = []Reembolso{{
			ID:     deResto(anulacion, pedidoMonto),
			Monto:  pedidoMonto,
			Estado: Fallido,
			Orden:  1,
			Motivo: irreversible,
		}}
	}
	f.Estado = f.derivar()
	return f
}

// tareaDe names the step that cobroEntero needs, as doc.go does.
func tareaDe(cobroEntero CobroEntero) string {
	switch o := cobroEntero.siguienteTarea(ahoraEstado); {
	case o.clase == espera:
		return "none, tarea"
	case o.clase == sincronizar:
		return "look, tarea"
	case o.clase == hacer && cobroEntero.Cierre != "" && cobroEntero.sinSaldar() < 0:
		return strings.ToUpper(string(o.accion[:1])) + string(o.accion[1:]) + ", reintegro"
	case o.clase == hacer:
		return strings.ToUpper(string(o.accion[:1])) + string(o.accion[1:]) + ", tarea"
	}
	if cobroEntero.proximaRevision(sondeoEstado, ahoraEstado).IsZero() {
		return "none"
	}
	return "look, revisar"
}

// debeDe is when cobroEntero is due for the name that doc.go gives to that time.
func debeDe(cobroEntero CobroEntero, nombre string) time.Time {
	pronto := ahoraEstado.Add(sondeoEstado.Min)
	switch nombre {
	case "soon":
		return pronto
	case "soon, or at Vence":
		if cobroEntero.Vence.After(ahoraEstado) && cobroEntero.Vence.Before(pronto) {
			return cobroEntero.Vence
		}
		return pronto
	case "Sondeo.Reserva":
		return ahoraEstado.Add(sondeoEstado.Reserva)
	case "Sondeo.Cobrado":
		return ahoraEstado.Add(sondeoEstado.Cobrado)
	case "Vigilancia":
		return ahoraEstado.Add(ahoraEstado.Sub(cobroEntero.Creado))
	case "Hasta and holgura":
		return cobroEntero.Hasta.Add(holgura)
	}
	return time.Time{}
}

// TestStateTable: the tables in doc.go are true. Each combination of Cierre, Vista, money and Vence that a charge may
// have is in exactly one row of the first, with the Estado, the step and the time of that row.
func TestStateTable(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	lineas := strings.Split(string(doc), "\n")
	for _, r := range filasEstado {
		if !slices.Contains(lineas, r.linea()) {
			t.Errorf("doc.go has no line\n%s", r.linea())
		}
	}
	vistas := []gateway.Estado{
		"", gateway.EnProceso, gateway.EnEspera, gateway.Reservada, gateway.Rechazada, gateway.Cancelada, gateway.Cobrada,
	}
	vencen := map[string]time.Time{
		"a card": {}, "soon over": ahoraEstado.Add(time.Second),
		"far away": ahoraEstado.Add(time.Hour), "over": ahoraEstado,
	}
	veces := make([]int, len(filasEstado))
	for _, cierre := range []pagos.Estado{"", pagos.Rechazado, pagos.Vencido, pagos.Anulado} {
		for _, vista := range vistas {
			for _, dinero := range []string{sinDinero, tomado, devueltos, negado} {
				if !posible(cierre, vista, dinero) {
					continue
				}
				for cuando, vence := range vencen {
					f := conDinero(cierre, vista, dinero)
					f.Vence = vence
					i := filaDe(t, f, dinero)
					veces[i]++
					nombre := fmt.Sprintf("%s,%s,%s,%s", cierre, vista, dinero, cuando)
					t.Run(nombre, func(t *testing.T) { probarFila(t, f, filasEstado[i]) })
				}
			}
		}
	}
	for i, n := range veces {
		if n == 0 {
			t.Errorf("no charge is in the row\n%s", filasEstado[i].linea())
		}
	}
}

// posible reports whether a charge without a call under way may have these members together.
func posible(cierre pagos.Estado, vista gateway.Estado, dinero string) bool {
	switch {
	case (vista == gateway.Cobrada) != (dinero != sinDinero):
		return false // Cobrado is set when Vista becomes Cobrada
	case cierre != "":
		return true
	case vista == "", vista == gateway.Rechazada, vista == gateway.Cancelada:
		return false // Crear is under way until the first report; cerrarSegun closes the other two
	}
	return dinero != negado // an open charge gives nothing back by itself
}

// filaDe is the index of the only row that cobroEntero is in.
func filaDe(t *testing.T, cobroEntero CobroEntero, dinero string) int {
	t.Helper()
	vista, cierre, vence := string(cobroEntero.Vista), "closed", "before"
	if vista == "" {
		vista = "never seen"
	}
	if cobroEntero.Cierre == "" {
		cierre = "open"
	}
	if cobroEntero.vencido(ahoraEstado) {
		vence = "after"
	}
	var filas []int
	for i, r := range filasEstado {
		if r.cierre == cierre && r.vista == vista && r.dinero == dinero &&
			(r.vence == "" || r.vence == vence) {
			filas = append(filas, i)
		}
	}
	if len(filas) != 1 {
		t.Fatalf("%s, %s, %s, %s Vence is in %d rows", cierre, vista, dinero, vence, len(filas))
	}
	return filas[0]
}

// probarFila fails unless cobroEntero has the Estado, the step and the time of filaEstado.
func probarFila(t *testing.T, cobroEntero CobroEntero, filaEstado filaEstado) {
	estado := filaEstado.estado
	if estado == "Cierre" {
		estado = string(cobroEntero.Cierre)
	}
	if got := string(cobroEntero.derivar()); got != estado {
		t.Errorf("Estado %s, want %s", got, estado)
	}
	if got := tareaDe(cobroEntero); got != filaEstado.tarea {
		t.Errorf("step %q, want %q", got, filaEstado.tarea)
	}
	got, want := cobroEntero.proximaRevision(
		sondeoEstado,
		ahoraEstado,
	), debeDe(cobroEntero, filaEstado.debe)
	if !got.Equal(want) {
		t.Errorf("due %s, want %s", got, want)
	}
}

// TestWhatIsUnderWayComesFirst: the second table in doc.go holds for a charge in every row of the first.
func TestWhatIsUnderWayComesFirst(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	pedido := Reembolso{ID: "p", Monto: 1, Estado: Solicitado, Orden: 9}
	tests := map[string]struct {
		cambio              func(f *CobroEntero)
		espera, tarea, debe string
	}{
		"Accion, till Hasta": {
			espera: "the call, to end",
			tarea:  "none, tarea",
			debe:   "Hasta and holgura",
			cambio: func(f *CobroEntero) { f.Accion, f.Hasta = Cancelar, ahoraEstado.Add(time.Second) },
		},
		"Accion, after Hasta": {
			espera: "its result, read at the gateway",
			tarea:  "look, tarea",
			debe:   "soon",
			cambio: func(f *CobroEntero) { f.Accion, f.Hasta = Cancelar, ahoraEstado },
		},
		"Crear, never found": {
			espera: "nothing, after Sondeo.Vigilancia",
			tarea:  "look, tarea",
			debe:   "never",
			cambio: func(f *CobroEntero) {
				f.Accion, f.Orden = Crear, ""
				f.Hasta = ahoraEstado.Add(-sondeoEstado.Vigilancia - time.Second)
			},
		},
		"refund Solicitado": {
			espera: "the gateway, to make the refund",
			tarea:  "Reembolsar, tarea",
			debe:   "soon",
			cambio: func(f *CobroEntero) { f.Reembolsos = append(f.Reembolsos, pedido) },
		},
	}
	for nombre, tt := range tests {
		linea := fmt.Sprintf("//\t%-19s %-36s %-21s %s", nombre, tt.espera, tt.tarea, tt.debe)
		if !slices.Contains(strings.Split(string(doc), "\n"), linea) {
			t.Errorf("doc.go has no line\n%s", linea)
		}
		for _, cierre := range []pagos.Estado{"", pagos.Anulado} {
			for _, vista := range []gateway.Estado{gateway.EnProceso, gateway.Reservada, gateway.Cobrada} {
				dinero := sinDinero
				if vista == gateway.Cobrada {
					dinero = tomado
				}
				t.Run(fmt.Sprintf("%s,%s,%s", nombre, cierre, vista), func(t *testing.T) {
					f := conDinero(cierre, vista, dinero)
					tt.cambio(&f)
					if got := tareaDe(f); got != tt.tarea {
						t.Errorf("step %q, want %q", got, tt.tarea)
					}
					if got, want := f.proximaRevision(sondeoEstado, ahoraEstado), debeDe(f, tt.debe); !got.Equal(
						want,
					) {
						t.Errorf("due %s, want %s", got, want)
					}
				})
			}
		}
	}
}
