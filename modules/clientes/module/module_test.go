package module

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"despensa/modules/clientes"
	"despensa/modules/clientes/internal/datos"
	"despensa/platform/config"
	"despensa/platform/idempotency"
	"despensa/platform/oidc"
	"despensa/platform/sqldb"

	"github.com/prometheus/client_golang/prometheus"
)

func TestSixteenFirstRequests(t *testing.T) {
	b := nuevoBanco(t)
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			p := pide{que: "GET /clientes/yo", como: "ana"}
			if i%4 == 1 {
				p = pide{que: "POST /clientes/yo/direcciones", como: "ana", cuerpo: casa,
					cabeza: map[string]string{"Idempotency-Key": "k"}}
			}
			if w := b.pedir(t, p); w.Code >= 300 {
				t.Errorf("%s: %d %s", p.que, w.Code, w.Body)
			}
		})
	}
	wg.Wait()
	w := b.pedir(t, pide{que: "GET /clientes/yo", como: "ana"})
	if w.Header().Get("ETag") != `"1"` {
		t.Errorf("%s", w.Header().Get("ETag"))
	}
	if n := len(miembros(t, b.pedir(t, pide{que: "GET /clientes/yo/direcciones", como: "ana"}))["datos"].([]any)); n != 1 {
		t.Errorf("%d addresses", n)
	}
}

// TestProviderIsAskedOnce: callers that arrive while the provider thinks wait for the same answer. One that gives up
// does not end the call for the others.
func TestProviderIsAskedOnce(t *testing.T) {
	b := nuevoBanco(t)
	b.proveedor.espera = make(chan struct{})
	yo := oidc.WithCaller(t.Context(), conocidos["ana"])
	primero, soltar := context.WithCancel(yo)
	fin := make(chan error, 8)
	go func() { _, err := destinatario(primero, b, oidc.IDOf("ana"), "x"); fin <- err }()
	esperar(t, func() bool { return b.proveedor.preguntas.Load() == 1 })
	for range 7 {
		go func() { _, err := destinatario(yo, b, oidc.IDOf("ana"), "x"); fin <- err }()
	}
	soltar()
	if err := <-fin; !errors.Is(err, context.Canceled) {
		t.Errorf("who gave up got %v", err)
	}
	close(b.proveedor.espera)
	for range 7 {
		if err := <-fin; !errors.Is(err, clientes.ErrDireccion) { // the profile is there, an address is not
			t.Error(err)
		}
	}
	if n := b.proveedor.preguntas.Load(); n != 1 {
		t.Errorf("asked %d times", n)
	}
}

// esperar looks until listo, five seconds at most.
func esperar(t *testing.T, listo func() bool) {
	t.Helper()
	tic := time.NewTicker(time.Millisecond)
	defer tic.Stop()
	for fin := time.After(5 * time.Second); !listo(); {
		select {
		case <-fin:
			t.Fatal("it did not happen")
		case <-tic.C:
		}
	}
}

