package promesas_test

import (
	"debug/elf"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"despensa/pruebas/kit"
)

// imagen is the reading of the Dockerfile: its last stage, and the build of the program for that stage.
type imagen struct {
	taller, base          string // the images that the first and the last stage start from
	compilar              []string
	copias                []copia
	usuario, parada       string
	entorno, volumenes    []string
	entrada, orden, salud []string
}

// copia is something of the first stage that the last one has.
type copia struct{ desde, hacia, duenio string }

// leerImagen reads the Dockerfile, as far as it is written here.
func leerImagen(t *testing.T) (i imagen) {
	t.Helper()
	texto := regexp.MustCompile(`(?m)^#.*\n`).
		ReplaceAllString(kit.ReadText(t, "Dockerfile"), "")
	for linea := range strings.Lines(strings.ReplaceAll(texto, "\\\n", " ")) {
		orden, resto, _ := strings.Cut(strings.TrimSpace(linea), " ")
		switch orden {
		case "FROM":
			i.base, _, _ = strings.Cut(resto, " ")
			if i.taller == "" {
				i.taller = i.base
			}
		case "RUN":
			if m := regexp.MustCompile(`CGO_ENABLED=0 go build (.*) -o \S+ \.`).FindStringSubmatch(resto); m != nil {
				i.compilar = regexp.MustCompile(`"[^"]*"|\S+`).FindAllString(m[1], -1)
			}
		case "COPY":
			if m := regexp.MustCompile(`^--from=taller (?:--chown=(\S+) )?(\S+) (\S+)$`).FindStringSubmatch(resto); m != nil {
				i.copias = append(i.copias, copia{desde: m[2], hacia: m[3], duenio: m[1]})
			}
		case "ENV":
			i.entorno = append(i.entorno, strings.Fields(resto)...)
		default:
			i.anotar(t, orden, resto)
		}
	}
	return i
}

// anotar takes an instruction that says how a container runs.
func (i *imagen) anotar(t *testing.T, orden, resto string) {
	t.Helper()
	switch orden {
	case "USER":
		i.usuario = resto
	case "STOPSIGNAL":
		i.parada = resto
	case "VOLUME":
		i.volumenes = append(i.volumenes, resto)
	case "ENTRYPOINT":
		i.entrada = palabras(t, resto)
	case "CMD":
		i.orden = palabras(t, resto)
	case "HEALTHCHECK":
		_, resto, _ = strings.Cut(resto, "CMD ")
		i.salud = palabras(t, resto)
	}
}

// palabras reads a command in exec form.
func palabras(t *testing.T, s string) (out []string) {
	t.Helper()
	if err := json.Unmarshal([]byte(s), &out); err != nil {
		t.Fatalf("%s is not in exec form", s)
	}
	return out
}

// The promises about a container of the image are checked in the Dockerfile, without a build of the image.
func TestDockerfile(t *testing.T) {
	kit.MeetsNoServer(t)
	t.Parallel()
	i := leerImagen(t)
	if i.base != "scratch" ||
		!regexp.MustCompile(`^golang:1\.26\.\d+-\w+$`).MatchString(i.taller) {
		t.Errorf("from %s to %s", i.taller, i.base)
	}
	if !regexp.MustCompile(`^[1-9]\d{3,}:[1-9]\d{3,}$`).MatchString(i.usuario) ||
		i.parada != "SIGTERM" {
		t.Errorf("user %q, stop signal %q", i.usuario, i.parada)
	}
	if strings.Join(i.compilar, " ") != `-trimpath -ldflags "-s -w -X despensa/internal/programa.revision=${REVISION}"` {
		t.Errorf("built with %v", i.compilar)
	}
	if n := strings.Count(kit.ReadText(t, "Dockerfile"), "\nARG REVISION=unknown\n"); n != 2 {
		t.Errorf("%d stages take REVISION, want both", n)
	}
	datos := false
	for _, c := range i.copias {
		datos = datos || c.hacia == "/data" && c.duenio == i.usuario
	}
	if !datos || strings.Join(i.volumenes, " ") != "/data" {
		t.Errorf("volumes %v of the image's user: %v", i.volumenes, i.copias)
	}
	if strings.Join(i.salud, " ") != "/despensa healthcheck" ||
		strings.Join(append(i.entrada, i.orden...), " ") != "/despensa serve" {
		t.Errorf("runs %v %v, is asked by %v", i.entrada, i.orden, i.salud)
	}
}

