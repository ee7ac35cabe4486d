package existencias

import (
	"slices"
	"strings"
	"time"
)

// Lote is the free units of one batch. Batches go out in the order of their dates, those without a date last.
type Lote struct {
	ID    string     `bson:"id"`
	Vence *time.Time `bson:"vence"`
	Libre int64      `bson:"libre"`
}

// Toma is a quantity out of one batch.
type Toma struct {
	Lote     string     `bson:"lote"`
	Vence    *time.Time `bson:"vence"`
	Cantidad int64      `bson:"cantidad"`
}

// VenceMinimo is the least date of goods that are good until hasta, exclusive, and dias
// days beyond. Goods are good until the end of the calendar day of zona on which their date
// lies, so VenceMinimo is the beginning of a day. A zero hasta demands nothing.
func VenceMinimo(hasta time.Time, dias int64, zona *time.Location) time.Time {
	if hasta.IsZero() {
		return time.Time{}
	}
	return inicioDeDia(hasta.Add(-time.Nanosecond), dias, zona)
}

// inicioDeDia is the beginning of the calendar day of zona that lies dias after that of t.
func inicioDeDia(t time.Time, dias int64, zona *time.Location) time.Time {
	anio, mes, dia := t.In(zona).Date()
	return time.Date(anio, mes, dia+int(dias), 0, 0, 0, 0, zona).UTC()
}

// Dura reports whether goods with the date vence will do where minimo is the least; goods
// without a date keep.
func Dura(
	vence *time.Time,
	minimo time.Time,
) bool {
	return vence == nil || !vence.Before(minimo)
}

// MismaFecha reports whether a and b are one date, by the days of zona; nil is the date of
// goods that keep.
func MismaFecha(a, b *time.Time, zona *time.Location) bool {
	if a == nil || b == nil {
		return a == b
	}
	return inicioDeDia(*a, 0, zona).Equal(inicioDeDia(*b, 0, zona))
}

// Libre is the units that no order has reserved, of all batches, those that have expired too.
func (e *Existencia) Libre() int64 { return e.LibreDesde(time.Time{}) }

// LibreDesde is the free units of the batches that will do where minimo is the least date.
func (e *Existencia) LibreDesde(minimo time.Time) int64 { return LibreEn(e.Lotes, minimo) }

// LibreEn is LibreDesde of lotes.
func LibreEn(lotes []Lote, minimo time.Time) (n int64) {
	for _, l := range lotes {
		if Dura(l.Vence, minimo) {
			n += l.Libre
		}
	}
	return n
}

// EnDeposito is the batches of a product in one depot.
type EnDeposito struct {
	Producto, Deposito string
	Lotes              []Lote
}

// Disponibles gives the free units of each product of minimos, summed over the depots of es: units of batches that
// keep, or have at least the date that minimos gives for the product.
func Disponibles(enDepositos []EnDeposito, minimos map[string]time.Time) map[string]int64 {
	out := make(map[string]int64, len(minimos))
	for _, e := range enDepositos {
		if minimo, ok := minimos[e.Producto]; ok {
			out[e.Producto] += LibreEn(e.Lotes, minimo)
		}
	}
	return out
}

// Duran reports whether the units that are reserved under clave, or sold by venta, will do where minimo is
// the least date. It is true where there is neither a reservation nor a sale: no units are there to expire.
func (e *Existencia) Duran(clave Clave, venta Movimiento, minimo time.Time) bool {
	tomas := venta.Tomas
	if i := e.reserva(clave); i >= 0 {
		tomas = e.Reservas[i].Tomas
	}
	return !slices.ContainsFunc(tomas, func(t Toma) bool { return !Dura(t.Vence, minimo) })
}

// FechaDe is the date of the free or reserved units of the batch lote: the earliest date, where an
// earlier release took one batch in under several. ok is false where the depot has no unit of the batch.
func (e *Existencia) FechaDe(lote string) (vence *time.Time, ok bool) {
	ver := func(l string, v *time.Time) {
		if l == lote {
			if vence == nil || v != nil && v.Before(*vence) {
				vence = v
			}
			ok = true
		}
	}
	for _, l := range e.Lotes {
		ver(l.ID, l.Vence)
	}
	for _, r := range e.Reservas {
		for _, t := range r.Tomas {
			ver(t.Lote, t.Vence)
		}
	}
	return vence, ok
}

// sacar takes cantidad units out of the batch lote, whatever dates it has, or, where lote is empty, out of all batches.
// Errors: ErrFalta.
func (e *Existencia) sacar(cantidad int64, lote string) ([]Toma, error) {
	sirve := func(l Lote) bool { return lote == "" || l.ID == lote }
	libre := int64(0)
	for _, l := range e.Lotes {
		if sirve(l) {
			libre += l.Libre
		}
	}
	if libre < cantidad {
		return nil, ErrFalta
	}
	return e.tomarDe(cantidad, sirve), nil
}

// tomar takes cantidad units, first expired first, out of the batches that will do. The caller has made sure that so
// many are free.
func (e *Existencia) tomar(cantidad int64, minimo time.Time) []Toma {
	return e.tomarDe(cantidad, func(l Lote) bool { return Dura(l.Vence, minimo) })
}

// tomarDe takes cantidad units out of the batches for which sirve is true, in their order.
func (e *Existencia) tomarDe(cantidad int64, sirve func(Lote) bool) []Toma {
	var out []Toma
	for i := range e.Lotes {
		l := &e.Lotes[i]
		if n := min(l.Libre, cantidad); n > 0 && sirve(*l) {
			l.Libre -= n
			cantidad -= n
			out = append(out, Toma{Lote: l.ID, Vence: l.Vence, Cantidad: n})
		}
	}
	e.Lotes = slices.DeleteFunc(e.Lotes, func(l Lote) bool { return l.Libre == 0 })
	return out
}

// reponer puts tomas back into their batches and sorts the batches by their dates.
func (e *Existencia) reponer(tomas []Toma) {
	for _, t := range tomas {
		if i := e.lote(t.Lote, t.Vence); i >= 0 {
			e.Lotes[i].Libre += t.Cantidad
			continue
		}
		e.Lotes = append(e.Lotes, Lote{ID: t.Lote, Vence: t.Vence, Libre: t.Cantidad})
	}
	slices.SortStableFunc(e.Lotes, antes)
}

// lote gives the index of the batch with this id and date; -1: there is none.
func (e *Existencia) lote(id string, vence *time.Time) int {
	return slices.IndexFunc(
		e.Lotes,
		func(l Lote) bool { return l.ID == id && igual(l.Vence, vence) },
	)
}

// primeras gives the first n units of tomas.
func primeras(tomas []Toma, n int64) (out []Toma) {
	for _, t := range tomas {
		if t.Cantidad = min(t.Cantidad, n); t.Cantidad > 0 {
			out = append(out, t)
			n -= t.Cantidad
		}
	}
	return out
}

// unidades is how many units tomas are.
func unidades(tomas []Toma) (n int64) {
	for _, t := range tomas {
		n += t.Cantidad
	}
	return n
}

// antes orders batches: soonest expiry first, undated last, then by id.
func antes(a, b Lote) int {
	switch {
	case a.Vence == nil && b.Vence == nil:
	case a.Vence == nil:
		return 1
	case b.Vence == nil:
		return -1
	case !a.Vence.Equal(*b.Vence):
		return a.Vence.Compare(*b.Vence)
	}
	return strings.Compare(a.ID, b.ID)
}

// igual reports whether a and b are the same instant, or both nil.
func igual(a, b *time.Time) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Equal(*b)
}
