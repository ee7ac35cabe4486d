//go:build linux

package promesas_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"despensa/pruebas/kit"
)

// contenedor is a service of docker-compose.yml that runs without Docker: the image's files
// as its whole root, which it cannot write to, its user, its volumes, its variables.
type contenedor struct {
	t        *testing.T
	nombre   string
	s        servicio
	imagen   imagen
	entorno  []string
	raiz     string
	tomos    []string // folder, place, folder, place…
	cmd      *exec.Cmd
	registro bytes.Buffer
	fin      chan error
}

// encerrar does the work of Docker with namespaces: a root that is the image's alone and read-only, the volumes in
// it, and from there on no way to more rights.
const encerrar = `set -e
raiz=$1 usuario=$2; shift 2
mount --bind "$raiz" "$raiz"
while [ "$1" != -- ]; do mount --bind "$1" "$raiz$2"; shift 2; done; shift
mount -o remount,bind,ro "$raiz"
exec setpriv --no-new-privs "$(command -v chroot)" --userspec="$usuario" --groups= "$raiz" "$@"`

// nuevoContenedor lays out the root; nothing runs yet.
func nuevoContenedor(
	t *testing.T,
	dir, nombre string,
	composicion composicion,
	imagen imagen,
	binario string,
) *contenedor {
	t.Helper()
	s := composicion.Servicios[nombre]
	k := &contenedor{
		t:      t,
		nombre: nombre,
		s:      s,
		imagen: imagen,
		raiz:   filepath.Join(dir, nombre),
		fin:    make(chan error, 1),
	}
	imagen.montar(t, k.raiz, binario)
	hosts := "127.0.0.1 localhost\n" // and the answers of Docker's name server
	for _, otro := range slices.Sorted(maps.Keys(composicion.Servicios)) {
		hosts += "127.0.0.1 " + otro + "\n"
	}
	debe(t, os.MkdirAll(filepath.Join(k.raiz, "etc"), 0o755))
	debe(t, os.WriteFile(filepath.Join(k.raiz, "etc", "hosts"), []byte(hosts), 0o644))
	for _, v := range s.Volumenes {
		tomo, lugar, _ := strings.Cut(v, ":")
		d := filepath.Join(dir, "volumen-"+tomo)
		debe(t, os.MkdirAll(d, 0o755))
		// A new volume takes its owner from the image.
		info, err := os.Stat(filepath.Join(k.raiz, lugar))
		debe(t, err)
		dueno := info.Sys().(*syscall.Stat_t)
		debe(t, os.Chown(d, int(dueno.Uid), int(dueno.Gid)))
		k.tomos = append(k.tomos, d, lugar)
	}
	k.entorno = slices.Concat(
		slices.DeleteFunc(slices.Clone(imagen.entorno), func(e string) bool {
			nombre, _, _ := strings.Cut(e, "=")
			_, pisada := s.Entorno[nombre]
			return pisada
		}),
		composicion.entornos()[nombre],
	)
	return k
}

// comando is a command in the container.
func (k *contenedor) comando(ctx context.Context, args ...string) *exec.Cmd {
	todo := slices.Concat(
		[]string{"--mount", "--propagation", "private", "/bin/sh", "-c", encerrar, "sh", k.raiz,
			k.s.Usuario},
		k.tomos,
		[]string{"--"},
		args,
	)
	cmd := exec.CommandContext(ctx, "unshare", todo...)
	cmd.Env = k.entorno
	return cmd
}

