package demo

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"despensa/internal/apiclient"

	"golang.org/x/sync/errgroup"
)

const (
	cajas       = 16                     // orders that are being placed at once
	moradas     = 6                      // addresses that each customer has
	mirada      = 100 * time.Millisecond // between two readings of a resource without a stream
	plazoPedido = 5 * time.Minute        // how long an order may take to come to rest
)

// logins are the demo customers that place the orders.
var logins = []string{"cliente1", "cliente2", "cliente3", "cliente4", "cliente5"}

// dia is the state of a day.
type dia struct {
	o         Opciones
	corrida   string // prefix of every idempotency key, new for each day
	http      *http.Client
	nadie     *apiclient.Client // client without a token, for the gateway's simulator
	admin     *apiclient.Client
	operador  *apiclient.Client
	gestor    *apiclient.Client
	gente     []comprador
	productos []apiclient.PedidosProducto
	antes     map[string]int64 // free units of each product before the day
	abrio     time.Time
	compras   []*compra
	camiones  []*camion

	mu   sync.Mutex
	suya map[string]*compra // by the order's id

	cerrado atomic.Bool // the shop is closed: no more orders are placed
	listo   atomic.Bool // every order is at rest

	pedidos, enCalle, entregas, en atomic.Int64
}

type comprador struct {
	*apiclient.Client
	direcciones []string
}

func nuevoDia(opciones Opciones) *dia {
	d := &dia{o: opciones, abrio: time.Now(), suya: map[string]*compra{}}
	d.corrida = fmt.Sprintf("demo-%d-%d", opciones.Semilla, d.abrio.UnixMicro())
	d.http = &http.Client{
		Timeout:   30 * time.Second,
		Transport: &http.Transport{MaxIdleConnsPerHost: 2 * cajas},
	}
	d.nadie = d.cliente(nil)
	return d
}

// cliente is an HTTP client with the patience of the options.
func (d *dia) cliente(token apiclient.Token) *apiclient.Client {
	c := apiclient.New(d.o.URL, token, d.http)
	c.Patience = max(d.o.Paciencia, time.Nanosecond)
	return c
}

func (d *dia) como(login string) *apiclient.Client {
	return d.cliente(apiclient.Renewable(func(ctx context.Context) (string, error) {
		return d.o.Ingresar(ctx, d.o.URL, login)
	}))
}

// abrir logs the staff in and reads the catalogue, the stock and the trucks.
func (d *dia) abrir(ctx context.Context) error {
	d.admin, d.operador, d.gestor = d.como("admin"), d.como("operador"), d.como("gestor")
	l, err := d.admin.ListarProductos(ctx, apiclient.FiltroListarProductos{Limite: 200})
	if err != nil {
		return err
	}
	d.antes = map[string]int64{}
	for p, err := range l.All(ctx) {
		if err != nil {
			return err
		}
		if d.antes[p.ID] = p.Disponible; p.Activo && p.Disponible > 0 {
			d.productos = append(d.productos, p)
		}
	}
	if len(d.productos) == 0 {
		return fmt.Errorf("nothing is for sale at %s", d.o.URL)
	}
	slices.SortFunc(
		d.productos,
		func(a, b apiclient.PedidosProducto) int { return compare(a.Nombre, b.Nombre) },
	)
	if err := d.censar(ctx); err != nil {
		return err
	}
	for _, p := range planear(d.o.Semilla, d.o.Pedidos, len(d.gente), moradas, len(d.productos)) {
		d.compras = append(
			d.compras,
			&compra{plan: p, clave: fmt.Sprintf("%s-%d", d.corrida, len(d.compras))},
		)
	}
	return d.revistar(ctx)
}

