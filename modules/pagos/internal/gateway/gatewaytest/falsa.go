// Package gatewaytest tests gateways: a suite that every adapter has to pass, and a
// gateway in memory for those who use one.
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

	mu      sync.Mutex
	ordenes map[string]*gateway.Orden
	montos  map[string]money.Centavos
	claves  map[string]hecho // by key
	n       int
	cuenta  map[string]int
	usadas  map[string][]string // keys that came, by action
}

// hecho is what a key was used for.
type hecho struct{ orden, cuerpo string }

var _ gateway.Pasarela = (*Falsa)(nil)

// Nueva is empty.
func Nueva() *Falsa {
	return &Falsa{ordenes: map[string]*gateway.Orden{}, montos: map[string]money.Centavos{}, claves: map[string]hecho{}, cuenta: map[string]int{}, usadas: map[string][]string{}}
}

// Entorno is p under test, and what its customers can do.
func (p *Falsa) Entorno() Entorno {
	return Entorno{
		Pasarela: p, Correo: "x@testuser.com",
		Token: func(_ *testing.T, titular string) string { return titular },
		Pagar: func(_ *testing.T, id string) {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.poner(p.ordenes[id], gateway.Cobrada)
		},
	}
}

// Veces tells how often an action had its effect.
func (p *Falsa) Veces(accion string) int { p.mu.Lock(); defer p.mu.Unlock(); return p.cuenta[accion] }

// Claves tells which keys came for an action, call by call, effect or not.
func (p *Falsa) Claves(accion string) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.usadas[accion])
}

// Saldo is what was taken and not given back, over all orders.
func (p *Falsa) Saldo() (cobrado, reembolsado money.Centavos) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, o := range p.ordenes {
		cobrado += o.Cobrado
		reembolsado += devuelto(o)
	}
	return cobrado, reembolsado
}

// Orden shows the only order under a reference; the zero one when there is none.
func (p *Falsa) Orden(referencia string) gateway.Orden {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, o := range p.ordenes {
		if o.Referencia == referencia {
			return copia(o)
		}
	}
	return gateway.Orden{}
}

// Poner moves the order under a reference, as time or its customer would.
func (p *Falsa) Poner(referencia string, e gateway.Estado) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, o := range p.ordenes {
		if o.Referencia == referencia {
			p.poner(o, e)
		}
	}
}

func (p *Falsa) poner(o *gateway.Orden, e gateway.Estado) {
	if o.Estado = e; e == gateway.Cobrada {
		o.Cobrado = p.montos[o.ID]
	}
}

func devuelto(o *gateway.Orden) (total money.Centavos) {
	for _, r := range o.Reembolsos {
		total += r.Monto
	}
	return total
}

func copia(o *gateway.Orden) gateway.Orden {
	c := *o
	c.Reembolsos = append([]gateway.Reembolso(nil), o.Reembolsos...)
	return c
}

// unaVez runs f once per key, and the failures around it.
func (p *Falsa) unaVez(accion, clave, cuerpo string, f func() (*gateway.Orden, error)) (gateway.Orden, error) {
	if p.Entra != nil {
		p.Entra(accion)
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
	return copia(p.ordenes[h.orden]), nil
}

func (p *Falsa) falla(accion string) Falla {
	if p.Falla == nil {
		return Ninguna
	}
	return p.Falla(accion)
}

// Crear is gateway.Pasarela's.
func (p *Falsa) Crear(_ context.Context, x gateway.Pedido) (gateway.Orden, error) {
	return p.unaVez("crear", x.Clave, fmt.Sprint(x), func() (*gateway.Orden, error) {
		p.n++
		o := &gateway.Orden{ID: fmt.Sprintf("ORD%d", p.n), Referencia: x.Referencia, Transaccion: fmt.Sprintf("PAY%d", p.n)}
		p.ordenes[o.ID], p.montos[o.ID] = o, x.Monto
		switch x.Token {
		case "MAL":
			delete(p.ordenes, o.ID)
			return nil, gateway.ErrPeticion
		case "FUND":
			o.Estado, o.Motivo = gateway.Rechazada, "sin-fondos"
		case "CONT":
			o.Estado = gateway.EnProceso
		case "":
			o.Estado, o.Instrucciones = gateway.EnEspera, "Pagar en: la esquina"
		default:
			if p.poner(o, gateway.Cobrada); x.Reservar {
				o.Estado, o.Cobrado = gateway.Reservada, 0
			}
		}
		return o, nil
	})
}

// Leer is gateway.Pasarela's.
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
	return copia(o), nil
}

// Buscar is gateway.Pasarela's.
func (p *Falsa) Buscar(_ context.Context, referencia string, _ time.Time) ([]gateway.Orden, error) {
	if f := p.falla("buscar"); f != Ninguna {
		return nil, gateway.ErrSilencio
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []gateway.Orden
	for _, o := range p.ordenes {
		if o.Referencia == referencia {
			out = append(out, copia(o))
		}
	}
	return out, nil
}

// Capturar is gateway.Pasarela's.
func (p *Falsa) Capturar(_ context.Context, a gateway.Acto) (gateway.Orden, error) {
	return p.actuar("capturar", a.Orden, a, func(o *gateway.Orden) error {
		if o.Estado != gateway.Reservada {
			return gateway.ErrEstado
		}
		p.poner(o, gateway.Cobrada)
		return nil
	})
}

// Cancelar is gateway.Pasarela's.
func (p *Falsa) Cancelar(_ context.Context, a gateway.Acto) (gateway.Orden, error) {
	return p.actuar("cancelar", a.Orden, a, func(o *gateway.Orden) error {
		if o.Estado != gateway.Reservada && o.Estado != gateway.EnEspera {
			return gateway.ErrEstado
		}
		p.poner(o, gateway.Cancelada)
		return nil
	})
}

// Reembolsar is gateway.Pasarela's.
func (p *Falsa) Reembolsar(_ context.Context, d gateway.Devolucion) (gateway.Orden, error) {
	return p.actuar("reembolsar", fmt.Sprint(d), d.Acto, func(o *gateway.Orden) error {
		switch {
		case o.Estado != gateway.Cobrada:
			return gateway.ErrEstado
		case d.Monto > o.Cobrado-devuelto(o):
			return gateway.ErrExcede
		}
		o.Reembolsos = append(o.Reembolsos, gateway.Reembolso{ID: fmt.Sprintf("REF%d", len(o.Reembolsos)+1), Monto: d.Monto})
		return nil
	})
}

func (p *Falsa) actuar(accion, cuerpo string, a gateway.Acto, f func(*gateway.Orden) error) (gateway.Orden, error) {
	return p.unaVez(accion, a.Clave, cuerpo, func() (*gateway.Orden, error) {
		o, ok := p.ordenes[a.Orden]
		if !ok {
			return nil, gateway.ErrNoHay
		}
		return o, f(o)
	})
}
