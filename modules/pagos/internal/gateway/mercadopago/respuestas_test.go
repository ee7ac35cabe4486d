package mercadopago

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/gateway"
)

const entera = `{"id":"ORD1","external_reference":"r-1","total_amount":"200.00",
 "status":"processed","status_detail":"accredited",
 "transactions":{"payments":[{"id":"PAY1","amount":"200.00","status":"processed","status_detail":"accredited"}]}}`

// llamadas are the calls of the port that have an answer to read.
var llamadas = map[string]func(context.Context, *Adaptador) error{
	"crear": func(ctx context.Context, a *Adaptador) error {
		_, err := a.Crear(
			ctx,
			gateway.SolicitudDePago{Clave: "k", Metodo: pagos.TarjetaCredito},
		)
		return err
	},
	"leer": func(ctx context.Context, a *Adaptador) error { _, err := a.Leer(ctx, "ORD1"); return err },
	"buscar": func(ctx context.Context, a *Adaptador) error {
		_, err := a.Buscar(ctx, "r-1", time.Now())
		return err
	},
	"capturar": func(ctx context.Context, a *Adaptador) error {
		_, err := a.Capturar(ctx, gateway.Acto{Orden: "ORD1", Clave: "k"})
		return err
	},
	"cancelar": func(ctx context.Context, a *Adaptador) error {
		_, err := a.Cancelar(ctx, gateway.Acto{Orden: "ORD1", Clave: "k"})
		return err
	},
	"reembolsar": func(ctx context.Context, a *Adaptador) error {
		_, err := a.Reembolsar(
			ctx,
			gateway.SolicitudDeReembolso{
				Acto:  gateway.Acto{Orden: "ORD1", Clave: "k"},
				Monto: 1,
			},
		)
		return err
	},
}

// TestAnswersThatAreNone: every call, every way of saying nothing.
func TestAnswersThatAreNone(t *testing.T) {
	tests := map[string]una{
		"empty":                    {estado: 201},
		"blanks":                   {estado: 200, cuerpo: " \n"},
		"null":                     {estado: 200, cuerpo: "null"},
		"no content":               {estado: 204},
		"elsewhere, no body":       {estado: 302},
		"elsewhere, with an order": {estado: 302, cuerpo: entera},
		"not modified":             {estado: 304},
		"an empty object":          {estado: 200, cuerpo: "{}"},
		"a list":                   {estado: 200, cuerpo: "[]"},
		"a page":                   {estado: 200, cuerpo: "<html>"},
		"cut short":                {estado: 200, cuerpo: entera[:40]},
		"over 1 MiB": {
			estado: 200,
			cuerpo: entera + strings.Repeat(" ", maxCuerpo),
		},
		"a refusal over 1 MiB": {estado: 400, cuerpo: strings.Repeat(" ", maxCuerpo+1)},
		"an amount that is a float": {
			estado: 200,
			cuerpo: strings.ReplaceAll(entera, `"200.00"`, `NaN`),
		},
	}
	for nombre, u := range tests {
		for accion, llamar := range llamadas {
			t.Run(accion+" "+nombre, func(t *testing.T) {
				if err := llamar(t.Context(), u.adaptador(t)); !errors.Is(err, gateway.ErrSilencio) {
					t.Errorf("got %v", err)
				}
			})
		}
	}
}

// contados is a transport that gives u's answer and counts the bodies that are open.
type contados struct {
	u        una
	abiertos atomic.Int64
}

type contado struct {
	io.Reader
	una      sync.Once
	abiertos *atomic.Int64
}

func (c *contado) Close() error {
	c.una.Do(func() { c.abiertos.Add(-1) })
	return nil
}

func (c *contados) RoundTrip(r *http.Request) (*http.Response, error) {
	c.abiertos.Add(1)
	cuerpo := &contado{Reader: strings.NewReader(c.u.cuerpo), abiertos: &c.abiertos}
	return &http.Response{StatusCode: c.u.estado, Body: cuerpo, Request: r}, nil
}

// TestBodiesAreClosed: one that stays open keeps a goroutine of net/http until the client's longest deadline.
func TestBodiesAreClosed(t *testing.T) {
	for nombre, u := range map[string]una{
		"an answer": {estado: 200, cuerpo: entera},
		"a refusal": {estado: 400, cuerpo: "{}"},
		"elsewhere": {estado: 302, cuerpo: entera},
		"too large": {estado: 200, cuerpo: strings.Repeat(" ", maxCuerpo+1)},
	} {
		for accion, llamar := range llamadas {
			t.Run(accion+" "+nombre, func(t *testing.T) {
				c := &contados{u: u}
				a, err := New(
					Opciones{
						URL:        "http://pasarela.test",
						Token:      "t",
						Ahora:      time.Now,
						Transporte: c,
					},
				)
				if err != nil {
					t.Fatal(err)
				}
				_ = llamar(t.Context(), a) // the table above says how each answer is judged
				if n := c.abiertos.Load(); n != 0 {
					t.Errorf("%d bodies are open", n)
				}
			})
		}
	}
}

