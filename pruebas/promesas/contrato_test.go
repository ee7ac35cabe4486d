package promesas_test

import (
	"bytes"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"despensa/internal/programa"
	"despensa/platform/httpapi/contrato"
	"despensa/pruebas/kit"
)

var actualizar = flag.Bool(
	"update",
	false,
	"write the API document of this version into docs/api",
)

// guardados is where the documents of the releases are.
const guardados = "docs/api/openapi-v*.json"

// TestTheAPIStays compares the API with that of every release. A release keeps its
// document: go test ./pruebas/promesas -run TestTheAPIStays -update.
func TestTheAPIStays(t *testing.T) {
	t.Parallel()
	crudo := kit.Start(t).RawDocument()
	ahora := kit.Document(t, crudo)
	archivos := documentosGuardados(t)
	for _, archivo := range archivos {
		antes := kit.Document(t, kit.ReadFile(t, archivo))
		if archivo != archivoDe(antes.Info.Version) {
			t.Errorf("%s is the document of %s", archivo, antes.Info.Version)
		}
		for _, rota := range contrato.Compare(antes, ahora) {
			i := slices.IndexFunc(aProposito, func(a rotura) bool { return a.que == rota })
			if i < 0 {
				t.Errorf("since %s: %s", antes.Info.Version, rota)
				continue
			}
			t.Logf(
				"since %s, on purpose: %s: %s",
				antes.Info.Version,
				rota,
				aProposito[i].porque,
			)
		}
	}
	if t.Failed() {
		t.Fatal(
			"this breaks programs that rely on the API: nothing is ever removed from v1 (docs/adr/0015-la-api-queda.md)",
		)
	}
	propio := archivoDe(programa.Version)
	if *actualizar {
		if err := os.WriteFile(propio, crudo, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if slices.Contains(archivos, propio) && !bytes.Equal(kit.ReadFile(t, propio), crudo) {
		t.Errorf(
			"the API has changed since %s was released: raise `Version` in internal/programa, or, "+
				"if %[1]s is still to be released, go test ./pruebas/promesas -run TestTheAPIStays -update",
			programa.Version,
		)
	}
	if !slices.Contains(archivos, propio) &&
		masVieja(programa.Version, versionDe(archivos[len(archivos)-1])) {
		t.Errorf("version %s is older than %s", programa.Version, archivos[len(archivos)-1])
	}
}

// rotura is an incompatible change that a release before 1.0.0 makes on purpose: the sentence of Comparar, and the
// reason.
type rotura struct{ que, porque string }

// aProposito are incompatible changes that could not be made from 1.0.0 on: CHANGELOG.md names each.
var aProposito = []rotura{
	{
		que:    "POST /pagos/avisos/{proveedor} body: type [object] was [string]",
		porque: "a notice was a JSON document before too; the document had a wrong word for it",
	},
	{
		que:    "error almacen-no-disponible: removed",
		porque: "since 0.6.0 base-no-disponible: an almacen is a depot of goods in the company's words; a database is away",
	},
	{
		que:    "error peticion-invalida: removed",
		porque: "since 0.6.0 solicitud-invalida: the HTTP request is a solicitud everywhere else",
	},
	{
		que:    "error camion-en-casa: removed",
		porque: "since 0.6.0 camion-no-salio: a run that never began cannot end, wherever the truck is",
	},
	{
		que:    "error visita-estado: removed",
		porque: "since 0.6.0 visita-en-otro-estado: the code named a member, not the fault",
	},
	{
		que:    "error repartidor-existe: removed",
		porque: "since 0.6.0 repartidor-repetido: as codigo-repetido, legajo-repetido and patente-repetida",
	},
}

func archivoDe(version string) string { return strings.Replace(guardados, "*", version, 1) }

func versionDe(archivo string) string {
	return strings.TrimSuffix(strings.TrimPrefix(filepath.Base(archivo), "openapi-v"), ".json")
}

// documentosGuardados are the files, by version.
func documentosGuardados(t *testing.T) []string {
	t.Helper()
	archivos, err := filepath.Glob(guardados)
	if err != nil || len(archivos) == 0 {
		t.Fatalf("no kept documents: %v", err)
	}
	slices.SortFunc(archivos, func(a, b string) int {
		if masVieja(versionDe(a), versionDe(b)) {
			return -1
		}
		return 1
	})
	return archivos
}

// masVieja compares two versions of three numbers.
func masVieja(a, b string) bool {
	numeros := func(s string) (n []int) {
		for parte := range strings.SplitSeq(s, ".") {
			x, _ := strconv.Atoi(parte)
			n = append(n, x)
		}
		return n
	}
	return slices.Compare(numeros(a), numeros(b)) < 0
}

// TestTheDocumentIsComplete looks for operations without a summary, a caller, examples, or a description of their
// answers.
func TestTheDocumentIsComplete(t *testing.T) {
	t.Parallel()
	crudo := kit.Start(t).RawDocument()
	d := kit.Document(t, crudo)
	if donde := os.Getenv("DESPENSA_TEST_DOCUMENTO"); donde != "" { // for .ci/documento
		if err := os.WriteFile(donde, crudo, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, falta := range contrato.Gaps(d) {
		t.Error(falta)
	}
	for _, o := range d.Operations() {
		t.Run(o.ID, func(t *testing.T) { documentada(t, o) })
	}
	if len(d.Codes) < 50 {
		t.Errorf("only %d codes of errors", len(d.Codes))
	}
}

// opacos are parameters with a meaning that only the server knows.
var opacos = []string{"cursor"}

// documentada checks that the document describes an operation: id, summary, callers, examples, success and refusals.
func documentada(t *testing.T, place contrato.Place) {
	if place.ID == "" || place.Summary == "" {
		t.Error("no id or no summary")
	}
	if len("api."+place.ID) > 60 {
		t.Error("its id is too long for the audit trail")
	}
	if !place.IsPublic() && len(place.Roles)+len(place.Permissions) == 0 {
		t.Error("nobody may call it")
	}
	for _, p := range place.Parameters {
		e := p.Schema
		if dicho := p.Example != nil || len(p.Examples) > 0 || e != nil && len(e.Examples)+len(e.Enum) > 0; !dicho &&
			!slices.Contains(opacos, p.Name) {
			t.Errorf("%s.%s has no example", p.In, p.Name)
		}
	}
	if place.Body != nil {
		for tipo, m := range place.Body.Content {
			if len(m.Examples) == 0 || m.Schema == nil {
				t.Errorf("the body (%s) has no example, or no schema", tipo)
			}
		}
	}
	if estado, r := place.Success(); estado == "" || estado != "204" && len(r.Content) == 0 {
		t.Errorf("its success (%q) is not described", estado)
	}
	for _, estado := range []string{"401", "422", "429", "500", "503"} {
		if _, ok := place.Responses[estado]; !ok {
			t.Errorf("no status %s", estado)
		}
	}
	for estado, r := range place.Responses {
		tipos := slices.Collect(maps.Keys(r.Content))
		if estado >= "400" && !slices.Equal(tipos, []string{"application/problem+json"}) {
			t.Errorf("%s answers %v", estado, tipos)
		}
		for tipo, m := range r.Content {
			if m.Schema == nil {
				t.Errorf("%s %s has no schema", estado, tipo)
			}
		}
	}
}
