package module

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"despensa/migrations"
	"despensa/modules/clientes/internal/auditoria"
	"despensa/platform/cli"
	"despensa/platform/config"
	"despensa/platform/sqldb"

	"github.com/spf13/cobra"
)

// Comando is the module's part of the command line; leer gives the settings.
func Comando(leer func() (Opciones, error)) *cobra.Command {
	var archivo string
	v := &cobra.Command{
		Use: "verificar", Short: "walks the chain from the first record to the last", Args: cli.NoArgs,
		Long: "Reads the stores that the settings name (a running instance is not disturbed), and says that the chain is\n" +
			"intact, or at which number it is broken first. With --archivo it reads what GET /api/v1/auditoria/exportacion\n" +
			"gave, and needs no settings. Ends with 0 or 1.",
		RunE: func(c *cobra.Command, _ []string) error {
			i, err := verificar(c.Context(), archivo, c.InOrStdin(), leer)
			if err != nil {
				return err
			}
			return informar(c.OutOrStdout(), i)
		},
	}
	v.Flags().
		StringVar(&archivo, "archivo", "", "verify this export instead of the stores; - is standard input")
	c := &cobra.Command{Use: "auditoria", Short: "verifies the chain of the audit trail"}
	c.AddCommand(v)
	return c
}

func verificar(
	ctx context.Context, archivo string, entrada io.Reader, leer func() (Opciones, error),
) (auditoria.Informe, error) {
	switch archivo {
	case "":
		o, err := leer()
		if err != nil {
			return auditoria.Informe{}, err
		}
		return verificarStores(ctx, o)
	case "-":
		return auditoria.VerificarExportacion(entrada)
	}
	f, err := os.Open(archivo)
	if err != nil {
		return auditoria.Informe{}, fmt.Errorf(
			"--archivo %s: the export cannot be read",
			archivo,
		)
	}
	defer f.Close()
	return auditoria.VerificarExportacion(f)
}

// verificarStores verifies the chain in the stores that o names. Processes that use these stores may keep running.
func verificarStores(ctx context.Context, opciones Opciones) (i auditoria.Informe, err error) {
	archivo := filepath.Join(opciones.Folder, "clientes.db")
	if _, err := os.Stat(archivo); err != nil && opciones.Config.Postgres == "" {
		return i, fmt.Errorf(
			"%w: datos: there is no clientes.db in %s",
			config.ErrConfig,
			opciones.Folder,
		)
	}
	db, err := sqldb.Open(ctx, sqldb.Options{Name: "clientes", File: archivo,
		Postgres: opciones.Config.Postgres.Value(), Migrations: migrations.De("clientes")})
	if err != nil {
		return i, fmt.Errorf("clientes: open the store: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	d, err := openBuscador(ctx, opciones)
	if err != nil {
		return i, err
	}
	defer func() { err = errors.Join(err, d.Cerrar()) }()
	return auditoria.Verificar(ctx, auditoria.New(db, opciones.Now), d)
}

// errRota ends the command with 1.
var errRota = errors.New("the audit trail is broken")

func informar(out io.Writer, informe auditoria.Informe) error {
	switch {
	case informe.Roto > 0:
		fmt.Fprintf(out, "broken at number %d: %s\n", informe.Roto, informe.Motivo)
		return errRota
	case informe.Hasta < informe.Desde || informe.Hasta == 0:
		fmt.Fprintln(out, "intact: there are no records")
	default:
		fmt.Fprintf(out, "intact: records %d to %d", informe.Desde, informe.Hasta)
		if informe.Pendientes > 0 {
			fmt.Fprintf(out, ", %d of them not carried on yet", informe.Pendientes)
		}
		if informe.Huecos > 0 {
			fmt.Fprintf(out, ", left out at %d places", informe.Huecos)
		}
		fmt.Fprintln(out)
	}
	return nil
}
