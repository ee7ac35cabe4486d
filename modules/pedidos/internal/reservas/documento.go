package reservas

import (
	"time"

	"despensa/modules/pedidos/internal/existencias"
)

// documento is an aggregate as one pass works on it, with the published movements that
// its mutations ask about. These were read after the aggregate: a movement leaves it
// only once it is published, so it is seen in one of the two at least.
type documento struct {
	*existencias.Existencia
	publicados map[string]existencias.Movimiento
	cambiado   bool // wants to be saved
	vaciados   int  // movements published by this pass
}

// movimiento finds a movement, unpublished or published.
func (d *documento) movimiento(id string) (existencias.Movimiento, bool) {
	if m, ok := d.Movimiento(id); ok {
		return m, true
	}
	m, ok := d.publicados[id]
	return m, ok
}

// venta finds the sale of c's intento, whichever vuelta it was of.
func (d *documento) venta(c existencias.Clave) (existencias.Movimiento, bool) {
	return d.movimiento(existencias.IDVenta(c.Pedido, c.Intento, d.Producto))
}

func (d *documento) devuelta(c existencias.Clave) bool {
	_, ok := d.movimiento(existencias.IDVuelta(existencias.IDVenta(c.Pedido, c.Intento, d.Producto)))
	return ok
}

// exigirViva refuses c if the sale of its vuelta has been given back: a deed so late
// that its tombstone may be forgotten. Errors: ErrLiberada.
func (d *documento) exigirViva(c existencias.Clave) error {
	if v, ok := d.venta(c); ok && v.Vuelta == c.Vuelta && d.devuelta(c) {
		return ErrLiberada
	}
	return nil
}

// cambiar applies a rule, which changes nothing when it fails. Every change adds or
// takes away a reservation or a movement; what changed nothing need not be saved.
func (d *documento) cambiar(regla func(*existencias.Existencia) error) error {
	reservas, movimientos := len(d.Reservas), len(d.Movimientos)
	err := regla(d.Existencia)
	d.cambiado = d.cambiado || reservas != len(d.Reservas) || movimientos != len(d.Movimientos)
	return err
}

// vender sells what c reserved. The sale's id serves once: given back, it is not sold
// again, and what is sold already only lets the late reservation go.
func (d *documento) vender(c existencias.Clave, ahora time.Time) error {
	if _, ok := d.venta(c); ok {
		if d.devuelta(c) {
			return ErrLiberada
		}
		return d.cambiar(func(e *existencias.Existencia) error { e.Liberar(c); return nil })
	}
	return d.cambiar(func(e *existencias.Existencia) error { return e.Vender(c, ahora) })
}

// liberar gives back what c has here. The aggregate changes in any case, so that a deed
// that read it before the tombstone was put does not get to save it. fuera are the units of
// a sale that returns account for.
func (d *documento) liberar(c existencias.Clave, fuera int64, ahora time.Time) {
	if d.Version == 0 {
		return
	}
	d.cambiado = true
	d.Liberar(c)
	v, ok := d.venta(c)
	if ok && v.Vuelta == c.Vuelta && v.Deposito == d.Deposito && !d.devuelta(c) {
		d.Devolver(v, fuera, ahora)
	}
}
