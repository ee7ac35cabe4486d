package datos

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"despensa/modules/clientes"

	"github.com/tink-crypto/tink-go/v2/tink"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Perfil is a customer. Personal data: never logged.
type Perfil struct {
	ID, Nombre, Correo, Telefono, Documento string
	// CorreoConfirmado says that the identity provider has confirmed Correo.
	CorreoConfirmado bool
	Version          int64
	Creado           time.Time
}

// Alta is a customer seen for the first time: ID is derived from Sub.
type Alta struct {
	ID, Sub, Nombre, Correo string
	// CorreoConfirmado says that the identity provider has confirmed Correo.
	CorreoConfirmado bool
}

// CambioPerfil changes the members that are not nil; "" clears one.
type CambioPerfil struct {
	Nombre, Correo, Telefono, Documento *string
	// Confirmado is the e-mail that the identity provider has confirmed to be the customer's; empty: not known.
	Confirmado string
	// Versiones are those of which one must be the present one; nil: any.
	Versiones []int64
}

// Perfil gives one customer. Errors: clientes.ErrNoExiste, clientes.ErrSinClave.
func (a *Store) Perfil(ctx context.Context, id string) (Perfil, error) {
	var f filaCliente
	err := conLlave(
		a.DB.Read(ctx),
		"clientes",
		"clientes.id",
	).Where("clientes.id = ?", id).
		Take(&f).
		Error
	if err != nil {
		return Perfil{}, siFalta(err, clientes.ErrNoExiste)
	}
	return a.perfil(f)
}

// perfil opens a row.
func (a *Store) perfil(filaCliente filaCliente) (Perfil, error) {
	k, err := a.llave(filaCliente.ID, filaCliente.Envoltura)
	if err != nil {
		return Perfil{}, err
	}
	s := &sello{llave: k, tabla: "clientes", id: filaCliente.ID}
	p := Perfil{
		ID: filaCliente.ID, Version: filaCliente.Version, Creado: deHora(filaCliente.Creado),
		Nombre: s.abrir(
			"nombre",
			filaCliente.Nombre,
		), Correo: s.abrir("correo", filaCliente.Correo),
		Telefono: s.abrir(
			"telefono",
			filaCliente.Telefono,
		), Documento: s.abrir("documento", filaCliente.Documento),
	}
	if s.err != nil {
		return Perfil{}, s.err
	}
	if filaCliente.CorreoConfirmado != nil { // the index of the e-mail that was confirmed, which need not be this one
		i, err := a.indice(unicoCorreo, p.Correo)
		if err != nil {
			return Perfil{}, err
		}
		p.CorreoConfirmado = i != nil && *i == *filaCliente.CorreoConfirmado
	}
	return p, nil
}

// fila seals the fields of perfil into filaCliente, indexes included.
func (a *Store) fila(filaCliente *filaCliente, perfil Perfil, aead tink.AEAD) error {
	s := &sello{llave: aead, tabla: "clientes", id: filaCliente.ID}
	filaCliente.Nombre = s.cerrar("nombre", perfil.Nombre)
	filaCliente.Correo = s.cerrar("correo", perfil.Correo)
	filaCliente.Telefono = s.cerrar("telefono", perfil.Telefono)
	filaCliente.Documento = s.cerrar("documento", perfil.Documento)
	if s.err != nil {
		return s.err
	}
	var err error
	if filaCliente.CorreoIndice, err = a.Maestra.ciego("clientes.correo", plano(perfil.Correo)); err != nil {
		return err
	}
	if filaCliente.DocumentoIndice, err = a.Maestra.ciego("clientes.documento", plano(perfil.Documento)); err != nil {
		return err
	}
	return a.unicos(filaCliente, perfil)
}

// unicos computes the indexes of filaCliente by which it is told whether another customer has perfil's e-mail or
// document. A confirmation of another e-mail is gone.
func (a *Store) unicos(filaCliente *filaCliente, perfil Perfil) (err error) {
	if filaCliente.CorreoUnico, err = a.indice(unicoCorreo, perfil.Correo); err != nil {
		return err
	}
	if filaCliente.DocumentoUnico, err = a.indice(unicoDocumento, perfil.Documento); err != nil {
		return err
	}
	if filaCliente.CorreoConfirmado != nil &&
		(filaCliente.CorreoUnico == nil || *filaCliente.CorreoUnico != *filaCliente.CorreoConfirmado) {
		filaCliente.CorreoConfirmado = nil
	}
	return nil
}

