// Package authz decides which role may do which act on which customer's data, in one table with default deny. It
// passes allowed calls on to datos, and records each access and each refusal in the audit trail.
package authz

import (
	"context"
	"errors"
	"log/slog"

	"despensa/modules/clientes"
	"despensa/modules/clientes/internal/auditoria"
	"despensa/modules/clientes/internal/datos"
	"despensa/platform/audit"
	"despensa/platform/fault"
	"despensa/platform/oidc"

	"golang.org/x/sync/singleflight"
)

// The types of datos that this layer passes on unchanged.
type (
	Perfil          = datos.Perfil
	CambioPerfil    = datos.CambioPerfil
	Direccion       = datos.Direccion
	AltaDireccion   = datos.AltaDireccion
	CambioDireccion = datos.CambioDireccion
	Cursor          = datos.Cursor
)

// The errors of the layer below that rest has to tell apart.
var (
	ErrVersion = datos.ErrVersion
	ErrHuella  = datos.ErrHuella
	ErrEnUso   = datos.ErrEnUso
)

// Codigos are the public errors of this module, for their pages.
func Codigos() []*fault.Error {
	return []*fault.Error{
		clientes.ErrNoExiste, clientes.ErrDireccion, clientes.ErrSinClave, datos.ErrDireccionNoExiste, datos.ErrDemasiadas,
		datos.ErrEnUso, ErrPermiso,
		audit.ErrNoRecord, auditoria.ErrBuscador,
	}
}

// Declaradas are the errors that operations answer, for the document: those of whatever concerns a caller's own data,
// those of single operations, and those of the audit trail.
type Declaradas struct {
	Todas, Rastro                   []*fault.Error
	SinDireccion, Demasiadas, EnUso *fault.Error
}

// Fallas gives them.
func Fallas() Declaradas {
	return Declaradas{
		Todas: []*fault.Error{
			clientes.ErrNoExiste, clientes.ErrSinClave, audit.ErrNoRecord, oidc.ErrProfile, oidc.ErrProfileDenied,
		},
		Rastro:       []*fault.Error{auditoria.ErrBuscador, audit.ErrNoRecord},
		SinDireccion: datos.ErrDireccionNoExiste,
		Demasiadas:   datos.ErrDemasiadas,
		EnUso:        datos.ErrEnUso,
	}
}

// Opciones are the parts that New makes a Servicio of.
type Opciones struct {
	Datos *datos.Store
	// Perfil asks the identity provider for the name and e-mail of ctx's caller.
	Perfil func(ctx context.Context) (oidc.Profile, error)
	// Decidido is called with every decision; nil: decisions are not counted.
	Decidido func(context.Context, Decision)
	// Rastro records every access to personal data with its actor, and every refusal.
	Rastro Registros
	// Buscador is where the trail is searched.
	Buscador auditoria.Buscador
	// Solicitud gives the id of ctx's request; "" outside of one.
	Solicitud func(ctx context.Context) string
	Log       *slog.Logger
}

// Registros is the trail; it takes several records with one write, too.
type Registros interface {
	audit.Port
	// RegistrarVarios appends all of rs or none. Errors: those of Record.
	RegistrarVarios(ctx context.Context, rs []audit.Record) error
}

// Servicio has the operations that callers may do on their own data. Safe for concurrent use.
type Servicio struct {
	o      Opciones
	vistas singleflight.Group // first sights that are going on, by customer
}

// New makes a Servicio.
func New(opciones Opciones) *Servicio { return &Servicio{o: opciones} }

// Perfil gives the caller's own profile, made at first sight. Errors: ErrPermiso,
// clientes.ErrSinClave, audit.ErrNoRecord, and those of the identity provider.
func (s *Servicio) Perfil(ctx context.Context) (Perfil, error) {
	p, err := s.propio(ctx, LeerPropio, leerPerfil)
	if err != nil {
		return Perfil{}, err
	}
	return mostrar(ctx, p, func() (Perfil, error) { return s.perfil(ctx, p.Principal) })
}

