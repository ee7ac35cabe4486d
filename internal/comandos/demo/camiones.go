package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"despensa/internal/apiclient"
)

const (
	lleno  = 25                     // visits with which a truck leaves while the shop is open
	latido = 200 * time.Millisecond // between two reports of a truck's position
)

// camion is a truck with its driver and its positioning device.
type camion struct {
	d       *dia
	c       apiclient.RutasCamion
	chofer  *apiclient.Client
	aparato *apiclient.Client
	casa    punto
	lugar   punto // its present place

	hora                           time.Time // by the clock of its device
	secuencia, recibidas, enviadas int64
	vista                          int64 // Secuencia of the position that the API shows as its place
	salidas                        int
	metros                         float64
}

// revistar finds the trucks and gives each its driver and its device.
func (d *dia) revistar(ctx context.Context) error {
	casas := map[string]punto{}
	ds, err := d.gestor.ListarDepositos(ctx, apiclient.FiltroListarDepositos{Limite: 200})
	if err != nil {
		return err
	}
	for x, err := range ds.All(ctx) {
		if err != nil {
			return err
		}
		casas[x.ID] = punto{x.Lat, x.Lon}
	}
	cs, err := d.gestor.ListarCamiones(ctx, apiclient.FiltroListarCamiones{Limite: 200})
	if err != nil {
		return err
	}
	for x, err := range cs.All(ctx) {
		if err != nil {
			return err
		}
		if x.Activo {
			c := d.camion(x, casas[x.DepositoID])
			if err := c.ponerEnHora(ctx); err != nil {
				return err
			}
			d.camiones = append(d.camiones, c)
		}
	}
	return nil
}

// camion makes a truck of the day. Its own driver drives it, or else the route manager; its own device sends its
// positions, or else the driver.
func (d *dia) camion(rutasCamion apiclient.RutasCamion, casa punto) *camion {
	c := &camion{
		d:         d,
		c:         rutasCamion,
		casa:      casa,
		lugar:     casa,
		chofer:    d.gestor,
		secuencia: d.abrio.UnixMilli(),
	}
	if login, ok := d.o.Choferes[rutasCamion.RepartidorID]; ok {
		c.chofer = d.como(login)
	}
	c.aparato = c.chofer
	if n, ok := d.o.Aparatos[rutasCamion.DispositivoID]; ok {
		c.aparato = d.cliente(apiclient.Renewable(func(ctx context.Context) (string, error) {
			return d.o.Aparato(ctx, d.o.URL, n)
		}))
	}
	return c
}

// jornada lets the truck leave whenever it is full, and with any load once the shop is closed, until all orders are at
// rest.
func (c *camion) jornada(ctx context.Context) error {
	for !c.d.listo.Load() {
		turno, n, err := c.cargado(ctx)
		if err == nil && (n >= lleno || n > 0 && c.d.cerrado.Load()) {
			err = c.recorrido(ctx, turno)
		} else if err == nil {
			err = dormir(ctx, latido)
		}
		if err != nil {
			return fmt.Errorf("truck %s: %w", c.c.Patente, err)
		}
	}
	return nil
}

// cargado is the shift with most of the truck's firm visits for orders of this day, and how many of them it has.
func (c *camion) cargado(ctx context.Context) (turno string, n int, err error) {
	l, err := c.chofer.ListarVisitas(
		ctx,
		apiclient.FiltroListarVisitas{Limite: 200, CamionID: c.c.ID, Estado: "firme"},
	)
	if err != nil {
		return "", 0, err
	}
	cuantas := map[string]int{}
	for v, err := range l.All(ctx) {
		if err != nil {
			return "", 0, err
		}
		if _, suya := c.d.compraDe(v.PedidoID); suya {
			cuantas[v.TurnoID]++
		}
	}
	for t, k := range cuantas {
		if k > n || k == n && t < turno {
			turno, n = t, k
		}
	}
	return turno, n, nil
}

func (d *dia) compraDe(pedido string) (*compra, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	c, ok := d.suya[pedido]
	return c, ok
}

// recorrido is one run: out with a shift, from door to door and home. A truck that is on a run already finishes that
// one.
func (c *camion) recorrido(ctx context.Context, turno string) error {
	_, err := c.chofer.Salida(
		ctx,
		c.c.ID,
		apiclient.RutasCuerpoSalida{TurnoID: turno},
		c.llave("salida-"+turno),
	)
	switch apiclient.Code(err) {
	case "turno-cerrado", "nada-que-llevar":
		return nil // the visits that were firm a moment ago have been freed
	case "camion-afuera":
		return c.repartir(ctx, apiclient.FiltroListarVisitas{CamionID: c.c.ID})
	}
	if err != nil {
		return err
	}
	c.salidas++
	return c.repartir(ctx, apiclient.FiltroListarVisitas{TurnoID: turno})
}

