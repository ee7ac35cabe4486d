package rechazos_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"despensa/internal/apiclient"
	devoidc "despensa/platform/dev/oidc"
	"despensa/pruebas/kit"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// quienes are the callers of every operation, with the role of a person: a login of every role, one without any,
// machines, and "nadie", a caller without a token.
var quienes = map[string]string{
	"cliente1": "cliente", "operador": "operador", "gestor": "gestor_rutas", "repartidor1": "repartidor",
	"auditor": "auditor", "admin": "admin",
	"sinrol": "", devoidc.AppMachine: "", gps: "", "nadie": "",
}

// gps is the device of a truck.
var gps = devoidc.AppDevice(1)

// secretos are the secrets of the machines, at both providers.
var secretos = map[string]string{
	devoidc.AppMachine: devoidc.SecretMachine,
	gps:                devoidc.SecretDevice,
}

// puede reports whether the document lets caller q use operation o: a person by role, a machine by the permissions in
// its token.
func (e *escena) puede(q string, operacion operacion) bool {
	if _, maquina := secretos[q]; !maquina {
		return operacion.Publica || slices.Contains(operacion.Roles, quienes[q])
	}
	return operacion.Publica ||
		slices.ContainsFunc(e.reclamos(q).Permisos, func(p string) bool {
			return slices.Contains(operacion.Permisos, p)
		})
}

// TestAnotherProvider runs the program on the tokens of another provider, Keycloak.
func TestAnotherProvider(t *testing.T) {
	k := elKeycloak(t)
	e := deKeycloak(k)
	t.Run("role matrix", e.igualQueEmbebido)
	t.Run("order and device", e.diaDeTrabajo)
	t.Run("refused", func(t *testing.T) { rehusados(t, k) })
	t.Run("browser", func(t *testing.T) { navegarCon(t, k) })
	t.Run("keys", func(t *testing.T) { rotar(t, k) })
}

// deKeycloak is a company of people that have logged in at Keycloak.
func deKeycloak(keycloak *keycloak) *escena {
	e := &escena{
		Program: kit.Start(keycloak.t, conKeycloak(keycloak)),
		tokens:  map[string]string{"nadie": ""},
	}
	for q := range quienes {
		switch secreto, maquina := secretos[q]; {
		case maquina:
			e.tokens[q] = keycloak.maquina(q, secreto)
		case q != "nadie":
			e.tokens[q] = keycloak.tokens(devoidc.AppCLI, q).AccessToken
		}
		withToken(e.Program.Client, q, e.tokens[q])
	}
	return e
}

// deEmbebido is a company of people that log in at the embedded provider.
func deEmbebido(t *testing.T) *escena {
	e := &escena{Program: kit.Start(t), tokens: map[string]string{"nadie": ""}}
	for q := range secretos {
		f, err := apiclient.MachineLogin(t.Context(), e.URL, q, secretos[q])
		if err != nil {
			t.Fatal(err)
		}
		e.tokens[q] = f
	}
	e.tokens["sinrol"] = e.firmado(e.llavero(),
		map[string]any{"sub": devoidc.Subject("sinrol"), "https://despensa.local/roles": nil})
	return e
}

// igualQueEmbebido calls every operation as every caller of quienes. The program lets in exactly the callers that the
// document names, and both providers' tokens get the same answers.
func (e *escena) igualQueEmbebido(t *testing.T) {
	ops := e.operaciones(t)
	aca, alla := deEmbebido(t).matriz(t, ops), e.matriz(t, ops)
	if len(alla) != len(ops)*len(quienes) || len(alla) < 500 {
		t.Errorf("only %d answers were looked at", len(alla))
	}
	for _, c := range slices.Sorted(maps.Keys(alla)) {
		if aca[c] != alla[c] {
			t.Errorf("%s: %s, of the embedded provider %s", c, alla[c], aca[c])
		}
	}
	for camino, op := range ops {
		if op.ID == "recibir-aviso" {
			continue // it asks for the gateway's signature
		}
		for q := range quienes {
			tengo, quiero := alla[camino+" as "+q], "403 sin-permiso"
			if q == "nadie" {
				quiero = "401 token-ausente"
			}
			adentro := !strings.HasPrefix(tengo, "401 ") && !strings.HasPrefix(tengo, "403 ")
			if e.puede(q, op) != adentro || !adentro && tengo != quiero {
				t.Errorf("%s as %s: %s", camino, q, tengo)
			}
		}
	}
}

