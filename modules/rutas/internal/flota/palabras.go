package flota

import (
	"context"
	"slices"

	"despensa/platform/seal"

	"gorm.io/gorm"
)

// deVisita is what is sealed in a visit, under the key of its customer.
func deVisita(cliente, id, motivo string) seal.Words {
	return seal.Words{Owner: cliente, Place: "visita." + id + ".motivo", Text: motivo}
}

// conMotivoSellado is m with the driver's words as they are stored. It reads the visit before the transaction of m, because
// the key is another module's. Errors: rutas.ErrSinVisita; those of the store; those of sealing.
func (f *Flota) conMotivoSellado(ctx context.Context, m Marca) (Marca, error) {
	if m.Motivo == "" {
		return m, nil
	}
	v, err := visitaVisible(f.db.Leer(ctx), m.Visita, m.Quien)
	if err == nil {
		m.Motivo, err = f.o.Palabras.Seal(ctx, deVisita(v.Cliente, v.ID, m.Motivo))
	}
	return m, err
}

// legible is v with the driver's words readable; it is not to be saved.
func (f *Flota) legible(ctx context.Context, v Visita) Visita { return f.legibles(ctx, []Visita{v})[0] }

// legibles are vs with the drivers' words readable, by one question for all of them.
func (f *Flota) legibles(ctx context.Context, vs []Visita) []Visita {
	out := slices.Clone(vs)
	var ws []seal.Words
	var sitios []*string
	for i := range out {
		if v := &out[i]; seal.Sealed(v.Motivo) {
			ws, sitios = append(ws, deVisita(v.Cliente, v.ID, v.Motivo)), append(sitios, &v.Motivo)
		}
	}
	if len(ws) > 0 {
		for i, texto := range f.o.Palabras.Open(ctx, ws) {
			*sitios[i] = texto
		}
	}
	return out
}

// visitasPorTanda bounds what one question of SellarPendientes reads.
const visitasPorTanda = 500

// SellarPendientes looks at every visit and seals the drivers' words that an earlier release has stored in the clear, and
// those that the house's key seals for the time being. It tells how many it has sealed. Errors: those of the store; those
// of sealing.
func (f *Flota) SellarPendientes(ctx context.Context) (n int, err error) {
	for desde := ""; ; {
		var filas []filaMotivo
		err := f.db.Leer(ctx).Select("id, cliente, motivo").Where("id > ?", desde).Order("id").Limit(visitasPorTanda).
			Find(&filas).Error
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

// sellarPendiente seals the words of one visit, and gives 1 if there was something to seal. What the API shows of the visit
// stays as it is, and so does its version.
func (f *Flota) sellarPendiente(ctx context.Context, v filaMotivo) (int, error) {
	if v.Motivo == "" || v.Motivo == MotivoRegreso || seal.Sealed(v.Motivo) && !seal.Pending(v.Motivo) {
		return 0, nil
	}
	sellado, err := f.o.Palabras.Seal(ctx, deVisita(v.Cliente, v.ID, v.Motivo))
	if err != nil || sellado == v.Motivo {
		return 0, err
	}
	return 1, f.db.Escribir(ctx, "rutas.palabras", func(tx *gorm.DB) error {
		return tx.Model(&filaMotivo{}).Where("id = ? and motivo = ?", v.ID, v.Motivo).Update("motivo", sellado).Error
	})
}
