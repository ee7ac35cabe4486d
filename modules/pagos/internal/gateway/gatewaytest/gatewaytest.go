package gatewaytest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/gateway"
	"despensa/platform/money"
)

// Entorno is a gateway under test, with functions that act as its customers do.
type Entorno struct {
	gateway.Pasarela
	// Token makes a card token for a holder: APRO, FUND or CONT.
	Token func(t *testing.T, titular string) string
	// Pagar lets the customer pay, or the issuer approve, the order.
	Pagar func(t *testing.T, orden string)
	// Correo of a payer.
	Correo string
}

// Probar runs the suite that every adapter has to pass. nuevo gives an empty gateway.
func Probar(t *testing.T, nuevo func(t *testing.T) Entorno) {
	casos := map[string]func(*caso){
		"reserve, capture":       reservarCapturar,
		"reserve, void":          reservarAnular,
		"charge at once":         cobrarDeUna,
		"declined":               rechazar,
		"in process":             enProceso,
		"voucher":                boleta,
		"transfer":               transferencia,
		"refunds":                reembolsos,
		"a key has one effect":   unaClave,
		"search":                 buscar,
		"a reading is whole":     entera,
		"orders that are not":    noHay,
		"a request that is none": peticionMala,
	}
	for nombre, f := range casos {
		t.Run(nombre, func(t *testing.T) { f(&caso{T: t, Entorno: nuevo(t)}) })
	}
}

const total = money.Centavos(20_050)

type caso struct {
	*testing.T
	Entorno
	n int
}

func (c *caso) pedido(metodo pagos.Metodo, titular string) gateway.SolicitudDePago {
	c.Helper()
	c.n++
	p := gateway.SolicitudDePago{
		Clave:      fmt.Sprint("k", c.n),
		Referencia: fmt.Sprint("ref-", c.n),
		Monto:      total,
		Metodo:     metodo,
		Correo:     c.Correo,
	}
	if metodo.Tarjeta() {
		p.Token, p.MarcaDeTarjeta, p.Cuotas = c.Token(c.T, titular), "master", 1
	} else {
		p.Plazo = 49*time.Hour + 90*time.Second
	}
	return p
}

func (c *caso) crear(solicitudDePago gateway.SolicitudDePago) gateway.Orden {
	c.Helper()
	o, err := c.Crear(c.Context(), solicitudDePago)
	if err != nil {
		c.Fatal(err)
	}
	if o.ID == "" {
		c.Fatalf("an order without an id: %+v", o)
	}
	return o
}

func (c *caso) reservada() gateway.Orden {
	c.Helper()
	p := c.pedido(pagos.TarjetaCredito, "APRO")
	p.Reservar = true
	return c.crear(p)
}

func (c *caso) acto(orden gateway.Orden) gateway.Acto {
	c.n++
	return gateway.Acto{Orden: orden.ID, Clave: fmt.Sprint("k", c.n)}
}

func (c *caso) leer(id string) gateway.Orden {
	c.Helper()
	o, err := c.Leer(c.Context(), id)
	if err != nil {
		c.Fatal(err)
	}
	return o
}

// es fails unless o, and the order as Leer gives it, are in the state e with cobrado centavos taken.
func (c *caso) es(orden gateway.Orden, estado gateway.Estado, cobrado money.Centavos) {
	c.Helper()
	for _, x := range []gateway.Orden{orden, c.leer(orden.ID)} {
		if x.Estado != estado || x.Tomado() != cobrado || x.ID != orden.ID {
			c.Fatalf("got %+v, want %s with %d taken", x, estado, cobrado)
		}
	}
}

func (c *caso) error(err, want error) {
	c.Helper()
	if !errors.Is(err, want) {
		c.Fatalf("got %v, want %v", err, want)
	}
}

func reservarCapturar(caso *caso) {
	o := caso.reservada()
	caso.es(o, gateway.Reservada, 0)
	o, err := caso.Capturar(caso.Context(), caso.acto(o))
	if err != nil {
		caso.Fatal(err)
	}
	caso.es(o, gateway.Cobrada, total)
	_, err = caso.Capturar(caso.Context(), caso.acto(o))
	caso.error(err, gateway.ErrEstado)
	_, err = caso.Cancelar(caso.Context(), caso.acto(o))
	caso.error(err, gateway.ErrEstado)
}

func reservarAnular(caso *caso) {
	o := caso.reservada()
	o, err := caso.Cancelar(caso.Context(), caso.acto(o))
	if err != nil {
		caso.Fatal(err)
	}
	caso.es(o, gateway.Cancelada, 0)
	_, err = caso.Cancelar(caso.Context(), caso.acto(o))
	caso.error(err, gateway.ErrEstado)
	_, err = caso.Capturar(caso.Context(), caso.acto(o))
	caso.error(err, gateway.ErrEstado)
}

func cobrarDeUna(caso *caso) {
	o := caso.crear(caso.pedido(pagos.TarjetaDebito, "APRO"))
	caso.es(o, gateway.Cobrada, total)
}

func rechazar(caso *caso) {
	o := caso.crear(caso.pedido(pagos.TarjetaCredito, "FUND"))
	if o.Motivo != "sin-fondos" {
		caso.Errorf("reason %q", o.Motivo)
	}
	caso.es(o, gateway.Rechazada, 0)
	_, err := caso.Capturar(caso.Context(), caso.acto(o))
	caso.error(err, gateway.ErrEstado)
}

