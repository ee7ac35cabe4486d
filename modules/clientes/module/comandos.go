package module

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"despensa/migrations"
	"despensa/modules/clientes/internal/auditoria"
	"despensa/platform/cli"
	"despensa/platform/config"
	"despensa/platform/sqldb"
)

// Comandos are the module's part of the command line; leer gives the settings.
func Comandos(leer func() (Opciones, error)) []cli.Comando {
	var archivo string
	return []cli.Comando{{
		Nombre: "auditoria", Resumen: "verifies the chain of the audit trail",
		Ayuda: "despensa auditoria verificar walks from the first record to the last, in the stores that the settings name (a\n" +
			"running instance is not disturbed), and says that the chain is intact, or at which number it is broken first.\n" +
			"With --archivo it reads what GET /api/v1/auditoria/exportacion gave, and needs no settings. Ends with 0 or 1.",
		Banderas: func(f *flag.FlagSet) {
			f.StringVar(&archivo, "archivo", "", "verify this export instead of the stores; - is standard input")
		},
		Correr: func(ctx context.Context, args []string, salida, _ io.Writer) error {
			if err := palabras(args, &archivo); err != nil {
				return err
			}
			i, err := verificar(ctx, archivo, leer)
			if err != nil {
				return err
			}
			return informar(salida, i)
		},
	}}
}

// palabras reads "verificar" and the flags behind it. Errors: cli.ErrUso.
func palabras(args []string, archivo *string) error {
	mal := fmt.Errorf("%w: despensa auditoria verificar [--archivo FILE]", cli.ErrUso)
	if len(args) == 0 || args[0] != "verificar" {
		return mal
	}
	f := flag.NewFlagSet("verificar", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.StringVar(archivo, "archivo", *archivo, "")
	if err := f.Parse(args[1:]); err != nil || f.NArg() > 0 {
		return mal
	}
	return nil
}

func verificar(ctx context.Context, archivo string, leer func() (Opciones, error)) (auditoria.Informe, error) {
	switch archivo {
	case "":
		o, err := leer()
		if err != nil {
			return auditoria.Informe{}, err
		}
		return verificarAlmacenes(ctx, o)
	case "-":
		return auditoria.VerificarExportacion(os.Stdin)
	}
	f, err := os.Open(archivo)
	if err != nil {
		return auditoria.Informe{}, errors.New("the export cannot be read")
	}
	defer f.Close()
	return auditoria.VerificarExportacion(f)
}

// verificarAlmacenes opens the stores beside whoever uses them.
func verificarAlmacenes(ctx context.Context, o Opciones) (i auditoria.Informe, err error) {
	archivo := filepath.Join(o.Datos, "clientes.db")
	if _, err := os.Stat(archivo); err != nil && o.Config.Postgres == "" {
		return i, fmt.Errorf("%w: datos: there is no clientes.db in it", config.ErrConfig)
	}
	db, err := sqldb.Abrir(ctx, sqldb.Opciones{Nombre: "clientes", Archivo: archivo,
		Postgres: o.Config.Postgres.Valor(), Migraciones: migrations.De("clientes")})
	if err != nil {
		return i, fmt.Errorf("clientes: open the store: %w", err)
	}
	defer func() { err = errors.Join(err, db.Cerrar()) }()
	d, err := abrirDestino(ctx, o)
	if err != nil {
		return i, err
	}
	defer func() { err = errors.Join(err, d.Cerrar()) }()
	return auditoria.Verificar(ctx, auditoria.Nuevo(db, o.Ahora), d)
}

// errRota ends the command with 1.
var errRota = errors.New("the audit trail is broken")

func informar(w io.Writer, i auditoria.Informe) error {
	switch {
	case i.Roto > 0:
		fmt.Fprintf(w, "broken at number %d: %s\n", i.Roto, i.Motivo)
		return errRota
	case i.Hasta < i.Desde || i.Hasta == 0:
		fmt.Fprintln(w, "intact: there are no records")
	default:
		fmt.Fprintf(w, "intact: records %d to %d", i.Desde, i.Hasta)
		if i.Pendientes > 0 {
			fmt.Fprintf(w, ", %d of them not carried on yet", i.Pendientes)
		}
		if i.Huecos > 0 {
			fmt.Fprintf(w, ", left out at %d places", i.Huecos)
		}
		fmt.Fprintln(w)
	}
	return nil
}
