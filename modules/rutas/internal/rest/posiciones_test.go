package rest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// posicionCon is a position of the primary sensor, measured a minute ago at the depot's door. Members in the map
// replace its own; "" leaves a member out.
func posicionCon(secuencia int, otros map[string]string) string {
	m := map[string]string{
		"sensor": `"primario"`, "secuencia": fmt.Sprint(secuencia), "lat": "-34.6", "lon": "-58.43",
		"en": `"` + ahora.Add(-time.Minute).Format(time.RFC3339) + `"`,
	}
	for nombre, valor := range otros {
		m[nombre] = valor
	}
	var partes []string
	for nombre, valor := range m {
		if valor != "" {
			partes = append(partes, fmt.Sprintf("%q:%s", nombre, valor))
		}
	}
	return "{" + strings.Join(partes, ",") + "}"
}

func lote(posiciones ...string) string {
	return `{"posiciones":[` + strings.Join(posiciones, ",") + `]}`
}

// One wrong position in a batch is named in rechazadas, and the rest of the batch is stored.
func TestPositionsAreTakenOneByOne(t *testing.T) {
	const datos, momento = "datos-invalidos", "momento-imposible"
	un := func(nombre, valor string) string { return posicionCon(2, map[string]string{nombre: valor}) }
	hace := func(d time.Duration) string { return `"` + ahora.Add(-d).Format(time.RFC3339Nano) + `"` }
	for nombre, c := range map[string]struct {
		mala, codigo, detalle string
	}{
		"25 h old":      {mala: un("en", hace(25*time.Hour)), codigo: momento, detalle: "en: is too old"},
		"an hour ahead": {mala: un("en", hace(-time.Hour)), codigo: momento, detalle: "en: is in the future"},
		"just too far ahead": {mala: un("en", hace(-5*time.Minute-time.Millisecond)), codigo: momento,
			detalle: "en: is in the future"},
		"before all time":        {mala: un("en", `"0001-01-01T00:00:00Z"`), codigo: momento, detalle: "en: is too old"},
		"a moment of no form":    {mala: un("en", `"ayer"`), codigo: datos, detalle: "en: "},
		"no moment":              {mala: un("en", ""), codigo: datos, detalle: "en"},
		"beyond the pole":        {mala: un("lat", "91"), codigo: datos, detalle: "lat: "},
		"beyond the date line":   {mala: un("lon", "-180.01"), codigo: datos, detalle: "lon: "},
		"a latitude in words":    {mala: un("lat", `"NaN"`), codigo: datos, detalle: "lat: "},
		"a latitude of nothing":  {mala: un("lat", "null"), codigo: datos, detalle: "lat"},
		"a speed of nothing":     {mala: un("velocidad_kmh", "null"), codigo: datos, detalle: "null"},
		"faster than any truck":  {mala: un("velocidad_kmh", "301"), codigo: datos, detalle: "velocidad_kmh: "},
		"bearing of no compass":  {mala: un("rumbo_grados", "-1"), codigo: datos, detalle: "rumbo_grados: "},
		"precision under 0":      {mala: un("precision_metros", "-1"), codigo: datos, detalle: "precision_metros: "},
		"sensor unknown":         {mala: un("sensor", `"zq-rechazado"`), codigo: datos, detalle: "sensor: "},
		"sequence 0":             {mala: un("secuencia", "0"), codigo: datos, detalle: "secuencia: "},
		"half a sequence":        {mala: un("secuencia", "1.5"), codigo: datos, detalle: "secuencia: "},
		"a sequence without end": {mala: un("secuencia", "1e30"), codigo: datos, detalle: "number"},
		"unknown member":         {mala: un("zq-rechazado", "1"), codigo: datos},
		"member of another case": {mala: un("Lat", "1"), codigo: datos},
		"a word":                 {mala: `"zq-rechazado"`, codigo: datos},
		"null":                   {mala: `null`, codigo: datos},
		"a list":                 {mala: `[]`, codigo: datos},
		"a text of no text":      {mala: un("sensor", `"zq-rechazado\u202e"`), codigo: datos, detalle: "sensor: "},
		"half a character":       {mala: un("sensor", `"zq-rechazado\ud800"`), codigo: datos, detalle: "sensor: "},
		"a name of no text":      {mala: un("zq-rechazado\u202e", "1"), codigo: datos},
	} {
		t.Run(nombre, func(t *testing.T) {
			b := nuevoBanco(t)
			_, cam := b.camion()
			r := b.bien(200, gestor, "POST", "/camiones/"+cam+"/posiciones",
				lote(posicionCon(1, nil), c.mala, posicionCon(3, nil)))
			malas, _ := r["rechazadas"].([]any)
			if r["recibidas"] != 3.0 || r["nuevas"] != 2.0 || r["repetidas"] != 0.0 ||
				len(malas) != 1 {
				t.Fatalf("%v", r)
			}
			mala := malas[0].(map[string]any)
			if detalle, _ := mala["detalle"].(string); mala["indice"] != 1.0 ||
				mala["codigo"] != c.codigo ||
				!strings.Contains(detalle, c.detalle) ||
				strings.Contains(detalle, "zq-rechazado\"") ||
				detalle == "" {
				t.Errorf("%v", mala)
			}
			if u := r["ultima"].(map[string]any); u["secuencia"] != 3.0 {
				t.Errorf("last seen: %v", u)
			}
			if l := b.bien(200, gestor, "GET", "/camiones/"+cam+"/posiciones", ""); len(l["datos"].([]any)) != 2 {
				t.Errorf("kept: %v", l)
			}
		})
	}
}

