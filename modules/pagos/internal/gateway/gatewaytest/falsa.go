// Package gatewaytest tests gateways. Probar is the conformance suite that every adapter passes; Falsa is a gateway in
// memory for the tests of packages that call one.
package gatewaytest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"despensa/modules/pagos/internal/gateway"
	"despensa/platform/money"
)

// Falla is how one call goes wrong.
type Falla int

// The ways of going wrong.
const (
	Ninguna   Falla = iota
	Perdida         // no answer, no effect
	Muda            // the effect happens, the answer is lost
	Ocupada         // an earlier call is still running; no effect
	ClaveRota       // the effect happens once, but a repeated key is refused
)

// Falsa is a gateway in memory. The token decides: APRO, FUND (declined), CONT
// (processing); without a token the order waits to be paid. Safe for concurrent use.
type Falsa struct {
	// Falla decides how a call goes wrong; nil = none does.
	Falla func(accion string) Falla
	// Entra is called while a call runs, without locks held; nil = nothing.
	Entra func(accion string)
	// Miente changes the answer to an action, and leaves the order as it is; nil = answers are true.
	Miente func(accion string, o *gateway.Orden)
	// Niega refuses an action without an effect; nil, and a nil error, refuse nothing.
	Niega func(accion string) error
	// Sordo makes searches list every order, whatever its reference.
	Sordo bool

	mu      sync.Mutex
	ordenes map[string]*guardada
	claves  map[string]hecho // by key
	n       int
	cuenta  map[string]int
	usadas  map[string][]string // keys that came, by action
}

// guardada is an order as Falsa keeps it, with the amount that was asked for and the amount that was taken.
type guardada struct {
	gateway.Orden
	monto, cobrado money.Centavos
}

// hecho is the order and the body that an idempotency key was first used with.
type hecho struct{ orden, cuerpo string }

var _ gateway.Pasarela = (*Falsa)(nil)

// New makes a gateway without orders.
func New() *Falsa {
	return &Falsa{
		ordenes: map[string]*guardada{}, claves: map[string]hecho{},
		cuenta: map[string]int{}, usadas: map[string][]string{},
	}
}

// Entorno is p as Probar needs it: p under test, and functions that act as its customers do.
func (p *Falsa) Entorno() Entorno {
	return Entorno{
		Pasarela: p, Correo: "x@testuser.com",
		Token: func(_ *testing.T, titular string) string { return titular },
		Pagar: func(_ *testing.T, id string) {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.ordenes[id].poner(gateway.Cobrada)
		},
	}
}

// Veces tells how often an action had its effect.
func (p *Falsa) Veces(
	accion string,
) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cuenta[accion]
}

// Claves tells which keys came for an action, call by call, effect or not.
func (p *Falsa) Claves(accion string) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.usadas[accion])
}

// Saldo sums over all orders the centavos that were taken, and those that were given back.
func (p *Falsa) Saldo() (cobrado, reembolsado money.Centavos) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, o := range p.ordenes {
		cobrado += o.cobrado
		reembolsado += devuelto(o.Orden)
	}
	return cobrado, reembolsado
}

// Orden shows the only order under a reference; the zero one when there is none.
func (p *Falsa) Orden(referencia string) gateway.Orden {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, o := range p.ordenes {
		if o.Referencia == referencia {
			return o.dicha()
		}
	}
	return gateway.Orden{}
}

// Poner moves the order under a reference, as time or its customer would.
func (p *Falsa) Poner(referencia string, estado gateway.Estado) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, o := range p.ordenes {
		if o.Referencia == referencia {
			o.poner(estado)
		}
	}
}

// Cobrar makes the order under a reference take another amount than was asked for.
func (p *Falsa) Cobrar(referencia string, centavos money.Centavos) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, o := range p.ordenes {
		if o.Referencia == referencia {
			o.poner(gateway.Cobrada)
			o.cobrado = centavos
		}
	}
}

func (o *guardada) poner(estado gateway.Estado) {
	if o.Estado = estado; estado == gateway.Cobrada {
		o.cobrado = o.monto
	}
}

func devuelto(orden gateway.Orden) (total money.Centavos) {
	for _, r := range orden.Reembolsos {
		total += r.Monto
	}
	return total
}

// dicha is o as an answer states it.
func (o *guardada) dicha() gateway.Orden {
	c := o.Orden
	c.Moneda, c.Total = money.Currency, gateway.Dice(o.monto)
	pago := gateway.Pago{ID: "PAY" + o.ID[len("ORD"):], Estado: o.Estado, Importe: c.Total}
	if o.Estado == gateway.Cobrada {
		c.Pagado, pago.Pagado = gateway.Dice(o.cobrado), gateway.Dice(o.cobrado)
	}
	c.Pagos, c.Reembolsos = []gateway.Pago{pago}, slices.Clone(c.Reembolsos)
	return c
}

// decir is o as the answer to an action shows it, after Miente.
func (p *Falsa) decir(accion string, guardada *guardada) gateway.Orden {
	c := guardada.dicha()
	if p.Miente != nil {
		p.Miente(accion, &c)
	}
	return c
}

