package pedido

import "time"

// Intento is one pass of an order from creado: the depots and bookings that it tried, so that all of them
// can be undone whether or not they came to pass.
type Intento struct {
	Numero   int64     `bson:"numero"`
	Lineas   []Linea   `bson:"lineas"`
	Vueltas  []Vuelta  `bson:"vueltas"`
	Visitas  []int64   `bson:"visitas"` // numbers of the bookings tried
	Motivo   string    `bson:"motivo"`
	Fin      time.Time `bson:"fin"`
	Deshecho bool      `bson:"deshecho"`
}

// Vuelta is one depot tried inside an intento. Its number is its place in the list,
// from 1; stock is reserved under (pedido, intento, vuelta), and a key that was
// released is never used again.
type Vuelta struct {
	Deposito string `bson:"deposito"`
	Visita   int64  `bson:"visita"`  // number of the booking that goes with it
	Cerrada  bool   `bson:"cerrada"` // released: its stock is back
	Falta    bool   `bson:"falta"`   // closed because a line was short
	// Hasta is the time until which the goods are good: the end of the window for which they were reserved,
	// or of a later window for which they were found good. Zero in documents of earlier releases.
	Hasta time.Time `bson:"hasta"`
}

// actual is the intento under way.
func (p *Pedido) actual() *Intento { return &p.Intentos[len(p.Intentos)-1] }

// Actual gives the intento under way, to read.
func (p *Pedido) Actual() Intento { return *p.actual() }

// Vuelta gives the depot being tried and its number; ok is false when none is open.
func (p *Pedido) Vuelta() (v Vuelta, numero int64, ok bool) {
	vs := p.actual().Vueltas
	if len(vs) == 0 || vs[len(vs)-1].Cerrada {
		return Vuelta{}, int64(len(vs)), false
	}
	return vs[len(vs)-1], int64(len(vs)), true
}

// Probados lists the depots that this intento has tried and closed.
func (p *Pedido) Probados() (depositos []string, faltaba bool) {
	for _, v := range p.actual().Vueltas {
		if v.Cerrada {
			depositos = append(depositos, v.Deposito)
			faltaba = faltaba || v.Falta
		}
	}
	return depositos, faltaba
}

// Elegir opens a vuelta at deposito with a booking number of its own, for goods that are good
// until hasta. The caller saves the order before it reserves stock at deposito.
func (p *Pedido) Elegir(deposito string, hasta time.Time) {
	n := p.NuevaVisita()
	a := p.actual()
	a.Vueltas = append(a.Vueltas, Vuelta{Deposito: deposito, Visita: n, Hasta: Instante(hasta)})
}

// Dura notes that the goods of the last vuelta have been found good until hasta.
func (p *Pedido) Dura(hasta time.Time) {
	vs := p.actual().Vueltas
	if n := len(vs); n > 0 && hasta.After(vs[n-1].Hasta) {
		vs[n-1].Hasta = Instante(hasta)
	}
}

// CerrarVuelta notes that the open vuelta has been released.
func (p *Pedido) CerrarVuelta(falta bool) {
	if vs := p.actual().Vueltas; len(vs) > 0 {
		vs[len(vs)-1].Cerrada, vs[len(vs)-1].Falta = true, falta
	}
}

// NuevaVisita takes the next booking number, noted in the intento that will use it.
func (p *Pedido) NuevaVisita() int64 {
	p.Visitas++
	a := p.actual()
	a.Visitas = append(a.Visitas, p.Visitas)
	return p.Visitas
}

// VisitaActual is the number of the last booking tried; 0 before the first.
func (p *Pedido) VisitaActual() int64 { return p.Visitas }

// PorDeshacer gives the oldest intento that is over and still has deeds to undo; ok is false when there is none.
func (p *Pedido) PorDeshacer() (in Intento, ok bool) {
	for i, in := range p.Intentos {
		ultimo := i == len(p.Intentos)-1
		if !in.Deshecho && (!ultimo || p.Terminado()) {
			return in, true
		}
	}
	return Intento{}, false
}

// Terminado reports whether the intento under way is over and is to be undone.
func (p *Pedido) Terminado() bool { return p.Estado.rasgos().terminado }

// MarcarDeshecho notes that nothing is left of intento numero.
func (p *Pedido) MarcarDeshecho(numero int64) {
	for i := range p.Intentos {
		if p.Intentos[i].Numero == numero {
			p.Intentos[i].Deshecho = true
		}
	}
}
