package sqldb

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"sync/atomic"

	"github.com/jackc/pgx/v5/pgproto3"
)

// wire stands between pgx and the socket of one connection. It counts round trips, and it saves the round trip of
// `begin`: it writes `begin` in front of the transaction's first statement, and takes the server's answer to `begin`
// out of the bytes that pgx reads. pgx sees the statement and its answer alone.
//
// When `begin` fails the server skips all messages up to the next Sync, so the statement does not run outside of its
// transaction. pgx reads the error of `begin` as the statement's own.
type wire struct {
	r     *bufio.Reader
	w     io.Writer
	trips *atomic.Uint64

	begin   atomic.Bool // the next Write puts `begin` first
	answers int         // messages of the server's answer to `begin` that have not arrived yet
	rest    []byte      // bytes of a message that message has read and that pgx is to read next
}

// newWire makes a wire that reads from src and writes to out, the two directions of one connection, and counts in
// trips.
func newWire(src io.Reader, out io.Writer, trips *atomic.Uint64) *wire {
	return &wire{r: bufio.NewReaderSize(src, 512), w: out, trips: trips}
}

// beginBytes are the messages that run `begin`, without a Sync. The server answers with beginAnswers messages:
// ParseComplete, BindComplete, CommandComplete.
var beginBytes = encode(&pgproto3.Parse{Query: "begin"}, &pgproto3.Bind{}, &pgproto3.Execute{})

const beginAnswers = 3

// longest is the maximum length, in bytes, of a message that arrives before or within the answer to `begin`: an error
// or a notice. A longer one is taken for garbage, so that no memory is allocated for it.
const longest = 1 << 20

// errLong says that a message of more than longest bytes came in answer to `begin`: the peer is no PostgreSQL server.
var errLong = errors.New("sqldb: a message of the server is longer than any that answers begin")

// encode gives the bytes of the messages frontendMessages, one after another.
func encode(frontendMessages ...pgproto3.FrontendMessage) []byte {
	var out []byte
	var errs error
	for _, m := range frontendMessages {
		b, err := m.Encode(nil)
		out, errs = append(out, b...), errors.Join(errs, err)
	}
	if errs != nil {
		panic(errs) // only constant messages are encoded, so this is a fault of the program
	}
	return out
}

// Write sends one request of pgx and counts a round trip, since pgx calls Write once per request.
func (x *wire) Write(p []byte) (int, error) {
	x.trips.Add(1)
	if !x.begin.CompareAndSwap(true, false) {
		return x.w.Write(p)
	}
	x.answers = beginAnswers
	n, err := x.w.Write(
		append(append(make([]byte, 0, len(beginBytes)+len(p)), beginBytes...), p...),
	)
	return max(0, n-len(beginBytes)), err // the bytes of pgx's request that were sent
}

// Read gives pgx the bytes of the server without the answer to `begin`. Errors: errLong; those of the connection.
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

// message reads one whole message of the server while the answer to `begin` is incomplete. It drops a message of that
// answer, and keeps any other in rest for pgx: a notice, or an error, which ends the answer.
func (x *wire) message() error {
	m := make([]byte, 5)
	if _, err := io.ReadFull(x.r, m); err != nil {
		return err
	}
	n := max(4, binary.BigEndian.Uint32(m[1:])) // the length includes its own four bytes
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
