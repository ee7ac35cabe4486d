package comandos

import (
	"context"
	"testing"
	"time"
)

// Memory is given back after an interval in which little was allocated, and not after another one.
func TestReposar(t *testing.T) {
	ctx, parar := context.WithCancel(t.Context())
	tic, fin, veces := make(chan time.Time), make(chan struct{}), 0
	devuelto := make(chan struct{}, 1)
	go func() {
		defer close(fin)
		reposar(ctx, tic, func() { veces++; devuelto <- struct{}{} })
	}()
	tic <- time.Time{}
	<-devuelto
	basura = make([]byte, 2*poco)
	tic <- time.Time{}
	tic <- time.Time{} // is taken when the busy interval before it has been judged
	<-devuelto
	parar()
	if <-fin; veces != 2 {
		t.Errorf("given back %d times in two whiles of rest and one of work", veces)
	}
}

// basura keeps the compiler from leaving an allocation out.
var basura []byte
