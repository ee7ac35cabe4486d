// Package rest shows customers their own data over HTTP: /clientes/yo and its
// addresses. It decides nothing; authz below does.
package rest

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"unicode"

	"despensa/modules/clientes/internal/authz"
	"despensa/platform/httpapi"
	"despensa/platform/text"

	"github.com/danielgtaylor/huma/v2"
)

// cuerpoMax is how large a body of these operations may be, in bytes.
const cuerpoMax = 8 << 10

const (
	etiqueta = "clientes"
	yo       = "/clientes/yo"
	unas     = yo + "/direcciones"
)

// Register registers the operations of this module.
func Register(api huma.API, servicio Servicio) {
	h := handlers{servicio}
	leer := httpapi.Access{Roles: authz.Roles(authz.LeerPropio)}
	editar := httpapi.Access{Roles: authz.Roles(authz.EditarPropio)}
	const una = unas + "/{id}"

	httpapi.Register(
		api,
		operacion("ver-cliente-propio", http.MethodGet, yo, "Own profile"),
		leer,
		h.verPerfil,
	)
	httpapi.Register(
		api,
		operacion("cambiar-cliente-propio", http.MethodPatch, yo, "Correct the own profile"),
		editar,
		h.cambiarPerfil,
	)
	httpapi.Register(
		api,
		operacion("listar-direcciones", http.MethodGet, unas, "Own addresses"),
		leer,
		h.listar,
	)
	httpapi.Register(
		api,
		operacion(altaDireccion, http.MethodPost, unas, "Add an address"),
		editar,
		h.crear,
	)
	httpapi.Register(
		api,
		operacion("ver-direccion", http.MethodGet, una, "One own address"),
		leer,
		h.ver,
	)
	httpapi.Register(
		api,
		operacion("cambiar-direccion", http.MethodPatch, una, "Correct an address"),
		editar,
		h.cambiar,
	)
	httpapi.Register(
		api,
		operacion("borrar-direccion", http.MethodDelete, una, "Delete an address"),
		editar,
		h.borrar,
	)
	rutasDelRastro(api, h)
	describe(api)
	ejemplos(api)
}

func operacion(id, metodo, ruta, resumen string) huma.Operation {
	op := huma.Operation{
		OperationID:  id,
		Method:       metodo,
		Path:         ruta,
		Summary:      resumen,
		Tags:         []string{etiqueta},
		MaxBodyBytes: cuerpoMax,
		// An erased customer; an address deleted since its key made it.
		Errors: []int{
			http.StatusNotFound,
		},
	}
	switch metodo {
	case http.MethodPost:
		op.DefaultStatus = httpapi.Created
	case http.MethodDelete:
		op.DefaultStatus = http.StatusNoContent
	}
	return op
}

type handlers struct{ s Servicio }

// deAbajo translates the errors of authz and datos into those of the HTTP API.
func deAbajo(err error) error {
	switch {
	case errors.Is(err, authz.ErrVersion):
		return httpapi.ErrVersion
	case errors.Is(err, authz.ErrHuella):
		return httpapi.ErrKeyReused
	}
	return err
}

func (h handlers) verPerfil(ctx context.Context, _ *struct{}) (*perfilOut, error) {
	p, err := h.s.Perfil(ctx)
	if err != nil {
		return nil, deAbajo(err)
	}
	return aPerfil(p), nil
}

func (h handlers) cambiarPerfil(ctx context.Context, perfilIn *perfilIn) (*perfilOut, error) {
	v, err := perfilIn.Versions(false)
	if err != nil {
		return nil, err
	}
	b := perfilIn.Body
	if err := ordenar(b); err != nil {
		return nil, err
	}
	p, err := h.s.CambiarPerfil(ctx, authz.CambioPerfil{
		Nombre: b.Nombre, Correo: b.Correo, Telefono: b.Telefono, Documento: b.Documento, Versiones: v,
	})
	if err != nil {
		return nil, deAbajo(err)
	}
	return aPerfil(p), nil
}

// ordenar puts a telephone number into the form in which it is kept, and refuses an e-mail with a blank that the
// document's pattern does not know. Errors: httpapi.ErrInvalid.
func ordenar(perfilCambio perfilCambio) error {
	if perfilCambio.Correo != nil &&
		strings.ContainsFunc(*perfilCambio.Correo, unicode.IsSpace) {
		return httpapi.ErrInvalid.WithField("body.correo", "holds a blank")
	}
	if perfilCambio.Telefono == nil {
		return nil
	}
	n, err := text.Phone(*perfilCambio.Telefono)
	if err != nil {
		return httpapi.ErrInvalid.WithField("body.telefono", err.Error())
	}
	*perfilCambio.Telefono = n
	return nil
}

func (h handlers) listar(
	ctx context.Context,
	in *struct{ httpapi.PageQuery },
) (*direccionesOut, error) {
	m, err := in.After()
	if err != nil {
		return nil, err
	}
	var desde *authz.Cursor
	if m != nil {
		desde = &authz.Cursor{Creado: m.Created, ID: m.ID}
	}
	ds, err := h.s.Direcciones(ctx, desde, in.Limite+1)
	if err != nil {
		return nil, deAbajo(err)
	}
	return &direccionesOut{Body: httpapi.PageOf(aDirecciones(ds), in.Limite, cursorDe)}, nil
}

func (h handlers) crear(ctx context.Context, altaIn *altaIn) (*altaOut, error) {
	l, err := altaIn.Key(ctx, altaDireccion, altaIn.Body)
	if err != nil {
		return nil, err
	}
	b := altaIn.Body
	d, repetida, err := h.s.CrearDireccion(ctx, authz.AltaDireccion{
		Llave: l, Nombre: b.Nombre, Calle: b.Calle, Notas: b.Notas, Lat: b.Lat, Lon: b.Lon,
	})
	if err != nil {
		return nil, deAbajo(err)
	}
	return &altaOut{
		WithETag: etiquetaDe(d), Repeatable: httpapi.AsRepeated(repetida),
		Location: httpapi.Prefix + unas + "/" + d.ID, Body: aDireccion(d),
	}, nil
}

func (h handlers) ver(ctx context.Context, porID *porID) (*direccionOut, error) {
	d, err := h.s.Direccion(ctx, porID.ID)
	if err != nil {
		return nil, deAbajo(err)
	}
	return &direccionOut{WithETag: etiquetaDe(d), Body: aDireccion(d)}, nil
}

func (h handlers) cambiar(ctx context.Context, cambioIn *cambioIn) (*direccionOut, error) {
	v, err := cambioIn.Versions(false)
	if err != nil {
		return nil, err
	}
	b := cambioIn.Body
	d, err := h.s.CambiarDireccion(ctx, cambioIn.ID, authz.CambioDireccion{
		Nombre: b.Nombre, Calle: b.Calle, Notas: b.Notas, Lat: b.Lat, Lon: b.Lon, Versiones: v,
	})
	if err != nil {
		return nil, deAbajo(err)
	}
	return &direccionOut{WithETag: etiquetaDe(d), Body: aDireccion(d)}, nil
}

func (h handlers) borrar(ctx context.Context, bajaIn *bajaIn) (*struct{}, error) {
	v, err := bajaIn.Versions(false)
	if err != nil {
		return nil, err
	}
	return nil, deAbajo(h.s.BorrarDireccion(ctx, bajaIn.ID, v))
}
