package ajustes_test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"despensa/configs"
	"despensa/internal/ajustes"
	"despensa/platform/config"
	"despensa/pruebas/kit"
)

// deVerdad are the settings of a company that is ready for production.
func deVerdad(maestra string) map[string]string {
	return map[string]string{
		"env":                     "produccion",
		"http.url":                "https://pedidos.lahuerta.com.ar",
		"http.proxies":            "10.0.0.0/8,fc00::/7,127.0.0.1",
		"http.cors":               "https://tienda.lahuerta.com.ar",
		"oidc.emisor":             "https://lahuerta.us.auth0.com/",
		"oidc.audiencia":          "https://pedidos.lahuerta.com.ar/api",
		"oidc.cliente":            "wRk0qZ7n5T2b",
		"oidc.secreto":            "mC9xV-2uLq_8bTz4RkW0",
		"sesion.clave":            "q7Jm2Zx0Lr9TnV4cHs8KdY1wFb6GpE3u",
		"mercadopago.url":         "https://api.mercadopago.com",
		"mercadopago.token":       "APP_USR-7241-0b9e2f6c4d",
		"mercadopago.secreto":     "f3a91c07de5b8264",
		"clientes.claves":         maestra,
		"clientes.postgres":       "postgres://clientes:Zr8vQ1@base.lahuerta.internal/despensa",
		"pagos.postgres":          "postgres://pagos@10.0.0.7/despensa",
		"rutas.postgres":          "host=base user=rutas",
		"pedidos.mongodb":         "mongodb://a:Kp4@uno:27017,dos:27017/pedidos?replicaSet=rs0",
		"auditoria.elasticsearch": "https://rastro:Wq5tL0@busca.lahuerta.internal:9200",
	}
}

// entornoDe gives settings as variables.
func entornoDe(ajustes map[string]string) (out []string) {
	for clave, valor := range ajustes {
		out = append(out, config.Variable(clave)+"="+valor)
	}
	return out
}

