package authz

import (
	"context"
	"slices"
	"strings"

	"despensa/platform/fault"
	"despensa/platform/oidc"
)

// Permiso is one thing that may be done with customers.
type Permiso string

// The permissions of this module.
const (
	LeerPropio   Permiso = "clientes.propio.leer"
	EditarPropio Permiso = "clientes.propio.editar"
	// Contactar reads how to reach any customer, and where.
	Contactar Permiso = "clientes.contactar"
	// Sellar seals and opens other modules' data under a customer's key.
	Sellar Permiso = "clientes.sellar"
	// LeerRastro searches the audit trail.
	LeerRastro Permiso = "auditoria.leer"
)

// sistema is the role of the program itself, for calls that another module of it makes. No token can carry this role:
// a caller's roles are those that rolesDe lets through.
const sistema = "sistema"

// permisos is the table of permissions that each role has of its own, without those it inherits. A permission that is
// not in this table is denied.
var permisos = map[string][]Permiso{
	"cliente": {LeerPropio, EditarPropio},
	"auditor": {LeerRastro},
	sistema:   {Contactar, Sellar},
}

// hereda is the hierarchy of roles: a role has the permissions of the roles that stand under it, too.
var hereda = map[string][]string{
	"admin": {"cliente", "operador", "gestor_rutas", "repartidor", "auditor"},
}

// ErrPermiso answers a caller with a role that does not have the permission for this.
var ErrPermiso = fault.New(fault.Forbidden, "sin-permiso", "Your role does not allow this.")

// Roles lists, sorted, the roles that tokens may carry and that have permiso.
func Roles(permiso Permiso) []string {
	var r []string
	for _, rol := range conocidos() {
		if rol != sistema && concede(rol, permiso) {
			r = append(r, rol)
		}
	}
	return r
}

// conocidos are all roles that the two tables speak of, sorted.
func conocidos() []string {
	var r []string
	for rol := range permisos {
		r = append(r, rol)
	}
	for rol, abajo := range hereda {
		r = append(append(r, rol), abajo...)
	}
	slices.Sort(r)
	return slices.Compact(r)
}

// concede reports whether rol has permiso, of its own or from a role under it.
func concede(rol string, permiso Permiso) bool {
	if slices.Contains(permisos[rol], permiso) {
		return true
	}
	return slices.ContainsFunc(
		hereda[rol],
		func(abajo string) bool { return concede(abajo, permiso) },
	)
}

// Decision is one decision of this layer: an actor asked for a permission on a customer, and was allowed or refused.
type Decision struct {
	// Actor is the caller's id, or "sistema".
	Actor     string
	Cliente   string
	Permiso   Permiso
	Permitida bool
}

// decidir is the only place in this module that allows an actor anything. Errors: ErrPermiso.
func (s *Servicio) decidir(
	ctx context.Context,
	actor string,
	roles []string,
	cliente string,
	permiso Permiso,
) error {
	ok := slices.ContainsFunc(roles, func(rol string) bool { return concede(rol, permiso) })
	if s.o.Decidido != nil {
		s.o.Decidido(
			ctx,
			Decision{Actor: actor, Cliente: cliente, Permiso: permiso, Permitida: ok},
		)
	}
	if !ok {
		return ErrPermiso
	}
	return nil
}

// rolesDe are the roles of the token of a person, without sistema, which no token may claim. A machine has none here,
// because it has no data of its own.
func rolesDe(principal oidc.Principal) []string {
	if principal.Machine {
		return nil
	}
	return slices.DeleteFunc(
		slices.Clone(principal.Roles),
		func(r string) bool { return strings.EqualFold(r, sistema) },
	)
}
