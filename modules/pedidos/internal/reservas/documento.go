package reservas

import (
	"slices"
	"time"

	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/store"
)

// documento is an aggregate as one pass works on it, with the published movements that
// its operations ask about. These movements were read no earlier than the aggregate. A movement leaves the
// aggregate only once it is published, so the pass sees each movement in one of the two at least.
type documento struct {
	*existencias.Existencia
	publicados map[string]existencias.Movimiento
	leida      int64 // the version that was read
	traidos    int   // unpublished movements that the aggregate had when it was read
	cambiado   bool  // wants to be saved
	vaciados   int   // movements that the pass publishes
}

// leer sets d to the aggregate id as respuesta found it. An aggregate that respuesta did not find stays as it is: new.
func (d *documento) leer(respuesta store.Respuesta, id string) {
	if e := respuesta.Existencias[id]; e != nil {
		d.Existencia = e
	}
	d.publicados, d.leida, d.traidos = respuesta.Movimientos, d.Version, len(d.Movimientos)
}

// copia is d as it now is, whatever the rules do to d.
func (d *documento) copia() documento {
	c, e := *d, *d.Existencia
	e.Lotes = slices.Clone(e.Lotes)
	e.Reservas = slices.Clone(e.Reservas)
	e.Movimientos = slices.Clone(e.Movimientos)
	c.Existencia = &e
	return c
}

// vaciar takes the movements out of d that this pass publishes. With juntas, one write publishes and saves, and the
// movements are all those of d. Without it, another write publishes first, and the movements are only those that d was
// read with: they have been saved before. They are published when an operation wants them so or d has MaxMovimientos.
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

// venta finds the sale of clave's intento, of whichever vuelta.
func (d *documento) venta(clave existencias.Clave) (existencias.Movimiento, bool) {
	return d.movimiento(existencias.IDVenta(clave.Pedido, clave.Intento, d.Producto))
}

// devuelta reports whether the sale of clave's intento has been given back.
func (d *documento) devuelta(clave existencias.Clave) bool {
	_, ok := d.movimiento(
		existencias.IDVentaDeshecha(
			existencias.IDVenta(clave.Pedido, clave.Intento, d.Producto),
		),
	)
	return ok
}

// exigirViva refuses clave if the sale of its vuelta has been given back: a deed so late
// that its tombstone may be forgotten. Errors: ErrLiberada.
func (d *documento) exigirViva(clave existencias.Clave) error {
	if v, ok := d.venta(clave); ok && v.Vuelta == clave.Vuelta && d.devuelta(clave) {
		return ErrLiberada
	}
	return nil
}

// cambiar applies a rule, which changes nothing when it fails. Every change adds or
// takes away a reservation or a movement; an aggregate without a change need not be saved.
func (d *documento) cambiar(regla func(*existencias.Existencia) error) error {
	reservas, movimientos := len(d.Reservas), len(d.Movimientos)
	err := regla(d.Existencia)
	d.cambiado = d.cambiado || reservas != len(d.Reservas) || movimientos != len(d.Movimientos)
	return err
}

// vender sells the units that clave reserved. The id of the sale serves once. Where the sale stands already, vender
// only releases a reservation that came late. Errors: ErrLiberada when the sale has been given back;
// existencias.ErrSinReserva.
func (d *documento) vender(clave existencias.Clave, ahora time.Time) error {
	if _, ok := d.venta(clave); ok {
		if d.devuelta(clave) {
			return ErrLiberada
		}
		return d.cambiar(func(e *existencias.Existencia) error { e.Liberar(clave); return nil })
	}
	return d.cambiar(func(e *existencias.Existencia) error { return e.Vender(clave, ahora) })
}

// liberar gives back the units that clave has reserved or bought here. The version of the aggregate grows in any
// case, so that a deed that read the aggregate before the tombstone was put fails to save it. fuera are the units
// of a sale that returns account for.
func (d *documento) liberar(clave existencias.Clave, fuera int64, ahora time.Time) {
	if d.Version == 0 {
		return
	}
	d.cambiado = true
	d.Liberar(clave)
	v, ok := d.venta(clave)
	if ok && v.Vuelta == clave.Vuelta && v.Deposito == d.Deposito && !d.devuelta(clave) {
		d.Devolver(v, fuera, ahora)
	}
}
