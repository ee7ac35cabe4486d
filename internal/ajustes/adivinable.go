package ajustes

import (
	"regexp"
	"slices"
	"strings"
)

// palabras are words, in small letters, that are common in secrets and passwords, and default passwords of software.
var palabras = []string{
	"contrasenia", "contrasena", "contraseña", "password", "passwort", "passwd", "passphrase", "pass", "clave", "claves",
	"secreto", "secreta", "secret", "token", "segura", "seguro", "segundo", "administrador", "administrator",
	"administracion", "admin", "root", "usuario", "user", "invitado", "guest", "default", "defecto", "prueba", "testing",
	"test", "demo", "ejemplo", "example", "sample", "temporal", "temp", "desarrollo", "develop", "produccion",
	"production", "docker", "postgresql", "postgres", "elasticsearch", "elastic", "mongodb", "mongo", "mercadopago",
	"mercado", "pago", "despensa", "pedidos", "pedido", "clientes", "cliente", "rutas", "ruta", "pagos", "auditoria",
	"sesion", "session", "cookie", "master", "maestra", "maestro", "server", "servidor", "database", "base", "datos",
	"data", "empresa", "company", "argentina", "buenosaires", "cordoba", "rosario", "mendoza", "boca", "river", "messi",
	"maradona", "futbol", "football", "verano", "invierno", "otonio", "primavera", "summer",
	"winter", "spring", "autumn",
	"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
	"diciembre", "lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo", "welcome", "bienvenido",
	"letmein", "dragon", "monkey", "iloveyou", "teamo", "hola", "hello", "mundo", "world", "sunshine", "princess",
	"princesa", "superman", "batman", "cambiar", "cambiame", "change", "this", "please", "here", "key", "llave", "super",
	"ultra", "nuestra", "nuestro", "larga", "largo", "casa", "mi", "my", "la", "el", "una", "de",
}

// teclas are rows of keys, along which fingers run.
var teclas = []string{
	"qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "azertyuiop",
	"1qaz2wsx3edc4rfv5tgb6yhn7ujm", "q1w2e3r4t5y6u7i8o9p0", "1q2w3e4r5t6y7u8i9o0p",
}

// parecidas turns digits and signs that stand for letters into those letters.
var parecidas = strings.NewReplacer(
	"0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i",
)

// azarMin is how many characters of a secret must be part of no word, run or repetition: ten characters of sixteen
// kinds are 40 bits, and each of the secrets here guards a door that answers over a network.
const azarMin = 10

// miradoMax is how many bytes of a secret are examined.
const miradoMax = 512

// regular reports whether a secret was not drawn at random: few different bytes, one piece repeated, runs such as
// 0123, aaaa and qwerty, words, a word before a number. About one in four thousand random secrets of 16 hexadecimal
// digits is refused by mistake, and none in many thousands of longer ones; another draw passes.
func regular(v string) bool {
	v = v[:min(len(v), miradoMax)]
	distintos := map[rune]bool{}
	for _, r := range v {
		distintos[r] = true
	}
	return len(distintos) < 6 || periodico(v) || len(sinCorridas(v)) < azarMin ||
		len(sinPalabras(v)) < azarMin ||
		palabraYNumero(v)
}

// periodico reports whether v is one piece, repeated.
func periodico(v string) bool {
	for n := 1; n <= len(v)/2; n++ {
		if strings.HasPrefix(v, v[n:]) {
			return true
		}
	}
	return false
}

// sinPalabras is v without words, in capitals or with digits for letters too, and then without runs.
func sinPalabras(v string) string {
	v = strings.ToLower(v)
	letras := parecidas.Replace(v)
	// The bytes of v to drop; parecidas replaces one byte by one byte.
	quitar := make([]bool, len(v))
	for _, p := range palabras {
		if len(p) < 4 {
			continue // random texts contain words of three letters and fewer
		}
		for desde := 0; ; {
			i := strings.Index(letras[desde:], p)
			if i < 0 {
				break
			}
			for j := range len(p) {
				quitar[desde+i+j] = true
			}
			desde += i + 1
		}
	}
	var b strings.Builder
	for i := range len(v) {
		if !quitar[i] {
			b.WriteByte(v[i])
		}
	}
	return sinCorridas(b.String())
}

// sinCorridas is v in small letters and without signs. Each run of three bytes and more (up, down, the same, or along
// a row of keys) is cut to its first byte, and so is each piece of four bytes and more that v has before.
func sinCorridas(v string) string {
	v = strings.ToLower(v)
	var b strings.Builder
	for i := 0; i < len(v); {
		n := max(corrida(v[i:]), repetida(b.String(), v[i:]))
		if n < 3 {
			n = 1
		}
		if v[i] >= 0x80 || v[i] >= '0' && v[i] <= '9' || v[i] >= 'a' && v[i] <= 'z' {
			b.WriteByte(v[i])
		}
		i += n
	}
	return b.String()
}

// corrida is the length of the run at the beginning of v.
func corrida(v string) (n int) {
	for paso := -1; paso <= 1; paso++ {
		largo := 1
		for largo < len(v) && int(v[largo])-int(v[largo-1]) == paso {
			largo++
		}
		n = max(n, largo)
	}
	for _, fila := range teclas {
		largo := 0
		for largo < len(v) && strings.Contains(fila, v[:largo+1]) {
			largo++
		}
		n = max(n, largo)
	}
	return n
}

// repetida is the length of the piece at the beginning of v that antes has too; 0 below four bytes.
func repetida(antes, v string) (n int) {
	for n < len(v) && strings.Contains(antes, v[:n+1]) {
		n++
	}
	if n < 4 {
		return 0
	}
	return n
}

// soloPalabraYNumero matches letters and then a number, the first letter perhaps a capital. A hexadecimal number may
// match it by chance.
var (
	soloPalabraYNumero = regexp.MustCompile(
		`^\p{Lu}?(\p{Ll}{4,}|\p{Lu}{3,})[^\pL\pN]*\pN{3,}[^\pL\pN]*$`,
	)
	hexadecimal = regexp.MustCompile(`^[0-9a-fA-F]+$`)
)

func palabraYNumero(v string) bool {
	return soloPalabraYNumero.MatchString(v) && !hexadecimal.MatchString(v)
}

// deFabrica reports whether the password of a store follows from its software or its user: the user's name, also with
// a number or backwards, or one of the words that attackers try first.
func deFabrica(usuario, clave string) bool {
	clave = strings.ToLower(strings.TrimSpace(clave))
	nucleo := strings.TrimFunc(
		parecidas.Replace(strings.TrimRight(clave, "0123456789!.-_*#$@")),
		func(r rune) bool { return strings.ContainsRune("-_.!", r) },
	)
	usuario = strings.ToLower(usuario)
	atras := []byte(usuario)
	slices.Reverse(atras)
	return nucleo == "" || usuario != "" &&
		(clave == usuario || nucleo == usuario || clave == string(atras) || clave == usuario+usuario) ||
		slices.Contains(palabras, nucleo) || len(sinCorridas(clave)) < 2
}