// revisionDePrueba is the build argument REVISION of construir.
const revisionDePrueba = "0123456789abcdef0123456789abcdef01234567"

// construir builds the program as the Dockerfile does, from the files that .dockerignore lets through to the builder.
func (i imagen) construir(t *testing.T, donde string) {
	t.Helper()
	kit.Slow(t, "builds the program as the image does")
	fuente := t.TempDir()
	enviar(t, fuente)
	args := []string{"build"}
	for _, a := range i.compilar {
		args = append(
			args,
			strings.ReplaceAll(strings.Trim(a, `"`), "${REVISION}", revisionDePrueba),
		)
	}
	cmd := exec.CommandContext(t.Context(), "go", append(args, "-o", donde, ".")...)
	cmd.Dir, cmd.Env = fuente, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	f, err := elf.Open(donde)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP {
			t.Error("the binary is not static")
		}
	}
	if out, err := exec.CommandContext(t.Context(), donde, "version").Output(); err != nil ||
		!strings.Contains(string(out), "("+revisionDePrueba+")") {
		t.Errorf("the image's program says %q, %v, which is not its revision", out, err)
	}
}

// enviar copies the files that the builder gets.
func enviar(t *testing.T, hacia string) {
	t.Helper()
	reglas := strings.Fields(
		regexp.MustCompile(`(?m)^#.*\n`).ReplaceAllString(kit.ReadText(t, ".dockerignore"), ""),
	)
	err := filepath.WalkDir(".", func(archivo string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || callado(t, reglas, archivo) {
			return err
		}
		copiarArchivo(t, archivo, filepath.Join(hacia, archivo), 0o644)
		return nil
	})
	debe(t, err)
}

// callado says that .dockerignore keeps a file from the builder: the last rule that fits it
// or a folder above it decides. Rules name one part of a path; behind "**/", any part.
func callado(t *testing.T, reglas []string, archivo string) (si bool) {
	t.Helper()
	partes := strings.Split(archivo, "/")
	for _, r := range reglas {
		patron, deja := strings.CutPrefix(r, "!")
		patron, hondo := strings.CutPrefix(patron, "**/")
		for n, parte := range partes {
			vale, err := path.Match(patron, parte)
			debe(t, err)
			if vale && (n == 0 || hondo) {
				si = !deja
			}
		}
	}
	return si
}

// montar lays out the image's files in raiz, with binario as the program.
func (i imagen) montar(t *testing.T, raiz, binario string) {
	t.Helper()
	var total int64
	for _, c := range i.copias {
		hacia := filepath.Join(raiz, c.hacia)
		switch {
		case strings.HasSuffix(c.desde, "/data"):
			debe(t, os.MkdirAll(hacia, 0o755))
		case strings.HasSuffix(c.desde, "/despensa"):
			total += copiarArchivo(t, binario, hacia, 0o755)
		default: // a file of the system, as the builder's has it
			total += copiarArchivo(t, c.desde, hacia, 0o644)
		}
		if c.duenio != "" {
			uid, gid := duenio(t, c.duenio)
			debe(t, os.Chown(hacia, uid, gid))
		}
	}
	t.Logf("the image's files: %.1f MB", float64(total)/1e6)
	if total > 80e6 {
		t.Errorf("the image has %d bytes", total)
	}
}

// duenio reads "uid:gid".
func duenio(t *testing.T, s string) (uid, gid int) {
	t.Helper()
	u, g, _ := strings.Cut(s, ":")
	uid, err := strconv.Atoi(u)
	debe(t, err)
	gid, err = strconv.Atoi(g)
	debe(t, err)
	return uid, gid
}

func copiarArchivo(t *testing.T, desde, hacia string, modo os.FileMode) int64 {
	t.Helper()
	b, err := os.ReadFile(desde)
	debe(t, err)
	debe(t, os.MkdirAll(path.Dir(hacia), 0o755))
	debe(t, os.WriteFile(hacia, b, modo))
	return int64(len(b))
}

// debe ends the test on an error.
func debe(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
