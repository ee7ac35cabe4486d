package datos

import (
	"context"
	"errors"

	"despensa/modules/clientes"

	"gorm.io/gorm"
)

// porIndizar is how many customers get their indexes in one write.
const porIndizar = 100

// sinIndices is the condition of a row that waits for its indexes.
const sinIndices = "(clientes.indizada is null or clientes.indizada <> clientes.version)"

// Indizar computes the indexes of the customers that were written by earlier releases: at the first start those of all
// older rows, later those of rows that processes of an earlier release still write. It may be stopped at any point and
// run again, because a row with its indexes is not selected again. It returns how many rows were done, and how many
// were passed over because they cannot be read.
func (a *Store) Indizar(ctx context.Context) (hechas, ilegibles int, err error) {
	for desde := ""; ; {
		var filas []filaCliente
		err := conLlave(a.DB.Read(ctx), "clientes", "clientes.id").
			Where(sinIndices+" and clientes.id > ?", desde).
			Order("clientes.id").Limit(porIndizar).Find(&filas).Error
		if err != nil || len(filas) == 0 {
			return hechas, ilegibles, err
		}
		desde = filas[len(filas)-1].ID
		var listas []filaCliente
		for _, f := range filas {
			if a.reindizar(&f) != nil {
				ilegibles++
				continue
			}
			listas = append(listas, f)
		}
		n, err := a.guardarIndices(ctx, listas)
		hechas += n
		if err != nil {
			return hechas, ilegibles, err
		}
	}
}

// reindizar computes the indexes of filaCliente. An erased customer has none.
func (a *Store) reindizar(filaCliente *filaCliente) error {
	p, err := a.perfil(*filaCliente)
	if errors.Is(err, clientes.ErrSinClave) {
		filaCliente.CorreoUnico, filaCliente.DocumentoUnico, filaCliente.CorreoConfirmado = nil, nil, nil
		return nil
	}
	if err != nil {
		return err
	}
	return a.unicos(filaCliente, p)
}

// guardarIndices writes the indexes of rows that still have the version they were computed for. It leaves the version
// as it is, because the fields that the customer sees have not changed.
func (a *Store) guardarIndices(ctx context.Context, filas []filaCliente) (n int, err error) {
	if len(filas) == 0 {
		return 0, nil
	}
	err = a.DB.Write(ctx, "clientes.indices", func(tx *gorm.DB) error {
		n = 0
		for _, f := range filas {
			r := tx.Model(&filaCliente{}).
				Where("id = ? and version = ?", f.ID, f.Version).
				Updates(map[string]any{
					"correo_unico":      f.CorreoUnico,
					"documento_unico":   f.DocumentoUnico,
					"correo_confirmado": f.CorreoConfirmado,
					"indizada":          f.Version,
				})
			if r.Error != nil {
				return r.Error
			}
			n += int(r.RowsAffected)
		}
		return nil
	})
	return n, err
}
