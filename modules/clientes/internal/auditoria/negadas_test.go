package auditoria_test

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"despensa/modules/clientes/internal/auditoria"
	"despensa/platform/audit"
	"despensa/platform/sqldb"
)

// negadas are the refusals that the trail has, in order.
func (l *lugar) negadas() (out []string) {
	l.t.Helper()
	var filas []struct {
		Actor, Accion string
		Veces         int64
	}
	if err := l.db.Read(l.t.Context()).Table("auditoria").Order("creado, actor").Find(&filas).Error; err != nil {
		l.t.Fatal(err)
	}
	for _, f := range filas {
		out = append(out, fmt.Sprint(f.Actor, " ", f.Accion, " ", f.Veces))
	}
	return out
}

// TestRefusalsOutliveTheirStore: a refusal is written at once, or when its store is back, as one row per caller and
// second. An access is written before it is answered, or is an error.
func TestRefusalsOutliveTheirStore(t *testing.T) {
	var away atomic.Bool
	l := nuevo(t, func(_ string, m sqldb.Moment) error {
		if away.Load() && m == sqldb.Before {
			return errors.New("the store is away")
		}
		return nil
	})
	r := auditoria.NewRechazos(l.rastro, clave, slog.New(slog.DiscardHandler))
	refuse := func(actor, action string) {
		x := audit.Record{
			Actor:    actor,
			Action:   action,
			Resource: audit.Resource{Kind: "pedido", ID: "p"},
			Outcome:  audit.Denied,
		}
		if err := l.rastro.Record(t.Context(), x); err != nil {
			t.Errorf("a refusal of %s: %v", actor, err)
		}
	}
	pass := func() { l.hora.Add(int64(time.Second)) }
	expect := func(when string, want ...string) {
		t.Helper()
		if got := l.negadas(); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", when, got, want)
		}
	}
	refuse("ana", "api.ver")
	refuse("ana", "api.ver")
	expect("the store is there", "ana api.ver 1", "ana api.ver 1")
	away.Store(true)
	pass()
	for range 40 {
		refuse("ana", "api.ver")
		refuse("beto", "api.ver")
	}
	refuse("beto", "api.cambiar")
	if err := l.rastro.Record(t.Context(), audit.Record{Actor: "ana", Outcome: audit.Allowed}); err == nil {
		t.Error("access is said to be recorded")
	}
	pass()
	r.Volcar(t.Context(), false)
	refuse("ana", "api.ver")
	expect("it is away", "ana api.ver 1", "ana api.ver 1")
	away.Store(false)
	r.Volcar(t.Context(), false)
	before := []string{"ana api.ver 1", "ana api.ver 1", "ana api.ver 40", "beto api.varias 41"}
	expect("it is back", before...)
	r.Volcar(t.Context(), true)
	expect("at the end", append(before, "ana api.ver 1")...)
	refuse("ana", "api.ver")
	expect("nothing is kept any more", append(before, "ana api.ver 1", "ana api.ver 1")...)
}

// A write that was made although it seemed to fail is made once.
func TestARefusalThatSeemedToFail(t *testing.T) {
	var lost atomic.Bool
	l := nuevo(t, func(_ string, m sqldb.Moment) error {
		if lost.Load() && m == sqldb.After {
			return errors.New("the answer was lost")
		}
		return nil
	})
	lost.Store(true)
	x := audit.Record{Actor: "ana", Action: "api.ver", Outcome: audit.Denied}
	if err := l.rastro.Record(t.Context(), x); err != nil {
		t.Fatal(err)
	}
	lost.Store(false)
	if n, err := l.rastro.Volcar(t.Context(), true); err != nil || n != 0 {
		t.Fatal(n, err)
	}
	if got := l.negadas(); !slices.Equal(got, []string{"ana api.ver 1"}) {
		t.Errorf("%q", got)
	}
}
