package promesas_test

import (
	"fmt"
	"sync"
	"time"

	"despensa/internal/programa"
	"despensa/platform/sqldb"
	"despensa/pruebas/kit"
)

// preparedCase is one order of a prepared folder: how it comes to stand where the program was cut, and how it goes on
// in the program that opens the folder. The folders of earlier releases name their cases, so no case is ever removed.
type preparedCase struct {
	name   string
	estado string // where the order stands at the cut
	// held is the effect at which the order's work waits until the cut; its nombre is empty for an order at rest.
	held  kit.Boundary
	start func(c *kit.Program) string     // makes the order and returns its id
	goOn  func(c *kit.Program, id string) // acts as a customer, a driver or an operator, and waits for the outcome
	// former: the case stands in folders of earlier releases alone; the program of now cannot be cut there.
	former bool
}

// preparedCases come in the order in which their orders are made. First come those at rest: orders that leave with a
// truck are made before orders that have to stay. Then come the held ones: an effect is held for every order that
// reaches it later, so of two orders the one that gets further comes first.
func preparedCases() []preparedCase {
	return append(append(atRestCases(), owedCases()...), transientCases()...)
}

// atRestCases are orders without due work.
func atRestCases() []preparedCase {
	return []preparedCase{
		{name: "delivered, a return of some asked for", estado: "entregado",
			start: startReturnAsked, goOn: goOnReturnAsked},
		{
			name:   "came back whole",
			estado: "devuelto",
			start:  startReturned,
			goOn:   goOnNothing("devuelto"),
		},
		{name: "on its way", estado: "en_reparto", start: startDeparted, goOn: goOnDelivered},
		{name: "card refused", estado: "fallido", start: startRefused, goOn: goOnRetried},
		{
			name:   "refused three times",
			estado: "rechazado",
			start:  startRejected,
			goOn:   goOnNothing("rechazado"),
		},
		{
			name:   "cancelled",
			estado: "cancelado",
			start:  startCancelled,
			goOn:   goOnNothing("cancelado"),
		},
		{
			name:   "voucher not paid",
			estado: "pago_pendiente",
			start:  startVoucher,
			goOn:   goOnVoucherPaid,
		},
		{name: "confirmed, some of its money given back", estado: "confirmado",
			start: startRefunded, goOn: goOnDeparted},
	}
}

// owedCases are orders with a cancel or a refund that was asked for and is not done yet.
func owedCases() []preparedCase {
	const refund = "pasarela.reembolsar"
	return []preparedCase{
		{name: "cancelled, the gateway's answer to the money back lost", estado: "cancelado",
			held: kit.Boundary{
				Name:   refund,
				Moment: sqldb.After,
			},
			start: startCancelled,
			goOn:  goOnAllBack},
		{name: "confirmed, a refund asked for and not made", estado: "confirmado",
			held: kit.Boundary{
				Name:   refund,
				Moment: sqldb.Before,
			},
			start: startRefundAsked,
			goOn:  goOnRefunded},
		{name: "confirmed, a cancel noted", estado: "confirmado",
			held: kit.Boundary{
				Name:   "rutas.liberar",
				Moment: sqldb.Before,
			},
			start: startCancelNoted,
			goOn:  goOnAllBack},
	}
}

// transientCases are orders in the estados that an order passes within milliseconds: twice in each, with the effect
// that follows not begun, and done but not noted in the order. The cases are named after the estados in which
// releases up to 0.5.0 stored the order at that effect; later releases store creado until a visit is booked. Each
// buys a product of its own, because a held effect on one product's stock holds up every order of that product.
func transientCases() (out []preparedCase) {
	for _, x := range []struct{ named, estado, effect string }{
		{named: "aceptado", estado: "aceptado", effect: "pasarela.capturar"},
		{named: "autorizado", estado: "creado", effect: "rutas.reservar"},
		{named: "preprocesado", estado: "creado", effect: "pasarela.crear"},
		{named: "creado", estado: "creado", effect: "pedidos.guardar_existencia"},
	} {
		done := preparedCase{
			name:   fmt.Sprintf("%s, cut after %s", x.named, x.effect),
			estado: x.estado,
			held:   kit.Boundary{Name: x.effect, Moment: sqldb.After},
			start:  startWithProduct(len(out)),
			goOn:   goOnConfirmed,
		}
		notBegun := done
		notBegun.name = fmt.Sprintf("%s, cut before %s", x.named, x.effect)
		notBegun.held.Moment = sqldb.Before
		notBegun.start = startWithProduct(len(out) + 1)
		// The writes of stock of a process stand in one line: the first that is held holds up the second.
		notBegun.former = x.effect == "pedidos.guardar_existencia"
		out = append(out, done, notBegun)
	}
	return out
}

// dam holds effects of a running program until it cuts the program: from then on no effect takes place.
type dam struct {
	mu      sync.Mutex
	held    map[kit.Boundary]chan struct{} // the held effects; the channel gets a value for each call that waits
	cut     chan struct{}                  // closed: the program is as good as dead
	cutOnce sync.Once
}

func newDam() *dam {
	return &dam{held: map[kit.Boundary]chan struct{}{}, cut: make(chan struct{})}
}

// passes is a sqldb.Cut.
func (d *dam) passes(nombre string, moment sqldb.Moment) error {
	d.mu.Lock()
	waits, isHeld := d.held[kit.Boundary{Name: nombre, Moment: moment}]
	d.mu.Unlock()
	if isHeld {
		select {
		case waits <- struct{}{}:
		default: // other calls wait already
		}
		<-d.cut
	}
	select {
	case <-d.cut:
		return programa.ErrMuerto
	default:
		return nil
	}
}

// holdAt holds every call of an effect from now on.
func (d *dam) holdAt(boundary kit.Boundary) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.held[boundary] = make(chan struct{}, 16)
}

// waitFor returns when a call waits at the dam.
func (d *dam) waitFor(program *kit.Program, boundary kit.Boundary) {
	program.T.Helper()
	d.mu.Lock()
	waits := d.held[boundary]
	d.mu.Unlock()
	select {
	case <-waits:
	case <-time.After(kit.Patience):
		program.T.Fatalf("%s was never called", boundary.Name)
	}
}

// cutAll cuts the program: every held and every later effect fails.
func (d *dam) cutAll() { d.cutOnce.Do(func() { close(d.cut) }) }
