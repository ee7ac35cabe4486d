package cobros

import (
	"slices"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/gateway"
	"despensa/platform/money"
)

// rango orders what the gateway may say: a late word of a lower rank changes nothing.
// Between the two undecided ones the last word counts.
var rango = map[gateway.Estado]int{
	"": 0, gateway.EnProceso: 1, gateway.EnEspera: 1, gateway.Reservada: 2,
	gateway.Rechazada: 3, gateway.Cancelada: 3, gateway.Cobrada: 4,
}

// observar takes in what the gateway says, in any order and as often as it comes.
// False: what o says of f cannot be true.
func (f *Ficha) observar(o gateway.Orden, ahora time.Time) bool {
	r := f.juzgar(o)
	if r != "" && r != otroMonto {
		return false
	}
	f.Orden = o.ID
	poner(&f.Transaccion, o.Pago().ID)
	poner(&f.Instrucciones, o.Instrucciones)
	f.Contracargo = o.Contracargo
	if r == otroMonto {
		f.rechazar(montoDistinto)
	}
	f.verEstado(o)
	f.verReembolsos(o)
	f.cerrarSegun()
	f.zanjar(o, ahora)
	f.Estado, f.Mirado = f.derivar(), ahora
	return true
}

// rechazar ends an open intento for a reason of ours; what is there goes back.
func (f *Ficha) rechazar(motivo string) {
	f.Motivo = motivo
	if f.Cierre == "" {
		f.Cierre = pagos.Rechazado
	}
	f.Estado = f.derivar()
}

func poner(sitio *string, valor string) {
	if valor != "" {
		*sitio = valor
	}
}

func (f *Ficha) verEstado(o gateway.Orden) {
	nuevo, viejo := rango[o.Estado], rango[f.Vista]
	if nuevo > viejo || nuevo == 1 && viejo == 1 {
		f.Vista, f.Desafio = o.Estado, o.Desafio
		poner(&f.Motivo, o.Motivo)
	}
	switch {
	case o.Estado != gateway.Cobrada:
	case f.Motivo == montoDistinto: // its amount is the gateway's word, the last one
		f.Cobrado = max(f.tomado(o), f.Reembolsado)
	case f.Cobrado == 0:
		f.Cobrado = f.tomado(o)
	}
}

// verReembolsos gives each refund of the gateway its owner: the reembolso that holds
// its id, else the one of ours that waits for its result, else somebody outside.
func (f *Ficha) verReembolsos(o gateway.Orden) {
	for _, r := range o.Reembolsos {
		if slices.ContainsFunc(f.Reembolsos, func(n Reembolso) bool { return n.Ajeno == r.ID }) {
			continue
		}
		if i := f.sinSaldar(); i >= 0 && f.Reembolsos[i].Monto == r.Monto {
			f.Reembolsos[i].Estado, f.Reembolsos[i].Ajeno = Hecho, r.ID
			continue
		}
		f.Reembolsos = append(f.Reembolsos, Reembolso{
			ID:     r.ID,
			Monto:  r.Monto,
			Estado: Hecho,
			Orden:  len(f.Reembolsos) + 1,
			Ajeno:  r.ID,
		})
	}
	f.Reembolsado = max(f.Reembolsado, f.suma(func(r Reembolso) bool { return r.Estado == Hecho }))
}

// sinSaldar is the index of the refund whose result is not known; there is one at
// most. -1 = none.
func (f *Ficha) sinSaldar() int {
	return slices.IndexFunc(f.Reembolsos, func(r Reembolso) bool { return r.Estado == Pedido })
}

// reembolso is the index of the refund with our id; -1 = none.
func (f *Ficha) reembolso(id string) int {
	return slices.IndexFunc(f.Reembolsos, func(r Reembolso) bool { return r.ID == id })
}

func (f Ficha) suma(si func(Reembolso) bool) (total money.Centavos) {
	for _, r := range f.Reembolsos {
		if si(r) {
			total += r.Monto
		}
	}
	return total
}

// resta is what may still be given back, beside what is asked for already.
func (f *Ficha) resta() money.Centavos {
	return f.Cobrado - f.suma(func(r Reembolso) bool { return r.Estado != Fallido })
}

// cerrarSegun ends an open intento whose order has ended without money.
func (f *Ficha) cerrarSegun() {
	switch {
	case f.Cierre != "":
	case f.Vista == gateway.Rechazada:
		f.Cierre = pagos.Rechazado
	case f.Vista == gateway.Cancelada:
		f.Cierre = pagos.Vencido
	}
}

// zanjar forgets the call in flight once its effect is seen, or once its time is
// over and the gateway says how things stand.
func (f *Ficha) zanjar(o gateway.Orden, ahora time.Time) {
	vista := false
	switch f.Accion {
	case Crear:
		vista = true
	case Capturar:
		vista = rango[f.Vista] > rango[gateway.Reservada] || o.Estado != gateway.EnProceso && !f.EnCurso(ahora)
	case Cancelar:
		vista = rango[f.Vista] > rango[gateway.Reservada] || !f.EnCurso(ahora)
	case Reembolsar:
		vista = f.sinSaldar() < 0 || !f.EnCurso(ahora)
	}
	if vista {
		f.soltar()
	}
}

// soltar says that no call is in flight.
func (f *Ficha) soltar() { f.Accion, f.Hasta = "", time.Time{} }
