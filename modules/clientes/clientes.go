// Package clientes is the contract of the module that keeps who the customers are.
// Ids are UUID text; a customer's id is derived from their token's subject.
package clientes

import (
	"context"

	"despensa/platform/fault"
)

// Errors of the contract.
var (
	ErrNoExiste = fault.New(fault.NotFound, "cliente-no-existe", "There is no such customer.")
	// ErrDireccion also stands for somebody else's address.
	ErrDireccion = fault.New(fault.Invalid, "direccion-desconocida", "There is no such address.")
	// ErrSinClave: the customer's key is gone (erased), what was sealed cannot be read.
	ErrSinClave = fault.New(fault.NotFound, "cliente-borrado", "This customer's data has been erased.")
)

// Ficha is what is needed to reach a customer. Personal data: never logged.
type Ficha struct {
	ID, Nombre, Correo, Telefono string
}

// Direccion is one place of a customer. Personal data: never logged.
type Direccion struct {
	ID, Calle, Notas string
	Lat, Lon         float64 // WGS 84 degrees
}

// Encargo asks for a customer and one of their addresses, together.
type Encargo struct {
	Cliente, Direccion string // ids
	// SoloPunto asks for where the address is and nothing else: no name, street or contact is opened, nothing is sealed,
	// and the record is of the address alone.
	SoloPunto bool
	// Bloque makes the bytes that are sealed under the customer's key, bound to Proposito ("pedido.<id>"). Its error
	// ends the call. Nil: nothing is sealed.
	Bloque    func(Ficha, Direccion) ([]byte, error)
	Proposito string
}

// Destinatario is the customer of an Encargo, the address, and what Bloque made, sealed. Personal data: never logged.
type Destinatario struct {
	Ficha     Ficha
	Direccion Direccion
	Sellado   []byte
}

// Servicio is what pedidos may ask. Calls come from the system itself: who may ask
// has been decided by the caller, who passes an id that is the principal's own or
// one that an operator named.
type Servicio interface {
	// Destinatario reads a customer and one of their addresses with one statement, records both with one write, and seals.
	// The caller's own profile is created at first sight. Errors: ErrNoExiste, ErrDireccion, ErrSinClave, those of e.Bloque.
	Destinatario(ctx context.Context, e Encargo) (Destinatario, error)
	// Abrir opens what was sealed for proposito. Errors: ErrNoExiste, ErrSinClave.
	Abrir(ctx context.Context, cliente, proposito string, sellado []byte) ([]byte, error)
}
