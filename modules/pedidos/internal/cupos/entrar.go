package cupos

import (
	"context"
	"errors"
	"sync"
	"time"
)

// ErrOcupado: as many cards of this customer are being tried as may still be refused.
var ErrOcupado = errors.New("cupos: other cards of this customer are being tried")

// pacienciaEntrar is how long Entrar waits for the cards of the same customer that are being tried.
const pacienciaEntrar = 500 * time.Millisecond

// enCurso counts the cards of each customer that are being tried in this process.
type enCurso struct {
	mu     sync.Mutex
	hay    map[string]int
	cambio chan struct{} // closed when a try ends
}

// sumar adds one try of cliente and gives the number of tries that now run, this one included; 0: tope tries run
// already, and none was added.
func (e *enCurso) sumar(cliente string, tope int) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.hay[cliente] >= tope {
		return 0
	}
	if e.hay == nil {
		e.hay = map[string]int{}
	}
	e.hay[cliente]++
	return e.hay[cliente]
}

// restar ends one try of cliente. With avisar it wakes the callers that wait in Entrar. A try that ended before its
// card was tried wakes no caller: waiting callers would wake one another without end.
func (e *enCurso) restar(cliente string, avisar bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.hay[cliente]--; e.hay[cliente] == 0 {
		delete(e.hay, cliente)
	}
	if avisar && e.cambio != nil {
		close(e.cambio)
		e.cambio = nil
	}
}

// avisa is closed when the next try ends.
func (e *enCurso) avisa() <-chan struct{} {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.cambio == nil {
		e.cambio = make(chan struct{})
	}
	return e.cambio
}

// Entrar lets pagador try a card, or says in espera how long pagador has to wait until a card may be tried again. This
// process tries no more cards of a customer at once than may still be refused, so that orders which arrive together do
// not exceed the bound together. The caller ends the try with salir, after it has counted a refusal; salir is never
// nil. Errors: ErrOcupado; those of the store.
func (c *Cupos) Entrar(
	ctx context.Context,
	pagador Pagador,
) (salir func(), espera time.Duration, err error) {
	harto := time.NewTimer(pacienciaEntrar)
	defer harto.Stop()
	for {
		avisa := c.curso.avisa()
		salir, espera, err = c.probar(ctx, pagador)
		if !errors.Is(err, ErrOcupado) {
			return salir, espera, err
		}
		select {
		case <-avisa:
		case <-harto.C:
			return salir, 0, err
		case <-ctx.Done():
			return salir, 0, ctx.Err()
		}
	}
}

// probar is Entrar without waiting.
func (c *Cupos) probar(
	ctx context.Context,
	pagador Pagador,
) (salir func(), espera time.Duration, err error) {
	tope := c.o.Topes.RechazosCliente
	n := c.curso.sumar(pagador.Cliente, tope)
	if n == 0 {
		return func() {}, 0, ErrOcupado
	}
	salir = sync.OnceFunc(func() { c.curso.restar(pagador.Cliente, true) })
	rechazos, espera, err := c.contar(ctx, pagador)
	if err == nil && espera == 0 && rechazos+n > tope {
		err = ErrOcupado
	}
	if err != nil || espera > 0 {
		c.curso.restar(pagador.Cliente, false)
		return func() {}, espera, err
	}
	return salir, espera, nil
}