func TestKeysOfPostSurviveARestart(t *testing.T) {
	b := nuevoBanco(t)
	con := func(como, cuerpo string) pide {
		return pide{que: "POST /clientes/yo/direcciones", como: como, cuerpo: cuerpo,
			cabeza: map[string]string{"Idempotency-Key": "k"}}
	}
	w := b.pedir(t, con("ana", casa))
	id := miembros(t, w)["id"].(string)
	if w.Code != 201 || w.Header().Get("Idempotent-Replayed") != "" ||
		w.Header().Get("Location") != "/api/v1/clientes/yo/direcciones/"+id {
		t.Fatalf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	if err := b.Cerrar(); err != nil {
		t.Fatal(err)
	}
	b.abrir(t)
	for range 2 {
		w = b.pedir(
			t,
			con(
				"ana",
				` {"lon":-58.38, "lat":-34.60, "notas":"Timbre\nroto","calle":"Av. Siempre Viva 742","nombre":"Casa"}`,
			),
		)
		if w.Code != 201 || w.Header().Get("Idempotent-Replayed") != "true" ||
			miembros(t, w)["id"] != id {
			t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
		}
	}
	if w = b.pedir(t, con("ana", strings.Replace(casa, "742", "743", 1))); w.Code != 422 ||
		miembros(t, w)["code"] != "clave-reutilizada" {
		t.Errorf("other body: %d %s", w.Code, w.Body)
	}
	if w = b.pedir(t, con("beto", casa)); w.Code != 201 ||
		w.Header().Get("Idempotent-Replayed") != "" ||
		miembros(t, w)["id"] == id {
		t.Errorf("other caller: %d %v %s", w.Code, w.Header(), w.Body)
	}
}

func TestContract(t *testing.T) {
	b := nuevoBanco(t)
	ana, beto := oidc.IDOf("ana"), oidc.IDOf("beto")
	comoAna := oidc.WithCaller(t.Context(), conocidos["ana"])
	if _, err := destinatario(t.Context(), b, ana, "x"); !errors.Is(err, clientes.ErrNoExiste) {
		t.Errorf("the system alone makes no profile: %v", err)
	}
	if _, err := destinatario(comoAna, b, beto, "x"); !errors.Is(err, clientes.ErrNoExiste) {
		t.Errorf("a caller makes nobody else's: %v", err)
	}
	for _, como := range []string{"operador", "maquina"} {
		p := conocidos[como]
		if _, err := destinatario(oidc.WithCaller(t.Context(), p), b, p.ID, "x"); !errors.Is(err, clientes.ErrNoExiste) {
			t.Errorf("%s is no customer: %v", como, err)
		}
	}
	if _, err := destinatario(comoAna, b, ana, "x"); !errors.Is(err, clientes.ErrDireccion) {
		t.Errorf("at first sight there is no address: %v", err)
	}
	id := b.nueva(t, "ana", casa)
	x, err := destinatario(t.Context(), b, ana, id)
	if quiere := (clientes.Contacto{ID: ana, Nombre: "Ana Pérez", Correo: "ana@example.com"}); err != nil ||
		x.Contacto != quiere {
		t.Fatalf("%+v %v", x.Contacto, err)
	}
	suya := clientes.Direccion{
		ID:    id,
		Calle: "Av. Siempre Viva 742",
		Notas: "Timbre\nroto",
		Lat:   -34.6,
		Lon:   -58.38,
	}
	if x.Direccion != suya {
		t.Errorf("%+v", x.Direccion)
	}
	for de, quiere := range map[string]error{
		beto:    clientes.ErrNoExiste,
		"nadie": clientes.ErrNoExiste,
		"":      clientes.ErrNoExiste,
	} {
		if _, err := destinatario(t.Context(), b, de, id); !errors.Is(err, quiere) {
			t.Errorf("%q: %v", de, err)
		}
	}
	noSella := clientes.SolicitudDeDestinatario{
		Cliente:   ana,
		Direccion: id,
		Bloque:    func(clientes.Contacto, clientes.Direccion) ([]byte, error) { return nil, errBloque },
	}
	if x, err := b.Destinatario(t.Context(), noSella); !errors.Is(err, errBloque) ||
		x.Contacto != (clientes.Contacto{}) {
		t.Errorf("what cannot be sealed: %+v %v", x, err)
	}
	sinSellar, err := b.Destinatario(
		t.Context(),
		clientes.SolicitudDeDestinatario{Cliente: ana, Direccion: id},
	)
	if err != nil || sinSellar.Sellado != nil || sinSellar.Direccion.ID != id {
		t.Errorf("nothing to seal: %+v %v", sinSellar, err)
	}
	quiere := clientes.Destinatario{
		Contacto:  clientes.Contacto{ID: ana},
		Direccion: clientes.Direccion{ID: id, Lat: -34.6, Lon: -58.38},
	}
	punto, err := b.Destinatario(
		t.Context(),
		clientes.SolicitudDeDestinatario{Cliente: ana, Direccion: id, SoloPunto: true},
	)
	if err != nil || !reflect.DeepEqual(punto, quiere) {
		t.Errorf("the point alone: %+v %v", punto, err)
	}
	if claro, err := b.Abrir(t.Context(), ana, "pedido.1", x.Sellado); err != nil ||
		string(claro) != "bloque" {
		t.Errorf("%q %v", claro, err)
	}
}

var errBloque = errors.New("no block")

// destinatario makes the call of this module that the placing of an order makes.
func destinatario(
	ctx context.Context,
	servicio clientes.Servicio,
	cliente, direccion string,
) (clientes.Destinatario, error) {
	return servicio.Destinatario(
		ctx,
		clientes.SolicitudDeDestinatario{
			Cliente:   cliente,
			Direccion: direccion,
			Proposito: "pedido.1",
			Bloque:    func(clientes.Contacto, clientes.Direccion) ([]byte, error) { return []byte("bloque"), nil },
		},
	)
}

// TestAnOrderIsRecorded: that somebody's contact and place were read, with one write, and nothing else is written.
func TestAnOrderIsRecorded(t *testing.T) {
	var efectos, registros atomic.Int64
	b := nuevoBanco(t, func(o *Opciones) {
		o.Cut = func(nombre string, m sqldb.Moment) error {
			efectos.Add(1)
			if nombre == "clientes.auditoria" && m == sqldb.After {
				registros.Add(1)
			}
			return nil
		}
	})
	id := b.nueva(t, "ana", casa)
	efectos.Store(0)
	registros.Store(0)
	yo := oidc.WithCaller(t.Context(), conocidos["ana"])
	if _, err := destinatario(yo, b, oidc.IDOf("ana"), id); err != nil ||
		registros.Load() != 1 ||
		efectos.Load() != 2 ||
		b.proveedor.preguntas.Load() != 1 {
		t.Errorf("%v, %d records, %d effects, the provider asked %d times",
			err, registros.Load(), efectos.Load(), b.proveedor.preguntas.Load())
	}
	for _, solo := range []bool{false, true} {
		hubo := len(b.apuntes(t, ""))
		_, err := b.Destinatario(
			yo,
			clientes.SolicitudDeDestinatario{
				Cliente:   oidc.IDOf("ana"),
				Direccion: id,
				SoloPunto: solo,
			},
		)
		if err != nil {
			t.Fatal(err)
		}
		var acciones []string
		for _, a := range b.apuntes(t, "")[hubo:] {
			acciones = append(acciones, a.Accion)
		}
		quiere := []string{"clientes.contacto.leer", "clientes.direccion.leer"}
		if solo {
			quiere = quiere[1:]
		}
		if !slices.Equal(acciones, quiere) {
			t.Errorf("the point alone %v: recorded %v", solo, acciones)
		}
	}
}

func BenchmarkAnOrder(b *testing.B) {
	m, err := New(b.Context(), opciones(b.TempDir(), &proveedor{}))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = m.Cerrar() })
	s := Semilla{
		Sub:       "ana",
		Nombre:    "Ana",
		Correo:    "ana@example.com",
		Direccion: DireccionSemilla{Calle: "Una", Lat: 1, Lon: 2},
	}
	if err := m.Sembrar(b.Context(), []Semilla{s}); err != nil {
		b.Fatal(err)
	}
	direccion := idempotency.Derive("semilla", "direccion", "ana")
	for b.Loop() {
		if _, err := destinatario(b.Context(), m, oidc.IDOf("ana"), direccion); err != nil {
			b.Fatal(err)
		}
	}
}

