package datos

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
	"testing"
)

func nuevaMaestra(t testing.TB) *Maestra {
	t.Helper()
	texto, err := NewMaterial()
	if err != nil {
		t.Fatal(err)
	}
	m, err := OpenMaestra(texto)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestAbrirMaestraRefusesWithoutRepeating(t *testing.T) {
	tests := map[string]string{
		"empty":        "",
		"no base64":    "clave-secreta!",
		"no JSON":      "Y2xhdmUtc2VjcmV0YQ==",
		"empty object": "e30=",
		"no keysets":   "eyJrZWsiOiJhIiwiaW5kaWNlIjoiYiJ9",
	}
	for nombre, texto := range tests {
		t.Run(nombre, func(t *testing.T) {
			_, err := OpenMaestra(texto)
			if !errors.Is(err, ErrMaterial) {
				t.Fatalf("got %v, want ErrMaterial", err)
			}
			if texto != "" && strings.Contains(err.Error(), texto) {
				t.Errorf("the error repeats the material: %v", err)
			}
		})
	}
}

func TestCiego(t *testing.T) {
	m := nuevaMaestra(t)
	ciego := func(m *Maestra, columna, valor string) string {
		t.Helper()
		s, err := m.ciego(columna, valor)
		if err != nil || s == nil {
			t.Fatalf("%v %v", s, err)
		}
		return *s
	}
	ana := ciego(m, "clientes.correo", plano(" Ana@Example.com"))
	if len(ana) != 2*indiceBytes || strings.Contains(ana, "ana") {
		t.Errorf("index %q", ana)
	}
	if ana != ciego(m, "clientes.correo", plano("ana@example.COM ")) {
		t.Error("case and blanks count")
	}
	tests := map[string]string{
		"another value":      ciego(m, "clientes.correo", "beto@example.com"),
		"another column":     ciego(m, "clientes.documento", "ana@example.com"),
		"another master key": ciego(nuevaMaestra(t), "clientes.correo", "ana@example.com"),
	}
	for nombre, otro := range tests {
		if otro == ana {
			t.Errorf("%s has the same index", nombre)
		}
	}
	if s, err := m.ciego("clientes.correo", ""); s != nil || err != nil {
		t.Errorf("nothing has an index: %v %v", s, err)
	}
}

func TestLlaveroWrapsForOneCustomer(t *testing.T) {
	m := nuevaMaestra(t)
	l := nuevoLlavero(m, 10)
	k, envoltura, err := l.nueva("ana")
	if err != nil {
		t.Fatal(err)
	}
	c, err := k.Encrypt([]byte("hola"), nil)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // unwrapped, then remembered
		otra, err := l.abrir("ana", envoltura)
		if err != nil {
			t.Fatal(err)
		}
		if claro, err := otra.Decrypt(c, nil); err != nil || string(claro) != "hola" {
			t.Fatalf("%q %v", claro, err)
		}
	}
	if _, err := l.abrir("beto", envoltura); err == nil {
		t.Error("a key that was moved to another customer opens")
	}
	if _, err := nuevoLlavero(nuevaMaestra(t), 10).abrir("ana", envoltura); err == nil {
		t.Error("another master key opens it")
	}
	_, err = l.abrir(
		"ana",
		append(bytes.Clone(envoltura[:len(envoltura)-1]), envoltura[len(envoltura)-1]^1),
	)
	if err == nil {
		t.Error("a remembered key answers for a wrapping that is not its own")
	}
}

func TestLlaveroIsBounded(t *testing.T) {
	l := nuevoLlavero(nuevaMaestra(t), 3)
	envolturas := map[string][]byte{}
	for i := range 5 {
		c := strconv.Itoa(i)
		_, e, err := l.nueva(c)
		if err != nil {
			t.Fatal(err)
		}
		envolturas[c] = e
		for _, quien := range []string{"0", c} { // 0 is used all the time
			if _, err := l.abrir(quien, envolturas[quien]); err != nil {
				t.Fatal(err)
			}
		}
	}
	if len(l.porDuen) != 3 || l.orden.Len() != 3 {
		t.Fatalf("%d keys remembered, want 3", len(l.porDuen))
	}
	for c, quiere := range map[string]bool{"0": true, "4": true, "3": true, "1": false, "2": false} {
		if _, ok := l.recordada(c, envolturas[c]); ok != quiere {
			t.Errorf("%s remembered: %v, want %v", c, ok, quiere)
		}
	}
	l.olvidar("4")
	if _, ok := l.recordada("4", envolturas["4"]); ok {
		t.Error("forgotten, and still there")
	}
}

func TestSelloBindsToItsPlace(t *testing.T) {
	l := nuevoLlavero(nuevaMaestra(t), 10)
	k, _, err := l.nueva("ana")
	if err != nil {
		t.Fatal(err)
	}
	ajena, _, err := l.nueva("beto")
	if err != nil {
		t.Fatal(err)
	}
	uno := &sello{llave: k, tabla: "clientes", id: "1"}
	c := uno.cerrar("nombre", "Ana")
	if uno.err != nil || c[0] != 1 || bytes.Contains(c, []byte("Ana")) {
		t.Fatalf("sealed %x, %v", c, uno.err)
	}
	tests := map[string]struct {
		s       *sello
		columna string
		abre    bool
	}{
		"in its place": {s: uno, columna: "nombre", abre: true},
		"other column": {s: &sello{llave: k, tabla: "clientes", id: "1"}, columna: "correo"},
		"other row":    {s: &sello{llave: k, tabla: "clientes", id: "2"}, columna: "nombre"},
		"other table": {
			s:       &sello{llave: k, tabla: "direcciones", id: "1"},
			columna: "nombre",
		},
		"other customer": {
			s:       &sello{llave: ajena, tabla: "clientes", id: "1"},
			columna: "nombre",
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			claro := tt.s.abrir(tt.columna, c)
			if (tt.s.err == nil) != tt.abre || (claro == "Ana") != tt.abre {
				t.Errorf("%q %v", claro, tt.s.err)
			}
		})
	}
	if c := uno.cerrar("nombre", ""); c != nil {
		t.Errorf("nothing was sealed: %x", c)
	}
	lat, lon := uno.abrirPunto("punto", uno.cerrarPunto("punto", -34.6037, -58.3816))
	if lat != -34.6037 || lon != -58.3816 || uno.err != nil {
		t.Errorf("%v %v %v", lat, lon, uno.err)
	}
}

func BenchmarkLlaveroUnwrap(b *testing.B) {
	l := nuevoLlavero(nuevaMaestra(b), 0)
	_, e, err := l.nueva("ana")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := l.abrir("ana", e); err != nil {
			b.Fatal(err)
		}
	}
}
