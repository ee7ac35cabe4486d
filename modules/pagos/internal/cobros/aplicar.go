package cobros

import (
	"slices"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/gateway"
	"despensa/platform/money"
)

// rango orders the states that the gateway may report. A state of a lower rank than Vista is old news, and changes
// nothing. Of EnProceso and EnEspera, which have the same rank, the last report counts.
var rango = map[gateway.Estado]int{
	"": 0, gateway.EnProceso: 1, gateway.EnEspera: 1, gateway.Reservada: 2,
	gateway.Rechazada: 3, gateway.Cancelada: 3, gateway.Cobrada: 4,
}

// aplicar applies the order orden, as the gateway reports it, to f. Reports may come in any order and repeatedly.
// False where orden cannot be true of f (see juzgar): then f stays as it was.
func (f *CobroEntero) aplicar(orden gateway.Orden, ahora time.Time) bool {
	r := f.juzgar(orden)
	if r != "" && r != otroMonto {
		return false
	}
	f.Orden = orden.ID
	poner(&f.Transaccion, orden.Pago().ID)
	poner(&f.Instrucciones, orden.Instrucciones)
	f.Contracargo = orden.Contracargo
	if r == otroMonto {
		f.rechazar(montoDistinto)
	}
	f.aplicarEstado(orden)
	f.aplicarReembolsos(orden)
	f.cerrarSegun()
	f.resolver(orden, ahora)
	f.Estado, f.Mirado = f.derivar(), ahora
	return true
}

// rechazar closes an open intento for a reason of ours; its money, if any, then goes back (see reintegro).
func (f *CobroEntero) rechazar(motivo string) {
	f.Motivo = motivo
	if f.Cierre == "" {
		f.Cierre = pagos.Rechazado
	}
	f.Estado = f.derivar()
}

// poner sets *sitio to valor, unless valor is empty.
func poner(sitio *string, valor string) {
	if valor != "" {
		*sitio = valor
	}
}

// aplicarEstado applies the state of orden, and the amount that it took, to f.
func (f *CobroEntero) aplicarEstado(orden gateway.Orden) {
	nuevo, viejo := rango[orden.Estado], rango[f.Vista]
	if nuevo > viejo || nuevo == 1 && viejo == 1 {
		f.Vista, f.Desafio = orden.Estado, orden.Desafio
		poner(&f.Motivo, orden.Motivo)
	}
	switch {
	case orden.Estado != gateway.Cobrada:
	case f.Motivo == montoDistinto: // the last amount that the gateway reports counts
		f.Cobrado = max(f.tomado(orden), f.Reembolsado)
	case f.Cobrado == 0:
		f.Cobrado = f.tomado(orden)
	}
}

// aplicarReembolsos finds for each refund of orden the Reembolso that it belongs to: the one with its id, else the one
// in the state Solicitado, if the amount is the same. Any other was made at the gateway's own panel, and is added.
func (f *CobroEntero) aplicarReembolsos(orden gateway.Orden) {
	for _, r := range orden.Reembolsos {
		if slices.ContainsFunc(
			f.Reembolsos,
			func(n Reembolso) bool { return n.Ajeno == r.ID },
		) {
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
	f.Reembolsado = max(
		f.Reembolsado,
		f.suma(func(r Reembolso) bool { return r.Estado == Hecho }),
	)
}

// sinSaldar is the index of the refund in the state Solicitado, of which there is at most one; -1 = none.
func (f *CobroEntero) sinSaldar() int {
	return slices.IndexFunc(
		f.Reembolsos,
		func(r Reembolso) bool { return r.Estado == Solicitado },
	)
}

// reembolso is the index of the refund with our id; -1 = none.
func (f *CobroEntero) reembolso(id string) int {
	return slices.IndexFunc(f.Reembolsos, func(r Reembolso) bool { return r.ID == id })
}

// suma adds up the refunds for which si is true, in centavos.
func (f CobroEntero) suma(si func(Reembolso) bool) (total money.Centavos) {
	for _, r := range f.Reembolsos {
		if si(r) {
			total += r.Monto
		}
	}
	return total
}

// resta is the money, in centavos, that may still be given back: Cobrado less the refunds that were made or asked for.
func (f *CobroEntero) resta() money.Centavos {
	return f.Cobrado - f.suma(func(r Reembolso) bool { return r.Estado != Fallido })
}

// cerrarSegun closes an open intento when its order has ended without money.
func (f *CobroEntero) cerrarSegun() {
	switch {
	case f.Cierre != "":
	case f.Vista == gateway.Rechazada:
		f.Cierre = pagos.Rechazado
	case f.Vista == gateway.Cancelada:
		f.Cierre = pagos.Vencido
	}
}

// resolver forgets the call in flight once orden shows its effect, or shows the order after the call's time was over.
func (f *CobroEntero) resolver(orden gateway.Orden, ahora time.Time) {
	vista := false
	switch f.Accion {
	case Crear:
		vista = true
	case Capturar:
		vista = rango[f.Vista] > rango[gateway.Reservada] ||
			orden.Estado != gateway.EnProceso && !f.EnCurso(ahora)
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
func (f *CobroEntero) soltar() { f.Accion, f.Hasta = "", time.Time{} }
