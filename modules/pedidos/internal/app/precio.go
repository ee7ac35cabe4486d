package app

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"despensa/modules/clientes"
	"despensa/modules/pedidos/internal/catalogo"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/reservas"
	"despensa/modules/rutas"
	"despensa/platform/money"
)

// LineaPedida is a product that a customer asks for, and the number of units.
type LineaPedida struct {
	Producto string `json:"producto_id"`
	Cantidad int64  `json:"cantidad"`
}

// Cotizacion is the price of an order, and the windows in which it could be delivered. Amounts are in centavos.
type Cotizacion struct {
	Lineas                  []pedido.Linea
	Neto, IVA, Envio, Total money.Centavos
	Ventanas                []rutas.Ventana
	Faltan                  []string // ids of products of which no depot has enough
	FueraDeArea             bool
}

// preciar makes lines at the catalogue's present prices. Errors: ErrRepetido, ErrProducto, ErrTotal, each
// naming the line.
func (a *App) preciar(ctx context.Context, pedidas []LineaPedida) ([]pedido.Linea, error) {
	ids := make([]string, 0, len(pedidas))
	vistas := map[string]bool{}
	for i, l := range pedidas {
		if vistas[l.Producto] {
			return nil, ErrRepetido.WithField(
				campo(i, "producto_id"),
				"stands in another line too",
			)
		}
		vistas[l.Producto] = true
		ids = append(ids, l.Producto)
	}
	ps, err := a.o.Productos.Leer(ctx, ids)
	if err != nil {
		return nil, err
	}
	hay := make(map[string]*catalogo.Producto, len(ps))
	for _, p := range ps {
		hay[p.ID] = p
	}
	out := make([]pedido.Linea, 0, len(pedidas))
	for i, l := range pedidas {
		p := hay[l.Producto]
		if p == nil || !p.Activo {
			return nil, ErrProducto.WithField(
				campo(i, "producto_id"),
				"does not exist or is not sold",
			)
		}
		if int64(p.Precio) > math.MaxInt64/2/max(l.Cantidad, 1) ||
			p.Precio*money.Centavos(l.Cantidad) > MaxTotal {
			return nil, ErrTotal.WithField(campo(i, "cantidad"), "too high")
		}
		out = append(out, linea(p, l.Cantidad, a.vida(p)))
	}
	return out, nil
}

func campo(
	i int,
	miembro string,
) string {
	return fmt.Sprintf("body.lineas[%d].%s", i, miembro)
}

// linea prices one line: the catalogue's price includes IVA, and net and IVA are those of the whole line. vida
// is the number of days beyond their delivery for which its goods have to be good.
func linea(producto *catalogo.Producto, cantidad, vida int64) pedido.Linea {
	total := producto.Precio * money.Centavos(cantidad)
	neto, iva := producto.IVA.Split(total)
	return pedido.Linea{
		Producto: producto.ID,
		Nombre:   producto.Nombre,
		Cantidad: cantidad,
		Precio:   producto.Precio,
		Tasa:     producto.IVA,
		Neto:     neto,
		IVA:      iva,
		Total:    total,
		Peso:     producto.Peso,
		Volumen:  producto.Volumen,
		Frio:     producto.Frio,
		Vida:     vida,
	}
}

// envio is the delivery fee, as a line without a product.
func (a *App) envio() pedido.Linea {
	neto, iva := a.o.Config.EnvioIVA.Split(a.o.Config.Envio)
	return pedido.Linea{Neto: neto, IVA: iva, Total: a.o.Config.Envio}
}

// Cotizar prices an order for an address, and reserves nothing. Errors: those of preciar;
// clientes.ErrDireccion, clientes.ErrNoExiste; those of disponible.
func (a *App) Cotizar(
	ctx context.Context,
	cliente, direccion string,
	pedidas []LineaPedida,
) (Cotizacion, error) {
	ls, err := a.preciar(ctx, pedidas)
	if err != nil {
		return Cotizacion{}, err
	}
	x, err := a.destinatario(
		ctx,
		clientes.SolicitudDeDestinatario{
			Cliente:   cliente,
			Direccion: direccion,
			SoloPunto: true,
		},
	)
	if err != nil {
		return Cotizacion{}, err
	}
	c := sumar(ls, a.envio())
	return c, a.disponible(ctx, &c, rutas.Punto{Lat: x.Direccion.Lat, Lon: x.Direccion.Lon})
}

// sumar adds up the lines and the delivery fee e.
func sumar(lineas []pedido.Linea, linea pedido.Linea) Cotizacion {
	c := Cotizacion{
		Lineas: lineas,
		Neto:   linea.Neto,
		IVA:    linea.IVA,
		Envio:  linea.Total,
		Total:  linea.Total,
	}
	for _, l := range lineas {
		c.Neto, c.IVA, c.Total = c.Neto+l.Neto, c.IVA+l.IVA, c.Total+l.Total
	}
	return c
}

// disponible adds to cotizacion the products that are short for the earliest window, and the windows that can
// be chosen. A window can be chosen if its depot has all the goods, good until its end. Errors: those of the
// stock and of rutas.
func (a *App) disponible(ctx context.Context, cotizacion *Cotizacion, punto rutas.Punto) error {
	var ls []reservas.Linea
	var carga rutas.Carga
	for _, l := range cotizacion.Lineas {
		ls = append(
			ls,
			reservas.Linea{Producto: l.Producto, Cantidad: l.Cantidad, Vida: l.Vida},
		)
		carga.PesoGramos += l.Cantidad * l.Peso
		carga.VolumenML += l.Cantidad * l.Volumen
		carga.Frio = carga.Frio || l.Frio
	}
	tienen, err := a.o.Stock.Surtido(ctx, ls)
	if err != nil {
		return err
	}
	ahora := a.o.Ahora()
	cercanos, err := a.o.Rutas.Ofrecer(
		ctx,
		rutas.Consulta{Punto: punto, Carga: carga, NoAntes: ahora, Limite: 60},
	)
	cotizacion.Faltan = tienen.Faltan(primeraDe(cercanos, ahora))
	if err != nil {
		cotizacion.FueraDeArea = esFueraDeArea(err)
		if cotizacion.FueraDeArea {
			return nil
		}
		return err
	}
	for _, x := range cercanos {
		buenas := slices.DeleteFunc(slices.Clone(x.Ventanas), func(v rutas.Ventana) bool {
			return !tienen.Tiene(x.ID, v.Hasta)
		})
		cotizacion.Ventanas = unir(cotizacion.Ventanas, buenas)
	}
	return nil
}

// primeraDe is the end of the earliest window of depositoCercanos; ahora if they have none.
func primeraDe(depositoCercanos []rutas.DepositoCercano, ahora time.Time) time.Time {
	primera := time.Time{}
	for _, d := range depositoCercanos {
		for _, v := range d.Ventanas {
			if primera.IsZero() || v.Hasta.Before(primera) {
				primera = v.Hasta
			}
		}
	}
	if primera.IsZero() {
		return ahora
	}
	return primera
}

// anticipoLento is the least time between the order and its window, if it is paid by voucher or transfer.
const anticipoLento = 4 * time.Hour