// censar logs the customers in and gives each of them moradas addresses all over the city.
func (d *dia) censar(ctx context.Context) error {
	azar := rand.New(rand.NewPCG(d.o.Semilla, 7))
	for _, login := range logins {
		c := comprador{Client: d.como(login)}
		l, err := c.ListarDirecciones(ctx, apiclient.FiltroListarDirecciones{Limite: 200})
		if err != nil {
			return err
		}
		for x, err := range l.All(ctx) {
			if err != nil {
				return err
			}
			c.direcciones = append(c.direcciones, x.ID)
		}
		for n := len(c.direcciones); n < moradas; n++ {
			alta := apiclient.ClientesDireccionAlta{
				Calle: fmt.Sprintf("Calle %d %d", 10+azar.IntN(90), 100+azar.IntN(4900)),
				Lat:   -34.645 + 0.08*azar.Float64(),
				Lon:   -58.465 + 0.06*azar.Float64(),
			}
			x, err := c.CrearDireccion(
				ctx,
				alta,
				apiclient.WithKey(fmt.Sprintf("%s-%s-%d", d.corrida, login, n)),
			)
			if err != nil {
				return err
			}
			c.direcciones = append(c.direcciones, x.ID)
		}
		d.gente = append(d.gente, c)
	}
	return nil
}

// trabajar runs the customers and the trucks until every order is at rest and every truck is at home.
func (d *dia) trabajar(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, c := range d.camiones {
		g.Go(func() error { return c.jornada(ctx) })
	}
	g.Go(func() error {
		if err := d.vender(ctx); err != nil {
			return err
		}
		d.cerrado.Store(true)
		defer d.listo.Store(true)
		return d.reposar(ctx)
	})
	return g.Wait()
}

// vender places the orders, as many at once as there are cajas.
func (d *dia) vender(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(cajas)
	for _, c := range d.compras {
		g.Go(func() error {
			if err := d.comprar(ctx, c); err != nil {
				return fmt.Errorf("order %s (%s): %w", c.clave, c.plan.clase, err)
			}
			return nil
		})
	}
	return g.Wait()
}

// reposar waits until no order moves any more.
func (d *dia) reposar(ctx context.Context) error {
	ctx, cancelar := context.WithTimeoutCause(ctx, plazoPedido,
		fmt.Errorf("orders have not come to rest in %v", plazoPedido))
	defer cancelar()
	for _, c := range d.compras {
		for {
			p, err := d.operador.VerPedido(ctx, c.id)
			if err == nil && enReposo(p) {
				d.en.Add(1)
				break
			}
			if err == nil {
				err = dormir(ctx, mirada)
			}
			if err != nil {
				return fmt.Errorf("order %s: %w", c.id, causa(ctx, err))
			}
		}
	}
	return nil
}

// enReposo reports whether an order changes no more without a call of a person.
func enReposo(pedidosPedido apiclient.PedidosPedido) bool {
	switch pedidosPedido.Estado {
	case "entregado", "rechazado", "cancelado", "devuelto":
		return true
	case "fallido":
		return slices.Contains(pedidosPedido.Acciones, "reintentar")
	}
	return false
}

// contar prints the progress of the day every second, and a last time when callar is called.
func (d *dia) contar(ctx context.Context, out io.Writer) (callar func()) {
	ctx, cancelar := context.WithCancel(ctx)
	linea := func() {
		fmt.Fprintf(
			out,
			"%3.0f s: %d of %d orders placed, %d trucks out, %d visits made, %d orders at rest\n",
			time.Since(d.abrio).
				Seconds(),
			d.pedidos.Load(),
			d.o.Pedidos,
			d.enCalle.Load(),
			d.entregas.Load(),
			d.en.Load(),
		)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		tic := time.NewTicker(time.Second)
		defer tic.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tic.C:
				linea()
			}
		}
	})
	return func() { cancelar(); wg.Wait(); linea() }
}

// dormir waits for t, or until ctx ends. Errors: ctx's.
func dormir(ctx context.Context, t time.Duration) error {
	r := time.NewTimer(t)
	defer r.Stop()
	select {
	case <-r.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// causa is the cause of the end of ctx, if ctx has ended, and else err.
func causa(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}
