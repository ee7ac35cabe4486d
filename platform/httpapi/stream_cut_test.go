package httpapi

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"
)

// lento is an answer whose deadline takes a second to set.
type lento struct {
	*httptest.ResponseRecorder
	hecho bool
}

func (l *lento) SetWriteDeadline(time.Time) error {
	time.Sleep(time.Second)
	l.hecho = true
	return nil
}

// TestACutEndsBeforeItsStream: the answer of a stream is let go of only once a cut no longer uses it.
func TestACutEndsBeforeItsStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &lento{ResponseRecorder: httptest.NewRecorder()}
		ctx, terminar := context.WithCancel(t.Context())
		soltar := (&Corriente{control: http.NewResponseController(w)}).cortarCon(ctx)
		terminar()
		synctest.Wait()
		if soltar(); !w.hecho {
			t.Error("the answer was let go of while a cut was under way")
		}
	})
}
