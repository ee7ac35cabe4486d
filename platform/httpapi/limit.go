package httpapi

import (
	"sync"
	"time"

	"despensa/platform/fault"
)

// limitador is a token bucket per key. A key that has not been used for as long as
// its bucket needs to fill is forgotten, which changes nothing.
type limitador struct {
	ritmo, tope float64 // tokens per second, and at most
	ahora       func() time.Time
	entradas    int // keys kept at most

	mu      sync.Mutex
	baldes  map[quien]*balde
	barrido time.Time
}

// quien is who is limited: a caller ("" is nobody) at an address.
type quien struct{ sub, direccion string }

type balde struct {
	fichas float64
	ultima time.Time
}

// entradasMax bounds the memory of a limitador: about 20 MB.
const entradasMax = 100_000

func nuevoLimitador(porSegundo int, ahora func() time.Time) *limitador {
	return &limitador{
		ritmo: float64(porSegundo), tope: 2 * float64(porSegundo), ahora: ahora,
		entradas: entradasMax, baldes: map[quien]*balde{}, barrido: ahora(),
	}
}

// tomar takes one token of q. Errors: ErrDemasiadas with the time until there is one.
func (l *limitador) tomar(q quien) error { return l.pedir(q, 1) }

// mirar is tomar without taking.
func (l *limitador) mirar(q quien) error { return l.pedir(q, 0) }

func (l *limitador) pedir(q quien, n float64) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	ahora := l.ahora()
	l.barrer(ahora)
	b, ok := l.baldes[q]
	if !ok {
		if n == 0 {
			return nil
		}
		b = &balde{fichas: l.tope, ultima: ahora}
		l.baldes[q] = b
	}
	if d := ahora.Sub(b.ultima); d != 0 { // a clock may go back: the bucket then fills from there
		b.fichas, b.ultima = min(l.tope, b.fichas+max(0, d.Seconds())*l.ritmo), ahora
	}
	if b.fichas < 1 {
		return l.espera(1 - b.fichas)
	}
	b.fichas -= n
	return nil
}

func (l *limitador) espera(faltan float64) *fault.Error {
	return ErrDemasiadas.WithRetry(time.Duration(faltan / l.ritmo * float64(time.Second)))
}

// barrer forgets full buckets, at most once per second, and any when there are too many.
func (l *limitador) barrer(ahora time.Time) {
	if d := ahora.Sub(l.barrido); d >= time.Second || d < 0 {
		l.barrido = ahora
		lleno := time.Duration(l.tope / l.ritmo * float64(time.Second))
		for q, b := range l.baldes {
			if ahora.Sub(b.ultima) >= lleno {
				delete(l.baldes, q)
			}
		}
	}
	for q := range l.baldes {
		if len(l.baldes) < l.entradas {
			return
		}
		delete(l.baldes, q)
	}
}
