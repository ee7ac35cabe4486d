package licencias

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"despensa/platform/cli"
)

var actualizar = flag.Bool("update", false, "write avisos.json from what is linked")

// TestNoticesAreOfWhatIsLinked compares the notices with the modules that the release links, and every licence with
// Permitidas.
func TestNoticesAreOfWhatIsLinked(t *testing.T) {
	hay := recoger(t)
	for _, m := range hay.Modulos {
		if len(m.Licencias) == 0 {
			t.Errorf("%s: no licence that we know", m.Ruta)
		}
		for _, l := range m.Licencias {
			if !slices.Contains(Permitidas, l) {
				t.Errorf("%s is under %s, which we do not take", m.Ruta, l)
			}
		}
	}
	b, err := json.MarshalIndent(hay, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	if b = append(b, '\n'); *actualizar {
		if err := os.WriteFile("avisos.json", b, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(b, notices) {
		t.Error("avisos.json is not of what is linked: go test ./internal/comandos/licencias -update")
	}
}

// recoger reads the notices of every linked package, out of its folder and the folders above it, up to its module's.
func recoger(t *testing.T) Notices {
	t.Helper()
	cmd := exec.CommandContext(
		t.Context(),
		"go",
		"list",
		"-deps",
		"-f",
		"{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}\t{{end}}{{end}}{{.Dir}}",
		"../../..",
	)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=amd64")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	a := Notices{Textos: map[string]string{}}
	de := map[string]*Modulo{"std": a.deGo(t)}
	for linea := range strings.SplitSeq(strings.TrimSpace(string(out)), "\n") {
		if p := strings.Split(linea, "\t"); len(p) == 4 {
			if de[p[0]] == nil {
				de[p[0]] = &Modulo{Ruta: p[0], Version: p[1]}
			}
			for dir := p[3]; strings.HasPrefix(dir, p[2]); dir = filepath.Dir(dir) {
				a.anotar(t, de[p[0]], dir)
			}
		}
	}
	for _, m := range de {
		slices.Sort(m.Licencias)
		m.Licencias = slices.Compact(m.Licencias)
		a.Modulos = append(a.Modulos, *m)
	}
	slices.SortFunc(a.Modulos, func(x, y Modulo) int { return strings.Compare(x.Ruta, y.Ruta) })
	return a
}

// deGo is Go's own library. Its version is that of the language, so that the file does not depend on the installed Go.
func (a Notices) deGo(t *testing.T) *Modulo {
	t.Helper()
	raiz, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	m := &Modulo{Ruta: "std", Version: "go1.26"}
	dir := strings.TrimSpace(string(raiz))
	if a.anotar(t, m, dir); len(m.Textos) == 0 { // some distributions keep the licence of Go in another folder
		a.anotar(t, m, filepath.Join(dir, ".."))
	}
	return m
}

var isNotice = regexp.MustCompile(`(?i)^(.*licen[cs]e.*|copying.*|notice.*)$`)

// ajeno matches files with the name of a licence that hold none of the code: programs, and a note on the origin of a
// logo.
var ajeno = regexp.MustCompile(`(?i)\.go$|-logo$`)

// anotar adds the licences and notices in a folder to its module. A notice file must not contain a licence.
func (a Notices) anotar(t *testing.T, modulo *Modulo, dir string) {
	t.Helper()
	entradas, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entradas {
		if !e.Type().IsRegular() || !isNotice.MatchString(e.Name()) ||
			ajeno.MatchString(e.Name()) {
			continue
		}
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		texto := strings.ReplaceAll(string(b), "\r\n", "\n")
		clases := Clasificar(texto)
		if len(clases) == 0 && !strings.HasPrefix(strings.ToLower(e.Name()), "notice") {
			t.Errorf("%s: %s is no licence that we know", modulo.Ruta, e.Name())
		}
		huella := sha256.Sum256([]byte(texto))
		nombre := hex.EncodeToString(huella[:6])
		a.Textos[nombre] = texto
		modulo.Licencias = append(modulo.Licencias, clases...)
		if !slices.Contains(modulo.Textos, nombre) {
			modulo.Textos = append(modulo.Textos, nombre)
		}
	}
}

func TestClasificar(t *testing.T) {
	const bsd = "Redistribution and use in source and binary forms, with or without modification, are permitted"
	const mozilla = "Mozilla Public License Version 2.0 ... " +
		"a Secondary License is the GNU General Public License, Version 2.0"
	casos := map[string]string{
		"":                     "",
		"All rights reserved.": "",
		"Apache License\n  Version 2.0, January 2004":                                      "Apache-2.0",
		"Permission is hereby granted, free of charge,\nto any person obtaining a copy of": "MIT",
		bsd + ".": "BSD-2-Clause",
		bsd + ". Neither the name of X may be used to endorse or promote products": "BSD-3-Clause",
		mozilla: "MPL-2.0",
		"GNU GENERAL PUBLIC LICENSE Version 3, 29 June 2007":                               "GPL",
		"GNU LESSER GENERAL PUBLIC LICENSE\n Version 2.1":                                  "LGPL",
		"GNU AFFERO GENERAL PUBLIC LICENSE Version 3":                                      "AGPL",
		"Permission to use, copy, modify, and/or distribute this software for any purpose": "ISC",
		"This is free and unencumbered software released into the public domain.":          "Unlicense",
		"Business Source License 1.1":                                                      "BUSL",
	}
	for texto, quiere := range casos {
		if c := strings.Join(Clasificar(texto), " "); c != quiere {
			t.Errorf("%q is %q, want %q", texto, c, quiere)
		}
	}
	for _, no := range []string{"GPL", "LGPL", "AGPL", "SSPL", "BUSL"} {
		if slices.Contains(Permitidas, no) {
			t.Errorf("%s is taken", no)
		}
	}
}

func TestCommand(t *testing.T) {
	correr := func(args ...string) (int, string) {
		var salida, errores bytes.Buffer
		code := cli.Run(t.Context(), Comando(), args, cli.Streams{Out: &salida, Err: &errores})
		return code, salida.String()
	}
	code, texto := correr()
	a, err := Leer()
	if err != nil || code != 0 || len(a.Modulos) < 20 {
		t.Fatal(code, len(a.Modulos), err)
	}
	for _, m := range a.Modulos {
		if !strings.Contains(texto, m.Ruta) ||
			!strings.Contains(texto, strings.TrimRight(a.Textos[m.Textos[0]], "\n")) {
			t.Errorf("%s is not in what is printed", m.Ruta)
		}
	}
	var filas []Modulo
	if code, texto := correr("--json"); code != 0 ||
		json.Unmarshal([]byte(texto), &filas) != nil ||
		len(filas) != len(a.Modulos) ||
		filas[0].Ruta != a.Modulos[0].Ruta {
		t.Error(code, fmt.Sprintf("%.80s", texto))
	}
	if code, _ := correr("todas"); code != 2 {
		t.Errorf("an argument: code %d", code)
	}
}
