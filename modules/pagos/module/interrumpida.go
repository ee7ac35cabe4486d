package module

import (
	"context"
	"fmt"
	"time"

	"despensa/modules/pagos/internal/gateway"
	"despensa/platform/sqldb"
)

// interrumpida is a Pasarela for tests: cut may end the program before or after any of its calls.
type interrumpida struct {
	p   gateway.Pasarela
	cut sqldb.Cut
}

// interrumpir calls c before and after each call of p, under the names "pasarela.crear"
// and so on. A nil c gives p itself.
func interrumpir(p gateway.Pasarela, c sqldb.Cut) gateway.Pasarela {
	if c == nil {
		return p
	}
	return interrumpida{p, c}
}

// entre makes the call f of an action between two points at which cut may end the program.
func entre[T any](c interrumpida, accion string, f func() (T, error)) (T, error) {
	var nada T
	nombre := "pasarela." + accion
	if err := c.cut(nombre, sqldb.Before); err != nil {
		return nada, fmt.Errorf("cut before %s: %w", nombre, err)
	}
	out, err := f()
	if e := c.cut(nombre, sqldb.After); e != nil {
		return nada, fmt.Errorf("cut after %s: %w", nombre, e)
	}
	return out, err
}

// Crear is gateway.Pasarela's.
func (c interrumpida) Crear(ctx context.Context, p gateway.SolicitudDePago) (gateway.Orden, error) {
	return entre(c, "crear", func() (gateway.Orden, error) { return c.p.Crear(ctx, p) })
}

// Leer is gateway.Pasarela's.
func (c interrumpida) Leer(ctx context.Context, orden string) (gateway.Orden, error) {
	return entre(c, "leer", func() (gateway.Orden, error) { return c.p.Leer(ctx, orden) })
}

// Buscar is gateway.Pasarela's.
func (c interrumpida) Buscar(ctx context.Context, referencia string, desde time.Time) ([]string, error) {
	return entre(c, "buscar", func() ([]string, error) { return c.p.Buscar(ctx, referencia, desde) })
}

// Capturar is gateway.Pasarela's.
func (c interrumpida) Capturar(ctx context.Context, a gateway.Acto) (gateway.Orden, error) {
	return entre(c, "capturar", func() (gateway.Orden, error) { return c.p.Capturar(ctx, a) })
}

// Cancelar is gateway.Pasarela's.
func (c interrumpida) Cancelar(ctx context.Context, a gateway.Acto) (gateway.Orden, error) {
	return entre(c, "cancelar", func() (gateway.Orden, error) { return c.p.Cancelar(ctx, a) })
}

// Reembolsar is gateway.Pasarela's.
func (c interrumpida) Reembolsar(ctx context.Context, d gateway.SolicitudDeReembolso) (gateway.Orden, error) {
	return entre(c, "reembolsar", func() (gateway.Orden, error) { return c.p.Reembolsar(ctx, d) })
}
