package demo

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"despensa/internal/apiclient"

	"golang.org/x/sync/errgroup"
)

// Resumen is the books of the day.
type Resumen struct {
	Semilla     uint64
	Duro        time.Duration
	Fines       map[string]map[string]int // orders by class, by estado
	Mentidos    int                       // orders that failed because of impossible answers of the gateway
	Debidos     int                       // orders with money that the gateway refuses to give back
	Cobrado     int64                     // centavos that the gateway took
	Reembolsado int64                     // centavos that it gave back
	Vendido     int64                     // units that left the stock
	Entregadas  int                       // visits that delivered
	Fallidas    int                       // visits at a closed door
	Salidas     int
	Kilometros  float64
	Posiciones  int64
	Ajenos      bool // the instance got orders of other clients, so its stock is not compared
	Faltas      []string
}

// cerrar reads every order from the modules and the gateway and compares their answers.
func (d *dia) cerrar(ctx context.Context) (Resumen, error) {
	r := Resumen{
		Semilla: d.o.Semilla,
		Duro:    time.Since(d.abrio),
		Fines:   map[string]map[string]int{},
	}
	todos := make([]hechos, len(d.compras))
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(cajas)
	for i, c := range d.compras {
		g.Go(func() (err error) {
			todos[i], err = d.preguntar(gctx, c)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return r, fmt.Errorf("demo: the books: %w", err)
	}
	vendido := map[string]int64{}
	for _, h := range todos {
		r.sumar(h, vendido)
	}
	if err := d.catalogo(ctx, &r, vendido); err != nil {
		return r, fmt.Errorf("demo: the stock: %w", err)
	}
	for _, c := range d.camiones {
		if err := c.rendir(ctx, &r); err != nil {
			return r, fmt.Errorf("demo: truck %s: %w", c.c.Patente, err)
		}
	}
	return r, nil
}

// sumar adds an order to the books.
func (r *Resumen) sumar(hechos hechos, vendido map[string]int64) {
	r.Faltas = append(r.Faltas, hechos.revisar()...)
	if hechos.porLaPasarela() {
		r.Mentidos++
	}
	if slices.Contains(hechos.pedido.Marcas, "reembolso-rechazado") {
		r.Debidos++
	}
	if r.Fines[string(hechos.clase)] == nil {
		r.Fines[string(hechos.clase)] = map[string]int{}
	}
	r.Fines[string(hechos.clase)][hechos.pedido.Estado]++
	for _, a := range hechos.ordenes {
		r.Cobrado += a.Cobrado
		r.Reembolsado += a.Reembolsado
	}
	for _, m := range hechos.existencias.Movimientos {
		r.Vendido -= m.Cantidad
		vendido[m.ProductoID] -= m.Cantidad
	}
	for _, v := range hechos.visitas {
		switch v.Estado {
		case "entregada":
			r.Entregadas++
		case "fallida":
			r.Fallidas++
		}
	}
}

// catalogo compares the free units of each product with those before the day less the units sold, unless the instance
// got orders of other clients too.
func (d *dia) catalogo(ctx context.Context, resumen *Resumen, vendido map[string]int64) error {
	l, err := d.operador.ListarPedidos(ctx, apiclient.FiltroListarPedidos{Limite: 200})
	if err != nil {
		return err
	}
	for p, err := range l.All(ctx) {
		if err != nil {
			return err
		}
		if p.Creado.Before(d.abrio.Add(-time.Minute)) {
			break // the latest come first
		}
		if _, suya := d.compraDe(p.ID); !suya && !p.Creado.Before(d.abrio) {
			resumen.Ajenos = true
		}
	}
	for id, antes := range d.antes {
		p, err := d.admin.VerProducto(ctx, id)
		if err != nil {
			return err
		}
		if !resumen.Ajenos && p.Disponible != antes-vendido[id] {
			resumen.Faltas = append(
				resumen.Faltas,
				fmt.Sprintf("%s: %d free, of %d before less %d sold",
					p.Nombre, p.Disponible, antes, vendido[id]),
			)
		}
	}
	return nil
}

// rendir compares the positions that the truck sent with those that arrived, and its last seen place with its depot.
func (c *camion) rendir(ctx context.Context, resumen *Resumen) error {
	resumen.Salidas += c.salidas
	resumen.Kilometros += c.metros / 1000
	resumen.Posiciones += c.enviadas
	if c.recibidas != c.enviadas {
		resumen.Faltas = append(
			resumen.Faltas,
			fmt.Sprintf("truck %s: %d positions sent, %d received",
				c.c.Patente, c.enviadas, c.recibidas),
		)
	}
	if c.enviadas == 0 {
		return nil
	}
	l, err := c.d.gestor.ListarPosiciones(
		ctx,
		c.c.ID,
		apiclient.FiltroListarPosiciones{Limite: 1, Sensor: "primario"},
	)
	if err != nil {
		return err
	}
	switch lejos := metros(c.lugar, c.casa); {
	case len(l.Datos) == 0 || l.Datos[0].Secuencia != c.secuencia:
		resumen.Faltas = append(
			resumen.Faltas,
			fmt.Sprintf("truck %s: its last position is not there", c.c.Patente),
		)
	case c.vista != c.secuencia && c.hora.Before(time.Now()):
		resumen.Faltas = append(
			resumen.Faltas,
			fmt.Sprintf("truck %s is not shown where its device is", c.c.Patente),
		)
	case lejos > 1:
		resumen.Faltas = append(
			resumen.Faltas,
			fmt.Sprintf("truck %s is %.0f m from its depot", c.c.Patente, lejos),
		)
	}
	return nil
}

// Escribir prints the books.
func (r Resumen) Escribir(out io.Writer) {
	n := 0
	for _, clase := range clases {
		por := r.Fines[string(clase.clase)]
		if len(por) == 0 {
			continue
		}
		var partes []string
		for _, estado := range slices.Sorted(maps.Keys(por)) {
			partes = append(partes, fmt.Sprintf("%d %s", por[estado], estado))
			n += por[estado]
		}
		fmt.Fprintf(out, "  %-28s %s\n", clase.clase, strings.Join(partes, ", "))
	}
	fmt.Fprintf(out, "orders   %d in %.1f s (seed %d)\n", n, r.Duro.Seconds(), r.Semilla)
	fmt.Fprintf(out, "money    %s charged, %s given back, %s kept\n",
		pesos(r.Cobrado), pesos(r.Reembolsado), pesos(r.Cobrado-r.Reembolsado))
	if r.Mentidos+r.Debidos > 0 {
		fmt.Fprintf(
			out,
			"gateway  %d orders failed by its answer, %d refunds refused for good\n",
			r.Mentidos,
			r.Debidos,
		)
	}
	fmt.Fprintf(out, "stock    %d units sold\n", r.Vendido)
	fmt.Fprintf(
		out,
		"trucks   %d departures, %.0f km, %d positions; %d visits delivered, %d in vain\n",
		r.Salidas,
		r.Kilometros,
		r.Posiciones,
		r.Entregadas,
		r.Fallidas,
	)
	if r.Ajenos {
		fmt.Fprintln(
			out,
			"others ordered meanwhile: the catalogue's stock was not compared, that of each order was",
		)
	}
	for _, f := range r.Faltas {
		fmt.Fprintln(out, "  !", f)
	}
	if len(r.Faltas) == 0 {
		fmt.Fprintln(out, "the books agree")
	}
}

// pesos writes centavos as an amount for people: $ 1.234,50.
func pesos(centavos int64) string {
	signo := ""
	if centavos < 0 {
		signo, centavos = "-", -centavos
	}
	enteros := strconv.FormatInt(centavos/100, 10)
	for i := len(enteros) - 3; i > 0; i -= 3 {
		enteros = enteros[:i] + "." + enteros[i:]
	}
	return fmt.Sprintf("%s$ %s,%02d", signo, enteros, centavos%100)
}
