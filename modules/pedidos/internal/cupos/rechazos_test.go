package cupos_test

import (
	"fmt"
	"testing"
	"time"

	"despensa/modules/pedidos/internal/cupos"
)

// gastar has n cards of pagador refused, a minute apart.
func gastar(t *testing.T, mesa *mesa, c *cupos.Cupos, pagador cupos.Pagador, n int) {
	t.Helper()
	for i := range n {
		mesa.ahora = mesa.ahora.Add(time.Minute)
		if err := c.Rechazado(t.Context(), pagador, fmt.Sprint(pagador.Cliente, i), 1); err != nil {
			t.Fatal(err)
		}
	}
}

// esperar checks how long pagador has to wait.
func esperar(
	t *testing.T,
	nombre string,
	c *cupos.Cupos,
	pagador cupos.Pagador,
	quiero time.Duration,
) {
	t.Helper()
	if got, err := c.Espera(t.Context(), pagador); got != quiero || err != nil {
		t.Errorf("%s: wait %s (%v), want %s", nombre, got, err, quiero)
	}
}

// TestRefusedCardsOfACustomer: five within an hour, on every replica; each counts for an hour.
func TestRefusedCardsOfACustomer(t *testing.T) {
	t.Parallel()
	m := nuevaMesa()
	ana := cupos.Pagador{Cliente: "ana"}
	gastar(t, m, m.servicio(), ana, 4)
	esperar(t, "after four", m.servicio(), ana, 0)
	if err := m.servicio().Rechazado(t.Context(), ana, "ana3", 1); err != nil {
		t.Fatal(err)
	}
	esperar(t, "a refusal that is counted again", m.servicio(), ana, 0)
	if err := m.servicio().Rechazado(t.Context(), ana, "ana3", 2); err != nil {
		t.Fatal(err)
	}
	esperar(t, "the next intento of the same order", m.servicio(), ana, 57*time.Minute)
	esperar(t, "somebody else", m.servicio(), cupos.Pagador{Cliente: "berta"}, 0)
	m.ahora = t0.Add(61*time.Minute - time.Millisecond)
	esperar(t, "nearly an hour after the first", m.servicio(), ana, time.Second)
	m.ahora = t0.Add(61 * time.Minute)
	esperar(t, "an hour after the first", m.servicio(), ana, 0)
	gastar(t, m, m.servicio(), ana, 9)
	if n := len(m.docs["rechazos:cliente:ana"].Puestos); n > 5 {
		t.Errorf("%d refusals are kept", n)
	}
}

// TestRefusedCardsOfAnAddress: many customers from one address have a bound together.
func TestRefusedCardsOfAnAddress(t *testing.T) {
	t.Parallel()
	m := nuevaMesa()
	c := m.servicio()
	gastar(t, m, c, cupos.Pagador{Cliente: "ana", Origen: "x"}, 4)
	gastar(t, m, c, cupos.Pagador{Cliente: "berta", Origen: "x"}, 3)
	esperar(
		t,
		"a third from there",
		c,
		cupos.Pagador{Cliente: "carla", Origen: "x"},
		54*time.Minute,
	)
	esperar(t, "from elsewhere", c, cupos.Pagador{Cliente: "carla", Origen: "y"}, 0)
	esperar(t, "from nowhere", c, cupos.Pagador{Cliente: "carla"}, 0)
	m.ahora = m.ahora.Add(2 * time.Hour)
	if n, err := c.Limpiar(t.Context()); n != 3 || err != nil || len(m.docs) != 0 {
		t.Errorf("of the addresses %d were forgotten (%v), %d are left", n, err, len(m.docs))
	}
}

// TestAClockThatWasAhead: refusals that were dated in the future lock a customer out for an hour at most.
func TestAClockThatWasAhead(t *testing.T) {
	t.Parallel()
	m := nuevaMesa()
	c, ana := m.servicio(), cupos.Pagador{Cliente: "ana"}
	gastar(t, m, c, ana, 5)
	m.ahora = t0.Add(-24 * time.Hour)
	esperar(t, "a day earlier", c, ana, 0)
	m.ahora = t0.Add(-10 * time.Minute)
	esperar(t, "some minutes earlier", c, ana, time.Hour)
}
