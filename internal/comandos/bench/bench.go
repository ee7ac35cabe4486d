// Package bench measures the whole chain of a running instance from outside, over HTTP: orders per second to
// confirmado, the duration of a POST, and the instance's CPU, memory and statements per order.
package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"despensa/internal/apiclient"
	"despensa/platform/cli"

	"github.com/spf13/cobra"
)

// Opciones of one measurement.
type Opciones struct {
	URL string
	// Ingresar gives an access token of a demo login.
	Ingresar func(ctx context.Context, url, login string) (string, error)
	Clientes int // how many clients, each posting one order after another
	Pedidos  int
	Lineas   int
	Latencia time.Duration // of the gateway for each call
	Ritmo    float64       // orders offered per second, over all clients; 0: as fast as they are answered
	Poisson  bool          // with Ritmo: orders are due at random moments instead of even ones
	Cerrado  bool          // a client quotes, gets a card token, posts and reads until confirmado before its next order
}

// Comando is `despensa bench`.
func Comando(
	url func() string,
	ingresar func(ctx context.Context, url, login string) (string, error),
) *cobra.Command {
	opciones := Opciones{Ingresar: ingresar}
	enJSON := false
	comando := &cobra.Command{
		Use: "bench", Short: "measures the whole chain of a running instance over HTTP", Args: cli.NoArgs,
		Long: "DESPENSA_URL says which instance; it must have the embedded stand-ins. Brings its own products, stock and\n" +
			"trucks, so use a data folder that you can do without. With --ritmo a POST lasts from when its order was due,\n" +
			"not from when a client was free to send it: an instance that stalls makes every " +
			"order late that was due meanwhile.\n" +
			"With --cerrado each client waits for confirmado before its next order. .ci/banco compares two binaries by it.",
		RunE: func(comando *cobra.Command, _ []string) error {
			if err := opciones.validar(); err != nil {
				return err
			}
			opciones.URL = url()
			m, err := Medir(comando.Context(), opciones, comando.ErrOrStderr())
			if err != nil {
				return err
			}
			if err := m.mostrar(comando.OutOrStdout(), enJSON); err != nil {
				return err
			}
			if m.Fallas > 0 {
				return fmt.Errorf("%d calls failed", m.Fallas)
			}
			return nil
		},
	}
	f := comando.Flags()
	f.IntVar(
		&opciones.Clientes,
		"clientes",
		32,
		"clients that post one after another, 1 to 256",
	)
	f.IntVar(&opciones.Pedidos, "pedidos", 2000, "orders in all, 1 to 100000")
	f.IntVar(&opciones.Lineas, "lineas", 1, "lines of an order, 1 to 200")
	f.DurationVar(
		&opciones.Latencia,
		"latencia",
		0,
		"how long the gateway takes to answer, up to 2s",
	)
	f.Float64Var(
		&opciones.Ritmo,
		"ritmo",
		0,
		"orders offered per second, up to 100000; 0: as fast as they are answered",
	)
	f.BoolVar(
		&opciones.Poisson,
		"poisson",
		false,
		"with --ritmo: orders are due at random moments (a Poisson process), the same in each run",
	)
	f.BoolVar(
		&opciones.Cerrado,
		"cerrado",
		false,
		"quote, card token, POST and reading until confirmado, one order after another per client",
	)
	f.BoolVar(
		&enJSON,
		"json",
		false,
		"print one JSON document; its members are those of the text, times in ms",
	)
	return comando
}

// validar reports the first flag out of its range. Errors: cli.ErrUsage.
func (o Opciones) validar() error {
	return cmp.Or(
		cli.Between("clientes", o.Clientes, 1, 256),
		cli.Between("pedidos", o.Pedidos, 1, 100_000),
		cli.Between("lineas", o.Lineas, 1, 200),
		cli.Between("latencia", o.Latencia, 0, 2*time.Second),
		cli.Between("ritmo", o.Ritmo, 0, 100_000),
		o.juntas(),
	)
}

// juntas refuses flags that contradict each other. Errors: cli.ErrUsage.
func (o Opciones) juntas() error {
	switch {
	case o.Poisson && o.Ritmo == 0:
		return fmt.Errorf("%w: --poisson needs --ritmo", cli.ErrUsage)
	case o.Cerrado && o.Ritmo > 0:
		return fmt.Errorf(
			"%w: --cerrado sends the next order after the last one is confirmado, so it takes no --ritmo",
			cli.ErrUsage,
		)
	}
	return nil
}

// Medir prepares the instance, lets the clients place the orders, and waits until every order is confirmed. Progress
// goes to errores. Errors: those of the instance; errAgotado.
func Medir(ctx context.Context, opciones Opciones, errores io.Writer) (Medida, error) {
	b := &banco{o: opciones, http: &http.Client{
		Timeout:   30 * time.Second,
		Transport: &http.Transport{MaxIdleConnsPerHost: opciones.Clientes + 16},
	}}
	defer b.http.CloseIdleConnections()
	fmt.Fprintf(errores, "preparing %d orders of %d lines\n", opciones.Pedidos, opciones.Lineas)
	fmt.Fprintf(errores, "bringing %d products, %d units of each, and %d trucks\n",
		opciones.Lineas, opciones.Pedidos, camiones(opciones.Pedidos))
	if err := b.preparar(ctx); err != nil {
		return Medida{}, err
	}
	antes, err := b.metricas(ctx)
	if err != nil {
		return Medida{}, err
	}
	fmt.Fprintf(errores, "ordering with %d clients\n", opciones.Clientes)
	inicio := time.Now()
	esperas, fallas := b.carga().enviar(ctx)
	aceptados := time.Since(inicio)
	fmt.Fprintf(errores, "waiting for the last confirmations\n")
	if err := b.esperar(ctx, opciones.Pedidos-fallas); err != nil {
		return Medida{}, err
	}
	despues, err := b.metricas(ctx)
	if err != nil {
		return Medida{}, err
	}
	m := Medida{
		Opciones:   opciones,
		Fallas:     fallas,
		PorSegundo: float64(opciones.Pedidos-fallas) / aceptados.Seconds(),
	}
	m.contar(antes, despues)
	if m.Post50, m.Post99 = cuantil(esperas, 0.50), cuantil(esperas, 0.99); opciones.Cerrado {
		m.Entera50, m.Entera99 = m.Post50, m.Post99
		m.Post50, m.Post99 = cuantil(b.tiempos.posts, 0.50), cuantil(b.tiempos.posts, 0.99)
		m.Cotizar50 = cuantil(b.tiempos.cotizaciones, 0.50)
		m.Cotizar99 = cuantil(b.tiempos.cotizaciones, 0.99)
	}
	err = b.confirmados(ctx, &m)
	return m, err
}

// carga is the load that the clients send.
func (b *banco) carga() carga {
	c := carga{
		clientes: b.o.Clientes,
		pedidos:  b.o.Pedidos,
		ritmo:    b.o.Ritmo,
		poisson:  b.o.Poisson,
		uno:      b.uno,
	}
	if b.o.Cerrado {
		c.uno = b.compraEntera
	}
	return c
}

// errAgotado: some orders are not confirmed in time.
var errAgotado = errors.New("bench: orders are left unconfirmed")

// cliente logs a demo user in and gives their HTTP client.
func (b *banco) cliente(ctx context.Context, login string) (*apiclient.Client, error) {
	token, err := b.o.Ingresar(ctx, b.o.URL, login)
	if err != nil {
		return nil, err
	}
	return apiclient.New(b.o.URL, apiclient.Fixed(token), b.http), nil
}
