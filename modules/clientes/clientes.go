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

// Direccion is one place of a customer. Personal data but for the coordinates' absence.
type Direccion struct {
	ID, Calle, Notas string
	Lat, Lon         float64 // WGS 84 degrees
}

// Servicio is what pedidos may ask. Calls come from the system itself: who may ask
// has been decided by the caller, who passes an id that is the principal's own or
// one that an operator named.
type Servicio interface {
	// Ficha gives the contact of a customer; the caller's own is created at first
	// sight. Errors: ErrNoExiste.
	Ficha(ctx context.Context, cliente string) (Ficha, error)
	// Direccion gives one address of cliente. Errors: ErrDireccion.
	Direccion(ctx context.Context, cliente, id string) (Direccion, error)
	// Sellar encrypts claro under the customer's key, bound to proposito
	// ("pedido.<id>"). Errors: ErrNoExiste, ErrSinClave.
	Sellar(ctx context.Context, cliente, proposito string, claro []byte) ([]byte, error)
	// Abrir is the way back. Errors: ErrNoExiste, ErrSinClave.
	Abrir(ctx context.Context, cliente, proposito string, sellado []byte) ([]byte, error)
}
