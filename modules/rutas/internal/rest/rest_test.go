package rest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"despensa/migrations"
	"despensa/modules/rutas"
	"despensa/modules/rutas/internal/flota"
	"despensa/modules/rutas/internal/rest"
	"despensa/modules/rutas/internal/ruteo"
	"despensa/modules/rutas/internal/telemetria"
	"despensa/platform/idempotency"
	"despensa/platform/oidc"
	"despensa/platform/seal/sealtest"
	"despensa/platform/sqldb"
	"despensa/platform/sqldb/sqldbtest"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/humatest"
)

var (
	gestor     = oidc.Principal{Sub: "g", ID: oidc.IDOf("g"), Roles: []string{"gestor_rutas"}}
	otroGestor = oidc.Principal{Sub: "a", ID: oidc.IDOf("a"), Roles: []string{"admin"}}
	chofer     = oidc.Principal{Sub: "r", ID: oidc.IDOf("r"), Roles: []string{"repartidor"}}
	otroChofer = oidc.Principal{Sub: "s", ID: oidc.IDOf("s"), Roles: []string{"repartidor"}}
	cliente    = oidc.Principal{Sub: "c", ID: oidc.IDOf("c"), Roles: []string{"cliente"}}
)

var ahora = time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)

type banco struct {
	t     *testing.T
	api   humatest.TestAPI
	flota *flota.Flota
}

func nuevoBanco(t *testing.T) *banco {
	t.Helper()
	sitio := sqldbtest.New(t, "rutas")
	db, err := sqldb.Open(
		t.Context(),
		sqldb.Options{Name: "rutas", File: sitio.File, Postgres: sitio.Postgres,
			Migrations: migrations.De("rutas")},
	)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	zona, err := time.LoadLocation("America/Argentina/Buenos_Aires")
	if err != nil {
		t.Fatal(err)
	}
	motor := ruteo.NewMotor(
		ruteo.Ciudad(),
		ruteo.Opciones{LejosMetros: 1500, AccesoKmh: 15, Arboles: 8},
	)
	f := flota.New(flota.Opciones{
		DB: db, Palabras: &sealtest.Port{}, Viajes: motor, Ahora: func() time.Time { return ahora }, Zona: zona,
		Reglas: flota.Reglas{
			Horizonte: 14 * 24 * time.Hour, Franja: 4 * time.Hour,
			Servicio: 5 * time.Minute, ViajeCompartido: 10, ViajeMax: 2 * time.Hour,
			Candidatos: 256, VisitasMax: 80, Lapida: time.Hour, Clave: 72 * time.Hour, Olvido: time.Hour,
			SalidaAntes: 2 * time.Hour, RegresoMax: 4 * time.Hour,
		},
	})
	_, api := humatest.New(t, huma.DefaultConfig("prueba", "1"))
	tele := telemetria.New(telemetria.Opciones{
		DB: db, Flota: f, Ahora: func() time.Time { return ahora }, Guarda: time.Hour, Contar: func(string, int) {},
		Reglas: telemetria.Reglas{
			Antiguedad: 24 * time.Hour, DesfaseMax: 5 * time.Minute, VelocidadMax: 150, PrecisionMax: 200,
		},
	})
	t.Cleanup(tele.Cerrar)
	rest.Register(api, f, tele, motor)
	ramiro := flota.Repartidor{ID: chofer.ID, Nombre: "Ramiro", Activo: true}
	if _, _, err := f.CrearRepartidor(t.Context(), ramiro, idempotency.Key{ID: "r", Fingerprint: "r"}); err != nil {
		t.Fatal(err)
	}
	return &banco{t: t, api: api, flota: f}
}

