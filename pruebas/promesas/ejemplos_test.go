package promesas_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"despensa/internal/ajustes"
	"despensa/platform/httpapi/contrato"
	"despensa/pruebas/kit"
)

// TestEveryExampleRuns makes every call that the API document shows as an example, on a
// fresh company, and demands the success that the document promises.
func TestEveryExampleRuns(t *testing.T) {
	t.Parallel()
	// its orders leave days later
	c := kit.Start(
		t,
		kit.WithSettings(
			func(k *ajustes.Configuracion) { k.Rutas.SalidaAntes = k.Rutas.Horizonte },
		),
	)
	f := &funcion{
		Program: c,
		doc:     kit.Document(t, c.RawDocument()),
		ops:     map[string]contrato.Place{},
		hechos:  map[string]string{},
	}
	for _, o := range f.doc.Operations() {
		f.ops[o.ID] = o
	}
	for _, o := range f.doc.Operations() {
		for _, nombre := range slices.Sorted(maps.Keys(o.Examples)) {
			f.correr(o.ID + "/" + nombre)
		}
		f.correrSueltos(o)
	}
}

// funcion runs all examples of the document against one company.
type funcion struct {
	*kit.Program
	doc    *contrato.Document
	ops    map[string]contrato.Place
	hechos map[string]string // by "operation/name": the id of what it made, "" when there is none
}

// correr runs an example, and before it the examples that it depends on.
func (f *funcion) correr(cual string) {
	f.T.Helper()
	id, nombre, dado := strings.Cut(cual, "/")
	if !dado {
		nombre = "ejemplo"
		cual += "/" + nombre
	}
	if _, hecho := f.hechos[cual]; hecho {
		return
	}
	o := f.ops[id]
	if o.Operation == nil {
		f.T.Fatalf("%s: no such operation", cual)
	}
	modo, hay := o.Examples[nombre]
	if !hay {
		f.T.Fatalf("%s: no such example", cual)
	}
	f.hechos[cual] = ""
	for _, antes := range modo.After {
		f.correr(antes)
	}
	for _, antes := range modo.After {
		if modo.When != "" && strings.HasPrefix(antes, "crear-pedido") {
			f.Until(
				cual+": "+antes+" is "+modo.When,
				func() bool { return f.llego(antes, modo.When) },
			)
		}
	}
	f.hechos[cual] = f.llamar(cual, o, modo.As, valoresDe(o, nombre))
}

// llego pays the order that an example made, if the order waits for its payment, and reports whether the order has
// been in estado.
func (f *funcion) llego(antes, estado string) bool {
	id := f.hechos[antes]
	if estado == "confirmado" {
		var h kit.Page[kit.LedgerEntry]
		if err := f.Simulator(f.T.Context(), "GET", "/_control/libro?referencia="+id+"-1", nil, &h); err == nil &&
			len(h.Datos) > 0 {
			// it may have been paid
			_ = f.Simulator(
				f.T.Context(),
				"POST",
				"/_control/ordenes/"+h.Datos[0].ID+"/pagar",
				nil,
				nil,
			)
		}
	}
	return slices.ContainsFunc(
		f.History("operador", id),
		func(e kit.Event) bool { return e.A == estado },
	)
}

// valores are the parameters and the body that an example gives for its call.
type valores struct {
	partes map[string]any // by "in.name"
	cuerpo json.RawMessage
}

func valoresDe(place contrato.Place, nombre string) valores {
	v := valores{partes: map[string]any{}}
	for _, p := range place.Parameters {
		if e, ok := p.Examples[nombre]; ok {
			var x any
			_ = json.Unmarshal(e.Value, &x) // it was part of a document
			v.partes[p.In+"."+p.Name] = x
		}
	}
	if place.Body != nil {
		v.cuerpo = place.Body.Content["application/json"].Examples[nombre].Value
	}
	return v
}

// correrSueltos calls an operation without required parameters, also with each of its filters.
func (f *funcion) correrSueltos(place contrato.Place) {
	f.T.Helper()
	exige := place.Body != nil ||
		slices.ContainsFunc(place.Parameters, func(p contrato.Parameter) bool {
			return p.Required
		})
	if exige || place.IsStream() {
		if len(place.Examples) == 0 {
			f.T.Errorf(
				"%s cannot be called without an example, and has none (httpapi.AddExamples)",
				place.ID,
			)
		}
		return
	}
	f.llamar(place.ID, place, f.alguien(place), valores{})
	for _, p := range place.Parameters {
		if p.In == "query" && p.Schema != nil && len(p.Schema.Examples) > 0 {
			f.llamar(place.ID+" "+p.Name, place, f.alguien(place),
				valores{partes: map[string]any{"query." + p.Name: p.Schema.Examples[0]}})
		}
	}
}

