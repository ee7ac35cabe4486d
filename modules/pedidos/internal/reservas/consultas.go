package reservas

import (
	"context"
	"fmt"
)

// ConStock tells, of every depot that has had one of the products, whether it has all
// the lines free now; faltan are the products that no depot has enough of. It reserves
// nothing.
func (a *Reservas) ConStock(ctx context.Context, lineas []Linea) (depositos map[string]bool, faltan []string, err error) {
	lineas = sumar(lineas)
	libre, err := a.libre(ctx, lineas)
	if err != nil {
		return nil, nil, err
	}
	depositos = make(map[string]bool, len(libre))
	for deposito, hay := range libre {
		depositos[deposito] = len(cortas(lineas, hay)) == 0
	}
	for _, l := range lineas {
		if !enAlguno(libre, l) {
			faltan = append(faltan, l.Producto)
		}
	}
	return depositos, faltan, nil
}

// Alcanza gives the products that deposito has not enough of; none: it has all the
// lines. It reserves nothing.
func (a *Reservas) Alcanza(ctx context.Context, deposito string, lineas []Linea) (faltan []string, err error) {
	lineas = sumar(lineas)
	libre, err := a.libre(ctx, lineas)
	if err != nil {
		return nil, err
	}
	return cortas(lineas, libre[deposito]), nil
}

// libre gives what is free by depot and product.
func (a *Reservas) libre(ctx context.Context, lineas []Linea) (map[string]map[string]int64, error) {
	productos := make([]string, len(lineas))
	for i, l := range lineas {
		productos[i] = l.Producto
	}
	es, err := a.tienda.LeerProductos(ctx, productos)
	if err != nil {
		return nil, fmt.Errorf("reservas: read stock: %w", err)
	}
	out := map[string]map[string]int64{}
	for _, e := range es {
		if out[e.Deposito] == nil {
			out[e.Deposito] = map[string]int64{}
		}
		out[e.Deposito][e.Producto] = e.Libre()
	}
	return out, nil
}

func cortas(lineas []Linea, hay map[string]int64) (faltan []string) {
	for _, l := range lineas {
		if hay[l.Producto] < l.Cantidad {
			faltan = append(faltan, l.Producto)
		}
	}
	return faltan
}

func enAlguno(libre map[string]map[string]int64, l Linea) bool {
	for _, hay := range libre {
		if hay[l.Producto] >= l.Cantidad {
			return true
		}
	}
	return false
}