// TestOneMebibyteIsAnAnswer: the limit itself is inside.
func TestOneMebibyteIsAnAnswer(t *testing.T) {
	u := una{estado: 200, cuerpo: entera + strings.Repeat(" ", maxCuerpo-len(entera))}
	if o, err := u.adaptador(t).Leer(t.Context(), "ORD1"); err != nil || o.ID != "ORD1" {
		t.Errorf("got %+v, %v", o, err)
	}
}

// TestALargeAnswerIsLeft: an answer of 64 MiB is not read to its end. The server may have sent as much of it as the
// connection buffers.
func TestALargeAnswerIsLeft(t *testing.T) {
	const mebis = 64
	var enviados atomic.Int64
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for range mebis {
			if _, err := w.Write(make([]byte, 1<<20)); err != nil {
				return
			}
			enviados.Add(1)
		}
	}))
	defer srv.Close()
	a, err := New(Opciones{URL: srv.URL, Ahora: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Leer(t.Context(), "ORD1"); !errors.Is(err, gateway.ErrSilencio) {
		t.Errorf("got %v", err)
	}
	if n := enviados.Load(); n > mebis/2 {
		t.Errorf("%d MiB were read", n)
	}
}

// TestStatements: the adapter repeats the members that the answer states, and judges none of them.
func TestStatements(t *testing.T) {
	const pago = `"transactions":{"payments":[{"id":"PAY1",%s}]}`
	tests := map[string]struct {
		miembros string
		want     gateway.Orden
	}{
		"nothing": {`"status":"brand_new"`, gateway.Orden{Estado: gateway.EnProceso}},
		"amounts": {`"total_amount":"200.00","total_paid_amount":"1","currency":"USD"`,
			gateway.Orden{Estado: gateway.EnProceso, Moneda: "USD",
				Total: gateway.Dice(20_000), Pagado: gateway.Dice(100)}},
		"amounts that are none": {`"total_amount":"NaN","total_paid_amount":"-5.00"`,
			gateway.Orden{
				Estado: gateway.EnProceso,
				Total:  gateway.Ilegible,
				Pagado: gateway.Ilegible,
			}},
		"a payment without a state": {fmt.Sprintf(pago, `"amount":"200.00"`),
			gateway.Orden{
				Estado: gateway.EnProceso,
				Pagos:  []gateway.Pago{{ID: "PAY1", Importe: gateway.Dice(20_000)}},
			}},
		"a payment that failed": {fmt.Sprintf(pago, `"status":"failed","paid_amount":"1e3"`),
			gateway.Orden{Estado: gateway.EnProceso, Pagos: []gateway.Pago{
				{ID: "PAY1", Estado: gateway.Rechazada, Pagado: gateway.Ilegible}}}},
		"a refund without an amount": {
			`"transactions":{"refunds":[{"id":"REF1"},{"id":"REF2","status":"failed"}]}`,
			gateway.Orden{
				Estado:     gateway.EnProceso,
				Reembolsos: []gateway.Reembolso{{ID: "REF1", Monto: -1}},
			},
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			tt.want.ID = "ORD1"
			u := una{estado: 200, cuerpo: `{"id":"ORD1",` + tt.miembros + `}`}
			o, err := u.adaptador(t).Leer(t.Context(), "ORD1")
			if err != nil || fmt.Sprint(o) != fmt.Sprint(tt.want) {
				t.Errorf("got  %+v, %v\nwant %+v", o, err, tt.want)
			}
		})
	}
}

func TestStatesOfPayments(t *testing.T) {
	tests := map[string]gateway.Estado{
		"/": "", "processed/": gateway.Cobrada, "processed/accredited": gateway.Cobrada,
		"processed/brand_new": gateway.Cobrada,
		"refunded/refunded":   gateway.Cobrada, "charged_back/settled": gateway.Cobrada, "failed/": gateway.Rechazada,
		"rejected/": gateway.Rechazada, "processed/rejected_by_issuer": gateway.Rechazada, "canceled/": gateway.Cancelada,
		"action_required/waiting_capture": gateway.Reservada, "processing/in_process": gateway.EnProceso,
	}
	for s, want := range tests {
		status, detalle, _ := strings.Cut(s, "/")
		if got := estadoPago(status, detalle); got != want {
			t.Errorf("%s: %s, want %s", s, got, want)
		}
	}
}

