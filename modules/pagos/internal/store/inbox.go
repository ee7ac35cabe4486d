package store

import (
	"context"
	"fmt"
	"time"

	"despensa/modules/pagos/internal/cobros"
	"despensa/platform/sqldb"

	"gorm.io/gorm"
)

const esteWebhook = "proveedor = ? and dato = ? and solicitud = ?"

// webhookNuevo stores a notice. It is due at the later of its two times where the cobro of its order is EnReposo, else
// at the earlier one, also where no cobro has that order's id yet.
const webhookNuevo = "insert into inbox (proveedor, dato, solicitud, recibido, intentos, debe)" +
	" select ?, ?, ?, ?, ?, case when exists (select 1 from cobros c" +
	" where c.orden = ? and c.orden <> '' and c.proveedor = ?" +
	" and c.accion = '' and (c.cierre = '' and c.vista not in ('en_proceso', 'en_espera')" +
	" or c.cierre <> '' and (c.vista in ('', 'rechazada', 'cancelada')" +
	" or c.vista = 'cobrada' and c.reembolsado >= c.cobrado))" +
	" and (c.cobrado = 0 or c.sin_reembolsos = c.version" +
	" or not exists (select 1 from reembolsos r where r.cobro = c.id and r.estado = 'pedido')))" +
	" then cast(? as bigint) else cast(? as bigint) end" +
	" where true on conflict do nothing returning debe"

// Recibir implements cobros.Bandeja. A repetition writes nothing.
func (s *Store) Recibir(
	ctx context.Context,
	webhook cobros.Webhook,
	reposo time.Time,
) (bool, time.Time, error) {
	var hecho []filaWebhook
	err := s.db.WriteSingle(ctx, "pagos.aviso", func(tx *gorm.DB) error {
		var hay []filaWebhook
		err := tx.Raw(
			webhookNuevo,
			webhook.Proveedor,
			webhook.Dato,
			webhook.Solicitud,
			webhook.Recibido.UnixMilli(),
			webhook.Intentos,
			webhook.Dato,
			webhook.Proveedor,
			reposo.UnixMilli(),
			nulo(webhook.Debe),
		).Scan(&hay).Error
		if err != nil {
			return fmt.Errorf("pagos: store: %w", err)
		}
		hecho = hay
		return nil
	})
	if err != nil || len(hecho) == 0 {
		return false, time.Time{}, err
	}
	return true, tiempo(hecho[0].Debe), nil
}

// Pendientes implements cobros.Bandeja.
func (s *Store) Pendientes(
	ctx context.Context,
	ahora, lejos time.Time,
	n int,
) ([]cobros.Webhook, error) {
	fs, rotos, err := sqldb.Readable[filaWebhook](
		s.db.Read(ctx).Raw(webhooksDebidos, argumentos(ahora, lejos, n)...),
	)
	if err == nil {
		err = s.retirar(ctx, rotos)
	}
	if err != nil {
		return nil, fmt.Errorf("pagos: store: %w", err)
	}
	var out []cobros.Webhook
	for _, f := range fs {
		out = append(
			out,
			cobros.Webhook{Proveedor: f.Proveedor, Dato: f.Dato, Solicitud: f.Solicitud,
				Recibido: time.UnixMilli(f.Recibido).
					UTC(),
				Debe: tiempo(f.Debe), Intentos: f.Intentos},
		)
	}
	return out, nil
}

// Guardar implements cobros.Bandeja.
func (s *Store) Guardar(ctx context.Context, webhookes []cobros.Webhook) error {
	return s.db.Write(ctx, "pagos.avisos", func(tx *gorm.DB) error {
		for _, a := range webhookes {
			err := diferir(
				tx,
				sqldb.AnyNumber,
				"update inbox set recibido = ?, debe = ?, intentos = ? where "+esteWebhook,
				a.Recibido.UnixMilli(),
				nulo(a.Debe),
				a.Intentos,
				a.Proveedor,
				a.Dato,
				a.Solicitud,
			)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Limpiar implements cobros.Bandeja.
func (s *Store) Limpiar(ctx context.Context, antes time.Time, n int) (int, error) {
	var viejos []filaWebhook
	q := s.db.Read(ctx).
		Select("proveedor", "dato", "solicitud").
		Where("recibido < ? and debe is null", antes.UnixMilli())
	if err := q.Order("recibido").Limit(n).Find(&viejos).Error; err != nil {
		return 0, fmt.Errorf("pagos: store: %w", err)
	}
	if len(viejos) == 0 {
		return 0, nil
	}
	err := s.db.Write(ctx, "pagos.limpieza", func(tx *gorm.DB) error {
		for _, v := range viejos {
			if err := tx.Where(esteWebhook, v.Proveedor, v.Dato, v.Solicitud).Delete(&filaWebhook{}).Error; err != nil {
				return fmt.Errorf("pagos: store: %w", err)
			}
		}
		return nil
	})
	return len(viejos), err
}