func enProceso(caso *caso) {
	o := caso.crear(caso.pedido(pagos.TarjetaCredito, "CONT"))
	caso.es(o, gateway.EnProceso, 0)
	_, err := caso.Cancelar(caso.Context(), caso.acto(o))
	caso.error(err, gateway.ErrEstado)
	caso.Pagar(caso.T, o.ID)
	o = caso.leer(o.ID)
	caso.es(o, gateway.Cobrada, total)
}

func boleta(caso *caso) {
	o := caso.crear(caso.pedido(pagos.Efectivo, ""))
	if o.Instrucciones == "" {
		caso.Error("no instructions")
	}
	caso.es(o, gateway.EnEspera, 0)
	caso.Pagar(caso.T, o.ID)
	o = caso.leer(o.ID)
	caso.es(o, gateway.Cobrada, total)
}

func transferencia(caso *caso) {
	o := caso.crear(caso.pedido(pagos.Transferencia, ""))
	caso.es(o, gateway.EnEspera, 0)
	o, err := caso.Cancelar(caso.Context(), caso.acto(o))
	if err != nil {
		caso.Fatal(err)
	}
	caso.es(o, gateway.Cancelada, 0)
}

// reembolsos: refunds add up, a repeated key gives nothing back again, and more than the rest is ErrExcede.
func reembolsos(caso *caso) {
	o := caso.crear(caso.pedido(pagos.TarjetaDebito, "APRO"))
	devolver := func(clave string, m money.Centavos) error {
		d := gateway.SolicitudDeReembolso{
			Acto:        gateway.Acto{Orden: o.ID, Clave: clave},
			Transaccion: o.Pago().ID,
			Monto:       m,
		}
		_, err := caso.Reembolsar(caso.Context(), d)
		return err
	}
	for _, x := range []struct {
		clave string
		monto money.Centavos
		err   error
	}{
		{clave: "a", monto: 50},
		{clave: "a", monto: 50},
		{clave: "b", monto: 50},
		{clave: "x", monto: total, err: gateway.ErrExcede},
		{clave: "c", monto: total - 100},
	} {
		if err := devolver(x.clave, x.monto); !errors.Is(err, x.err) ||
			x.err == nil && err != nil {
			caso.Fatalf("refund %+v: %v", x, err)
		}
	}
	if err := devolver("y", 1); !errors.Is(err, gateway.ErrEstado) &&
		!errors.Is(err, gateway.ErrExcede) {
		caso.Fatalf("a refund too many: %v", err)
	}
	leida := caso.leer(o.ID)
	if len(leida.Reembolsos) != 3 || devuelto(leida) != total ||
		leida.Estado != gateway.Cobrada ||
		leida.Tomado() != total {
		caso.Fatalf("got %+v", leida)
	}
}

func unaClave(caso *caso) {
	p := caso.pedido(pagos.TarjetaCredito, "APRO")
	primera, segunda := caso.crear(p), caso.crear(p)
	if primera.ID != segunda.ID {
		caso.Fatalf("two orders: %s, %s", primera.ID, segunda.ID)
	}
	p.Monto++
	_, err := caso.Crear(caso.Context(), p)
	caso.error(err, gateway.ErrClave)
}

func buscar(caso *caso) {
	desde := time.Now().Add(-time.Minute)
	p := caso.pedido(pagos.TarjetaCredito, "APRO")
	o := caso.crear(p)
	caso.crear(caso.pedido(pagos.TarjetaCredito, "APRO"))
	for ref, want := range map[string]int{p.Referencia: 1, "ref-nadie": 0} {
		ids, err := caso.Buscar(caso.Context(), ref, desde)
		if err != nil || len(ids) != want {
			caso.Fatalf("%s: %v, %v", ref, ids, err)
		}
		if want == 1 && ids[0] != o.ID {
			caso.Fatalf("found %s, want %s", ids[0], o.ID)
		}
	}
}

// entera: the answer of Leer states the reference of the order, its one payment, and the amounts asked for and paid.
func entera(caso *caso) {
	p := caso.pedido(pagos.TarjetaDebito, "APRO")
	o := caso.leer(caso.crear(p).ID)
	if o.Corta() || o.Referencia != p.Referencia || o.Total != gateway.Dice(total) ||
		len(o.Pagos) != 1 {
		caso.Fatalf("got %+v", o)
	}
	if g := o.Pago(); g.ID == "" || g.Estado != gateway.Cobrada ||
		g.Importe != gateway.Dice(total) {
		caso.Fatalf("payment %+v", g)
	}
}

func noHay(caso *caso) {
	id := "ORDTST01NOEXISTE000000000000000"
	_, err := caso.Leer(caso.Context(), id)
	caso.error(err, gateway.ErrNoHay)
	_, err = caso.Capturar(caso.Context(), gateway.Acto{Orden: id, Clave: "k"})
	caso.error(err, gateway.ErrNoHay)
}

func peticionMala(caso *caso) {
	p := caso.pedido(pagos.TarjetaCredito, "APRO")
	p.Token = "MAL"
	_, err := caso.Crear(caso.Context(), p)
	caso.error(err, gateway.ErrPeticion)
}
