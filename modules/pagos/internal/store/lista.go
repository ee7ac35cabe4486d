package store

import (
	"context"
	"fmt"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/cobros"
	"despensa/platform/sqldb"

	"gorm.io/gorm"
)

// Listar is cobros.Store's; refunds are left out.
func (s *Store) Listar(ctx context.Context, filtro cobros.Filtro) ([]cobros.Cobro, error) {
	q := s.db.Read(ctx)
	for columna, valor := range map[string]string{
		"pedido":  filtro.Pedido,
		"cliente": filtro.Cliente,
		"estado":  string(filtro.Estado),
	} {
		if valor != "" {
			q = q.Where(columna+" = ?", valor) // a column of ours
		}
	}
	if filtro.ID != "" {
		creado := filtro.Creado.UnixMilli()
		q = q.Where("(creado < ? or (creado = ? and id < ?))", creado, creado, filtro.ID)
	}
	filas, _, err := sqldb.Fill(ctx, filtro.Limite+1, func(n int) ([]filaCobro, int, error) {
		buenas, rotas, err := sqldb.Readable[filaCobro](
			q.Session(&gorm.Session{}).Order("creado desc, id desc").Limit(n),
		)
		return buenas, len(rotas), err
	})
	if err != nil {
		return nil, fmt.Errorf("pagos: store: %w", err)
	}
	var out []cobros.Cobro
	for _, x := range filas {
		out = append(out, deFila(x))
	}
	return out, nil
}

// porDeshacerCond is answered by the index cobros_por_deshacer alone.
const porDeshacerCond = "debe is not null and debe < ? and cierre <> ''"

// Contar counts the cobros that are pending, those that are closed and still have to be looked after, and the notices
// that have not been processed.
func (s *Store) Contar(ctx context.Context) (pendientes, porDeshacer, avisos int64, err error) {
	db := s.db.Read(ctx)
	if err = db.Model(&filaCobro{}).Where("estado = ?", pagos.Pendiente).Count(&pendientes).Error; err != nil {
		return 0, 0, 0, fmt.Errorf("pagos: store: %w", err)
	}
	if err = db.Model(&filaCobro{}).Where(porDeshacerCond, apartada).Count(&porDeshacer).Error; err != nil {
		return 0, 0, 0, fmt.Errorf("pagos: store: %w", err)
	}
	if err = db.Model(&filaWebhook{}).Where("debe is not null and debe < ?", apartada).Count(&avisos).Error; err != nil {
		return 0, 0, 0, fmt.Errorf("pagos: store: %w", err)
	}
	return pendientes, porDeshacer, avisos, nil
}
