package flota

import (
	"context"
	"slices"

	"despensa/platform/seal"

	"gorm.io/gorm"
)

// deVisita is the reason of a visit, as Palabras seals it under the key of the visit's customer.
func deVisita(cliente, id, motivo string) seal.Words {
	return seal.Words{Owner: cliente, Place: "visita." + id + ".motivo", Text: motivo}
}

// conMotivoSellado gives parteDeVisita with its reason sealed. It reads the visit before the transaction of
// parteDeVisita, because sealing calls another module. Errors: rutas.ErrSinVisita; those of the store; those of
// sealing.
func (f *Flota) conMotivoSellado(
	ctx context.Context,
	parteDeVisita ParteDeVisita,
) (ParteDeVisita, error) {
	if parteDeVisita.Motivo == "" {
		return parteDeVisita, nil
	}
	v, err := visitaVisible(f.db.Read(ctx), parteDeVisita.Visita, parteDeVisita.Quien)
	if err == nil {
		parteDeVisita.Motivo, err = f.o.Palabras.Seal(
			ctx,
			deVisita(v.Cliente, v.ID, parteDeVisita.Motivo),
		)
	}
	return parteDeVisita, err
}

// legible gives visita with its reason unsealed. The result must not be stored.
func (f *Flota) legible(ctx context.Context, visita Visita) Visita {
	return f.legibles(ctx, []Visita{visita})[0]
}

// legibles gives visitas with their reasons unsealed, by one call of Palabras. The result must not be stored.
func (f *Flota) legibles(ctx context.Context, visitas []Visita) []Visita {
	out := slices.Clone(visitas)
	var ws []seal.Words
	var sitios []*string
	for i := range out {
		if v := &out[i]; seal.Sealed(v.Motivo) {
			ws = append(ws, deVisita(v.Cliente, v.ID, v.Motivo))
			sitios = append(sitios, &v.Motivo)
		}
	}
	if len(ws) > 0 {
		for i, texto := range f.o.Palabras.Open(ctx, ws) {
			*sitios[i] = texto
		}
	}
	return out
}

// visitasPorTanda is how many visits SellarPendientes reads at a time.
const visitasPorTanda = 500

// SellarPendientes looks at every visit and seals the reasons that an earlier release has stored in the clear, and
// those that are sealed with the house's key for the time being. n is how many it has sealed. Errors: those of the
// store; those of sealing.
func (f *Flota) SellarPendientes(ctx context.Context) (n int, err error) {
	for desde := ""; ; {
		var filas []filaMotivo
		err := f.db.Read(ctx).
			Select("id, cliente, motivo").
			Where("id > ?", desde).
			Order("id").
			Limit(visitasPorTanda).
			Find(&filas).
			Error
		if err != nil || len(filas) == 0 {
			return n, err
		}
		for _, v := range filas {
			sellado, err := f.sellarPendiente(ctx, v)
			if err != nil {
				return n, err
			}
			n += sellado
		}
		if len(filas) < visitasPorTanda {
			return n, nil
		}
		desde = filas[len(filas)-1].ID
	}
}

// filaMotivo is the part of a visit that SellarPendientes reads.
type filaMotivo struct{ ID, Cliente, Motivo string }

// TableName is for gorm.
func (filaMotivo) TableName() string { return "visitas" }

// sellarPendiente seals the reason of one visit, and gives 1 if it was not sealed for good. The API's answers about
// the visit, and its version, stay as they are.
func (f *Flota) sellarPendiente(ctx context.Context, v filaMotivo) (int, error) {
	if v.Motivo == "" || v.Motivo == MotivoRegreso ||
		seal.Sealed(v.Motivo) && !seal.Pending(v.Motivo) {
		return 0, nil
	}
	sellado, err := f.o.Palabras.Seal(ctx, deVisita(v.Cliente, v.ID, v.Motivo))
	if err != nil || sellado == v.Motivo {
		return 0, err
	}
	return 1, f.db.Write(ctx, "rutas.palabras", func(tx *gorm.DB) error {
		return tx.Model(&filaMotivo{}).
			Where("id = ? and motivo = ?", v.ID, v.Motivo).
			Update("motivo", sellado).
			Error
	})
}
