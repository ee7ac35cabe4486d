package flota

import (
	"cmp"
	"context"
	"slices"

	"despensa/modules/rutas"

	"gorm.io/gorm"
)

// How many shifts are read first, and then at a time: in most searches the first shift has room.
const (
	primerosCandidatos = 3
	hojaCandidatos     = 16
)

// fuente shows to ver the shifts of a depot that have room for d, by their beginning, until ver returns false or
// Reglas.Candidatos shifts have been shown.
type fuente func(d demanda, ver func(*Turno) bool) error

// candidatos is a fuente of the stored shifts of a depot.
func (f *Flota) candidatos(tx *gorm.DB, deposito string) fuente {
	return func(d demanda, ver func(*Turno) bool) error { return f.almacenados(tx, deposito, d, nil, 0, ver) }
}

// agendados is a fuente of the shifts in the agenda of a depot, followed by the stored shifts that the agenda has no
// room for. The caller has read the agenda by leerAgendas.
func (f *Flota) agendados(ctx context.Context, deposito string) fuente {
	return func(d demanda, ver func(*Turno) bool) error {
		vistos, ultimo, sigue := f.agendas.de(deposito).recorrer(d, f.o.Reglas.Candidatos, ver)
		if !sigue {
			return nil
		}
		tras := &filaTurno{Inicio: ultimo.Inicio.UnixMilli(), Frio: ultimo.Frio, ID: ultimo.ID}
		return f.almacenados(f.db.Read(ctx), deposito, d, tras, vistos, ver)
	}
}

// almacenados shows to ver the stored shifts that come after ultimo; vistos shifts have been shown before.
func (f *Flota) almacenados(
	tx *gorm.DB,
	deposito string,
	demanda demanda,
	ultimo *filaTurno,
	vistos int,
	ver func(*Turno) bool,
) error {
	hoja := primerosCandidatos
	for ; vistos < f.o.Reglas.Candidatos; vistos, hoja = vistos+hoja, hojaCandidatos {
		limite := min(hoja, f.o.Reglas.Candidatos-vistos)
		filas, err := llena[filaTurno](tx.Statement.Context, limite,
			func(n int) *gorm.DB { return f.conLugar(tx, deposito, demanda, ultimo).Limit(n) })
		if err != nil {
			return err
		}
		for _, fila := range filas {
			if t := fila.cosa(); !ver(&t) {
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

// conLugar selects the stored shifts after tras that may have room for demanda: the conditions of Turno.admite, as
// far as columns can express them.
func (f *Flota) conLugar(
	tx *gorm.DB,
	deposito string,
	demanda demanda,
	tras *filaTurno,
) *gorm.DB {
	llega := demanda.ahora.Add(demanda.viaje)
	consulta := tx.Model(&filaTurno{}).
		Where("deposito = ? and libre = ? and inicio > ? and inicio < ?", deposito, true,
			llega.Add(-TurnoTope).UnixMilli(), demanda.hasta.UnixMilli()).
		Where("fin > ? and hueco >= ? and visitas < visitas_max", llega.UnixMilli(), demanda.capacidad.Minutos).
		Where("peso + ? <= peso_max and volumen + ? <= volumen_max",
			demanda.capacidad.PesoGramos, demanda.capacidad.VolumenML)
	if demanda.frio {
		consulta = consulta.Where("frio = ?", true)
	}
	if demanda.noAntes.After(demanda.ahora) {
		consulta = consulta.Where("inicio >= ?", demanda.noAntes.UnixMilli())
	}
	if demanda.exacta != nil {
		consulta = consulta.Where(
			"inicio <= ? and fin >= ?",
			demanda.exacta.Desde.UnixMilli(),
			demanda.exacta.Hasta.UnixMilli(),
		)
	} else if !demanda.desde.IsZero() {
		consulta = consulta.Where("fin > ?", demanda.desde.UnixMilli())
	}
	if tras != nil {
		consulta = consulta.Where(
			"(inicio, frio, id) > (?, ?, ?)",
			tras.Inicio,
			tras.Frio,
			tras.ID,
		)
	}
	// Goods that need no cold go into plain trucks first.
	return consulta.Order("inicio, frio, id")
}

// ventanas gives up to limite different windows of a depot that take demanda, soonest first.
func ventanas(fuente fuente, demanda demanda, limite int) ([]rutas.Ventana, error) {
	var libres []rutas.Ventana
	err := fuente(demanda, func(t *Turno) bool {
		if len(libres) == limite && !t.Inicio.Before(libres[limite-1].Desde) {
			return false
		}
		for _, v := range t.lugares(demanda) {
			libres = intercalar(libres, v)
		}
		libres = libres[:min(len(libres), limite)]
		return true
	})
	return libres, err
}

// intercalar puts ventana into its place in orden, unless orden has it already.
func intercalar(orden []rutas.Ventana, ventana rutas.Ventana) []rutas.Ventana {
	i, esta := slices.BinarySearchFunc(orden, ventana, func(a, b rutas.Ventana) int {
		return cmp.Or(a.Desde.Compare(b.Desde), a.Hasta.Compare(b.Hasta))
	})
	if esta {
		return orden
	}
	return slices.Insert(orden, i, ventana)
}
