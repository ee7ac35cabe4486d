package fases

import (
	"testing"
	"time"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/rutas"
)

// como sets every visit that holds room in a truck to e.
func como(estadoVisita rutas.EstadoVisita) func(*mundo, *pedido.Pedido) {
	return func(m *mundo, _ *pedido.Pedido) {
		for _, v := range m.rutas.visitas {
			v.Estado = estadoVisita
		}
	}
}

// alLimite sets the clock to d after the deadline of a departure; before it when d is negative.
func alLimite(d time.Duration, estadoVisita rutas.EstadoVisita) func(*mundo, *pedido.Pedido) {
	return func(m *mundo, p *pedido.Pedido) {
		m.rutas.sale, m.ahora = false, p.Entrega.Hasta.Add(tiempos.Salida+d)
		como(estadoVisita)(m, p)
	}
}

func TestEsperarSalida(t *testing.T) {
	hastaSalida := 28*time.Hour + tiempos.Salida                       // the window ends after 28 h
	mirada := 23*time.Hour + tiempos.MirarVisita - 12*time.Millisecond // the truck leaves after 23 h
	enCamino := func(m *mundo, p *pedido.Pedido) { como(rutas.EnCamino)(m, p); m.rutas.acaba = nil }
	probar(t, pedidoNuevo, pedido.Confirmado, map[string]prueba{
		"not yet":    {estado: pedido.Confirmado, espera: mirada},
		"on its way": {antes: enCamino, estado: pedido.EnReparto},
		"delivered":  {antes: como(rutas.Entregada), estado: pedido.EnReparto},
		"failed":     {antes: como(rutas.Fallida), estado: pedido.EnReparto},
		"lost":       {antes: como(rutas.Perdida), estado: pedido.Confirmado},
		"freed":      {antes: como(rutas.Liberada), estado: pedido.Confirmado},
		"no such visit": {
			dice:   dice("rutas.Visita", rutas.ErrSinVisita),
			estado: pedido.Confirmado,
		},
		"rutas fails": {dice: dice("rutas.Visita", errCaso), antes: func(m *mundo,
			_ *pedido.Pedido) {
			m.rutas.sale = false
		},
			estado: pedido.Confirmado, espera: time.Second, err: errCaso,
			acaba: fin{estado: pedido.Cancelado, motivo: MotivoSinSalida, tras: hastaSalida}},
		"no truck leaves": {antes: func(m *mundo, _ *pedido.Pedido) { m.rutas.sale = false },
			estado: pedido.Confirmado, espera: mirada,
			acaba: fin{estado: pedido.Cancelado, motivo: MotivoSinSalida, tras: hastaSalida}},
		"just before the deadline": {
			antes:  alLimite(-time.Millisecond, rutas.Firme),
			estado: pedido.Confirmado,
		},
		"at the deadline": {
			antes:  alLimite(0, rutas.Firme),
			estado: pedido.Cancelado,
			motivo: MotivoSinSalida,
		},
		"at the deadline it leaves": {
			antes:  alLimite(0, rutas.Firme),
			dice:   dice("rutas.Liberar", rutas.ErrYaSalio),
			estado: pedido.EnReparto,
		},
		"at the deadline rutas fails": {
			antes:  alLimite(0, rutas.Firme),
			dice:   dice("rutas.Liberar", errCaso),
			estado: pedido.Cancelado,
			motivo: MotivoSinSalida,
			err:    errCaso,
		},
		"lost at the deadline": {
			antes:  alLimite(0, rutas.Perdida),
			estado: pedido.Cancelado,
			motivo: MotivoSinSalida,
		},
		"lost a third time": {
			antes:  func(m *mundo, p *pedido.Pedido) { como(rutas.Perdida)(m, p); p.Fallidas = 2 },
			estado: pedido.Cancelado,
			motivo: MotivoSinSalida,
		},
	})
}

