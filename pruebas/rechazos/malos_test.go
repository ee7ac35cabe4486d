package rechazos_test

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"despensa/internal/ajustes"
	"despensa/internal/apiclient"
	devoidc "despensa/platform/dev/oidc"
	"despensa/platform/httpapi/contrato"
	"despensa/pruebas/kit"
)

// rechazado is a value that no answer may repeat.
const rechazado = "zq-rechazado-77"

// malo is a request that the program refuses, with the refusal.
type malo struct {
	login          string // "": nobody
	metodo, camino string
	cuerpo         any // sent as JSON; a string is sent as it is; nil: no body
	cabecera       map[string]string
	otra           [2]string // a second header of a name in cabecera
	status         int
	code           string
	donde          string                   // the place that errors must name; "": not looked at
	mas            func(*testing.T, rehuse) // further checks of the answer
}

// rehuse is a refusal as the program answered.
type rehuse struct {
	status   int
	cabecera http.Header
	texto    string
	miembros map[string]json.RawMessage
}

// miembro reads a member that is a string; "" for any other.
func (r rehuse) miembro(nombre string) (s string) {
	_ = json.Unmarshal(r.miembros[nombre], &s)
	return s
}

// sinSolicitud is the body without the request's id: equal for equal refusals.
func (r rehuse) sinSolicitud() string {
	return strings.ReplaceAll(r.texto, r.miembro("solicitud"), "")
}

// escena is a company with orders at rest in several states, against which bad requests are sent.
type escena struct {
	*kit.Program
	tokens             map[string]string // tokens by login
	yo, otro           string            // ids of cliente1 and cliente2
	dir, dirAjena      string
	prod, caro, dejado string // products: sold, at the highest price, no longer sold
	confirmado, fallido, cancelado, ajeno,
	recibido, boleta kit.Order
	usada kit.Body // the body under the key "ya-usada"

	leer      sync.Once
	documento *contrato.Document
}

// nuevaEscena opens a company and lets its orders come to rest.
func nuevaEscena(t *testing.T) *escena {
	t.Helper()
	e := &escena{
		Program: kit.Start(
			t,
			kit.WithSettings(func(k *ajustes.Configuracion) { k.Pedidos.MaxLentos = 1 }),
		),
		tokens: map[string]string{},
	}
	e.dir = e.Address("cliente1")
	e.dirAjena = e.Address("cliente2")
	e.prod = e.DryProducts()[0].ID
	e.dejado = e.inactivo()
	e.caro = e.carisimo()
	e.Must("gestor", "POST", "/repartidores",
		map[string]any{"sujeto": "auth0|nadia", "nombre": "Nadia Sosa", "legajo": "R-7"}, nil)
	e.usada = e.NewPurchase("cliente1")
	e.confirmado = e.Order("cliente1", e.usada, apiclient.WithKey("ya-usada"))
	e.fallido = e.Order(
		"cliente1",
		e.NewPurchase("cliente1", kit.PayingWith(e.WithCard("FUND"))),
	)
	e.cancelado = e.Order("cliente1", e.NewPurchase("cliente1"))
	e.ajeno = e.Order("cliente2", e.NewPurchase("cliente2"))
	e.recibido = e.llevado()
	e.yo, e.otro = e.confirmado.ClienteID, e.ajeno.ClienteID
	e.Await("cliente1", e.confirmado.ID, "confirmado")
	e.Await("cliente1", e.fallido.ID, "fallido")
	e.Await("cliente1", e.cancelado.ID, "confirmado")
	e.Await("cliente2", e.ajeno.ID, "confirmado")
	e.Must(
		"cliente1",
		"POST",
		"/pedidos/"+e.cancelado.ID+"/cancelacion",
		map[string]any{"motivo": "ya no"},
		nil,
	)
	e.Reconcile(nil)
	e.boleta = e.Order(
		"cliente3",
		e.NewPurchase("cliente3", kit.PayingWith(map[string]any{"metodo": "efectivo"})),
	)
	e.Await("cliente3", e.boleta.ID, "pago_pendiente")
	return e
}

// llevado is an order of cliente1 that was delivered alone, by a truck of its own.
func (e *escena) llevado() kit.Order {
	e.T.Helper()
	desde, hasta := e.OwnShift("AZ900ZZ", 1)
	p := e.Order(
		"cliente1",
		e.NewPurchase(
			"cliente1",
			kit.Lines(kit.Line{Producto: e.prod, Cantidad: 2}),
			func(k kit.Body) {
				k["entrega"] = map[string]any{"desde": desde, "hasta": hasta}
			},
		),
	)
	return e.Deliver("cliente1", p.ID)
}

