package rest

import (
	"reflect"
	"strings"
	"testing"

	"despensa/modules/rutas/internal/ruteo"
)

// TestAlgorithmsOfTheDocument: the document lists the algorithms that there are.
func TestAlgorithmsOfTheDocument(t *testing.T) {
	campos := map[string]reflect.Type{
		"ID":        reflect.TypeFor[Algoritmo](),
		"Algoritmo": reflect.TypeFor[Ruta](),
	}
	for campo, tipo := range campos {
		f, _ := tipo.FieldByName(campo)
		for _, a := range ruteo.Algoritmos() {
			if !strings.Contains(","+f.Tag.Get("crece")+",", ","+a+",") {
				t.Errorf("%s does not list %s", tipo, a)
			}
		}
	}
}
