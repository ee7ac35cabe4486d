package audit

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

var noon = time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)

func refusal(actor, action, resource string, at time.Duration) Registro {
	return Registro{
		ID:        "i",
		En:        noon.Add(at),
		Actor:     actor,
		Accion:    action,
		Recurso:   Recurso{Clase: "pedido", ID: resource},
		Resultado: Negado,
	}
}

func TestRefusals(t *testing.T) {
	for name, x := range map[string]struct {
		kept []Registro
		want []string // actor, second, action, resource, times, id
	}{
		"one":                    {[]Registro{refusal("ana", "a", "1", 0)}, []string{"ana 0 a 1 1 i"}},
		"a caller in one second": {[]Registro{refusal("ana", "a", "1", 0), refusal("ana", "a", "1", 999*time.Millisecond)}, []string{"ana 0 a 1 2 "}},
		"in two seconds": {[]Registro{refusal("ana", "a", "1", 0), refusal("ana", "a", "1", time.Second)},
			[]string{"ana 0 a 1 1 i", "ana 1 a 1 1 i"}},
		"of several kinds": {[]Registro{refusal("ana", "a", "1", 0), refusal("ana", "b", "2", 0), refusal("ana", "a", "1", 0)},
			[]string{"ana 0 api.varias  3 "}},
		"of two things": {[]Registro{refusal("ana", "a", "1", 0), refusal("ana", "a", "2", 0)}, []string{"ana 0 api.varias  2 "}},
		"of several counts": {[]Registro{refusal("ana", "a", "1", 0), {En: noon, Actor: "ana", Accion: "a", Recurso: Recurso{Clase: "pedido", ID: "1"}, Veces: 5}},
			[]string{"ana 0 a 1 6 "}},
		"two callers": {[]Registro{refusal("ana", "a", "1", 0), refusal("beto", "a", "1", 0), refusal("ana", "a", "1", 0)},
			[]string{"ana 0 a 1 2 ", "beto 0 a 1 1 i"}},
	} {
		var q Refusals
		for _, r := range x.kept {
			q.Keep(r)
		}
		if over := q.Take(noon); len(over) != 0 {
			t.Errorf("%s: a second that is not over: %v", name, over)
		}
		rows := q.Take(noon.Add(time.Minute))
		q.Return(rows[:1]) // as after a write that failed
		rows = append(q.Take(noon.Add(time.Minute)), rows[1:]...)
		var got []string
		for _, r := range rows {
			got = append(
				got,
				fmt.Sprint(r.Actor, " ", r.En.Unix()-noon.Unix(), " ", r.Accion, " ", r.Recurso.ID, " ", r.Veces, " ", r.ID),
			)
		}
		if !slices.Equal(got, x.want) || q.Waiting() {
			t.Errorf("%s: %q, want %q", name, got, x.want)
		}
	}
}

// However many callers are refused while the store is away, memory is bounded, and none is forgotten.
func TestRefusalsAreBounded(t *testing.T) {
	var q Refusals
	const callers = 3 * refusalsMax
	for i := range callers {
		q.Keep(refusal(fmt.Sprint("c", i), "a", "1", time.Duration(i)*time.Millisecond))
		if i == callers/2 {
			q.Return(q.Take(noon.Add(time.Hour)))
		}
	}
	rows, total := q.Take(noon.Add(time.Hour)), int64(0)
	for _, r := range rows {
		total += r.Veces
	}
	if last := rows[len(rows)-1]; len(rows) != refusalsMax+1 || total != callers || last.Actor != Others ||
		last.Accion != Several {
		t.Errorf("%d rows, %d refusals, the last %+v", len(rows), total, last)
	}
}