// pedir makes one call; cabeceras are "Name: value".
func (b *banco) pedir(
	principal oidc.Principal,
	metodo, ruta, cuerpo string,
	cabeceras ...string,
) *httptest.ResponseRecorder {
	b.t.Helper()
	args := []any{}
	if cuerpo != "" {
		args = append(args, "Content-Type: application/json", strings.NewReader(cuerpo))
	}
	for _, c := range cabeceras {
		args = append(args, c)
	}
	return b.api.DoCtx(oidc.WithCaller(context.Background(), principal), metodo, ruta, args...)
}

// bien makes one call, requires the status want, and decodes the answer.
func (b *banco) bien(
	want int,
	principal oidc.Principal,
	metodo, ruta, cuerpo string,
	cabeceras ...string,
) map[string]any {
	b.t.Helper()
	r := b.pedir(principal, metodo, ruta, cuerpo, cabeceras...)
	if r.Code != want {
		b.t.Fatalf("%s %s: %d, want %d: %s", metodo, ruta, r.Code, want, r.Body)
	}
	v := map[string]any{}
	if err := json.Unmarshal(r.Body.Bytes(), &v); err != nil {
		b.t.Fatal(err)
	}
	return v
}

const (
	depositoNuevo = `{"codigo":"DEP-9","nombre":"Oeste","lat":-34.6,"lon":-58.43}`
	nada          = "00000000-0000-4000-8000-000000000000"
)

func (b *banco) camion() (deposito, camion string) {
	b.t.Helper()
	deposito = b.bien(201, gestor, "POST", "/depositos", depositoNuevo)["id"].(string)
	c := b.bien(
		201,
		gestor,
		"POST",
		"/camiones",
		fmt.Sprintf(`{"patente":"AB123CD","deposito_id":%q,
		"peso_max_gramos":1000000,"volumen_max_ml":1000000,"frio":true,"repartidor_id":%q}`, deposito, chofer.ID),
	)
	return deposito, c["id"].(string)
}

func turnoNuevo(camion string, desde, horas int) string {
	i := ahora.Add(time.Duration(desde) * time.Hour)
	return fmt.Sprintf(`{"camion_id":%q,"inicio":%q,"fin":%q}`, camion, i.Format(time.RFC3339),
		i.Add(time.Duration(horas)*time.Hour).Format(time.RFC3339))
}

func TestADayOfATruck(t *testing.T) {
	b := nuevoBanco(t)
	dep, cam := b.camion()
	tu := b.bien(201, gestor, "POST", "/turnos", turnoNuevo(cam, 0, 12))
	if tu["dia"] != "2026-11-25" || tu["minutos_max"] != 720.0 || tu["visitas_max"] != 80.0 {
		t.Errorf("shift %v", tu)
	}
	b.bien(409, gestor, "POST", "/turnos", turnoNuevo(cam, 11, 12))
	b.bien(409, chofer, "POST", "/camiones/"+cam+"/salida", "")
	v := b.reservar(dep, "1")
	b.bien(409, chofer, "POST", "/visitas/"+v.ID+"/llegada", "")
	b.bien(404, otroChofer, "POST", "/camiones/"+cam+"/salida", "")
	b.bien(403, cliente, "POST", "/camiones/"+cam+"/salida", "")
	fuera := b.bien(200, chofer, "POST", "/camiones/"+cam+"/salida", `{}`, "Idempotency-Key: k")
	if fuera["id"] != cam || fuera["turno"].(map[string]any)["estado"] != "salio" {
		t.Errorf("departure %v", fuera)
	}
	r := b.pedir(chofer, "POST", "/camiones/"+cam+"/salida", "", "Idempotency-Key: k")
	if r.Code != 200 || r.Header().Get("Idempotent-Replayed") != "true" {
		t.Errorf("repetition: %d %v", r.Code, r.Header())
	}
	b.bien(
		422,
		chofer,
		"POST",
		"/camiones/"+cam+"/salida",
		fmt.Sprintf(`{"turno_id":%q}`, nada),
		"Idempotency-Key: k",
	)
	b.bien(
		422,
		gestor,
		"POST",
		"/camiones/"+cam+"/salida",
		fmt.Sprintf(`{"turno_id":%q}`, nada),
	)
	b.bien(404, otroChofer, "GET", "/visitas/"+v.ID, "")
	b.bien(404, otroChofer, "POST", "/visitas/"+v.ID+"/entrega", "")
	got := b.bien(200, chofer, "POST", "/visitas/"+v.ID+"/llegada", "")
	if got["llegada"] == nil || got["estado"] != "en_camino" {
		t.Errorf("arrival %v", got)
	}
	b.bien(422, chofer, "POST", "/visitas/"+v.ID+"/fallo", `{}`)
	got = b.bien(
		200,
		chofer,
		"POST",
		"/visitas/"+v.ID+"/fallo",
		`{"motivo":"nadie abrio"}`,
		"Idempotency-Key: f",
	)
	if got["estado"] != "fallida" {
		t.Errorf("failure %v", got)
	}
	b.bien(
		422,
		chofer,
		"POST",
		"/visitas/"+v.ID+"/fallo",
		`{"motivo":"otro"}`,
		"Idempotency-Key: f",
	)
	b.bien(409, chofer, "POST", "/visitas/"+v.ID+"/entrega", "")
	if got := b.bien(200, chofer, "GET", "/visitas?estado=fallida&camion_id="+cam, ""); len(
		got["datos"].([]any),
	) != 1 {
		t.Errorf("the driver's list %v", got)
	}
	if got := b.bien(200, otroChofer, "GET", "/visitas", ""); len(got["datos"].([]any)) != 0 {
		t.Errorf("another driver's list %v", got)
	}
}