func TestWhatIsNoBatch(t *testing.T) {
	b := nuevoBanco(t)
	_, cam := b.camion()
	for nombre, c := range map[string]struct {
		cuerpo string
		want   int
	}{
		"none":           {lote(), 422},
		"no list":        {`{"posiciones":null}`, 422},
		"no member":      {`{}`, 422},
		"unknown member": {`{"posiciones":[` + posicionCon(1, nil) + `],"x":1}`, 422},
		"501":            {lote(strings.Split(strings.Repeat("1 ", 500)+"1", " ")...), 422},
		"no JSON":        {`{"posiciones":[{"lat":NaN}]}`, 400},
		"500 of no use":  {lote(strings.Split(strings.Repeat("1 ", 499)+"1", " ")...), 200},
		"one of no use":  {lote("{}"), 200},
	} {
		t.Run(nombre, func(t *testing.T) {
			r := b.pedir(gestor, "POST", "/camiones/"+cam+"/posiciones", c.cuerpo)
			if r.Code != c.want {
				t.Errorf("%d, want %d: %s", r.Code, c.want, r.Body)
			}
		})
	}
}

// Refused positions are named in the order of the batch, for any reasons. A truck that was never seen is in its depot.
func TestABatchOfNothingGood(t *testing.T) {
	b := nuevoBanco(t)
	_, cam := b.camion()
	vieja := posicionCon(1, map[string]string{"en": `"2026-11-01T00:00:00Z"`})
	r := b.bien(
		200,
		chofer,
		"POST",
		"/camiones/"+cam+"/posiciones",
		lote(vieja, `7`, vieja, `{}`),
	)
	var dicho []string
	for _, x := range r["rechazadas"].([]any) {
		m := x.(map[string]any)
		dicho = append(dicho, fmt.Sprint(m["indice"], m["codigo"]))
	}
	if got := strings.Join(dicho, " "); got != "0momento-imposible 1datos-invalidos 2momento-imposible 3datos-invalidos" {
		t.Error(got)
	}
	if u := r["ultima"].(map[string]any); u["secuencia"] != 0.0 || u["lat"] != -34.6 ||
		u["lon"] != -58.43 {
		t.Errorf("last seen: %v", u)
	}
}

// A place in Africa five seconds later is kept with its mark and not shown.
func TestAJumpIsListedWithItsMark(t *testing.T) {
	b := nuevoBanco(t)
	_, cam := b.camion()
	en := func(segundos int) string {
		return `"` + ahora.Add(time.Duration(segundos)*time.Second).Format(time.RFC3339) + `"`
	}
	r := b.bien(200, gestor, "POST", "/camiones/"+cam+"/posiciones", lote(
		posicionCon(2, map[string]string{"en": en(-5), "lat": "10.0", "lon": "3.0"}),
		posicionCon(1, map[string]string{"en": en(-10)}),
		posicionCon(3, map[string]string{"en": en(-3), "precision_metros": "201"}),
		posicionCon(4, map[string]string{"en": en(-2), "velocidad_kmh": "151"})))
	if u := r["ultima"].(map[string]any); r["nuevas"] != 4.0 || u["secuencia"] != 1.0 ||
		u["marca"] != nil {
		t.Errorf("%v", r)
	}
	var marcas []any
	for _, x := range b.bien(200, gestor, "GET", "/camiones/"+cam+"/posiciones", "")["datos"].([]any) {
		marcas = append(marcas, x.(map[string]any)["marca"])
	}
	if got := fmt.Sprint(marcas); got != "[veloz imprecisa salto <nil>]" {
		t.Error(got)
	}
}
