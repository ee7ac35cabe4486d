package module

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/cobros"
	simulador "despensa/platform/dev/mercadopago"
	"despensa/platform/wiring"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

var todos = cobros.Quien{Todos: true}

func deEste(pedido string) cobros.Filtro { return cobros.Filtro{Pedido: pedido, Limite: 10} }

// programa is the module with its HTTP face, its jobs and a simulator that sends its
// notices there.
type programa struct {
	*Module
	pasarela
	avisos atomic.Int64
	reg    *prometheus.Registry
}

// arrancar starts the module with its HTTP operations and its background work, against a simulator that sends its
// notices there.
func arrancar(t *testing.T, cambio func(*Config)) *programa {
	t.Helper()
	mux := http.NewServeMux()
	srv := httptest.NewServer(mux)
	s, err := simulador.New(t.Context(), simulador.Options{
		Folder:   t.TempDir(),
		Token:    credencial,
		Secret:   secreto,
		Receiver: func() string { return srv.URL },
	})
	if err != nil {
		t.Fatal(err)
	}
	mux.Handle(simulador.Prefix+"/", s.Handler())
	p := &programa{
		pasarela: pasarela{s, srv.URL + simulador.Prefix},
		reg:      prometheus.NewRegistry(),
	}
	c := configDePrueba()
	cambio(&c)
	p.Module, err = New(t.Context(), Opciones{
		Options: wiring.Options{
			Folder:  t.TempDir(),
			Metrics: p.reg,
		},
		Config: c,
		Avisar: func(context.Context, pagos.Aviso) error { p.avisos.Add(1); return nil },
		MercadoPago: ConfigMercadoPago{
			URL:        p.url,
			Token:      credencial,
			Secreto:    secreto,
			Tolerancia: time.Minute,
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	cfg := huma.DefaultConfig("prueba", "1")
	cfg.Servers = []*huma.Server{{URL: "/api/v1"}}
	p.Register(humago.NewWithPrefix(mux, "/api/v1", cfg))
	ctx, parar := context.WithCancel(context.Background())
	fin := make(chan error, 2)
	go func() { fin <- p.Module.Correr(ctx) }()
	go func() { fin <- s.Run(ctx) }()
	t.Cleanup(func() {
		parar()
		for range 2 {
			if err := <-fin; err != nil && !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		}
		srv.Close()
		if err := errors.Join(p.Module.Cerrar(), s.Close()); err != nil {
			t.Error(err)
		}
	})
	return p
}

// hasta polls until si, for ten seconds at most.
func hasta(t *testing.T, que string, si func() bool) {
	t.Helper()
	tic := time.NewTicker(10 * time.Millisecond)
	defer tic.Stop()
	fin := time.After(10 * time.Second)
	for !si() {
		select {
		case <-tic.C:
		case <-fin:
			t.Fatalf("in vain: %s", que)
		}
	}
}

func (p *programa) estado(t *testing.T, pedido string) pagos.Estado {
	t.Helper()
	cs, err := p.cobros.Listar(t.Context(), todos, deEste(pedido))
	if err != nil {
		t.Fatal(err)
	}
	if len(cs) == 0 {
		return ""
	}
	return cs[0].Estado
}

func boleta(pedido string) pagos.OrdenDePago {
	return pagos.OrdenDePago{
		Intento: pagos.Intento{Pedido: pedido, Numero: 1},
		Cliente: "c",
		Monto:   total,
		Metodo:  pagos.Efectivo,
		Correo:  "c@testuser.com",
		Vence:   time.Now().Add(time.Hour),
	}
}

// TestPaidLater: by signed notice over HTTP alone, and by poll alone.
func TestPaidLater(t *testing.T) {
	tests := map[string]struct {
		cambio func(*Config)
		sin    float64 // share of notices that are lost
	}{
		"by notice": {func(c *Config) { c.SondeoMin, c.SondeoMax = time.Hour, time.Hour }, 0},
		"by poll":   {func(*Config) {}, 1},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			p := arrancar(t, tt.cambio)
			err := p.Configure(simulador.Settings{Notices: simulador.NoticeSettings{
				DelayMS: 5, Lose: tt.sin, Repeat: 3, Shuffle: true, LowerCase: true, Seconds: true,
			}})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := p.Autorizar(t.Context(), boleta("p1")); !errors.Is(err, pagos.ErrPendiente) {
				t.Fatal(err)
			}
			if err := p.Pay(t.Context(), p.orden(t, "p1").ID); err != nil {
				t.Fatal(err)
			}
			hasta(t, "cobrado", func() bool { return p.estado(t, "p1") == pagos.Cobrado })
			hasta(t, "announced", func() bool { return p.avisos.Load() == 1 })
		})
	}
}

func TestNotPaidInTime(t *testing.T) {
	p := arrancar(t, func(*Config) {})
	o := boleta("p1")
	o.Vence = time.Now().Add(time.Second)
	if _, err := p.Autorizar(t.Context(), o); !errors.Is(err, pagos.ErrPendiente) {
		t.Fatal(err)
	}
	hasta(t, "vencido", func() bool { return p.estado(t, "p1") == pagos.Vencido })
	if a := p.orden(t, "p1"); a.Estado != "canceled" {
		t.Errorf("at the gateway it is %s", a.Estado)
	}
	if _, err := p.Autorizar(t.Context(), o); !errors.Is(err, pagos.ErrVencido) {
		t.Errorf("got %v", err)
	}
}

// TestGatewayThatAlwaysRefusesUsedKeys: the answer to each call is lost, and its key is refused when the call is
// repeated. The service then reads the order, and saves the effect that the first call had.
func TestGatewayThatAlwaysRefusesUsedKeys(t *testing.T) {
	p := arrancar(t, func(c *Config) { c.Plazo, c.Intentos = 150*time.Millisecond, 2 })
	i := pagos.Intento{Pedido: "p1", Numero: 1}
	o := pagos.OrdenDePago{
		Intento:        i,
		Cliente:        "c",
		Monto:          total,
		Metodo:         pagos.TarjetaCredito,
		Token:          p.cardToken(t, "APRO"),
		MarcaDeTarjeta: "master",
		Cuotas:         1,
		Correo:         "c@testuser.com",
	}
	pasos := []func() error{
		func() error { _, err := p.Autorizar(t.Context(), o); return err },
		func() error { _, err := p.Capturar(t.Context(), i); return err },
		func() error {
			_, err := p.Reembolsar(
				t.Context(),
				pagos.Reembolso{Intento: i, ID: "r", Monto: 700},
			)
			return err
		},
		func() error { _, err := p.Anular(t.Context(), i); return err },
	}
	for n, paso := range pasos {
		err := p.Configure(simulador.Settings{
			LatencyMS: 300, KeyAlways409: true, Notices: simulador.NoticeSettings{Lose: 1},
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := paso(); !errors.Is(err, pagos.ErrSinPasarela) {
			t.Fatalf("step %d: %v", n, err)
		}
		err = p.Configure(
			simulador.Settings{KeyAlways409: true, Notices: simulador.NoticeSettings{Lose: 1}},
		)
		if err != nil {
			t.Fatal(err)
		}
		hasta(t, "done", func() bool { return paso() == nil })
	}
	if a := p.orden(t, "p1"); a.Cobrado != int64(total) || a.Reembolsado != int64(total) {
		t.Errorf("took %d, gave back %d", a.Cobrado, a.Reembolsado)
	}
}

func TestUnsignedNoticesAreRefused(t *testing.T) {
	p := arrancar(t, func(*Config) {})
	base := strings.TrimSuffix(p.url, simulador.Prefix)
	req, err := http.NewRequestWithContext(
		t.Context(),
		http.MethodPost,
		base+"/api/v1/pagos/avisos/mercadopago?data.id=ORD1&type=order",
		strings.NewReader("{}"),
	)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Signature", "ts=1,v1=00")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusUnauthorized ||
		!strings.Contains(string(b), "firma-invalida") {
		t.Errorf("%d: %s, %v", res.StatusCode, b, err)
	}
}

func TestMetrics(t *testing.T) {
	p := arrancar(t, func(*Config) {})
	if _, err := p.Autorizar(t.Context(), boleta("p1")); !errors.Is(err, pagos.ErrPendiente) {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	promhttp.HandlerFor(p.reg, promhttp.HandlerOpts{}).ServeHTTP(w, r)
	for _, want := range []string{
		`despensa_pagos_pendientes 1`, `despensa_pagos_cortacircuito{proveedor="mercadopago"} 0`,
		`despensa_pagos_pasarela_segundos_count{accion="crear",resultado="ok"} 1`,
		`despensa_pagos_por_deshacer 0`, `despensa_pagos_avisos `,
	} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("no %s", want)
		}
	}
}

func TestTheConfigurationIsChecked(t *testing.T) {
	tests := map[string]func(*Opciones){
		"pagos.plazo: at least 1ms":    func(o *Opciones) { o.Config.Plazo = 0 },
		"pagos.en_curso: at least 3s":  func(o *Opciones) { o.Config.EnCurso = time.Second },
		"pagos.intentos: 1 to 20":      func(o *Opciones) { o.Config.Intentos = 0 },
		"mercadopago.url: missing":     func(o *Opciones) { o.MercadoPago.URL = "" },
		"mercadopago.secreto: missing": func(o *Opciones) { o.MercadoPago.Secreto = "" },
	}
	for want, cambio := range tests {
		o := Opciones{
			Options: wiring.Options{
				Folder: t.TempDir(),
			},
			Config: configDePrueba(),
			MercadoPago: ConfigMercadoPago{
				URL:        "http://x",
				Token:      "t",
				Secreto:    "s",
				Tolerancia: time.Minute,
			},
		}
		cambio(&o)
		if _, err := New(t.Context(), o); err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