// reservar books one firm visit by the calls of pedidos.
func (b *banco) reservar(deposito, pedido string) rutas.Visita {
	b.t.Helper()
	e := rutas.Encargo{
		Clave:    rutas.Clave{Pedido: pedido, Intento: 1, Numero: 1},
		Deposito: deposito,
		NoAntes:  ahora,
		Punto: rutas.Punto{
			Lat: -34.61,
			Lon: -58.44,
		},
		Carga: rutas.Carga{PesoGramos: 1, VolumenML: 1},
	}
	if _, err := b.flota.Reservar(b.t.Context(), e); err != nil {
		b.t.Fatal(err)
	}
	v, err := b.flota.Asegurar(b.t.Context(), e.Clave)
	if err != nil {
		b.t.Fatal(err)
	}
	return v
}

func TestEditsAskForIfMatch(t *testing.T) {
	b := nuevoBanco(t)
	dep, cam := b.camion()
	tur := b.bien(201, gestor, "POST", "/turnos", turnoNuevo(cam, 0, 8))["id"].(string)
	for ruta, cuerpo := range map[string]string{
		"/depositos/" + dep: `{"nombre":"Otro"}`,
		"/camiones/" + cam:  `{"repartidor_id":"","horario":{"desde":"22:00","hasta":"00:00","dias":[0,6]}}`,
		"/turnos/" + tur:    `{"visitas_max":9}`,
	} {
		etag := b.pedir(gestor, "GET", ruta, "").Header().Get("ETag")
		b.bien(428, gestor, "PATCH", ruta, cuerpo)
		b.bien(412, gestor, "PATCH", ruta, cuerpo, `If-Match: "77"`)
		b.bien(412, gestor, "PATCH", ruta, cuerpo, "If-Match: abc")
		r := b.pedir(gestor, "PATCH", ruta, cuerpo, "If-Match: "+etag)
		if nuevo := r.Header().Get("ETag"); r.Code != 200 || nuevo == "" || nuevo == etag {
			t.Errorf("%s: %d, ETag %s after %s: %s", ruta, r.Code, nuevo, etag, r.Body)
		}
		b.bien(412, gestor, "PATCH", ruta, cuerpo, "If-Match: "+etag)
		b.bien(403, chofer, "PATCH", ruta, cuerpo, "If-Match: *")
		if got := b.pedir(gestor, "GET", ruta, "").Header().Get("ETag"); got != r.Header().
			Get("ETag") {
			t.Errorf("%s: read gives %s", ruta, got)
		}
	}
	c := b.bien(200, gestor, "GET", "/camiones/"+cam, "")
	h := c["horario"].(map[string]any)
	if c["repartidor_id"] != nil || h["desde"] != "22:00" || h["hasta"] != "00:00" ||
		len(h["dias"].([]any)) != 2 {
		t.Errorf("truck %v", c)
	}
}

