package module

import (
	"context"
	"fmt"
	"time"

	"despensa/modules/pagos/internal/gateway"
	"despensa/platform/sqldb"
)

// cortada is a Pasarela for tests: corte may end the program before or after any of its calls.
type cortada struct {
	p     gateway.Pasarela
	corte sqldb.Corte
}

// conCorte calls c before and after each call of p, under the names "pasarela.crear"
// and so on. A nil c gives p itself.
func conCorte(p gateway.Pasarela, c sqldb.Corte) gateway.Pasarela {
	if c == nil {
		return p
	}
	return cortada{p, c}
}

// entre makes the call f of an action between two points at which corte may end the program.
func entre[T any](c cortada, accion string, f func() (T, error)) (T, error) {
	var nada T
	nombre := "pasarela." + accion
	if err := c.corte(nombre, sqldb.Antes); err != nil {
		return nada, fmt.Errorf("cut before %s: %w", nombre, err)
	}
	out, err := f()
	if e := c.corte(nombre, sqldb.Despues); e != nil {
		return nada, fmt.Errorf("cut after %s: %w", nombre, e)
	}
	return out, err
}

// Crear is gateway.Pasarela's.
func (c cortada) Crear(ctx context.Context, p gateway.Pedido) (gateway.Orden, error) {
	return entre(c, "crear", func() (gateway.Orden, error) { return c.p.Crear(ctx, p) })
}

// Leer is gateway.Pasarela's.
func (c cortada) Leer(ctx context.Context, orden string) (gateway.Orden, error) {
	return entre(c, "leer", func() (gateway.Orden, error) { return c.p.Leer(ctx, orden) })
}

// Buscar is gateway.Pasarela's.
func (c cortada) Buscar(ctx context.Context, referencia string, desde time.Time) ([]string, error) {
	return entre(c, "buscar", func() ([]string, error) { return c.p.Buscar(ctx, referencia, desde) })
}

// Capturar is gateway.Pasarela's.
func (c cortada) Capturar(ctx context.Context, a gateway.Acto) (gateway.Orden, error) {
	return entre(c, "capturar", func() (gateway.Orden, error) { return c.p.Capturar(ctx, a) })
}

// Cancelar is gateway.Pasarela's.
func (c cortada) Cancelar(ctx context.Context, a gateway.Acto) (gateway.Orden, error) {
	return entre(c, "cancelar", func() (gateway.Orden, error) { return c.p.Cancelar(ctx, a) })
}

// Reembolsar is gateway.Pasarela's.
func (c cortada) Reembolsar(ctx context.Context, d gateway.Devolucion) (gateway.Orden, error) {
	return entre(c, "reembolsar", func() (gateway.Orden, error) { return c.p.Reembolsar(ctx, d) })
}
