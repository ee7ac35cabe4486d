package audit

import (
	"slices"
	"sync"
	"time"
)

// Several is the action of a record that stands for refusals of different actions or resources. The kind of its
// resource is "varias".
const Several = "api.varias"

// Others is the actor of the record that stands for the callers beyond refusalsMax records.
const Others = "otros"

// refusalsMax is the maximum number of records in memory, which take about 4 MB.
const refusalsMax = 10_000

// Refusals holds in memory the refusals that were answered while the trail's store was away, until the store is back.
// One record stands for all refusals of one caller within one second. A kill of the process loses them. Safe for
// concurrent use; the zero value is empty.
type Refusals struct {
	mu   sync.Mutex
	rows []Record // by time
	at   map[callerSecond]int
}

// callerSecond is the key of a record: a caller and a second.
type callerSecond struct {
	actor  string
	second int64 // Unix
}

// Waiting reports whether q holds a record.
func (q *Refusals) Waiting() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.rows) > 0
}

// Keep adds the refusal record, with its time (At) set.
func (q *Refusals) Keep(record Record) {
	q.mu.Lock()
	defer q.mu.Unlock()
	record.Times = max(1, record.Times)
	key := callerSecond{record.Actor, record.At.Unix()}
	i, there := q.at[key]
	if !there && len(q.rows) >= refusalsMax {
		record = Record{
			At:       record.At,
			Actor:    Others,
			Action:   Several,
			Resource: Resource{Kind: "varias"},
			Outcome:  Denied,
			Times:    record.Times,
		}
		key = callerSecond{actor: Others}
		i, there = q.at[key]
	}
	if there {
		q.rows[i].join(record)
		return
	}
	if q.at == nil {
		q.at = map[callerSecond]int{}
	}
	q.at[key] = len(q.rows)
	q.rows = append(q.rows, record)
}

// join makes the record r stand for record too. It clears the id of r: the store may have the record of r alone
// under that id, although its write was reported as failed.
func (r *Record) join(record Record) {
	r.ID, r.Times = "", r.Times+record.Times
	if r.Action != record.Action || r.Resource != record.Resource ||
		r.Customer != record.Customer {
		r.Action, r.Resource, r.Customer = Several, Resource{Kind: "varias"}, ""
	}
}

// Take removes and returns the records of the seconds before that of now. The caller writes them, or gives them to
// Return.
func (q *Refusals) Take(now time.Time) []Record {
	q.mu.Lock()
	defer q.mu.Unlock()
	var over []Record
	rest := q.rows[:0:0]
	for _, r := range q.rows {
		if r.At.Unix() < now.Unix() {
			over = append(over, r)
		} else {
			rest = append(rest, r)
		}
	}
	q.put(rest)
	return over
}

// Return takes back records of Take that could not be written.
func (q *Refusals) Return(rows []Record) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.put(slices.Concat(rows, q.rows))
}

// put replaces the records by rows. The caller holds mu.
func (q *Refusals) put(rows []Record) {
	q.rows, q.at = rows, make(map[callerSecond]int, len(rows))
	for i, r := range rows {
		key := callerSecond{r.Actor, r.At.Unix()}
		if r.Actor == Others {
			key.second = 0
		}
		q.at[key] = i
	}
}
