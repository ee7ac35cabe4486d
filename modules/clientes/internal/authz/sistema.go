package authz

import (
	"context"
	"errors"
	"strings"

	"despensa/modules/clientes"
	"despensa/modules/clientes/internal/datos"
	"despensa/platform/oidc"
)

// DelSistema is the module's contract. Other modules of this program call it. The actor is then the program itself,
// with the role sistema, which needs its permissions in the same table as any role.
type DelSistema struct{ s *Servicio }

var _ clientes.Servicio = DelSistema{}

// ComoSistema gives the face of s that other modules see.
func (s *Servicio) ComoSistema() DelSistema { return DelSistema{s} }

// Destinatario implements clientes.Servicio. Where the customer is the principal of ctx and has no profile yet, the
// profile is made first, under the permission of that principal; the errors of the identity provider are possible
// then.
func (d DelSistema) Destinatario(
	ctx context.Context,
	solicitud clientes.SolicitudDeDestinatario,
) (clientes.Destinatario, error) {
	lugar, err := d.pase(
		ctx,
		solicitud.Cliente,
		Contactar,
		leerDireccion.de("direccion", solicitud.Direccion),
	)
	if err != nil {
		return clientes.Destinatario{}, err
	}
	mirados := []pase{lugar}
	if !solicitud.SoloPunto {
		contacto, err := d.pase(ctx, solicitud.Cliente, Contactar, contactar)
		if err != nil {
			return clientes.Destinatario{}, err
		}
		mirados = []pase{contacto, lugar}
	}
	x, err := d.leerDestinatario(ctx, solicitud)
	if err != nil {
		return clientes.Destinatario{}, err
	}
	if err := anotarJuntos(ctx, mirados...); err != nil {
		return clientes.Destinatario{}, err
	}
	return d.sellar(ctx, solicitud, x)
}

// leerDestinatario reads the customer and the address that solicitud names. Where the customer is the principal of ctx
// and has no profile yet, it makes the profile first.
func (d DelSistema) leerDestinatario(
	ctx context.Context,
	solicitud clientes.SolicitudDeDestinatario,
) (datos.Destinatario, error) {
	x, err := d.s.o.Datos.Destinatario(ctx, solicitud)
	if quien, ok := oidc.Caller(ctx); errors.Is(err, clientes.ErrNoExiste) && ok &&
		quien.ID == solicitud.Cliente {
		if err = d.primeraVista(ctx, quien); err == nil {
			x, err = d.s.o.Datos.Destinatario(ctx, solicitud)
		}
	}
	if errors.Is(err, datos.ErrDireccionNoExiste) {
		err = clientes.ErrDireccion
	}
	return x, err
}

// primeraVista makes the profile of quien. A principal that may not have a profile is answered with
// clientes.ErrNoExiste.
func (d DelSistema) primeraVista(ctx context.Context, quien oidc.Principal) error {
	if err := d.s.decidir(ctx, quien.ID, rolesDe(quien), quien.ID, LeerPropio); err != nil {
		return clientes.ErrNoExiste
	}
	return d.s.presentar(ctx, quien)
}

// sellar is the Destinatario that solicitud asks for, of the customer and address destinatario.
func (d DelSistema) sellar(
	ctx context.Context,
	solicitud clientes.SolicitudDeDestinatario,
	destinatario datos.Destinatario,
) (clientes.Destinatario, error) {
	l := destinatario.Direccion
	out := clientes.Destinatario{
		Contacto: clientes.Contacto{
			ID:       destinatario.ID,
			Nombre:   destinatario.Nombre,
			Correo:   destinatario.Correo,
			Telefono: destinatario.Telefono,
		},
		Direccion: clientes.Direccion{
			ID:    l.ID,
			Calle: l.Calle,
			Notas: l.Notas,
			Lat:   l.Lat,
			Lon:   l.Lon,
		},
	}
	if solicitud.SoloPunto || solicitud.Bloque == nil {
		return out, nil
	}
	if err := d.decidir(ctx, solicitud.Cliente, Sellar); err != nil {
		return clientes.Destinatario{}, err
	}
	claro, err := solicitud.Bloque(out.Contacto, out.Direccion)
	if err != nil {
		return clientes.Destinatario{}, err
	}
	out.Sellado, err = destinatario.Sellar(solicitud.Proposito, claro)
	return out, err
}

// Abrir implements clientes.Servicio. An opening without a principal in ctx, by the program for itself, is recorded
// here. For a principal, the calling module has recorded the access before.
func (d DelSistema) Abrir(
	ctx context.Context,
	cliente, proposito string,
	sellado []byte,
) ([]byte, error) {
	clase, id, _ := strings.Cut(proposito, ".")
	x, err := d.pase(ctx, cliente, Sellar, abrirSello.de(clase, id))
	if err != nil {
		return nil, err
	}
	if _, ok := oidc.Caller(ctx); !ok {
		if err := x.anotar(ctx); err != nil {
			return nil, err
		}
	}
	return d.s.o.Datos.Abrir(ctx, cliente, proposito, sellado)
}

// pase lets the program through, in the name of its caller when there is one.
func (d DelSistema) pase(
	ctx context.Context,
	cliente string,
	permiso Permiso,
	acto acto,
) (pase, error) {
	quien, ok := oidc.Caller(ctx)
	r := d.s.registro(ctx, quien, cliente, acto)
	if !ok {
		r.Actor, r.Role = sistema, sistema
	}
	if err := d.decidir(ctx, cliente, permiso); err != nil {
		d.s.negar(ctx, r)
		return pase{}, err
	}
	return pase{Principal: quien, s: d.s, r: r}, nil
}

func (d DelSistema) decidir(ctx context.Context, cliente string, permiso Permiso) error {
	return d.s.decidir(ctx, sistema, []string{sistema}, cliente, permiso)
}