// Every value that produccion refuses is named by its key, and shown nowhere.
func TestProduccionRefuses(t *testing.T) {
	t.Setenv("DESPENSA_CONFIG", "")
	maestra := kit.MasterKey(t)
	if _, err := ajustes.Leer(entornoDe(deVerdad(maestra))); err != nil {
		t.Fatalf("a company that is ready: %v", err)
	}
	casos := map[string]map[string]ajustes.Queja{
		"http.url": {
			"":                               ajustes.Falta,
			"http://pedidos.lahuerta.com.ar": ajustes.SinCifrar,
			"https://localhost:8080":         ajustes.DeLaMaquina,
			"https://127.0.0.1":              ajustes.DeLaMaquina,
			"https://[::1]:8443":             ajustes.DeLaMaquina,
			"https://0.0.0.0":                ajustes.DeLaMaquina,
			"https://x.localhost":            ajustes.DeLaMaquina,
			"https://pedidos.example.com":    ajustes.DeEjemplo,
		},
		"http.proxies": {
			"0.0.0.0/0":               ajustes.Cualquiera,
			"::/0":                    ajustes.Cualquiera,
			"10.0.0.0/8,128.0.0.0/1":  ajustes.Cualquiera,
			"2000::/3":                ajustes.Cualquiera,
			"proxy.lahuerta.internal": "networks such as",
		},
		"http.cors": {
			"*":                               "origins such as",
			"http://tienda.lahuerta.com.ar":   ajustes.SinCifrar,
			"https://localhost:3000":          ajustes.DeLaMaquina,
			"https://tienda.example.com":      ajustes.DeEjemplo,
			"https://pedidos.lahuerta.com.ar": "this server's own origin",
		},
		"oidc.emisor": {
			"":                                ajustes.Falta,
			"http://localhost:8081/dev/oidc/": ajustes.DeSuplente,
			"https://huerta.com.ar/dev/oidc/": ajustes.DeSuplente,
			"https://huerta.com.ar/dev/oidc":  ajustes.DeSuplente,
			"http://lahuerta.us.auth0.com/":   ajustes.SinCifrar,
			"https://127.0.0.1:8443/":         ajustes.DeLaMaquina,
			"https://auth.example.com/":       ajustes.DeEjemplo,
		},
		"oidc.audiencia": {
			"":                                "missing",
			"https://api.despensa.local":      ajustes.DeEjemplo,
			"https://pedidos.example.com/api": ajustes.DeEjemplo,
		},
		"oidc.cliente": {
			"":                    ajustes.Falta,
			"despensa-web":        ajustes.DeEjemplo,
			"id-de-la-aplicacion": ajustes.DeEjemplo,
		},
		"oidc.secreto": {
			"despensa-web":           ajustes.DeSuplente,
			"despensa":               ajustes.DeSuplente,
			"corto-Xy7":              ajustes.Adivinable,
			"solo-local-web-1234567": ajustes.DeEjemplo,
		},
		"sesion.clave": {
			"":                                     ajustes.Falta,
			"corta":                                "each key needs",
			"solo-local-0123456789abcdefghijkl":    ajustes.DeEjemplo,
			"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": ajustes.Adivinable,
			"q7Jm2Zx0q7Jm2Zx0q7Jm2Zx0q7Jm2Zx0":     ajustes.Adivinable,
			"abcdefghijklmnopqrstuvwxyz0123456789": ajustes.Adivinable,
			"clave-de-ejemplo-con-mas-de-32-bytes": ajustes.DeEjemplo,
			"q7Jm2Zx0Lr9TnV4cHs8KdY1wFb6GpE3u,aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": ajustes.Adivinable,
		},
		"mercadopago.url": {
			"":                                       ajustes.Falta,
			"http://api.mercadopago.com":             ajustes.SinCifrar,
			"https://huerta.com.ar/dev/mercadopago":  ajustes.DeSuplente,
			"http://localhost:8081/dev/mercadopago/": ajustes.DeSuplente,
			"https://localhost:8443":                 ajustes.DeLaMaquina,
		},
		"mercadopago.token": {
			"":                     ajustes.Falta,
			"TEST-despensa":        ajustes.DeSuplente,
			"TEST-7241-0b9e2f6c4d": ajustes.DeSuplente,
			"APP_USR-1":            ajustes.Adivinable,
		},
		"mercadopago.secreto": {
			"":                   ajustes.Falta,
			"secreto-de-prueba":  ajustes.DeSuplente,
			"cambiame-por-favor": ajustes.DeEjemplo,
			"abc":                ajustes.Adivinable,
		},
		"clientes.claves": {
			"":                     ajustes.Falta,
			"bm8gZXMgdW5hIGNsYXZl": "base64 of a JSON object",
		},
		"clientes.postgres": {
			"": ajustes.Falta,
			"postgres://clientes:solo-local-clientes@base/despensa": ajustes.DeEjemplo,
			"postgres://u@db.example.com/x":                         ajustes.DeEjemplo,
		},
		"pagos.postgres": {
			"":                                    ajustes.Falta,
			"host=base password=solo-local-pagos": ajustes.DeEjemplo,
		},
		"rutas.postgres": {
			"": ajustes.Falta,
			"postgres://rutas:changeme@base/despensa": ajustes.DeEjemplo,
		},
		"auditoria.elasticsearch": {
			"":                               ajustes.Falta,
			"http://a:solo-local@busca:9200": ajustes.DeEjemplo,
			"https://busca.example.com":      ajustes.DeEjemplo,
		},
		"pedidos.mongodb": {
			"":                                   ajustes.Falta,
			"mongodb://a:solo-local@uno/pedidos": ajustes.DeEjemplo,
			"mongodb://a:b@uno:1,dos.example.org:2/pedidos": ajustes.DeEjemplo,
		},
	}
	for clave, valores := range disfrazados() {
		for valor, quiere := range valores {
			casos[clave][valor] = quiere
		}
	}
	for clave, valores := range casos {
		for valor, quiere := range valores {
			puestos := deVerdad(maestra)
			puestos[clave] = valor
			_, err := ajustes.Leer(entornoDe(puestos))
			if err == nil || !strings.Contains(err.Error(), clave+": "+string(quiere)) {
				t.Errorf("%s=%q: %v, want %q", clave, valor, err, quiere)
			} else if valor != "" && strings.Contains(err.Error(), valor) || strings.Count(err.Error(), "\n") > 0 {
				t.Errorf("%s: the value is shown, or more than this one is said: %v", clave, err)
			}
		}
	}
}

