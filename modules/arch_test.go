package modules_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// fila is one row of the law: which packages the packages that match who may import, besides the standard
// library. who is a regular expression of whole import paths, the house's own without "despensa/". may is a
// list of these expressions between blanks. SELF stands for the rooms of the package's own module.
type fila struct{ who, may string }

// ley is the law of imports. The first row that matches a package judges it, by its
// direct imports; a package without a row, a row without a package and a permission that
// no package of the row uses are failures.
// Test kits have rows, and since no row allows them, only tests can import them.
var ley = []fila{
	// main -> comandos -> programa -> ajustes -> the wirings: one way.
	{``, `internal/comandos`},
	{
		`internal/comandos`,
		`internal/(ajustes|apiclient|programa) internal/comandos/(bench|demo|explicar|licencias) ` +
			`modules/clientes/module platform/(cli|config|dev/oidc|oidc|telemetry|wiring) ` + cobra,
	},
	// Clients of the API like any other.
	{
		`internal/comandos/(bench|demo)`,
		`internal/apiclient platform/cli golang.org/x/sync/errgroup ` + cobra,
	},
	{`internal/comandos/explicar`, `internal/apiclient platform/cli ` + cobra}, // a client, too
	{`internal/comandos/licencias`, `platform/cli ` + cobra},
	{
		`internal/programa`,
		`internal/ajustes modules/(pagos|rutas) modules/(clientes|pagos|pedidos|rutas)/module ` +
			`platform/(config|dev/inicio|dev/mercadopago|dev/oidc|fault|httpapi|joblease|loopback|oidc|` +
			`oidc/sesion|sqldb|telemetry|wiring) github.com/prometheus/client_golang/prometheus`,
	},
	{`internal/ajustes`, `configs modules/(clientes|pagos|pedidos|rutas)/module ` +
		`platform/(config|dev/mercadopago|dev/oidc|httpapi|joblease|oidc|oidc/sesion|telemetry) ` +
		`golang.org/x/text/unicode/norm`},
	{`internal/apiclient`, `github.com/google/uuid golang.org/x/oauth2(/clientcredentials)?`},
	{`configs|migrations`, ``},

	// The whole program's tests, over the kit. Their rows judge test files too.
	{`pruebas/kit`, `internal/(ajustes|apiclient|programa) modules/(clientes|pedidos)/module ` +
		`platform/(config|dev/oidc|elastictest|httpapi/contrato|mongodb(/mongodbtest)?|sqldb(/sqldbtest)?) ` +
		`platform/(telemetry|wiring) ` +
		`github.com/(chromedp/chromedp|google/uuid) golang.org/x/oauth2(/clientcredentials)?`},
	{`pruebas/historias`, `pruebas/kit internal/(ajustes|apiclient|programa) ` +
		`platform/(dev/oidc|elastictest|oidc|sqldb) github.com/google/uuid`},
	{
		`pruebas/una_vez`,
		`pruebas/kit internal/(ajustes|apiclient) platform/(mongodb/mongodbtest|sqldb) ` +
			`github.com/google/uuid`,
	},
	{
		`pruebas/caidas`,
		`pruebas/kit internal/(ajustes|apiclient|comandos(/(bench|demo))?|programa) ` +
			`platform/(config|dev/oidc|elastictest|mongodb(/mongodbtest)?|sqldb(/sqldbtest)?) go.mongodb.org/mongo-driver/bson`,
	},
	{`pruebas/rechazos`, `pruebas/kit internal/(ajustes|apiclient|comandos|programa) ` +
		`platform/(config|dev/oidc|httpapi/contrato|oidc|sqldb) ` +
		`github.com/(coreos/go-oidc/v3/oidc|go-jose/go-jose/v4(/jwt)?) golang.org/x/oauth2(/clientcredentials)?`},
	{
		`pruebas/promesas`,
		`pruebas/kit internal/(ajustes|comandos|programa) configs migrations modules/clientes/module ` +
			`platform/(breaker/breakertest|cli|config|dev/oidc|httpapi/contrato|sqldb(/sqldbtest)?|wiring) go.yaml.in/yaml/v3 ` +
			`go.mongodb.org/mongo-driver/bson`,
	},
	{`pruebas/banco`, `pruebas/kit internal/ajustes platform/(mongodb|sqldb) ` +
		`go.mongodb.org/mongo-driver/(bson|mongo/options)`},
	{
		`pruebas/banco/medir`,
		`internal/comandos/bench platform/(mongodb/mongodbtest|sqldb/sqldbtest)`,
	},
	{`pruebas/escala`, ``},
	{`pruebas/tiempo`, `pruebas/(kit|modelo) internal/(ajustes|apiclient)`},
	{
		`pruebas/paginas`,
		`pruebas/kit internal/ajustes platform/(dev/oidc|oidc/sesion) github.com/chromedp/chromedp`,
	},
	{`pruebas/modelo`, `pruebas/kit internal/ajustes go.mongodb.org/mongo-driver/bson`},

	// contracts: the types and interfaces that other modules use.
	{
		`modules/\w+`,
		`platform/(fault|money)`,
	},

	// pedidos: rules; adapters -> rules; phases and use cases -> the contracts of the others.
	{`modules/pedidos/internal/existencias`, ``},
	{
		`modules/pedidos/internal/pedido`,
		`platform/(fault|money|skew|text) github.com/looplab/fsm`,
	},
	{`modules/pedidos/internal/catalogo`, `platform/(fault|money|idempotency|text)`},
	{`modules/pedidos/internal/store`, reglas},
	{
		`modules/pedidos/internal/store/documentos`,
		`modules/pedidos/internal/existencias platform/guard ` +
			`go.mongodb.org/mongo-driver/(bson|x/bsonx/bsoncore)`,
	},
	{
		`modules/pedidos/internal/store/sqlite`,
		reglas + ` modules/pedidos/internal/store(/documentos)? ` +
			`platform/(omitted|skew|sqldb) migrations gorm.io/gorm go.mongodb.org/mongo-driver/bson`,
	},
	{
		`modules/pedidos/internal/store/mongo`,
		reglas + ` modules/pedidos/internal/store(/documentos)? ` +
			`platform/(joblease|mongodb|omitted|skew|sqldb) migrations ` + mongodb,
	},
	{
		`modules/pedidos/internal/store/storetest`,
		reglas + ` modules/pedidos/internal/store platform/(omitted|skew) ` +
			`github.com/google/go-cmp/cmp(/cmpopts)?`,
	},
	{
		`modules/pedidos/internal/reservas`,
		`modules/pedidos/internal/(existencias|store) platform/guard`,
	},
	{`modules/pedidos/internal/cupos`, `modules/pagos modules/pedidos/internal/(pedido|store)`},
	{`modules/pedidos/internal/fases`, reglas + ` modules/(clientes|pagos|rutas) ` +
		`modules/pedidos/internal/(cupos|reservas) platform/(fault|idempotency|skew)`},
	{
		`modules/pedidos/internal/worker`,
		`modules/pedidos/internal/(fases|pedido|store) platform/(guard|skew)`,
	},
	{`modules/pedidos/internal/app`, reglas + ` modules/(clientes|pagos|rutas) ` +
		`modules/pedidos/internal/(cupos|reservas|fases|store) platform/(audit|fault|guard|money|idempotency|seal|watch)`},
	{
		`modules/pedidos/internal/rest`,
		reglas + ` modules/(clientes|pagos|rutas) modules/pedidos/internal/app ` +
			`platform/(audit|httpapi|oidc|fault|money|idempotency) ` + huma,
	},
	{`modules/pedidos/module`, `SELF modules/\w+ ` +
		`platform/(audit|config|fault|guard|httpapi|joblease|money|seal|skew|telemetry|watch|wiring) ` +
		`github.com/google/uuid ` + cara},

	// clientes: REST -> authorization -> data, in this order and with no short cut.
	{
		`modules/clientes/internal/rest`,
		`modules/clientes/internal/authz platform/(httpapi|text) ` + huma,
	},
	{
		`modules/clientes/internal/authz`,
		`modules/clientes modules/clientes/internal/(auditoria|datos) ` +
			`platform/(audit|oidc|fault|guard|seal|text) golang.org/x/sync/singleflight`,
	},
	{
		`modules/clientes/internal/auditoria`,
		`platform/(audit|fault|guard|sqldb) github.com/google/uuid ` +
			`gorm.io/gorm(/clause)?`,
	},
	{
		`modules/clientes/internal/auditoria/embebido`,
		`modules/clientes/internal/auditoria platform/(audit|sqldb) ` +
			`migrations ` + gorm,
	},
	// No other package knows the client library of Elasticsearch.
	{
		`modules/clientes/internal/auditoria/elastico`,
		`modules/clientes/internal/auditoria github.com/olivere/elastic/v7`,
	},
	{`modules/clientes/internal/auditoria/buscadortest`,
		`modules/clientes/internal/auditoria platform/audit github.com/google/go-cmp/cmp`},
	{
		`modules/clientes/internal/datos`,
		`modules/clientes platform/(sqldb|fault|idempotency|seal|skew|text) ` +
			gorm + ` ` + tink,
	},

	// pagos: the proxy hides the provider; only one adapter knows its SDK.
	{`modules/pagos/internal/gateway`, `modules/pagos platform/money ` +
		`github.com/(cenkalti/backoff/v5|sony/gobreaker/v2|prometheus/client_golang/prometheus)`},
	{
		`modules/pagos/internal/gateway/mercadopago`,
		`modules/pagos modules/pagos/internal/gateway platform/money ` +
			`github.com/mercadopago/sdk-go/pkg/\w+`,
	},
	// The suite of the gateways, and the gateways without an SDK.
	{
		`modules/pagos/internal/gateway/\w+`,
		`modules/pagos modules/pagos/internal/gateway platform/money`,
	},
	{`modules/pagos/internal/cobros`, `modules/pagos modules/pagos/internal/gateway ` +
		`platform/(fault|guard|money|idempotency|skew) golang.org/x/sync/errgroup`},
	{`modules/pagos/internal/store`, `modules/pagos modules/pagos/internal/(cobros|gateway) ` +
		`platform/(money|sqldb|outbox) gorm.io/gorm`},
	{`modules/pagos/internal/rest`, `modules/pagos modules/pagos/internal/(cobros|gateway) ` +
		`platform/(httpapi|oidc|money) ` + huma},

	// rutas: each room owns its tables; finding ways knows no store.
	{`modules/rutas/internal/ruteo`, `modules/rutas`},
	{
		`modules/rutas/internal/flota`,
		`modules/rutas platform/(fault|guard|idempotency|seal|skew|sqldb|outbox) ` + gorm,
	},
	{`modules/rutas/internal/telemetria`, `modules/rutas platform/(fault|sqldb|watch) ` + gorm},
	{
		`modules/rutas/internal/rest`,
		`modules/rutas modules/rutas/internal/(flota|ruteo|telemetria) ` +
			`platform/(httpapi|oidc|fault) ` + huma,
	},

	// Wirings of the three modules that know no other module.
	{`modules/(clientes|pagos|rutas)/module`, `SELF migrations ` +
		`platform/(audit|cli|config|fault|guard|httpapi|idempotency|joblease|oidc|outbox|seal|sqldb|telemetry|wiring) ` +
		cara + ` ` + cobra},

	// platform knows no module, ever.
	{`platform/(fault|money|guard|omitted)`, ``},
	{`platform/text`, `golang.org/x/text/(cases|unicode/norm)`},
	{`platform/audit`, `platform/fault`},
	{`platform/seal`, ``},
	{`platform/seal/sealtest`, `platform/seal`}, // a test kit
	{`platform/idempotency`, `github.com/google/uuid`},
	{`platform/config`, `go.yaml.in/yaml/v3`},
	{
		`platform/telemetry`,
		`platform/fault github.com/prometheus/client_golang/prometheus(/\w+)?`,
	},
	{`platform/cli`, `platform/config ` + cobra},
	{
		`platform/oidc`,
		`platform/(fault|guard|idempotency|config) github.com/coreos/go-oidc/v3/oidc ` +
			`github.com/go-jose/go-jose/v4 golang.org/x/sync/singleflight`,
	},
	{
		`platform/oidc/sesion`,
		`platform/(config|fault|idempotency|oidc|skew) golang.org/x/(oauth2|sync/singleflight)`,
	},
	{`platform/httpapi`, `platform/(fault|guard|idempotency|oidc|omitted|text) ` +
		`github.com/labstack/echo/v4(/middleware)? ` + huma + `(/adapters/humaecho)? ` +
		`github.com/prometheus/client_golang/prometheus(/promhttp)? github.com/swaggest/swgui(/v5emb)? ` +
		`github.com/go-json-experiment/json/jsontext github.com/google/uuid github.com/klauspost/compress/gzhttp ` +
		`github.com/maypok86/otter/v2 golang.org/x/(sync/(errgroup|semaphore)|time/rate)`},
	// A test kit.
	{
		`platform/httpapi/contrato`,
		`github.com/santhosh-tekuri/jsonschema/v6`,
	},
	// A test kit.
	{
		`platform/httpapi/httpapitest`,
		`platform/(httpapi|oidc) github.com/danielgtaylor/huma/v2`,
	},
	{`platform/watch`, `platform/guard`},
	{`platform/skew`, ``},
	{`platform/loopback`, `platform/guard`},
	{`platform/breaker(/breakertest)?`, ``}, // the second is a test kit
	{
		`platform/sqldb`,
		`platform/(fault|breaker|guard|omitted) modernc.org/sqlite github.com/gofrs/flock ` +
			`github.com/pressly/goose/v3(/lock)? gorm.io/gorm(/callbacks|/clause|/logger|/schema)? gorm.io/driver/postgres ` +
			`github.com/jackc/pgx/v5(/pgconn|/pgproto3|/stdlib)?`,
	},
	// A test kit.
	{
		`platform/sqldb/sqldbtest`,
		`github.com/google/uuid github.com/jackc/pgx/v5/stdlib`,
	},
	{`platform/elastictest`, ``}, // a test kit
	{`platform/mongodb`, `platform/(fault|breaker|sqldb) ` +
		`go.mongodb.org/mongo-driver/(bson|event|mongo(/(options|readconcern|readpref|writeconcern))?|` +
		`x/mongo/driver/(connstring|topology))`},
	// A test kit.
	{
		`platform/mongodb/mongodbtest`,
		`platform/mongodb github.com/google/uuid go.mongodb.org/mongo-driver/(bson|mongo)`,
	},
	{`platform/joblease`, `platform/(guard|skew|sqldb) github.com/google/uuid`},
	{`platform/joblease/jobleasetest`, `platform/(joblease|skew)`}, // a test kit
	{`platform/wiring`, `platform/(joblease|sqldb) github.com/prometheus/client_golang/prometheus`},
	{`platform/outbox`, `platform/(fault|guard|skew|sqldb) github.com/google/uuid ` + gorm},
	{`platform/dev/inicio`, ``},
	{`platform/dev/oidc`, `github.com/go-jose/go-jose/v4(/jwt)?`},
	{
		`platform/dev/mercadopago`,
		`platform/(guard|money|sqldb) migrations golang.org/x/sync/errgroup gorm.io/gorm`,
	},
}

