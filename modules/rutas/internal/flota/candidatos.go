package flota

import (
	"cmp"
	"slices"

	"despensa/modules/rutas"

	"gorm.io/gorm"
)

// How many shifts are read first, and then at a time: mostly the first one will do.
const (
	primerosCandidatos = 3
	hojaCandidatos     = 16
)

// candidatos shows to ver, by their beginning, the shifts of a depot that have room
// for d, until ver returns false or as many as the rules allow have been looked at.
func (f *Flota) candidatos(tx *gorm.DB, deposito string, d demanda, ver func(Turno) bool) error {
	var ultimo *filaTurno
	hoja := primerosCandidatos
	for vistos := 0; vistos < f.o.Reglas.Candidatos; vistos, hoja = vistos+hoja, hojaCandidatos {
		limite := min(hoja, f.o.Reglas.Candidatos-vistos)
		filas, err := llena[filaTurno](tx.Statement.Context, limite, func(n int) *gorm.DB { return f.conLugar(tx, deposito, d, ultimo).Limit(n) })
		if err != nil {
			return err
		}
		for _, fila := range filas {
			if !ver(fila.cosa()) {
				return nil
			}
		}
		if len(filas) < limite {
			return nil
		}
		ultimo = &filas[len(filas)-1]
	}
	return nil
}

// conLugar asks for what Turno.admite asks for, as far as columns can tell.
func (f *Flota) conLugar(tx *gorm.DB, deposito string, d demanda, tras *filaTurno) *gorm.DB {
	llega := d.ahora.Add(d.viaje)
	q := tx.Model(&filaTurno{}).
		Where("deposito = ? and libre = ? and inicio > ? and inicio < ?", deposito, true,
			llega.Add(-TurnoTope).UnixMilli(), d.ahora.Add(f.o.Reglas.Horizonte).UnixMilli()).
		Where("fin > ? and hueco >= ? and visitas < visitas_max", llega.UnixMilli(), d.cupo.Minutos).
		Where("peso + ? <= peso_max and volumen + ? <= volumen_max", d.cupo.PesoGramos, d.cupo.VolumenML)
	if d.frio {
		q = q.Where("frio = ?", true)
	}
	if d.noAntes.After(d.ahora) {
		q = q.Where("inicio >= ?", d.noAntes.UnixMilli())
	}
	if d.exacta != nil {
		q = q.Where("inicio <= ? and fin >= ?", d.exacta.Desde.UnixMilli(), d.exacta.Hasta.UnixMilli())
	} else if !d.desde.IsZero() {
		q = q.Where("fin > ?", d.desde.UnixMilli())
	}
	if tras != nil {
		q = q.Where("(inicio, frio, id) > (?, ?, ?)", tras.Inicio, tras.Frio, tras.ID)
	}
	return q.Order("inicio, frio, id") // goods that need no cold go into plain trucks first
}

// ventanas gives up to limite different windows of a depot that take d, soonest first.
func (f *Flota) ventanas(tx *gorm.DB, deposito string, d demanda, limite int) ([]rutas.Ventana, error) {
	var libres []rutas.Ventana
	err := f.candidatos(tx, deposito, d, func(t Turno) bool {
		if len(libres) == limite && !t.Inicio.Before(libres[limite-1].Desde) {
			return false
		}
		for _, v := range t.lugares(d) {
			libres = intercalar(libres, v)
		}
		libres = libres[:min(len(libres), limite)]
		return true
	})
	return libres, err
}

// intercalar puts v into its place, unless it is there.
func intercalar(orden []rutas.Ventana, v rutas.Ventana) []rutas.Ventana {
	i, esta := slices.BinarySearchFunc(orden, v, func(a, b rutas.Ventana) int {
		return cmp.Or(a.Desde.Compare(b.Desde), a.Hasta.Compare(b.Hasta))
	})
	if esta {
		return orden
	}
	return slices.Insert(orden, i, v)
}
