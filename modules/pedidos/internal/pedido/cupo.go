package pedido

import (
	"slices"
	"time"
)

// Cupo is a bounded list of places that orders take: a document of one customer or of one address. How many places
// there are is said by the caller, so that a change of the settings is good at once.
type Cupo struct {
	ID      string    `bson:"_id"`
	Version int64     `bson:"version"` // 0: not stored yet
	Vence   time.Time `bson:"vence"`   // from then on the document counts for nothing and may be cleared
	Puestos []Puesto  `bson:"puestos"` // oldest first
}

// Puesto is one place, and the order or the intento that takes it.
type Puesto struct {
	Quien   string    `bson:"quien"`   // the order, or the intento of an order
	Intento int64     `bson:"intento"` // of the order, for which the place was taken; 0: not said
	En      time.Time `bson:"en"`
}

// Normalizar makes an empty list nil, as Pedido.Normalizar does.
func (c *Cupo) Normalizar() { vaciar(&c.Puestos) }

// Tiene reports whether quien takes a place.
func (c *Cupo) Tiene(quien string) bool {
	return slices.ContainsFunc(c.Puestos, func(p Puesto) bool { return p.Quien == quien })
}

// Poner adds the place puesto, and drops the place that puesto.Quien has had before.
func (c *Cupo) Poner(puesto Puesto) {
	c.Puestos = slices.DeleteFunc(
		c.Puestos,
		func(o Puesto) bool { return o.Quien == puesto.Quien },
	)
	puesto.En = Instante(puesto.En)
	c.Puestos = append(c.Puestos, puesto)
}

// Recientes gives the places that were taken less than dura away from ahora, in either direction: a clock that was
// wrong takes no place for ever.
func (c *Cupo) Recientes(dura time.Duration, ahora time.Time) []Puesto {
	return slices.DeleteFunc(
		slices.Clone(c.Puestos),
		func(p Puesto) bool { return !p.Reciente(dura, ahora) },
	)
}

// Reciente reports whether the place was taken less than dura away from ahora.
func (p Puesto) Reciente(dura time.Duration, ahora time.Time) bool {
	return ahora.Sub(p.En).Abs() < dura
}

// PorPagar gives the method by which the order waits for its payment or may still come to wait for it, with the retry
// counted that has been asked for; ok is false when it waits for no payment.
func (p *Pedido) PorPagar() (metodo string, ok bool) {
	switch p.Estado {
	case Creado, Preprocesado, PagoPendiente:
		return p.Pago.Metodo, true
	case Fallido:
		if p.Pedida == nil {
			return "", false
		}
		if p.Pedida.Pago != nil {
			return p.Pedida.Pago.Metodo, true
		}
		return p.Pago.Metodo, true
	}
	return "", false
}