// Pieces of the rows above.
const (
	reglas  = `modules/pedidos/internal/(pedido|existencias|catalogo)`
	gorm    = `gorm.io/gorm(/clause)?`
	mongodb = `go.mongodb.org/mongo-driver/(bson|event|mongo(/options)?|x/bsonx/bsoncore)`
	huma    = `github.com/danielgtaylor/huma/v2`
	cobra   = `github.com/spf13/cobra`
	cara    = huma + ` github.com/prometheus/client_golang/prometheus`
	tink    = `github.com/tink-crypto/tink-go/v2/(aead|insecurecleartextkeyset|keyset|prf|proto/tink_go_proto|tink)`
)

// puras are the packages of rules and words, which touch nothing outside themselves.
const puras = `platform/(fault|money)|modules/\w+|modules/pedidos/internal/(pedido|existencias)`

// impuras are the parts of the standard library that puras may not import.
const impuras = `os(/.*)?|net(/.*)?|database/.*|log(/.*)?|math/rand(/.*)?|crypto/rand|syscall|io/ioutil`

// TestLaw checks every package of the repository against ley.
func TestLaw(t *testing.T) {
	arbol, err := leer("..", "despensa")
	if err != nil {
		t.Fatal(err)
	}
	for _, falta := range juzgar(ley, arbol) {
		t.Error(falta)
	}
	for _, falta := range ensuciadas(arbol) {
		t.Error(falta)
	}
}