func TestCreatingWithAKey(t *testing.T) {
	b := nuevoBanco(t)
	dep, cam := b.camion()
	for ruta, cuerpos := range map[string][2]string{
		"/depositos": {`{"codigo":"A","nombre":"a","lat":-34.6,"lon":-58.43}`,
			`{"codigo":"B","nombre":"a","lat":-34.6,"lon":-58.43}`},
		"/camiones": {fmt.Sprintf(`{"patente":"ABC123","deposito_id":%q,"peso_max_gramos":1,"volumen_max_ml":1}`, dep),
			fmt.Sprintf(`{"patente":"ABC124","deposito_id":%q,"peso_max_gramos":1,"volumen_max_ml":1}`, dep)},
		"/turnos": {turnoNuevo(cam, 48, 4), turnoNuevo(cam, 72, 4)},
	} {
		id := b.bien(201, gestor, "POST", ruta, cuerpos[0], "Idempotency-Key: k")["id"]
		r := b.pedir(gestor, "POST", ruta, cuerpos[0], "Idempotency-Key: k")
		if r.Code != 201 || r.Header().Get("Idempotent-Replayed") != "true" ||
			r.Header().Get("Location") != "/api/v1"+ruta+"/"+id.(string) {
			t.Errorf("%s: repetition %d %v", ruta, r.Code, r.Header())
		}
		p := b.bien(422, gestor, "POST", ruta, cuerpos[1], "Idempotency-Key: k")
		if !strings.Contains(fmt.Sprint(p), "clave-reutilizada") {
			t.Errorf("%s: other body %v", ruta, p)
		}
		if otro := b.bien(201, otroGestor, "POST", ruta, cuerpos[1], "Idempotency-Key: k")["id"]; otro == id {
			t.Errorf("%s: another caller got the same", ruta)
		}
	}
}