// TestFinDeSesiones: before the effect nothing has happened, after it everything.
func TestFinDeSesiones(t *testing.T) {
	var corta atomic.Pointer[sqldb.Moment]
	fin := errors.New("the process ends")
	b := nuevoBanco(t, func(o *Opciones) {
		o.Cut = func(nombre string, m sqldb.Moment) error {
			if c := corta.Load(); c != nil && *c == m &&
				strings.HasPrefix(nombre, "clientes.") &&
				nombre != "clientes.auditoria" {
				return fin
			}
			return nil
		}
	})
	efectos := []pide{
		{que: "GET /clientes/yo", como: "ana"},
		{que: "PATCH /clientes/yo", como: "ana", cuerpo: `{"nombre":"Otra"}`},
		{
			que:    "POST /clientes/yo/direcciones",
			como:   "ana",
			cuerpo: casa,
			cabeza: map[string]string{"Idempotency-Key": "k"},
		},
	}
	for i, p := range efectos {
		for _, m := range []sqldb.Moment{sqldb.Before, sqldb.After} {
			corta.Store(&m)
			if w := b.pedir(t, p); w.Code != http.StatusInternalServerError {
				t.Errorf("%s, cut at %v: %d %s", p.que, m, w.Code, w.Body)
			}
		}
		corta.Store(nil)
		w := b.pedir(t, p)
		if w.Code >= 300 || i == 2 && w.Header().Get("Idempotent-Replayed") != "true" {
			t.Errorf("%s afterwards: %d %s", p.que, w.Code, w.Body)
		}
	}
	if n := b.proveedor.preguntas.Load(); n != 2 {
		t.Errorf(
			"the provider was asked %d times: the first cut lost the profile, the second only the answer",
			n,
		)
	}
	if m := miembros(t, b.pedir(t, pide{que: "GET /clientes/yo/direcciones", como: "ana"})); len(
		m["datos"].([]any),
	) != 1 {
		t.Errorf("%v", m)
	}
}

