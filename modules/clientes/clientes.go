// Package clientes is the contract of the module that keeps the customers: their contact data and their addresses. Ids
// are UUID text; a customer's id is derived from the subject of their token.
package clientes

import (
	"context"

	"despensa/platform/fault"
)

// Errors of the contract.
var (
	ErrNoExiste = fault.New(fault.NotFound, "cliente-no-existe", "There is no such customer.")
	// ErrDireccion: no address of that id belongs to this customer. An address of another customer is answered in the
	// same way.
	ErrDireccion = fault.New(fault.Invalid, "direccion-desconocida", "There is no such address.")
	// ErrSinClave: the customer's key has been destroyed with their data (erased). Texts sealed under the key cannot be
	// read any more.
	ErrSinClave = fault.New(fault.NotFound, "cliente-borrado", "This customer's data has been erased.")
)

// Contacto is the contact data of a customer. Personal data: never logged.
type Contacto struct {
	ID, Nombre, Correo, Telefono string
}

// Direccion is one place of a customer. Personal data: never logged.
type Direccion struct {
	ID, Calle, Notas string
	Lat, Lon         float64 // WGS 84 degrees
}

// SolicitudDeDestinatario asks for a customer and one of their addresses, together.
type SolicitudDeDestinatario struct {
	Cliente, Direccion string // ids
	// SoloPunto asks for the coordinates of the address alone. No name, street or contact is opened, nothing is sealed,
	// and only the access to the address is recorded.
	SoloPunto bool
	// Bloque makes the bytes that are sealed under the customer's key, bound to Proposito ("pedido.<id>"). Its error
	// ends the call. Nil: nothing is sealed.
	Bloque    func(Contacto, Direccion) ([]byte, error)
	Proposito string
}

// Destinatario is the customer of a SolicitudDeDestinatario and the address; Sellado is the block that Bloque made of
// them, sealed. Personal data: never logged.
type Destinatario struct {
	Contacto  Contacto
	Direccion Direccion
	Sellado   []byte
}

// Servicio lists the calls that the module pedidos makes to clientes. clientes treats its caller as the program itself
// and does not check a person's permission: the caller has decided before that the request may use this customer's
// data, and passes the principal's own id or one that an operator named.
type Servicio interface {
	// Destinatario reads a customer and one of their addresses with one statement, records both accesses with one write,
	// and seals the block. The profile of the request's own principal is created at first sight. Errors: ErrNoExiste,
	// ErrDireccion, ErrSinClave, those of e.Bloque.
	Destinatario(ctx context.Context, e SolicitudDeDestinatario) (Destinatario, error)
	// Abrir opens a text that was sealed for cliente and proposito. Errors: ErrNoExiste, ErrSinClave.
	Abrir(ctx context.Context, cliente, proposito string, sellado []byte) ([]byte, error)
}
