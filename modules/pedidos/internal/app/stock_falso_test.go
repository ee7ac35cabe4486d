package app_test

import (
	"context"
	"slices"
	"time"

	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/reservas"
	"despensa/modules/pedidos/internal/store"
	"despensa/modules/rutas"
)

// Refusals of the stock service.
var errFalta, errOtroMovimiento = existencias.ErrFalta, reservas.ErrHuella

// stock is both ports of stock; it keeps the last movement by hand.
type stock struct {
	faltan     []string
	enLejos    bool // the depot lejos has it all too
	agregados  []*existencias.Existencia
	publicados []existencias.Movimiento
	mover      error
	movido     existencias.Movimiento
	movidos    int
	donde      string    // the depot of the last movement
	vence      time.Time // when its batch expires; zero: it keeps
	rondas     []int     // how much each round of publishing carries; 0 after the last
	publicadas int       // rounds so far
}

func (f *stock) LeerProductos(context.Context, []string) ([]*existencias.Existencia, error) {
	return f.agregados, nil
}

func (f *stock) Disponibles(_ context.Context, ids []string) (map[string]int64, error) {
	libre := map[string]int64{}
	for i, id := range ids {
		libre[id] = int64(i) + 7
	}
	return libre, nil
}

func (f *stock) Movimientos(_ context.Context, ids []string) (out []existencias.Movimiento, err error) {
	for _, m := range f.publicados {
		if slices.Contains(ids, m.ID) {
			out = append(out, m)
		}
	}
	return out, nil
}

func (f *stock) ListarMovimientos(context.Context, string, *store.Marca, int) ([]existencias.Movimiento, error) {
	return f.publicados, nil
}

func (f *stock) ConStock(context.Context, []reservas.Linea) (map[string]bool, []string, error) {
	return map[string]bool{cerca: len(f.faltan) == 0, lejos: f.enLejos}, f.faltan, nil
}

func (f *stock) Mover(_ context.Context, m existencias.Movimiento, producto, deposito, _ string,
	vence *time.Time) (existencias.Movimiento, bool, error) {
	repetido := f.movido.ID == m.ID
	m.Producto = producto
	f.movido, f.donde, f.movidos = m, deposito, f.movidos+1
	if vence != nil {
		f.vence = *vence
	}
	return m, repetido, f.mover
}

func (f *stock) Publicar(context.Context, int) (int, error) {
	f.publicadas++
	if len(f.rondas) == 0 {
		return 0, nil
	}
	n := f.rondas[0]
	f.rondas = f.rondas[1:]
	return n, nil
}

// ventanas are windows of two hours that begin so many hours from now.
func ventanas(horas ...int) (vs []rutas.Ventana) {
	for _, h := range horas {
		desde := ahora.Add(time.Duration(h) * time.Hour)
		vs = append(vs, rutas.Ventana{Desde: desde, Hasta: desde.Add(2 * time.Hour)})
	}
	return vs
}
