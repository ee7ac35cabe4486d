package module

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"despensa/modules/pagos"
	simulador "despensa/platform/dev/mercadopago"
	"despensa/platform/money"
	"despensa/platform/sqldb"
	"despensa/platform/wiring"
)

const (
	credencial = "APP_USR-prueba"
	secreto    = "secreto-de-avisos"
	total      = money.Centavos(20_050)
)

func configDePrueba() Config {
	return Config{
		Plazo: 3 * time.Second, Intentos: 3, EsperaMin: 10 * time.Millisecond, EsperaMax: 100 * time.Millisecond,
		EnCurso:     15 * time.Second,
		CorteFallos: 5, CortePausa: time.Second, SondeoMin: 200 * time.Millisecond, SondeoMax: time.Second,
		SondeoReserva: time.Hour, SondeoCobrado: time.Hour,
		Vigilancia: time.Hour, AvisoReposo: 50 * time.Millisecond, AvisoGuarda: time.Hour, Ronda: 50 * time.Millisecond,
		Limpieza: time.Hour,
		Tanda:    64, Paralelo: 4,
	}
}

// pasarela is a simulator that serves until the test ends.
type pasarela struct {
	*simulador.Simulator
	url string
}

func servir(t *testing.T) pasarela {
	t.Helper()
	s, err := simulador.New(
		t.Context(),
		simulador.Options{Folder: t.TempDir(), Token: credencial, Secret: secreto},
	)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(s.Handler())
	t.Cleanup(func() {
		srv.Close()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return pasarela{s, srv.URL + simulador.Prefix}
}

// cardToken asks the gateway for a card token of titular.
func (p pasarela) cardToken(t *testing.T, titular string) string {
	t.Helper()
	b, err := json.Marshal(map[string]any{
		"card_number":      "5031755734530604",
		"expiration_month": "11",
		"expiration_year":  "2030",
		"security_code":    "123",
		"site_id":          "MLA",
		"cardholder": map[string]any{
			"name":           titular,
			"identification": map[string]string{"type": "DNI", "number": "12345678"},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost,
		p.url+"/v1/card_tokens", bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var f struct{ ID string }
	if err := json.NewDecoder(res.Body).Decode(&f); err != nil || f.ID == "" {
		t.Fatalf("no card token: HTTP %d, %v", res.StatusCode, err)
	}
	return f.ID
}

// orden is the only order of a pedido at the gateway.
func (p pasarela) orden(t *testing.T, pedido string) simulador.LedgerEntry {
	t.Helper()
	libro, err := p.Ledger(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var out []simulador.LedgerEntry
	for _, a := range libro {
		if a.Referencia == pedido+"-1" {
			out = append(out, a)
		}
	}
	if len(out) != 1 {
		t.Fatalf("%d orders at the gateway for %s", len(out), pedido)
	}
	return out[0]
}

func abrir(t *testing.T, pasarela pasarela, carpeta string, corte sqldb.Cut) *Module {
	t.Helper()
	m, err := New(t.Context(), Opciones{
		Options: wiring.Options{
			Folder: carpeta,
			Cut:    corte,
			Log:    slog.New(slog.DiscardHandler),
		},
		Config: configDePrueba(),
		MercadoPago: ConfigMercadoPago{
			URL:        pasarela.url,
			Token:      credencial,
			Secreto:    secreto,
			Tolerancia: time.Minute,
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func cerrar(t *testing.T, module *Module) {
	t.Helper()
	if err := module.Cerrar(); err != nil {
		t.Fatal(err)
	}
}

var errMuerte = errors.New("the program ends here")

// muerte ends the program at its n-th boundary, and for good.
type muerte struct{ en, van int }

func (m *muerte) corte(string, sqldb.Moment) error {
	if m.van++; m.en > 0 && m.van >= m.en {
		return errMuerte
	}
	return nil
}

// vida is the story of one payment, step by step; a step may be repeated.
type vida struct {
	titular              string
	metodo               pagos.Metodo
	pasos                string // a: autorizar, c: capturar, r: reembolsar, d: another refund, x: anular
	estado               pagos.Estado
	cobrado, reembolsado money.Centavos
}

// paso makes the call of one letter of v.pasos.
func (v vida) paso(
	ctx context.Context,
	module *Module,
	intento pagos.Intento,
	token string,
	paso rune,
) error {
	var err error
	switch paso {
	case 'a':
		o := pagos.OrdenDePago{
			Intento: intento,
			Cliente: "c",
			Monto:   total,
			Metodo:  v.metodo,
			Correo:  "c@testuser.com",
		}
		if v.metodo.Tarjeta() {
			o.Token, o.MarcaDeTarjeta, o.Cuotas = token, "master", 1
		} else {
			o.Vence = time.Now().Add(time.Hour)
		}
		_, err = module.Autorizar(ctx, o)
	case 'c':
		_, err = module.Capturar(ctx, intento)
	case 'r', 'd':
		_, err = module.Reembolsar(
			ctx,
			pagos.Reembolso{Intento: intento, ID: string(paso), Monto: 700},
		)
	case 'x':
		_, err = module.Anular(ctx, intento)
	}
	if errors.Is(err, pagos.ErrRechazado) || errors.Is(err, pagos.ErrPendiente) {
		return nil // as good an answer as any
	}
	return err
}

// vivir does all steps; it stops where the program ends.
func (v vida) vivir(t *testing.T, module *Module, intento pagos.Intento, token string) error {
	t.Helper()
	for _, p := range v.pasos {
		if err := v.paso(t.Context(), module, intento, token, p); err != nil {
			return fmt.Errorf("step %c: %w", p, err)
		}
	}
	return nil
}

var vidas = map[string]vida{
	"captured": {
		titular: "APRO",
		metodo:  pagos.TarjetaCredito,
		pasos:   "ac",
		estado:  pagos.Cobrado,
		cobrado: total,
	},
	"debit": {
		titular: "APRO",
		metodo:  pagos.TarjetaDebito,
		pasos:   "ac",
		estado:  pagos.Cobrado,
		cobrado: total,
	},
	"voided": {
		titular: "APRO",
		metodo:  pagos.TarjetaCredito,
		pasos:   "ax",
		estado:  pagos.Anulado,
	},
	"declined": {
		titular: "FUND",
		metodo:  pagos.TarjetaCredito,
		pasos:   "ax",
		estado:  pagos.Rechazado,
	},
	"voucher, voided": {metodo: pagos.Efectivo, pasos: "ax", estado: pagos.Anulado},
	"refunded in part": {titular: "APRO", metodo: pagos.TarjetaCredito, pasos: "acrd",
		estado: pagos.Cobrado, cobrado: total, reembolsado: 1_400},
	"refunded, undone": {titular: "APRO", metodo: pagos.TarjetaCredito, pasos: "acrx",
		estado: pagos.Reembolsado, cobrado: total, reembolsado: total},
	"charged, undone": {titular: "APRO", metodo: pagos.TarjetaDebito, pasos: "ax",
		estado: pagos.Reembolsado, cobrado: total, reembolsado: total},
}

// TestEveryBoundary ends the program at each write and each call of the gateway,
// before it and after it, restarts it and does everything again: one order at the
// gateway, and the end that there would have been.
func TestEveryBoundary(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: -short: every boundary of every life, one after another")
	}
	p := servir(t)
	fronteras := 0
	for nombre, v := range vidas {
		t.Run(nombre, func(t *testing.T) {
			cuenta := &muerte{}
			v.cruzar(t, p, fmt.Sprint(pedidoDe(nombre), "-0"), cuenta)
			for n := 1; n <= cuenta.van; n++ {
				v.cruzar(t, p, fmt.Sprint(pedidoDe(nombre), "-", n), &muerte{en: n})
			}
			fronteras += cuenta.van
		})
	}
	t.Logf("%d boundaries", fronteras)
}

func pedidoDe(nombre string) string { return fmt.Sprintf("p%x", nombre) }

// cruzar lives v in a program that dies at the boundary of corte, and again in a second one on the same folder; then
// the gateway has the amounts of v.
func (v vida) cruzar(t *testing.T, pasarela pasarela, pedido string, corte *muerte) {
	t.Helper()
	carpeta, i := t.TempDir(), pagos.Intento{Pedido: pedido, Numero: 1}
	token := ""
	if v.metodo.Tarjeta() {
		token = pasarela.cardToken(t, v.titular)
	}
	m := abrir(t, pasarela, carpeta, corte.corte)
	err := v.vivir(t, m, i, token)
	if corte.en > 0 && !errors.Is(err, errMuerte) || corte.en == 0 && err != nil {
		t.Fatalf("boundary %d: %v", corte.en, err)
	}
	cerrar(t, m)
	if corte.en > 0 {
		m = abrir(t, pasarela, carpeta, nil)
		if err := v.vivir(t, m, i, token); err != nil {
			// Steps before the undo are refused once its tombstone is there.
			if !errors.Is(err, pagos.ErrAnulado) {
				t.Fatalf("after boundary %d: %v", corte.en, err)
			}
			if _, err := m.Anular(t.Context(), i); err != nil {
				t.Fatalf("after boundary %d: %v", corte.en, err)
			}
		}
		v.cuadrar(t, pasarela, m, i, corte.en)
		cerrar(t, m)
	}
}

func (v vida) cuadrar(
	t *testing.T,
	pasarela pasarela,
	module *Module,
	intento pagos.Intento,
	n int,
) {
	t.Helper()
	a := pasarela.orden(t, intento.Pedido)
	if money.Centavos(a.Cobrado) != v.cobrado ||
		money.Centavos(a.Reembolsado) != v.reembolsado {
		t.Fatalf("boundary %d: the gateway took %d and gave %d back (%s/%s)",
			n, a.Cobrado, a.Reembolsado, a.Estado, a.Detalle)
	}
	cs, err := module.cobros.Listar(t.Context(), todos, deEste(intento.Pedido))
	if err != nil || len(cs) != 1 {
		t.Fatalf("boundary %d: %d cobros, %v", n, len(cs), err)
	}
	if c := cs[0]; c.Estado != v.estado || c.Cobrado != v.cobrado ||
		c.Reembolsado != v.reembolsado ||
		c.Accion != "" {
		t.Fatalf("boundary %d: the row says %+v", n, c)
	}
}
