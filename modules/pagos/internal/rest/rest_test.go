package rest_test

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/cobros"
	"despensa/modules/pagos/internal/gateway"
	"despensa/modules/pagos/internal/rest"
	"despensa/platform/oidc"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/humatest"
)

var (
	ana      = oidc.Principal{Sub: "ana", ID: oidc.IDOf("ana"), Roles: []string{"cliente"}}
	berta    = oidc.Principal{Sub: "berta", ID: oidc.IDOf("berta"), Roles: []string{"cliente"}}
	operador = oidc.Principal{Sub: "o", ID: oidc.IDOf("o"), Roles: []string{"operador"}}
	chofer   = oidc.Principal{Sub: "r", ID: oidc.IDOf("r"), Roles: []string{"repartidor"}}
)

const (
	pagoDeAna = "0193a0c0-0000-8000-8000-00000000000a"
	pedidoUno = "0193a0c0-0000-7000-8000-000000000001"
)

// falso is a service that remembers the arguments of its last calls.
type falso struct {
	filtro cobros.Filtro
	quien  cobros.Quien
	aviso  gateway.Noticia
	cobros []cobros.Cobro
}

func (f *falso) Listar(
	_ context.Context,
	quien cobros.Quien,
	filtro cobros.Filtro,
) ([]cobros.Cobro, error) {
	f.quien, f.filtro = quien, filtro
	return f.cobros, nil
}

func (f *falso) Ver(
	_ context.Context,
	quien cobros.Quien,
	id string,
) (cobros.CobroEntero, error) {
	if id != pagoDeAna || !quien.Todos && quien.Cliente != ana.ID {
		return cobros.CobroEntero{}, pagos.ErrSinCobro
	}
	return cobros.CobroEntero{Cobro: cobro, Reembolsos: devueltos}, nil
}

func (f *falso) Recibir(_ context.Context, proveedor string, noticia gateway.Noticia) error {
	f.aviso = noticia
	switch {
	case proveedor != "mercadopago":
		return cobros.ErrProveedor
	case noticia.Firma != "si":
		return cobros.ErrFirma
	}
	return nil
}

var cobro = cobros.Cobro{
	ID:            pagoDeAna,
	Pedido:        pedidoUno,
	Intento:       2,
	Cliente:       ana.ID,
	Metodo:        pagos.Efectivo,
	Monto:         20_050,
	Estado:        pagos.Pendiente,
	Instrucciones: "Pagar en: la esquina",
	Vence:         alba.Add(time.Hour),
	Creado:        alba,
	Orden:         "ORD-secreta",
	Proveedor:     "mercadopago",
	Vista:         gateway.EnEspera,
	Mirado:        alba.Add(time.Minute),
}

var alba = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func nueva(t *testing.T) (humatest.TestAPI, *falso) {
	t.Helper()
	_, api := humatest.New(t, huma.DefaultConfig("prueba", "1"))
	f := &falso{}
	rest.Register(api, f)
	return api, f
}

func TestWhoMayReadAPayment(t *testing.T) {
	api, _ := nueva(t)
	tests := map[string]struct {
		quien oidc.Principal
		ruta  string
		want  int
	}{
		"own":             {quien: ana, ruta: "/pagos/" + pagoDeAna, want: 200},
		"somebody else's": {quien: berta, ruta: "/pagos/" + pagoDeAna, want: 404},
		"operator":        {quien: operador, ruta: "/pagos/" + pagoDeAna, want: 200},
		"driver":          {quien: chofer, ruta: "/pagos/" + pagoDeAna, want: 403},
		"not there": {
			quien: operador,
			ruta:  "/pagos/0193a0c0-0000-8000-8000-00000000000b",
			want:  404,
		},
		"no id": {quien: operador, ruta: "/pagos/x", want: 422},
		"list": {
			quien: ana,
			ruta:  "/pagos?pedido_id=" + pedidoUno + "&estado=pendiente",
			want:  200,
		},
		"list, driver":      {quien: chofer, ruta: "/pagos", want: 403},
		"list, bad state":   {quien: ana, ruta: "/pagos?estado=quizas", want: 422},
		"list, bad cursor":  {quien: ana, ruta: "/pagos?cursor=x", want: 422},
		"list, bad filter":  {quien: ana, ruta: "/pagos?monto=1", want: 422},
		"list, large limit": {quien: ana, ruta: "/pagos?limite=201", want: 422},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			r := api.DoCtx(
				oidc.WithCaller(context.Background(), tt.quien),
				http.MethodGet,
				tt.ruta,
			)
			if r.Code != tt.want {
				t.Errorf("%d, want %d: %s", r.Code, tt.want, r.Body)
			}
		})
	}
}

