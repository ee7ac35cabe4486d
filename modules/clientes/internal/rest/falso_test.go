package rest_test

import (
	"context"

	"despensa/modules/clientes/internal/authz"
)

// falso is an authorization layer that gives one answer to every call and keeps the last
// question.
type falso struct {
	repetida bool
	dirs     []authz.Direccion
	asientos []authz.Asiento
	err      error
	corte    error // of an export, once it has begun

	pedido any // the last question
}

type pregunta = []any

func laCasa() authz.Direccion {
	return authz.Direccion{
		ID:      casa,
		Nombre:  "Casa",
		Calle:   "Yatay 1",
		Notas:   "timbre",
		Lat:     -34.6,
		Lon:     -58.4,
		Version: 4,
		Creado:  ahora,
	}
}

func elPerfil() authz.Perfil {
	return authz.Perfil{
		ID:               ana.ID,
		Nombre:           "Ana",
		Correo:           "ana@example.com",
		CorreoConfirmado: true,
		Telefono:         "4321",
		Documento:        "30111222",
		Version:          2,
		Creado:           ahora,
	}
}

func (f *falso) Perfil(context.Context) (authz.Perfil, error) {
	f.pedido = pregunta{}
	return elPerfil(), f.err
}

func (f *falso) CambiarPerfil(
	_ context.Context,
	cambioPerfil authz.CambioPerfil,
) (authz.Perfil, error) {
	f.pedido = cambioPerfil
	return elPerfil(), f.err
}

func (f *falso) Direcciones(
	_ context.Context,
	desde *authz.Cursor,
	n int,
) ([]authz.Direccion, error) {
	f.pedido = pregunta{desde, n}
	return f.dirs, f.err
}

func (f *falso) Direccion(_ context.Context, id string) (authz.Direccion, error) {
	f.pedido = id
	return laCasa(), f.err
}

func (f *falso) CrearDireccion(
	_ context.Context,
	altaDireccion authz.AltaDireccion,
) (authz.Direccion, bool, error) {
	altaDireccion.Llave.ID, altaDireccion.Llave.Fingerprint = "", ""
	f.pedido = altaDireccion
	return laCasa(), f.repetida, f.err
}

func (f *falso) CambiarDireccion(
	_ context.Context,
	id string,
	cambioDireccion authz.CambioDireccion,
) (authz.Direccion, error) {
	f.pedido = pregunta{id, cambioDireccion}
	return laCasa(), f.err
}

func (f *falso) BorrarDireccion(_ context.Context, id string, versiones []int64) error {
	f.pedido = pregunta{id, versiones}
	return f.err
}

func (f *falso) Rastro(
	_ context.Context,
	filtro authz.Filtro,
	tras int64,
	n int,
) ([]authz.Asiento, error) {
	f.pedido = pregunta{filtro, tras, n}
	return f.asientos, f.err
}

func (f *falso) ExportarRastro(_ context.Context,
	filtro authz.Filtro) (func(context.Context, func([]authz.Asiento) error) error, error) {
	f.pedido = filtro
	return func(_ context.Context, dar func([]authz.Asiento) error) error {
		if err := dar(f.asientos); err != nil {
			return err
		}
		return f.corte
	}, f.err
}
