package sqldb

import (
	"bytes"
	"errors"
	"io"
	"sync/atomic"
	"testing"
	"testing/iotest"

	"github.com/jackc/pgx/v5/pgproto3"
)

type messages []pgproto3.BackendMessage

// answer gives the bytes of the server's messages backendMessages.
func answer(t *testing.T, backendMessages ...pgproto3.BackendMessage) (out []byte) {
	t.Helper()
	for _, m := range backendMessages {
		b, err := m.Encode(nil)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, b...)
	}
	return out
}

// TestWire compares the bytes that pgx reads and the bytes that the server receives, with `begin` in front of the
// first request and without, for answers that arrive whole, in halves and byte by byte.
func TestWire(t *testing.T) {
	begun := messages{&pgproto3.ParseComplete{}, &pgproto3.BindComplete{},
		&pgproto3.CommandComplete{CommandTag: []byte("BEGIN")}}
	notice := &pgproto3.NoticeResponse{Severity: "NOTICE", Message: "x"}
	row := &pgproto3.DataRow{Values: [][]byte{bytes.Repeat([]byte("x"), 2000)}}
	done := messages{&pgproto3.ParseComplete{}, &pgproto3.BindComplete{}, row,
		&pgproto3.CommandComplete{
			CommandTag: []byte("SELECT 1"),
		}, &pgproto3.ReadyForQuery{TxStatus: 'T'}}
	fatal := messages{
		&pgproto3.ErrorResponse{Severity: "FATAL", Code: "57P01"},
		&pgproto3.ReadyForQuery{TxStatus: 'I'},
	}
	tests := map[string]struct {
		begin        bool
		server, want messages
	}{
		"no begin": {false, done, done},
		"a begin":  {true, append(begun, done...), done},
		"a notice inside the answer": {true,
			append(
				messages{begun[0], notice, begun[1], begun[2]},
				done...), append(messages{notice}, done...)},
		"begin fails":                   {true, fatal, fatal},
		"begin fails after its parsing": {true, append(messages{begun[0]}, fatal...), fatal},
	}
	readers := map[string]func(io.Reader) io.Reader{
		"whole": func(r io.Reader) io.Reader { return r }, "byte by byte": iotest.OneByteReader,
		"halves": iotest.HalfReader,
	}
	for name, tt := range tests {
		for how, cut := range readers {
			t.Run(name+", "+how, func(t *testing.T) {
				var sent bytes.Buffer
				var trips atomic.Uint64
				first, second := answer(t, tt.want...), answer(t, done...)
				x := newWire(
					cut(bytes.NewReader(append(answer(t, tt.server...), second...))),
					&sent,
					&trips,
				)
				x.begin.Store(tt.begin)
				exchange(t, x, "first", first)
				exchange(t, x, "second", second)
				want := "firstsecond"
				if tt.begin {
					want = string(beginBytes) + want
				}
				if sent.String() != want || trips.Load() != 2 {
					t.Errorf("sent %q in %d trips", sent.String(), trips.Load())
				}
			})
		}
	}
}

// exchange writes request to wire and compares the bytes that wire then gives pgx with want.
func exchange(t *testing.T, wire *wire, request string, want []byte) {
	t.Helper()
	if n, err := wire.Write([]byte(request)); n != len(request) || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	got := make([]byte, len(want))
	if _, err := io.ReadFull(wire, got); err != nil || !bytes.Equal(got, want) {
		t.Errorf("pgx reads %q, %v", got, err)
	}
}

// halfDeaf is an io.Writer that takes n bytes and then fails.
type halfDeaf struct{ n int }

func (h halfDeaf) Write([]byte) (int, error) { return h.n, errors.New("broken") }

// TestWireSaysWhatOfAStatementWasSent: Write counts the bytes of the statement without those of `begin`. A
// statement may be repeated on another connection only when that count is 0.
func TestWireSaysWhatOfAStatementWasSent(t *testing.T) {
	for sent, want := range map[int]int{0: 0, 3: 0, len(beginBytes): 0, len(beginBytes) + 2: 2} {
		var trips atomic.Uint64
		x := newWire(bytes.NewReader(nil), halfDeaf{sent}, &trips)
		x.begin.Store(true)
		if n, err := x.Write([]byte("first")); n != want || err == nil {
			t.Errorf("%d bytes taken: %d of the statement, want %d, %v", sent, n, want, err)
		}
	}
}

// TestWireThatBreaksInTheAnswer: a connection that ends within the answer to `begin` is a read error for pgx.
func TestWireThatBreaksInTheAnswer(t *testing.T) {
	whole := answer(t, &pgproto3.ParseComplete{}, &pgproto3.BindComplete{})
	for n := range whole {
		var trips atomic.Uint64
		x := newWire(bytes.NewReader(whole[:n]), io.Discard, &trips)
		x.begin.Store(true)
		if _, err := x.Write([]byte("first")); err != nil {
			t.Fatal(err)
		}
		if _, err := x.Read(make([]byte, 10)); !errors.Is(err, io.EOF) &&
			!errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("after %d bytes: %v", n, err)
		}
	}
}

// TestWireAnsweredByNoServer: a message with a length of more than longest fails at once; the wire neither waits for
// its bytes nor allocates memory for them.
func TestWireAnsweredByNoServer(t *testing.T) {
	var trips atomic.Uint64
	x := newWire(bytes.NewReader([]byte{'N', 0xff, 0xff, 0xff, 0xff, 'x'}), io.Discard, &trips)
	x.begin.Store(true)
	if _, err := x.Write([]byte("first")); err != nil {
		t.Fatal(err)
	}
	if _, err := x.Read(make([]byte, 10)); !errors.Is(err, errLong) {
		t.Errorf("%v, want %v", err, errLong)
	}
}
