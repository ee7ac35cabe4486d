// Package explicar tells all about one order of a running instance on one page, for whoever
// helps its customer. It asks over HTTP like any other client and prints no personal data.
package explicar

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"despensa/internal/apiclient"
	"despensa/platform/cli"
)

// opciones are the command's flags.
type opciones struct {
	archivo string // with an access token; empty: a demo login
	json    bool
}

// banderas adds the flags; what was read already is their default.
func (o *opciones) banderas(f *flag.FlagSet) {
	f.StringVar(&o.archivo, "token-file", o.archivo, "file with an access token of an operador or admin; else the demo login admin")
	f.BoolVar(&o.json, "json", o.json, "print everything as one JSON document")
}

// Comando is `despensa explicar CODIGO`.
func Comando(url func() string, ingresar func(ctx context.Context, url, login string) (string, error)) cli.Comando {
	var o opciones
	return cli.Comando{
		Nombre: "explicar", Resumen: "tells all about one order on one page, and what is odd about it",
		Ayuda: "despensa explicar CODIGO: the ten characters that its customer reads out, or the order's id. A code that\n" +
			"several orders have lists them. Without --token-file it logs in at the embedded identity provider.\n" +
			"DESPENSA_URL says which instance.",
		Banderas: o.banderas,
		Correr: func(ctx context.Context, args []string, salida, _ io.Writer) error {
			cual, err := o.argumento(args)
			if err != nil {
				return err
			}
			token, err := o.token(ctx, url(), ingresar)
			if err != nil {
				return err
			}
			return o.explicar(ctx, apiclient.New(url(), apiclient.Fijo(token), nil), cual, salida)
		},
	}
}

// argumento gives what names the order; flags may stand behind it too. Errors: cli.ErrUso.
func (o *opciones) argumento(args []string) (string, error) {
	if len(args) == 0 {
		return "", fmt.Errorf("%w: despensa explicar CODIGO", cli.ErrUso)
	}
	f := flag.NewFlagSet("explicar", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	o.banderas(f)
	if err := f.Parse(args[1:]); err != nil || f.NArg() > 0 {
		return "", fmt.Errorf("%w: despensa explicar CODIGO takes one order", cli.ErrUso)
	}
	return args[0], nil
}

// token is the access token to ask with.
func (o *opciones) token(ctx context.Context, url string, ingresar func(ctx context.Context, url, login string) (string, error)) (string, error) {
	if o.archivo == "" {
		t, err := ingresar(ctx, url, "admin")
		if errors.Is(err, apiclient.ErrEmisor) {
			err = fmt.Errorf("%w: use --token-file", err)
		}
		return t, err
	}
	b, err := os.ReadFile(o.archivo)
	if t := string(bytes.TrimSpace(b)); err == nil && t != "" {
		return t, nil
	}
	return "", fmt.Errorf("%w: --token-file: the file cannot be read, or is empty", cli.ErrUso)
}

func (o *opciones) explicar(ctx context.Context, c *apiclient.Cliente, cual string, salida io.Writer) error {
	ids, err := buscar(ctx, c, cual)
	if err != nil {
		return err
	}
	if len(ids) > 1 {
		return listar(salida, ids, o.json)
	}
	caso, err := leer(ctx, c, ids[0].ID)
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

// apartado writes the only thing that is known of an unreadable order.
func (o *opciones) apartado(k Caso, salida io.Writer) error {
	if o.json {
		return escribirJSON(salida, k)
	}
	_, err := fmt.Fprintln(salida, apartado)
	return err
}

func escribirJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// errVarios says that a code is not enough to tell which order is meant.
var errVarios = errors.New("several orders have this code; name one by its id")

// listar shows the orders that share a code. Error: errVarios.
func listar(w io.Writer, ps []Pedido, comoJSON bool) error {
	if comoJSON {
		if err := escribirJSON(w, map[string]any{"pedidos": ps}); err != nil {
			return err
		}
		return errVarios
	}
	for _, p := range ps {
		fmt.Fprintf(w, "%s  %s  %-14s  %s\n", p.ID, fecha(p.Creado), p.Estado, pesos(p.Total))
	}
	return errVarios
}