func TestBadInput(t *testing.T) {
	b := nuevoBanco(t)
	dep, cam := b.camion()
	camion := func(miembros string) string {
		return fmt.Sprintf(
			`{"patente":"ABC123","deposito_id":%q,"peso_max_gramos":1,"volumen_max_ml":1%s}`,
			dep,
			miembros,
		)
	}
	tests := map[string]struct {
		metodo, ruta, cuerpo string
		want                 int
	}{
		"latitude": {
			metodo: "POST",
			ruta:   "/depositos",
			cuerpo: `{"codigo":"X","nombre":"x","lat":91,"lon":0}`,
			want:   422,
		},
		"out of the city": {
			metodo: "POST",
			ruta:   "/depositos",
			cuerpo: `{"codigo":"X","nombre":"x","lat":0,"lon":0}`,
			want:   422,
		},
		"unknown member": {metodo: "POST", ruta: "/depositos",
			cuerpo: `{"codigo":"X","nombre":"x","lat":-34.6,"lon":-58.4,"y":1}`, want: 422},
		"code taken": {metodo: "POST", ruta: "/depositos", cuerpo: depositoNuevo, want: 409},
		"plate": {metodo: "POST", ruta: "/camiones",
			cuerpo: fmt.Sprintf(
				`{"patente":"A1","deposito_id":%q,"peso_max_gramos":1,"volumen_max_ml":1}`,
				dep,
			),
			want: 422},
		"weight 0": {metodo: "POST", ruta: "/camiones",
			cuerpo: fmt.Sprintf(
				`{"patente":"ABC123","deposito_id":%q,"peso_max_gramos":0,"volumen_max_ml":1}`,
				dep,
			),
			want: 422},
		"no such depot": {metodo: "POST", ruta: "/camiones",
			cuerpo: fmt.Sprintf(
				`{"patente":"ABC123","deposito_id":%q,"peso_max_gramos":1,"volumen_max_ml":1}`,
				nada,
			),
			want: 422},
		"timetable's hour": {metodo: "POST", ruta: "/camiones",
			cuerpo: camion(`,"horario":{"desde":"24:00","hasta":"10:00","dias":[1]}`),
			want:   422},
		"timetable's day": {metodo: "POST", ruta: "/camiones",
			cuerpo: camion(`,"horario":{"desde":"09:00","hasta":"10:00","dias":[7]}`),
			want:   422},
		"shift ends first": {
			metodo: "POST",
			ruta:   "/turnos",
			cuerpo: turnoNuevo(cam, 10, -1),
			want:   422,
		},
		"shift too long": {
			metodo: "POST",
			ruta:   "/turnos",
			cuerpo: turnoNuevo(cam, 10, 25),
			want:   422,
		},
		"shift past": {
			metodo: "POST",
			ruta:   "/turnos",
			cuerpo: turnoNuevo(cam, -10, 4),
			want:   422,
		},
		"shift of no truck": {
			metodo: "POST",
			ruta:   "/turnos",
			cuerpo: turnoNuevo(nada, 10, 4),
			want:   422,
		},
		"cursor":         {metodo: "GET", ruta: "/turnos?cursor=zzz", want: 422},
		"limit":          {metodo: "GET", ruta: "/turnos?limite=201", want: 422},
		"unknown filter": {metodo: "GET", ruta: "/turnos?color=rojo", want: 422},
		"state":          {metodo: "GET", ruta: "/visitas?estado=feliz", want: 422},
		"day":            {metodo: "GET", ruta: "/turnos?dia=ayer", want: 422},
		"no such truck":  {metodo: "GET", ruta: "/camiones/" + nada, want: 404},
		"no such visit": {
			metodo: "POST",
			ruta:   "/visitas/" + nada + "/entrega",
			want:   404,
		},
		"no truck to depart": {
			metodo: "POST",
			ruta:   "/camiones/" + nada + "/salida",
			want:   404,
		},
	}
	for nombre, c := range tests {
		t.Run(nombre, func(t *testing.T) {
			if r := b.pedir(gestor, c.metodo, c.ruta, c.cuerpo); r.Code != c.want {
				t.Errorf("%d, want %d: %s", r.Code, c.want, r.Body)
			}
		})
	}
}

func TestListsHaveCursors(t *testing.T) {
	b := nuevoBanco(t)
	dep, cam := b.camion()
	for n := range 5 {
		b.bien(201, gestor, "POST", "/turnos", turnoNuevo(cam, n*24, 4))
	}
	vistos := map[any]bool{}
	ruta := "/turnos?limite=2&deposito_id=" + dep
	for cursor := ""; ; {
		l := b.bien(200, gestor, "GET", ruta+cursor, "")
		for _, d := range l["datos"].([]any) {
			vistos[d.(map[string]any)["id"]] = true
		}
		if l["siguiente"] == nil {
			break
		}
		cursor = "&cursor=" + l["siguiente"].(string)
	}
	if len(vistos) != 5 {
		t.Errorf("%d shifts in all pages", len(vistos))
	}
	for ruta, want := range map[string]int{
		"/turnos?dia=2026-11-26": 1, "/turnos?camion_id=" + nada: 0, "/turnos?estado=abierto": 5,
		"/camiones?deposito_id=" + dep: 1, "/depositos": 1,
	} {
		if l := b.bien(200, gestor, "GET", ruta, ""); len(l["datos"].([]any)) != want {
			t.Errorf("%s: %d, want %d", ruta, len(l["datos"].([]any)), want)
		}
	}
}

