package main

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"despensa/internal/comandos/bench"
)

// A wrong flag ends with exit code 2 and names the flag; --help ends with 0.
func TestLeer(t *testing.T) {
	tests := map[string]struct {
		args []string
		code int
		dice string
	}{
		"help":    {args: []string{"--help"}, code: bien, dice: "Exit codes"},
		"no flag": {args: []string{"--volar"}, code: malUso, dice: "--help"},
		"a word":  {args: []string{"todo"}, code: malUso, dice: "todo"},
		"no form": {
			args: []string{"--formas", "abierta"},
			code: malUso,
			dice: "abierta",
		},
		"no number": {args: []string{"--clientes", "8,x"}, code: malUso, dice: "8,x"},
		"no rounds": {
			args: []string{"--rondas", "0"},
			code: malUso,
			dice: "--rondas 0",
		},
		"nothing to order": {
			args: []string{"--pedidos", "1"},
			code: malUso,
			dice: "--pedidos 1",
		},
		"below zero": {
			args: []string{"--previos", "-1"},
			code: malUso,
			dice: "below zero",
		},
		"out of all bounds": {args: []string{"--lineas", "257"}, code: malUso, dice: "257"},
	}
	for name, tt := range tests {
		var s, e bytes.Buffer
		if code := correr(t.Context(), tt.args, &s, &e); code != tt.code || s.Len() > 0 ||
			!strings.Contains(e.String(), tt.dice) {
			t.Errorf("%s: exit %d: %q, %q", name, code, s.String(), e.String())
		}
	}
}

func TestCasos(t *testing.T) {
	o, err := leer(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := []caso{
		{forma: "seguido", clientes: 8, lineas: 1},
		{forma: "seguido", clientes: 32, lineas: 1},
		{forma: "cerrado", clientes: 8, lineas: 1},
		{forma: "cerrado", clientes: 32, lineas: 1},
		{forma: "ritmo", clientes: 32, lineas: 1},
		{
			forma:    "seguido",
			clientes: 8,
			lineas:   20,
		},
		{forma: "seguido", clientes: 32, lineas: 20},
		{
			forma:    "cerrado",
			clientes: 8,
			lineas:   20,
		},
		{forma: "cerrado", clientes: 32, lineas: 20},
	}
	if got := o.casos(); !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	b := strings.Join(o.banderas(caso{forma: "ritmo", clientes: 32, lineas: 1}, 10), " ")
	if b != "--clientes 32 --lineas 1 --pedidos 10 --ritmo 60 --poisson" {
		t.Error(b)
	}
}

// A machine is busy by the work of its processors between two readings; time that its neighbours took away counts.
func TestTranquila(t *testing.T) {
	const antes = "cpu  100 0 100 1000 50 0 0 0 0 0\ncpu0 1 2 3"
	tests := map[string]struct {
		despues string
		busy    bool
	}{
		"idle":          {"cpu  100 0 100 1190 60 0 0 0 0 0\n", false},
		"a little":      {"cpu  110 0 105 1170 65 0 0 0 0 0\n", false},
		"at work":       {"cpu  150 0 110 1140 50 0 0 0 0 0\n", true},
		"a neighbour":   {"cpu  100 0 100 1100 50 0 0 100 0 0\n", true},
		"niced work":    {"cpu  100 90 100 1100 60 0 0 0 0 0\n", true},
		"no time since": {antes, false},
	}
	a, err := leerProcesadores(antes)
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range tests {
		d, err := leerProcesadores(tt.despues)
		if err != nil {
			t.Fatal(err)
		}
		if err := juzgar(parte(a, d)); errors.Is(err, errOcupada) != tt.busy {
			t.Errorf("%s: %v (%.2f)", name, err, parte(a, d))
		}
	}
	if _, err := leerProcesadores("intr 1 2"); err == nil {
		t.Error("another line is taken for that of the processors")
	}
}

func TestLeerCPU(t *testing.T) {
	if s := leerCPU("4242 (a ) b) S 1 4242 4242 0 -1 4194560 1 2 3 4 250 50 0 0 20 0 9"); s != 3 {
		t.Errorf("a bracket in the name: %v seconds, want 3", s)
	}
	if s := leerCPU("4242 (despensa) S 1 4242 4242 0 -1 4194560 1 2 3 4 250 50 0 0 20 0 9"); s != 3 {
		t.Errorf("%v seconds, want 3", s)
	}
}

// Syncs and bytes of the program's stores are counted, also of calls that strace shows in two parts. Those of the
// gateway's ledger and of failed calls are not.
func TestLeerTraza(t *testing.T) {
	const s = `11 pwrite64(7</d/pedidos.db-wal>, ""..., 4120, 32) = 4120
12 pwrite64(9</d/dev/mercadopago.db-wal>, ""..., 9999, 32) = 9999
11 fsync(7</d/pedidos.db-wal> <unfinished ...>
12 fdatasync(8</d/pagos.db-wal>) = 0
12 pwrite64(8</d/pagos.db-wal>, ""..., 24, 0 <unfinished ...>
11 <... fsync resumed>)             = 0
12 <... pwrite64 resumed>)          = 24
11 pwrite64(6</d/pedidos.db>, ""..., 4096, 0) = 4096
11 fsync(6</d/pedidos.db>) = -1 EIO (Input/output error)
12 fsync(9</d/dev/mercadopago.db-wal>) = 0
13 +++ exited with 0 +++
`
	d, err := leerTraza(strings.NewReader(s))
	if want := (disco{syncs: 2, bytes: 4144, paginas: 4096}); err != nil || d != want {
		t.Errorf("%+v %v, want %+v", d, err, want)
	}
	if d := d.menos(disco{syncs: 1, bytes: 4120}); d != (disco{syncs: 1, bytes: 24, paginas: 4096}) {
		t.Errorf("since the first line: %+v", d)
	}
}

// A row has the medians of the rounds, and a ratio to the first binary once there is one.
func TestFila(t *testing.T) {
	uno := func(s float64) ronda {
		return ronda{Cifras: bench.Cifras{AConfirmado: s, Memoria: 64 << 20}, programa: 9}
	}
	viejo := resumen([]ronda{uno(10), uno(130), uno(120)})
	nuevo := resumen([]ronda{uno(300), uno(360)})
	if viejo.AConfirmado != 120 || nuevo.AConfirmado != 330 {
		t.Errorf("medians %v and %v, want 120 and 330", viejo.AConfirmado, nuevo.AConfirmado)
	}
	l := fila(
		caso{forma: "seguido", clientes: 8, lineas: 1},
		binario{nombre: "here"},
		nuevo,
		viejo,
	)
	if !strings.HasPrefix(l, "| seguido | 8 | 1 | here | 330 | 2.75 |") {
		t.Error(l)
	}
	for _, x := range []struct{ fila, cabeza string }{{l, cabezaTiempos}, {cuenta{}.fila(binario{}), cabezaCuentas}} {
		titulo, _, _ := strings.Cut(strings.TrimSpace(x.cabeza), "\n")
		if strings.Count(x.fila, "|") != strings.Count(titulo, "|") {
			t.Errorf(
				"a row of %d columns below a head of %d",
				strings.Count(x.fila, "|")-1,
				strings.Count(titulo, "|")-1,
			)
		}
	}
	if l := (cuenta{}).fila(binario{nombre: "0.3.0"}); !strings.HasPrefix(
		l,
		"| 0.3.0 | – | 0.0 |",
	) ||
		strings.Count(l, "–") != 4 {
		t.Errorf("what is not counted is no zero: %s", l)
	}
}
