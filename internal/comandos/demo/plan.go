package demo

import "math/rand/v2"

// clase is what a customer does.
type clase string

// What customers do, in the words of the summary.
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

// clases are all of them with how many customers of a hundred do so.
var clases = []struct {
	clase clase
	peso  int
}{
	{pagaYa, 55}, {dosVeces, 5}, {otraTarjeta, 8}, {sinFondos, 4}, {otrasLineas, 6}, {cancela, 8}, {enEfectivo, 6},
	{sinPagar, 2}, {transfiere, 4}, {enRevision, 2},
}

// plan is one order before it is placed.
type plan struct {
	clase     clase
	comprador int
	direccion int     // of the customer's
	renglones []parte // what they want
	espera    bool    // who cancels does so after the confirmation, not at once
	ausente   bool    // nobody opens when the truck comes first
	otros     []parte // what they take when there is not enough
}

// parte is a product, by its place in the catalogue, and how many.
type parte struct{ producto, cantidad int }

// demasiado is more than there is of anything.
const demasiado = 10_000

// rechazosMax is how many cards of one customer are refused in a day. The shop takes no card after the fifth within an
// hour, and those who try the demo may have had one or two refused by hand before.
const rechazosMax = 3

// planear makes the day that belongs to a number: of n orders each class has its share,
// rounded, and the first of ten orders are one of each. A customer whose cards were refused too often has a good one.
func planear(semilla uint64, n, compradores, direcciones, productos int) []plan {
	azar := rand.New(rand.NewPCG(semilla, 20_260_301))
	ps, rechazos := make([]plan, n), make([]int, compradores)
	for i := range ps {
		p := &ps[i]
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
	return ps
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
