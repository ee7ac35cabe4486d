package main

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"despensa/configs"
	"despensa/platform/config"
)

// deVerdad are the settings of a company that is ready for production.
func deVerdad(maestra string) map[string]string {
	return map[string]string{
		"env": "produccion", "http.url": "https://pedidos.lahuerta.com.ar",
		"oidc.emisor": "https://lahuerta.us.auth0.com/", "oidc.audiencia": "https://pedidos.lahuerta.com.ar/api",
		"oidc.cliente": "wRk0qZ7n5T2b", "oidc.secreto": "mC9xV-2uLq_8bTz4RkW0",
		"sesion.clave":    "q7Jm2Zx0Lr9TnV4cHs8KdY1wFb6GpE3u",
		"mercadopago.url": "https://api.mercadopago.com", "mercadopago.token": "APP_USR-7241-0b9e2f6c4d", "mercadopago.secreto": "f3a91c07de5b8264",
		"clientes.claves":   maestra,
		"clientes.postgres": "postgres://clientes:Zr8vQ1@base.lahuerta.internal/despensa", "pagos.postgres": "postgres://pagos@10.0.0.7/despensa",
		"rutas.postgres": "host=base user=rutas", "pedidos.mongodb": "mongodb://a:Kp4@uno:27017,dos:27017/pedidos?replicaSet=rs0",
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
	maestra := clavesDePrueba(t)
	if _, err := leerConfiguracion(entornoDe(deVerdad(maestra))); err != nil {
		t.Fatalf("a company that is ready: %v", err)
	}
	casos := map[string]map[string]queja{
		"http.url": {"": falta, "http://pedidos.lahuerta.com.ar": sinCifrar, "https://localhost:8080": deLaMaquina, "https://127.0.0.1": deLaMaquina,
			"https://[::1]:8443": deLaMaquina, "https://0.0.0.0": deLaMaquina, "https://x.localhost": deLaMaquina, "https://pedidos.example.com": deEjemplo},
		"oidc.emisor": {"": falta, "http://localhost:8081/dev/oidc/": deSuplente, "https://huerta.com.ar/dev/oidc/": deSuplente,
			"https://huerta.com.ar/dev/oidc": deSuplente, "http://lahuerta.us.auth0.com/": sinCifrar, "https://127.0.0.1:8443/": deLaMaquina,
			"https://auth.example.com/": deEjemplo},
		"oidc.audiencia": {"": "missing", "https://api.despensa.local": deEjemplo, "https://pedidos.example.com/api": deEjemplo},
		"oidc.cliente":   {"": falta, "despensa-web": deEjemplo, "id-de-la-aplicacion": deEjemplo},
		"oidc.secreto":   {"despensa-web": deSuplente, "despensa": deSuplente, "corto-Xy7": adivinable, "solo-local-web-1234567": deEjemplo},
		"sesion.clave": {"": falta, "corta": "each key needs", "solo-local-0123456789abcdefghijkl": deEjemplo, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": adivinable,
			"q7Jm2Zx0q7Jm2Zx0q7Jm2Zx0q7Jm2Zx0": adivinable, "abcdefghijklmnopqrstuvwxyz0123456789": adivinable,
			"clave-de-ejemplo-con-mas-de-32-bytes": deEjemplo, "q7Jm2Zx0Lr9TnV4cHs8KdY1wFb6GpE3u,aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": adivinable},
		"mercadopago.url": {"": falta, "http://api.mercadopago.com": sinCifrar, "https://huerta.com.ar/dev/mercadopago": deSuplente,
			"http://localhost:8081/dev/mercadopago/": deSuplente, "https://localhost:8443": deLaMaquina},
		"mercadopago.token":       {"": falta, "TEST-despensa": deSuplente, "TEST-7241-0b9e2f6c4d": deSuplente, "APP_USR-1": adivinable},
		"mercadopago.secreto":     {"": falta, "secreto-de-prueba": deSuplente, "cambiame-por-favor": deEjemplo, "abc": adivinable},
		"clientes.claves":         {"": falta, "bm8gZXMgdW5hIGNsYXZl": "base64 of a JSON object"},
		"clientes.postgres":       {"": falta, "postgres://clientes:solo-local-clientes@base/despensa": deEjemplo, "postgres://u@db.example.com/x": deEjemplo},
		"pagos.postgres":          {"": falta, "host=base password=solo-local-pagos": deEjemplo},
		"rutas.postgres":          {"": falta, "postgres://rutas:changeme@base/despensa": deEjemplo},
		"auditoria.elasticsearch": {"": falta, "http://a:solo-local@busca:9200": deEjemplo, "https://busca.example.com": deEjemplo},
		"pedidos.mongodb":         {"": falta, "mongodb://a:solo-local@uno/pedidos": deEjemplo, "mongodb://a:b@uno:1,dos.example.org:2/pedidos": deEjemplo},
	}
	for clave, valores := range casos {
		for valor, quiere := range valores {
			puestos := deVerdad(maestra)
			puestos[clave] = valor
			_, err := leerConfiguracion(entornoDe(puestos))
			if err == nil || !strings.Contains(err.Error(), clave+": "+string(quiere)) {
				t.Errorf("%s=%q: %v, want %q", clave, valor, err, quiere)
			} else if valor != "" && strings.Contains(err.Error(), valor) || strings.Count(err.Error(), "\n") > 0 {
				t.Errorf("%s: the value is shown, or more than this one is said: %v", clave, err)
			}
		}
	}
}

// One message names everything that is missing; the example file is refused until it is
// filled in.
func TestProduccionNamesAllAtOnce(t *testing.T) {
	ejemplo, err := os.ReadFile("configs/produccion.ejemplo.yaml")
	if err != nil {
		t.Fatal(err)
	}
	claves := slices.DeleteFunc(slices.Collect(maps.Keys(deVerdad(""))), func(k string) bool {
		return k == "env" || k == "oidc.secreto" // a public client has none
	})
	for nombre, x := range map[string]struct {
		capas   [][]byte
		entorno []string
		salvo   string
	}{
		"nothing but env":  {[][]byte{configs.Defecto()}, []string{"DESPENSA_ENV=produccion"}, ""},
		"the example file": {[][]byte{configs.Defecto(), ejemplo}, nil, "mercadopago.url"}, // is everybody's
	} {
		var c Configuracion
		if err := config.Cargar(&c, x.capas, x.entorno); err != nil {
			t.Fatal(err)
		}
		err := c.validar()
		for _, clave := range claves {
			if clave != x.salvo && (err == nil || !strings.Contains(err.Error(), clave+": ")) {
				t.Errorf("%s: %s is not named: %v", nombre, clave, err)
			}
		}
	}
}

// What is drawn by lot is not called regular.
func TestRandomSecretsPass(t *testing.T) {
	for _, v := range []string{"0c9d41f7a2e85b36", "f3a91c07de5b8264", "Zk3vQ9xT1mB7wLr5", "9b1deb4d3b7d4bad9bdd2b0d7b3dcb6d"} {
		if regular(v) {
			t.Errorf("%s is called regular", v)
		}
	}
}
