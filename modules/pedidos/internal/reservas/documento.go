package reservas

import (
	"slices"
	"time"

	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/store"
)

// documento is an aggregate as one pass works on it, with the published movements that
// its operations ask about. These were read no earlier than the aggregate: a movement leaves it
// only once it is published, so it is seen in one of the two at least.
type documento struct {
	*existencias.Existencia
	publicados map[string]existencias.Movimiento
	leida      int64 // the version that was read
	traidos    int   // unpublished movements that it was read with
	cambiado   bool  // wants to be saved
	vaciados   int   // movements that the pass publishes
}

// leer is the aggregate id as r found it. One that r did not find stays as it is: new.
func (d *documento) leer(r store.Respuesta, id string) {
	if e := r.Existencias[id]; e != nil {
		d.Existencia = e
	}
	d.publicados, d.leida, d.traidos = r.Movimientos, d.Version, len(d.Movimientos)
}

// copia is d as it now is, whatever the rules do to d.
func (d *documento) copia() documento {
	c, e := *d, *d.Existencia
	e.Lotes, e.Reservas, e.Movimientos = slices.Clone(e.Lotes), slices.Clone(e.Reservas), slices.Clone(e.Movimientos)
	c.Existencia = &e
	return c
}

// vaciar takes the movements out that are to be published with this pass: those that d was read with, when they are
// wanted or as many as may be, and, juntas, all. What another write publishes is only what has been saved before.
func (d *documento) vaciar(juntas, quieren bool) []existencias.Movimiento {
	n := 0
	switch {
	case juntas && (d.cambiado || quieren):
		n = len(d.Movimientos)
	case quieren || d.traidos >= existencias.MaxMovimientos:
		n = d.traidos
	}
	if n == 0 {
		return nil
	}
	ms, quedan := d.Movimientos[:n:n], d.Movimientos[n:]
	d.Movimientos, d.vaciados, d.cambiado = nil, n, true
	if len(quedan) > 0 {
		d.Movimientos = slices.Clone(quedan)
	}
	return ms
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
