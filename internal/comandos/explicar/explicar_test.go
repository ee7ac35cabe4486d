package explicar

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"despensa/internal/apiclient"

	"github.com/spf13/cobra"
)

// ahora is the server's clock in these cases.
var ahora = time.Date(2026, 3, 3, 15, 0, 0, 0, time.UTC)

// sano is a confirmed order without a problem.
const sano = `{"ahora": "2026-03-03T15:00:00Z",
"pedido": {"id": "p", "codigo": "ABCDEFGHJ1", "estado": "confirmado", "intento": 1,
  "total_centavos": 1000, "creado": "2026-03-03T14:00:00Z", "cambio": "2026-03-03T14:00:10Z",
  "lineas": [{"producto_id": "x", "nombre": "Pan", "cantidad": 2, "total_centavos": 1000}],
  "pago": {"metodo": "tarjeta_credito", "cobrado_centavos": 1000},
  "entrega": {"desde": "2026-03-03T16:00:00Z", "hasta": "2026-03-03T18:00:00Z", "patente": "AB1"}},
"expediente": {"ahora": "2026-03-03T15:00:00Z", "debe": "2026-03-03T15:00:30Z", "publicados": 1,
  "intentos": [{"numero": 1, "visitas": [1]}]},
"eventos": [{"seq": 1, "tipo": "creado", "a": "creado", "intento": 1, "en": "2026-03-03T14:00:00Z"}],
"pagos": [{"intento": 1, "estado": "cobrado", "metodo": "tarjeta_credito",
  "monto_centavos": 1000, "cobrado_centavos": 1000,
  "pasarela": {"proveedor": "mercadopago", "referencia": "p-1", "estado": "cobrada",
    "mirado": "2026-03-03T14:00:09Z"}}],
"existencias": {"reservas": [], "movimientos": [
  {"id": "m", "producto_id": "x", "cantidad": -2, "motivo": "venta", "creado": "2026-03-03T14:00:08Z"}]},
"visitas": [{"numero": 1, "intento": 1, "estado": "firme", "dia": "2026-03-03", "patente": "AB1"}],
"reembolsos": [], "sin_permiso": []}`

func deSano(t *testing.T) (k Caso) {
	t.Helper()
	if err := json.Unmarshal([]byte(sano), &k); err != nil {
		t.Fatal(err)
	}
	return k
}

// cancelado is the same order after a cancel, all of it undone.
func cancelado(caso *Caso) {
	fin := ahora.Add(-time.Hour)
	caso.Pedido.Estado, caso.Expediente.Debe = "cancelado", nil
	caso.Expediente.Intentos[0].Fin, caso.Expediente.Intentos[0].Deshecho = &fin, true
	caso.Pagos[0].Estado, caso.Pagos[0].Reembolsado = "reembolsado", 1000
	caso.Existencias.Movimientos = append(
		caso.Existencias.Movimientos,
		caso.Existencias.Movimientos[0],
	)
	caso.Existencias.Movimientos[1].Cantidad = 2
	caso.Visitas[0].Estado = "liberada"
}

func hace(d time.Duration) *time.Time { t := ahora.Add(-d); return &t }

