package config

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

type numeros struct {
	N struct {
		Entero   int           `yaml:"entero"`
		Corto    int8          `yaml:"corto"`
		Decimal  float64       `yaml:"decimal"`
		Logico   bool          `yaml:"logico"`
		Duracion time.Duration `yaml:"duracion"`
		Lista    []string      `yaml:"lista"`
		Texto    string        `yaml:"texto"`
		Clave    Secret        `yaml:"clave"`
	} `yaml:"n"`
}

// leer sets the member campo to texto, by a variable or by a file, and gives its value.
func leer(campo, texto string, porArchivo bool) (any, error) {
	var x numeros
	var err error
	if porArchivo {
		err = Load(&x, [][]byte{[]byte("n:\n  " + campo + ": " + texto)}, nil)
	} else {
		err = Load(&x, nil, []string{"DESPENSA_N_" + strings.ToUpper(campo) + "=" + texto})
	}
	v := reflect.ValueOf(x.N).
		FieldByNameFunc(func(n string) bool { return strings.EqualFold(n, campo) })
	return v.Interface(), err
}

// TestNumbersAreDecimal: numbers are decimal, and read alike from files and variables.
func TestNumbersAreDecimal(t *testing.T) {
	for campo, valores := range map[string]map[string]any{
		"entero": {
			"200": 200, "0200": 200, "000": 0, "007": 7, "08": 8, "-5": -5, "+5": 5, "\"0200\"": 200,
			"0x10": nil, "0X10": nil, "0o17": nil, "0b11": nil, "1_000": nil, "1e3": nil, "5.0": nil, "2,5": nil,
			"mucho": nil, "true": nil, "9223372036854775808": nil, "１２": nil, ".inf": nil, "12:30": nil,
		},
		"corto": {"127": int8(127), "0127": int8(127), "128": nil},
		"decimal": {"1.5": 1.5, "01.5": 1.5, "010": 10.0, "2": 2.0, "0x1p4": nil, "1_000.5": nil, ".nan": nil, ".inf": nil,
			"1e999": nil},
		"duracion": {"30s": 30 * time.Second, "010s": 10 * time.Second, "08h": 8 * time.Hour, "30": nil, "0x10s": nil,
			"1_0s": nil},
		"logico": {"true": true, "off": false, "Yes": true, "1": nil, "si": nil},
	} {
		for texto, quiero := range valores {
			for _, porArchivo := range []bool{false, true} {
				t2 := texto
				if !porArchivo {
					t2 = strings.Trim(texto, "\"")
				}
				v, err := leer(campo, t2, porArchivo)
				if quiero == nil &&
					(!errors.Is(err, ErrConfig) || !strings.Contains(err.Error(), "n."+campo+":")) {
					t.Errorf(
						"%s: %s (file %v) is taken for %v: %v",
						campo,
						t2,
						porArchivo,
						v,
						err,
					)
				}
				if quiero != nil && (err != nil || v != quiero) {
					t.Errorf("%s: %s (file %v): %v %v", campo, t2, porArchivo, v, err)
				}
			}
		}
	}
}

// TestErrorsShowNoPartOfAValue: no error shows a part of a value, because a secret may stand in the place of another
// setting.
func TestErrorsShowNoPartOfAValue(t *testing.T) {
	const secreto = "s3cr3toQuerido"
	archivo := filepath.Join(t.TempDir(), secreto)
	for nombre, row := range map[string]struct{ capa, variable string }{
		"number, variable":     {variable: "DESPENSA_N_ENTERO=" + secreto},
		"duration, variable":   {variable: "DESPENSA_N_DURACION=" + secreto},
		"number, file":         {capa: "n: {entero: " + secreto + "}"},
		"digits first":         {capa: "n: {entero: 12" + secreto + "}"},
		"boolean, file":        {capa: "n: {logico: " + secreto + "}"},
		"decimal, file":        {capa: "n: {decimal: " + secreto + "}"},
		"duration, file":       {capa: "n: {duracion: " + secreto + "}"},
		"a list for one value": {capa: "n: {clave: [" + secreto + "]}"},
		"keys for one value":   {capa: "n: {clave: {a: " + secreto + "}}"},
		"one value for keys":   {capa: "n: " + secreto},
		"nothing else":         {capa: secreto},
		"a list":               {capa: "- " + secreto},
		"an alias":             {capa: "n: {clave: *" + secreto + "}"},
		"a tag":                {capa: "n: {clave: !" + secreto + " a}"},
		"a tag of YAML":        {capa: "n: {clave: !!binary " + secreto + "}"},
		"as a key":             {capa: "n: {" + secreto + ": 1}"},
		"as a key of the file": {capa: "\"" + secreto + "\": 1"},
		"a key that has parts": {capa: "n: {? {" + secreto + ": 1} : 2}"},
		"a broken text":        {capa: "n: {clave: \"" + secreto + "\\q\"}"},
		"no end":               {capa: "n: {clave: \"" + secreto},
		"a directive":          {capa: "%" + secreto + "\nn: {}"},
		"a second document":    {capa: "n: {}\n--- " + secreto},
		"twice":                {capa: "n: {clave: a, clave: " + secreto + "}"},
		"no such file":         {variable: "DESPENSA_N_CLAVE_FILE=" + archivo},
	} {
		var x2 numeros
		err := Load(&x2, [][]byte{[]byte(row.capa)}, []string{row.variable})
		if !errors.Is(err, ErrConfig) {
			t.Errorf("%s: taken: %v", nombre, err)
			continue
		}
		for n := 4; n <= len(secreto); n++ {
			if strings.Contains(strings.ToLower(err.Error()), strings.ToLower(secreto[:n])) {
				t.Errorf("%s: shows %d letters: %v", nombre, n, err)
				break
			}
		}
	}
}