// inactivo makes a product that is no longer sold.
func (e *escena) inactivo() string {
	e.T.Helper()
	id := e.NewProduct("Ya no se vende", 10)
	e.Must(
		"admin",
		"PATCH",
		"/productos/"+id,
		map[string]any{"activo": false},
		nil,
		apiclient.IfMatch("*"),
	)
	return id
}

// carisimo makes a product so dear that an order cannot have many.
func (e *escena) carisimo() (id string) {
	e.T.Helper()
	var p kit.Product
	e.Must(
		"admin",
		"POST",
		"/productos",
		map[string]any{
			"nombre":          "Trufa",
			"categoria":       "prueba",
			"precio_centavos": 1_000_000_000,
			"iva":             "21",
			"peso_gramos":     1,
			"volumen_ml":      1,
		},
		&p,
	)
	return p.ID
}

// token is an access token of login.
func (e *escena) token(login string) string {
	e.T.Helper()
	if e.tokens[login] == "" {
		f, err := apiclient.DemoLogin(e.T.Context(), e.URL, login, devoidc.Password)
		if err != nil {
			e.T.Fatalf("login %s: %v", login, err)
		}
		e.tokens[login] = f
	}
	return e.tokens[login]
}

// mandar sends the request malo.
func (e *escena) mandar(t *testing.T, malo malo) rehuse {
	t.Helper()
	var cuerpo io.Reader
	switch k := malo.cuerpo.(type) {
	case nil:
	case string:
		cuerpo = strings.NewReader(k)
	default:
		b, err := json.Marshal(k)
		if err != nil {
			t.Fatal(err)
		}
		cuerpo = bytes.NewReader(b)
	}
	q, err := http.NewRequestWithContext(
		t.Context(),
		malo.metodo,
		e.URL+"/api/v1"+malo.camino,
		cuerpo,
	)
	if err != nil {
		t.Fatal(err)
	}
	if cuerpo != nil {
		q.Header.Set("Content-Type", "application/json")
	}
	if malo.login != "" {
		q.Header.Set("Authorization", "Bearer "+e.token(malo.login))
	}
	for k, v := range malo.cabecera {
		q.Header.Set(k, v)
	}
	if malo.otra[0] != "" {
		q.Header.Add(malo.otra[0], malo.otra[1])
	}
	res, err := e.HTTP.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	return leerRehuse(t, res)
}

func leerRehuse(t *testing.T, res *http.Response) rehuse {
	t.Helper()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	r := rehuse{status: res.StatusCode, cabecera: res.Header, texto: string(b)}
	_ = json.Unmarshal(b, &r.miembros) // only a problem has members
	return r
}

// probar sends the request and checks the refusal.
func (m malo) probar(t *testing.T, escena *escena) {
	t.Helper()
	r := escena.mandar(t, m)
	if r.status != m.status || r.miembro("code") != m.code {
		t.Fatalf(
			"%s %s: %d %s, want %d %s",
			m.metodo,
			m.camino,
			r.status,
			r.texto,
			m.status,
			m.code,
		)
	}
	r.esProblema(t, escena.URL)
	m.documentado(t, escena)
	if m.donde != "" && !strings.Contains(r.texto, `"location":"`+m.donde+`"`) {
		t.Errorf("%s does not name %s", r.texto, m.donde)
	}
	if m.mas != nil {
		m.mas(t, r)
	}
}

// documentado: the document names the status and the code among the operation's refusals.
func (m malo) documentado(t *testing.T, escena *escena) {
	t.Helper()
	camino, _, _ := strings.Cut(m.camino, "?")
	escena.leer.Do(func() { escena.documento = kit.Document(t, escena.RawDocument()) })
	o, hay := escena.documento.Find(m.metodo, camino)
	if !hay || m.code == "peticion-invalida" { // no operation of the document, or no valid path
		return
	}
	if _, dicho := o.Responses[strconv.Itoa(m.status)]; !dicho {
		t.Errorf("%s: status %d is not in the document", o.ID, m.status)
	}
}

// esProblema checks the members that every problem has, and that no problem shows internals.
func (r rehuse) esProblema(t *testing.T, url string) {
	t.Helper()
	if tipo := r.cabecera.Get("Content-Type"); tipo != "application/problem+json" {
		t.Errorf("content type %q", tipo)
	}
	var status int
	if err := json.Unmarshal(r.miembros["status"], &status); err != nil || status != r.status {
		t.Errorf("status %s in the body of a %d", r.miembros["status"], r.status)
	}
	for _, m := range []string{"title", "detail", "code", "solicitud"} {
		if r.miembro(m) == "" {
			t.Errorf("no %s in %s", m, r.texto)
		}
	}
	if r.miembro("type") != url+"/problemas/"+r.miembro("code") {
		t.Errorf("type %q", r.miembro("type"))
	}
	if r.miembro("solicitud") != r.cabecera.Get("X-Request-Id") {
		t.Errorf(
			"solicitud %q, X-Request-Id %q",
			r.miembro("solicitud"),
			r.cabecera.Get("X-Request-Id"),
		)
	}
	if strings.Contains(strings.ToLower(r.texto), rechazado) {
		t.Errorf("repeats the value: %s", r.texto)
	}
	if r.status == http.StatusUnauthorized && r.miembro("code") != "firma-invalida" &&
		r.cabecera.Get("WWW-Authenticate") == "" {
		t.Error("no WWW-Authenticate")
	}
}

