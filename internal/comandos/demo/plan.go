package demo

import "math/rand/v2"

// clase is the course of an order: how its customer pays, changes or cancels it.
type clase string

// The classes of orders, in the words of the summary.
const (
	pagaYa      clase = "card"
	dosVeces    clase = "card, sent twice"
	otraTarjeta clase = "refused card, then another"
	sinFondos   clase = "refused card, given up"
	otrasLineas clase = "too much, then other lines"
	cancela     clase = "cancelled"
	enEfectivo  clase = "voucher, paid"
	sinPagar    clase = "voucher, cancelled unpaid"
	transfiere  clase = "transfer, paid"
	enRevision  clase = "card under review, approved"
)

// clases are all classes with their shares of a hundred orders.
var clases = []struct {
	clase clase
	peso  int
}{
	{
		pagaYa,
		55,
	}, {dosVeces, 5}, {otraTarjeta, 8}, {sinFondos, 4}, {otrasLineas, 6}, {cancela, 8}, {enEfectivo, 6},
	{sinPagar, 2}, {transfiere, 4}, {enRevision, 2},
}

// plan is one order before it is placed.
type plan struct {
	clase     clase
	comprador int
	direccion int     // index among the customer's addresses
	renglones []parte // lines of the order
	espera    bool    // a cancellation comes after the confirmation, not at once
	ausente   bool    // the door stays closed on the first visit
	otros     []parte // lines of the retry, when stock is short
}

// parte is a product, by its index in the catalogue, and a quantity.
type parte struct{ producto, cantidad int }

// demasiado is a quantity above the stock of any product.
const demasiado = 10_000

// rechazosMax is how many cards of one customer are refused in a day. The shop takes no card of a customer after the
// fifth refusal within an hour, and one or two refusals may come from orders placed by hand before the demo.
const rechazosMax = 3

// planear makes the plans of a day; the same semilla gives the same plans. Of n orders each class has its share,
// rounded, and the first ten orders have one of each class. After rechazosMax refused cards a customer has a good
// card.
func planear(semilla uint64, n, compradores, direcciones, productos int) []plan {
	azar := rand.New(rand.NewPCG(semilla, 20_260_301))
	planes, rechazos := make([]plan, n), make([]int, compradores)
	for i := range planes {
		p := &planes[i]
		p.clase = repartir(i, azar)
		p.comprador, p.direccion = azar.IntN(compradores), azar.IntN(direcciones)
		if p.clase == otraTarjeta || p.clase == sinFondos {
			if rechazos[p.comprador]++; rechazos[p.comprador] > rechazosMax {
				p.clase = pagaYa
			}
		}
		p.renglones = renglones(productos, azar)
		p.espera, p.ausente = azar.IntN(2) == 0, azar.IntN(20) == 0
		if p.clase == otrasLineas {
			p.otros, p.renglones = p.renglones, []parte{{azar.IntN(productos), demasiado}}
		}
	}
	return planes
}

// repartir gives the i-th order its class.
func repartir(i int, azar *rand.Rand) clase {
	if i < len(clases) {
		return clases[i].clase
	}
	suerte := azar.IntN(100)
	for _, c := range clases {
		if suerte -= c.peso; suerte < 0 {
			return c.clase
		}
	}
	return pagaYa
}

// renglones are one to four products, each once.
func renglones(productos int, azar *rand.Rand) []parte {
	out := make([]parte, 0, 4)
	for _, producto := range azar.Perm(productos)[:min(productos, 1+azar.IntN(4))] {
		out = append(out, parte{producto, 1 + azar.IntN(3)})
	}
	return out
}