// Crear stores a customer with a key of their own. A customer that exists already, or has been erased, stays as they
// are. An e-mail that another customer has, and that the provider has not confirmed to be this customer's, is left
// out.
func (a *Store) Crear(ctx context.Context, alta Alta) error {
	f, k, err := a.nuevo(alta)
	if err != nil {
		return err
	}
	return a.DB.Write(ctx, "clientes.alta", func(tx *gorm.DB) error {
		f := f // the transaction may run again
		if !alta.CorreoConfirmado {
			otro, err := a.deOtro(tx, unicoCorreo, alta.ID, alta.Correo)
			if err != nil {
				return err
			}
			if otro {
				f.Correo, f.CorreoIndice, f.CorreoUnico = nil, nil, nil
			}
		}
		return insertar(tx, f, k)
	})
}

// nuevo makes the rows of a customer.
func (a *Store) nuevo(alta Alta) (filaCliente, filaLlave, error) {
	ahora := hora(a.Ahora())
	k, envoltura, err := a.llavero.nueva(alta.ID)
	if err != nil {
		return filaCliente{}, filaLlave{}, err
	}
	primera := int64(1)
	f := filaCliente{
		ID:        alta.ID,
		Version:   primera,
		Indizada:  &primera,
		Creado:    ahora,
		Envoltura: envoltura,
	}
	s := &sello{llave: k, tabla: "clientes", id: f.ID}
	f.Sujeto = s.cerrar("sujeto", alta.Sub)
	if s.err != nil {
		return filaCliente{}, filaLlave{}, s.err
	}
	err = a.fila(&f, Perfil{Nombre: alta.Nombre, Correo: alta.Correo}, k)
	if err == nil && alta.CorreoConfirmado {
		err = a.confirmar(&f, alta.Correo)
	}
	return f, filaLlave{Cliente: alta.ID, Envoltura: envoltura, Creado: ahora}, err
}

// insertar writes both rows or none: a key without its customer is never kept.
func insertar(tx *gorm.DB, filaCliente filaCliente, filaLlave filaLlave) error {
	r := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&filaCliente)
	if r.Error != nil || r.RowsAffected == 0 {
		return r.Error
	}
	return tx.Create(&filaLlave).Error
}

// CambiarPerfil changes a customer and gives them as they now stand. Errors:
// clientes.ErrNoExiste, clientes.ErrSinClave, ErrVersion, ErrEnUso.
func (a *Store) CambiarPerfil(
	ctx context.Context,
	id string,
	cambio CambioPerfil,
) (Perfil, error) {
	var p Perfil
	err := a.DB.Write(ctx, "clientes.perfil", func(tx *gorm.DB) (err error) {
		p, err = a.cambiarPerfil(tx, id, cambio)
		return err
	})
	if err != nil {
		return Perfil{}, err
	}
	return p, nil
}

// cambiarPerfil is CambiarPerfil within its transaction: it opens the row, refuses values that another customer has,
// changes the fields, and seals them with their indexes as the next version.
func (a *Store) cambiarPerfil(tx *gorm.DB, id string, cambio CambioPerfil) (Perfil, error) {
	var f filaCliente
	err := conLlave(
		paraEscribir(tx, "clientes"),
		"clientes",
		"clientes.id",
	).Where("clientes.id = ?", id).
		Take(&f).
		Error
	if err != nil {
		return Perfil{}, siFalta(err, clientes.ErrNoExiste)
	}
	if otra(cambio.Versiones, f.Version) {
		return Perfil{}, ErrVersion
	}
	p, err := a.perfil(f)
	if err != nil {
		return Perfil{}, err
	}
	if err := a.libres(tx, p, cambio); err != nil {
		return Perfil{}, err
	}
	poner(&p.Nombre, cambio.Nombre)
	poner(&p.Correo, cambio.Correo)
	poner(&p.Telefono, cambio.Telefono)
	poner(&p.Documento, cambio.Documento)
	k, err := a.llave(id, f.Envoltura)
	if err != nil {
		return Perfil{}, err
	}
	if err := errors.Join(a.fila(&f, p, k), a.confirmar(&f, cambio.Confirmado)); err != nil {
		return Perfil{}, err
	}
	p.Version++
	p.CorreoConfirmado, f.Indizada = f.CorreoConfirmado != nil, &p.Version
	return p, guardar(tx, &f, id, &f.Version)
}

// otra says that actual is none of versiones, of which it should be one; nil: it may be any.
func otra(versiones []int64, actual int64) bool {
	return versiones != nil && !slices.Contains(versiones, actual)
}

// guardar writes a row over its version *v and raises it. Errors: ErrVersion.
func guardar(tx *gorm.DB, fila any, id string, v *int64) error {
	leida := *v
	*v++
	r := tx.Where("id = ? and version = ?", id, leida).Select("*").Updates(fila)
	if r.Error != nil {
		return fmt.Errorf("clientes: save: %w", r.Error)
	}
	if r.RowsAffected != 1 {
		return ErrVersion
	}
	return nil
}

// poner sets *campo to *valor, unless valor is nil.
func poner[T any](campo *T, valor *T) {
	if valor != nil {
		*campo = *valor
	}
}
