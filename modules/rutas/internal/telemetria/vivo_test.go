package telemetria

import (
	"sync"
	"testing"
	"time"
)

// While streams watch, a version is read from the store once, however many streams there are.
func TestFotoIsReadOncePerVersion(t *testing.T) {
	b := nuevoBanco(t)
	b.recibir("a", en(Primario, 1, 1))
	_, version := b.foto()
	m := b.Mirar(version)
	defer m.Stop()
	antes := b.flota.lecturas.Load()
	b.recibir("a", en(Primario, 2, 2))
	esperar(t, m.Changed)
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if _, err := b.Cambiada(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := b.flota.lecturas.Load() - antes; n != 1 {
		t.Errorf("one version was read %d times", n)
	}
	if vivo, _ := b.foto(); vivo["a"].Ultima.Secuencia != 2 {
		t.Errorf("shown at %d", vivo["a"].Ultima.Secuencia)
	}
}

// A new stream begins with the present view, even if no stream was open before.
func TestFotoIsOfNow(t *testing.T) {
	b := nuevoBanco(t)
	vistas := map[int64]bool{}
	ver := func(que string, bien func(map[string]EnVivo) bool) {
		t.Helper()
		vivo, version := b.foto()
		if !bien(vivo) {
			t.Errorf("%s: %+v", que, vivo)
		}
		if vistas[version] {
			t.Errorf("%s: version %d again", que, version)
		}
		vistas[version] = true
	}
	ver("nothing", func(v map[string]EnVivo) bool { return len(v) == 0 })
	b.recibir("a", en(Primario, 1, 1))
	ver("a position", func(v map[string]EnVivo) bool {
		return v["a"].Ultima.Secuencia == 1 && v["a"].Turno == "" && v["a"].Patente == "P-a"
	})
	b.recibir("a", en(Primario, 2, 2))
	ver("the next", func(v map[string]EnVivo) bool { return v["a"].Ultima.Secuencia == 2 })
	b.flota.afuera = map[string]string{"a": "t1", "b": "t2"}
	b.flota.pulso.Add(1)
	ver("two trucks leave", func(v map[string]EnVivo) bool {
		return v["a"].Turno == "t1" && v["b"].Turno == "t2" && v["b"].Ultima == nil
	})
	b.flota.afuera = map[string]string{}
	b.flota.pulso.Add(1)
	ver(
		"they are back",
		func(v map[string]EnVivo) bool { return v["a"].Turno == "" && len(v) == 1 },
	)
}

// A batch that moves no truck is no new version: it wakes no stream.
func TestWhatMovesNoTruckIsNoVersion(t *testing.T) {
	b := nuevoBanco(t)
	b.recibir("a", en(Primario, 5, 50))
	_, antes := b.foto()
	b.recibir("a", en(Primario, 5, 50))
	b.recibir("a", en(Primario, 4, 40))
	if _, ahora := b.foto(); ahora != antes {
		t.Errorf("version %d, was %d", ahora, antes)
	}
}

func TestCambioSaysThatATruckLooksOtherwise(t *testing.T) {
	uno := &Ultima{revision: 1}
	vistos := map[string]string{}
	for nombre, v := range map[string]EnVivo{
		"never seen": {}, "never seen, out": {Turno: "t"}, "seen": {Ultima: uno}, "seen, out": {Turno: "t", Ultima: uno},
		"out again": {Turno: "u", Ultima: uno},
		"moved":     {Ultima: &Ultima{revision: 2}}} {
		if otro, hay := vistos[v.Cambio()]; hay {
			t.Errorf("%s looks like %s", nombre, otro)
		}
		vistos[v.Cambio()] = nombre
	}
}

func esperar(t *testing.T, c <-chan struct{}) {
	t.Helper()
	select {
	case <-c:
	case <-time.After(10 * time.Second):
		t.Fatal("waited in vain")
	}
}
