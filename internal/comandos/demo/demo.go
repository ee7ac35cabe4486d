// Package demo lives a day of the company against a running instance, over its HTTP API, as its users would: customers
// order and pay, some cards are refused, some customers change their mind, trucks leave and deliver along the streets.
// At the end it compares orders, money, stock and trucks.
package demo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"despensa/internal/apiclient"
	"despensa/platform/cli"

	"github.com/spf13/cobra"
)

// Gente is how the people and machines of the demo data log in at an instance.
type Gente struct {
	// Ingresar gives an access token of a demo login.
	Ingresar func(ctx context.Context, url, login string) (string, error)
	// Aparato gives an access token of the n-th positioning device, from 1.
	Aparato func(ctx context.Context, url string, n int) (string, error)
	// Choferes are the logins of the drivers, Aparatos the numbers of the devices, both by house id.
	Choferes map[string]string
	Aparatos map[string]int
}

// Opciones of a day.
type Opciones struct {
	URL       string
	Pedidos   int
	Velocidad float64       // of the trucks, as a multiple of the streets' speeds
	Semilla   uint64        // seeds the plan of the orders
	Paciencia time.Duration // how long an instance may not answer
	Gente
}

// ErrCuentas: the modules and the gateway contradict each other at the end of the day.
var ErrCuentas = errors.New("demo: the books do not agree")

// Comando is `despensa demo`.
func Comando(url func() string, gente Gente) *cobra.Command {
	opciones := Opciones{Gente: gente}
	comando := &cobra.Command{
		Use:   "demo",
		Short: "lives a day of orders, payments and deliveries against a running instance, and checks its books",
		Long: "DESPENSA_URL says which instance; it must have the embedded stand-ins and the demo data. " +
			"The instance may be\n" +
			"killed and started again meanwhile. Progress on standard error, the day's books on standard output; " +
			"exit code 1\n" +
			"when they do not agree.",
		Args: cli.NoArgs,
		RunE: func(comando *cobra.Command, _ []string) error {
			if err := opciones.validar(); err != nil {
				return err
			}
			opciones.URL = url()
			r, err := Vivir(comando.Context(), opciones, comando.ErrOrStderr())
			if err != nil {
				return err
			}
			r.Escribir(comando.OutOrStdout())
			if len(r.Faltas) > 0 {
				return ErrCuentas
			}
			return nil
		},
	}
	f := comando.Flags()
	f.IntVar(&opciones.Pedidos, "pedidos", 100, "orders, 1 to 5000")
	f.Float64Var(
		&opciones.Velocidad,
		"velocidad",
		1800,
		"how many times faster than real ones trucks drive, 1 to 100000",
	)
	f.Uint64Var(
		&opciones.Semilla,
		"semilla",
		1,
		"seed of the purchases and payments; the same number is the same day",
	)
	f.DurationVar(&opciones.Paciencia, "paciencia", time.Minute,
		"how long to go on asking an instance that does not answer, up to 1h")
	return comando
}

// validar reports the first flag out of its range. Errors: cli.ErrUsage.
func (o Opciones) validar() error {
	return cmp.Or(
		cli.Between("pedidos", o.Pedidos, 1, 5000),
		cli.Between("velocidad", o.Velocidad, 1, 100_000),
		cli.Between("paciencia", o.Paciencia, 0, time.Hour),
	)
}

// Vivir lives the day and gives its books. Progress goes to errores. Errors: an instance that does not answer for
// longer than opciones.Paciencia, that has no demo data, or that refuses a call that a demo login should be able to
// make.
func Vivir(ctx context.Context, opciones Opciones, errores io.Writer) (Resumen, error) {
	d := nuevoDia(opciones)
	defer d.http.CloseIdleConnections()
	if err := d.abrir(ctx); err != nil {
		if errors.Is(err, apiclient.ErrIssuer) {
			return Resumen{}, fmt.Errorf("%w: the demo logs in as its people", err)
		}
		return Resumen{}, fmt.Errorf("demo: before the day: %w", err)
	}
	callar := d.contar(ctx, errores)
	err := d.trabajar(ctx)
	callar()
	if err != nil {
		return Resumen{}, fmt.Errorf("demo: %w", err)
	}
	return d.cerrar(ctx)
}
