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

func (c *caso) pedido(m pagos.Metodo, titular string) gateway.SolicitudDePago {
	c.Helper()
	c.n++
	p := gateway.SolicitudDePago{
		Clave:      fmt.Sprint("k", c.n),
		Referencia: fmt.Sprint("ref-", c.n),
		Monto:      total,
		Metodo:     m,
		Correo:     c.Correo,
	}
	if m.Tarjeta() {
		p.Token, p.MarcaDeTarjeta, p.Cuotas = c.Token(c.T, titular), "master", 1
	} else {
		p.Plazo = 49*time.Hour + 90*time.Second
	}
	return p
}

func (c *caso) crear(p gateway.SolicitudDePago) gateway.Orden {
	c.Helper()
	o, err := c.Crear(c.Context(), p)
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

func (c *caso) acto(o gateway.Orden) gateway.Acto {
	c.n++
	return gateway.Acto{Orden: o.ID, Clave: fmt.Sprint("k", c.n)}
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
func (c *caso) es(o gateway.Orden, e gateway.Estado, cobrado money.Centavos) {
	c.Helper()
	for _, x := range []gateway.Orden{o, c.leer(o.ID)} {
		if x.Estado != e || x.Tomado() != cobrado || x.ID != o.ID {
			c.Fatalf("got %+v, want %s with %d taken", x, e, cobrado)
		}
	}
}

func (c *caso) error(err, want error) {
	c.Helper()
	if !errors.Is(err, want) {
		c.Fatalf("got %v, want %v", err, want)
	}
}

func reservarCapturar(c *caso) {
	o := c.reservada()
	c.es(o, gateway.Reservada, 0)
	o, err := c.Capturar(c.Context(), c.acto(o))
	if err != nil {
		c.Fatal(err)
	}
	c.es(o, gateway.Cobrada, total)
	_, err = c.Capturar(c.Context(), c.acto(o))
	c.error(err, gateway.ErrEstado)
	_, err = c.Cancelar(c.Context(), c.acto(o))
	c.error(err, gateway.ErrEstado)
}

func reservarAnular(c *caso) {
	o := c.reservada()
	o, err := c.Cancelar(c.Context(), c.acto(o))
	if err != nil {
		c.Fatal(err)
	}
	c.es(o, gateway.Cancelada, 0)
	_, err = c.Cancelar(c.Context(), c.acto(o))
	c.error(err, gateway.ErrEstado)
	_, err = c.Capturar(c.Context(), c.acto(o))
	c.error(err, gateway.ErrEstado)
}

func cobrarDeUna(c *caso) {
	o := c.crear(c.pedido(pagos.TarjetaDebito, "APRO"))
	c.es(o, gateway.Cobrada, total)
}

func rechazar(c *caso) {
	o := c.crear(c.pedido(pagos.TarjetaCredito, "FUND"))
	if o.Motivo != "sin-fondos" {
		c.Errorf("reason %q", o.Motivo)
	}
	c.es(o, gateway.Rechazada, 0)
	_, err := c.Capturar(c.Context(), c.acto(o))
	c.error(err, gateway.ErrEstado)
}

func enProceso(c *caso) {
	o := c.crear(c.pedido(pagos.TarjetaCredito, "CONT"))
	c.es(o, gateway.EnProceso, 0)
	_, err := c.Cancelar(c.Context(), c.acto(o))
	c.error(err, gateway.ErrEstado)
	c.Pagar(c.T, o.ID)
	o = c.leer(o.ID)
	c.es(o, gateway.Cobrada, total)
}

func boleta(c *caso) {
	o := c.crear(c.pedido(pagos.Efectivo, ""))
	if o.Instrucciones == "" {
		c.Error("no instructions")
	}
	c.es(o, gateway.EnEspera, 0)
	c.Pagar(c.T, o.ID)
	o = c.leer(o.ID)
	c.es(o, gateway.Cobrada, total)
}

func transferencia(c *caso) {
	o := c.crear(c.pedido(pagos.Transferencia, ""))
	c.es(o, gateway.EnEspera, 0)
	o, err := c.Cancelar(c.Context(), c.acto(o))
	if err != nil {
		c.Fatal(err)
	}
	c.es(o, gateway.Cancelada, 0)
}

// reembolsos: refunds add up, a repeated key gives nothing back again, and more than the rest is ErrExcede.
func reembolsos(c *caso) {
	o := c.crear(c.pedido(pagos.TarjetaDebito, "APRO"))
	devolver := func(clave string, m money.Centavos) error {
		d := gateway.SolicitudDeReembolso{Acto: gateway.Acto{Orden: o.ID, Clave: clave}, Transaccion: o.Pago().ID, Monto: m}
		_, err := c.Reembolsar(c.Context(), d)
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
		if err := devolver(x.clave, x.monto); !errors.Is(err, x.err) || x.err == nil && err != nil {
			c.Fatalf("refund %+v: %v", x, err)
		}
	}
	if err := devolver("y", 1); !errors.Is(err, gateway.ErrEstado) && !errors.Is(err, gateway.ErrExcede) {
		c.Fatalf("a refund too many: %v", err)
	}
	leida := c.leer(o.ID)
	if len(leida.Reembolsos) != 3 || devuelto(leida) != total || leida.Estado != gateway.Cobrada ||
		leida.Tomado() != total {
		c.Fatalf("got %+v", leida)
	}
}

func unaClave(c *caso) {
	p := c.pedido(pagos.TarjetaCredito, "APRO")
	primera, segunda := c.crear(p), c.crear(p)
	if primera.ID != segunda.ID {
		c.Fatalf("two orders: %s, %s", primera.ID, segunda.ID)
	}
	p.Monto++
	_, err := c.Crear(c.Context(), p)
	c.error(err, gateway.ErrClave)
}

func buscar(c *caso) {
	desde := time.Now().Add(-time.Minute)
	p := c.pedido(pagos.TarjetaCredito, "APRO")
	o := c.crear(p)
	c.crear(c.pedido(pagos.TarjetaCredito, "APRO"))
	for ref, want := range map[string]int{p.Referencia: 1, "ref-nadie": 0} {
		ids, err := c.Buscar(c.Context(), ref, desde)
		if err != nil || len(ids) != want {
			c.Fatalf("%s: %v, %v", ref, ids, err)
		}
		if want == 1 && ids[0] != o.ID {
			c.Fatalf("found %s, want %s", ids[0], o.ID)
		}
	}
}

// entera: the answer of Leer states the reference of the order, its one payment, and the amounts asked for and paid.
func entera(c *caso) {
	p := c.pedido(pagos.TarjetaDebito, "APRO")
	o := c.leer(c.crear(p).ID)
	if o.Corta() || o.Referencia != p.Referencia || o.Total != gateway.Dice(total) || len(o.Pagos) != 1 {
		c.Fatalf("got %+v", o)
	}
	if g := o.Pago(); g.ID == "" || g.Estado != gateway.Cobrada || g.Importe != gateway.Dice(total) {
		c.Fatalf("payment %+v", g)
	}
}

func noHay(c *caso) {
	id := "ORDTST01NOEXISTE000000000000000"
	_, err := c.Leer(c.Context(), id)
	c.error(err, gateway.ErrNoHay)
	_, err = c.Capturar(c.Context(), gateway.Acto{Orden: id, Clave: "k"})
	c.error(err, gateway.ErrNoHay)
}

func peticionMala(c *caso) {
	p := c.pedido(pagos.TarjetaCredito, "APRO")
	p.Token = "MAL"
	_, err := c.Crear(c.Context(), p)
	c.error(err, gateway.ErrPeticion)
}
