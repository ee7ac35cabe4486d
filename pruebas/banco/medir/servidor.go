package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"despensa/internal/comandos/bench"
	"despensa/platform/mongodb/mongodbtest"
	"despensa/platform/sqldb/sqldbtest"
)

// servidor is a program at work.
type servidor struct {
	orden   *exec.Cmd
	url     string
	errores bytes.Buffer
}

// arrancar starts binario over a data folder and waits until it is ready. envoltura is a command that runs it, such as
// strace.
func arrancar(
	ctx context.Context,
	binario binario,
	datos string,
	entorno, envoltura []string,
) (*servidor, error) {
	args := append(append([]string{}, envoltura...), binario.camino, "serve")
	s := &servidor{orden: exec.CommandContext(ctx, args[0], args[1:]...)}
	s.orden.Cancel = func() error { return s.orden.Process.Signal(syscall.SIGTERM) }
	s.orden.Env = append(
		ambiente(),
		"DESPENSA_DATOS="+datos,
		"DESPENSA_HTTP_DIRECCION=127.0.0.1:0",
		"DESPENSA_HTTP_LIMITE=1000000",
		"DESPENSA_HTTP_LIMITE_FALLOS=1000000",
		"DESPENSA_REGISTRO_NIVEL=error",
	)
	s.orden.Env = append(s.orden.Env, entorno...)
	s.orden.Stderr = &s.errores
	salida, err := s.orden.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.orden.Start(); err != nil {
		return nil, err
	}
	linea, err := bufio.NewReader(salida).ReadString('\n')
	var ok bool
	if s.url, ok = strings.CutPrefix(strings.TrimSpace(linea), "listo "); err != nil || !ok {
		return nil, errors.Join(
			fmt.Errorf("%s does not start: %q\n%s", binario.nombre, linea, s.errores.String()),
			s.parar(),
		)
	}
	return s, nil
}

// parar ends the program by SIGTERM, as an operator would.
func (s *servidor) parar() error {
	if err := s.orden.Process.Signal(syscall.SIGTERM); err != nil &&
		!errors.Is(err, os.ErrProcessDone) {
		return err
	}
	return s.orden.Wait()
}

// ambiente is the environment of this process without settings of the program.
func ambiente() (out []string) {
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "DESPENSA_") {
			out = append(out, v)
		}
	}
	return out
}

// pedir lets the client of binario order, and returns the client's figures and its own CPU time in seconds.
func pedir(
	ctx context.Context,
	binario binario,
	url string,
	args ...string,
) (c bench.Cifras, cpu float64, err error) {
	orden := exec.CommandContext(
		ctx,
		binario.camino,
		append([]string{"bench", "--json"}, args...)...)
	orden.Env = append(ambiente(), "DESPENSA_URL="+url)
	var errores bytes.Buffer
	orden.Stderr = &errores
	salida, err := orden.Output()
	if err != nil {
		return c, 0, fmt.Errorf(
			"bench %s: %w\n%s",
			strings.Join(args, " "),
			err,
			errores.String(),
		)
	}
	if err := json.Unmarshal(salida, &c); err != nil {
		return c, 0, fmt.Errorf("bench: %w", err)
	}
	return c, (orden.ProcessState.UserTime() + orden.ProcessState.SystemTime()).Seconds(), nil
}

// bases makes databases on the servers that o asks for, and returns the settings that name them and the function that
// drops them.
func bases(opciones opciones) (entorno []string, soltar func() error, err error) {
	if !opciones.servidores {
		return nil, func() error { return nil }, nil
	}
	p, soltarP, err := sqldbtest.Create("")
	if err != nil {
		return nil, nil, err
	}
	m, soltarM, err := mongodbtest.Create("")
	if err != nil {
		return nil, nil, errors.Join(err, soltarP())
	}
	if p == "" && m == "" {
		return nil, nil, fmt.Errorf("%w: --servidores: neither %s nor %s names one", errUso,
			sqldbtest.Variable, mongodbtest.Variable)
	}
	if p != "" {
		entorno = append(entorno, "DESPENSA_CLIENTES_POSTGRES="+p, "DESPENSA_PAGOS_POSTGRES="+p,
			"DESPENSA_RUTAS_POSTGRES="+p)
	}
	if m != "" {
		entorno = append(entorno, "DESPENSA_PEDIDOS_MONGODB="+m)
	}
	return entorno, func() error { return errors.Join(soltarP(), soltarM()) }, nil
}

// ocupa is the size of the program's stores below a folder, in bytes. The gateway's own, below dev, do not count.
func ocupa(carpeta string) (n int64, err error) {
	err = filepath.WalkDir(carpeta, func(camino string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == "dev":
			return filepath.SkipDir
		case d.IsDir():
			return nil
		}
		i, err := d.Info()
		if err == nil {
			n += i.Size()
		}
		return err
	})
	return n, err
}

func texto(n int) string { return strconv.Itoa(n) }
