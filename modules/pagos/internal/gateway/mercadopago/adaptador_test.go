package mercadopago

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/gateway"
)

// TestOurRequesterIsKept: an option of the SDK would replace it, silently, and calls
// would go to the real service.
func TestOurRequesterIsKept(t *testing.T) {
	cfg, err := configurar(Opciones{URL: "http://127.0.0.1:1/dev", Token: "t"}, cliente(nil))
	if err != nil {
		t.Fatal(err)
	}
	d, ok := cfg.Requester.(desvio)
	if !ok || d.hc.Transport.(*http.Transport).MaxIdleConnsPerHost != conexiones ||
		d.hc.Timeout == 0 {
		t.Fatalf("requester is %T", cfg.Requester)
	}
}

func TestURLsThatAreNone(t *testing.T) {
	for _, u := range []string{"", "api.mercadopago.com", "ftp://x", "http://", ":"} {
		if _, err := New(Opciones{URL: u}); err == nil {
			t.Errorf("%q was taken", u)
		}
	}
}

// una is a server with one answer; it keeps the request.
type una struct {
	estado       int
	cuerpo       string
	ruta, pedido string
	clave        string
}

func (u *una) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b, _ := io.ReadAll(r.Body)
	u.ruta = r.Method + " " + r.URL.Path
	u.pedido = string(b)
	u.clave = r.Header.Get("X-Idempotency-Key")
	w.WriteHeader(u.estado)
	_, _ = io.WriteString(w, u.cuerpo)
}