// repartir drives from door to door, the nearest first, while any visit that cuales selects is on its way, and then
// home.
func (c *camion) repartir(ctx context.Context, cuales apiclient.FiltroListarVisitas) error {
	c.d.enCalle.Add(1)
	defer c.d.enCalle.Add(-1)
	cuales.Limite, cuales.Estado = 200, "en_camino"
	l, err := c.chofer.ListarVisitas(ctx, cuales)
	if err != nil {
		return err
	}
	var quedan []apiclient.RutasVisita
	for v, err := range l.All(ctx) {
		if err != nil {
			return err
		}
		quedan = append(quedan, v)
	}
	for len(quedan) > 0 {
		i := c.cercana(quedan)
		if err := c.visitar(ctx, quedan[i]); err != nil {
			return err
		}
		quedan = slices.Delete(quedan, i, i+1)
	}
	return c.ir(ctx, c.casa)
}

func (c *camion) llave(que string) apiclient.Option {
	return apiclient.WithKey(c.d.corrida + "-" + que)
}

// cercana is the index in rutasVisitas of the visit nearest to the truck as the crow flies.
func (c *camion) cercana(rutasVisitas []apiclient.RutasVisita) (mejor int) {
	lejos := func(i int) float64 {
		if p, ok := puerta(rutasVisitas[i]); ok {
			return metros(c.lugar, p)
		}
		return 0
	}
	for i := range rutasVisitas {
		if lejos(i) < lejos(mejor) {
			mejor = i
		}
	}
	return mejor
}

// puerta is the place of a visit; false when the module has removed it.
func puerta(rutasVisita apiclient.RutasVisita) (punto, bool) {
	if rutasVisita.Lat == nil || rutasVisita.Lon == nil {
		return punto{}, false
	}
	return punto{*rutasVisita.Lat, *rutasVisita.Lon}, true
}

// visitar drives to a visit and hands the order over, unless the door stays closed. A visit with an outcome already
// keeps it.
func (c *camion) visitar(ctx context.Context, rutasVisita apiclient.RutasVisita) error {
	if p, ok := puerta(rutasVisita); ok {
		if err := c.ir(ctx, p); err != nil {
			return err
		}
	}
	_, err := c.chofer.Llegada(ctx, rutasVisita.ID, c.llave("llegada-"+rutasVisita.ID))
	if err == nil && c.nadie(rutasVisita) {
		_, err = c.chofer.Fallo(
			ctx,
			rutasVisita.ID,
			apiclient.RutasCuerpoFallo{Motivo: "no abre nadie"},
			c.llave("fallo-"+rutasVisita.ID),
		)
	} else if err == nil {
		_, err = c.chofer.Entrega(ctx, rutasVisita.ID, c.llave("entrega-"+rutasVisita.ID))
	}
	if cod := apiclient.Code(err); err != nil && cod != "visita-en-otro-estado" {
		return err
	}
	c.d.entregas.Add(1)
	return nil
}

// nadie reports whether the door stays closed: on the first visit, if the plan of the order says so.
func (c *camion) nadie(rutasVisita apiclient.RutasVisita) bool {
	x, suya := c.d.compraDe(rutasVisita.PedidoID)
	return suya && x.plan.ausente && rutasVisita.Numero == 1
}

// ir drives along the streets and sends positions on the way.
func (c *camion) ir(ctx context.Context, destino punto) error {
	r, err := c.chofer.CalcularRuta(ctx, apiclient.RutasPeticionRuta{
		Desde: apiclient.RutasLugar{Lat: c.lugar.lat, Lon: c.lugar.lon},
		Hasta: apiclient.RutasLugar{Lat: destino.lat, Lon: destino.lon}})
	if err != nil {
		return err
	}
	ps := make([]punto, 0, len(r.Geometria.Coordinates))
	for _, x := range r.Geometria.Coordinates {
		ps = append(ps, punto{x[1], x[0]})
	}
	if len(ps) == 0 {
		return fmt.Errorf("a way without a line to %v", destino)
	}
	viaje := nuevaMarcha(ps, time.Duration(r.DuracionSegundos)*time.Second)
	salio, andado := time.Now(), time.Duration(0)
	for andado < viaje.dura {
		falta := time.Duration(float64(viaje.dura-andado) / c.d.o.Velocidad)
		if err := dormir(ctx, min(latido, falta)); err != nil {
			return err
		}
		ahora := min(viaje.dura, time.Duration(float64(time.Since(salio))*c.d.o.Velocidad))
		if err := c.informar(ctx, viaje, andado, ahora); err != nil {
			return err
		}
		andado = ahora
	}
	c.lugar = destino
	c.metros += viaje.largo()
	return nil
}
