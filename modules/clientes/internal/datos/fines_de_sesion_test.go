package datos

import (
	"testing"
	"time"
)

// TestCutsOnlyMoveForward: a cut stays although a replica with a clock that is behind cuts again, unless it lies too
// far ahead to be true.
func TestCutsOnlyMoveForward(t *testing.T) {
	b := nuevoBanco(t)
	ver := func(id string, quiero time.Time) {
		t.Helper()
		if c, terminada, err := b.FinDeSesiones(t.Context(), id, "sesion"); err != nil ||
			!c.Equal(quiero) ||
			terminada {
			t.Errorf("cut of %s: %v %v %v, expected %v", id, c, terminada, err, quiero)
		}
	}
	ver("yo", time.Time{})
	for _, paso := range []struct{ cortar, queda time.Duration }{
		{time.Hour, time.Hour},
		{time.Minute, time.Hour},
		{2 * time.Hour, 2 * time.Hour},
	} {
		if err := b.TerminarSesiones(t.Context(), "yo", lunes.Add(paso.cortar)); err != nil {
			t.Fatal(err)
		}
		ver("yo", lunes.Add(paso.queda))
	}
	for _, x := range []struct{ adelanto, queda time.Duration }{
		{12 * time.Hour, 12 * time.Hour},
		{13 * time.Hour, time.Second},
	} {
		for _, cuando := range []time.Duration{x.adelanto, time.Second} {
			if err := b.TerminarSesiones(t.Context(), "adelantado", lunes.Add(cuando)); err != nil {
				t.Fatal(err)
			}
		}
		ver("adelantado", lunes.Add(x.queda))
	}
	ver("otro", time.Time{})
	for _, paso := range []struct {
		antes time.Duration
		queda time.Time
	}{{time.Hour, lunes.Add(2 * time.Hour)}, {3 * time.Hour, time.Time{}}} {
		if err := b.OlvidarFines(t.Context(), lunes.Add(paso.antes)); err != nil {
			t.Fatal(err)
		}
		ver("yo", paso.queda)
	}
}

// A session that was ended by itself is over, and no other of that person; it is forgotten when no session is as old.
func TestOneSessionEnds(t *testing.T) {
	b := nuevoBanco(t)
	ver := func(sesion string, quiero bool) {
		t.Helper()
		if c, terminada, err := b.FinDeSesiones(t.Context(), "yo", sesion); err != nil ||
			terminada != quiero ||
			!c.IsZero() {
			t.Errorf("%s: ended %v, want %v (%v %v)", sesion, terminada, quiero, c, err)
		}
	}
	for range 2 { // ending it twice is once
		if err := b.TerminarSesiones(t.Context(), "una", lunes); err != nil {
			t.Fatal(err)
		}
	}
	ver("una", true)
	ver("otra", false)
	for _, x := range []struct {
		antes  time.Duration
		quiero bool
	}{{0, true}, {time.Millisecond, false}} {
		if err := b.OlvidarFines(t.Context(), lunes.Add(x.antes)); err != nil {
			t.Fatal(err)
		}
		ver("una", x.quiero)
	}
}
