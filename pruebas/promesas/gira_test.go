package promesas_test

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"despensa/pruebas/kit"
)

var bloque = regexp.MustCompile("(?s)```sh\n(.*?)```")

// The README's tour runs as it is written, all blocks in one shell, beside a program that
// runs on another address than the README's.
func TestTourOfTheREADME(t *testing.T) {
	for _, orden := range []string{"bash", "curl", "go"} {
		if _, err := exec.LookPath(orden); err != nil {
			t.Skipf("SKIPPED: no %s here", orden)
		}
	}
	_, gira, ok := strings.Cut(kit.ReadText(t, "README.md"), "\n## Five-minute tour\n")
	if !ok {
		t.Fatal("the README has no tour")
	}
	gira, _, _ = strings.Cut(gira, "\n## ")
	guion := []string{"set -euo pipefail"}
	for _, b := range bloque.FindAllStringSubmatch(gira, -1) {
		guion = append(guion, b[1])
	}
	if len(guion) < 8 {
		t.Fatalf("%d blocks", len(guion)-1)
	}
	p := kit.Launch(t)
	p.MustStart()
	cmd := exec.CommandContext(t.Context(), "bash", "-c", strings.Join(guion, "\n"))
	cmd.Env = append(os.Environ(), "DESPENSA_URL="+p.URL)
	salida, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, salida)
	}
	for _, s := range []string{
		"ready", `"disponible":15000`, `"total_centavos":`, "Idempotent-Replayed: true", "event: evento",
		`"tipo":"confirmar"`, " confirmado\n", " fallido\n",
		"La tarjeta no tiene fondos", `"code":"datos-invalidos"`, `"location":"body.lineas"`,
		`"nuevas":1`, "\nentregada\n", " entregado\n", "\nentregar\ndespachar\nconfirmar\n",
		"Qué llama la atención\n  Nada",
	} {
		if !strings.Contains(string(salida), s) {
			t.Errorf("the tour does not show %q:\n%s", s, salida)
		}
	}
}
