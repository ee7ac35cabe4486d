package audit

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

var noon = time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)

func refusal(actor, action, resource string, at time.Duration) Record {
	return Record{
		ID:       "i",
		At:       noon.Add(at),
		Actor:    actor,
		Action:   action,
		Resource: Resource{Kind: "pedido", ID: resource},
		Outcome:  Denied,
	}
}

func TestRefusals(t *testing.T) {
	one := refusal("ana", "a", "1", 0)
	late := refusal("ana", "a", "1", 999*time.Millisecond)
	next := refusal("ana", "a", "1", time.Second)
	beto := refusal("beto", "a", "1", 0)
	five := refusal("ana", "a", "1", 0)
	five.Times = 5
	for name, x := range map[string]struct {
		kept []Record
		want []string // actor, second, action, resource, times, id
	}{
		"one":                    {[]Record{one}, []string{"ana 0 a 1 1 i"}},
		"a caller in one second": {[]Record{one, late}, []string{"ana 0 a 1 2 "}},
		"in two seconds":         {[]Record{one, next}, []string{"ana 0 a 1 1 i", "ana 1 a 1 1 i"}},
		"of several kinds":       {[]Record{one, refusal("ana", "b", "2", 0), one}, []string{"ana 0 api.varias  3 "}},
		"of two things":          {[]Record{one, refusal("ana", "a", "2", 0)}, []string{"ana 0 api.varias  2 "}},
		"of several counts":      {[]Record{one, five}, []string{"ana 0 a 1 6 "}},
		"two callers":            {[]Record{one, beto, one}, []string{"ana 0 a 1 2 ", "beto 0 a 1 1 i"}},
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
			second := r.At.Unix() - noon.Unix()
			got = append(
				got,
				fmt.Sprintf(
					"%s %d %s %s %d %s",
					r.Actor,
					second,
					r.Action,
					r.Resource.ID,
					r.Times,
					r.ID,
				),
			)
		}
		if !slices.Equal(got, x.want) || q.Waiting() {
			t.Errorf("%s: %q, want %q", name, got, x.want)
		}
	}
}

// TestRefusalsAreBounded: with any number of refused callers the number of records stays bounded, and their counts add
// up to the number of refusals.
func TestRefusalsAreBounded(t *testing.T) {
	var q Refusals
	const callers = 3 * refusalsMax
	for i := range callers {
		q.Keep(refusal(fmt.Sprint("c", i), "a", "1", time.Duration(i)*time.Millisecond))
		if i == callers/2 {
			q.Return(q.Take(noon.Add(time.Hour)))
		}
	}
	rows := q.Take(noon.Add(time.Hour))
	total := int64(0)
	for _, r := range rows {
		total += r.Times
	}
	last := rows[len(rows)-1]
	if len(rows) != refusalsMax+1 || total != callers || last.Actor != Others ||
		last.Action != Several {
		t.Errorf("%d rows, %d refusals, the last %+v", len(rows), total, last)
	}
}
