package httpapi_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	_ "time/tzdata"

	"despensa/platform/fault"
	"despensa/platform/httpapi"
	"despensa/platform/oidc"
	"despensa/platform/omitted"

	"github.com/danielgtaylor/huma/v2"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// tokens is a Verifier of a fixed set of tokens; the keys are the tokens.
type tokens map[string]oidc.Principal

func (t tokens) Verify(_ context.Context, crudo string) (oidc.Principal, error) {
	switch crudo {
	case "vencido":
		return oidc.Principal{}, oidc.ErrTokenExpired
	case "sin-claves":
		return oidc.Principal{}, oidc.ErrProvider
	}
	p, ok := t[crudo]
	if !ok {
		return p, oidc.ErrToken
	}
	return p, nil
}

var conocidos = tokens{
	"cliente": {Sub: "c", ID: oidc.IDOf("c"), Roles: []string{"cliente"}},
	"otro":    {Sub: "d", ID: oidc.IDOf("d"), Roles: []string{"cliente"}},
	"auditor": {Sub: "a", ID: oidc.IDOf("a"), Roles: []string{"auditor"}},
	"maquina": {
		Sub:         "m@clients",
		ID:          oidc.IDOf("m@clients"),
		Machine:     true,
		Permissions: []string{"crear:cosas"},
	},
	"persona": {Sub: "p", ID: oidc.IDOf("p"), Permissions: []string{"crear:cosas"}},
}

func configuracion() httpapi.Config {
	return httpapi.Config{
		Direccion: "127.0.0.1:0", URL: "http://prueba.local", Limite: 10_000, LimiteFallos: 10_000, Flujos: 100,
		Plazo: 5 * time.Second, Cabecera: 5 * time.Second, Cierre: 10 * time.Second,
	}
}

// diario collects the log of the server.
type diario struct {
	mu sync.Mutex
	b  strings.Builder
}

func (d *diario) Write(b []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.b.Write(b)
}

func (d *diario) String() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.b.String()
}

type banco struct {
	s      *httpapi.Server
	diario *diario
	api    *cosas
}

func nuevoBanco(t testing.TB, cambios ...func(*httpapi.Options)) *banco {
	t.Helper()
	d := &diario{}
	o := httpapi.Options{Config: configuracion(), Verifier: conocidos, Version: "1.0.0",
		Log: slog.New(slog.NewTextHandler(d, nil))}
	for _, c := range cambios {
		c(&o)
	}
	s, err := httpapi.New(o)
	if err != nil {
		t.Fatal(err)
	}
	c := &cosas{entro: make(chan struct{}, 8), sigue: make(chan struct{})}
	c.registrar(s.API())
	return &banco{s: s, diario: d, api: c}
}

func (b *banco) pedir(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	b.s.Handler().ServeHTTP(w, r)
	return w
}

// operation is an operation of the method and path in call, "GET /path".
func operation(id, call string) huma.Operation {
	method, path, _ := strings.Cut(call, " ")
	return huma.Operation{OperationID: id, Method: method, Path: path, Summary: "s"}
}

// cosas is the API under test.
type cosas struct{ entro, sigue chan struct{} }

type nuevaCosa struct {
	httpapi.WithKey
	Body struct {
		Nombre   string     `json:"nombre" minLength:"1" maxLength:"20" pattern:"^[a-z]+$"`
		Cantidad int64      `json:"cantidad" minimum:"1"`
		Correo   string     `json:"correo,omitempty" format:"email"`
		Cuando   *time.Time `json:"cuando,omitempty"`
		Lineas   []struct {
			Numero int8 `json:"numero"`
		} `json:"lineas,omitempty" maxItems:"3"`
		Libre any `json:"libre,omitempty"`
	}
}

type cosa struct {
	httpapi.Repeatable
	httpapi.WithETag
	Body struct {
		Nombre string `json:"nombre"`
		Quien  string `json:"quien"`
	}
}

type porID struct {
	ID string `path:"id"`
}

type cambio struct {
	porID
	httpapi.WithIfMatch
	Body struct {
		Nombre *string `json:"nombre,omitempty"`
	}
}

type lista struct {
	httpapi.PageQuery
	httpapi.Days
	Estado []string `query:"estado,explode" enum:"uno,dos"`
}

type hoja struct {
	Body httpapi.Lista[string]
}

type conLista struct {
	Body struct {
		Lineas []int `json:"lineas" minItems:"1"`
	}
}

type sobre struct {
	Body *struct {
		Motivo string `json:"motivo,omitempty"`
	}
}

var errOcupado = fault.New(fault.Conflict, "cosa-ocupada", "The thing is busy.")

