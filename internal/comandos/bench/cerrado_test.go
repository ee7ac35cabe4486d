package bench

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"despensa/internal/apiclient"
	"despensa/platform/cli"
)

// A closed loop makes its calls one after another and ends with the estado that it read.
func TestCompraEntera(t *testing.T) {
	const leer = "GET /api/v1/pedidos/uno"
	antes := []string{
		"POST /api/v1/pedidos/cotizacion",
		"POST /dev/mercadopago/v1/card_tokens",
		"POST /api/v1/pedidos",
	}
	tests := map[string]struct {
		estados []string // estados of the order at one reading after another
		status  int      // of the POST
		llamas  []string
		bien    bool
	}{
		"confirmed at once": {
			estados: []string{"confirmado"},
			status:  201,
			llamas:  append(slices.Clip(antes), leer),
			bien:    true,
		},
		"confirmed later": {
			estados: []string{"creado", "autorizado", "confirmado"},
			status:  201,
			llamas:  append(slices.Clip(antes), leer, leer, leer),
			bien:    true,
		},
		"the card fails": {
			estados: []string{"fallido"},
			status:  201,
			llamas:  append(slices.Clip(antes), leer),
		},
		"refused": {estados: nil, status: 503, llamas: antes},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var llamas []string
			estados := tt.estados
			s := httptest.NewServer(
				http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					llama := r.Method + " " + r.URL.Path
					llamas = append(llamas, llama)
					w.Header().Set("Content-Type", "application/json")
					switch llama {
					case leer:
						fmt.Fprintf(w, `{"estado":%q}`, estados[0])
						estados = estados[1:]
					case antes[2]:
						w.WriteHeader(tt.status)
						fmt.Fprint(w, `{"id":"uno"}`)
					default:
						fmt.Fprint(w, `{"id":"ficha"}`)
					}
				}),
			)
			defer s.Close()
			b := &banco{
				o:           Opciones{URL: s.URL},
				http:        s.Client(),
				productos:   []string{"p"},
				direcciones: []string{"d"},
				clientes: []*apiclient.Client{
					apiclient.New(s.URL, apiclient.Fixed("t"), s.Client()),
				},
			}
			err := b.compraEntera(t.Context(), 7)
			if (err == nil) != tt.bien || !slices.Equal(llamas, tt.llamas) {
				t.Errorf("%v, after %v", err, llamas)
			}
			if n := len(b.tiempos.posts); (n == 1) != (tt.status == 201) ||
				len(b.tiempos.cotizaciones) != n {
				t.Errorf("%d POSTs measured", n)
			}
		})
	}
}

// Random arrivals keep the rate, never go back, are uneven, and are the same in every run.
func TestDebidos(t *testing.T) {
	const n = 20_000
	c := carga{pedidos: n, ritmo: 100}
	if ds := c.debidos(); ds[0] != 0 || ds[1] != 10*time.Millisecond ||
		ds[n-1] != (n-1)*10*time.Millisecond {
		t.Errorf("even arrivals: %v", ds[:3])
	}
	c.poisson = true
	ds := c.debidos()
	if d := ds[n-1].Seconds() / 200; d < 0.97 || d > 1.03 {
		t.Errorf("at 100 a second %d orders come within %v", n, ds[n-1])
	}
	cuadrados := 0.0
	for i := range ds[1:] {
		hueco := (ds[i+1] - ds[i]).Seconds() * 100
		if hueco < 0 {
			t.Fatalf("order %d is due before the one before it", i+1)
		}
		cuadrados += (hueco - 1) * (hueco - 1) / n
	}
	if math.Abs(cuadrados-1) > 0.1 { // of an exponential distribution with mean 1
		t.Errorf("the gaps' variance is %.2f, want 1", cuadrados)
	}
	if !slices.Equal(ds, c.debidos()) {
		t.Error("two runs meet different arrivals")
	}
	if (carga{pedidos: n}).debidos() != nil {
		t.Error("without a rate an order is due when a client is free")
	}
}

func TestOpcionesJuntas(t *testing.T) {
	bien := Opciones{Clientes: 8, Pedidos: 10, Lineas: 1}
	tests := map[string]struct {
		cambia func(*Opciones)
		dice   string // part of the error; "": the flags are taken
	}{
		"as it is":         {func(*Opciones) {}, ""},
		"random at a rate": {func(o *Opciones) { o.Poisson, o.Ritmo = true, 75 }, ""},
		"random without a rate": {
			func(o *Opciones) { o.Poisson = true },
			"--poisson needs --ritmo",
		},
		"closed": {func(o *Opciones) { o.Cerrado = true }, ""},
		"closed, yet at a rate": {
			func(o *Opciones) { o.Cerrado, o.Ritmo = true, 75 },
			"--cerrado",
		},
		"a number out of bounds": {func(o *Opciones) { o.Lineas = 201 }, "--lineas"},
	}
	for name, tt := range tests {
		o := bien
		tt.cambia(&o)
		err := o.validar()
		if tt.dice == "" && err != nil || tt.dice != "" &&
			(!errors.Is(err, cli.ErrUsage) || !strings.Contains(err.Error(), tt.dice)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The difference between two readings of /metricas is divided by the orders; the simulator's own store is left out.
func TestContar(t *testing.T) {
	m := Medida{Opciones: Opciones{Pedidos: 10}}
	m.contar(
		map[string]float64{"process_cpu_seconds_total": 1, porEsquema("idas", "rutas"): 5},
		map[string]float64{
			"process_cpu_seconds_total":             3,
			porEsquema("idas", "rutas"):             25,
			porEsquema("idas", "pagos"):             30,
			porEsquema("sentencias", "pedidos"):     700,
			porEsquema("sentencias", "mercadopago"): 999,
			"go_memstats_mallocs_total":             40,
			"go_memstats_alloc_bytes_total":         5000,
			"process_resident_memory_bytes":         77,
		},
	)
	var b bytes.Buffer
	if err := m.mostrar(&b, true); err != nil {
		t.Fatal(err)
	}
	var c Cifras
	if err := json.Unmarshal(b.Bytes(), &c); err != nil {
		t.Fatal(err)
	}
	if want := (Cifras{Idas: 5, Sentencias: 70, CPU: 200, Bytes: 500, Objetos: 4, Memoria: 77}); c != want {
		t.Errorf("%+v, want %+v", c, want)
	}
}

// Trucks carry any number of orders within the days that are booked ahead.
func TestCamiones(t *testing.T) {
	const lleva = 80 * 14
	for _, n := range []int{1, 999, 1000, 4641, 100_000} {
		if got := camiones(n); got*lleva < n || got > 1+n/500 {
			t.Errorf("%d orders: %d trucks", n, got)
		}
	}
	for range 100 {
		if p := patente(); len(p) != 7 || p[0] != 'B' {
			t.Errorf("plate %q", p)
		}
	}
}