func TestWhatAPaymentShows(t *testing.T) {
	api, _ := nueva(t)
	r := api.DoCtx(
		oidc.WithCaller(context.Background(), ana),
		http.MethodGet,
		"/pagos/"+pagoDeAna,
	)
	var got map[string]any
	if err := json.Unmarshal(r.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	for k, v := range map[string]any{
		"estado": "pendiente", "intento": 2.0, "pedido_id": pedidoUno,
		"monto_centavos": 20050.0, "cobrado_centavos": 0.0, "reembolsado_centavos": 0.0,
		"metodo": "efectivo", "instrucciones": "Pagar en: la esquina",
		"vence": "2026-11-24T13:00:00Z", "creado": "2026-11-24T12:00:00Z",
	} {
		if got[k] != v {
			t.Errorf("%s: %v, want %v", k, got[k], v)
		}
	}
	if strings.Contains(r.Body.String(), "secreta") ||
		strings.Contains(r.Body.String(), ana.ID) {
		t.Errorf("too much: %s", r.Body)
	}
}

// TestWhatTheGatewaySays: for operators alone.
func TestWhatTheGatewaySays(t *testing.T) {
	api, _ := nueva(t)
	for quien, quiere := range map[string]map[string]any{"ana": nil, "operador": {
		"proveedor": "mercadopago", "referencia": pedidoUno + "-2", "orden": "ORD-secreta",
		"estado": "en_espera", "mirado": "2026-11-24T12:01:00Z",
	}} {
		p := ana
		if quien == "operador" {
			p = operador
		}
		var got struct{ Pasarela map[string]any }
		r := api.DoCtx(
			oidc.WithCaller(context.Background(), p),
			http.MethodGet,
			"/pagos/"+pagoDeAna,
		)
		if err := json.Unmarshal(r.Body.Bytes(), &got); err != nil ||
			!maps.Equal(got.Pasarela, quiere) {
			t.Errorf("%s sees %v (%v), want %v", quien, got.Pasarela, err, quiere)
		}
	}
}

func TestListsHavePages(t *testing.T) {
	api, f := nueva(t)
	for i := range 3 {
		c := cobro
		c.Creado = alba.Add(-time.Duration(i) * time.Minute)
		f.cobros = append(f.cobros, c)
	}
	var hoja struct {
		Datos     []any
		Siguiente string
	}
	r := api.DoCtx(
		oidc.WithCaller(context.Background(), ana),
		http.MethodGet,
		"/pagos?limite=2",
	)
	if err := json.Unmarshal(r.Body.Bytes(), &hoja); err != nil || len(hoja.Datos) != 2 ||
		hoja.Siguiente == "" {
		t.Fatalf("%v: %s", err, r.Body)
	}
	if f.quien.Todos || f.quien.Cliente != ana.ID {
		t.Errorf("asked as %+v", f.quien)
	}
	api.DoCtx(
		oidc.WithCaller(context.Background(), operador),
		http.MethodGet,
		"/pagos?limite=2&cursor="+hoja.Siguiente,
	)
	if !f.quien.Todos || !f.filtro.Creado.Equal(alba.Add(-time.Minute)) ||
		f.filtro.ID != pagoDeAna ||
		f.filtro.Limite != 2 {
		t.Errorf("asked as %+v for %+v", f.quien, f.filtro)
	}
}

func TestNotices(t *testing.T) {
	tests := map[string]struct {
		ruta, firma string
		want        int
		codigo      string
	}{
		"signed": {
			ruta:  "/pagos/avisos/mercadopago?data.id=ORD1&type=order",
			firma: "si",
			want:  200,
		},
		"with more members": {
			ruta:  "/pagos/avisos/mercadopago?data.id=ORD1&type=order&source_news=webhooks",
			firma: "si",
			want:  200,
		},
		"badly signed": {
			ruta:   "/pagos/avisos/mercadopago?data.id=ORD1&type=order",
			firma:  "no",
			want:   401,
			codigo: "firma-invalida",
		},
		"not signed": {ruta: "/pagos/avisos/mercadopago", want: 401, codigo: "firma-invalida"},
		"unknown provider": {
			ruta:   "/pagos/avisos/nadie?data.id=ORD1&type=order",
			firma:  "si",
			want:   404,
			codigo: "proveedor-desconocido",
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			api, f := nueva(t)
			args := []any{
				"Content-Type: application/json",
				"X-Request-Id: rid",
				strings.NewReader(`{"data":{"id":"ORD1"}}`),
			}
			if tt.firma != "" {
				args = append(args, "X-Signature: "+tt.firma)
			}
			r := api.Post(tt.ruta, args...)
			if r.Code != tt.want || !strings.Contains(r.Body.String(), tt.codigo) {
				t.Fatalf("%d, want %d: %s", r.Code, tt.want, r.Body)
			}
			if tt.want == 200 &&
				(f.aviso != gateway.Noticia{Firma: "si", Solicitud: "rid", Dato: "ORD1", Tipo: "order"}) {
				t.Errorf("got %+v", f.aviso)
			}
		})
	}
}

// devueltos are the refunds of the payment: one of each end.
var devueltos = []cobros.Reembolso{
	{ID: "r1", Monto: 100, Estado: cobros.Hecho, Ajeno: "REF1"},
	{ID: "REF2", Monto: 200, Estado: cobros.Hecho, Ajeno: "REF2"},
	{ID: "r3", Monto: 300, Estado: cobros.Fallido, Motivo: "no-reembolsable"},
	{ID: "r4", Monto: 400, Estado: cobros.Solicitado},
}

// TestRefundsOfAPayment: each refund shows its state, and whether it was made at the gateway's own panel. The list of
// payments has no refunds.
func TestRefundsOfAPayment(t *testing.T) {
	api, f := nueva(t)
	f.cobros = []cobros.Cobro{cobro}
	const quiero = `"reembolsos":[{"monto_centavos":100,"estado":"hecho"},` +
		`{"monto_centavos":200,"estado":"hecho","de_la_pasarela":true},` +
		`{"monto_centavos":300,"estado":"fallido","motivo":"no-reembolsable"},{"monto_centavos":400,"estado":"pedido"}]`
	ctx := oidc.WithCaller(t.Context(), ana)
	if cuerpo := api.DoCtx(ctx, http.MethodGet, "/pagos/"+pagoDeAna).Body.String(); !strings.Contains(cuerpo, quiero) {
		t.Errorf("got %s", cuerpo)
	}
	if cuerpo := api.DoCtx(ctx, http.MethodGet, "/pagos").Body.String(); strings.Contains(cuerpo, "reembolsos") {
		t.Errorf("got %s", cuerpo)
	}
}