func TestWhatIsOdd(t *testing.T) {
	casos := map[string]struct {
		mal  func(k *Caso)
		dice string // part of the list of problems; "": the list is empty
	}{
		"nothing":            {func(*Caso) {}, ""},
		"cancelled, nothing": {cancelado, ""},
		"nobody cares for it": {func(k *Caso) { k.Expediente.Debe = hace(5 * time.Minute) },
			"Le toca atención desde hace 5 min 0 s"},
		"somebody does": {func(k *Caso) {
			k.Expediente.Debe, k.Expediente.Tomado = hace(5*time.Minute), hace(-time.Minute)
		}, ""},
		"somebody let go": {
			func(k *Caso) { k.Expediente.Tomado = hace(time.Minute) },
			"lo soltó sin terminar",
		},
		"a wait that fails": {
			func(k *Caso) { k.Expediente.Esperas = 3 },
			"falló 3 veces",
		},
		"a cancel without an answer": {
			func(k *Caso) { k.Expediente.Cancela = hace(time.Hour) },
			"Una cancelación espera",
		},
		"events are not published": {
			func(k *Caso) { k.Expediente.Publicados = 0 },
			"Faltan publicar 1 eventos",
		},
		"not undone": {
			func(k *Caso) { cancelado(k); k.Expediente.Intentos[0].Deshecho = false },
			"todavía no se deshizo",
		},
		"money less than the total": {func(k *Caso) { k.Pagos[0].Cobrado = 900 },
			"Se cobró $ 9,00 y el pedido vale $ 10,00"},
		"charged twice": {
			func(k *Caso) { k.Pagos = append(k.Pagos, k.Pagos[0]) },
			"se cobró más de una vez",
		},
		"no charge": {func(k *Caso) { k.Pagos = nil }, "No hay ningún cobro"},
		"payments not to be seen": {
			func(k *Caso) { k.Pagos, k.SinPermiso = nil, []string{"pagos"} },
			"",
		},
		"money kept": {func(k *Caso) {
			cancelado(k)
			k.Pagos[0].Reembolsado, k.Pagos[0].Estado = 400, "cobrado"
		}, "Quedan $ 6,00 cobrados del intento 1"},
		"more given back than taken": {
			func(k *Caso) { k.Pagos[0].Reembolsado = 1001 },
			"Se devolvió más de lo cobrado",
		},
		"a refusal": {func(k *Caso) {
			k.Pagos[0].Estado, k.Pagos[0].Motivo, k.Pagos[0].Pasarela = "rechazado", "riesgo", nil
		}, "fue rechazado: riesgo"},
		"a call without a result": {
			func(k *Caso) { k.Pagos[0].Pasarela.Llamada = "capturar" },
			"«capturar»",
		},
		"the gateway says otherwise": {
			func(k *Caso) { k.Pagos[0].Pasarela.Estado = "reservada" },
			"figura cobrado y la pasarela dijo por última vez reservada",
		},
		"the gateway is silent": {pendiente, "no contesta desde hace 3 h"},
		"no visit": {
			func(k *Caso) { k.Visitas = nil },
			"no tiene ninguna visita firme",
		},
		"visits not to be seen": {
			func(k *Caso) { k.Visitas, k.SinPermiso = nil, []string{"visitas"} },
			"",
		},
		"two visits": {
			func(k *Caso) { k.Visitas = append(k.Visitas, k.Visitas[0]) },
			"tiene 2 visitas firme",
		},
		"on its way, says the truck": {func(k *Caso) { k.Visitas[0].Estado = "en_camino" },
			"sigue en_camino en el camión AB1"},
		"a visit kept": {func(k *Caso) { cancelado(k); k.Visitas[0].Estado = "firme" },
			"está cancelado y la visita 1 sigue firme"},
		"a visit lost": {
			func(k *Caso) { k.Visitas = append(k.Visitas, Visita{Numero: 2, Estado: "perdida"}) },
			"La visita 2 se perdió",
		},
		"late": {func(k *Caso) { k.Pedido.Entrega.Hasta = *hace(time.Hour) },
			"La franja prometida terminó hace 1 h"},
		"stock kept": {
			func(k *Caso) { cancelado(k); reservar(k) },
			"Siguen reservadas 2 unidades de Pan",
		},
		"stock kept beside a sale": {reservar, "Siguen reservadas 2 unidades de Pan"},
		"sold and not given back": {func(k *Caso) {
			cancelado(k)
			k.Existencias.Movimientos = k.Existencias.Movimientos[:1]
		}, "El stock de Pan no cierra"},
		"not sold": {
			func(k *Caso) { k.Existencias.Movimientos = nil },
			"El stock de Pan no cierra",
		},
		"waits for its customer": {func(k *Caso) {
			cancelado(k)
			k.Pedido.Estado, k.Pedido.Motivo = "fallido", "sin-stock"
		}, "Falló (sin-stock)"},
		"a return nobody looked at": {func(k *Caso) {
			k.Pedido.Devoluciones = []Devolucion{
				{Estado: "pedida", Monto: 500, Creado: *hace(72 * time.Hour)},
			}
		}, "Una devolución por $ 5,00 espera desde hace 3 días"},
		"a return that was settled": {
			func(k *Caso) { k.Pedido.Devoluciones = []Devolucion{{Estado: "aceptada"}} },
			"",
		},
		"a refund refused for good": {func(k *Caso) {
			k.Reembolsos = []Reembolso{
				{
					Estado: "rechazado",
					Monto:  1,
					Motivo: "no-reembolsable",
					Creado: *hace(time.Hour),
				},
			}
		}, "La pasarela no devolverá nunca un reembolso de $ 0,01 (no-reembolsable)"},
		"a refund of all that does not come": {func(k *Caso) {
			k.Reembolsos = []Reembolso{{Estado: "pedido", Creado: *hace(time.Hour)}}
		}, "Un reembolso de todo lo que quede está pedido"},
		"a dispute": {func(k *Caso) { k.Pedido.Marcas = []string{"contracargo"} },
			"El banco de la tarjeta desconoce el cobro"},
		"a mark of another time": {func(k *Caso) { k.Pedido.Marcas = []string{"otra-cosa"} },
			"El pedido lleva la marca otra-cosa."},
		"a refund that does not come": {func(k *Caso) {
			k.Reembolsos = []Reembolso{{Estado: "pedido", Monto: 1, Creado: *hace(time.Hour)}}
		}, "Un reembolso de $ 0,01 está pedido"},
		"nothing but the order": {func(k *Caso) {
			*k = Caso{Pedido: k.Pedido, Ahora: ahora, SinPermiso: []string{"pagos", "visitas"}}
		}, ""},
	}
	for nombre, c := range casos {
		t.Run(nombre, func(t *testing.T) {
			k := deSano(t)
			c.mal(&k)
			dice := strings.Join(k.atencion(), "\n")
			if !strings.Contains(dice, c.dice) || c.dice == "" && dice != "" {
				t.Errorf("says %q, want %q", dice, c.dice)
			}
			if p := k.pagina(); !strings.HasPrefix(p, "Pedido ABCDEFGHJ1") {
				t.Errorf("page:\n%s", p)
			}
		})
	}
}