// CambiarPerfil changes the caller's own profile. A new e-mail counts as confirmed when the identity provider says so.
// Errors: those of Perfil, ErrVersion, ErrEnUso, which is recorded as a refusal.
func (s *Servicio) CambiarPerfil(ctx context.Context, cambio CambioPerfil) (Perfil, error) {
	p, err := s.propio(ctx, EditarPropio, cambiarPerfil)
	if err != nil {
		return Perfil{}, err
	}
	antes, err := s.perfil(ctx, p.Principal)
	if err != nil {
		return Perfil{}, err
	}
	if err := p.anotar(ctx); err != nil {
		return Perfil{}, err
	}
	if cambio.Correo != nil && *cambio.Correo != "" &&
		(*cambio.Correo != antes.Correo || !antes.CorreoConfirmado) {
		cambio.Confirmado = s.confirmado(ctx)
	}
	despues, err := s.o.Datos.CambiarPerfil(ctx, p.ID, cambio)
	if errors.Is(err, ErrEnUso) {
		s.negar(ctx, p.r) // trying other people's values leaves a trail
	}
	return despues, err
}

// Direcciones gives up to limite of the caller's own addresses after desde, newest
// first. Errors: ErrPermiso, clientes.ErrSinClave, audit.ErrNoRecord.
func (s *Servicio) Direcciones(
	ctx context.Context,
	desde *Cursor,
	limite int,
) ([]Direccion, error) {
	p, err := s.propio(ctx, LeerPropio, listarDirecciones)
	if err != nil {
		return nil, err
	}
	return mostrar(
		ctx,
		p,
		func() ([]Direccion, error) { return s.o.Datos.Direcciones(ctx, p.ID, desde, limite) },
	)
}

// Direccion gives one of the caller's own addresses. Errors: those of Direcciones,
// "direccion-no-existe".
func (s *Servicio) Direccion(ctx context.Context, id string) (Direccion, error) {
	p, err := s.propio(ctx, LeerPropio, leerDireccion.de("direccion", id))
	if err != nil {
		return Direccion{}, err
	}
	return mostrar(
		ctx,
		p,
		func() (Direccion, error) { return s.o.Datos.Direccion(ctx, p.ID, id) },
	)
}

// CrearDireccion adds an address to the caller's own, once per key; true: an earlier
// call did. altaDireccion.Cliente is filled in. Errors: those of Perfil, ErrHuella,
// "demasiadas-direcciones", "direccion-no-existe" (made by the key, deleted since).
func (s *Servicio) CrearDireccion(
	ctx context.Context,
	altaDireccion AltaDireccion,
) (Direccion, bool, error) {
	p, err := s.propio(ctx, EditarPropio, crearDireccion)
	if err != nil {
		return Direccion{}, false, err
	}
	if err := p.anotar(ctx); err != nil {
		return Direccion{}, false, err
	}
	altaDireccion.Cliente = p.ID
	d, repetida, err := s.o.Datos.CrearDireccion(ctx, altaDireccion)
	if !errors.Is(err, clientes.ErrNoExiste) {
		return d, repetida, err
	}
	if err := s.presentar(ctx, p.Principal); err != nil {
		return Direccion{}, false, err
	}
	return s.o.Datos.CrearDireccion(ctx, altaDireccion)
}

// CambiarDireccion changes one of the caller's own addresses. Errors: those of
// Direccion, ErrVersion.
func (s *Servicio) CambiarDireccion(
	ctx context.Context,
	id string,
	cambio CambioDireccion,
) (Direccion, error) {
	p, err := s.propio(ctx, EditarPropio, cambiarDireccion.de("direccion", id))
	if err != nil {
		return Direccion{}, err
	}
	if err := p.anotar(ctx); err != nil {
		return Direccion{}, err
	}
	return s.o.Datos.CambiarDireccion(ctx, p.ID, id, cambio)
}

// BorrarDireccion deletes one of the caller's own addresses, if it is at one of versiones; nil: at any version.
// Errors: those of Direccion, ErrVersion.
func (s *Servicio) BorrarDireccion(ctx context.Context, id string, versiones []int64) error {
	p, err := s.propio(ctx, EditarPropio, borrarDireccion.de("direccion", id))
	if err != nil {
		return err
	}
	if err := p.anotar(ctx); err != nil {
		return err
	}
	return s.o.Datos.BorrarDireccion(ctx, p.ID, id, versiones)
}
