package datos

import (
	"bytes"
	"container/list"
	"fmt"
	"sync"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// llavero makes, wraps and unwraps the customers' keys. It remembers a bounded number of unwrapped keys to save work.
// A remembered key is given only against its wrapping, so that a customer whose row of llaves has been deleted has no
// key either.
type llavero struct {
	maestra *Maestra
	maximo  int

	mu      sync.Mutex
	orden   *list.List // of *recuerdo, last used first
	porDuen map[string]*list.Element
}

type recuerdo struct {
	cliente   string
	envoltura []byte
	llave     tink.AEAD
}

func nuevoLlavero(maestra *Maestra, maximo int) *llavero {
	return &llavero{
		maestra: maestra,
		maximo:  maximo,
		orden:   list.New(),
		porDuen: map[string]*list.Element{},
	}
}

// ligado binds a wrapped key to its customer.
func ligado(cliente string) []byte { return []byte("clientes.llaves.envoltura." + cliente) }

// nueva makes a key for cliente and its wrapping.
func (l *llavero) nueva(cliente string) (tink.AEAD, []byte, error) {
	h, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, nil, fmt.Errorf("clientes: new key: %w", err)
	}
	var b bytes.Buffer
	if err := h.WriteWithAssociatedData(keyset.NewBinaryWriter(&b), l.maestra.kek, ligado(cliente)); err != nil {
		return nil, nil, fmt.Errorf("clientes: wrap key: %w", err)
	}
	k, err := aead.New(h)
	return k, b.Bytes(), err
}

// abrir unwraps the key of cliente. An error means another master key, or a row
// that is not this customer's.
func (l *llavero) abrir(cliente string, envoltura []byte) (tink.AEAD, error) {
	if k, ok := l.recordada(cliente, envoltura); ok {
		return k, nil
	}
	h, err := keyset.ReadWithAssociatedData(keyset.NewBinaryReader(bytes.NewReader(envoltura)),
		l.maestra.kek, ligado(cliente))
	if err != nil {
		return nil, fmt.Errorf("clientes: unwrap key: %w", err)
	}
	k, err := aead.New(h)
	if err != nil {
		return nil, fmt.Errorf("clientes: unwrap key: %w", err)
	}
	l.recordar(&recuerdo{cliente: cliente, envoltura: envoltura, llave: k})
	return k, nil
}

func (l *llavero) recordada(cliente string, envoltura []byte) (tink.AEAD, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e, ok := l.porDuen[cliente]
	if !ok {
		return nil, false
	}
	r := e.Value.(*recuerdo)
	if !bytes.Equal(r.envoltura, envoltura) {
		return nil, false
	}
	l.orden.MoveToFront(e)
	return r.llave, true
}

func (l *llavero) recordar(r *recuerdo) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.soltar(r.cliente)
	l.porDuen[r.cliente] = l.orden.PushFront(r)
	for l.orden.Len() > l.maximo {
		l.soltar(l.orden.Back().Value.(*recuerdo).cliente)
	}
}

// olvidar drops the remembered key of a customer whose row of llaves has been deleted.
func (l *llavero) olvidar(cliente string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.soltar(cliente)
}

// soltar needs mu.
func (l *llavero) soltar(cliente string) {
	if e, ok := l.porDuen[cliente]; ok {
		l.orden.Remove(e)
		delete(l.porDuen, cliente)
	}
}