// TestRefusalsNameTheirReason: a 4xx is mended by its code, or told to the customer.
func TestRefusalsNameTheirReason(t *testing.T) {
	tests := map[string]struct {
		cuerpo string
		motivo string
	}{
		"token": {
			`{"errors":[{"code":"property_value","details":["payment_method.token"]}]}`,
			"token-invalido",
		},
		"installments": {
			`{"errors":[{"code":"property_value","details":["…installments: too many"]}]}`,
			"cuotas-invalidas",
		},
		"brand": {
			`{"errors":[{"code":"property_value","details":["payment_method.id"]}]}`,
			"datos-de-tarjeta",
		},
		"ours": {
			`{"errors":[{"code":"property_value","details":["total_amount"]}]}`,
			"",
		},
		"details odd": {`{"errors":[{"code":"property_value","details":{"x":1}}]}`, ""},
		"no body":     {``, ""},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			u := una{estado: 400, cuerpo: tt.cuerpo}
			_, err := u.adaptador(t).
				Crear(t.Context(), gateway.SolicitudDePago{Clave: "k", Metodo: pagos.TarjetaCredito})
			var n *gateway.Negativa
			if errors.As(err, &n); !errors.Is(err, gateway.ErrPeticion) ||
				(n == nil) != (tt.motivo == "") {
				t.Fatalf("got %v", err)
			}
			if n != nil && n.Motivo != tt.motivo {
				t.Errorf("reason %q", n.Motivo)
			}
		})
	}
}

// TestDeclinedWithoutARefusedOrder: a 402 is no approval, whatever its order says.
func TestDeclinedWithoutARefusedOrder(t *testing.T) {
	u := una{estado: 402, cuerpo: `{"errors":[{"code":"failed"}],"data":` + entera + `}`}
	_, err := u.adaptador(t).
		Crear(t.Context(), gateway.SolicitudDePago{Clave: "k", Metodo: pagos.TarjetaCredito})
	if !errors.Is(err, gateway.ErrRehusada) {
		t.Errorf("got %v", err)
	}
}

// listado is a search that answers in pages of a size of its own.
type listado struct {
	filas    []string
	porVez   int
	contadas bool // it says how many there are
	sorda    bool // it ignores which page is asked for
	veces    int
}

func (l *listado) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.veces++
	n := 0
	_, _ = fmt.Sscan(r.URL.Query().Get("offset"), &n)
	if l.sorda {
		n = 0
	}
	fin := min(n+l.porVez, len(l.filas))
	paging := ""
	if l.contadas {
		paging = fmt.Sprintf(`,"paging":{"total":"%d"}`, len(l.filas))
	}
	_, _ = io.WriteString(
		w,
		`{"data":[`+strings.Join(l.filas[min(n, fin):fin], ",")+`]`+paging+`}`,
	)
}

func TestSearchesAreReadToTheirEnd(t *testing.T) {
	var muchas, ids []string
	for i := range 120 {
		id := fmt.Sprint("ORD", i)
		ids = append(ids, id)
		muchas = append(
			muchas,
			fmt.Sprintf(
				`{"id":%q,"status":"processed","total_amount":"1.00","currency":"ARS"}`,
				id,
			),
		)
	}
	tests := map[string]struct {
		l     listado
		want  []string
		veces int
	}{
		"pages of 50, counted": {
			l:     listado{filas: muchas, porVez: 50, contadas: true},
			want:  ids,
			veces: 3,
		},
		"pages of 30": {l: listado{filas: muchas, porVez: 30}, want: ids, veces: 5},
		"the same page again": {
			l:     listado{filas: muchas, porVez: 50, sorda: true},
			want:  ids[:50],
			veces: 2,
		},
		"none": {l: listado{porVez: 50}, veces: 1},
		"one row a page, without end": {
			l:     listado{filas: slices.Concat(muchas, muchas), porVez: 1},
			want:  ids[:paginasMax],
			veces: paginasMax,
		},
		"rows of others, and without an id": {l: listado{porVez: 9, filas: []string{
			`{"id":"A","external_reference":"otra"}`, `{"status":"x"}`, `{"id":"B","external_reference":"r-1"}`, `{"id":"C"}`,
		}}, want: []string{"B", "C"}, veces: 2},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			srv := httptest.NewServer(&tt.l)
			defer srv.Close()
			a, err := New(Opciones{URL: srv.URL, Ahora: time.Now})
			if err != nil {
				t.Fatal(err)
			}
			got, err := a.Buscar(t.Context(), "r-1", time.Now())
			if err != nil || !slices.Equal(got, tt.want) || tt.l.veces != tt.veces {
				t.Errorf("got %v, %v in %d calls", got, err, tt.l.veces)
			}
		})
	}
}

func TestTextsForPeople(t *testing.T) {
	for s, want := range map[string]string{
		"": "", "código 1": "código 1", "a\x00b\n": "ab", strings.Repeat("x", textoMax+1): "",
	} {
		if got := legible(s); got != want {
			t.Errorf("%.20q: %.20q", s, got)
		}
	}
}

func TestLinks(t *testing.T) {
	for s, want := range map[string]bool{
		"https://x/y": true, "http://127.0.0.1:1/z": true,
		"javascript:alert(1)": false, "//x": false, "": false, "data:x,y": false,
	} {
		if got := enlace(s) != ""; got != want {
			t.Errorf("%s: %v", s, got)
		}
	}
}
