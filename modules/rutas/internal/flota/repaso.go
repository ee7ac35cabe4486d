package flota

import (
	"context"

	"despensa/modules/rutas"

	"gorm.io/gorm"
)

// repasar calls AntesDeSalir with the orders that salida is about to take along, so that an order that must not
// leave frees its visit first. It changes nothing itself: the transaction of the departure reads the visits anew. A
// repeated departure takes no orders along.
func (f *Flota) repasar(ctx context.Context, salida Salida) {
	if f.o.AntesDeSalir == nil {
		return
	}
	pedidos, err := f.porSalir(f.db.Read(ctx), salida)
	if err != nil {
		f.o.Log.DebugContext(ctx, "no departure to look at", "camion", salida.Camion, "error", err)
	}
	if len(pedidos) > 0 {
		f.o.AntesDeSalir(ctx, pedidos)
	}
}

// porSalir lists the orders of the firm visits that salida would take along, each once. Errors: those of Salir.
func (f *Flota) porSalir(tx *gorm.DB, salida Salida) (pedidos []string, err error) {
	c, err := camionVisible(tx, salida.Camion, salida.Quien)
	if err != nil {
		return nil, err
	}
	if recurso, err := usada(tx, salida.Llave); err != nil || recurso != "" {
		return nil, err
	}
	t, err := f.dispuesto(tx, salida, c)
	if err != nil {
		return nil, err
	}
	visitas, _, err := visitasEn(tx, t.ID, rutas.Firme)
	vistos := map[string]bool{}
	for _, v := range visitas {
		if !vistos[v.Pedido] {
			vistos[v.Pedido] = true
			pedidos = append(pedidos, v.Pedido)
		}
	}
	return pedidos, err
}
