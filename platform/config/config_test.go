package config

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

type seccion struct {
	Direccion string        `yaml:"direccion"`
	SinCamion time.Duration `yaml:"sin_camion"`
	Limite    int           `yaml:"limite"`
	Si        bool          `yaml:"si"`
}

type prueba struct {
	HTTP  seccion `yaml:"http"`
	Clave Secret  `yaml:"clave"`
	Datos string  `yaml:"datos"`
}

const base = "http: {direccion: a, sin_camion: 30s, limite: 5}\nclave: \"\"\n"

func TestCargar(t *testing.T) {
	archivo := filepath.Join(t.TempDir(), "s")
	if err := os.WriteFile(archivo, []byte("oculto\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	seccionBase := seccion{Direccion: "a", SinCamion: 30 * time.Second, Limite: 5}
	tests := map[string]struct {
		capa    string
		entorno []string
		want    prueba
		falla   string // part of the error; empty: none
	}{
		"defaults": {want: prueba{HTTP: seccionBase}},
		"a file overrides": {capa: "http: {limite: 7}",
			want: prueba{
				HTTP: seccion{Direccion: "a", SinCamion: 30 * time.Second, Limite: 7},
			}},
		"environment wins": {capa: "http: {limite: 7}",
			entorno: []string{
				"DESPENSA_HTTP_LIMITE=9",
				"DESPENSA_HTTP_SIN_CAMION=2m",
				"DESPENSA_HTTP_SI=true",
				"PATH=x",
				"DESPENSA_TEST_X=1",
				"DESPENSA_URL=u",
			},
			want: prueba{
				HTTP: seccion{Direccion: "a", SinCamion: 2 * time.Minute, Limite: 9, Si: true},
			}},
		"a secret's file": {entorno: []string{"DESPENSA_CLAVE_FILE=" + archivo},
			want: prueba{
				HTTP:  seccion{Direccion: "a", SinCamion: 30 * time.Second, Limite: 5},
				Clave: "oculto",
			}},
		"misspelt in file": {capa: "http: {limit: 7}", falla: "limit"},
		"misspelt variable": {
			entorno: []string{"DESPENSA_HTTP_LIMIT=9"},
			falla:   "DESPENSA_HTTP_LIMIT",
		},
		"small letters": {
			entorno: []string{"despensa_http_limite=9"},
			falla:   "capitals: DESPENSA_HTTP_LIMITE",
		},
		"mixed, its file": {
			entorno: []string{"Despensa_Clave_FILE=/no/hay"},
			falla:   "capitals: DESPENSA_CLAVE_FILE",
		},
		"another program's": {
			entorno: []string{"despensa_home=x"},
			want:    prueba{HTTP: seccionBase},
		},
		"wrong type": {
			entorno: []string{"DESPENSA_HTTP_LIMITE=mucho"},
			falla:   "http.limite",
		},
		"wrong duration": {
			entorno: []string{"DESPENSA_HTTP_SIN_CAMION=3"},
			falla:   "http.sin_camion",
		},
		"value and file": {
			entorno: []string{"DESPENSA_CLAVE=x", "DESPENSA_CLAVE_FILE=" + archivo},
			falla:   "both",
		},
		"no such file": {entorno: []string{"DESPENSA_CLAVE_FILE=/no/hay"}, falla: "clave"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var got prueba
			err := Load(&got, [][]byte{[]byte(base), []byte(tt.capa)}, tt.entorno)
			if tt.falla != "" {
				if !errors.Is(err, ErrConfig) || !strings.Contains(err.Error(), tt.falla) {
					t.Fatalf("got %v", err)
				}
				return
			}
			if err != nil || got != tt.want {
				t.Fatalf("%v\n%+v", err, got.HTTP)
			}
		})
	}
}

func TestSecretsAreNeverPrinted(t *testing.T) {
	p := prueba{Clave: "oculto", HTTP: seccion{SinCamion: time.Minute}}
	var b bytes.Buffer
	if err := Print(&b, p); err != nil {
		t.Fatal(err)
	}
	salida := b.String() + fmt.Sprintf("%v %+v %#v %s", p, p, p, p.Clave)
	if strings.Contains(salida, "oculto") || !strings.Contains(b.String(), "clave: '***'") ||
		!strings.Contains(b.String(), "sin_camion: 1m0s") {
		t.Fatalf("printed %s", salida)
	}
}

// TestListsFromTheEnvironment: the members of a list are separated by commas, and an empty variable is an empty list.
func TestListsFromTheEnvironment(t *testing.T) {
	for value, want := range map[string][]string{
		"":                   {},
		" ":                  {},
		"127.0.0.0/8":        {"127.0.0.0/8"},
		"127.0.0.0/8, ::1":   {"127.0.0.0/8", "::1"},
		"127.0.0.0/8,,10::1": {"127.0.0.0/8", "10::1"},

		"[127.0.0.0/8, 10::1]": {"127.0.0.0/8", "10::1"},
		" [ 10::1 ] ":          {"10::1"},
		"[]":                   {},
		"[10::1":               {"[10::1"},
	} {
		var got struct {
			Nets []string `yaml:"nets"`
		}
		if err := Load(&got, [][]byte{[]byte("nets: [x]")}, []string{"DESPENSA_NETS=" + value}); err != nil {
			t.Fatal(err)
		}
		if len(got.Nets) != len(want) ||
			strings.Join(got.Nets, "|") != strings.Join(want, "|") {
			t.Errorf("%q: %q", value, got.Nets)
		}
	}
}