// paquete is the imports of one package, each with a file that makes the import.
type paquete map[string]string

// juzgar lists the imports, packages and rows that break filas, sorted.
func juzgar(filas []fila, arbol map[string]paquete) []string {
	var faltas []string
	paquetes := make([][]string, len(filas)) // the packages of each row
	usadas := make([][]string, len(filas))   // the imports of the packages of each row
	for pkg, imports := range arbol {
		n := slices.IndexFunc(
			filas,
			func(f fila) bool { return entera(f.who).MatchString(pkg) },
		)
		if n < 0 {
			faltas = append(faltas, fmt.Sprintf("%q: no row of the law speaks of it", pkg))
			continue
		}
		paquetes[n] = append(paquetes[n], pkg)
		puede := permitidas(filas[n].may, pkg)
		for imp, archivo := range imports {
			usadas[n] = append(usadas[n], imp)
			if !estandar(imp) && !puede.MatchString(imp) {
				faltas = append(
					faltas,
					fmt.Sprintf("%s may not import %s (%s)", pkg, imp, archivo),
				)
			}
		}
	}
	for i, f := range filas {
		if paquetes[i] == nil {
			faltas = append(
				faltas,
				fmt.Sprintf("row %q speaks of no package, or an earlier row does", f.who),
			)
			continue
		}
		faltas = append(faltas, sobrantes(f, paquetes[i], usadas[i])...)
	}
	slices.Sort(faltas)
	return faltas
}

