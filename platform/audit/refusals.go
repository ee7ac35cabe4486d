package audit

import (
	"slices"
	"sync"
	"time"
)

// Several is the action of a record that stands for refusals of different kinds, and the kind of its resource is "varias".
const Several = "api.varias"

// Others is the actor of the record that stands for the refusals beyond the memory of Refusals.
const Others = "otros"

// refusalsMax bounds the records in memory: about 4 MB.
const refusalsMax = 10_000

// Refusals are the refusals that the trail's store could not take: they were answered, and are written when it is back.
// One record stands for all refusals of one caller within one second. A kill loses them. Safe for concurrent use; the zero
// value is empty.
type Refusals struct {
	mu   sync.Mutex
	rows []Registro // by time
	at   map[callerSecond]int
}

type callerSecond struct {
	actor  string
	second int64 // Unix
}

// Waiting reports whether there are any.
func (q *Refusals) Waiting() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.rows) > 0
}

// Keep takes one refusal, whose time is set.
func (q *Refusals) Keep(r Registro) {
	q.mu.Lock()
	defer q.mu.Unlock()
	r.Veces = max(1, r.Veces)
	key := callerSecond{r.Actor, r.En.Unix()}
	i, there := q.at[key]
	if !there && len(q.rows) >= refusalsMax {
		r = Registro{
			En:        r.En,
			Actor:     Others,
			Accion:    Several,
			Recurso:   Recurso{Clase: "varias"},
			Resultado: Negado,
			Veces:     r.Veces,
		}
		key = callerSecond{actor: Others}
		i, there = q.at[key]
	}
	if there {
		q.rows[i].join(r)
		return
	}
	if q.at == nil {
		q.at = map[callerSecond]int{}
	}
	q.at[key] = len(q.rows)
	q.rows = append(q.rows, r)
}

// join makes r stand for s, too. Its id goes: the trail may have a record of r alone, whose write was reported as failed.
func (r *Registro) join(s Registro) {
	r.ID, r.Veces = "", r.Veces+s.Veces
	if r.Accion != s.Accion || r.Recurso != s.Recurso || r.Cliente != s.Cliente {
		r.Accion, r.Recurso, r.Cliente = Several, Recurso{Clase: "varias"}, ""
	}
}

// Take gives the records of the seconds before now's, to be written, and forgets them.
func (q *Refusals) Take(now time.Time) []Registro {
	q.mu.Lock()
	defer q.mu.Unlock()
	var over []Registro
	rest := q.rows[:0:0]
	for _, r := range q.rows {
		if r.En.Unix() < now.Unix() {
			over = append(over, r)
		} else {
			rest = append(rest, r)
		}
	}
	q.put(rest)
	return over
}

// Return takes back what could not be written.
func (q *Refusals) Return(rows []Registro) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.put(slices.Concat(rows, q.rows))
}

// put makes rows what is kept.
func (q *Refusals) put(rows []Registro) {
	q.rows, q.at = rows, make(map[callerSecond]int, len(rows))
	for i, r := range rows {
		key := callerSecond{r.Actor, r.En.Unix()}
		if r.Actor == Others {
			key.second = 0
		}
		q.at[key] = i
	}
}
