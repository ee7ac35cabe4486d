package flota

import (
	"context"
	"slices"
	"strings"

	"despensa/modules/rutas"
	"despensa/platform/skew"

	"gorm.io/gorm"
)

// tanda is how many rows a job touches in one transaction.
const tanda = 200

// CerrarTurnos closes the shifts that ended without a departure: what was booked on them is
// lost, and said so. It tells how many it closed. A shift that fails is tried again in the next
// round and costs no other. Shifts that a clock closed which was ahead are opened again. Errors: ErrRonda.
func (f *Flota) CerrarTurnos(ctx context.Context) (cerrados int, err error) {
	if err := f.reabrir(ctx); err != nil {
		return 0, err
	}
	ahora := f.ahora().UnixMilli()
	var ids []string // a round takes them all: those that fail keep none of the others waiting
	err = f.db.Leer(ctx).Model(&filaTurno{}).Where("estado = ? and fin <= ?", TurnoAbierto, ahora).Order("fin").
		Pluck("id", &ids).Error
	if err != nil {
		return 0, err
	}
	fallidos, err := f.porFila(ctx, "rutas.cierre", len(ids), func(i int) error {
		_, err := escribir(ctx, f, "rutas.cerrar",
			func(tx *gorm.DB) (struct{}, error) { return struct{}{}, f.cerrar(tx, ids[i]) })
		return err
	})
	if cerrados = len(ids) - fallidos; cerrados > 0 {
		f.o.Despertar()
	}
	return cerrados, err
}

// reabrir opens the shifts that are closed and whose end is ahead by more than clocks differ: they were closed by a clock
// that was ahead. What was booked on them is lost; they take new bookings. Errors: ErrRonda.
func (f *Flota) reabrir(ctx context.Context) error {
	var ids []string
	desde := skew.Limit(f.ahora(), 0).UnixMilli()
	q := f.db.Leer(ctx).Model(&filaTurno{}).Where("estado = ? and fin > ?", TurnoCerrado, desde)
	if err := q.Order("fin").Limit(tanda).Pluck("id", &ids).Error; err != nil {
		return err
	}
	_, err := f.porFila(ctx, "rutas.reapertura", len(ids), func(i int) error {
		_, err := escribir(ctx, f, "rutas.reabrir",
			func(tx *gorm.DB) (struct{}, error) { return struct{}{}, f.abrir(tx, ids[i]) })
		return err
	})
	return err
}

func (f *Flota) abrir(tx *gorm.DB, id string) error {
	t, err := turnoDe(tx, id)
	if err != nil || t.Estado != TurnoCerrado {
		return err
	}
	t.Estado, t.Version = TurnoAbierto, t.Version+1
	return guardarTurno(tx, &t)
}

func (f *Flota) cerrar(tx *gorm.DB, id string) error {
	t, err := turnoDe(tx, id)
	ahora := f.ahora()
	if err != nil || t.Estado != TurnoAbierto || t.Fin.After(ahora) {
		return err // left or prolonged since
	}
	t.Estado, t.Version = TurnoCerrado, t.Version+1
	perdidas, err := perder(tx, &t, ahora, rutas.Provisional, rutas.Firme)
	if err != nil {
		return err
	}
	if err := guardarTurno(tx, &t); err != nil {
		return err
	}
	return avisar(tx, perdidas)
}

// Limpiar removes tombstones and keys whose time is over and forgets where visits
// were that ended long ago. What a clock has written that was ahead is kept as if it were of now. It tells how many rows it
// touched; call it until none. It writes only where something is due.
func (f *Flota) Limpiar(ctx context.Context) (int, error) {
	barridos := f.barridos()
	hay, err := f.hayQueLimpiar(ctx, barridos)
	if err != nil || !hay {
		return 0, err
	}
	return escribir(ctx, f, "rutas.limpiar", func(tx *gorm.DB) (total int, err error) {
		for _, b := range barridos {
			q := tx.Exec(b.orden+" in (select "+b.clave+" from "+b.donde+" limit ?)", append(slices.Clone(b.datos), tanda)...)
			if q.Error != nil {
				return 0, q.Error
			}
			total += int(q.RowsAffected)
		}
		return total, nil
	})
}

// barrido is one thing that Limpiar does: orden, for the rows that donde and its limit select by clave.
type barrido struct {
	orden, clave, donde string
	datos               []any // of orden and donde, the last one of donde
}

// barridos are what Limpiar does now.
func (f *Flota) barridos() []barrido {
	const claveDeLapida = "pedido, intento, numero"
	ahora, r := f.ahora(), f.o.Reglas
	ya, tope := ahora.UnixMilli(), skew.Limit(ahora, 0).UnixMilli()
	lapida, lapidaTope := ahora.Add(r.Lapida).UnixMilli(), skew.Limit(ahora, r.Lapida).UnixMilli()
	return []barrido{
		{
			orden: "update lapidas set hasta = ? where (" + claveDeLapida + ")", clave: claveDeLapida,
			donde: "lapidas where hasta > ?", datos: []any{lapida, lapidaTope},
		},
		{orden: "update claves set creado = ? where id", clave: "id", donde: "claves where creado > ?",
			datos: []any{ya, tope}},
		{
			orden: "update visitas set fin = ? where id", clave: "id",
			donde: "visitas where lat is not null and fin > ?", datos: []any{ya, tope},
		},
		{
			orden: "delete from lapidas where (" + claveDeLapida + ")", clave: claveDeLapida,
			donde: "lapidas where hasta < ?", datos: []any{ya},
		},
		{
			orden: "delete from claves where id", clave: "id",
			donde: "claves where creado < ?", datos: []any{ahora.Add(-r.Clave).UnixMilli()},
		},
		{
			orden: "update visitas set lat = null, lon = null where id", clave: "id",
			donde: "visitas where lat is not null and fin < ?", datos: []any{ahora.Add(-r.Olvido).UnixMilli()},
		},
	}
}

// hayQueLimpiar asks in one statement whether any of barridos has something to do.
func (f *Flota) hayQueLimpiar(ctx context.Context, barridos []barrido) (hay bool, err error) {
	var preguntas []string
	var datos []any
	for _, b := range barridos {
		preguntas = append(preguntas, "exists (select 1 from "+b.donde+")")
		datos = append(datos, b.datos[len(b.datos)-1])
	}
	err = f.db.Leer(ctx).Raw("select "+strings.Join(preguntas, " or "), datos...).Scan(&hay).Error
	return hay, err
}