// sobrantes lists the permissions of fila that none of its packages uses: each alternative of each part, our own
// packages and libraries alike.
func sobrantes(fila fila, paquetes, imports []string) []string {
	var faltas []string
	for _, parte := range strings.Fields(fila.may) {
		for _, una := range alternativas(parte) {
			usada := slices.ContainsFunc(paquetes, func(pkg string) bool {
				return slices.ContainsFunc(imports, permitidas(legible(una), pkg).MatchString)
			})
			if !usada {
				faltas = append(
					faltas,
					fmt.Sprintf(
						"row %q allows %s, which is not imported",
						fila.who,
						legible(una),
					),
				)
			}
		}
	}
	return faltas
}

// legible writes an alternative as a row does.
func legible(una string) string {
	return strings.NewReplacer(`[0-9A-Z_a-z]`, `\w`, `\.`, `.`).Replace(una)
}

// alternativas spells a permission out: a(b|c)? is a, ab and ac. Wildcards such as \w+ stay as they are.
func alternativas(parte string) []string {
	r, err := syntax.Parse(literal(parte), syntax.Perl)
	if err != nil {
		panic(err) // a row of the law is no regular expression
	}
	return desplegar(r)
}

// literal makes the points of names such as gorm.io match nothing but points.
func literal(parte string) string { return strings.ReplaceAll(parte, ".", `\.`) }

