package comandos

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime/debug"

	"despensa/internal/ajustes"
	"despensa/internal/programa"
	"despensa/platform/cli"
	"despensa/platform/config"
	"despensa/platform/telemetry"
)

// servir opens everything, says that it is ready, and serves until ctx ends.
func servir(ctx context.Context, args []string, salida, errores io.Writer) error {
	if err := cli.SinArgumentos(args); err != nil {
		return err
	}
	c, err := ajustes.Leer(os.Environ())
	if err != nil {
		return err
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(300) // 70 MB more buy an eighth of the CPU: docs/rendimiento.md
	}
	log, err := telemetry.NuevoLog(errores, c.Registro)
	if err != nil {
		return fmt.Errorf("%w: %w", config.ErrConfig, err)
	}
	slog.SetDefault(log) // for libraries; those that write with the package log, too
	pr, err := pruebas(c, os.Getenv)
	if err != nil {
		return err
	}
	p, err := programa.Abrir(ctx, c, log, pr)
	if err != nil {
		return err
	}
	p.Saludar(errores)
	return atender(ctx, p, salida)
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

// suplir is `despensa dev`: the stand-ins alone, for several replicas or another program.
func suplir(ctx context.Context, args []string, salida, errores io.Writer) error {
	if err := cli.SinArgumentos(args); err != nil {
		return err
	}
	c, err := ajustes.Leer(os.Environ())
	if err != nil {
		return err
	}
	if c.Produccion() {
		return fmt.Errorf("%w: env: dev is not for produccion", config.ErrConfig)
	}
	log, err := telemetry.NuevoLog(errores, c.Registro)
	if err != nil {
		return fmt.Errorf("%w: %w", config.ErrConfig, err)
	}
	slog.SetDefault(log)
	p, err := programa.AbrirDev(ctx, c, log)
	if err != nil {
		return err
	}
	p.SaludarDev(errores)
	return atender(ctx, p, salida)
}
