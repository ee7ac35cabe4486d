package fases

import (
	"testing"
	"time"

	"despensa/modules/clientes"
	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/pedido"
)

// TestAutorizar: the effect of each answer of pagos and clientes on an order in preprocesado.
func TestAutorizar(t *testing.T) {
	probar(t, pedidoNuevo, pedido.Preprocesado, map[string]prueba{
		"reserved": {estado: pedido.Autorizado},
		"declined": {
			dice:   dice("pagos.Autorizar", pagos.ErrRechazado),
			estado: pedido.Fallido,
			motivo: MotivoPago,
		},
		"no method": {
			dice:   dice("pagos.Autorizar", pagos.ErrMetodo),
			estado: pedido.Fallido,
			motivo: MotivoPago,
		},
		"too late": {
			dice:   dice("pagos.Autorizar", pagos.ErrVencido),
			estado: pedido.Fallido,
			motivo: MotivoVencido,
		},
		"undone": {
			dice:   dice("pagos.Autorizar", pagos.ErrAnulado),
			estado: pedido.Fallido,
			motivo: MotivoVencido,
		},
		"undecided": {dice: dice("pagos.Autorizar", pagos.ErrPendiente),
			estado: pedido.PagoPendiente, espera: tiempos.MirarPago},
		"the gateway is silent": {
			dice:   dice("pagos.Autorizar", pagos.ErrSinPasarela),
			estado: pedido.Preprocesado,
			espera: time.Second,
			acaba:  fin{estado: pedido.Fallido, motivo: MotivoPasarela, tras: tiempos.Pasarela},
		},
		"another call is in flight": {
			dice:   dice("pagos.Autorizar", pagos.ErrEnCurso),
			estado: pedido.Preprocesado,
			espera: time.Second,
			acaba:  fin{estado: pedido.Fallido, motivo: MotivoPasarela, tras: tiempos.Pasarela},
		},
		"pagos fails": {dice: dice("pagos.Autorizar", errCaso), estado: pedido.Preprocesado,
			espera: time.Second, err: errCaso, acaba: fin{estado: pedido.Fallido, motivo: MotivoFalla,
				tras: tiempos.Pasarela}},
		"the customer is erased": {dice: dice("clientes.Abrir", clientes.ErrSinClave),
			estado: pedido.Fallido, motivo: MotivoBorrado},
		"no such customer": {dice: dice("clientes.Abrir", clientes.ErrNoExiste),
			estado: pedido.Fallido, motivo: MotivoBorrado},
		"clientes fails": {dice: dice("clientes.Abrir", errCaso), estado: pedido.Preprocesado,
			espera: time.Second, err: errCaso, acaba: fin{estado: pedido.Fallido, motivo: MotivoFalla,
				tras: tiempos.Pasarela}},
	})
}

// TestPagoPendiente: the wait for a voucher ends two hours before the promised window, whatever pagos answers.
func TestPagoPendiente(t *testing.T) {
	tras := enVale().Ventana.Desde.Add(-margenCarga).Sub(t0)
	probar(t, enVale, pedido.PagoPendiente, map[string]prueba{
		"paid": {
			antes:  func(m *mundo, _ *pedido.Pedido) { m.pagos.pagada = t0 },
			estado: pedido.Autorizado,
		},
		"declined": {
			dice:   dice("pagos.Autorizar", pagos.ErrRechazado),
			estado: pedido.Fallido,
			motivo: MotivoPago,
		},
		"too late": {
			dice:   dice("pagos.Autorizar", pagos.ErrVencido),
			estado: pedido.Fallido,
			motivo: MotivoVencido,
		},
		"undecided": {dice: dice("pagos.Autorizar", pagos.ErrPendiente),
			estado: pedido.PagoPendiente, espera: tiempos.MirarPago,
			acaba: fin{estado: pedido.Fallido, motivo: MotivoVencido, tras: tras}},
		"the gateway is silent": {
			dice:   dice("pagos.Autorizar", pagos.ErrSinPasarela),
			estado: pedido.PagoPendiente,
			espera: time.Second,
			acaba:  fin{estado: pedido.Fallido, motivo: MotivoVencido, tras: tras},
		},
		"pagos fails": {dice: dice("pagos.Autorizar", errCaso), estado: pedido.PagoPendiente,
			espera: time.Second, err: errCaso, acaba: fin{estado: pedido.Fallido, motivo: MotivoVencido, tras: tras}},
	})
}

// TestLimitePago: the time until which a payment by each method may stay undecided.
func TestLimitePago(t *testing.T) {
	lejos := &pedido.Ventana{Desde: t0.Add(200 * time.Hour)}
	cerca := &pedido.Ventana{Desde: t0.Add(10 * time.Hour)}
	for nombre, x := range map[string]struct {
		metodo  string
		ventana *pedido.Ventana
		dura    time.Duration
	}{
		"card":                         {metodo: "tarjeta_credito", ventana: cerca, dura: tiempos.Tarjeta},
		"voucher":                      {metodo: "efectivo", dura: tiempos.Efectivo},
		"voucher, a far window":        {metodo: "efectivo", ventana: lejos, dura: tiempos.Efectivo},
		"voucher, a near window":       {metodo: "efectivo", ventana: cerca, dura: 8 * time.Hour},
		"transfer, before its loading": {metodo: "transferencia", ventana: cerca, dura: 8 * time.Hour},
		"transfer":                     {metodo: "transferencia", dura: tiempos.Transferencia},
	} {
		p := pedidoNuevo()
		p.Pago.Metodo, p.Ventana = x.metodo, x.ventana
		if dura := tiempos.limitePago(p).Sub(t0); dura != x.dura {
			t.Errorf("%s: %s, want %s", nombre, dura, x.dura)
		}
	}
}
