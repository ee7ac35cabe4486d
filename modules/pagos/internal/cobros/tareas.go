package cobros

import (
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/gateway"
	"despensa/platform/money"
	"despensa/platform/skew"
)

// claseDeTarea is the kind of step that a cobro needs next.
type claseDeTarea int

const (
	nada        claseDeTarea = iota
	espera                   // a call may be running
	sincronizar              // the result of the last call is not known: read the order at the gateway
	hacer                    // call tarea.accion
)

// tarea is the next step of a cobro.
type tarea struct {
	clase  claseDeTarea
	accion Accion
	id     string         // of the refund
	monto  money.Centavos // of the refund
}

// siguienteTarea is the step that f needs by itself, without a caller that asks for it. Its rows, with the functions
// that take the step, are the table in doc.go.
func (f *CobroEntero) siguienteTarea(ahora time.Time) tarea {
	switch {
	case f.EnCurso(ahora):
		return tarea{clase: espera}
	case f.Accion != "":
		return tarea{clase: sincronizar}
	}
	if i := f.sinSaldar(); i >= 0 {
		return tarea{
			clase:  hacer,
			accion: Reembolsar,
			id:     f.Reembolsos[i].ID,
			monto:  f.Reembolsos[i].Monto,
		}
	}
	if f.Cierre != "" {
		return f.reintegro()
	}
	if f.Vista == gateway.EnEspera && f.vencido(ahora) {
		return tarea{clase: hacer, accion: Cancelar}
	}
	return tarea{}
}

// reintegro is the step by which a closed cobro gets rid of its money. While the provider decides (EnProceso) there is
// none: the cobro is looked at until the provider has decided.
func (f *CobroEntero) reintegro() tarea {
	switch f.Vista {
	case gateway.EnEspera, gateway.Reservada:
		return tarea{clase: hacer, accion: Cancelar}
	case gateway.Cobrada:
		if resta := f.resta(); resta > 0 && f.anulacionNegada() == "" {
			return tarea{
				clase:  hacer,
				accion: Reembolsar,
				id:     deResto(anulacion, resta),
				monto:  resta,
			}
		}
	}
	return tarea{}
}

// anulacion is the id of the refund by which a closed cobro gets rid of its money.
const anulacion = "anulacion"

// anulacionNegada is the reason, in kebab-case, for which the gateway refuses to give back the rest of the money of a
// closed cobro; "" where it has not refused. Money that goes back in another way changes the rest, and a refund of the
// new rest is tried.
func (f *CobroEntero) anulacionNegada() string {
	if f.Cierre == "" || f.resta() <= 0 {
		return ""
	}
	if i := f.reembolso(deResto(anulacion, f.resta())); i >= 0 &&
		f.Reembolsos[i].Estado == Fallido {
		return f.Reembolsos[i].Motivo
	}
	return ""
}

// vencido reports whether the time to pay f by a slow method is over; a card has none.
func (f *CobroEntero) vencido(ahora time.Time) bool {
	return !f.Vence.IsZero() && !ahora.Before(f.Vence)
}

// indecisa says that the customer still has to pay, or the provider to decide.
func (f *CobroEntero) indecisa() bool {
	return f.Vista == gateway.EnProceso || f.Vista == gateway.EnEspera
}

// EnReposo reports whether f is decided and needs no step at ahora. A notice about such a charge waits for
// Reglas.Reposo, so that several are processed together.
func (f *CobroEntero) EnReposo(ahora time.Time) bool {
	return !f.indecisa() && f.siguienteTarea(ahora).clase == nada
}

// Capturable reports whether the money of f is reserved, open, and no call is in flight: it can be captured.
func (f *CobroEntero) Capturable() bool {
	return !f.Anulado && f.Cierre == "" && f.Cobrado == 0 && f.Accion == "" &&
		f.Vista == gateway.Reservada
}

// empezar notes in f that the call o is about to be made and may run until hasta; a refund is added to Reembolsos.
func (f *CobroEntero) empezar(tarea tarea, hasta time.Time) {
	f.Accion, f.Hasta, f.Debe = tarea.accion, hasta, hasta.Add(holgura)
	if tarea.accion != Reembolsar {
		return
	}
	if i := f.reembolso(tarea.id); i >= 0 {
		f.Reembolsos[i].Estado, f.Reembolsos[i].Motivo = Solicitado, ""
		return
	}
	f.Reembolsos = append(f.Reembolsos, Reembolso{
		ID:     tarea.id,
		Monto:  tarea.monto,
		Estado: Solicitado,
		Orden:  len(f.Reembolsos) + 1,
	})
}