// arrancar starts the service, and waits until its health check succeeds.
func (k *contenedor) arrancar() {
	k.t.Helper()
	k.cmd = k.comando(
		context.Background(),
		slices.Concat(k.imagen.entrada, k.s.Orden)...) // parar ends it
	k.cmd.Stdout, k.cmd.Stderr = &k.registro, &k.registro
	k.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	debe(k.t, k.cmd.Start())
	go func() { k.fin <- k.cmd.Wait() }()
	k.t.Cleanup(func() { _ = k.cmd.Process.Kill() }) // after parar the process id is free
	ctx, soltar := context.WithTimeout(k.t.Context(), 3*kit.Patience)
	defer soltar()
	tic := time.NewTicker(200 * time.Millisecond)
	defer tic.Stop()
	for k.comando(ctx, k.s.Salud.Test[1:]...).Run() != nil {
		select {
		case err := <-k.fin:
			k.t.Fatalf("%s ended: %v\n%s", k.nombre, err, k.registro.String())
		case <-ctx.Done():
			k.t.Fatalf("%s does not become healthy\n%s", k.nombre, k.registro.String())
		case <-tic.C:
		}
	}
}

// parar ends the service as `docker compose stop` does: the image's signal, and a kill
// after its time.
func (k *contenedor) parar() {
	k.t.Helper()
	debe(k.t, k.cmd.Process.Signal(syscall.SIGTERM))
	select {
	case err := <-k.fin:
		if err != nil {
			k.t.Errorf("%s: %v\n%s", k.nombre, err, k.registro.String())
		}
	case <-time.After(segundos(k.s.Parada)):
		k.t.Errorf("%s does not end in %s", k.nombre, k.s.Parada)
	}
	for _, mal := range []string{"panic", "fatal error", "DATA RACE", `"level":"ERROR"`} {
		if strings.Contains(k.registro.String(), mal) {
			k.t.Errorf("the log of %s has %q:\n%s", k.nombre, mal, k.registro.String())
		}
	}
}

// proc reads a file of the running process.
func (k *contenedor) proc(archivo string) string {
	k.t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", k.cmd.Process.Pid, archivo))
	debe(k.t, err)
	return string(b)
}

// encerrado checks the kernel's record of the process: its user, its rights, its root, and the most memory that it
// has had.
func (k *contenedor) encerrado() {
	k.t.Helper()
	estado := map[string]string{}
	for l := range strings.Lines(k.proc("status")) {
		nombre, valor, _ := strings.Cut(l, ":")
		estado[nombre] = strings.Join(strings.Fields(valor), " ")
	}
	uid, gid := duenio(k.t, k.s.Usuario)
	for nombre, quiere := range map[string]string{
		"Uid": fmt.Sprint(uid, uid, uid, uid), "Gid": fmt.Sprint(gid, gid, gid, gid), "Groups": "",
		"CapEff": "0000000000000000", "CapPrm": "0000000000000000", "NoNewPrivs": "1",
	} {
		if estado[nombre] != quiere {
			k.t.Errorf("%s: %s is %q, want %q", k.nombre, nombre, estado[nombre], quiere)
		}
	}
	escribe := []string{}
	for l := range strings.Lines(k.proc("mountinfo")) {
		if f := strings.Fields(l); len(f) > 5 && strings.HasPrefix(f[5], "rw") {
			escribe = append(escribe, f[4])
		}
	}
	if !slices.Equal(escribe, []string{"/data"}) {
		k.t.Errorf("%s can write below %v", k.nombre, escribe)
	}
	var kb int64
	_, err := fmt.Sscanf(estado["VmHWM"], "%d kB", &kb)
	k.t.Logf("%s: at most %d MB of %s", k.nombre, kb>>10, k.s.Memoria)
	if err != nil || kb<<10 > octetos(k.s.Memoria) {
		k.t.Errorf("%s needs %d kB, its limit is %s (%v)", k.nombre, kb, k.s.Memoria, err)
	}
}

// puedeEncerrar returns an error when this machine does not allow the namespaces that encerrar needs.
func puedeEncerrar(t *testing.T) error {
	t.Helper()
	if os.Geteuid() != 0 {
		return errors.New("only root can")
	}
	for _, c := range []string{"unshare", "setpriv", "chroot", "mount"} {
		if _, err := exec.LookPath(c); err != nil {
			return fmt.Errorf("no %s here", c)
		}
	}
	d := t.TempDir()
	return exec.CommandContext(t.Context(), "unshare", "--mount", "--propagation", "private",
		"mount", "--bind", d, d).Run()
}
