package fases

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/rutas"
)

// historia is the life of one order: the state of its neighbours, and an action that a person asks of the
// order.
type historia struct {
	nuevo   func() *pedido.Pedido
	vecinos func(m *mundo)
	en      pedido.Estado // the estado in which pide is asked, once
	pide    func(p *pedido.Pedido, ahora time.Time) error
	otra    bool // pide is asked each time the order enters en
}

func anula(ped *pedido.Pedido, ahora time.Time) error {
	return ped.PedirCancelacion(pedido.Nota{Motivo: "x"}, ahora)
}

func reembolsa(ped *pedido.Pedido, ahora time.Time) error {
	return ped.PedirReembolso(pedido.Reembolso{ID: "r", Monto: 100_00}, ahora)
}

func reembolsaTodo(ped *pedido.Pedido, ahora time.Time) error {
	return ped.PedirReembolso(pedido.Reembolso{ID: "r"}, ahora)
}

func devuelve(n int64) func(p *pedido.Pedido, ahora time.Time) error {
	return func(p *pedido.Pedido, ahora time.Time) error {
		d := pedido.Devolucion{
			ID:     "d",
			Lineas: []pedido.LineaDevuelta{{Producto: "yerba", Cantidad: n}},
		}
		if err := p.PedirDevolucion(d, time.Hour, ahora); err != nil {
			return err
		}
		r := pedido.Reparto{Recibido: map[string][]pedido.Partida{"yerba": {{Cantidad: 2}}},
			Destinados: []pedido.Destinado{
				{Producto: "yerba", Cantidad: 1, Destino: pedido.AExistencias},
			}}
		return p.AceptarDevolucion("d", r, ahora)
	}
}

// seCorre books the first visit a day later than offered. The goods of its depot expire before that.
func seCorre(mundo *mundo) {
	mundo.stock.corto = ventanaDe(t0).Hasta
	mundo.stock.corta = map[string]int64{"norte": 4}
	mundo.rutas.tarde = 24 * time.Hour
}

func acaban(con ...rutas.EstadoVisita) func(m *mundo) {
	return func(m *mundo) {
		m.rutas.acaba = func(n int) rutas.EstadoVisita { return con[min(n, len(con))-1] }
	}
}

