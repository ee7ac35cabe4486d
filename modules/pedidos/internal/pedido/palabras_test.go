package pedido

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

// dichos is an order in which every Motivo and Rechazo of a person is "palabras".
func dichos() *Pedido {
	return &Pedido{
		Motivo:       "palabras",
		Nota:         &Nota{Motivo: "palabras"},
		Intentos:     []Intento{{Motivo: "palabras"}, {Motivo: "palabras"}},
		Reembolsos:   []Reembolso{{ID: "r", Motivo: "palabras"}},
		Devoluciones: []Devolucion{{ID: "d", Motivo: "palabras", Rechazo: "palabras"}},
	}
}

// TestPalabrasReachesEveryPlace: Palabras reaches every place of an order with the name of a reason, but for the codes
// of events and of refused refunds.
func TestPalabrasReachesEveryPlace(t *testing.T) {
	p := dichos()
	ps := p.Palabras()
	for _, x := range ps {
		if *x.Texto != "palabras" || x.Lugar == "" {
			t.Errorf("%q at %q", *x.Texto, x.Lugar)
		}
		*x.Texto = ""
	}
	if len(ps) != 7 {
		t.Errorf("%d places", len(ps))
	}
	if !reflect.DeepEqual(p.Palabras()[0].Texto, &p.Motivo) ||
		p.Devoluciones[0].Rechazo != "" ||
		p.Nota.Motivo != "" {
		t.Errorf("what is written to a place is not in the order: %+v", p)
	}
	var faltan []string
	lugares(reflect.TypeFor[Pedido](), "Pedido", func(sitio string) {
		switch sitio {
		case "Pedido.Motivo",
			"Nota.Motivo",
			"Intento.Motivo",
			"Reembolso.Motivo",
			"Devolucion.Motivo",
			"Devolucion.Rechazo":
		case "Reembolso.Rechazo", "Evento.Motivo": // codes
		default:
			faltan = append(faltan, sitio)
		}
	})
	if len(faltan) > 0 {
		t.Errorf("are these codes, or somebody's words? %v", faltan)
	}
}

// lugares calls dice with each member of t, and of the structs in t, that is named Motivo, Rechazo, Notas or
// Comentario.
func lugares(t reflect.Type, nombre string, dice func(string)) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice:
		lugares(t.Elem(), t.Elem().Name(), dice)
	case reflect.Struct:
		if t == reflect.TypeFor[time.Time]() {
			return
		}
		for f := range t.NumField() {
			c := t.Field(f)
			if c.Type.Kind() == reflect.String &&
				strings.Contains("Motivo Rechazo Notas Comentario", c.Name) {
				dice(nombre + "." + c.Name)
			}
			lugares(c.Type, c.Type.Name(), dice)
		}
	}
}

// TestCopia: words that are written to a copy are not in the order.
func TestCopia(t *testing.T) {
	p := dichos()
	for _, x := range p.Copia().Palabras() {
		*x.Texto = "otras"
	}
	if !reflect.DeepEqual(p, dichos()) {
		t.Errorf("the order has changed: %+v", p)
	}
}
