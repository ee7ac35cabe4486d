package authz

import (
	"context"
	"fmt"
	"slices"
	"time"

	"despensa/platform/audit"
	"despensa/platform/oidc"
)

// acto is an act on a customer's data, by its name in the trail.
type acto struct {
	accion  string
	recurso audit.Resource
}

// The acts on customer data, by their names in the trail. An act without a recurso is on the customer.
var (
	leerPerfil        = acto{accion: "clientes.perfil.leer"}
	crearPerfil       = acto{accion: "clientes.perfil.crear"}
	cambiarPerfil     = acto{accion: "clientes.perfil.cambiar"}
	listarDirecciones = acto{accion: "clientes.direcciones.listar"}
	leerDireccion     = acto{accion: "clientes.direccion.leer"}
	crearDireccion    = acto{accion: "clientes.direccion.crear"}
	cambiarDireccion  = acto{accion: "clientes.direccion.cambiar"}
	borrarDireccion   = acto{accion: "clientes.direccion.borrar"}
	contactar         = acto{accion: "clientes.contacto.leer"}
	abrirSello        = acto{accion: "clientes.sello.abrir"}
	buscarRastro      = acto{"auditoria.buscar", audit.Resource{Kind: "auditoria"}}
	exportarRastro    = acto{"auditoria.exportar", audit.Resource{Kind: "auditoria"}}
)

// de is a with the resource of that kind and id.
func (a acto) de(clase, id string) acto {
	a.recurso = audit.Resource{Kind: clase, ID: id}
	return a
}

// pase is a caller with the permission for an act, and the record of that act, which is not written yet.
type pase struct {
	oidc.Principal
	s *Servicio
	r audit.Record
}

// anotar records that the caller gets the data. Errors: audit.ErrNoRecord; the data must not be given to the caller
// then.
func (p pase) anotar(ctx context.Context) error {
	p.r.Outcome = audit.Allowed
	if err := p.s.o.Rastro.Record(ctx, p.r); err != nil {
		return fmt.Errorf("%w: %w", audit.ErrNoRecord, err)
	}
	return nil
}

// anotarJuntos records with one write, all or none, that the caller gets the data of each of pases, which are one or
// more. Errors: audit.ErrNoRecord.
func anotarJuntos(ctx context.Context, pases ...pase) error {
	rs := make([]audit.Record, len(pases))
	for i, p := range pases {
		rs[i] = p.r
		rs[i].Outcome = audit.Allowed
	}
	if err := pases[0].s.o.Rastro.RegistrarVarios(ctx, rs); err != nil {
		return fmt.Errorf("%w: %w", audit.ErrNoRecord, err)
	}
	return nil
}

// mostrar reads data for a caller and records the access. The caller gets the data only where the record was written.
// Errors: those of leer; audit.ErrNoRecord.
func mostrar[T any](ctx context.Context, pase pase, leer func() (T, error)) (T, error) {
	t, err := leer()
	if err == nil {
		err = pase.anotar(ctx)
	}
	if err != nil {
		var nada T
		return nada, err
	}
	return t, nil
}

// propio is the pase of the caller of ctx for an act on their own data. Errors: oidc.ErrNoToken, ErrPermiso.
func (s *Servicio) propio(ctx context.Context, permiso Permiso, acto acto) (pase, error) {
	p, ok := oidc.Caller(ctx)
	if !ok {
		return pase{}, oidc.ErrNoToken
	}
	return s.dejar(ctx, p, p.ID, permiso, acto)
}

// dejar is the pase of principal for an act on the data of cliente; a refusal is recorded. Errors: ErrPermiso.
func (s *Servicio) dejar(
	ctx context.Context,
	principal oidc.Principal,
	cliente string,
	permiso Permiso,
	acto acto,
) (pase, error) {
	x := pase{Principal: principal, s: s, r: s.registro(ctx, principal, cliente, acto)}
	if err := s.decidir(ctx, principal.ID, rolesDe(principal), cliente, permiso); err != nil {
		s.negar(ctx, x.r)
		return pase{}, err
	}
	return x, nil
}

// registro is the record of an act of principal, its outcome left open.
func (s *Servicio) registro(
	ctx context.Context,
	principal oidc.Principal,
	cliente string,
	acto acto,
) audit.Record {
	if acto.recurso == (audit.Resource{}) {
		acto.recurso = audit.Resource{Kind: "cliente", ID: cliente}
	}
	return audit.Record{
		Actor:     principal.ID,
		Role:      rolDe(principal),
		Action:    acto.accion,
		Resource:  acto.recurso,
		Customer:  cliente,
		RequestID: s.solicitud(ctx),
	}
}

func (s *Servicio) solicitud(ctx context.Context) string {
	if s.o.Solicitud == nil {
		return ""
	}
	return s.o.Solicitud(ctx)
}

// rolDe is the role of principal in the trail: "maquina", a role that this program knows, or "ninguno". A token may
// carry any text as a role, and that text does not get into the trail.
func rolDe(principal oidc.Principal) string {
	if principal.Machine {
		return "maquina"
	}
	todos := conocidos()
	for _, r := range rolesDe(principal) {
		if slices.Contains(todos, r) {
			return r
		}
	}
	return "ninguno"
}

// pacienciaNegado bounds how long a refusal that is to be recorded may hold its answer up.
const pacienciaNegado = 2 * time.Second

// negar records a refusal, also when the caller has gone. The caller stays refused whether or not the trail takes the
// record; the trail keeps in memory the records that its store does not take.
func (s *Servicio) negar(ctx context.Context, record audit.Record) {
	ctx, soltar := context.WithTimeout(context.WithoutCancel(ctx), pacienciaNegado)
	defer soltar()
	record.Outcome = audit.Denied
	if err := s.o.Rastro.Record(ctx, record); err != nil {
		s.o.Log.ErrorContext(
			ctx, "a refusal was not recorded",
			"solicitud", record.RequestID, "error", err,
		)
	}
}

// Negado records that the caller of ctx was refused an operation of this program, and the resource that it was about.
// clase, the kind of the resource, and operacion are the program's own words.
func (s *Servicio) Negado(ctx context.Context, operacion, clase, id string) {
	p, ok := oidc.Caller(ctx)
	if !ok {
		return
	}
	r := s.registro(ctx, p, "", acto{accion: "api." + operacion}.de(clase, id))
	s.negar(ctx, r)
}
