package httpapi

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"despensa/platform/fault"
	"despensa/platform/oidc"
)

// lento is a ResponseWriter that takes a second to set its deadline.
type lento struct {
	*httptest.ResponseRecorder
	hecho bool
}

func (l *lento) SetWriteDeadline(time.Time) error {
	time.Sleep(time.Second)
	l.hecho = true
	return nil
}

// TestACutEndsBeforeItsStream: soltar returns only when a cut under way has ended, because the server then reuses the
// ResponseWriter.
func TestACutEndsBeforeItsStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &lento{ResponseRecorder: httptest.NewRecorder()}
		ctx, terminar := context.WithCancel(t.Context())
		soltar := (&Stream{control: http.NewResponseController(w)}).cutWith(ctx)
		terminar()
		synctest.Wait()
		if soltar(); !w.hecho {
			t.Error("the answer was let go of while a cut was under way")
		}
	})
}

// TestAStreamOutlastsAShortOutage: while the store of sessions is away the stream goes on for a while. A session that
// has ended ends the stream at once.
func TestAStreamOutlastsAShortOutage(t *testing.T) {
	for name, x := range map[string]struct {
		says  error
		after time.Duration // since the session was last known to be good
		goes  bool
	}{
		"good":                     {after: time.Minute, goes: true},
		"the store away a moment":  {says: fault.ErrStoreAway, after: heartbeat - time.Second, goes: true},
		"the store away for long":  {says: fault.ErrStoreAway, after: heartbeat},
		"ended":                    {says: oidc.ErrToken},
		"what nobody has declared": {says: errors.New("disk")},
	} {
		synctest.Test(t, func(t *testing.T) {
			c := &Stream{seenOpen: time.Now(), stillOpen: func() error { return x.says }}
			<-time.After(x.after)
			if err := c.checkSession(); (err == nil) != x.goes {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
}
