package cobros

import (
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/gateway"
	"despensa/platform/money"
	"despensa/platform/skew"
)

// paso is what a cobro needs next.
type paso int

const (
	nada   paso = iota
	espera      // a call may be running
	mirar       // its result is not known: ask the gateway how things stand
	hacer       // call obra.accion
)

// obra is the next step of a cobro.
type obra struct {
	paso   paso
	accion Accion
	id     string         // of the refund
	monto  money.Centavos // of the refund
}

// obra tells what f needs by itself, without anybody asking: undoing, refunds begun,
// time that has run out.
func (f *Ficha) obra(ahora time.Time) obra {
	switch {
	case f.EnCurso(ahora):
		return obra{paso: espera}
	case f.Accion != "":
		return obra{paso: mirar}
	}
	if i := f.sinSaldar(); i >= 0 {
		return obra{paso: hacer, accion: Reembolsar, id: f.Reembolsos[i].ID, monto: f.Reembolsos[i].Monto}
	}
	if f.Cierre != "" {
		return f.vuelta()
	}
	if f.Vista == gateway.EnEspera && f.vencido(ahora) {
		return obra{paso: hacer, accion: Cancelar}
	}
	return obra{}
}

// vuelta is how a closed cobro gets rid of the money. While the provider decides
// nothing can be done: it is looked at until it has.
func (f *Ficha) vuelta() obra {
	switch f.Vista {
	case gateway.EnEspera, gateway.Reservada:
		return obra{paso: hacer, accion: Cancelar}
	case gateway.Cobrada:
		if resta := f.resta(); resta > 0 && f.anulacionNegada() == "" {
			return obra{paso: hacer, accion: Reembolsar, id: deResto(anulacion, resta), monto: resta}
		}
	}
	return obra{}
}

// anulacion is the id of the refund by which a closed cobro gets rid of its money.
const anulacion = "anulacion"

// anulacionNegada is why the gateway refuses to give back what is left of a closed cobro, in kebab-case; "" where it
// does not. Money that goes back in another way changes what is left, and another refund is tried.
func (f *Ficha) anulacionNegada() string {
	if f.Cierre == "" || f.resta() <= 0 {
		return ""
	}
	if i := f.reembolso(deResto(anulacion, f.resta())); i >= 0 && f.Reembolsos[i].Estado == Fallido {
		return f.Reembolsos[i].Motivo
	}
	return ""
}

func (f *Ficha) vencido(ahora time.Time) bool { return !f.Vence.IsZero() && !ahora.Before(f.Vence) }

// indecisa says that somebody still has to pay or decide.
func (f *Ficha) indecisa() bool {
	return f.Vista == gateway.EnProceso || f.Vista == gateway.EnEspera
}

// EnReposo reports whether f waits for nobody and has nothing to do at ahora: a notice about it may lie for a while.
func (f *Ficha) EnReposo(ahora time.Time) bool { return !f.indecisa() && f.obra(ahora).paso == nada }

// Tomable reports whether the money of f is reserved, open, and no call is in flight: it can be captured.
func (f *Ficha) Tomable() bool {
	return !f.Anulado && f.Cierre == "" && f.Cobrado == 0 && f.Accion == "" && f.Vista == gateway.Reservada
}

// empezar notes that o is about to be called and may run until hasta.
func (f *Ficha) empezar(o obra, hasta time.Time) {
	f.Accion, f.Hasta, f.Debe = o.accion, hasta, hasta.Add(holgura)
	if o.accion != Reembolsar {
		return
	}
	if i := f.reembolso(o.id); i >= 0 {
		f.Reembolsos[i].Estado, f.Reembolsos[i].Motivo = Pedido, ""
		return
	}
	f.Reembolsos = append(f.Reembolsos, Reembolso{
		ID:     o.id,
		Monto:  o.monto,
		Estado: Pedido,
		Orden:  len(f.Reembolsos) + 1,
	})
}

// anular closes f for ever.
func (f *Ficha) anular() {
	f.Anulado = true
	if f.Cierre == "" {
		f.Cierre = pagos.Anulado
	}
	f.Estado = f.derivar()
}

// Sondeo says how often is looked after cobros that wait.
type Sondeo struct {
	Min, Max   time.Duration // first and longest wait between two looks; doubles
	Reserva    time.Duration // between two looks at money that is reserved
	Cobrado    time.Duration // before the first look at money that was taken; 0 = it is not looked at
	Vigilancia time.Duration // how long an order that was not found is looked for
}

// despues is the wait before the next look, after n that found nothing new.
func (s Sondeo) despues(n int) time.Duration {
	d := s.Min
	for ; n > 0 && d < s.Max; n-- {
		d *= 2
	}
	return min(d, s.Max)
}

// citar sets when to look after f next.
func (f *Ficha) citar(s Sondeo, ahora time.Time) {
	if f.Hasta.After(skew.LeaseLimit(ahora)) {
		f.Hasta = ahora
	}
	f.Debe = f.cita(s, ahora)
}

func (f *Ficha) cita(s Sondeo, ahora time.Time) time.Time {
	pronto := ahora.Add(s.despues(f.Sondeos))
	switch {
	case f.EnCurso(ahora):
		return f.Hasta.Add(holgura)
	case f.Accion == Crear && f.Orden == "" && ahora.After(f.Hasta.Add(s.Vigilancia)):
		return time.Time{} // nothing ever came of it
	case f.Accion != "" || f.obra(ahora).paso != nada:
		return pronto
	case f.indecisa() && f.Cierre == "" && f.Vence.After(ahora) && f.Vence.Before(pronto):
		return f.Vence
	case f.indecisa():
		return pronto
	case f.Vista == gateway.Reservada:
		return ahora.Add(s.Reserva)
	case f.Vista == gateway.Cobrada && !f.todoDevuelto():
		return f.citaCobrado(s, ahora)
	case f.Cierre != "" && f.Vista == "" && f.Orden == "":
		return f.citaSinOrden(s, ahora)
	}
	return time.Time{}
}

// citaSinOrden is when to look again, by its reference, for the gateway's order of a charge that is closed without one.
// The gateway refused to make the order; but the refusal may be of a second try, whose first had made it, or a lie. The
// waits double with the age of the charge, to the end of Vigilancia; zero after that.
func (f *Ficha) citaSinOrden(s Sondeo, ahora time.Time) time.Time {
	cita := ahora.Add(max(s.Min, ahora.Sub(f.Creado)))
	if cita.After(f.Creado.Add(s.Vigilancia)) {
		return time.Time{}
	}
	return cita
}

// devoluble is how long the gateway gives money back that was taken, and cardholders may dispute a charge.
const devoluble = 180 * 24 * time.Hour

// citaCobrado is when to look again at money that was taken: whether some has gone back without us. The waits double
// with the age of the cobro, so that each is looked at a dozen times at most.
func (f *Ficha) citaCobrado(s Sondeo, ahora time.Time) time.Time {
	edad, ultima := ahora.Sub(f.Creado), f.Creado.Add(devoluble)
	if s.Cobrado == 0 || !ahora.Before(ultima) {
		return time.Time{}
	}
	if cita := ahora.Add(max(s.Cobrado, edad)); cita.Before(ultima) {
		return cita
	}
	return ultima
}
