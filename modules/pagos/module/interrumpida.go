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

// interrumpir calls cut before and after each call of pasarela, under the names "pasarela.crear"
// and so on. A nil cut gives pasarela itself.
func interrumpir(pasarela gateway.Pasarela, cut sqldb.Cut) gateway.Pasarela {
	if cut == nil {
		return pasarela
	}
	return interrumpida{pasarela, cut}
}

// entre makes the call f of an action between two points at which cut may end the program.
func entre[T any](interrumpida interrumpida, accion string, f func() (T, error)) (T, error) {
	var nada T
	nombre := "pasarela." + accion
	if err := interrumpida.cut(nombre, sqldb.Before); err != nil {
		return nada, fmt.Errorf("cut before %s: %w", nombre, err)
	}
	out, err := f()
	if e := interrumpida.cut(nombre, sqldb.After); e != nil {
		return nada, fmt.Errorf("cut after %s: %w", nombre, e)
	}
	return out, err
}

// Crear implements gateway.Pasarela.
func (c interrumpida) Crear(
	ctx context.Context,
	solicitudDePago gateway.SolicitudDePago,
) (gateway.Orden, error) {
	return entre(
		c,
		"crear",
		func() (gateway.Orden, error) { return c.p.Crear(ctx, solicitudDePago) },
	)
}

// Leer implements gateway.Pasarela.
func (c interrumpida) Leer(ctx context.Context, orden string) (gateway.Orden, error) {
	return entre(c, "leer", func() (gateway.Orden, error) { return c.p.Leer(ctx, orden) })
}

// Buscar implements gateway.Pasarela.
func (c interrumpida) Buscar(
	ctx context.Context,
	referencia string,
	desde time.Time,
) ([]string, error) {
	return entre(
		c,
		"buscar",
		func() ([]string, error) { return c.p.Buscar(ctx, referencia, desde) },
	)
}

// Capturar implements gateway.Pasarela.
func (c interrumpida) Capturar(ctx context.Context, acto gateway.Acto) (gateway.Orden, error) {
	return entre(
		c,
		"capturar",
		func() (gateway.Orden, error) { return c.p.Capturar(ctx, acto) },
	)
}

// Cancelar implements gateway.Pasarela.
func (c interrumpida) Cancelar(ctx context.Context, acto gateway.Acto) (gateway.Orden, error) {
	return entre(
		c,
		"cancelar",
		func() (gateway.Orden, error) { return c.p.Cancelar(ctx, acto) },
	)
}

// Reembolsar implements gateway.Pasarela.
func (c interrumpida) Reembolsar(
	ctx context.Context,
	solicitudDeReembolso gateway.SolicitudDeReembolso,
) (gateway.Orden, error) {
	return entre(
		c,
		"reembolsar",
		func() (gateway.Orden, error) { return c.p.Reembolsar(ctx, solicitudDeReembolso) },
	)
}
