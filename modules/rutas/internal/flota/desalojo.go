package flota

import (
	"slices"
	"strings"

	"despensa/modules/rutas"
	"despensa/platform/fault"

	"gorm.io/gorm"
)

// Edicion says which depot, truck or shift is edited, and how.
type Edicion struct {
	ID string
	// Versiones must contain the present version; nil: any version is edited.
	Versiones []int64
	// Reprogramar lets the change take away the visits that it leaves no room for: they are lost, and pedidos books their
	// orders anew. False: such visits make the change fail.
	Reprogramar bool
}

// nombradas is how many visits the error of a refused change names.
const nombradas = 50

// desalojo takes visits off shifts that have no room for them after an edit, or collects the visits that stand in the
// way of the edit.
type desalojo struct {
	flota       *Flota
	reprogramar bool
	retira      bool // the truck or the depot of the shifts goes out of service

	impedida         *fault.Error // why the edit is refused; nil: it is not
	total            int          // visits in the way
	estorban, fueron []Visita
}

// retirar gives the desalojo of an edit of a truck or a depot; antes and despues tell whether it is in service before
// and after the edit. A truck or depot that was out of service before loses its visits only when
// edicion.Reprogramar asks for it.
func (f *Flota) retirar(edicion Edicion, antes, despues bool) desalojo {
	return desalojo{
		flota:       f,
		reprogramar: edicion.Reprogramar,
		retira:      !despues && (antes || edicion.Reprogramar),
	}
}

// turno takes the visits off one shift, given as it will be after the edit, or notes them as in the way. estrecha: the
// visits booked on the shift do not fit any more.
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
func (d *desalojo) impedir(
	tx *gorm.DB,
	porque *fault.Error,
	turno string,
	estados ...rutas.EstadoVisita,
) error {
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

// fin ends the edit: it reports the refusal, which rolls the edit back, or puts notices of the visits that were taken
// away into the outbox. Errors: ErrVisitasFirmes, ErrOcupado.
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
