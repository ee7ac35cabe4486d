// Package explicar shows everything about one order of a running instance on one page, for the staff that helps its
// customer. It reads over HTTP like any other client and prints no personal data.
package explicar

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"despensa/internal/apiclient"
	"despensa/platform/cli"

	"github.com/spf13/cobra"
)

// opciones are the command's flags.
type opciones struct {
	archivo string // path of a file with an access token; empty: a demo login
	json    bool
}

// Comando is `despensa explicar CODIGO`.
func Comando(
	url func() string,
	ingresar func(ctx context.Context, url, login string) (string, error),
) *cobra.Command {
	var o opciones
	comando := &cobra.Command{
		Use: "explicar CODIGO", Short: "tells all about one order on one page, and what is odd about it",
		Long: "CODIGO is the ten characters that its customer reads out, or the order's id. A code that several " +
			"orders have\n" +
			"lists them. Without --token-file it logs in at the embedded identity provider. DESPENSA_URL says which instance.",
		Args: unPedido,
		RunE: func(comando *cobra.Command, args []string) error {
			token, err := o.token(comando.Context(), url(), ingresar)
			if err != nil {
				return err
			}
			cliente := apiclient.New(url(), apiclient.Fixed(token), nil)
			return o.explicar(comando.Context(), cliente, args[0], comando.OutOrStdout())
		},
	}
	comando.Flags().StringVar(&o.archivo, "token-file", "",
		"file with an access token of an operador or admin; else the demo login admin")
	comando.Flags().BoolVar(&o.json, "json", false, "print everything as one JSON document")
	return comando
}

// token is the access token of the calls: the one in the file, or that of the demo login admin.
func (o *opciones) token(
	ctx context.Context,
	url string,
	ingresar func(ctx context.Context, url, login string) (string, error),
) (string, error) {
	if o.archivo == "" {
		t, err := ingresar(ctx, url, "admin")
		if errors.Is(err, apiclient.ErrIssuer) {
			err = fmt.Errorf("%w: use --token-file", err)
		}
		return t, err
	}
	b, err := os.ReadFile(o.archivo)
	if t := string(bytes.TrimSpace(b)); err == nil && t != "" {
		return t, nil
	}
	return "", fmt.Errorf(
		"%w: --token-file: the file cannot be read, or is empty",
		cli.ErrUsage,
	)
}

// explicar prints the page of the order that cual names; the list of the orders, when several share the code. Errors:
// those of buscar and leer; errVarios.
func (o *opciones) explicar(
	ctx context.Context,
	client *apiclient.Client,
	cual string,
	salida io.Writer,
) error {
	ids, err := buscar(ctx, client, cual)
	if err != nil {
		return err
	}
	if len(ids) > 1 {
		return listar(salida, ids, o.json)
	}
	caso, err := leer(ctx, client, ids[0].ID)
	if errors.Is(err, errApartado) {
		return errors.Join(err, o.apartado(caso, salida))
	}
	if err != nil {
		return err
	}
	caso.Atencion = caso.atencion()
	if o.json {
		return escribirJSON(salida, caso)
	}
	_, err = io.WriteString(salida, caso.pagina())
	return err
}

// apartado prints the page of an order that cannot be read: its id and one sentence.
func (o *opciones) apartado(caso Caso, salida io.Writer) error {
	if o.json {
		return escribirJSON(salida, caso)
	}
	_, err := fmt.Fprintln(salida, apartado)
	return err
}

func escribirJSON(out io.Writer, v any) error {
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// errVarios: several orders have the code.
var errVarios = errors.New("several orders have this code; name one by its id")

// listar prints the orders that share a code. Errors: errVarios, always.
func listar(out io.Writer, pedidos []Pedido, comoJSON bool) error {
	if comoJSON {
		if err := escribirJSON(out, map[string]any{"pedidos": pedidos}); err != nil {
			return err
		}
		return errVarios
	}
	for _, p := range pedidos {
		fmt.Fprintf(out, "%s  %s  %-14s  %s\n", p.ID, fecha(p.Creado), p.Estado, pesos(p.Total))
	}
	return errVarios
}

// unPedido requires exactly one argument. Errors: cli.ErrUsage.
func unPedido(_ *cobra.Command, args []string) error {
	switch {
	case len(args) == 1 && args[0] == "":
		return errors.New("one order is expected, by its CODIGO or its id: it is empty")
	case len(args) != 1:
		return fmt.Errorf(
			"one order is expected, by its CODIGO or its id: there are %d",
			len(args),
		)
	}
	return nil
}