func TestLayers(t *testing.T) {
	for nombre, row := range map[string]struct {
		capa  string
		texto string // n.texto afterwards
		falla string // part of the error; "": none
	}{
		"nothing":                   {texto: "antes"},
		"comments":                  {capa: "# a\n", texto: "antes"},
		"an empty document":         {capa: "---\n", texto: "antes"},
		"an empty section":          {capa: "n:\n", texto: "antes"},
		"no value":                  {capa: "n: {texto: }", texto: "antes"},
		"an empty text":             {capa: "n: {texto: ''}"},
		"a number as text":          {capa: "n: {texto: 0123}", texto: "0123"},
		"a byte order mark":         {capa: "\ufeffn: {texto: a}", texto: "a"},
		"line ends of Windows":      {capa: "n:\r\n  texto: a\r\n", texto: "a"},
		"an alias":                  {capa: "n: {clave: &x secreta, texto: *x}", texto: "secreta"},
		"an end of document":        {capa: "n: {texto: a}\n...\n", texto: "a"},
		"a second document":         {capa: "n: {texto: a}\n---\nn: {texto: b}\n", falla: "second YAML document"},
		"an empty second document":  {capa: "n: {texto: a}\n---\n", falla: "second YAML document"},
		"a second that is not YAML": {capa: "n: {texto: a}\n---\n{", falla: "not YAML"},
		"UTF-16":                    {capa: "\xff\xfen\x00", falla: "UTF-16"},
		"a merge":                   {capa: "n: {<<: {texto: a}}", falla: "merged"},
		"a merge into itself":       {capa: "n: &n {<<: *n}", falla: "merged"},
		"twice":                     {capa: "n: {texto: a, texto: b}", falla: "n.texto: written twice"},
		"a section twice":           {capa: "n: {texto: a}\nn: {texto: b}", falla: "n: written twice"},
		"both wrong are named": {capa: "n: {entero: x, texti: b}",
			falla: "n.entero: a whole number in decimal digits expected (line 1)\nn.texti: no such setting"},
	} {
		var c numeros
		c.N.Texto = "antes"
		err := Load(&c, [][]byte{[]byte(row.capa)}, nil)
		switch {
		case row.falla == "" && (err != nil || c.N.Texto != row.texto):
			t.Errorf("%s: %q %v", nombre, c.N.Texto, err)
		case row.falla != "" && (!errors.Is(err, ErrConfig) || !strings.Contains(err.Error(), row.falla)):
			t.Errorf("%s: %v", nombre, err)
		}
	}
}

// TestFilesOfValues: the file of a secret is read alike from every editor: with and without line ends and byte order
// mark.
func TestFilesOfValues(t *testing.T) {
	for contenido, quiero := range map[string]string{
		"oculto":                    "oculto",
		"oculto\n":                  "oculto",
		"oculto\r\n":                "oculto",
		"\ufeffoculto\r\n":          "oculto",
		"\ufeff":                    "",
		" con blancos ":             " con blancos ",
		"\xff\xfeo\x00":             "!", // UTF-16
		strings.Repeat("a", 70_000): "!",
	} {
		archivo := filepath.Join(t.TempDir(), "s")
		if err := os.WriteFile(archivo, []byte(contenido), 0o600); err != nil {
			t.Fatal(err)
		}
		var c numeros
		err := Load(&c, nil, []string{"DESPENSA_N_CLAVE_FILE=" + archivo})
		if (err != nil) != (quiero == "!") || err == nil && c.N.Clave.Value() != quiero {
			t.Errorf("%.20q: %q %v", contenido, c.N.Clave.Value(), err)
		}
	}
}

func TestLists(t *testing.T) {
	for nombre, row := range map[string]struct {
		capa, variable string
		quiero         []string
		mal            bool
	}{
		"variable":        {variable: "DESPENSA_N_LISTA=a, b,", quiero: []string{"a", "b"}},
		"empty variable":  {variable: "DESPENSA_N_LISTA=", quiero: []string{}},
		"file":            {capa: "n: {lista: [a, 07]}", quiero: []string{"a", "07"}},
		"file, one text":  {capa: "n: {lista: 'a,b'}", quiero: []string{"a", "b"}},
		"file, nested":    {capa: "n: {lista: [a, [b]]}", mal: true},
		"file, a hole":    {capa: "n: {lista: [a, ]}", quiero: []string{"a"}},
		"file, a nothing": {capa: "n: {lista: [a, ~]}", mal: true},
	} {
		var c numeros
		err := Load(&c, [][]byte{[]byte(row.capa)}, []string{row.variable})
		if (err != nil) != row.mal || !row.mal && !reflect.DeepEqual(c.N.Lista, row.quiero) {
			t.Errorf("%s: %q %v", nombre, c.N.Lista, err)
		}
	}
}
