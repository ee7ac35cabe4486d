package flota

import (
	"slices"
	"strings"

	"despensa/modules/rutas"
	"despensa/platform/fault"

	"gorm.io/gorm"
)

// Edicion says which thing is edited, and how.
type Edicion struct {
	ID string
	// Versiones are those of which one must be the present one; nil: any.
	Versiones []int64
	// Reprogramar takes the visits away that the change leaves no room for: they are lost, and
	// pedidos books their orders anew. False: the change is refused.
	Reprogramar bool
}

// nombradas is how many visits a refusal names.
const nombradas = 50

// desalojo takes visits off shifts that do not take them any more, or collects which visits are in the way.
type desalojo struct {
	flota       *Flota
	reprogramar bool
	retira      bool // the truck or the depot of the shifts goes out of service

	impedida         *fault.Error // why the change is refused; nil: it is not
	total            int
	estorban, fueron []Visita
}

// retirar is the eviction that comes with an edit of a truck or a depot, which was in service before and is so after it.
// Visits of what had been out of service already are taken away when asked for.
func (f *Flota) retirar(e Edicion, antes, despues bool) desalojo {
	return desalojo{flota: f, reprogramar: e.Reprogramar, retira: !despues && (antes || e.Reprogramar)}
}

// turno looks at one shift as it is going to be. estrecha: what is booked on it does not fit any more.
func (d *desalojo) turno(tx *gorm.DB, t *Turno, estrecha bool) error {
	switch {
	case !d.retira && !estrecha:
		return nil
	case !d.reprogramar && estrecha:
		return d.impedir(tx, ErrOcupado, t.ID, rutas.Firme, rutas.Provisional)
	case !d.reprogramar:
		if err := d.impedir(tx, ErrVisitasFirmes, t.ID, rutas.Firme); err != nil {
			return err
		}
	}
	perdidas, err := perder(tx, t, d.flota.ahora(), rutas.Provisional, rutas.Firme)
	d.fueron = append(d.fueron, perdidas...)
	return err
}

// impedir notes the visits of a shift that are in one of the given states, if any, as the reason of a refusal.
func (d *desalojo) impedir(tx *gorm.DB, porque *fault.Error, turno string, estados ...rutas.EstadoVisita) error {
	for _, e := range estados {
		vs, n, err := visitasEn(tx, turno, e)
		if err != nil {
			return err
		}
		if n > 0 {
			d.impedida = porque
		}
		d.total += n
		d.estorban = append(d.estorban, vs...)
	}
	return nil
}

// fin refuses the change, which undoes it, or tells of the visits that were taken away. Errors: ErrVisitasFirmes,
// ErrOcupado.
func (d *desalojo) fin(tx *gorm.DB) error {
	if d.impedida == nil {
		return avisar(tx, d.fueron)
	}
	slices.SortFunc(d.estorban, func(a, b Visita) int {
		if c := a.Ventana.Desde.Compare(b.Ventana.Desde); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	ids := make([]string, 0, nombradas)
	for _, v := range d.estorban[:min(nombradas, len(d.estorban))] {
		ids = append(ids, v.ID)
	}
	return d.impedida.WithExtra("visitas", ids).WithExtra("total", d.total)
}
