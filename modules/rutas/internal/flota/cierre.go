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

// CerrarTurnos closes the shifts that ended without a departure. Their visits are lost, and a notice of each goes into
// the outbox. cerrados counts the closed shifts. A shift that fails is tried again in the next round and costs no
// other shift. Before, the shifts that a fast clock closed too early are opened again. Errors: ErrRonda.
func (f *Flota) CerrarTurnos(ctx context.Context) (cerrados int, err error) {
	if err := f.reabrir(ctx); err != nil {
		return 0, err
	}
	ahora := f.ahora().UnixMilli()
	var ids []string // all of them, so that shifts that fail keep no other shift waiting
	err = f.db.Read(ctx).
		Model(&filaTurno{}).
		Where("estado = ? and fin <= ?", TurnoAbierto, ahora).
		Order("fin").
		Pluck("id", &ids).
		Error
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

// reabrir opens the closed shifts with an end further ahead than clocks may differ: a fast clock has closed them.
// Their visits stay lost, and they take new bookings. Errors: ErrRonda.
func (f *Flota) reabrir(ctx context.Context) error {
	var ids []string
	desde := skew.Limit(f.ahora(), 0).UnixMilli()
	q := f.db.Read(ctx).Model(&filaTurno{}).Where("estado = ? and fin > ?", TurnoCerrado, desde)
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
		return err // the truck has left, or the shift was prolonged, since the ids were read
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

// Limpiar removes tombstones and keys that are past their time, and the places of visits that ended longer ago than
// Reglas.Olvido. A row with a time that is ahead of the clock, written by a clock that was fast, gets the present
// time. Limpiar gives how many rows it changed, at most tanda of each kind; the caller repeats it until that is 0. It
// opens no transaction when nothing is due.
func (f *Flota) Limpiar(ctx context.Context) (int, error) {
	barridos := f.barridos()
	hay, err := f.hayQueLimpiar(ctx, barridos)
	if err != nil || !hay {
		return 0, err
	}
	return escribir(ctx, f, "rutas.limpiar", func(tx *gorm.DB) (total int, err error) {
		for _, b := range barridos {
			q := tx.Exec(
				b.orden+" in (select "+b.clave+" from "+b.donde+" limit ?)",
				append(slices.Clone(b.datos), tanda)...)
			if q.Error != nil {
				return 0, q.Error
			}
			total += int(q.RowsAffected)
		}
		return total, nil
	})
}

// barrido is one statement of Limpiar: orden, for the rows that donde selects, by the columns of clave.
type barrido struct {
	orden, clave, donde string
	datos               []any // parameters of orden, then the one of donde
}

// barridos are the statements of Limpiar with the limits of the present moment.
func (f *Flota) barridos() []barrido {
	const claveDeLapida = "pedido, intento, numero"
	ahora, r := f.ahora(), f.o.Reglas
	ya, tope := ahora.UnixMilli(), skew.Limit(ahora, 0).UnixMilli()
	lapida := ahora.Add(r.Lapida).
		UnixMilli()
	lapidaTope := skew.Limit(ahora, r.Lapida).
		UnixMilli()
	return []barrido{
		{
			orden: "update lapidas set hasta = ? where (" + claveDeLapida + ")", clave: claveDeLapida,
			donde: "lapidas where hasta > ?", datos: []any{lapida, lapidaTope},
		},
		{
			orden: "update claves set creado = ? where id",
			clave: "id",
			donde: "claves where creado > ?",
			datos: []any{ya, tope},
		},
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

// hayQueLimpiar asks in one statement whether any of barridos would change a row.
func (f *Flota) hayQueLimpiar(ctx context.Context, barridos []barrido) (hay bool, err error) {
	var preguntas []string
	var datos []any
	for _, b := range barridos {
		preguntas = append(preguntas, "exists (select 1 from "+b.donde+")")
		datos = append(datos, b.datos[len(b.datos)-1])
	}
	err = f.db.Read(ctx).
		Raw("select "+strings.Join(preguntas, " or "), datos...).
		Scan(&hay).
		Error
	return hay, err
}