// TestUnSoloReloj (A12): a phase begins 2 ms before the deadline, and is saved after it. It does not cancel the
// order, the visit of which it has not freed.
func TestUnSoloReloj(t *testing.T) {
	m := nuevoMundo(t)
	p := m.llegar(pedidoNuevo(), pedido.Confirmado)
	alLimite(-time.Millisecond, rutas.Firme)(m, p)
	_ = m.paso(p)
	if p.Estado != pedido.Confirmado || m.rutas.con()[0] != rutas.Firme {
		t.Errorf("saved after the deadline: %s, the visit is %s", p.Estado, m.rutas.con())
	}
	_ = m.paso(p)
	if p.Estado != pedido.Cancelado || m.rutas.con()[0] != rutas.Liberada {
		t.Errorf("looked at after the deadline: %s, the visit is %s", p.Estado, m.rutas.con())
	}
}

func TestReservarOtra(t *testing.T) {
	perdida := func(m *mundo, p *pedido.Pedido) { como(rutas.Perdida)(m, p); _ = m.paso(p) }
	sinCamion := fin{
		estado: pedido.Cancelado,
		motivo: MotivoSinCamion,
		tras:   28*time.Hour + tiempos.Salida,
	}
	probar(t, pedidoNuevo, pedido.Confirmado, map[string]prueba{
		"booked": {antes: perdida, estado: pedido.Confirmado,
			espera: 23*time.Hour + tiempos.MirarVisita - 14*time.Millisecond},
		"no room": {antes: perdida, dice: dice("rutas.Reservar", rutas.ErrSinLugar),
			estado: pedido.Confirmado, espera: time.Second, acaba: sinCamion},
		"no window": {antes: perdida, dice: dice("rutas.Reservar", rutas.ErrVentana),
			estado: pedido.Confirmado, espera: time.Second, acaba: sinCamion},
		"out of the area": {antes: perdida, dice: dice("rutas.Reservar", rutas.ErrFueraDeArea),
			estado: pedido.Confirmado, espera: time.Second, acaba: sinCamion},
		"its number is freed": {antes: perdida, dice: dice("rutas.Reservar", rutas.ErrLiberada),
			estado: pedido.Confirmado, acaba: sinCamion},
		"its number is freed before it is firm": {
			antes:  perdida,
			dice:   dice("rutas.Asegurar", rutas.ErrLiberada),
			estado: pedido.Confirmado,
			acaba:  sinCamion,
		},
		"rutas fails": {antes: perdida, dice: dice("rutas.Reservar", errCaso),
			estado: pedido.Confirmado, espera: time.Second, err: errCaso,
			acaba: fin{
				estado: pedido.Cancelado,
				motivo: MotivoSinSalida,
				tras:   28*time.Hour + tiempos.Salida,
			}},
	})
}

func TestEsperarResultado(t *testing.T) {
	sinResultado := fin{estado: pedido.Devuelto, motivo: MotivoSinResultado,
		tras: 5*time.Hour - tiempos.MirarVisita + tiempos.Reparto} // the truck left 5 h before the window's end
	mirada := time.Hour - 4*time.Millisecond // half an hour after the window's beginning, and another half
	probar(t, pedidoNuevo, pedido.EnReparto, map[string]prueba{
		"not yet":   {estado: pedido.EnReparto, espera: mirada},
		"delivered": {antes: como(rutas.Entregada), estado: pedido.Entregado},
		"failed":    {antes: como(rutas.Fallida), estado: pedido.Confirmado},
		"failed a third time": {
			antes:  func(m *mundo, p *pedido.Pedido) { como(rutas.Fallida)(m, p); p.Fallidas = 2 },
			estado: pedido.Devuelto,
			motivo: MotivoEntrega,
		},
		"no outcome": {antes: func(m *mundo, _ *pedido.Pedido) { acaban(rutas.EnCamino)(m) },
			estado: pedido.EnReparto, espera: mirada, acaba: sinResultado},
		"no such visit": {dice: dice("rutas.Visita", rutas.ErrSinVisita),
			estado: pedido.EnReparto, espera: mirada, acaba: sinResultado},
		"rutas fails": {dice: dice("rutas.Visita", errCaso),
			estado: pedido.EnReparto, espera: time.Second, err: errCaso, acaba: sinResultado},
	})
}