var porNombre = map[string]error{
	"ocupada": fmt.Errorf(
		"rest: %w",
		errOcupado.WithExtra("permitidos", []string{"soltar"}).WithExtra("status", 200),
	),
	"nada": fault.New(fault.NotFound, "cosa-inexistente", "There is no such thing."),
	"llena": fault.New(fault.TooMany, "cosa-llena", "Too many.").
		WithRetry(1500 * time.Millisecond),
	"lejos": fault.New(fault.Unavailable, "cosa-lejos", "Not now."),
	"almacen": fmt.Errorf(
		"store: %w: secreto: %w",
		fault.ErrStoreAway,
		context.DeadlineExceeded,
	),
	"rota":       errors.New("secreto: tarjeta 5031 en la fila 7"),
	"rotaconfor": fault.New(fault.Internal, "detalle-interno", "secreto interno."),
	"tarde":      fmt.Errorf("store: %w", context.DeadlineExceeded),
	"ajena":      huma.Error404NotFound("secreto de huma"),
	"mal":        errOcupado.WithField("body.nombre", "bad"),
}

func (c *cosas) registrar(api huma.API) {
	cliente := httpapi.Access{Roles: []string{"cliente"}, Permissions: []string{"crear:cosas"}}
	httpapi.Register(
		api,
		huma.Operation{OperationID: "crear", Method: "POST", Path: "/cosas", Summary: "s",
			DefaultStatus: httpapi.Created, MaxBodyBytes: 400},
		cliente,
		c.crear,
	)
	httpapi.Register(
		api,
		huma.Operation{
			OperationID:   "crear-otra",
			Method:        "POST",
			Path:          "/cosas/nuevas",
			Summary:       "s",
			DefaultStatus: httpapi.Created,
		},
		cliente,
		c.crear,
	)
	httpapi.Register(
		api,
		operation("ver", "GET /cosas/{id}"),
		httpapi.Access{Public: true},
		c.ver,
	)
	httpapi.Register(api, operation("cambiar", "PATCH /cosas/{id}"), cliente, c.cambiar)
	httpapi.Register(
		api,
		operation("listar", "GET /cosas"),
		httpapi.Access{Public: true},
		c.listar,
	)
	httpapi.Register(api, operation("opcional", "POST /cosas/{id}/sobre"), cliente, c.sobre)
	httpapi.Register(api, operation("nadie", "GET /nadie"), httpapi.Access{}, c.listar)
	httpapi.Register(api, operation("lista", "POST /listas"), cliente, c.conLista)
	huma.Register(api, operation("vivo", "GET /cosas/{id}/vivo"), c.vivo)
}

func (c *cosas) crear(ctx context.Context, nuevaCosa *nuevaCosa) (*cosa, error) {
	p, _ := oidc.Caller(ctx)
	out := &cosa{WithETag: httpapi.WithETag{ETag: httpapi.ETag(1)}}
	out.Body.Nombre, out.Body.Quien = nuevaCosa.Body.Nombre, p.Sub
	return out, nil
}

// ver answers the resource of the path, or the error that an id names (porNombre).
func (c *cosas) ver(ctx context.Context, porID *porID) (*cosa, error) {
	switch porID.ID {
	case "panico":
		panic("secreto del panico")
	case "espera":
		c.entro <- struct{}{}
		select {
		case <-c.sigue:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	case "larga":
		out := &cosa{}
		out.Body.Nombre = strings.Repeat("a", 4000)
		return out, nil
	}
	if err := porNombre[porID.ID]; err != nil {
		return nil, err
	}
	out := &cosa{}
	out.Body.Nombre = porID.ID
	return out, nil
}

func (c *cosas) cambiar(_ context.Context, cambio *cambio) (*cosa, error) {
	v, err := cambio.Versions(true)
	if err != nil {
		return nil, err
	}
	if v != nil && !slices.Contains(v, 7) {
		return nil, httpapi.ErrVersion
	}
	return &cosa{WithETag: httpapi.WithETag{ETag: httpapi.ETag(8)}}, nil
}

func (c *cosas) listar(ctx context.Context, lista *lista) (*hoja, error) {
	if _, err := lista.PageQuery.After(); err != nil {
		return nil, err
	}
	desde, hasta, err := lista.Range()
	if err != nil {
		return nil, err
	}
	if lista.Limite == 3 {
		omitted.Add(ctx, 2) // as a store does when it meets unreadable rows
	}
	return &hoja{
		Body: httpapi.Lista[string]{
			Datos: []string{fmt.Sprint(lista.Limite, desde.Unix(), hasta.Unix(),
				lista.Estado)},
		},
	}, nil
}

func (c *cosas) sobre(_ context.Context, in *sobre) (*hoja, error) {
	return &hoja{Body: httpapi.Lista[string]{Datos: []string{fmt.Sprint(in.Body != nil)}}}, nil
}

func (c *cosas) conLista(_ context.Context, in *conLista) (*hoja, error) {
	return &hoja{Body: httpapi.Lista[string]{Datos: []string{fmt.Sprint(in.Body.Lineas)}}}, nil
}

func (c *cosas) vivo(_ context.Context, _ *porID) (*huma.StreamResponse, error) {
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		ctx.SetHeader("Content-Type", "text/event-stream")
		ctx.SetStatus(http.StatusOK)
		_, _ = io.WriteString(ctx.BodyWriter(), ": hola\n\n")
		if f, ok := ctx.BodyWriter().(http.Flusher); ok {
			f.Flush()
		}
		c.entro <- struct{}{}
		<-ctx.Context().Done()
	}}, nil
}