func TestDevelopmentKeys(t *testing.T) {
	b := nuevoBanco(t)
	id := b.nueva(t, "ana", casa)
	archivo := filepath.Join(b.o.Folder, "dev", "claves.json")
	i, err := os.Stat(archivo)
	if err != nil || i.Mode().Perm() != 0o600 {
		t.Fatal(i.Mode(), err)
	}
	if err := b.Cerrar(); err != nil {
		t.Fatal(err)
	}
	b.abrir(t)
	if w := b.pedir(t, pide{que: "GET /clientes/yo/direcciones/" + id, como: "ana"}); w.Code != 200 {
		t.Errorf("after a restart: %d %s", w.Code, w.Body)
	}
	if err := b.Cerrar(); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(archivo); err != nil {
		t.Fatal(err)
	}
	if _, err := New(t.Context(), b.o); !errors.Is(err, datos.ErrClaves) {
		t.Errorf("with other keys: %v", err)
	}
}

func TestMasterKeyFromTheConfiguration(t *testing.T) {
	texto, err := datos.NewMaterial()
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		claves     string
		produccion bool
		arranca    bool
	}{
		"given":               {claves: texto, arranca: true},
		"given in production": {claves: texto, produccion: true, arranca: true},
		"none in production":  {produccion: true},
		"rubbish":             {claves: "secreto"},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			o := opciones(t.TempDir(), &proveedor{})
			o.Config.Claves, o.Produccion = config.Secret(tt.claves), tt.produccion
			m, err := New(t.Context(), o)
			if (err == nil) != tt.arranca {
				t.Fatal(err)
			}
			if err != nil &&
				(!strings.Contains(err.Error(), "clientes.claves") || strings.Contains(err.Error(), "secreto")) {
				t.Errorf("%v", err)
			}
			if m != nil {
				t.Cleanup(func() { _ = m.Cerrar() })
			}
			if _, err := os.Stat(filepath.Join(o.Folder, "dev")); err == nil {
				t.Error("a development key was made")
			}
		})
	}
}

func TestConfigNamesTheKey(t *testing.T) {
	bueno := opciones("", nil).Config
	tests := map[string]func(*Config){
		"clientes.llaves_en_memoria": func(c *Config) { c.LlavesEnMemoria = 0 },
		"clientes.max_direcciones":   func(c *Config) { c.MaxDirecciones = 0 },
		"clientes.memoria_claves":    func(c *Config) { c.MemoriaClaves = 23 * time.Hour },
	}
	for clave, romper := range tests {
		c := bueno
		romper(&c)
		if err := c.Validar(); err == nil || !strings.Contains(err.Error(), clave) {
			t.Errorf("%s: %v", clave, err)
		}
	}
	if err := bueno.Validar(); err != nil {
		t.Error(err)
	}
}

func TestSembrar(t *testing.T) {
	b := nuevoBanco(t)
	s := []Semilla{{
		Sub: "ana", Nombre: "Ana Demo", Correo: "ana@demo.example",
		Direccion: DireccionSemilla{Calle: "Una", Lat: -34, Lon: -58},
	}}
	for range 2 {
		if err := b.Sembrar(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	w := b.pedir(t, pide{que: "GET /clientes/yo", como: "ana"})
	m := miembros(t, b.pedir(t, pide{que: "GET /clientes/yo/direcciones", como: "ana"}))
	if miembros(t, w)["nombre"] != "Ana Demo" || len(m["datos"].([]any)) != 1 ||
		b.proveedor.preguntas.Load() != 0 {
		t.Errorf("%s %v", w.Body, m)
	}
}

func TestCorrerEndsAndCounts(t *testing.T) {
	r := prometheus.NewRegistry()
	b := nuevoBanco(t, func(o *Opciones) { o.Metrics = r })
	ctx, soltar := context.WithCancel(t.Context())
	fin := make(chan error)
	go func() { fin <- b.Correr(ctx) }()
	soltar()
	if err := <-fin; err != nil {
		t.Error(err)
	}
	b.limpiar(t.Context())
	b.nueva(t, "ana", casa)
	fs, err := r.Gather()
	cuenta := false
	for _, f := range fs {
		cuenta = cuenta || f.GetName() == "despensa_clientes_decisiones_total"
	}
	if err != nil || !cuenta {
		t.Errorf("%v %v", fs, err)
	}
}
