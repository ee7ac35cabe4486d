package authz

import (
	"context"

	"despensa/modules/clientes/internal/auditoria"
	"despensa/platform/audit"
	"despensa/platform/oidc"
)

// The trail as this layer passes it on.
type (
	Asiento = auditoria.Asiento
	Filtro  = auditoria.Filtro
	// Resultado is how an access ended.
	Resultado = audit.Outcome
)

// Rastro gives up to limite records that match filtro below the number tras (0: from the
// newest), newest first; the search is a record too. Errors: ErrPermiso,
// auditoria.ErrBuscador, audit.ErrNoRecord.
func (s *Servicio) Rastro(
	ctx context.Context,
	filtro Filtro,
	tras int64,
	limite int,
) ([]Asiento, error) {
	p, err := s.auditor(ctx, buscarRastro)
	if err != nil {
		return nil, err
	}
	return mostrar(ctx, p, func() ([]Asiento, error) {
		return s.o.Buscador.Buscar(
			ctx,
			auditoria.Consulta{Filtro: filtro, Tras: tras, Limite: limite},
		)
	})
}

// porPagina is how many records of an export are in memory.
const porPagina = 500

// ExportarRastro records the export and gives the function that makes it: dar gets the
// records that match filtro, oldest first, page after page. Errors: those of Rastro; the
// function's: auditoria.ErrBuscador, and dar's own.
func (s *Servicio) ExportarRastro(
	ctx context.Context, filtro Filtro,
) (func(ctx context.Context, dar func([]Asiento) error) error, error) {
	p, err := s.auditor(ctx, exportarRastro)
	if err != nil {
		return nil, err
	}
	c := auditoria.Consulta{Filtro: filtro, Ascendente: true, Limite: porPagina, Fresca: true}
	primera, err := mostrar(
		ctx,
		p,
		func() ([]Asiento, error) { return s.o.Buscador.Buscar(ctx, c) },
	)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, dar func([]Asiento) error) error {
		for as := primera; len(as) > 0; {
			if err := dar(as); err != nil || len(as) < c.Limite {
				return err
			}
			c.Tras, c.Fresca = as[len(as)-1].Numero, false
			var err error
			if as, err = s.o.Buscador.Buscar(ctx, c); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// auditor is the caller, once they may read the trail.
func (s *Servicio) auditor(ctx context.Context, acto acto) (pase, error) {
	p, ok := oidc.Caller(ctx)
	if !ok {
		return pase{}, oidc.ErrNoToken
	}
	return s.dejar(ctx, p, "", LeerRastro, acto)
}
