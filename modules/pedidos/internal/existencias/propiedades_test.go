package existencias

import (
	"errors"
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// modelo is the stock, and beside it the movements that have been published.
type modelo struct {
	e         *Existencia
	publicado map[string]Movimiento
}

// TestNadaSePierde: no unit is lost and none appears: each unit that came in is free, reserved or sold, in whatever
// order and however often the rules are called.
func TestNadaSePierde(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := &modelo{New("prod", "dep"), map[string]Movimiento{}}
		t.Repeat(map[string]func(*rapid.T){
			"reservar": m.reservar, "liberar": m.liberar, "vender": m.vender, "devolver": m.devolver,
			"mover": m.mover, "publicar": m.publicar, "": m.leyes,
		})
	})
}

func dibujarClave(t *rapid.T) Clave {
	return Clave{
		Pedido:  fmt.Sprint("p", rapid.IntRange(0, 4).Draw(t, "pedido")),
		Intento: 1,
		Vuelta:  rapid.Int64Range(1, 2).Draw(t, "vuelta"),
	}
}

// vendido finds a sale as the callers do: among the unpublished movements, then among the published ones.
func (m *modelo) vendido(clave Clave) (Movimiento, bool) {
	id := IDVenta(clave.Pedido, clave.Intento, m.e.Producto)
	if v, ok := m.e.Movimiento(id); ok {
		return v, true
	}
	v, ok := m.publicado[id]
	return v, ok
}

// reservar reserves units of batches that will do, and checks that the call succeeds just when so many are free.
func (m *modelo) reservar(t *rapid.T) {
	c, n := dibujarClave(t), rapid.Int64Range(1, 9).Draw(t, "cantidad")
	if _, ya := m.vendido(c); ya {
		t.Skip("an order sells once")
	}
	minimo := *dia(rapid.IntRange(0, 3).Draw(t, "minimo"))
	libre, sirve, habia := m.e.Libre(), m.e.LibreDesde(minimo), m.e.reserva(c) >= 0
	err := m.e.Reservar(
		c,
		Demanda{Cantidad: n, VenceMinimo: minimo, Lenta: rapid.Bool().Draw(t, "lenta")},
	)
	if habia && (err != nil || m.e.Libre() != libre) {
		t.Fatalf("reserving again: %v, %d free of %d", err, m.e.Libre(), libre)
	}
	if !habia && (err == nil) != (sirve >= n) {
		t.Fatalf("%d of %d: %v", n, sirve, err)
	}
	if !habia && err == nil && !m.e.Duran(c, Movimiento{}, minimo) {
		t.Fatalf("reserved %s for %s", dibujar(m.e.Reservas[len(m.e.Reservas)-1].Tomas), minimo)
	}
	if err != nil && (!errors.Is(err, ErrFalta) || m.e.Libre() != libre) {
		t.Fatalf("refused with %v, %d free of %d", err, m.e.Libre(), libre)
	}
}

func (m *modelo) liberar(t *rapid.T) {
	c := dibujarClave(t)
	m.e.Liberar(c)
	if m.e.reserva(c) >= 0 {
		t.Fatalf("%v is still reserved", c)
	}
}

func (m *modelo) vender(t *rapid.T) {
	c := dibujarClave(t)
	_, antes := m.vendido(c)
	habia := m.e.reserva(c) >= 0
	if antes && habia {
		t.Skip("an order sells once")
	}
	libre := m.e.Libre()
	if err := m.e.Vender(c, t0); habia && err != nil ||
		!habia && !antes && !errors.Is(err, ErrSinReserva) {
		t.Fatalf("selling: %v", err)
	}
	if m.e.Libre() != libre {
		t.Fatalf("selling has changed what is free")
	}
}

func (m *modelo) devolver(t *rapid.T) {
	venta, hay := m.vendido(dibujarClave(t))
	if _, ya := m.publicado[IDVentaDeshecha(venta.ID)]; hay && !ya {
		m.e.Devolver(venta, 0, t0)
	}
}

func (m *modelo) mover(t *rapid.T) {
	n := rapid.Int64Range(-9, 30).
		Filter(func(n int64) bool { return n != 0 }).
		Draw(t, "cantidad")
	lote := rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "lote")
	id := fmt.Sprint("m", rapid.IntRange(0, 200).Draw(t, "id"))
	if _, ya := m.publicado[id]; ya {
		t.Skip("stored already")
	}
	vence := dia(rapid.IntRange(0, 2).Draw(t, "vence"))
	// After ErrFalta the laws still hold.
	_ = m.e.Mover(Movimiento{ID: id, Cantidad: n, En: t0}, lote, vence)
}

func (m *modelo) publicar(t *rapid.T) {
	var ids []string
	for _, v := range m.e.Movimientos {
		if rapid.Bool().Draw(t, "este") {
			ids = append(ids, v.ID)
			m.publicado[v.ID] = v
		}
	}
	m.e.Publicados(ids)
}

// leyes checks that units and movements add up, and that no movement stands twice.
func (m *modelo) leyes(t *rapid.T) {
	reservado, vistos := int64(0), map[string]bool{}
	for _, r := range m.e.Reservas {
		reservado += r.Cantidad
		if unidades(r.Tomas) != r.Cantidad {
			t.Fatalf("a reservation of %d took %s", r.Cantidad, dibujar(r.Tomas))
		}
	}
	movido := int64(0)
	for _, v := range m.e.Movimientos {
		if _, ya := m.publicado[v.ID]; ya || vistos[v.ID] {
			t.Fatalf("movement %s stands twice", v.ID)
		}
		vistos[v.ID] = true
		movido += v.Cantidad
	}
	for _, v := range m.publicado {
		movido += v.Cantidad
	}
	if m.e.Libre()+reservado != movido {
		t.Fatalf(
			"%d free and %d reserved, but the movements say %d",
			m.e.Libre(),
			reservado,
			movido,
		)
	}
	m.lotes(t)
}

func (m *modelo) lotes(t *rapid.T) {
	for i, l := range m.e.Lotes {
		if l.Libre < 0 {
			t.Fatalf("batch %s has %d", l.ID, l.Libre)
		}
		if i > 0 && antes(m.e.Lotes[i-1], l) >= 0 {
			t.Fatalf("batches are out of order: %+v", m.e.Lotes)
		}
	}
}
