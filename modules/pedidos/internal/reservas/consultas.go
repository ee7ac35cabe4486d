package reservas

import (
	"context"
	"fmt"
	"time"

	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/store"
)

// Surtido is the free stock of the products of some lines, by depot and by date, as of the moment of reading.
type Surtido struct {
	lineas []Linea
	lotes  map[string]map[string][]existencias.Lote // by depot and product
	zona   *time.Location
}

// NewSurtido makes a Surtido for lineas out of the batches es; goods expire with the days of zona.
func NewSurtido(
	lineas []Linea,
	enDepositos []existencias.EnDeposito,
	zona *time.Location,
) Surtido {
	s := Surtido{
		lineas: sumar(lineas),
		lotes:  map[string]map[string][]existencias.Lote{},
		zona:   zona,
	}
	for _, e := range enDepositos {
		if s.lotes[e.Deposito] == nil {
			s.lotes[e.Deposito] = map[string][]existencias.Lote{}
		}
		s.lotes[e.Deposito][e.Producto] = e.Lotes
	}
	return s
}

// Surtido reads the free stock of the products of lineas in every depot. It reserves nothing. Errors: those of the
// store.
func (a *Reservas) Surtido(ctx context.Context, lineas []Linea) (Surtido, error) {
	productos := make([]string, len(lineas))
	for i, l := range lineas {
		productos[i] = l.Producto
	}
	es, err := a.tienda.Lotes(ctx, productos)
	if err != nil {
		return Surtido{}, fmt.Errorf("reservas: read stock: %w", err)
	}
	return NewSurtido(lineas, es, a.zona), nil
}

// Tiene reports whether deposito has all the lines, of goods that are good until hasta and
// as many days beyond hasta as each line asks for.
func (s Surtido) Tiene(deposito string, hasta time.Time) bool {
	for _, l := range s.lineas {
		if !s.alcanza(deposito, l, hasta) {
			return false
		}
	}
	return true
}

// Faltan gives the products of which no depot has enough for its line, of goods that are as good as Tiene demands.
func (s Surtido) Faltan(hasta time.Time) (productos []string) {
	for _, l := range s.lineas {
		if !s.enAlguno(l, hasta) {
			productos = append(productos, l.Producto)
		}
	}
	return productos
}

// enAlguno reports whether some depot has all units of linea, good until hasta and linea.Vida days beyond.
func (s Surtido) enAlguno(linea Linea, hasta time.Time) bool {
	for deposito := range s.lotes {
		if s.alcanza(deposito, linea, hasta) {
			return true
		}
	}
	return false
}

// alcanza reports whether deposito has all units of linea, good until hasta and linea.Vida days beyond.
func (s Surtido) alcanza(deposito string, linea Linea, hasta time.Time) bool {
	minimo := existencias.VenceMinimo(hasta, linea.Vida, s.zona)
	return existencias.LibreEn(s.lotes[deposito][linea.Producto], minimo) >= linea.Cantidad
}

// Duran reports whether the goods that requerimiento has reserved or bought are good until requerimiento.Hasta, and as
// many days beyond as each line asks for. It is true where requerimiento has no goods: none can expire. Errors: those
// of the store.
func (a *Reservas) Duran(ctx context.Context, requerimiento Requerimiento) (bool, error) {
	var q store.Cuestion
	lineas := sumar(requerimiento.Lineas)
	for _, l := range lineas {
		q.Existencias = append(
			q.Existencias,
			existencias.ID(l.Producto, requerimiento.Deposito),
		)
		q.Movimientos = append(q.Movimientos, idsVenta(requerimiento.clave(), l.Producto)...)
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
		if d.Existencia != nil && !a.dura(requerimiento, l, d) {
			return false, nil
		}
	}
	return true, nil
}

// dura is Duran for the aggregate documento of the line linea.
func (a *Reservas) dura(requerimiento Requerimiento, linea Linea, documento *documento) bool {
	venta, _ := documento.venta(requerimiento.clave())
	return documento.Duran(requerimiento.clave(), venta, a.minimo(requerimiento, linea))
}
