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

// The refusals of the stock service.
var (
	errFalta, errOtroMovimiento = existencias.ErrFalta, reservas.ErrHuella
	errVencido, errFecha        = reservas.ErrVencido, reservas.ErrFecha
)

// stock is both ports of stock. It keeps the last movement by hand.
type stock struct {
	faltan     []string
	bueno      *time.Time // the date of all goods; nil: they have none
	ilegible   error      // of the published movements
	filtro     store.FiltroMovimientos
	publicado  string // the last product of PublicarProducto
	enLejos    bool   // the depot lejos has all goods too
	agregados  []*existencias.Existencia
	publicados []existencias.Movimiento
	mover      error
	movido     existencias.Movimiento
	movidos    int
	donde      string    // the depot of the last movement
	vence      time.Time // the date of its batch; zero: none
	rondas     []int     // movements that each round publishes; 0 after the last
	publicadas int       // rounds so far
}

func (f *stock) LeerProductos(context.Context, []string) ([]*existencias.Existencia, error) {
	return f.agregados, nil
}

// Lotes gives each product, in the order of the ids, one unit more than the one before, beginning with 7, and beside
// them, of each day's batch, what unidades says.
func (f *stock) Lotes(
	_ context.Context,
	productos []string,
) (out []existencias.EnDeposito, err error) {
	for i, id := range slices.Sorted(slices.Values(productos)) {
		lotes := []existencias.Lote{{Libre: int64(i) + 7}}
		for dia := range diasDeLotes {
			vence := medianoche(dia)
			lotes = append(lotes, existencias.Lote{Vence: &vence, Libre: unidades << dia})
		}
		out = append(out, existencias.EnDeposito{Producto: id, Deposito: cerca, Lotes: lotes})
	}
	return out, nil
}

// The batches of each product: of the day n there are unidades << n units, so that the free units tell the least date.
const (
	unidades    = 1000
	diasDeLotes = 40
)

// menorFecha is the least date of the goods that a product's free units count.
func menorFecha(disponible int64) time.Time {
	for dia, suma := diasDeLotes, int64(0); ; dia-- {
		if suma == disponible/unidades {
			return medianoche(dia)
		}
		suma += 1 << (dia - 1)
	}
}

func (f *stock) Movimientos(
	_ context.Context,
	ids []string,
) (out []existencias.Movimiento, err error) {
	if f.ilegible != nil {
		return nil, f.ilegible
	}
	for _, m := range f.publicados {
		if slices.Contains(ids, m.ID) {
			out = append(out, m)
		}
	}
	return out, nil
}

func (f *stock) ListarMovimientos(
	_ context.Context,
	filtroMovimientos store.FiltroMovimientos,
	desde *store.Cursor,
	_ int,
) ([]existencias.Movimiento, error) {
	f.filtro = filtroMovimientos
	if desde != nil {
		return nil, nil
	}
	return slices.Clone(f.publicados), nil
}

func (f *stock) CambiarMotivo(_ context.Context, id, de, a string) error {
	for i := range f.publicados {
		if m := &f.publicados[i]; m.ID == id && m.Motivo == de {
			m.Motivo = a
		}
	}
	return nil
}

// Surtido has all lines at cerca, less the products that are short; with enLejos, at lejos too.
func (f *stock) Surtido(_ context.Context, lineas []reservas.Linea) (reservas.Surtido, error) {
	var es []existencias.EnDeposito
	for _, l := range lineas {
		lotes := []existencias.Lote{{Vence: f.bueno, Libre: l.Cantidad}}
		e := existencias.EnDeposito{Producto: l.Producto, Deposito: cerca, Lotes: lotes}
		otra := existencias.EnDeposito{Producto: l.Producto, Deposito: lejos, Lotes: lotes}
		if !slices.Contains(f.faltan, l.Producto) {
			es = append(es, e)
		}
		if f.enLejos {
			es = append(es, otra)
		}
	}
	return reservas.NewSurtido(lineas, es, aires), nil
}

func (f *stock) PublicarProducto(_ context.Context, producto string) error {
	f.publicado = producto
	return nil
}

func (f *stock) Mover(
	_ context.Context,
	movimiento existencias.Movimiento,
	producto, deposito, _ string,
	vence *time.Time,
) (existencias.Movimiento, bool, error) {
	repetido := f.movido.ID == movimiento.ID
	movimiento.Producto = producto
	f.movido, f.donde, f.movidos = movimiento, deposito, f.movidos+1
	if vence != nil {
		f.vence = *vence
	}
	return movimiento, repetido, f.mover
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

// ventanas are windows of two hours. Each begins so many hours from now.
func ventanas(horas ...int) (vs []rutas.Ventana) {
	for _, h := range horas {
		desde := ahora.Add(time.Duration(h) * time.Hour)
		vs = append(vs, rutas.Ventana{Desde: desde, Hasta: desde.Add(2 * time.Hour)})
	}
	return vs
}