// disfrazados are values that production refuses in spite of an unusual spelling.
func disfrazados() map[string]map[string]ajustes.Queja {
	out := map[string]map[string]ajustes.Queja{
		"http.url":          {},
		"oidc.emisor":       {},
		"mercadopago.url":   {},
		"mercadopago.token": {},
	}
	for _, host := range []string{
		"LOCALHOST", "localhost.", "127.1", "0x7f.1", "2130706433", "[::]", "[::ffff:127.0.0.1]", "0", "X.LocalHost",
		"ｌｏｃａｌｈｏｓｔ", "127。0。0。1", "①②7.0.0.1",
	} {
		out["http.url"]["https://"+host] = ajustes.DeLaMaquina
		out["oidc.emisor"]["https://"+host+":8443/"] = ajustes.DeLaMaquina
		out["mercadopago.url"]["https://"+host] = ajustes.DeLaMaquina
	}
	for _, ruta := range []string{
		"/dev/oidc//", "//dev//oidc/", "/DEV/oidc", "/x/../dev/oidc/", "/dev/oidc/.", "/dev%2Foidc/",
	} {
		out["oidc.emisor"]["https://huerta.com.ar"+ruta] = ajustes.DeSuplente
		deLaPasarela := strings.ReplaceAll(strings.ToLower(ruta), "oidc", "mercadopago")
		out["mercadopago.url"]["https://huerta.com.ar"+deLaPasarela] = ajustes.DeSuplente
	}
	out["http.url"]["https://PEDIDOS.EXAMPLE.COM."] = ajustes.DeEjemplo
	out["http.url"]["https://pedidos.huerta.com.ar/tienda"] = "no path"
	for _, token := range []string{
		"test-7241-0b9e2f6c4d", "Test-7241-0b9e2f6c4d", " TEST-7241-0b9e2f6c4d", "TEST_7241-0b9e2f6c4d", "test-despensa",
		"'TEST-7241-0b9e2f6c4d'", "\"TEST-7241-0b9e2f6c4d\"", "\ufeffTEST-7241-0b9e2f6c4d", "Bearer TEST-7241-0b9e2f6c4d",
	} {
		out["mercadopago.token"][token] = ajustes.DeSuplente
	}
	out["oidc.audiencia"] = map[string]ajustes.Queja{
		"\u00a0":                      ajustes.Falta,
		"https://API.despensa.local/": ajustes.DeEjemplo,
	}
	out["oidc.cliente"] = map[string]ajustes.Queja{
		"\u00a0":        ajustes.Falta,
		"Despensa-Web ": ajustes.DeEjemplo,
	}
	const sinUsuario = "an absolute http or https URL without user"
	out["mercadopago.url"]["https://u:Zr8vQ1@api.mercadopago.com"] = sinUsuario
	out["mercadopago.url"]["https://api.mercadopago.com?access_token=Zr8vQ1"] = sinUsuario
	for clave, plantilla := range map[string]string{
		"clientes.postgres":       "postgres://U:C@base/despensa",
		"pagos.postgres":          "host=base user=U password='C'",
		"rutas.postgres":          "postgres://base/despensa?user=U&password=C",
		"pedidos.mongodb":         "mongodb://U:C@uno:27017,dos:27017/pedidos",
		"auditoria.elasticsearch": "http://U:C@busca.lahuerta.internal:9200",
	} {
		out[clave] = map[string]ajustes.Queja{}
		for _, x := range [][2]string{
			{"postgres", "postgres"}, {"elastic", "elastic"}, {"rastro", "password"},
			{"rastro", "Rastro123"}, {"root", "root"},
			{"rastro", "12345678"},
		} {
			out[clave][strings.NewReplacer("U", x[0], "C", x[1]).Replace(plantilla)] = ajustes.Adivinable
		}
	}
	out["clientes.postgres"]["postgres://rastro:postgres%20@base/despensa"] = ajustes.Adivinable
	out["auditoria.elasticsearch"]["http://rastro:Wq5tL0@busca.lahuerta.internal:9200"] = ajustes.SinCifrar
	out["auditoria.elasticsearch"]["http://busca:9200"] = ajustes.SinCifrar
	for _, clave := range []string{"oidc.secreto", "mercadopago.secreto", "mercadopago.token"} {
		if out[clave] == nil {
			out[clave] = map[string]ajustes.Queja{}
		}
		for _, v := range []string{"Password12345678", "P4ssw0rd12345678", "Verano2026202612", "qwertyuiop123456"} {
			out[clave][v] = ajustes.Adivinable
		}
	}
	out["sesion.clave"] = map[string]ajustes.Queja{
		"PasswordPasswordPassword12345678":     ajustes.Adivinable,
		"MiClaveSecreta2026MiClaveSecreta2026": ajustes.Adivinable,
	}
	return out
}