func (u *una) adaptador(t *testing.T) *Adaptador {
	t.Helper()
	srv := httptest.NewServer(u)
	t.Cleanup(srv.Close)
	a, err := New(Opciones{URL: srv.URL + "/dev/mp", Token: "t", Ahora: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestErrors(t *testing.T) {
	tests := map[string]struct {
		estado int
		codigo string
		err    error
	}{
		"key used": {
			estado: 409,
			codigo: "idempotency_key_already_used",
			err:    gateway.ErrClave,
		},
		"key check failed": {
			estado: 500,
			codigo: "idempotency_validation_failed",
			err:    gateway.ErrClave,
		},
		"cannot capture": {
			estado: 409,
			codigo: "cannot_capture_order",
			err:    gateway.ErrEstado,
		},
		"already canceled": {
			estado: 409,
			codigo: "order_already_canceled",
			err:    gateway.ErrEstado,
		},
		"already cancelled": {
			estado: 409,
			codigo: "order_already_cancelled",
			err:    gateway.ErrEstado,
		},
		"already refunded": {
			estado: 409,
			codigo: "order_already_refunded",
			err:    gateway.ErrEstado,
		},
		"another conflict": {estado: 409, codigo: "brand_new", err: gateway.ErrEstado},
		"refund running": {
			estado: 409,
			codigo: "order_refund_already_in_process",
			err:    gateway.ErrOcupada,
		},
		"locked": {
			estado: 423,
			codigo: "resource_locked",
			err:    gateway.ErrOcupada,
		},
		"too much": {
			estado: 400,
			codigo: "refund_amount_exceeds",
			err:    gateway.ErrExcede,
		},
		"bad request": {
			estado: 400,
			codigo: "property_value",
			err:    gateway.ErrPeticion,
		},
		"unprocessable": {estado: 422, codigo: "whatever", err: gateway.ErrPeticion},
		"credentials": {
			estado: 401,
			codigo: "invalid_credentials",
			err:    gateway.ErrCredencial,
		},
		"credentials, as a number": {estado: 401, codigo: "401", err: gateway.ErrCredencial},
		"forbidden": {
			estado: 403,
			codigo: "forbidden",
			err:    gateway.ErrCredencial,
		},
		"not there": {
			estado: 404,
			codigo: "order_not_found",
			err:    gateway.ErrNoHay,
		},
		"too many": {
			estado: 429,
			codigo: "too_many_requests",
			err:    gateway.ErrLimite,
		},
		"internal": {
			estado: 500,
			codigo: "internal_error",
			err:    gateway.ErrSilencio,
		},
		"bad gateway":        {estado: 502, err: gateway.ErrSilencio},
		"elsewhere":          {estado: 302, err: gateway.ErrSilencio},
		"declined, no order": {estado: 402, codigo: "failed", err: gateway.ErrRehusada},
		"too early":          {estado: 425, err: gateway.ErrSilencio},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			u := &una{
				estado: tt.estado,
				cuerpo: fmt.Sprintf(
					`{"errors":[{"code":%q,"message":"secreto@x"}]}`,
					tt.codigo,
				),
			}
			if tt.estado == 302 {
				u.cuerpo = "<html>"
			}
			a := u.adaptador(t)
			_, err := a.Crear(
				t.Context(),
				gateway.SolicitudDePago{Clave: "k", Metodo: pagos.TarjetaCredito},
			)
			if !errors.Is(err, tt.err) {
				t.Errorf("got %v, want %v", err, tt.err)
			}
			if err != nil && strings.Contains(err.Error(), "secreto@x") {
				t.Error("the body is in the error")
			}
		})
	}
}

func TestSilence(t *testing.T) {
	srv := httptest.NewServer(
		http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }),
	)
	defer srv.Close()
	a, err := New(Opciones{URL: srv.URL, Ahora: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	ctx, fin := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer fin()
	if _, err := a.Leer(ctx, "ORD1"); !errors.Is(err, gateway.ErrSilencio) ||
		strings.Contains(err.Error(), srv.URL) {
		t.Errorf("got %v", err)
	}
}

// TestDeclined: the example of the reference, with its short order.
func TestDeclined(t *testing.T) {
	u := &una{
		estado: 402,
		cuerpo: `{"errors":[{"code":"failed","message":"m","details":["pay_01: required_call_for_authorize"]}],
	 "data":{"id":"01JE","capture_mode":"manual","status":"failed","status_detail":"failed","transactions":{"payments":[
	 {"id":"pay_01","amount":"200.00","status":"failed","status_detail":"required_call_for_authorize"}]}}}`,
	}
	o, err := u.adaptador(t).
		Crear(t.Context(), gateway.SolicitudDePago{Clave: "k", Metodo: pagos.TarjetaCredito})
	if err != nil || o.ID != "01JE" || o.Estado != gateway.Rechazada ||
		o.Motivo != "autorizar-con-el-emisor" ||
		o.Tomado() != 0 {
		t.Errorf("got %+v, %v", o, err)
	}
}

func TestRequests(t *testing.T) {
	ok := `{"id":"ORD1","status":"processed","status_detail":"accredited",` +
		`"transactions":{"payments":[{"id":"PAY1","amount":"200.00"}]}}`
	tests := map[string]struct {
		llamar func(a *Adaptador) error
		ruta   string
		cuerpo []string
		sin    []string
	}{
		"reserve": {llamar: func(a *Adaptador) error {
			_, err := a.Crear(context.Background(), gateway.SolicitudDePago{
				Clave: "k", Referencia: "r-1", Monto: 20_050, Metodo: pagos.TarjetaCredito, Reservar: true,
				Token: "tok", MarcaDeTarjeta: "master", Cuotas: 3, Correo: "c@x",
			})
			return err
		},
			ruta: "POST /dev/mp/v1/orders",
			cuerpo: []string{
				`"capture_mode":"manual"`, `"total_amount":"200.50"`, `"amount":"200.50"`, `"external_reference":"r-1"`,
				`"token":"tok"`, `"installments":3`, `"type":"credit_card"`, `"id":"master"`, `"email":"c@x"`,
			},
			sin: []string{"expiration_time"}},
		"voucher": {llamar: func(a *Adaptador) error {
			_, err := a.Crear(
				context.Background(),
				gateway.SolicitudDePago{
					Clave:  "k",
					Monto:  100,
					Metodo: pagos.Efectivo,
					Plazo:  26 * time.Hour,
				},
			)
			return err
		},
			ruta: "POST /dev/mp/v1/orders",
			cuerpo: []string{
				`"capture_mode":"automatic"`, `"type":"ticket"`, `"expiration_time":"P1DT2H"`,
			}, sin: []string{"token", "installments"}},
		"capture": {llamar: func(a *Adaptador) error {
			_, err := a.Capturar(context.Background(), gateway.Acto{Orden: "ORD1", Clave: "k"})
			return err
		},
			ruta: "POST /dev/mp/v1/orders/ORD1/capture"},
		"refund names its amount": {llamar: func(a *Adaptador) error {
			_, err := a.Reembolsar(
				context.Background(),
				gateway.SolicitudDeReembolso{
					Acto:        gateway.Acto{Orden: "ORD1", Clave: "k"},
					Transaccion: "PAY1",
					Monto:       2_450,
				},
			)
			return err
		}, ruta: "POST /dev/mp/v1/orders/ORD1/refund", cuerpo: []string{`{"id":"PAY1","amount":"24.50"}`}},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			u := &una{estado: 201, cuerpo: ok}
			if err := tt.llamar(u.adaptador(t)); err != nil {
				t.Fatal(err)
			}
			if u.ruta != tt.ruta || u.clave != "k" {
				t.Errorf("%s with key %q", u.ruta, u.clave)
			}
			for _, s := range tt.cuerpo {
				if !strings.Contains(u.pedido, s) {
					t.Errorf("no %s in %s", s, u.pedido)
				}
			}
			for _, s := range tt.sin {
				if strings.Contains(u.pedido, s) {
					t.Errorf("%s in %s", s, u.pedido)
				}
			}
		})
	}
}

