package rest

import (
	"context"

	"despensa/modules/clientes/internal/authz"
)

// Servicio is the part of authz.Servicio that the operations call; authz.Servicio names the errors of each method.
type Servicio interface {
	Perfil(ctx context.Context) (authz.Perfil, error)
	CambiarPerfil(ctx context.Context, c authz.CambioPerfil) (authz.Perfil, error)

	Direcciones(ctx context.Context, desde *authz.Cursor, limite int) ([]authz.Direccion, error)
	Direccion(ctx context.Context, id string) (authz.Direccion, error)
	CrearDireccion(ctx context.Context, n authz.AltaDireccion) (authz.Direccion, bool, error)
	CambiarDireccion(
		ctx context.Context,
		id string,
		c authz.CambioDireccion,
	) (authz.Direccion, error)
	BorrarDireccion(ctx context.Context, id string, versiones []int64) error

	Rastro(ctx context.Context, f authz.Filtro, tras int64, limite int) ([]authz.Asiento, error)
	ExportarRastro(ctx context.Context, f authz.Filtro) (recorrer func(ctx context.Context,
		dar func([]authz.Asiento) error) error, err error)
}

var _ Servicio = (*authz.Servicio)(nil)
