package pedido

import (
	"errors"
	"slices"
	"testing"

	"despensa/platform/fault"
)

// TestLaTablaEsSana: no step stands twice for one estado or leads to the estado from which it starts, and Estados lists
// exactly the estados of the table.
func TestLaTablaEsSana(t *testing.T) {
	visto := map[string]bool{}
	aparece := map[Estado]bool{}
	for _, fila := range transiciones {
		aparece[fila.a] = true
		for _, d := range fila.de {
			aparece[d] = true
			if clave := string(fila.paso) + " " + string(d); visto[clave] {
				t.Errorf("%s stands twice in the table", clave)
			} else {
				visto[clave] = true
			}
			if d == fila.a {
				t.Errorf("%s leads from %s to itself", fila.paso, d)
			}
		}
	}
	for _, e := range Estados() {
		if !aparece[e] {
			t.Errorf("%s is in no row", e)
		}
		delete(aparece, e)
	}
	for e := range aparece {
		t.Errorf("%s is in the table and not in Estados", e)
	}
}

func TestTodoEstadoSeAlcanza(t *testing.T) {
	alcanzados := []Estado{Creado}
	for i := 0; i < len(alcanzados); i++ {
		for _, paso := range Permitidos(alcanzados[i]) {
			a, err := siguiente(alcanzados[i], paso)
			if err != nil {
				t.Fatalf("%s from %s is permitted and refused: %v", paso, alcanzados[i], err)
			}
			if !slices.Contains(alcanzados, a) {
				alcanzados = append(alcanzados, a)
			}
		}
	}
	for _, e := range Estados() {
		if !slices.Contains(alcanzados, e) {
			t.Errorf("nothing leads to %s", e)
		}
	}
}

// TestPermitidos: siguiente and Permitidos say the same about every estado and step.
func TestPermitidos(t *testing.T) {
	for _, e := range append(Estados(), "otro") {
		for _, fila := range transiciones {
			a, err := siguiente(e, fila.paso)
			if puede := slices.Contains(Permitidos(e), fila.paso); puede != (err == nil) {
				t.Errorf(
					"%s from %s: permitted %v, but the step says %v",
					fila.paso,
					e,
					puede,
					err,
				)
			}
			if err == nil && a != fila.a || err != nil && a != e {
				t.Errorf("%s from %s leads to %s", fila.paso, e, a)
			}
			if f, ok := fault.As(err); err != nil &&
				(!errors.Is(err, ErrPaso) || !ok || f.Extra["permitidos"] == nil) {
				t.Errorf("%s from %s: %v does not say what is permitted", fila.paso, e, err)
			}
		}
	}
	for e, quiero := range map[Estado][]Paso{
		Creado:    {Preprocesar, Fallar, Cancelar},
		Fallido:   {Reintentar, Rechazar, Cancelar},
		EnReparto: {Entregar, Reprogramar, Devolver},
		Entregado: {Devolver},
		Rechazado: {},
		Cancelado: {},
		Devuelto:  {},
	} {
		if tengo := Permitidos(e); !slices.Equal(tengo, quiero) {
			t.Errorf("from %s: %v, want %v", e, tengo, quiero)
		}
	}
	if _, err := siguiente(Creado, "volar"); !errors.Is(err, ErrPaso) {
		t.Errorf("an unknown step: %v", err)
	}
}

// TestMaquinaEsCopia: a caller that changes the answer of Maquina does not change the machine.
func TestMaquinaEsCopia(t *testing.T) {
	m := Maquina()
	m[0].De[0] = "roto"
	if transiciones[0].de[0] != Creado || len(m) != len(transiciones) {
		t.Errorf("the table can be changed from outside")
	}
}

// TestRasgos: the table of columns has each Estado once. A column agrees with the machine: an intento is over
// exactly in the states from which no step leads but Reintentar, Rechazar and Cancelar.
func TestRasgos(t *testing.T) {
	filas := map[Estado]int{}
	for _, r := range tablaRasgos {
		filas[r.estado]++
	}
	for _, e := range Estados() {
		if filas[e] != 1 {
			t.Errorf("%s has %d rows", e, filas[e])
		}
		r := e.rasgos()
		adelante := slices.ContainsFunc(Permitidos(e), func(p Paso) bool {
			return p != Reintentar && p != Rechazar && p != Cancelar
		})
		if r.terminado == adelante {
			t.Errorf("%s: terminado %t, and it leads on: %t", e, r.terminado, adelante)
		}
		if r.reintentable != slices.Contains(Permitidos(e), Reintentar) {
			t.Errorf("%s: reintentable %t against the machine", e, r.reintentable)
		}
		if r.devolvible && !slices.Contains(Permitidos(e), Devolver) {
			t.Errorf("%s: devolvible against the machine", e)
		}
		if r.reembolsable && r.terminado {
			t.Errorf("%s: the undoing gives the money back, and an operator may too", e)
		}
	}
	if len(filas) != len(Estados()) {
		t.Errorf("%d rows for %d states", len(filas), len(Estados()))
	}
	if r := Estado("futuro").rasgos(); r != (rasgos{estado: "futuro"}) {
		t.Errorf("an unknown Estado has columns: %+v", r)
	}
}
