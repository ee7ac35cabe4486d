package comandos

import (
	"context"
	"fmt"
	"io"
	"os"

	"despensa/internal/ajustes"
	"despensa/internal/programa"
	"despensa/platform/config"

	"github.com/spf13/cobra"
)

// servir opens the program, says that it is ready, and serves until ctx ends.
func servir(cmd *cobra.Command, _ []string) error {
	configuracion, err := leer()
	if err != nil {
		return err
	}
	log, err := abrirRegistro(cmd.ErrOrStderr(), configuracion)
	if err != nil {
		return err
	}
	pr, err := pruebas(configuracion, os.Getenv)
	if err != nil {
		return err
	}
	avisarCarpeta(cmd.ErrOrStderr(), configuracion)
	p, err := programa.Open(cmd.Context(), configuracion, log, pr)
	if err != nil {
		return err
	}
	saludar(cmd, configuracion, p.Saludar)
	recolector(cmd.Context(), log)
	return atender(cmd.Context(), p, cmd.OutOrStdout())
}

// atender says that p is ready, serves until ctx ends, and closes p.
func atender(ctx context.Context, p *programa.Programa, salida io.Writer) error {
	fmt.Fprintln(salida, "listo", p.Ajustes.HTTP.URL)
	err := p.Correr(ctx)
	if e := p.Cerrar(); err == nil {
		err = e
	}
	return err
}

// saludar prints where to go next for a person at the terminal; nothing when the log is JSON, which programs read.
func saludar(cmd *cobra.Command, configuracion ajustes.Configuracion, saludo func(io.Writer)) {
	if configuracion.Registro.Formato != "json" {
		saludo(cmd.ErrOrStderr())
	}
}

// suplir is `despensa dev`: the stand-ins alone, for several replicas or another program.
func suplir(cmd *cobra.Command, _ []string) error {
	configuracion, err := leer()
	if err != nil {
		return err
	}
	if configuracion.Produccion() {
		return fmt.Errorf("%w: env: dev is not for produccion", config.ErrConfig)
	}
	log, err := abrirRegistro(cmd.ErrOrStderr(), configuracion)
	if err != nil {
		return err
	}
	avisarCarpeta(cmd.ErrOrStderr(), configuracion)
	p, err := programa.OpenDev(cmd.Context(), configuracion, log)
	if err != nil {
		return err
	}
	saludar(cmd, configuracion, p.SaludarDev)
	return atender(cmd.Context(), p, cmd.OutOrStdout())
}