func reservar(caso *Caso) {
	caso.Existencias.Reservas = append(caso.Existencias.Reservas, struct {
		Producto string `json:"producto_id"`
		Deposito string `json:"deposito_id"`
		Intento  int    `json:"intento"`
		Vuelta   int64  `json:"vuelta"`
		Cantidad int64  `json:"cantidad"`
	}{Producto: "x", Deposito: "d", Intento: 1, Vuelta: 1, Cantidad: 2})
}

func pendiente(caso *Caso) {
	caso.Pedido.Estado, caso.Visitas, caso.Existencias = "pago_pendiente", nil, nil
	caso.Pagos[0].Estado, caso.Pagos[0].Cobrado = "pendiente", 0
	caso.Pagos[0].Pasarela.Estado = "en_espera"
	caso.Pagos[0].Pasarela.Mirado = hace(3 * time.Hour)
}

func TestOwnWordsAreLeftOut(t *testing.T) {
	for dice, queda := range map[string]Texto{
		"":                                     "",
		"sin-stock":                            "sin-stock",
		"pago-rechazado.sin-fondos":            "pago-rechazado.sin-fondos",
		"devolucion":                           "devolucion",
		"79e04de7-2a70-82c5-b848-17af581b0e88": "79e04de7-2a70-82c5-b848-17af581b0e88",
		"Ana":                                  ajeno,
		"ana":                                  ajeno,
		"me mudé":                              ajeno,
		"ana perez":                            ajeno,
		"a-b c":                                ajeno,
		"ana@example.com":                      ajeno,
		"+54 11 5555":                          ajeno,
	} {
		b, err := json.Marshal(dice)
		if err != nil {
			t.Fatal(err)
		}
		var x Texto
		if err := json.Unmarshal(b, &x); err != nil || x != queda {
			t.Errorf("%q is shown as %q (%v)", dice, x, err)
		}
	}
}

