package app_test

import (
	"testing"
	"time"

	"despensa/modules/pedidos/internal/app"
	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/pedido"
)

// TestTheStockOfAnOrder: the reservations and movements of all its intentos, each once and in order, and those
// of no other order.
func TestTheStockOfAnOrder(t *testing.T) {
	t.Parallel()
	p := unPedido(pedido.Confirmado)
	p.Intentos = append(
		p.Intentos,
		pedido.Intento{Numero: 2, Lineas: []pedido.Linea{{Producto: leche, Cantidad: 1}}},
	)
	venta := existencias.IDVenta(uno, 1, yerba)
	vendido := existencias.Movimiento{ID: venta, Pedido: uno, En: ahora}
	vuelta := existencias.Movimiento{
		ID:     existencias.IDVentaDeshecha(venta),
		Pedido: uno,
		En:     ahora.Add(time.Minute),
	}
	reserva := func(pedido string, vuelta int64) existencias.Reserva {
		return existencias.Reserva{
			Clave:    existencias.Clave{Pedido: pedido, Intento: 2, Vuelta: vuelta},
			Cantidad: 1,
		}
	}
	reservas := []existencias.Reserva{reserva(uno, 2), reserva("otro", 1), reserva(uno, 1)}
	b := armar(p)
	b.stock.publicados = []existencias.Movimiento{
		vuelta,
		{ID: "ajeno", Pedido: "otro", En: ahora},
		vendido,
	}
	b.stock.agregados = []*existencias.Existencia{
		{
			Producto:    yerba,
			Deposito:    lejos,
			Movimientos: []existencias.Movimiento{vendido, {ID: "x", Pedido: "otro"}},
		},
		{Producto: leche, Deposito: cerca, Reservas: reservas},
	}
	e, err := b.DePedido(t.Context(), clienta, uno)
	bien(t, err)
	if len(e.Movimientos) != 2 || e.Movimientos[0].ID != venta ||
		e.Movimientos[1].ID != vuelta.ID {
		t.Errorf("movements %+v", e.Movimientos)
	}
	if rs := e.Reservas; len(rs) != 2 || rs[0].Vuelta != 1 || rs[1].Vuelta != 2 ||
		rs[0].Producto != leche {
		t.Errorf("reservations %+v", e.Reservas)
	}
	_, err = b.DePedido(t.Context(), ajena, uno)
	rechazado(t, err, app.ErrNoExiste, "")
}