// desplegar lists expressions without alternatives that together match the same paths as r.
func desplegar(r *syntax.Regexp) (out []string) {
	switch r.Op {
	case syntax.OpAlternate:
		for _, s := range r.Sub {
			out = append(out, desplegar(s)...)
		}
	case syntax.OpConcat:
		out = []string{""}
		for _, s := range r.Sub {
			out = combinar(out, desplegar(s))
		}
	case syntax.OpQuest:
		out = append([]string{""}, desplegar(r.Sub[0])...)
	case syntax.OpCapture:
		out = desplegar(r.Sub[0])
	default:
		out = []string{r.String()}
	}
	return out
}

// combinar puts each of despues behind each of antes.
func combinar(antes, despues []string) (out []string) {
	for _, a := range antes {
		for _, d := range despues {
			out = append(out, a+strings.TrimSuffix(strings.TrimPrefix(d, "(?:)"), "(?:)"))
		}
	}
	return out
}

// ensuciadas lists the imports by which a package of puras reaches the system, and all imports of unsafe and C.
func ensuciadas(arbol map[string]paquete) []string {
	var faltas []string
	for pkg, imports := range arbol {
		for imp, archivo := range imports {
			if entera(puras).MatchString(pkg) && entera(impuras).MatchString(imp) ||
				imp == "unsafe" ||
				imp == "C" {
				faltas = append(
					faltas,
					fmt.Sprintf("%s may not import %s (%s)", pkg, imp, archivo),
				)
			}
		}
	}
	slices.Sort(faltas)
	return faltas
}

