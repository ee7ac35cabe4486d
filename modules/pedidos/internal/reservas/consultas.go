package reservas

import (
	"context"
	"fmt"
	"time"

	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/store"
)

// Surtido is what the depots had of some lines when it was read: what is free, by its date.
type Surtido struct {
	lineas []Linea
	lotes  map[string]map[string][]existencias.Lote // by depot and product
	zona   *time.Location
}

// NuevoSurtido is es as a stock of lineas; goods expire with the days of zona.
func NuevoSurtido(lineas []Linea, es []*existencias.Existencia, zona *time.Location) Surtido {
	s := Surtido{lineas: sumar(lineas), lotes: map[string]map[string][]existencias.Lote{}, zona: zona}
	for _, e := range es {
		if s.lotes[e.Deposito] == nil {
			s.lotes[e.Deposito] = map[string][]existencias.Lote{}
		}
		s.lotes[e.Deposito][e.Producto] = e.Lotes
	}
	return s
}

// Surtido reads what every depot has of lineas. It reserves nothing.
func (a *Reservas) Surtido(ctx context.Context, lineas []Linea) (Surtido, error) {
	productos := make([]string, len(lineas))
	for i, l := range lineas {
		productos[i] = l.Producto
	}
	es, err := a.tienda.LeerProductos(ctx, productos)
	if err != nil {
		return Surtido{}, fmt.Errorf("reservas: read stock: %w", err)
	}
	return NuevoSurtido(lineas, es, a.zona), nil
}

// Tiene reports whether deposito has all the lines, of goods that are good until hasta and
// as long beyond it as each line asks for.
func (s Surtido) Tiene(deposito string, hasta time.Time) bool {
	for _, l := range s.lineas {
		if !s.alcanza(deposito, l, hasta) {
			return false
		}
	}
	return true
}

// Faltan gives the products that no depot has enough of, of such goods.
func (s Surtido) Faltan(hasta time.Time) (productos []string) {
	for _, l := range s.lineas {
		if !s.enAlguno(l, hasta) {
			productos = append(productos, l.Producto)
		}
	}
	return productos
}

func (s Surtido) enAlguno(l Linea, hasta time.Time) bool {
	for deposito := range s.lotes {
		if s.alcanza(deposito, l, hasta) {
			return true
		}
	}
	return false
}

func (s Surtido) alcanza(deposito string, l Linea, hasta time.Time) bool {
	minimo := existencias.VenceMinimo(hasta, l.Vida, s.zona)
	return existencias.LibreEn(s.lotes[deposito][l.Producto], minimo) >= l.Cantidad
}

// Duran reports whether what en has reserved or sold is good until en.Hasta, and as long
// beyond it as each line asks for. Where it has nothing, nothing can expire.
func (a *Reservas) Duran(ctx context.Context, en Encargo) (bool, error) {
	var q store.Cuestion
	lineas := sumar(en.Lineas)
	for _, l := range lineas {
		q.Existencias = append(q.Existencias, existencias.ID(l.Producto, en.Deposito))
		q.Movimientos = append(q.Movimientos, idsVenta(en.clave(), l.Producto)...)
	}
	r, err := a.tienda.Consultar(ctx, q)
	if err != nil {
		return false, fmt.Errorf("reservas: read stock: %w", err)
	}
	for _, roto := range r.Rotos {
		return false, fmt.Errorf("reservas: read stock: %w", roto)
	}
	for i, l := range lineas {
		d := &documento{Existencia: r.Existencias[q.Existencias[i]], publicados: r.Movimientos}
		if d.Existencia != nil && !a.dura(en, l, d) {
			return false, nil
		}
	}
	return true, nil
}

func (a *Reservas) dura(en Encargo, l Linea, d *documento) bool {
	venta, _ := d.venta(en.clave())
	return d.Duran(en.clave(), venta, a.minimo(en, l))
}