// unaVez runs f once per key, and makes the call fail as Falla says, before or after f.
func (p *Falsa) unaVez(
	accion, clave, cuerpo string,
	f func() (*guardada, error),
) (gateway.Orden, error) {
	if p.Entra != nil {
		p.Entra(accion)
	}
	if p.Niega != nil {
		if err := p.Niega(accion); err != nil {
			return gateway.Orden{}, err
		}
	}
	falla := p.falla(accion)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.usadas[accion] = append(p.usadas[accion], clave)
	if falla == Perdida {
		return gateway.Orden{}, gateway.ErrSilencio
	}
	if falla == Ocupada {
		return gateway.Orden{}, gateway.ErrOcupada
	}
	h, repetida := p.claves[clave]
	if repetida && (falla == ClaveRota || h.cuerpo != cuerpo) {
		return gateway.Orden{}, gateway.ErrClave
	}
	if !repetida {
		o, err := f()
		if err != nil {
			return gateway.Orden{}, err
		}
		h = hecho{o.ID, cuerpo}
		p.claves[clave] = h
		p.cuenta[accion]++
	}
	if falla == Muda || falla == ClaveRota {
		return gateway.Orden{}, gateway.ErrSilencio
	}
	return p.decir(accion, p.ordenes[h.orden]), nil
}

func (p *Falsa) falla(accion string) Falla {
	if p.Falla == nil {
		return Ninguna
	}
	return p.Falla(accion)
}

// Crear implements gateway.Pasarela.
func (p *Falsa) Crear(
	_ context.Context,
	pedido gateway.SolicitudDePago,
) (gateway.Orden, error) {
	return p.unaVez("crear", pedido.Clave, fmt.Sprint(pedido), func() (*guardada, error) {
		if pedido.Token == "MAL" {
			return nil, gateway.ErrPeticion
		}
		p.n++
		nueva := gateway.Orden{ID: fmt.Sprintf("ORD%d", p.n), Referencia: pedido.Referencia}
		o := &guardada{Orden: nueva, monto: pedido.Monto}
		p.ordenes[o.ID] = o
		switch {
		case pedido.Token == "FUND":
			o.Estado, o.Motivo = gateway.Rechazada, "sin-fondos"
		case pedido.Token == "CONT":
			o.Estado = gateway.EnProceso
		case pedido.Token == "":
			o.Estado, o.Instrucciones = gateway.EnEspera, "Pagar en: la esquina"
		case pedido.Reservar:
			o.Estado = gateway.Reservada
		default:
			o.poner(gateway.Cobrada)
		}
		return o, nil
	})
}

// Leer implements gateway.Pasarela.
func (p *Falsa) Leer(_ context.Context, id string) (gateway.Orden, error) {
	if f := p.falla("leer"); f != Ninguna {
		return gateway.Orden{}, gateway.ErrSilencio
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cuenta["leer"]++
	o, ok := p.ordenes[id]
	if !ok {
		return gateway.Orden{}, gateway.ErrNoHay
	}
	return p.decir("leer", o), nil
}

// Buscar implements gateway.Pasarela.
func (p *Falsa) Buscar(_ context.Context, referencia string, _ time.Time) ([]string, error) {
	if f := p.falla("buscar"); f != Ninguna {
		return nil, gateway.ErrSilencio
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	out := []string{}
	for _, o := range p.ordenes {
		if o.Referencia == referencia || p.Sordo {
			out = append(out, o.ID)
		}
	}
	return out, nil
}

// Capturar implements gateway.Pasarela.
func (p *Falsa) Capturar(_ context.Context, acto gateway.Acto) (gateway.Orden, error) {
	return p.actuar("capturar", acto.Orden, acto, func(o *guardada) error {
		if o.Estado != gateway.Reservada {
			return gateway.ErrEstado
		}
		o.poner(gateway.Cobrada)
		return nil
	})
}

// Cancelar implements gateway.Pasarela.
func (p *Falsa) Cancelar(_ context.Context, acto gateway.Acto) (gateway.Orden, error) {
	return p.actuar("cancelar", acto.Orden, acto, func(o *guardada) error {
		if o.Estado != gateway.Reservada && o.Estado != gateway.EnEspera {
			return gateway.ErrEstado
		}
		o.poner(gateway.Cancelada)
		return nil
	})
}

// Reembolsar implements gateway.Pasarela.
func (p *Falsa) Reembolsar(
	_ context.Context,
	solicitudDeReembolso gateway.SolicitudDeReembolso,
) (gateway.Orden, error) {
	return p.actuar(
		"reembolsar",
		fmt.Sprint(solicitudDeReembolso),
		solicitudDeReembolso.Acto,
		func(o *guardada) error {
			switch {
			case o.Estado != gateway.Cobrada:
				return gateway.ErrEstado
			case solicitudDeReembolso.Monto > o.cobrado-devuelto(o.Orden):
				return gateway.ErrExcede
			}
			id := fmt.Sprintf("REF%d", len(o.Reembolsos)+1)
			o.Reembolsos = append(
				o.Reembolsos,
				gateway.Reembolso{ID: id, Monto: solicitudDeReembolso.Monto},
			)
			return nil
		},
	)
}

func (p *Falsa) actuar(
	accion, cuerpo string,
	acto gateway.Acto,
	f func(*guardada) error,
) (gateway.Orden, error) {
	return p.unaVez(accion, acto.Clave, cuerpo, func() (*guardada, error) {
		o, ok := p.ordenes[acto.Orden]
		if !ok {
			return nil, gateway.ErrNoHay
		}
		return o, f(o)
	})
}