// operaciones are the operations of the document, by "METHOD path" with ids that do not exist.
func (e *escena) operaciones(t *testing.T) map[string]operacion {
	t.Helper()
	var doc struct {
		Paths map[string]map[string]operacion `json:"paths"`
	}
	e.Must("admin", "GET", "/openapi.json", nil, &doc)
	ops := map[string]operacion{}
	for camino, metodos := range doc.Paths {
		for metodo, op := range metodos {
			camino := strings.Replace(
				uuidEn.ReplaceAllString(camino, kit.NoID()),
				"{proveedor}",
				"mercadopago",
				1,
			)
			if op.ID == "listar-movimientos" {
				camino += "?lote=L" // an operator may ask for one batch alone
			}
			ops[strings.ToUpper(metodo)+" "+camino] = op
		}
	}
	return ops
}

// matriz returns, by operation and caller, the answer as "status code".
func (e *escena) matriz(t *testing.T, ops map[string]operacion) map[string]string {
	t.Helper()
	m := map[string]string{}
	for _, o := range slices.Sorted(maps.Keys(ops)) {
		for _, q := range slices.Sorted(maps.Keys(quienes)) {
			metodo, camino, _ := strings.Cut(o, " ")
			m[o+" as "+q] = e.tocar(
				t,
				malo{login: q, metodo: metodo, camino: camino, cuerpo: conCuerpoSi(metodo)},
			)
		}
	}
	return m
}

// tocar sends a request and reads the status and the code alone, because a stream has no end.
func (e *escena) tocar(t *testing.T, malo malo) string {
	t.Helper()
	ctx, soltar := context.WithTimeout(t.Context(), kit.Patience)
	defer soltar()
	cuerpo := ""
	if malo.cuerpo != nil {
		b, err := json.Marshal(malo.cuerpo)
		if err != nil {
			t.Fatal(err)
		}
		cuerpo = string(b)
	}
	q, err := http.NewRequestWithContext(
		ctx,
		malo.metodo,
		e.URL+"/api/v1"+malo.camino,
		strings.NewReader(cuerpo),
	)
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("Content-Type", "application/json")
	if f := e.credencial(malo.login); f != "" {
		q.Header.Set("Authorization", "Bearer "+f)
	}
	res, err := e.HTTP.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode < http.StatusBadRequest {
		return fmt.Sprint(res.StatusCode)
	}
	return fmt.Sprint(res.StatusCode, " ", leerRehuse(t, res).miembro("code"))
}

// credencial is the token of login; "": none.
func (e *escena) credencial(login string) string {
	if f, ok := e.tokens[login]; ok {
		return f
	}
	return e.token(login)
}

// diaDeTrabajo delivers an order: the customer's profile comes from the provider, and driver and device are known by
// their subjects there.
func (e *escena) diaDeTrabajo(*testing.T) {
	var yo struct{ Nombre, Correo string }
	e.Must("cliente1", "GET", "/clientes/yo", nil, &yo)
	if yo.Nombre != "Camila Benítez" || yo.Correo != "cliente1@testuser.com" {
		e.T.Errorf("the profile is %+v", yo)
	}
	e.Must(
		"cliente1",
		"POST",
		"/clientes/yo/direcciones",
		map[string]any{
			"nombre": "Casa",
			"calle":  "Gurruchaga 500",
			"lat":    -34.59,
			"lon":    -58.42,
		},
		nil,
	)
	p := e.Order("cliente1", e.NewPurchase("cliente1"))
	e.Await("cliente1", p.ID, "confirmado")
	v := e.VisitOf(p.ID)
	var chofer struct{ ID string }
	e.Must(
		"gestor",
		"POST",
		"/repartidores",
		map[string]any{
			"sujeto": e.reclamos("repartidor1").Sub,
			"nombre": "Ramiro Vega",
			"legajo": "R-77",
		},
		&chofer,
	)
	e.Must(
		"gestor",
		"PATCH",
		"/camiones/"+v.CamionID,
		map[string]any{
			"repartidor_id": chofer.ID,
			"dispositivo":   e.reclamos(gps).Sub,
		},
		nil,
		apiclient.IfMatch("*"),
	)
	e.Must(gps, "POST", "/camiones/"+v.CamionID+"/posiciones",
		map[string]any{"posiciones": []any{e.posicionDe(time.Second)}}, nil)
	e.Depart(v)
	e.Await("cliente1", p.ID, "en_reparto")
	e.Must("repartidor1", "POST", "/visitas/"+v.ID+"/llegada", nil, nil)
	e.Must("repartidor1", "POST", "/visitas/"+v.ID+"/entrega", nil, nil)
	e.Await("cliente1", p.ID, "entregado")
}

// reclamos are the members of a token that tests read.
type reclamos struct {
	Sub      string   `json:"sub"`
	Permisos []string `json:"permissions"`
}

// reclamos reads the claims of login's token.
func (e *escena) reclamos(login string) (c reclamos) {
	e.T.Helper()
	tk, err := jwt.ParseSigned(e.credencial(login), []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		e.T.Fatal(err)
	}
	if err := tk.UnsafeClaimsWithoutVerification(&c); err != nil {
		e.T.Fatal(err)
	}
	return c
}