func TestStatuses(t *testing.T) {
	tests := map[string]gateway.Estado{
		"processed/accredited": gateway.Cobrada, "processed/partially_refunded": gateway.Cobrada,
		"processed/refunded": gateway.Cobrada,
		"refunded/refunded":  gateway.Cobrada, "processed/brand_new": gateway.EnProceso,
		"processing/in_process":           gateway.EnProceso,
		"action_required/waiting_capture": gateway.Reservada, "action_required/waiting_payment": gateway.EnEspera,
		"action_required/waiting_transfer": gateway.EnEspera, "action_required/pending_challenge": gateway.EnEspera,
		"created/created": gateway.EnEspera,
		"failed/failed":   gateway.Rechazada, "canceled/canceled": gateway.Cancelada, "cancelled/x": gateway.Cancelada,
		"brand_new/": gateway.EnProceso,
	}
	for s, want := range tests {
		status, detalle, _ := strings.Cut(s, "/")
		if got := estado(status, detalle); got != want {
			t.Errorf("%s: %s, want %s", s, got, want)
		}
	}
}

func TestDurations(t *testing.T) {
	for d, want := range map[time.Duration]string{
		time.Second:                "PT1S",
		time.Millisecond:           "PT1S",
		72 * time.Hour:             "P3D",
		90 * time.Second:           "PT1M30S",
		25*time.Hour + time.Minute: "P1DT1H1M",
	} {
		if got := duracion(d); got != want {
			t.Errorf("%v: %s, want %s", d, got, want)
		}
	}
}

func TestSignatures(t *testing.T) {
	ahora := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	const dato, rid = "ORD01JQ4S4KY8HWQ6NA5PXB65B3D3", "2066ca19"
	firma := func(id, ts string) string {
		m := hmac.New(sha256.New, []byte(secreto))
		if id != "" {
			fmt.Fprintf(m, "id:%s;", id)
		}
		fmt.Fprintf(m, "request-id:%s;ts:%s;", rid, ts)
		return "ts=" + ts + ",v1=" + hex.EncodeToString(m.Sum(nil))
	}
	msDe := func(d time.Duration) string { return fmt.Sprint(ahora.Add(d).UnixMilli()) }
	sDe := func(d time.Duration) string { return fmt.Sprint(ahora.Add(d).Unix()) }
	tests := map[string]struct {
		firma string
		buena bool
	}{
		"milliseconds":        {firma(dato, msDe(0)), true},
		"seconds":             {firma(dato, sDe(0)), true},
		"lower case":          {firma(strings.ToLower(dato), msDe(0)), true},
		"lower case, seconds": {firma(strings.ToLower(dato), sDe(-4*time.Minute)), true},
		"old":                 {firma(dato, msDe(-6*time.Minute)), false},
		"old, seconds":        {firma(dato, sDe(-6*time.Minute)), false},
		"from the future":     {firma(dato, msDe(6*time.Minute)), false},
		"missing":             {"", false},
		"no ts":               {"v1=00", false},
		"another order":       {firma("ORD2", msDe(0)), false},
		"ts changed": {
			strings.Replace(firma(dato, msDe(0)), "ts="+msDe(0), "ts="+msDe(time.Second), 1),
			false,
		},
		"garbage": {"ts=x,v1=y,=,", false},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			a := &Adaptador{o: Opciones{Secreto: secreto, Tolerancia: 5 * time.Minute}}
			err := a.Verificar(
				gateway.Noticia{Firma: tt.firma, Solicitud: rid, Dato: dato},
				ahora,
			)
			if (err == nil) != tt.buena || err != nil && !errors.Is(err, gateway.ErrFirma) {
				t.Errorf("got %v", err)
			}
			a.o.Secreto = ""
			if a.Verificar(
				gateway.Noticia{Firma: tt.firma, Solicitud: rid, Dato: dato},
				ahora,
			) == nil {
				t.Error("taken without a secret")
			}
		})
	}
}
