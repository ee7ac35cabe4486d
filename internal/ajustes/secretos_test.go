package ajustes

import (
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"math/rand/v2"
	"strings"
	"testing"
)

// At most tope of 2,000 random secrets of each kind are called regular.
func TestRandomSecretsPass(t *testing.T) {
	for _, v := range []string{"0c9d41f7a2e85b36", "f3a91c07de5b8264", "Zk3vQ9xT1mB7wLr5",
		"9b1deb4d3b7d4bad9bdd2b0d7b3dcb6d"} {
		if regular(v) {
			t.Errorf("%s is called regular", v)
		}
	}
	azar := rand.NewChaCha8([32]byte{7})
	const veces = 2_000
	for nombre, x := range map[string]struct {
		bytes int
		como  func([]byte) string
		tope  int // how many of veces may be called regular
	}{
		"16 hexadecimal digits": {bytes: 8, como: hex.EncodeToString, tope: 4},
		"32 hexadecimal digits": {bytes: 16, como: hex.EncodeToString, tope: 0},
		"16 of base 64":         {bytes: 12, como: base64.RawURLEncoding.EncodeToString, tope: 1},
		"32 of base 64":         {bytes: 24, como: base64.StdEncoding.EncodeToString, tope: 0},
		"26 of base 32":         {bytes: 16, como: base32.StdEncoding.EncodeToString, tope: 0},
	} {
		malas := 0
		for range veces {
			b := make([]byte, x.bytes)
			_, _ = azar.Read(b) // never fails
			if regular(x.como(b)) {
				malas++
			}
		}
		if malas > x.tope {
			t.Errorf("%s: %d of %d are called regular", nombre, malas, veces)
		}
	}
}

// Secrets that people make up are called regular, however long they are.
func TestSecretsThatPeopleMakeUp(t *testing.T) {
	for _, v := range []string{
		"Password12345678", "password12345678", "PASSWORD87654321", "P@ssw0rd12345678", "Passw0rd!Passw0rd!",
		"12345678Password", "Contraseña12345678", "Contrasena2026!!", "MiClaveSecreta2026", "SecretoSecreto2026",
		"Qwerty1234567890", "qwertyuiopasdfgh", "1q2w3e4r5t6y7u8i", "1qaz2wsx3edc4rfv", "abcdefgh12345678",
		"abcd1234abcd1234", "aaaabbbbccccdddd", "AdminAdmin123456", "Despensa20262026", "Argentina-2026-2026",
		"Huerta2026202612", "LaHuerta12345678", "lahuertaorganica2026", "Verano2026Verano2027", "0123456789abcdef",
		"fedcba9876543210", "1111222233334444", "changeThisSecret1", "SuperSecretPassword1", "administrator-2026",
		"clave-maestra-2026", "!!!!Password!!!!", "Password-Password-1", "12344321123443211", "despensa-despensa-despensa",
		"qwertyQWERTY123456", "Password1Password2Password3Password4",
	} {
		if !regular(v) {
			t.Errorf("%s passes", v)
		}
	}
	if strings.Contains(strings.Join(palabras, " "), "  ") {
		t.Error("an empty word is in every secret")
	}
}

func TestDefaultPasswords(t *testing.T) {
	for _, x := range []struct {
		usuario, clave string
		mal            bool
	}{
		{usuario: "postgres", clave: "postgres", mal: true},
		{usuario: "Postgres", clave: "POSTGRES", mal: true},
		{usuario: "postgres", clave: "postgres1", mal: true},
		{usuario: "postgres", clave: "postgres2026!", mal: true},
		{usuario: "pagos", clave: "sergtsop"},
		{usuario: "pagos", clave: "sogap", mal: true},
		{usuario: "pagos", clave: "pagospagos", mal: true},
		{usuario: "elastic", clave: "elastic", mal: true},
		{usuario: "elastic", clave: "changeme"},
		{usuario: "rastro", clave: "elastic", mal: true},
		{usuario: "u", clave: "password", mal: true},
		{usuario: "u", clave: "P4ssw0rd", mal: true},
		{usuario: "u", clave: "123456", mal: true},
		{usuario: "u", clave: "aaaaaa", mal: true},
		{usuario: "root", clave: "example", mal: true},
		{usuario: "u", clave: "admin123", mal: true},
		{usuario: "", clave: "secret", mal: true},
		{usuario: "u", clave: "!!", mal: true},
		{usuario: "clientes", clave: "Zr8vQ1"},
		{usuario: "a", clave: "Kp4"},
		{usuario: "rastro", clave: "Wq5tL0"},
	} {
		if got := deFabrica(x.usuario, x.clave); got != x.mal {
			t.Errorf("%s:%s is a default: %v", x.usuario, x.clave, got)
		}
	}
}

func TestAddressesOfStores(t *testing.T) {
	for direccion, quiero := range map[string]direccionDeBase{
		"postgres://u:c@h:1/b": {esquema: "postgres", usuario: "u", clave: "c", hosts: []string{"h"}},
		"postgresql://u:c%40d@[::1]:5432/b": {esquema: "postgresql", usuario: "u", clave: "c@d",
			hosts: []string{"[::1]"}},
		"postgres:///b?host=h&user=u&password=c": {esquema: "postgres", usuario: "u", clave: "c",
			hosts: []string{"", "h"}},
		"mongodb://u:c@uno:1,dos:2/p?replicaSet=r": {esquema: "mongodb", usuario: "u", clave: "c",
			hosts: []string{"uno", "dos"}},
		"mongodb+srv://u:c@h.x/p": {esquema: "mongodb+srv", usuario: "u", clave: "c",
			hosts: []string{"h.x"}},
		"http://u:c/d@h:9200":                        {esquema: "http", usuario: "u", clave: "c/d", hosts: []string{"h"}},
		"https://h":                                  {esquema: "https", hosts: []string{"h"}},
		"host=h user=u password=c":                   {usuario: "u", clave: "c", hosts: []string{"h"}},
		`host='h' user = u password='c d\'e' port=1`: {usuario: "u", clave: "c d'e", hosts: []string{"h"}},
		"host=uno,dos user=u":                        {usuario: "u", hosts: []string{"uno", "dos"}},
		"nada":                                       {},
	} {
		a := leerBase(direccion)
		if a.esquema != quiero.esquema || a.usuario != quiero.usuario ||
			a.clave != quiero.clave ||
			strings.Join(a.hosts, ",") != strings.Join(quiero.hosts, ",") {
			t.Errorf("%s: %+v", direccion, a)
		}
	}
}

func TestThisMachine(t *testing.T) {
	for host, quiero := range map[string]bool{
		"localhost": true, "LOCALHOST": true, "LocalHost.": true, "x.LOCALHOST": true, "localhost.localdomain": true,
		"ip6-localhost": true,
		"127.0.0.1":     true, "127.0.0.1.": true, "127.1": true, "127.255.1.2": true, "0x7f.1": true, "0177.0.0.1": true,
		"2130706433": true, "0x7f000001": true,
		"0": true, "0.0.0.0": true, "0.1.2.3": true, "::1": true, "[::1]": true, "::": true, "::ffff:127.0.0.1": true,
		"0:0:0:0:0:0:0:1": true, "::1%lo": true,
		"10.0.0.7": false, "huerta.com.ar": false, "localhost.com.ar": false, "1.127": false, "::2": false,
		"1270.0.0.1": false, "": false,
		"127.0.0.1.example.com": false, "7f.1": false,
	} {
		if got := DeEstaMaquina(host); got != quiero {
			t.Errorf("%q is this machine: %v", host, got)
		}
	}
}