// historias lead through every estado, and through every call of its phase.
var historias = map[string]historia{
	"card":    {nuevo: pedidoNuevo},
	"voucher": {nuevo: enVale},
	"voucher, not paid": {
		nuevo:   enVale,
		vecinos: func(m *mundo) { m.pagos.pagada = t0.Add(1000 * time.Hour) },
	},
	"first depot is full": {nuevo: enVale, vecinos: func(m *mundo) {
		m.dice = m.llenar("norte", rutas.ErrSinLugar)
	}},
	"cancelled, accepted":  {nuevo: pedidoNuevo, en: pedido.Aceptado, pide: anula},
	"cancelled, confirmed": {nuevo: pedidoNuevo, en: pedido.Confirmado, pide: anula},
	"cancelled, waiting":   {nuevo: enVale, en: pedido.PagoPendiente, pide: anula},
	"refund, confirmed":    {nuevo: pedidoNuevo, en: pedido.Confirmado, pide: reembolsa},
	"refund, on its way":   {nuevo: pedidoNuevo, en: pedido.EnReparto, pide: reembolsa},
	"refund, delivered":    {nuevo: pedidoNuevo, en: pedido.Entregado, pide: reembolsa},
	"part returned":        {nuevo: pedidoNuevo, en: pedido.Entregado, pide: devuelve(1)},
	"all returned":         {nuevo: pedidoNuevo, en: pedido.Entregado, pide: devuelve(2)},
	"refund of all, on its way": {
		nuevo: pedidoNuevo,
		en:    pedido.EnReparto,
		pide:  reembolsaTodo,
	},
	"refund of all, confirmed": {
		nuevo: pedidoNuevo,
		en:    pedido.Confirmado,
		pide:  reembolsaTodo,
	},
	"second visit": {
		nuevo:   pedidoNuevo,
		vecinos: acaban(rutas.Fallida, rutas.Entregada),
	},
	"three visits fail": {nuevo: pedidoNuevo, vecinos: acaban(rutas.Fallida)},
	"visits are lost":   {nuevo: pedidoNuevo, vecinos: acaban(rutas.Perdida)},
	"a later window":    {nuevo: pedidoNuevo, vecinos: seCorre},
	"a later window, no goods": {nuevo: pedidoNuevo, vecinos: func(m *mundo) {
		seCorre(m)
		m.stock.libre = map[string]int64{"norte": 4}
	}},
	"no departure": {
		nuevo:   pedidoNuevo,
		vecinos: func(m *mundo) { m.rutas.sale = false },
	},
	"no outcome": {nuevo: pedidoNuevo, vecinos: acaban(rutas.EnCamino)},
	"payment lapses": {
		nuevo:   pedidoNuevo,
		vecinos: dicen("pagos.Capturar", pagos.ErrVencido, 1),
	},
	"first depot is short": {
		nuevo:   pedidoNuevo,
		vecinos: dicen("Stock.Reservar", existencias.ErrFalta, 1),
	},
	"three failures": {
		nuevo:   pedidoNuevo,
		vecinos: dicen("pagos.Capturar", pagos.ErrVencido, 3),
		en:      pedido.Fallido,
		otra:    true,
		pide: func(p *pedido.Pedido, ahora time.Time) error {
			return p.PedirReintento(
				pedido.Cambios{Pago: &pedido.Pago{Metodo: "tarjeta_debito", Token: "t",
					MarcaDeTarjeta: "visa"}},
				ahora,
			)
		},
	},
	"too late to retry": {
		nuevo:   pedidoNuevo,
		vecinos: func(m *mundo) { m.stock.libre = map[string]int64{} },
	},
}

// dicen answers the first n calls named llamada with err.
func dicen(llamada string, err error, n int) func(m *mundo) {
	return func(m *mundo) {
		veces := 0
		m.dice = func(l string) error {
			if l != llamada || veces == n {
				return nil
			}
			veces++
			return err
		}
	}
}

// llenar answers the first booking at deposito with err. From then on there is no room at that depot.
func (m *mundo) llenar(deposito string, err error) func(string) error {
	return func(llamada string) error {
		if llamada != "rutas.Reservar" || m.rutas.llenos[deposito] {
			return nil
		}
		m.rutas.llenos[deposito] = true
		return err
	}
}

// momento is the place of an error: the phase of an estado, or of its noted cancel, and the call.
type momento struct{ en, llamada string }

func momentoDe(ped *pedido.Pedido) string {
	if ped.Nota != nil {
		return string(ped.Estado) + "+nota"
	}
	return string(ped.Estado)
}

// vivir carries the order of h to its end, and gives the calls that each phase made. Before every phase antes
// may change the neighbours.
func (h historia) vivir(
	t testing.TB,
	antes func(m *mundo, p *pedido.Pedido),
) (*mundo, *pedido.Pedido, []momento) {
	t.Helper()
	m, p := nuevoMundo(t), h.nuevo()
	if h.vecinos != nil {
		h.vecinos(m)
	}
	var vistos []momento
	pedida := h.pide == nil
	for n, entro := 0, t0; n < 5_000; n++ {
		if !pedida && p.Estado == h.en {
			pedida = true
			if err := h.pide(p, m.ahora); err != nil {
				t.Fatal(err)
			}
		}
		if p.Debe == nil {
			return m, p, vistos
		}
		m.ahora = despues(m.ahora, *p.Debe)
		antes(m, p)
		en, estado := momentoDe(p), p.Estado
		_ = m.paso(p)
		for _, l := range m.llamadas {
			vistos = append(vistos, momento{en, l})
		}
		if p.Estado != estado {
			entro = m.ahora
			pedida = pedida && !h.otra
		}
		if dura := m.ahora.Sub(entro); dura > paciencia(p) {
			t.Fatalf("%s for %s, with %v", p.Estado, dura, m.llamadas)
		}
	}
	t.Fatalf("the order never rests: %s, due %v", p.Estado, p.Debe)
	return nil, nil, nil
}

