package rechazos_test

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"despensa/internal/ajustes"
	"despensa/platform/config"
	devoidc "despensa/platform/dev/oidc"
	"despensa/pruebas/kit"
)

const documentoIdentidad = "docs/auth0.md"

// ajustesDe sets in configuracion the settings that docs/auth0.md shows for a provider.
func ajustesDe(t *testing.T, proveedor string, configuracion *ajustes.Configuracion) {
	t.Helper()
	b := regexp.MustCompile("(?ms)^ *```yaml " + proveedor +
		"\n(.*?)^ *```$").FindStringSubmatch(string(kit.ReadFile(t, documentoIdentidad)))
	if b == nil {
		t.Fatalf("%s has no settings for %s", documentoIdentidad, proveedor)
	}
	if err := config.Load(configuracion, [][]byte{[]byte(b[1])}, nil); err != nil {
		t.Fatalf("%s, %s: %v", documentoIdentidad, proveedor, err)
	}
}

// primeraColumna returns the texts between backticks at the beginning of the rows of the table with the heading
// titulo.
func primeraColumna(t *testing.T, titulo string) (out []string) {
	t.Helper()
	_, tabla, hay := strings.Cut(kit.ReadText(t, documentoIdentidad), "\n| "+titulo+" |")
	if !hay {
		t.Fatalf("%s has no table of %s", documentoIdentidad, titulo)
	}
	tabla, _, _ = strings.Cut(tabla, "\n\n")
	for _, m := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\|").FindAllStringSubmatch(tabla, -1) {
		out = append(out, m[1])
	}
	return slices.Sorted(slices.Values(out))
}

// The program takes the settings in docs/auth0.md; the roles there are those of the house and of Keycloak's realm,
// and the permissions those that operations ask for.
func TestIdentityDocument(t *testing.T) {
	t.Parallel()
	for proveedor, exige := range map[string]bool{"auth0": true, "keycloak": false} {
		c := kit.Settings(t.TempDir())
		ajustesDe(t, proveedor, &c)
		if err := c.Validar(); err != nil || c.OIDC.Emisor == "" ||
			c.OIDC.ExigePermisos != exige {
			t.Errorf("%s: %v", proveedor, err)
		}
	}
	roles := map[string]bool{}
	for _, i := range devoidc.Logins() {
		roles[i.Roles[0]] = true
	}
	var reino struct {
		Roles struct {
			Realm []struct{ Name string }
		}
	}
	if err := json.Unmarshal(kit.ReadFile(t, ".ci/keycloak-despensa.json"), &reino); err != nil {
		t.Fatal(err)
	}
	var suyos []string
	for _, r := range reino.Roles.Realm {
		suyos = append(suyos, r.Name)
	}
	slices.Sort(suyos)
	if casa := slices.Sorted(maps.Keys(roles)); !slices.Equal(casa, primeraColumna(t, "role")) ||
		!slices.Equal(casa, suyos) {
		t.Errorf(
			"roles: %v; in the document %v, in the realm %v",
			casa,
			primeraColumna(t, "role"),
			suyos,
		)
	}
	permisos := map[string]bool{}
	for _, op := range (&escena{Program: kit.Start(t), tokens: map[string]string{}}).operaciones(t) {
		for _, p := range op.Permisos {
			permisos[p] = true
		}
	}
	if pide := slices.Sorted(maps.Keys(permisos)); !slices.Equal(pide, primeraColumna(t, "permission")) {
		t.Errorf(
			"operations ask for %v, the document has %v",
			pide,
			primeraColumna(t, "permission"),
		)
	}
}