// A store beside the program is asked over plain http, whatever its password.
func TestProduccionTakes(t *testing.T) {
	t.Setenv("DESPENSA_CONFIG", "")
	maestra := kit.MasterKey(t)
	for clave, valor := range map[string]string{
		"auditoria.elasticsearch": "http://rastro:Wq5tL0@127.0.0.1:9200",
		"clientes.postgres":       "postgres://clientes@localhost/despensa",
		"mercadopago.url":         "https://api.mercadopago.com/",
		"oidc.emisor":             "https://huerta.com.ar/dev/oidc/realms/huerta",
	} {
		puestos := deVerdad(maestra)
		puestos[clave] = valor
		if _, err := ajustes.Leer(entornoDe(puestos)); err != nil {
			t.Errorf("%s=%s: %v", clave, valor, err)
		}
	}
}

// One error names every missing setting. The example file is refused until its values are filled in.
func TestProduccionNamesAllAtOnce(t *testing.T) {
	ejemplo, err := os.ReadFile("../../configs/produccion.ejemplo.yaml")
	if err != nil {
		t.Fatal(err)
	}
	claves := slices.DeleteFunc(slices.Collect(maps.Keys(deVerdad(""))), func(k string) bool {
		// Optional in production.
		return slices.Contains([]string{"env", "http.proxies", "http.cors", "oidc.secreto"}, k)
	})
	for nombre, x := range map[string]struct {
		capas   [][]byte
		entorno []string
		salvo   string
	}{
		"nothing but env": {capas: [][]byte{configs.Defecto()}, entorno: []string{"DESPENSA_ENV=produccion"}},
		// mercadopago.url of the example file is right as it is.
		"the example file": {capas: [][]byte{configs.Defecto(), ejemplo}, salvo: "mercadopago.url"},
	} {
		var c ajustes.Configuracion
		if err := config.Load(&c, x.capas, x.entorno); err != nil {
			t.Fatal(err)
		}
		err := c.Validar()
		for _, clave := range claves {
			if clave != x.salvo && (err == nil || !strings.Contains(err.Error(), clave+": ")) {
				t.Errorf("%s: %s is not named: %v", nombre, clave, err)
			}
		}
	}
}
