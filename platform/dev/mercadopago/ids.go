package mercadopago

import (
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"io"
	"sync"
	"time"
)

// randomIDs makes ids from the random bytes of r. It is safe for concurrent use, even if r is not.
type randomIDs struct {
	mu sync.Mutex
	r  io.Reader
}

func (a *randomIDs) bytes(n int) ([]byte, error) {
	b := make([]byte, n)
	a.mu.Lock()
	defer a.mu.Unlock()
	if _, err := io.ReadFull(a.r, b); err != nil {
		return nil, fmt.Errorf("mercadopago: randomness: %w", err)
	}
	return b, nil
}

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// id gives prefijo and 26 characters that sort by the time t, as MercadoPago's ids do. Errors: r's.
func (a *randomIDs) id(prefijo string, t time.Time) (string, error) {
	b, err := a.bytes(16)
	if err != nil {
		return "", err
	}
	out := make([]byte, 26)
	ms := uint64(t.UnixMilli())
	for i := 9; i >= 0; i-- {
		out[i] = crockford[ms&31]
		ms >>= 5
	}
	for i, x := range b {
		out[10+i] = crockford[x&31]
	}
	return prefijo + string(out), nil
}

// hex gives a token of 32 hexadecimal digits. Errors: r's.
func (a *randomIDs) hex() (string, error) {
	b, err := a.bytes(16)
	return hex.EncodeToString(b), err
}

// ids are the new ids that one call may need. They are made before the call's transaction, because that may run twice.
type ids struct{ order, payment, refund, notice string }

func (a *randomIDs) newIDs(t time.Time) (ids, error) {
	var j ids
	var err error
	for p, v := range map[string]*string{"ORDTST": &j.order, "PAY": &j.payment, "REF": &j.refund, "NOT": &j.notice} {
		if *v, err = a.id(p, t); err != nil {
			return ids{}, err
		}
	}
	return j, nil
}

// referenceOf derives from id the number of 19 digits under which a card network or a cashier would know it.
func referenceOf(id string) string {
	h := fnv.New64a()
	_, _ = io.WriteString(h, id) // never fails
	return fmt.Sprintf("%019d", h.Sum64()>>1)
}