// paciencia is the longest time that an order may stand in its estado: the sum of the deadlines of its waits.
func paciencia(ped *pedido.Pedido) time.Duration {
	switch ped.Estado {
	case pedido.PagoPendiente:
		return tiempos.Efectivo + time.Minute
	case pedido.Confirmado:
		return time.Duration(
			tiempos.IntentosEntrega,
		)*28*time.Hour + tiempos.Salida + time.Minute
	case pedido.EnReparto:
		return 5*time.Hour + tiempos.Reparto + time.Minute
	case pedido.Entregado, pedido.Rechazado, pedido.Cancelado, pedido.Devuelto:
		return 100 * time.Hour
	case pedido.Fallido:
		return tiempos.Reintento + time.Minute
	}
	return 3*tiempos.SinCamion + time.Minute
}

// cuentas lists the contradictions between the neighbours' books and an order at rest.
func (m *mundo) cuentas(ped *pedido.Pedido) (mal []string) {
	dice := func(bien bool, formato string, args ...any) {
		if !bien {
			mal = append(mal, fmt.Sprintf(formato, args...))
		}
	}
	visitas := m.rutas.con()
	llevado := ped.Estado != pedido.Devuelto && slices.Contains(visitas, rutas.Entregada)
	queda, vendido := total, int64(2)
	for _, r := range ped.Reembolsos {
		if r.Estado == pedido.ReembolsoHecho {
			queda -= r.Monto
		}
		dice(r.Estado != pedido.ReembolsoPedido, "a refund is %s", r.Estado)
	}
	if ped.Estado != pedido.Entregado {
		dice(
			ped.Terminado() && ped.Motivo != "",
			"it rests as %s for %q",
			ped.Estado,
			ped.Motivo,
		)
		queda = 0
	}
	if ped.Terminado() &&
		ped.Marcado(pedido.MarcaRechazado) { // the gateway refused to give the money back
		queda = m.pagos.queda()
		debe := ped.Reembolsos[len(ped.Reembolsos)-1]
		dice(debe.Estado == pedido.ReembolsoRechazado && debe.Rechazo != "",
			"it owes %d without saying so: %+v", queda, debe)
	}
	if !llevado {
		vendido = 0
	}
	dice(len(ped.PorAsentar()) == 0, "%d that came back are not booked", len(ped.PorAsentar()))
	for _, r := range ped.Retornos {
		puesto := map[string]map[int64]int64{
			pedido.AExistencias: m.stock.vueltos,
			pedido.ADescarte:    m.stock.tirados,
		}
		hay := puesto[r.Destino][r.Numero]
		dice(hay == r.Cantidad, "%d of %s are booked: %+v", hay, r.Destino, r)
	}
	_, hay := ped.PorDeshacer()
	dice(!hay, "an intento is left to undo")
	dice(ped.Estado != pedido.Fallido, "it rests as fallido")
	dice(m.pagos.queda() == queda, "the house keeps %d, want %d", m.pagos.queda(), queda)
	dice(suma(m.stock.vendido) == vendido, "%d sold, want %d", suma(m.stock.vendido), vendido)
	dice(suma(m.stock.reservado) == 0, "%d are reserved", suma(m.stock.reservado))
	for _, v := range visitas {
		dice(
			v != rutas.Provisional && v != rutas.Firme &&
				(v != rutas.EnCamino || ped.Terminado()),
			"a visit is %s",
			v,
		)
	}
	return mal
}
