package module

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"despensa/platform/httpapi"
	"despensa/platform/oidc"
	"despensa/platform/wiring"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// tokens is a verifier that knows a few.
type tokens map[string]oidc.Principal

func (t tokens) Verify(_ context.Context, crudo string) (oidc.Principal, error) {
	p, ok := t[crudo]
	if !ok {
		return p, oidc.ErrToken
	}
	return p, nil
}

func persona(sub string, roles ...string) oidc.Principal {
	return oidc.Principal{Sub: sub, ID: oidc.IDOf(sub), Roles: roles}
}

var conocidos = tokens{
	"ana": persona(
		"ana",
		"cliente",
	), "beto": persona("beto", "cliente"), "jefa": persona("jefa", "admin"),
	"operador": persona("operador", "operador"), "auditor": persona("auditor", "auditor"),
	"maquina": {
		Sub:         "m@clients",
		ID:          oidc.IDOf("m@clients"),
		Machine:     true,
		Roles:       []string{"cliente"},
		Permissions: []string{"cliente"},
	},
}

// proveedor is the identity provider: its answers, and the number of times it was asked.
type proveedor struct {
	preguntas atomic.Int64
	caido     atomic.Bool
	duda      atomic.Bool   // it has not confirmed the e-mail
	espera    chan struct{} // not nil: it answers once this is closed
}

func (p *proveedor) perfil(ctx context.Context) (oidc.Profile, error) {
	p.preguntas.Add(1)
	if p.espera != nil {
		<-p.espera
	}
	if p.caido.Load() {
		return oidc.Profile{}, errors.New("dial tcp: refused")
	}
	quien, _ := oidc.Caller(ctx)
	if quien.Sub == "beto" {
		return oidc.Profile{Name: "Beto Sin Correo"}, nil
	}
	return oidc.Profile{
		Name:          "Ana Pérez",
		Email:         quien.Sub + "@example.com",
		EmailVerified: !p.duda.Load(),
	}, nil
}

type banco struct {
	*Module
	proveedor *proveedor
	http      http.Handler
	o         Opciones
}

func opciones(carpeta string, proveedor *proveedor) Opciones {
	return Opciones{
		Options: wiring.Options{
			Folder: carpeta,
			Now:    func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) },
			Log:    slog.New(slog.DiscardHandler),
		},
		Config: Config{LlavesEnMemoria: 100, MaxDirecciones: 3, MemoriaClaves: 48 * time.Hour},
		Auditoria: ConfigAuditoria{
			Prefijo:         "auditoria",
			Plazo:           10 * time.Second,
			Intervalo:       20 * time.Millisecond,
			EsperaMax:       time.Second,
			Lote:            100,
			IndiceRegistros: 1000,
			IndiceDias:      30,
			Guarda:          time.Hour,
		},
		Perfil: proveedor.perfil,
	}
}

func nuevoBanco(t *testing.T, cambios ...func(*Opciones)) *banco {
	t.Helper()
	b := &banco{proveedor: &proveedor{}}
	b.o = opciones(t.TempDir(), b.proveedor)
	for _, c := range cambios {
		c(&b.o)
	}
	b.abrir(t)
	t.Cleanup(func() { _ = b.Cerrar() })
	return b
}

// abrir starts the module on the folder, behind a server of its own.
func (b *banco) abrir(t *testing.T) {
	t.Helper()
	var err error
	if b.Module, err = New(t.Context(), b.o); err != nil {
		t.Fatal(err)
	}
	s, err := httpapi.New(httpapi.Options{
		Config: httpapi.Config{
			Direccion: "127.0.0.1:0", URL: "http://prueba.local", Limite: 10_000, LimiteFallos: 10_000, Flujos: 100,
			Plazo: 10 * time.Second, Cabecera: 5 * time.Second, Cierre: 5 * time.Second,
		},
		Verifier: conocidos, Version: "1.0.0", Log: slog.New(slog.DiscardHandler), Codes: Codigos(), Trail: b.Module,
	})
	if err != nil {
		t.Fatal(err)
	}
	b.Register(s.API())
	b.http = s.Handler()
}

// pide is one request; como names the caller.
// pide is a request; como is a token of conocidos, "" for none.
type pide struct {
	que    string // "GET /clientes/yo"
	como   string
	cuerpo string
	cabeza map[string]string
}

// con is p with one header and no other.
func (p pide) con(nombre, valor string) pide {
	p.cabeza = map[string]string{nombre: valor}
	return p
}

func (b *banco) pedir(t *testing.T, pide pide) *httptest.ResponseRecorder {
	t.Helper()
	metodo, ruta, _ := strings.Cut(pide.que, " ")
	r := httptest.NewRequestWithContext(
		t.Context(),
		metodo,
		httpapi.Prefix+ruta,
		strings.NewReader(pide.cuerpo),
	)
	if pide.cuerpo != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if pide.como != "" {
		r.Header.Set("Authorization", "Bearer "+pide.como)
	}
	for k, v := range pide.cabeza {
		r.Header.Set(k, v)
	}
	w := httptest.NewRecorder()
	b.http.ServeHTTP(w, r)
	return w
}

// miembros decodes an answer.
func miembros(t *testing.T, responseRecorder *httptest.ResponseRecorder) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(responseRecorder.Body.Bytes(), &m); err != nil {
		t.Fatalf("%v: %s", err, responseRecorder.Body)
	}
	return m
}

// nueva posts an address and gives its id.
func (b *banco) nueva(t *testing.T, como, cuerpo string) string {
	t.Helper()
	w := b.pedir(t, pide{que: "POST /clientes/yo/direcciones", como: como, cuerpo: cuerpo})
	if w.Code != http.StatusCreated {
		t.Fatalf("%d: %s", w.Code, w.Body)
	}
	return miembros(t, w)["id"].(string)
}
