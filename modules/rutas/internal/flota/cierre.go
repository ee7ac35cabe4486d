package flota

import (
	"context"

	"despensa/modules/rutas"

	"gorm.io/gorm"
)

// tanda is how many rows a job touches in one transaction.
const tanda = 200

// CerrarTurnos closes the shifts that ended without a departure: what was booked on them is
// lost, and said so. It tells how many it closed.
func (f *Flota) CerrarTurnos(ctx context.Context) (cerrados int, err error) {
	var ids []string
	err = f.db.Leer(ctx).Model(&filaTurno{}).Where("estado = ? and fin <= ?", TurnoAbierto, f.ahora().UnixMilli()).
		Order("fin").Limit(tanda).Pluck("id", &ids).Error
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		if _, err := escribir(ctx, f, "rutas.cerrar", func(tx *gorm.DB) (struct{}, error) { return struct{}{}, f.cerrar(tx, id) }); err != nil {
			return cerrados, err
		}
		cerrados++
	}
	if cerrados > 0 {
		f.o.Despertar()
	}
	return cerrados, nil
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
// were that ended long ago. It tells how many rows it touched; call it until none.
func (f *Flota) Limpiar(ctx context.Context) (int, error) {
	return escribir(ctx, f, "rutas.limpiar", func(tx *gorm.DB) (int, error) {
		ahora, r := f.ahora(), f.o.Reglas
		total := 0
		for _, q := range []*gorm.DB{
			tx.Exec(`delete from lapidas where (pedido, intento, numero) in
				(select pedido, intento, numero from lapidas where hasta < ? limit ?)`, ahora.UnixMilli(), tanda),
			tx.Exec(`delete from claves where id in (select id from claves where creado < ? limit ?)`,
				ahora.Add(-r.Clave).UnixMilli(), tanda),
			tx.Exec(`update visitas set lat = null, lon = null where id in
				(select id from visitas where lat is not null and fin < ? limit ?)`, ahora.Add(-r.Olvido).UnixMilli(), tanda),
		} {
			if q.Error != nil {
				return 0, q.Error
			}
			total += int(q.RowsAffected)
		}
		return total, nil
	})
}