// alguien is the demo login with the least rights that may call o.
func (f *funcion) alguien(place contrato.Place) string {
	if place.IsPublic() {
		return ""
	}
	for _, x := range []struct{ login, rol string }{
		{"cliente1", "cliente"}, {"repartidor1", "repartidor"}, {"operador", "operador"},
		{"gestor", "gestor_rutas"}, {"auditor", "auditor"}, {"admin", "admin"},
	} {
		if slices.Contains(place.Roles, x.rol) {
			return x.login
		}
	}
	f.T.Fatalf("%s: no demo login has one of %v", place.ID, place.Roles)
	return ""
}

// llamar makes the call and returns the id in the answer.
func (f *funcion) llamar(
	cual string,
	place contrato.Place,
	login string,
	valores valores,
) string {
	f.T.Helper()
	res, err := f.HTTP.Do(f.armar(place, login, valores))
	if err != nil {
		f.T.Fatalf("%s: %v", cual, err)
	}
	defer res.Body.Close()
	estado, r := place.Success()
	var cuerpo []byte
	if !place.IsStream() || res.StatusCode >= 300 {
		if cuerpo, err = io.ReadAll(res.Body); err != nil {
			f.T.Fatalf("%s: %v", cual, err)
		}
	}
	if fmt.Sprint(res.StatusCode) != estado {
		f.T.Errorf("%s as %q: %d, want %s: %s", cual, login, res.StatusCode, estado, cuerpo)
		return ""
	}
	f.comprobar(cual, r, res, cuerpo)
	var hecho struct {
		ID string `json:"id"`
	}
	_ = json.Unmarshal(cuerpo, &hecho) // only an object has an id
	return hecho.ID
}

// comprobar checks the answer against the document.
func (f *funcion) comprobar(
	cual string,
	response contrato.Response,
	res *http.Response,
	cuerpo []byte,
) {
	f.T.Helper()
	if len(response.Content) == 0 {
		if len(cuerpo) > 0 {
			f.T.Errorf("%s: a body that is not in the document: %s", cual, cuerpo)
		}
		return
	}
	tipo, _, _ := strings.Cut(res.Header.Get("Content-Type"), ";")
	medio, ok := response.Content[tipo]
	if !ok {
		f.T.Errorf("%s: %q is not in the document", cual, tipo)
		return
	}
	if tipo == contrato.LinesType {
		for linea := range bytes.Lines(cuerpo) {
			for _, falta := range f.doc.Validate(medio.Schema, linea) {
				f.T.Errorf("%s: %s", cual, falta)
			}
		}
		return
	}
	if strings.HasSuffix(tipo, "json") {
		for _, falta := range f.doc.Validate(medio.Schema, cuerpo) {
			f.T.Errorf("%s: %s", cual, falta)
		}
	}
}

// armar makes the request of an example.
func (f *funcion) armar(place contrato.Place, login string, valores valores) *http.Request {
	f.T.Helper()
	camino, consulta, cabecera := place.Path, url.Values{}, http.Header{}
	for donde, x := range valores.partes {
		en, nombre, _ := strings.Cut(donde, ".")
		switch en {
		case "path":
			camino = strings.ReplaceAll(camino, "{"+nombre+"}", url.PathEscape(fmt.Sprint(x)))
		case "query":
			consulta.Set(nombre, fmt.Sprint(x))
		case "header":
			cabecera.Set(nombre, fmt.Sprint(x))
		}
	}
	if cabecera.Get("X-Signature") != "" {
		cabecera.Set(
			"X-Signature",
			f.firma(consulta.Get("data.id"), cabecera.Get("X-Request-Id")),
		)
	}
	q, err := http.NewRequestWithContext(
		f.T.Context(),
		place.Method,
		f.URL+"/api/v1"+camino+"?"+consulta.Encode(),
		bytes.NewReader(valores.cuerpo),
	)
	if err != nil {
		f.T.Fatal(err)
	}
	q.Header = cabecera
	if len(valores.cuerpo) > 0 {
		q.Header.Set("Content-Type", "application/json")
	}
	if login != "" {
		q.Header.Set("Authorization", "Bearer "+f.Token(login))
	}
	return q
}

// firma signs a notice as the gateway does: a signature is good for some minutes only.
func (f *funcion) firma(dato, solicitud string) string {
	ts := f.Clock.Now().Unix()
	m := hmac.New(sha256.New, []byte(f.Programa.Ajustes.MercadoPago.Secreto.Value()))
	fmt.Fprintf(m, "id:%s;request-id:%s;ts:%d;", dato, solicitud, ts)
	return fmt.Sprintf("ts=%d,v1=%s", ts, hex.EncodeToString(m.Sum(nil)))
}
