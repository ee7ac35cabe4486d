package sqldb

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"sync/atomic"

	"github.com/jackc/pgx/v5/pgproto3"
)

// wire is one connection to the server below pgx. It counts round trips, and it lets a
// transaction begin without one: `begin` travels in front of the transaction's first
// statement, and its answer is taken out of what pgx reads, so that pgx sees the
// statement alone.
//
// The server skips everything up to the next Sync once `begin` fails, so no statement
// runs outside the transaction that it was meant for; pgx reads that error as the
// statement's own.
type wire struct {
	r     *bufio.Reader
	w     io.Writer
	trips *atomic.Uint64

	begin   atomic.Bool // a begin goes in front of what is written next
	answers int         // messages of the server's answer to begin that are still to come
	rest    []byte      // of a message that was looked at and belongs to pgx
}

// newWire stands between pgx and the two directions of one connection.
func newWire(r io.Reader, w io.Writer, trips *atomic.Uint64) *wire {
	return &wire{r: bufio.NewReaderSize(r, 512), w: w, trips: trips}
}

// beginBytes asks for `begin` without a Sync. The server answers with beginAnswers
// messages: ParseComplete, BindComplete, CommandComplete.
var beginBytes = encode(&pgproto3.Parse{Query: "begin"}, &pgproto3.Bind{}, &pgproto3.Execute{})

const beginAnswers = 3

// longest is how many bytes a message may have that comes before or in the answer to begin: an error or a notice.
const longest = 1 << 20

// errLong says that what answers begin is no message of a PostgreSQL server.
var errLong = errors.New("sqldb: a message of the server is longer than any that answers begin")

// encode writes messages one behind the other.
func encode(ms ...pgproto3.FrontendMessage) []byte {
	var out []byte
	var errs error
	for _, m := range ms {
		b, err := m.Encode(nil)
		out, errs = append(out, b...), errors.Join(errs, err)
	}
	if errs != nil {
		panic(errs) // these are constants
	}
	return out
}

// Write sends one request of pgx: a round trip, since pgx writes once per request.
func (x *wire) Write(p []byte) (int, error) {
	x.trips.Add(1)
	if !x.begin.CompareAndSwap(true, false) {
		return x.w.Write(p)
	}
	x.answers = beginAnswers
	n, err := x.w.Write(append(append(make([]byte, 0, len(beginBytes)+len(p)), beginBytes...), p...))
	return max(0, n-len(beginBytes)), err // 0: nothing of the statement was sent
}

// Read gives pgx what the server answers, but for the answer to begin.
func (x *wire) Read(p []byte) (int, error) {
	for x.answers > 0 && len(x.rest) == 0 {
		if err := x.message(); err != nil {
			return 0, err
		}
	}
	if len(x.rest) > 0 {
		n := copy(p, x.rest)
		x.rest = x.rest[n:]
		return n, nil
	}
	return x.r.Read(p)
}

// message reads one whole message. It drops a part of the answer to begin, and keeps
// everything else for pgx: a notice, or the error that ends the answer.
func (x *wire) message() error {
	m := make([]byte, 5)
	if _, err := io.ReadFull(x.r, m); err != nil {
		return err
	}
	n := max(4, binary.BigEndian.Uint32(m[1:])) // counts itself
	if n > longest {
		return errLong
	}
	m = append(m, make([]byte, n-4)...)
	if _, err := io.ReadFull(x.r, m[5:]); err != nil {
		return err
	}
	switch m[0] {
	case '1', '2', 'C':
		x.answers--
		return nil
	case 'E':
		x.answers = 0
	}
	x.rest = m
	return nil
}