func TestPesosAndSpans(t *testing.T) {
	for c, quiere := range map[int64]string{
		0: "$ 0,00", 5: "$ 0,05", 123: "$ 1,23", 100_000: "$ 1.000,00", -123_456_789: "-$ 1.234.567,89",
	} {
		if got := pesos(c); got != quiere {
			t.Errorf("%d: %q, want %q", c, got, quiere)
		}
	}
	for d, quiere := range map[time.Duration]string{
		0:                       "0 ms",
		999 * time.Millisecond:  "999 ms",
		1500 * time.Millisecond: "1.5 s",
		61 * time.Second:        "1 min 1 s",
		90 * time.Minute:        "1 h 30 min",
		50 * time.Hour:          "2 días",
		-2 * time.Minute:        "-2 min 0 s",
	} {
		if got := lapso(d); got != quiere {
			t.Errorf("%v: %q, want %q", d, got, quiere)
		}
	}
}

// servir is an instance where two orders share a code, and one has none of its own.
func servir(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch {
		case r.Header.Get("Authorization") != "Bearer ficha":
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = w.Write([]byte(`{"code":"token-invalido","status":401}`))
		case r.URL.Path == "/api/v1/pedidos" && r.URL.Query().Get("codigo") == "ABCDEFGHJ1":
			_, _ = w.Write(
				[]byte(`{"datos":[{"id":"uno","estado":"entregado","total_centavos":100},` +
					`{"id":"dos","estado":"cancelado"}]}`),
			)
		default:
			_, _ = w.Write([]byte(`{"datos":[]}`))
		}
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// correr runs command with these words.
func correr(t *testing.T, command *cobra.Command, args []string, salida io.Writer) error {
	t.Helper()
	command.SetArgs(append([]string{}, args...))
	command.SetOut(salida)
	command.SilenceErrors, command.SilenceUsage = true, true
	return command.ExecuteContext(t.Context())
}

// TestManyOrdersOfOneCode: the orders are listed, and the command fails.
func TestManyOrdersOfOneCode(t *testing.T) {
	url := servir(t)
	ingresa := func(context.Context, string, string) (string, error) { return "ficha", nil }
	for _, args := range [][]string{{"abcdefghj1"}, {"ABCDEFGHJ1", "--json"}} {
		var salida strings.Builder
		c := Comando(func() string { return url }, ingresa)
		err := correr(t, c, args, &salida)
		if !errors.Is(err, errVarios) || !strings.Contains(salida.String(), "uno") ||
			!strings.Contains(salida.String(), "dos") {
			t.Errorf("%v: %v: %s", args, err, &salida)
		}
		if json.Valid([]byte(salida.String())) != (len(args) == 2) {
			t.Errorf("%v: JSON or not: %s", args, &salida)
		}
	}
}

// TestNoDemoLogin: with another identity provider the error names --token-file.
func TestNoDemoLogin(t *testing.T) {
	c := Comando(
		func() string { return "http://x" },
		func(context.Context, string, string) (string, error) { return "", apiclient.ErrIssuer },
	)
	if err := correr(t, c, []string{"ABCDEFGHJ1"}, io.Discard); !errors.Is(
		err,
		apiclient.ErrIssuer,
	) ||
		!strings.Contains(err.Error(), "--token-file") {
		t.Errorf("%v", err)
	}
	for _, mal := range [][]string{nil, {"ABCDEFGHJ1", "ABCDEFGHJ2"}} {
		if err := correr(t, c, mal, io.Discard); err == nil ||
			errors.Is(err, apiclient.ErrIssuer) {
			t.Errorf("%v: %v", mal, err)
		}
	}
}

// An order with an unreadable record has a line that says so instead of a page, and the command fails.
func TestAnUnreadableOrder(t *testing.T) {
	const id = "6ebec528-75dd-8469-a8af-b059224f4224"
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = w.Write(
			[]byte(
				`{"status": 500, "title": "Internal Server Error", "code": "pedido-ilegible", "detail": "x"}`,
			),
		)
	}))
	defer s.Close()
	for _, comoJSON := range []bool{false, true} {
		var salida strings.Builder
		c := apiclient.New(s.URL, apiclient.Fixed("t"), nil)
		c.Tries = 1
		err := (&opciones{json: comoJSON}).explicar(t.Context(), c, id, &salida)
		if !errors.Is(err, errApartado) ||
			!strings.Contains(salida.String(), "despensa retomar") {
			t.Errorf("json %v: %v\n%s", comoJSON, err, salida.String())
		}
	}
}
