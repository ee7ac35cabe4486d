package promesas_test

import (
	"encoding/json"
	"io"
	"net/http"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"despensa/pruebas/kit"
)

var (
	helpLine   = regexp.MustCompile(`(?m)^# HELP (despensa_\w+) (.*)$`)
	metricName = regexp.MustCompile(`despensa_\w+`)
)

// promtool runs promtool with an input, or says that it is not here.
func promtool(t *testing.T, input string, args ...string) {
	t.Helper()
	if _, err := exec.LookPath("promtool"); err != nil {
		t.Skip("SKIPPED: no promtool here")
	}
	cmd := exec.CommandContext(t.Context(), "promtool", args...)
	cmd.Stdin = strings.NewReader(input)
	if out, err := cmd.CombinedOutput(); err != nil || strings.Contains(string(out), "FAILED") {
		t.Errorf("promtool %s: %v\n%s", strings.Join(args, " "), err, out)
	} else if args[1] == "metrics" && len(out) > 0 {
		t.Errorf("promtool %s: %s", strings.Join(args, " "), out)
	}
}

// The program as a process: all its metrics are as promtool wants them and documented, each HELP can be read alone,
// and each line on its standard error is JSON.
func TestMetricsAndLogOfTheProgram(t *testing.T) {
	p := kit.Launch(t, "DESPENSA_REGISTRO_FORMATO=json", "DESPENSA_REGISTRO_NIVEL=debug")
	p.MustStart()
	for _, path := range []string{
		"/api/v1/productos", "/api/v1/pedidos", "/no", "/salud/listo", "/docs/", "/api/v1/productos?limite=x", "/dev/",
	} {
		get(t, p, path)
	}
	p.Code("cliente1", "GET", "/pedidos/"+kit.NoID(), nil)
	p.Deliver("cliente1", p.Order("cliente1", p.NewPurchase("cliente1")).ID)
	metrics := get(t, p, "/metricas")
	t.Run(
		"promtool check metrics",
		func(t *testing.T) { promtool(t, metrics, "check", "metrics") },
	)
	documented := kit.ReadText(t, "docs/operacion.md")
	seen := map[string]string{}
	for _, m := range helpLine.FindAllStringSubmatch(metrics, -1) {
		name, help := m[1], m[2]
		if words := strings.Fields(help); len(words) < 5 ||
			regexp.MustCompile(`\b(them|these|those)\b`).MatchString(help) ||
			seen[help] != "" {
			t.Errorf("the HELP of %s does not stand alone: %q", name, help)
		}
		if seen[help] = name; !strings.Contains(documented, name) &&
			!strings.Contains(documented, "`…"+strings.TrimPrefix(name, "despensa_http")) {
			t.Errorf("docs/operacion.md does not say what %s is", name)
		}
	}
	if len(seen) < 20 || strings.Contains(metrics, `host="`) {
		t.Errorf("%d metrics of ours, or a label host", len(seen))
	}
	series := 0
	for l := range strings.Lines(metrics) {
		if strings.HasPrefix(l, "despensa_") {
			series++
		}
	}
	t.Logf("%d series of ours after a delivered order", series)
	p.Stop()
	lines := 0
	for l := range strings.Lines(p.Stderr.String()) {
		if lines++; !json.Valid([]byte(l)) {
			t.Errorf("no JSON on standard error: %s", l)
		}
	}
	if !strings.Contains(p.Stderr.String(), `"msg":"request"`) {
		t.Errorf("%d lines, none of a request", lines)
	}
}

func get(t *testing.T, process *kit.Process, path string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, process.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := process.HTTP.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// The alarms are rules that promtool takes, pass their own tests, and ask for metrics that docs/operacion.md knows.
func TestAlarms(t *testing.T) {
	rules := kit.ReadText(t, "deploy/alertas/despensa.yml")
	documented := kit.ReadText(t, "docs/operacion.md")
	known := metricName.FindAllString(documented, -1)
	for _, name := range metricName.FindAllString(rules, -1) {
		if !slices.Contains(known, name) &&
			!slices.Contains(known, strings.TrimSuffix(name, "_count")) {
			t.Errorf("a rule asks for %s, which docs/operacion.md does not know", name)
		}
	}
	for _, m := range regexp.MustCompile(`- alert: (\w+)`).FindAllStringSubmatch(rules, -1) {
		if !strings.Contains(documented, "`"+m[1]+"`") {
			t.Errorf("docs/operacion.md does not say what %s means", m[1])
		}
	}
	promtool(t, "", "check", "rules", "deploy/alertas/despensa.yml")
	promtool(t, "", "test", "rules", "deploy/alertas/despensa_test.yml")
}
