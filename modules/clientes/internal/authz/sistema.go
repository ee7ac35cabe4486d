package authz

import (
	"context"
	"errors"
	"strings"

	"despensa/modules/clientes"
	"despensa/modules/clientes/internal/datos"
	"despensa/platform/oidc"
)

// DelSistema is the module's contract: other modules of this program ask, and the
// program itself is the actor, allowed by the same table as everybody else.
type DelSistema struct{ s *Servicio }

var _ clientes.Servicio = DelSistema{}

// ComoSistema gives the face of s that other modules see.
func (s *Servicio) ComoSistema() DelSistema { return DelSistema{s} }

// Ficha is clientes.Servicio's. The caller's own profile is made at first sight,
// under the caller's own permission; the identity provider's errors are possible then.
func (d DelSistema) Ficha(ctx context.Context, cliente string) (clientes.Ficha, error) {
	x, err := d.pase(ctx, cliente, Contactar, contactar)
	if err != nil {
		return clientes.Ficha{}, err
	}
	p, err := d.s.o.Datos.Perfil(ctx, cliente)
	if quien, ok := oidc.De(ctx); errors.Is(err, clientes.ErrNoExiste) && ok && quien.ID == cliente {
		p, err = d.primeraVista(ctx, quien)
	}
	if err != nil {
		return clientes.Ficha{}, err
	}
	if err := x.anotar(ctx); err != nil {
		return clientes.Ficha{}, err
	}
	return clientes.Ficha{ID: p.ID, Nombre: p.Nombre, Correo: p.Correo, Telefono: p.Telefono}, nil
}

// primeraVista makes the profile of the caller; one who may not have a profile does
// not exist as a customer.
func (d DelSistema) primeraVista(ctx context.Context, quien oidc.Principal) (Perfil, error) {
	if err := d.s.decidir(ctx, quien.ID, rolesDe(quien), quien.ID, LeerPropio); err != nil {
		return Perfil{}, clientes.ErrNoExiste
	}
	return d.s.perfil(ctx, quien)
}

// Direccion is clientes.Servicio's.
func (d DelSistema) Direccion(ctx context.Context, cliente, id string) (clientes.Direccion, error) {
	pase, err := d.pase(ctx, cliente, Contactar, leerDireccion.de("direccion", id))
	if err != nil {
		return clientes.Direccion{}, err
	}
	x, err := d.s.o.Datos.Direccion(ctx, cliente, id)
	if errors.Is(err, datos.ErrDireccionNoExiste) {
		return clientes.Direccion{}, clientes.ErrDireccion
	}
	if err != nil {
		return clientes.Direccion{}, err
	}
	if err := pase.anotar(ctx); err != nil {
		return clientes.Direccion{}, err
	}
	return clientes.Direccion{ID: x.ID, Calle: x.Calle, Notas: x.Notas, Lat: x.Lat, Lon: x.Lon}, nil
}

// Sellar is clientes.Servicio's.
func (d DelSistema) Sellar(ctx context.Context, cliente, proposito string, claro []byte) ([]byte, error) {
	if err := d.decidir(ctx, cliente, Sellar); err != nil {
		return nil, err
	}
	return d.s.o.Datos.Sellar(ctx, cliente, proposito, claro)
}

// Abrir is clientes.Servicio's. What the program opens for itself is recorded here; who
// opens it for a caller has recorded for whom.
func (d DelSistema) Abrir(ctx context.Context, cliente, proposito string, sellado []byte) ([]byte, error) {
	clase, id, _ := strings.Cut(proposito, ".")
	x, err := d.pase(ctx, cliente, Sellar, abrirSello.de(clase, id))
	if err != nil {
		return nil, err
	}
	if _, ok := oidc.De(ctx); !ok {
		if err := x.anotar(ctx); err != nil {
			return nil, err
		}
	}
	return d.s.o.Datos.Abrir(ctx, cliente, proposito, sellado)
}

// pase lets the program through, in the name of its caller when there is one.
func (d DelSistema) pase(ctx context.Context, cliente string, p Permiso, a acto) (pase, error) {
	quien, ok := oidc.De(ctx)
	r := d.s.registro(ctx, quien, cliente, a)
	if !ok {
		r.Actor, r.Rol = sistema, sistema
	}
	if err := d.decidir(ctx, cliente, p); err != nil {
		d.s.negar(ctx, r)
		return pase{}, err
	}
	return pase{quien, d.s, r}, nil
}

func (d DelSistema) decidir(ctx context.Context, cliente string, p Permiso) error {
	return d.s.decidir(ctx, sistema, []string{sistema}, cliente, p)
}