// TestATruckComesBack: a manager ends the run, the driver may not. Before that, a departure under another key is
// refused.
func TestATruckComesBack(t *testing.T) {
	b := nuevoBanco(t)
	dep, cam := b.camion()
	b.bien(201, gestor, "POST", "/turnos", turnoNuevo(cam, 0, 12))
	v := b.reservar(dep, "1")
	b.bien(409, gestor, "POST", "/camiones/"+cam+"/regreso", "")
	b.bien(200, chofer, "POST", "/camiones/"+cam+"/salida", "", "Idempotency-Key: a")
	p := b.bien(409, chofer, "POST", "/camiones/"+cam+"/salida", "", "Idempotency-Key: b")
	if p["code"] != "camion-afuera" {
		t.Errorf("another key: %v", p)
	}
	b.bien(403, chofer, "POST", "/camiones/"+cam+"/regreso", "")
	b.bien(404, gestor, "POST", "/camiones/"+nada+"/regreso", "")
	c := b.bien(200, gestor, "POST", "/camiones/"+cam+"/regreso", "", "Idempotency-Key: c")
	if c["id"] != cam || c["turno"].(map[string]any)["estado"] != "salio" {
		t.Errorf("back: %v", c)
	}
	r := b.pedir(gestor, "POST", "/camiones/"+cam+"/regreso", "", "Idempotency-Key: c")
	if r.Code != 200 || r.Header().Get("Idempotent-Replayed") != "true" {
		t.Errorf("repetition: %d %v", r.Code, r.Header())
	}
	got := b.bien(200, chofer, "GET", "/visitas/"+v.ID, "")
	if got["estado"] != "fallida" || got["motivo"] != "camion-de-regreso" {
		t.Errorf("the visit without an outcome: %v", got)
	}
}

// TestOutOfServiceIsRefusedByCode, and succeeds with reprogramar.
func TestOutOfServiceIsRefusedByCode(t *testing.T) {
	for nombre, fin := range map[string]string{
		"truck":          `"activo":false`,
		"truck, smaller": `"peso_max_gramos":1`,
		"depot":          `"activo":false`,
		"shift":          `"visitas_max":1`,
	} {
		t.Run(nombre, func(t *testing.T) {
			b := nuevoBanco(t)
			dep, cam := b.camion()
			tur := b.bien(201, gestor, "POST", "/turnos", turnoNuevo(cam, 0, 12))["id"].(string)
			v := b.reservar(dep, "1")
			b.reservar(dep, "2")
			ruta := map[string]string{
				"truck":          "/camiones/" + cam,
				"truck, smaller": "/camiones/" + cam,
				"depot":          "/depositos/" + dep,
				"shift":          "/turnos/" + tur,
			}[nombre]
			code := map[string]string{"truck": "visitas-firmes", "depot": "visitas-firmes"}[nombre]
			if code == "" {
				code = "camion-ocupado"
			}
			if p := b.bien(409, gestor, "PATCH", ruta, "{"+fin+"}", "If-Match: *"); p["code"] != code {
				t.Errorf("refused by %v", p)
			}
			b.bien(200, gestor, "PATCH", ruta, `{"reprogramar":true,`+fin+"}", "If-Match: *")
			if got := b.bien(200, gestor, "GET", "/visitas/"+v.ID, ""); got["estado"] != "perdida" {
				t.Errorf("the visit %v", got)
			}
			if nombre == "depot" || nombre == "truck" {
				b.bien(
					409,
					gestor,
					"POST",
					"/camiones/"+cam+"/salida",
					fmt.Sprintf(`{"turno_id":%q}`, tur),
				)
			}
		})
	}
}