// anular closes f for ever, for a caller that gave the intento up.
func (f *CobroEntero) anular() {
	f.Anulado = true
	if f.Cierre == "" {
		f.Cierre = pagos.Anulado
	}
	f.Estado = f.derivar()
}

// Sondeo has the waits between two looks at a cobro.
type Sondeo struct {
	Min, Max   time.Duration // first and longest wait between two looks; doubles
	Reserva    time.Duration // between two looks at money that is reserved
	Cobrado    time.Duration // before the first look at money that was taken; 0 = it is not looked at
	Vigilancia time.Duration // how long an order is searched for that the gateway has not shown
}

// despues is the wait before the next look, after n looks in a row that found nothing new.
func (s Sondeo) despues(n int) time.Duration {
	d := s.Min
	for ; n > 0 && d < s.Max; n-- {
		d *= 2
	}
	return min(d, s.Max)
}

// agendar sets Debe, the time at which RevisarDebidos looks after f next.
func (f *CobroEntero) agendar(sondeo Sondeo, ahora time.Time) {
	if f.Hasta.After(skew.LeaseLimit(ahora)) {
		f.Hasta = ahora
	}
	f.Debe = f.proximaRevision(sondeo, ahora)
}

// proximaRevision is the time at which RevisarDebidos looks after f next; zero = never. Its rows are in the table in
// doc.go.
func (f *CobroEntero) proximaRevision(sondeo Sondeo, ahora time.Time) time.Time {
	pronto := ahora.Add(sondeo.despues(f.Sondeos))
	switch {
	case f.EnCurso(ahora):
		return f.Hasta.Add(holgura)
	case f.Accion == Crear && f.Orden == "" && ahora.After(f.Hasta.Add(sondeo.Vigilancia)):
		return time.Time{} // the order was searched for long enough: it was never made
	case f.Accion != "" || f.siguienteTarea(ahora).clase != nada:
		return pronto
	case f.indecisa():
		return f.revisionIndecisa(pronto, ahora)
	case f.Vista == gateway.Reservada:
		return ahora.Add(sondeo.Reserva)
	case f.Vista == gateway.Cobrada && !f.todoDevuelto():
		return f.revisionCobrado(sondeo, ahora)
	case f.Cierre != "" && f.Vista == "" && f.Orden == "":
		return f.revisionSinOrden(sondeo, ahora)
	}
	return time.Time{}
}

// revisionIndecisa is when to look again at a charge that the provider has not decided, or that the customer has not
// paid: pronto, or Vence where Vence comes first and the charge is open.
func (f *CobroEntero) revisionIndecisa(pronto, ahora time.Time) time.Time {
	if f.Cierre == "" && f.Vence.After(ahora) && f.Vence.Before(pronto) {
		return f.Vence
	}
	return pronto
}

// revisionSinOrden is when to search the gateway again, by reference, for the order of a charge that is closed without
// one; zero = never. The gateway refused to make the order; but that may be its answer to a second try, when the first
// had made the order, or a lie. The waits double with the age of the charge, until it is Vigilancia old.
func (f *CobroEntero) revisionSinOrden(sondeo Sondeo, ahora time.Time) time.Time {
	proxima := ahora.Add(max(sondeo.Min, ahora.Sub(f.Creado)))
	if proxima.After(f.Creado.Add(sondeo.Vigilancia)) {
		return time.Time{}
	}
	return proxima
}

// devoluble is how long the gateway gives money back that was taken, and cardholders may dispute a charge.
const devoluble = 180 * 24 * time.Hour

// revisionCobrado is when to look again at money that was taken, for refunds made at the gateway's own panel and for
// disputes; zero = never. The waits double with the age of the cobro, so that it is looked at a dozen times at most.
func (f *CobroEntero) revisionCobrado(sondeo Sondeo, ahora time.Time) time.Time {
	edad, ultima := ahora.Sub(f.Creado), f.Creado.Add(devoluble)
	if sondeo.Cobrado == 0 || !ahora.Before(ultima) {
		return time.Time{}
	}
	if proxima := ahora.Add(max(sondeo.Cobrado, edad)); proxima.Before(ultima) {
		return proxima
	}
	return ultima
}