// entera is expr as an expression of the whole text.
func entera(expr string) *regexp.Regexp { return regexp.MustCompile(`^(?:` + expr + `)$`) }

// permitidas matches the imports that may allows to pkg; no import when may is empty.
func permitidas(may, pkg string) *regexp.Regexp {
	partes := strings.Fields(may)
	if len(partes) == 0 {
		return regexp.MustCompile(`$^.`)
	}
	modulo := strings.Join(strings.Split(pkg, "/")[:min(2, strings.Count(pkg, "/")+1)], "/")
	self := regexp.QuoteMeta(modulo) + `(/internal/.*)?`
	return entera(strings.ReplaceAll(literal(strings.Join(partes, "|")), "SELF", self))
}

// estandar reports whether imp is of the standard library. The house's own packages
// have no dot in their first element either: their first element is a folder of ours.
func estandar(imp string) bool {
	primero, _, _ := strings.Cut(imp, "/")
	return !strings.Contains(primero, ".") &&
		!slices.Contains(
			[]string{"internal", "modules", "platform", "pruebas", "configs", "migrations"},
			primero,
		)
}

// leer finds the packages under raiz and their imports. The imports of test files count only below pruebas. Imports of
// our own packages lose their prefix casa. Hidden folders, testdata and other Go modules (tools) are passed over.
func leer(raiz, casa string) (map[string]paquete, error) {
	arbol := map[string]paquete{}
	err := filepath.WalkDir(raiz, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return saltar(raiz, p)
		}
		if !strings.HasSuffix(p, ".go") ||
			strings.HasSuffix(p, "_test.go") && !deSoloPruebas(raiz, p) {
			return nil
		}
		return anotar(arbol, raiz, casa, p)
	})
	return arbol, err
}

// deSoloPruebas reports whether a test file lies below pruebas, where the packages consist of test files alone.
func deSoloPruebas(raiz, archivo string) bool {
	rel, err := filepath.Rel(raiz, archivo)
	return err == nil && strings.HasPrefix(filepath.ToSlash(rel), "pruebas/")
}

// saltar is fs.SkipDir for a folder that leer passes over; else nil.
func saltar(raiz, carpeta string) error {
	if carpeta == raiz {
		return nil
	}
	nombre := filepath.Base(carpeta)
	if strings.HasPrefix(nombre, ".") || nombre == "testdata" {
		return fs.SkipDir
	}
	if _, err := os.Stat(filepath.Join(carpeta, "go.mod")); err == nil {
		return fs.SkipDir
	}
	return nil
}

// anotar adds the imports of one file.
func anotar(arbol map[string]paquete, raiz, casa, archivo string) error {
	f, err := parser.ParseFile(token.NewFileSet(), archivo, nil, parser.ImportsOnly)
	if err != nil {
		return err
	}
	rel, err := filepath.Rel(raiz, filepath.Dir(archivo))
	if err != nil {
		return err
	}
	pkg := strings.TrimPrefix(filepath.ToSlash(rel), ".")
	if arbol[pkg] == nil {
		arbol[pkg] = paquete{}
	}
	for _, s := range f.Imports {
		imp, err := strconv.Unquote(s.Path.Value)
		if err != nil {
			return err
		}
		arbol[pkg][strings.TrimPrefix(imp, casa+"/")] = archivo
	}
	return nil
}
