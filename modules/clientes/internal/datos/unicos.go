package datos

import (
	"despensa/platform/fault"
	"despensa/platform/text"

	"gorm.io/gorm"
)

// ErrEnUso answers a customer that writes an e-mail or a document that another customer has. It does not name that
// customer.
var ErrEnUso = fault.New(
	fault.Conflict,
	"dato-en-uso",
	"Another customer has this e-mail or this document.",
)

// unico is a value that no two customers may give themselves.
type unico struct {
	columna string // of clientes: its blind index as of release 0.4.0
	vieja   string // the blind index that earlier releases wrote
	clase   string // the columna under which Maestra.ciego makes both indexes
	forma   func(string) string
}

// The two fields that no two customers may share. The clase is that of the earlier index, so that a value in the same
// form has the same index in both columns.
var (
	unicoCorreo = unico{
		columna: "correo_unico",
		vieja:   "correo_indice",
		clase:   "clientes.correo",
		forma:   text.Mailbox,
	}
	unicoDocumento = unico{
		columna: "documento_unico",
		vieja:   "documento_indice",
		clase:   "clientes.documento",
		forma:   text.Document,
	}
)

// indice makes the blind index of a value in the form in which two are compared; nil: there is none.
func (a *Store) indice(unico unico, valor string) (*string, error) {
	return a.Maestra.ciego(unico.clase, unico.forma(valor))
}

// deOtro reports whether a customer other than id has valor. Rows that earlier releases wrote, and that wait for their
// index, are found by the earlier index of valor in either normal form. Erased customers have nothing.
func (a *Store) deOtro(tx *gorm.DB, unico unico, id, valor string) (bool, error) {
	nuevo, err := a.indice(unico, valor)
	if err != nil || nuevo == nil {
		return false, err
	}
	viejos := []string{*nuevo}
	for _, forma := range []string{valor, text.Normal(valor), text.Decomposed(valor)} {
		v, err := a.Maestra.ciego(unico.clase, plano(forma))
		if err != nil {
			return false, err
		}
		if v != nil {
			viejos = append(viejos, *v)
		}
	}
	var hay int64
	err = tx.Model(&filaCliente{}).Joins("join llaves on llaves.cliente = clientes.id").
		Where("clientes.id <> ?", id).
		Where("clientes."+unico.columna+" = ? or (clientes."+unico.vieja+" in ? and "+sinIndices+")", *nuevo, viejos).
		Count(&hay).Error
	return hay > 0, err
}

// libres refuses the values of cambio that are new for the customer and that another customer has. An e-mail that the
// provider has confirmed to be this customer's is never refused. antes is the customer as stored. Errors: ErrEnUso,
// with a field for each refused value.
func (a *Store) libres(tx *gorm.DB, antes Perfil, cambio CambioPerfil) error {
	e, tomado := ErrEnUso, false
	mirar := func(u unico, campo, hay string, valor *string, vale bool) error {
		if valor == nil || vale || u.forma(*valor) == u.forma(hay) {
			return nil
		}
		otro, err := a.deOtro(tx, u, antes.ID, *valor)
		if otro {
			e, tomado = e.WithField("body."+campo, "belongs to another customer"), true
		}
		return err
	}
	confirmado := cambio.Correo != nil && *cambio.Correo != "" &&
		text.Mailbox(*cambio.Correo) == text.Mailbox(cambio.Confirmado)
	if err := mirar(unicoCorreo, "correo", antes.Correo, cambio.Correo, confirmado); err != nil {
		return err
	}
	if err := mirar(unicoDocumento, "documento", antes.Documento, cambio.Documento, false); err != nil {
		return err
	}
	if tomado {
		return e
	}
	return nil
}

// confirmar notes that the provider has confirmed correo, when it is the one of filaCliente.
func (a *Store) confirmar(filaCliente *filaCliente, correo string) error {
	if correo == "" {
		return nil
	}
	i, err := a.indice(unicoCorreo, correo)
	if err == nil && i != nil && filaCliente.CorreoUnico != nil &&
		*i == *filaCliente.CorreoUnico {
		filaCliente.CorreoConfirmado = i
	}
	return err
}
