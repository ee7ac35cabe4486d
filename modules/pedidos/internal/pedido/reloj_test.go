package pedido

import (
	"errors"
	"testing"
	"time"
)

// TestPonerEnHora: PonerEnHora moves times of the future to the present, and leaves the other times alone.
func TestPonerEnHora(t *testing.T) {
	ahora := time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)
	const (
		s     = time.Second
		pausa = time.Minute
	)
	for nombre, x := range map[string]struct{ tras, quiero, debe, quieroDebe time.Duration }{
		"a right clock":          {tras: -time.Hour, quiero: -time.Hour, debe: pausa, quieroDebe: pausa},
		"another replica's":      {tras: s, quiero: s, debe: pausa + s, quieroDebe: pausa + s},
		"a clock that was ahead": {tras: 24 * time.Hour, debe: 24 * time.Hour},
	} {
		t.Run(nombre, func(t *testing.T) {
			nota := &Nota{En: ahora.Add(x.tras)}
			p := &Pedido{
				Cambio:     ahora.Add(x.tras),
				Nota:       nota,
				Reembolsos: []Reembolso{{En: ahora.Add(x.tras), Debe: ahora.Add(x.debe)}},
			}
			p.PonerEnHora(ahora, pausa)
			for que, en := range map[string]time.Time{"cambio": p.Cambio, "nota": p.Nota.En, "refund": p.Reembolsos[0].En} {
				if d := en.Sub(ahora); d != x.quiero {
					t.Errorf("%s: %s after now, want %s", que, d, x.quiero)
				}
			}
			if d := p.Reembolsos[0].Debe.Sub(ahora); d != x.quieroDebe {
				t.Errorf("the refund is due after %s, want %s", d, x.quieroDebe)
			}
			if !nota.En.Equal(ahora.Add(x.tras)) {
				t.Error("somebody else's note was changed")
			}
		})
	}
}

// TestActionsOfAClockThatWasAhead: actions that were dated in the future, by a clock that was ahead, count for a day
// like other actions: the order is not closed to its customer.
func TestActionsOfAClockThatWasAhead(t *testing.T) {
	ahora := time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)
	p := &Pedido{}
	for n := range maxAcciones {
		if err := p.Recordar(string(rune('a'+n)), "", ahora.Add(4*365*24*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Recordar("51", "", ahora); err != nil {
		t.Errorf("once the clock is right again: %v", err)
	}
	if hecha, err := p.YaHecha("a", ""); !hecha || err != nil {
		t.Errorf("an action of 2030 is forgotten: %v", err)
	}
	if err := p.Recordar("52", "", ahora.Add(time.Minute)); !errors.Is(err, ErrAcciones) {
		t.Errorf("the next: %v", err)
	}
	if err := p.Recordar("53", "", ahora.Add(vidaAccion)); err != nil || len(p.Acciones) != 1 {
		t.Errorf("a day later: %v, %d are remembered", err, len(p.Acciones))
	}
}
