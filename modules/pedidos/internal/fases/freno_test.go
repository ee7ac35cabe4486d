package fases

import (
	"maps"
	"testing"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/cupos"
	"despensa/modules/pedidos/internal/pedido"
)

// TestRefusedCardsAreCounted: a refused card counts once for its intento. Faults of the gateway, and other
// methods, do not count.
func TestRefusedCardsAreCounted(t *testing.T) {
	unaVez := map[string]int{"c origen 0198c0de-0000-7000-8000-000000000001:1": 1}
	for nombre, x := range map[string]struct {
		nuevo  func() *pedido.Pedido
		en     pedido.Estado
		dice   error
		quiero map[string]int
	}{
		"declined":             {nuevo: pedidoNuevo, en: pedido.Preprocesado, dice: pagos.ErrRechazado, quiero: unaVez},
		"no method":            {nuevo: pedidoNuevo, en: pedido.Preprocesado, dice: pagos.ErrMetodo, quiero: unaVez},
		"the gateway is away":  {nuevo: pedidoNuevo, en: pedido.Preprocesado, dice: pagos.ErrSinPasarela},
		"too late":             {nuevo: pedidoNuevo, en: pedido.Preprocesado, dice: pagos.ErrVencido},
		"a voucher is refused": {nuevo: enVale, en: pedido.PagoPendiente, dice: pagos.ErrRechazado},
	} {
		t.Run(nombre, func(t *testing.T) {
			m := nuevoMundo(t)
			p := m.llegar(x.nuevo(), x.en)
			p.Pago.Origen = "origen"
			m.responde(dice("pagos.Autorizar", x.dice))
			bien := m.paso(p)
			if bien != nil || !maps.Equal(m.rechazados, x.quiero) {
				t.Errorf("counted %v (%v), want %v", m.rechazados, bien, x.quiero)
			}
			if m.dentro != 0 {
				t.Errorf("%d cards are still being tried", m.dentro)
			}
			if p.Estado == pedido.Fallido && p.Pago.Origen != "" {
				t.Error("the payer's address outlives the refusal")
			}
		})
	}
}

// TestNoCardIsTriedAfterTooManyRefusals: of many orders that passed the door at once, those beyond the bound
// fail without a call of the gateway.
func TestNoCardIsTriedAfterTooManyRefusals(t *testing.T) {
	m := nuevoMundo(t)
	p := m.llegar(pedidoNuevo(), pedido.Preprocesado)
	m.freno = 0
	m.responde(map[string]error{"pagos.Autorizar": errCaso})
	if err := m.paso(p); err != nil {
		t.Fatalf("the gateway was asked: %v", err)
	}
	if p.Estado != pedido.Fallido || p.Motivo != MotivoFreno || len(m.rechazados) != 0 {
		t.Errorf("the order is %s for %q, counted %v", p.Estado, p.Motivo, m.rechazados)
	}

	vale := m.llegar(enVale(), pedido.Preprocesado)
	m.dice = nil
	if _ = m.paso(vale); vale.Estado != pedido.PagoPendiente {
		t.Errorf("a voucher beside refused cards is %s", vale.Estado)
	}
}

// TestARefusalIsCountedBeforeItIsSaved: while the refusal cannot be counted the order waits, and fails at its
// deadline.
func TestARefusalIsCountedBeforeItIsSaved(t *testing.T) {
	probar(t, pedidoNuevo, pedido.Preprocesado, map[string]prueba{
		"counting fails": {
			dice: map[string]error{
				"pagos.Autorizar":    pagos.ErrRechazado,
				"Rechazos.Rechazado": errCaso,
			},
			estado: pedido.Preprocesado, espera: time.Second, err: errCaso,
			acaba: fin{estado: pedido.Fallido, motivo: MotivoFalla, tras: tiempos.Pasarela},
		},
		"other cards are being tried": {
			dice:   dice("Rechazos.Entrar", cupos.ErrOcupado),
			estado: pedido.Preprocesado,
			espera: time.Second,
			acaba:  fin{estado: pedido.Fallido, motivo: MotivoPasarela, tras: tiempos.Pasarela},
		},
		"asking fails": {
			dice:   dice("Rechazos.Entrar", errCaso),
			estado: pedido.Preprocesado,
			espera: time.Second,
			err:    errCaso,
			acaba:  fin{estado: pedido.Fallido, motivo: MotivoFalla, tras: tiempos.Pasarela},
		},
	})
}
