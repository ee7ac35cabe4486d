package rest

// huma passes over embedded types that are not exported, so that ids are repeated in
// the inputs.

import (
	"time"

	"despensa/modules/clientes/internal/authz"
	"despensa/platform/httpapi"
)

// perfil is a customer as the API shows them to themself.
type perfil struct {
	ID               string    `json:"id" format:"uuid" doc:"Id of the customer."`
	Nombre           string    `json:"nombre" doc:"Name; empty when none is known."`
	Correo           string    `json:"correo" doc:"Empty when none is known; an order needs one."`
	CorreoConfirmado bool      `json:"correo_confirmado" doc:"The identity provider has made sure that the e-mail is theirs."`
	Telefono         string    `json:"telefono" doc:"Telephone; empty: none."`
	Documento        string    `json:"documento" doc:"Number of an identity document; empty: none."`
	Creado           time.Time `json:"creado" doc:"When they first came."`
}

type perfilOut struct {
	httpapi.WithETag
	Body perfil
}

// perfilCambio is the body of a change of the profile. A member that is absent stays as it is.
type perfilCambio struct {
	Nombre    *string `json:"nombre,omitempty" minLength:"1" maxLength:"120" pattern:"^[^\\x00-\\x1f\\x7f]*[^\\x00-\\x20\\x7f][^\\x00-\\x1f\\x7f]*$" patternDescription:"one line that is not blank" doc:"Name."`
	Correo    *string `json:"correo,omitempty" maxLength:"254" pattern:"^$|^[^\\s@<>,;\\x00-\\x1f\\x7f]+@[^\\s@<>,;\\x00-\\x1f\\x7f]+\\.[^\\s@<>,;\\x00-\\x1f\\x7f]+$" patternDescription:"an e-mail address, or empty to clear it" doc:"No other customer may have it, unless the identity provider says that it is the caller's."`
	Telefono  *string `json:"telefono,omitempty" maxLength:"40" doc:"As people write it; kept as +54… where that is clear. Empty: none."`
	Documento *string `json:"documento,omitempty" maxLength:"20" pattern:"^$|^[0-9A-Za-z.-]{6,20}$" patternDescription:"a document's number, or empty to clear it" doc:"No other customer may have it."`
}

type perfilIn struct {
	httpapi.WithIfMatch
	Body perfilCambio
}

// direccion is a place as the API shows it.
type direccion struct {
	ID     string    `json:"id" format:"uuid" doc:"Its id: the direccion_id of an order."`
	Nombre string    `json:"nombre" doc:"How the customer calls the place."`
	Calle  string    `json:"calle" doc:"Street, number, floor, town."`
	Notas  string    `json:"notas" doc:"For the driver; empty: nothing."`
	Lat    float64   `json:"lat" doc:"WGS 84 degrees"`
	Lon    float64   `json:"lon" doc:"WGS 84 degrees"`
	Creado time.Time `json:"creado" doc:"When it was added."`
}

type direccionOut struct {
	httpapi.WithETag
	Body direccion
}

type direccionesOut struct {
	Body httpapi.Lista[direccion]
}

// direccionAlta is a new place.
type direccionAlta struct {
	Nombre string  `json:"nombre,omitempty" maxLength:"80" pattern:"^[^\\x00-\\x1f\\x7f]*$" patternDescription:"one line" doc:"How you call the place: Casa, Trabajo."`
	Calle  string  `json:"calle" minLength:"1" maxLength:"200" pattern:"^[^\\x00-\\x1f\\x7f]*[^\\x00-\\x20\\x7f][^\\x00-\\x1f\\x7f]*$" patternDescription:"one line that is not blank" doc:"Street, number, floor, town: what a driver reads."`
	Notas  string  `json:"notas,omitempty" maxLength:"500" text:"lines" doc:"For the driver; lines end in \\n."`
	Lat    float64 `json:"lat" minimum:"-90" maximum:"90" doc:"WGS 84 degrees"`
	Lon    float64 `json:"lon" minimum:"-180" maximum:"180" doc:"WGS 84 degrees"`
}

type altaIn struct {
	httpapi.WithKey
	Body direccionAlta
}

type altaOut struct {
	httpapi.WithETag
	httpapi.Repeatable
	Location string `header:"Location" doc:"Where the address is."`
	Body     direccion
}

// direccionCambio is the body of a change of an address. A member that is absent stays as it is.
type direccionCambio struct {
	Nombre *string  `json:"nombre,omitempty" maxLength:"80" pattern:"^[^\\x00-\\x1f\\x7f]*$" patternDescription:"one line" doc:"How you call the place."`
	Calle  *string  `json:"calle,omitempty" minLength:"1" maxLength:"200" pattern:"^[^\\x00-\\x1f\\x7f]*[^\\x00-\\x20\\x7f][^\\x00-\\x1f\\x7f]*$" patternDescription:"one line that is not blank" doc:"Street, number, floor, town."`
	Notas  *string  `json:"notas,omitempty" maxLength:"500" text:"lines" doc:"For the driver; lines end in \\n."`
	Lat    *float64 `json:"lat,omitempty" minimum:"-90" maximum:"90" doc:"WGS 84 degrees"`
	Lon    *float64 `json:"lon,omitempty" minimum:"-180" maximum:"180" doc:"WGS 84 degrees"`
}

type cambioIn struct {
	ID string `path:"id" maxLength:"64" doc:"Id of the address."`
	httpapi.WithIfMatch
	Body direccionCambio
}

type porID struct {
	ID string `path:"id" maxLength:"64" doc:"Id of the address."`
}

type bajaIn struct {
	ID string `path:"id" maxLength:"64" doc:"Id of the address."`
	httpapi.WithIfMatch
}

func aPerfil(cliente authz.Perfil) *perfilOut {
	return &perfilOut{
		WithETag: httpapi.WithETag{ETag: httpapi.ETag(cliente.Version)},
		Body: perfil{
			ID:               cliente.ID,
			Nombre:           cliente.Nombre,
			Correo:           cliente.Correo,
			CorreoConfirmado: cliente.CorreoConfirmado,
			Telefono:         cliente.Telefono,
			Documento:        cliente.Documento,
			Creado:           cliente.Creado,
		},
	}
}

func aDireccion(d authz.Direccion) direccion {
	return direccion{
		ID:     d.ID,
		Nombre: d.Nombre,
		Calle:  d.Calle,
		Notas:  d.Notas,
		Lat:    d.Lat,
		Lon:    d.Lon,
		Creado: d.Creado,
	}
}

func etiquetaDe(direccion authz.Direccion) httpapi.WithETag {
	return httpapi.WithETag{ETag: httpapi.ETag(direccion.Version)}
}

func aDirecciones(direcciones []authz.Direccion) []direccion {
	out := make([]direccion, len(direcciones))
	for i, d := range direcciones {
		out[i] = aDireccion(d)
	}
	return out
}

func cursorDe(direccion direccion) httpapi.Cursor {
	return httpapi.Cursor{Created: direccion.Creado, ID: direccion.ID}
}