// recuerdo are all lists and documents that the API shows, by login and path.
func (e *escena) recuerdo() map[string]string {
	e.T.Helper()
	out := map[string]string{}
	for login, caminos := range map[string][]string{
		"operador": {"/pedidos", "/pagos", "/pedidos/" + e.confirmado.ID + "/reembolsos",
			"/pedidos/" + e.recibido.ID + "/devoluciones"},
		"admin": {"/productos", "/productos/" + e.prod + "/movimientos"},
		"gestor": {"/visitas", "/turnos", "/camiones", "/depositos", "/repartidores",
			"/camiones/" + e.camionDe("AB101CD") + "/posiciones"},
		"cliente1": {"/clientes/yo", "/clientes/yo/direcciones"},
		"cliente2": {"/clientes/yo/direcciones"},
	} {
		for _, c := range caminos {
			var todo json.RawMessage
			limite := "?limite=200"
			if strings.HasSuffix(c, "/yo") {
				limite = ""
			}
			e.Must(login, "GET", c+limite, nil, &todo)
			out[login+" "+c] = string(todo)
		}
	}
	for _, a := range e.Ledger() {
		out["libro "+a.ID] = a.Estado + a.Detalle
	}
	return out
}

// TestBadInput: each bad request is refused, and none has an effect.
func TestBadInput(t *testing.T) {
	t.Parallel()
	e := nuevaEscena(t)
	antes, codigos := e.recuerdo(), map[string]bool{}
	for grupo, malos := range map[string]map[string]malo{
		"form": e.deForma(), "lines": e.deLineas(), "payment": e.dePago(), "steps": e.dePasos(), "lists": e.deListas(),
		"tokens": e.deTokens(), "others": e.deAjenos(), "management": e.deGestion(), "returns": e.deDevoluciones(),
		"drivers": e.deGente(), "positions": e.dePosiciones(), "ways": e.deRutas(),
	} {
		for _, nombre := range slices.Sorted(maps.Keys(malos)) {
			t.Run(grupo+"/"+nombre, func(t *testing.T) {
				malos[nombre].probar(t, e)
				codigos[malos[nombre].code] = true
				ahora := e.recuerdo()
				if !maps.Equal(antes, ahora) {
					t.Errorf("something was done:\n%s", distintos(antes, ahora))
					antes = ahora
				}
			})
		}
	}
	for code := range codigos {
		e.explicado(t, code)
	}
}

// explicado checks that the page at the address in type explains code.
func (e *escena) explicado(t *testing.T, code string) {
	t.Helper()
	q, err := http.NewRequestWithContext(
		t.Context(),
		http.MethodGet,
		e.URL+"/problemas/"+code,
		nil,
	)
	if err != nil {
		t.Fatal(err)
	}
	res, err := e.HTTP.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if r := leerRehuse(t, res); r.status != http.StatusOK || r.miembro("code") != code ||
		r.miembro("detail") == "" {
		t.Errorf("%s is explained by %d %s", code, r.status, r.texto)
	}
}

func distintos(antes, ahora map[string]string) string {
	var b strings.Builder
	for k, v := range ahora {
		if antes[k] != v {
			b.WriteString(k + "\n  was " + antes[k] + "\n  is  " + v + "\n")
		}
	}
	return b.String()
}

// bien is the body of an order that would be accepted; tests put the fault on top.
func (e *escena) bien() kit.Body {
	return kit.Body{
		"direccion_id": e.dir,
		"lineas":       []kit.Line{{Producto: e.prod, Cantidad: 1}},
		"pago": map[string]any{
			"metodo": "tarjeta_credito",
			"token":  "tok",
			"marca":  "master",
		},
	}
}

// pedirMal is an order of cliente1 with its refusal.
func pedirMal(cuerpo any, status int, code, donde string) malo {
	return malo{login: "cliente1", metodo: "POST", camino: "/pedidos", cuerpo: cuerpo,
		status: status, code: code, donde: donde}
}

// ventana is a window from desde to hasta after the company's clock.
func (e *escena) ventana(desde, hasta time.Duration) map[string]any {
	ahora := e.Clock.Now()
	return map[string]any{"desde": ahora.Add(desde), "hasta": ahora.Add(hasta)}
}
